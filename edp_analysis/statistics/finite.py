"""Intervals for a share of a *finite* population of which some answered: the survey."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_count, check_level, finite_vector, same_length, zero_one
from edp_analysis.statistics.proportions import Interval, beta_limits

__all__ = ["effective_interval", "hypergeometric", "korn_graubard", "korn_graubard_weighted", "weighted_variance"]

METHOD = "Korn-Graubard"


def effective_interval(share: float, effective_total: float, level: float = 0.95) -> Interval:
    r"""Exact binomial interval at an effective sample size (Korn and Graubard 1998).

    The effective size is :math:`p(1-p)/\widehat{var}(p)`; with the variance of the design it carries weights, clusters
    and the finite population correction. Same as ``survey::svyciprop(method = "beta")`` in R.

    Parameters
    ----------
    share : float
        Estimated share, in [0, 1].
    effective_total : float
        Effective number of answers; ``inf`` (no sampling variance) gives the share itself.
    level : float, default 0.95

    Raises
    ------
    ValueError
        ``share`` outside [0, 1], ``effective_total`` not positive.

    Examples
    --------
    >>> interval = effective_interval(0.84, 99)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.753, 0.906)
    """
    check_level(level)
    if not 0 <= share <= 1:
        raise ValueError(f"part {share} hors de [0 ; 1]")
    if not effective_total > 0:
        raise ValueError(f"effectif équivalent {effective_total} : il doit être positif")
    if math.isinf(effective_total):
        return Interval(share, share, level, METHOD)
    return Interval(*beta_limits(share * effective_total, effective_total, level), level, METHOD)


def korn_graubard(count: int, total: int, population: int | None = None, level: float = 0.95) -> Interval:
    """Korn–Graubard interval of an unweighted share, with finite population correction.

    The variance is (1 − n/N) p(1 − p)/(n − 1), so the effective size is (n − 1)/(1 − n/N). That expression does
    not depend on p: it also serves for 0 and n answers, where the variance itself is nil. When everyone answered
    (N = n) the interval is the share itself.

    Parameters
    ----------
    count, total : int
        Answers of interest and answers (persons).
    population : int, optional
        Persons who could have answered (those enrolled when the survey ran); ``None`` for an infinite population.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Counts that contradict each other, fewer than 2 answers, or a population smaller than the answers.

    Examples
    --------
    >>> interval = korn_graubard(84, 100, population=150)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.793, 0.88)
    """
    check_count(count, total)
    _check_sample(total, population)
    left_out = 1 - _fraction(total, population)
    return effective_interval(count / total, (total - 1) / left_out if left_out else math.inf, level)


def weighted_variance(answers: npt.ArrayLike, weights: npt.ArrayLike, population: int | None = None) -> float:
    r"""Linearised variance of a weighted share, one-stage sample without replacement.

    :math:`(1 - n/N) \frac{n}{n-1} \sum_i (w_i (y_i - p) / \sum w)^2` (Särndal, Swensson and Wretman 1992, 5.6).

    Parameters
    ----------
    answers : array_like of 0/1 or bool, shape (n,)
    weights : array_like, shape (n,)
        Positive weights; their scale does not matter.
    population : int, optional
        Persons who could have answered.

    Raises
    ------
    ValueError
        Missing values, weights that are not positive, fewer than 2 answers, a population smaller than the answers.

    Examples
    --------
    >>> round(weighted_variance([1, 0, 1, 1], [1, 1, 1, 1]), 4)
    0.0625
    """
    answer, weight = _weighted(answers, weights)
    _check_sample(len(answer), population)
    share = float(np.average(answer, weights=weight))
    residual = weight * (answer - share) / weight.sum()
    size = len(answer)
    return float((1 - _fraction(size, population)) * size / (size - 1) * (residual**2).sum())


def korn_graubard_weighted(
    answers: npt.ArrayLike,
    weights: npt.ArrayLike,
    population: int | None = None,
    level: float = 0.95,
    variance: float | None = None,
) -> Interval:
    """Korn–Graubard interval of a weighted share.

    Parameters
    ----------
    answers : array_like of 0/1 or bool, shape (n,)
    weights : array_like, shape (n,)
        Positive weights; their scale does not matter.
    population : int, optional
        Persons who could have answered.
    level : float, default 0.95
    variance : float, optional
        Variance of the share under the design, finite population correction included, when it is known better (after
        raking, from residuals); :func:`weighted_variance` otherwise.

    Notes
    -----
    When all or none answered yes the variance is nil and says nothing: the effective size is then
    (n − 1)/(1 − n/N) divided by Kish's design effect n Σw²/(Σw)².

    Raises
    ------
    ValueError
        As :func:`weighted_variance`, or a negative ``variance``.

    Examples
    --------
    >>> interval = korn_graubard_weighted([1] * 84 + [0] * 16, [1.0] * 100, population=150)
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.793, 0.88)
    """
    answer, weight = _weighted(answers, weights)
    spread = weighted_variance(answer, weight, population) if variance is None else variance
    if not spread >= 0:
        raise ValueError(f"variance {spread} : elle doit être positive ou nulle")
    share = float(np.average(answer, weights=weight))
    if answer.min() == answer.max():
        share = float(answer[0])
        size = len(answer)
        kish = size * float((weight**2).sum()) / float(weight.sum()) ** 2
        left_out = (1 - _fraction(size, population)) * kish
        return effective_interval(share, (size - 1) / left_out if left_out else math.inf, level)
    return effective_interval(share, share * (1 - share) / spread if spread else math.inf, level)


def hypergeometric(count: int, total: int, population: int, level: float = 0.95) -> Interval:
    """Exact interval for a share of a finite population, by inverting the hypergeometric tests.

    Keeps the population totals M that neither one-sided test of level (1 − `level`)/2 rejects (Wright 1991). Only for
    an unweighted sample; used as the check of :func:`korn_graubard`.

    Parameters
    ----------
    count, total : int
        Answers of interest and answers (persons).
    population : int
        Persons who could have answered.
    level : float, default 0.95

    Returns
    -------
    Interval
        Limits are shares M/`population`.

    Raises
    ------
    ValueError
        As :func:`korn_graubard`.

    Examples
    --------
    >>> interval = hypergeometric(84, 100, 150)
    >>> round(interval.low * 150), round(interval.high * 150)
    (119, 132)
    """
    from scipy.stats import hypergeom

    check_count(count, total)
    check_level(level)
    _check_sample(total, population, smallest=1)
    tail = (1 - level) / 2
    possible = np.arange(count, population - (total - count) + 1)
    kept = possible[
        (hypergeom.sf(count - 1, population, possible, total) > tail)
        & (hypergeom.cdf(count, population, possible, total) > tail)
    ]
    return Interval(kept[0] / population, kept[-1] / population, level, "hypergéométrique (exact)")


def _weighted(
    answers: npt.ArrayLike, weights: npt.ArrayLike
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    answer, weight = zero_one(answers, "réponses"), finite_vector(weights, "poids")
    same_length(réponses=answer, poids=weight)
    if (weight <= 0).any():
        raise ValueError(f"poids : {int((weight <= 0).sum())} valeur(s) nulle(s) ou négative(s)")
    return answer, weight


def _check_sample(total: int, population: int | None, smallest: int = 2) -> None:
    if total < smallest:
        raise ValueError(f"{total} réponse : il en faut au moins {smallest} pour estimer une variance")
    if population is not None and not population >= total:
        raise ValueError(f"{total} réponses pour une population de {population} : la population ne peut être moindre")


def _fraction(total: int, population: int | None) -> float:
    return 0.0 if population is None else total / population
