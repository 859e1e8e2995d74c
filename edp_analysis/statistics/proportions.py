"""Intervals for a proportion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from edp_analysis.statistics.checks import check_count, check_level, finite_vector

__all__ = ["Interval", "beta_limits", "clopper_pearson", "simultaneous", "wilson"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval.

    Attributes
    ----------
    low, high : float
        Limits, in the unit of the estimate (a share lies in [0, 1]).
    level : float
        Confidence level.
    method : str
        Name of the method, in French, as printed under a figure.
    """

    low: float
    high: float
    level: float
    method: str


def wilson(count: int, total: int, level: float = 0.95) -> Interval:
    r"""Wilson score interval for a proportion.

    Inverts the score test: the limits are the roots of
    :math:`|\hat p - p| = z \sqrt{p(1-p)/n}` (Wilson 1927; Newcombe 1998, method 3, without continuity correction).
    It has a limit for 0 and for n, unlike the Wald interval.

    Parameters
    ----------
    count, total : int
        Successes and trials, persons.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Raises
    ------
    ValueError
        ``total`` is not positive, ``count`` is outside [0, total], or ``level`` outside (0, 1).

    Examples
    --------
    Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.

    >>> interval = wilson(81, 263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2553, 0.3662)
    """
    check_count(count, total)
    check_level(level)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # At 0 and at n a limit is exactly the bound; floating point would leave it a hair outside.
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == total else min(1.0, centre + half)
    return Interval(low, high, level, "Wilson")


def clopper_pearson(count: int, total: int, level: float = 0.95) -> Interval:
    """Exact (Clopper–Pearson) interval: its coverage is at least `level` whatever the true share.

    The limits are quantiles of Beta(count, total − count + 1) and Beta(count + 1, total − count) (Clopper and Pearson
    1934). Wider than :func:`wilson`: for where the minimum coverage must be guaranteed (targets, 0 or n successes).

    Parameters
    ----------
    count, total : int
        Successes and trials, persons.
    level : float, default 0.95

    Raises
    ------
    ValueError
        As :func:`wilson`.

    Examples
    --------
    Newcombe (1998), table I: 81 of 263 gives 0.2527 to 0.3676.

    >>> interval = clopper_pearson(81, 263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2527, 0.3676)
    """
    check_count(count, total)
    check_level(level)
    return Interval(*beta_limits(count, total, level), level, "Clopper-Pearson (exact)")


def simultaneous(counts: Sequence[int], level: float = 0.95) -> tuple[Interval, ...]:
    """Goodman's intervals for all the shares of one table, right together with probability about `level`.

    Wilson-shaped limits with the chi-square quantile of 1 − α/k for k categories (Goodman 1965); computed by
    ``statsmodels.stats.proportion.multinomial_proportions_confint(method="goodman")``.

    Parameters
    ----------
    counts : sequence of int, length k ≥ 2
        Persons in each category, in the order of the table.
    level : float, default 0.95
        Joint confidence level.

    Returns
    -------
    tuple of Interval, length k

    Raises
    ------
    ValueError
        Fewer than two categories, a negative or missing count, or nobody at all.

    Examples
    --------
    >>> [round(i.low, 3) for i in simultaneous([56, 72, 73, 59, 62, 87, 58])]
    [0.085, 0.115, 0.116, 0.091, 0.096, 0.143, 0.089]
    """
    from statsmodels.stats.proportion import multinomial_proportions_confint

    check_level(level)
    vector = finite_vector(counts, "effectifs des modalités")
    if len(vector) < 2:
        raise ValueError("une seule modalité : il faut au moins deux parts pour des intervalles simultanés")
    if (vector < 0).any() or vector.sum() == 0:
        raise ValueError("effectifs des modalités : des comptes positifs ou nuls, dont un au moins positif")
    limits = multinomial_proportions_confint(vector, alpha=1 - level, method="goodman")
    # At 0 and at n a limit is exactly the bound; floating point would leave it a hair off.
    return tuple(
        Interval(
            0.0 if count == 0 else float(low),
            1.0 if count == vector.sum() else float(high),
            level,
            "Goodman (simultanés)",
        )
        for count, (low, high) in zip(vector, limits, strict=True)
    )


def beta_limits(count: float, total: float, level: float) -> tuple[float, float]:
    """Return the limits of the exact binomial interval for counts that need not be whole (effective sizes).

    Parameters
    ----------
    count, total : float
        Effective successes and trials, 0 ≤ `count` ≤ `total`.
    level : float
        Confidence level, in (0, 1).

    Examples
    --------
    >>> tuple(round(limit, 4) for limit in beta_limits(0, 20, 0.95))
    (0.0, 0.1684)
    """
    from scipy.stats import beta

    tail = (1 - level) / 2
    low = 0.0 if count <= 0 else float(beta.ppf(tail, count, total - count + 1))
    high = 1.0 if count >= total else float(beta.ppf(1 - tail, count + 1, total - count))
    return low, high
