"""Weights that bring the respondents back to the registry's margins, shown beside the unweighted figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import finite_vector, same_length, zero_one
from edp_analysis.statistics.finite import korn_graubard, korn_graubard_weighted
from edp_analysis.statistics.proportions import Interval

__all__ = ["Raking", "design_effect", "rake", "raked_share", "small_cells", "trim"]

Vector = npt.NDArray[np.float64]
Margins = Mapping[str, Mapping[str, float]]
_ROUNDS = 1000


@dataclass(frozen=True)
class Raking:
    """Weights of the respondents.

    Attributes
    ----------
    weights : numpy.ndarray, shape (n,)
        After trimming; they add up to the population.
    raked : numpy.ndarray, shape (n,)
        Before trimming; they satisfy every margin.
    indicators : numpy.ndarray, shape (n, m)
        0/1 columns of the margins.
    population : float
        Persons who could have answered.
    trimmed : int
        Respondents whose weight was brought back to a bound.
    gap : float
        Largest gap, after trimming, between a weighted margin and its target, as a share of the population.
    design_effect : float
        Kish's, of the final weights.
    """

    weights: Vector
    raked: Vector
    indicators: Vector
    population: float
    trimmed: int
    gap: float
    design_effect: float


def small_cells(sample: pd.DataFrame, margins: Margins, minimum: int = 5) -> pd.DataFrame:
    """List the categories with too few respondents to be weighted on, with what to do.

    Parameters
    ----------
    sample : pandas.DataFrame, shape (n, k)
        One row a respondent.
    margins : mapping of str to mapping of str to float
        For each variable, the persons of the population in each category.
    minimum : int, default 5
        Respondents that a category needs.

    Returns
    -------
    pandas.DataFrame
        ``variable``, ``modalite``, ``repondants``, ``population``, ``conseil``; no row when all is well.

    Examples
    --------
    >>> sample = pd.DataFrame({"sexe": ["F"] * 2 + ["M"] * 8})
    >>> small_cells(sample, {"sexe": {"F": 30, "M": 90}})[["modalite", "repondants"]].values.tolist()
    [['F', 2]]
    """
    rows = []
    for variable, totals in margins.items():
        counts = sample[variable].value_counts()
        for category, total in totals.items():
            found = int(counts.get(category, 0))
            if total > 0 and found < minimum:
                advice = "à regrouper avec la modalité la plus proche par le sens, dans l'échantillon et dans la marge"
                rows.append((variable, category, found, total, advice))
    return pd.DataFrame(rows, columns=["variable", "modalite", "repondants", "population", "conseil"])


def rake(
    sample: pd.DataFrame, margins: Margins, bounds: tuple[float, float] | None = (1 / 3, 3.0), minimum: int = 5
) -> Raking:
    """Rake: multiply the weights in turn until each margin is met (Deming and Stephan 1940), then trim.

    Starts from equal weights; same as ``survey::rake`` in R.

    Parameters
    ----------
    sample : pandas.DataFrame, shape (n, k)
        One row a respondent, with at least the variables of `margins`.
    margins : mapping of str to mapping of str to float
        For each variable, the persons of the population in each category, respondents included.
    bounds : tuple of float or None, default (1/3, 3)
        Smallest and largest weight, in multiples of the mean weight (:func:`trim`); ``None`` does not trim.
    minimum : int, default 5
        Respondents that a category needs.

    Raises
    ------
    ValueError
        No margin, missing or unknown categories, margins that do not add up to one population or to fewer persons than
        answered, categories with too few respondents (:func:`small_cells`), or margins that cannot be met together.

    Examples
    --------
    >>> sample = pd.DataFrame({"sexe": ["F"] * 10 + ["M"] * 30})
    >>> raking = rake(sample, {"sexe": {"F": 60, "M": 60}})
    >>> raking.weights[[0, 39]].tolist(), round(raking.design_effect, 3)
    ([6.0, 2.0], 1.333)
    """
    population = _population(sample, margins)
    targets = _codes(sample, margins)
    few = small_cells(sample, margins, minimum)
    if len(few):
        listed = ", ".join(f"{v} « {m} » ({n})" for v, m, n in few[["variable", "modalite", "repondants"]].to_numpy())
        raise ValueError(f"calage : moins de {minimum} répondants pour {listed} ; regrouper des modalités")
    indicators = np.column_stack([np.eye(len(total))[code] for code, total in targets])
    wanted = np.concatenate([total for _, total in targets])
    weights = np.full(len(sample), population / len(sample))
    for _ in range(_ROUNDS):
        for code, total in targets:
            weights = weights * (total / np.bincount(code, weights, len(total)))[code]
        if np.abs(weights @ indicators / wanted - 1).max() < 1e-12:
            break
    else:
        raise ValueError("calage : les marges ne peuvent être satisfaites ensemble par ces répondants")
    final = weights if bounds is None else trim(weights, *bounds)
    gap = float(np.abs(final @ indicators - wanted).max() / population)
    scaled = weights / weights.mean()
    outside = np.zeros(len(scaled)) if bounds is None else (scaled < bounds[0]) | (scaled > bounds[1])
    return Raking(final, weights, indicators, population, int(outside.sum()), gap, design_effect(final))


def trim(weights: npt.ArrayLike, low: float = 1 / 3, high: float = 3.0) -> Vector:
    """Bring extreme weights back to bounds and share out what was cut, so that the total stays.

    What is cut (or added) is spread evenly over the weights inside the bounds, again until all are inside: as
    ``survey::trimWeights(strict = TRUE)`` in R.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Positive weights.
    low, high : float
        Bounds in multiples of the mean weight, `low` < 1 < `high`.

    Raises
    ------
    ValueError
        Weights that are missing or not positive, or bounds that do not surround 1.

    Examples
    --------
    >>> trim([2, 2, 2, 2, 16], 1 / 3, 3).round(6).tolist()
    [2.4, 2.4, 2.4, 2.4, 14.4]
    """
    weight = _weights(weights)
    if not 0 <= low < 1 < high:
        raise ValueError(f"bornes des poids {low} et {high} : elles doivent entourer 1")
    least, most = low * weight.mean(), high * weight.mean()
    for _ in range(len(weight) + 1):
        outside = (weight < least * (1 - 1e-12)) | (weight > most * (1 + 1e-12))
        if not outside.any():
            return weight
        clipped = np.clip(weight, least, most)
        inside = ~outside
        if not inside.any():
            break
        clipped[inside] += (weight - clipped).sum() / inside.sum()
        weight = clipped
    raise ValueError("bornes des poids : aucun poids ne reste entre elles, les élargir ou regrouper des modalités")


def design_effect(weights: npt.ArrayLike) -> float:
    r"""Kish's design effect of unequal weights, :math:`n \sum w^2 / (\sum w)^2` (Kish 1965): 1 when all are equal.

    Parameters
    ----------
    weights : array_like, shape (n,)
        Positive weights.

    Raises
    ------
    ValueError
        Weights that are missing or not positive.

    Examples
    --------
    >>> design_effect([1, 1, 1, 5])
    1.75
    """
    weight = _weights(weights)
    return float(len(weight) * (weight**2).sum() / weight.sum() ** 2)


def raked_share(answers: npt.ArrayLike, raking: Raking, level: float = 0.95) -> pd.DataFrame:
    r"""Share of yes among the respondents, unweighted and raked side by side.

    The raked variance is linearised: the residuals of :math:`(y - p)/\sum w` on the margins are weighted and summed
    over the sample, with finite population correction (Deville and Särndal 1992; R's ``svymean`` on a raked design).
    Intervals are Korn and Graubard's at that variance. After trimming it is an approximation.

    Parameters
    ----------
    answers : array_like of 0/1, shape (n,)
        One answer a respondent, in the order of the raked sample; missing where the person did not answer this item.
    raking : Raking
    level : float, default 0.95

    Returns
    -------
    pandas.DataFrame
        Rows « non pondéré » and « pondéré »: ``estimation``, ``base`` (answers), ``part``, ``bas``, ``haut``,
        ``erreur_type``, ``methode``.

    Raises
    ------
    ValueError
        Values other than 0, 1 and missing; another length than the sample; fewer than two answers.

    Examples
    --------
    >>> sample = pd.DataFrame({"sexe": ["F"] * 10 + ["M"] * 30})
    >>> raking = rake(sample, {"sexe": {"F": 60, "M": 60}})
    >>> raked_share([1] * 9 + [0] + [1] * 15 + [0] * 15, raking)["part"].tolist()
    [0.6, 0.7]
    """
    values = np.asarray(answers, dtype=float)
    same_length(réponses=values, poids=raking.weights)
    kept = np.isfinite(values)
    answer, weight = zero_one(values[kept], "réponses"), raking.weights[kept]
    if len(answer) < 2:
        raise ValueError(f"{len(answer)} réponse à cette question : il en faut au moins 2")
    people = max(round(raking.population), len(values))
    plain = korn_graubard(int(answer.sum()), len(answer), people, level)
    variance = _raked_variance(values, raking)
    adjusted = korn_graubard_weighted(answer, weight, people, level, variance)
    spread = answer.mean() * (1 - answer.mean()) / (len(answer) - 1) * (1 - len(answer) / people)
    rows = [
        _row("non pondéré", len(answer), float(answer.mean()), plain, float(spread)),
        _row("pondéré", len(answer), float(np.average(answer, weights=weight)), adjusted, variance),
    ]
    return pd.DataFrame(rows)


def _raked_variance(answers: Vector, raking: Raking) -> float:
    """Linearised variance of a raked share; see :func:`raked_share`."""
    kept = np.isfinite(answers)
    inside = np.where(kept, raking.weights, 0.0)
    share = float(np.average(answers[kept], weights=raking.weights[kept]))
    linear = np.where(kept, answers - share, 0.0) / inside.sum()
    residual = linear - raking.indicators @ np.linalg.lstsq(raking.indicators, linear, rcond=None)[0]
    total = raking.weights * residual
    size = len(answers)
    left_out = max(0.0, 1 - size / raking.population)
    return float(left_out * size / (size - 1) * ((total - total.mean()) ** 2).sum())


def _row(name: str, base: int, share: float, interval: Interval, variance: float) -> dict[str, object]:
    return {
        "estimation": name,
        "base": base,
        "part": share,
        "bas": interval.low,
        "haut": interval.high,
        "erreur_type": variance**0.5,
        "methode": interval.method,
    }


def _population(sample: pd.DataFrame, margins: Margins) -> float:
    if not margins or len(sample) == 0:
        raise ValueError("calage : il faut au moins une marge et un répondant")
    unknown = [variable for variable in margins if variable not in sample.columns]
    if unknown:
        raise ValueError(f"calage : variable(s) absente(s) de l'échantillon ({', '.join(unknown)})")
    totals = {variable: float(sum(counts.values())) for variable, counts in margins.items()}
    if max(totals.values()) - min(totals.values()) > 1e-6 * max(totals.values()):
        listed = ", ".join(f"{variable} : {total:g}" for variable, total in totals.items())
        raise ValueError(f"calage : les marges ne décrivent pas la même population ({listed})")
    population = next(iter(totals.values()))
    if population < len(sample):
        raise ValueError(f"calage : {len(sample)} répondants pour une population de {population:g}")
    return population


def _codes(sample: pd.DataFrame, margins: Margins) -> list[tuple[npt.NDArray[np.intp], Vector]]:
    found = []
    for variable, totals in margins.items():
        used = {category: total for category, total in totals.items() if total > 0}
        code = pd.Index(list(used)).get_indexer(pd.Index(sample[variable]))
        if (code < 0).any():
            strange = sorted({str(value) for value in sample[variable][code < 0]})
            raise ValueError(f"calage, {variable} : valeur(s) absente(s) de la marge ({', '.join(strange)})")
        found.append((code, finite_vector(list(used.values()), f"marge de {variable}")))
    return found


def _weights(weights: npt.ArrayLike) -> Vector:
    weight = finite_vector(weights, "poids")
    if (weight <= 0).any():
        raise ValueError(f"poids : {int((weight <= 0).sum())} valeur(s) nulle(s) ou négative(s)")
    return weight
