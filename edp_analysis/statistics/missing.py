"""What missing answers allow: bounds, the share of the known, and whether blanks follow a group or a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_count, labels, same_length, zero_one
from edp_analysis.statistics.comparisons import fisher
from edp_analysis.statistics.design import build_design
from edp_analysis.statistics.multiplicity import adjust
from edp_analysis.statistics.separation import independent_columns, separating_direction

__all__ = ["MissingShares", "blank_patterns", "blank_shares", "delta_sensitivity", "missing_shares"]


@dataclass(frozen=True)
class MissingShares:
    """The readings of a share when some answers are missing.

    Attributes
    ----------
    of_all : float
        Count over everybody: the missing are taken as not concerned.
    of_known : float
        Complete case: count over those whose answer is known, right only if the missing are like them.
    low, high : float
        Bounds whatever the missing would have answered (none of them concerned, or all).
    missing : int
        Persons whose answer is missing.
    """

    of_all: float
    of_known: float
    low: float
    high: float
    missing: int


def missing_shares(count: int, known: int, total: int) -> MissingShares:
    """Give the share of all, the share of the known, and the worst-case bounds (Manski 1989).

    Parameters
    ----------
    count : int
        Persons known to be concerned.
    known, total : int
        Persons whose answer is known, and all persons.

    Raises
    ------
    ValueError
        Counts that contradict each other, or nobody known.

    Examples
    --------
    181 of 378 came from collège, 48 blanks: 48 % of all, 55 % of the known, between 48 % and 61 %.

    >>> found = missing_shares(181, 330, 378)
    >>> [round(100 * share) for share in (found.of_all, found.of_known, found.low, found.high)]
    [48, 55, 48, 61]
    """
    check_count(count, known)
    check_count(known, total)
    missing = total - known
    return MissingShares(count / total, count / known, count / total, (count + missing) / total, missing)


def delta_sensitivity(count: int, known: int, total: int, shifts: Sequence[float] = (0.0, -0.1, -0.2)) -> pd.DataFrame:
    """Share of all if the missing differ from the known by so many points.

    For what is not missing at random: the situation after leaving, or the satisfaction of those who did not answer
    (`known` answers out of a population of `total`). The share of the missing is kept between 0 and 1.

    Parameters
    ----------
    count, known, total : int
        As :func:`missing_shares`.
    shifts : sequence of float, default (0, −0.1, −0.2)
        Share of the missing minus share of the known.

    Returns
    -------
    pandas.DataFrame
        ``ecart`` (the shift asked), ``part_des_manquants``, ``part`` (of all).

    Raises
    ------
    ValueError
        As :func:`missing_shares`; a shift outside [−1, 1].

    Examples
    --------
    >>> delta_sensitivity(84, 100, 150)["part"].round(3).tolist()
    [0.84, 0.807, 0.773]
    """
    found = missing_shares(count, known, total)
    delta = np.asarray(shifts, dtype=float)
    if not (np.isfinite(delta).all() and (np.abs(delta) <= 1).all()):
        raise ValueError(f"écarts {list(shifts)} : des parts entre −1 et 1 sont attendues")
    absent = np.clip(found.of_known + delta, 0.0, 1.0)
    return pd.DataFrame(
        {"ecart": delta, "part_des_manquants": absent, "part": (count + found.missing * absent) / total}
    )


def blank_shares(blank: npt.ArrayLike, group: npt.ArrayLike) -> pd.DataFrame:
    """Count blanks by group, in the order of the groups' names: one school's practice shows at once.

    Parameters
    ----------
    blank : array_like of 0/1 or bool, shape (n,)
        Whether the answer is missing.
    group : array_like, shape (n,)

    Returns
    -------
    pandas.DataFrame
        ``groupe``, ``manquants``, ``effectif``, ``part_des_manquants_du_total`` (share of all the blanks).

    Raises
    ------
    ValueError
        Missing groups, values other than 0 and 1, different lengths.

    Examples
    --------
    >>> blank_shares([1, 1, 0, 0, 0], ["b", "b", "b", "a", "a"]).values.tolist()
    [['a', 0, 2, 0.0], ['b', 2, 3, 1.0]]
    """
    absent, where = zero_one(blank, "réponse manquante"), labels(group, "groupe")
    same_length(manquants=absent, groupe=where)
    frame = pd.DataFrame({"groupe": where, "manquants": absent.astype(int)})
    found = frame.groupby("groupe", sort=True)["manquants"].agg(["sum", "size"]).reset_index()
    found.columns = pd.Index(["groupe", "manquants", "effectif"])
    return found.assign(part_des_manquants_du_total=found["manquants"] / max(1, int(absent.sum())))


def blank_patterns(blank: npt.ArrayLike, factors: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Test whether blanks follow each factor: a school, a year.

    A text or category by the seeded Fisher–Freeman–Halton test; a number by the likelihood ratio of a logit (its limit
    exists even when the blanks are all on one side). Raw and Holm-adjusted p-values.

    Parameters
    ----------
    blank : array_like of 0/1 or bool, shape (n,)
    factors : pandas.DataFrame, shape (n, k)
    seed : int
        Of Fisher's random tables.

    Returns
    -------
    pandas.DataFrame
        ``comparaison`` (the factor), ``p_brute``, ``p_ajustee``, ``etabli``, ``methode`` (of the adjustment), ``test``.

    Raises
    ------
    ValueError
        Missing values or a constant factor; nobody or everybody blank.

    Examples
    --------
    >>> found = blank_patterns([1, 1, 1, 0, 0, 0, 0, 0], pd.DataFrame({"école": list("aaabbbbb")}), seed=1)
    >>> found[["comparaison", "p_brute"]].round(4).values.tolist()
    [['école', 0.0179]]
    """
    absent = zero_one(blank, "réponse manquante")
    if absent.min() == absent.max():
        raise ValueError("réponses toutes manquantes ou toutes connues : rien à comparer")
    design = build_design(factors)
    same_length(manquants=absent, facteurs=design.matrix)
    raw, tests = {}, {}
    for name, levels in design.levels.items():
        if levels:
            table = pd.crosstab(design.frame[name], absent).to_numpy()
            found = fisher(table, seed)
            raw[name], tests[name] = found.pvalue, found.method
        else:
            raw[name] = _likelihood_ratio(absent, design.frame[name].to_numpy(dtype=float), name)
            tests[name] = "rapport de vraisemblance (logit)"
    return adjust(raw).assign(test=list(tests.values()))


def _likelihood_ratio(absent: npt.NDArray[np.float64], value: npt.NDArray[np.float64], name: str) -> float:
    from scipy.stats import chi2
    from statsmodels.discrete.discrete_model import Logit

    independent_columns(value[:, None], (name,))
    standard = np.column_stack([np.ones(len(value)), (value - value.mean()) / value.std()])
    share = absent.mean()
    null = len(absent) * float(share * np.log(share) + (1 - share) * np.log(1 - share))
    direction = separating_direction(standard * (2 * absent - 1)[:, None])
    if direction is None:
        top = float(Logit(absent, standard).fit(disp=0, method="newton").llf)
    else:
        # The slope is infinite: those off the boundary are certain, those on it share their own rate.
        edge = np.abs(standard @ direction) < 1e-9
        inside = float(absent[edge].mean()) if edge.any() else 0.0
        sure = [part * np.log(part) for part in (inside, 1 - inside) if part > 0]
        top = int(edge.sum()) * float(sum(sure))
    return float(chi2.sf(max(0.0, 2 * (top - null)), 1))
