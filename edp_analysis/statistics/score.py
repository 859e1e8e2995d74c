"""Score test and intervals for a difference of two shares, written out.

statsmodels' own (``confint_proportions_2indep(method="score")``) uses a wrong coefficient when the null difference is
not 0 and fails on small tables; a test shows both.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Literal

from edp_analysis.statistics.checks import check_count, check_level
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.results import HypothesisTest

__all__ = ["Alternative", "constrained_shares", "mee", "miettinen_nurminen", "score_statistic", "score_test"]

Alternative = Literal["two-sided", "larger", "smaller"]
_FAR = 1e6
"""Stands for an infinite score, so that a root can be bracketed."""


def constrained_shares(x1: int, n1: int, x2: int, n2: int, difference: float) -> tuple[float, float]:
    r"""Maximum-likelihood estimates of two shares whose difference is fixed.

    Closed-form root of the cubic likelihood equation (Miettinen and Nurminen 1985, appendix).

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Successes and trials of each group, persons.
    difference : float
        First share minus second, in [−1, 1].

    Returns
    -------
    tuple of float
        The two shares.

    Raises
    ------
    ValueError
        Impossible counts, or `difference` outside [−1, 1].

    Examples
    --------
    >>> [round(share, 4) for share in constrained_shares(9, 10, 3, 10, 0.0)]
    [0.6, 0.6]
    """
    check_count(x1, n1)
    check_count(x2, n2)
    if not -1 <= difference <= 1:
        raise ValueError(f"écart {difference} hors de [-1 ; 1]")
    total, successes = n1 + n2, x1 + x2
    # a3 p³ + a2 p² + a1 p + a0 = 0, p the share of the second group.
    a3 = float(total)
    a2 = (n1 + 2 * n2) * difference - total - successes
    a1 = (n2 * difference - total - 2 * x2) * difference + successes
    a0 = x2 * difference * (1 - difference)
    q = a2**3 / (3 * a3) ** 3 - a1 * a2 / (6 * a3**2) + a0 / (2 * a3)
    radius = math.copysign(math.sqrt(max(0.0, a2**2 / (3 * a3) ** 2 - a1 / (3 * a3))), q)
    cosine = q / radius**3 if radius else 0.0
    angle = (math.pi + math.acos(min(1.0, max(-1.0, cosine)))) / 3
    second = 2 * radius * math.cos(angle) - a2 / (3 * a3)
    second = min(max(second, 0.0, -difference), 1.0, 1 - difference)
    return second + difference, second


def score_statistic(
    x1: int, n1: int, x2: int, n2: int, difference: float = 0.0, *, small_sample: bool = False
) -> float:
    r"""Score statistic (z) of the hypothesis that the first share minus the second is `difference`.

    :math:`(\hat p_1 - \hat p_2 - \delta) / \sqrt{\tilde p_1 \tilde q_1 / n_1 + \tilde p_2 \tilde q_2 / n_2}` with the
    constrained shares (Mee 1984; Farrington and Manning 1990); at 0 its square is Pearson's chi-square.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Successes and trials of each group, persons.
    difference : float, default 0
    small_sample : bool, default False
        Multiply the variance by N/(N − 1) (Miettinen and Nurminen 1985).

    Returns
    -------
    float
        Infinite where the hypothesis leaves no variance and the observation contradicts it.

    Raises
    ------
    ValueError
        As :func:`constrained_shares`.

    Examples
    --------
    >>> round(score_statistic(56, 70, 48, 80), 4)
    2.6502
    """
    first, second = constrained_shares(x1, n1, x2, n2, difference)
    gap = x1 / n1 - x2 / n2 - difference
    variance = first * (1 - first) / n1 + second * (1 - second) / n2
    if small_sample:
        variance *= (n1 + n2) / (n1 + n2 - 1)
    if abs(gap) < 1e-12:
        return 0.0
    # Rounding leaves 1e-17 where the constrained shares sit on 0 and 1.
    return gap / math.sqrt(variance) if variance > 1e-15 else math.copysign(math.inf, gap)


def score_test(
    x1: int,
    n1: int,
    x2: int,
    n2: int,
    difference: float = 0.0,
    alternative: Alternative = "two-sided",
    *,
    small_sample: bool = False,
) -> HypothesisTest:
    """Score test of a difference of two shares; with a margin, the Farrington–Manning non-inferiority test.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Successes and trials of each group, persons.
    difference : float, default 0
        Difference under the null hypothesis, e.g. minus the margin.
    alternative : {"two-sided", "larger", "smaller"}
        Whether the true difference is other than, larger or smaller than `difference`.
    small_sample : bool, default False
        See :func:`score_statistic`.

    Raises
    ------
    ValueError
        As :func:`constrained_shares`, or an unknown alternative.

    Examples
    --------
    Newcombe's table (a) against no difference: Pearson's chi-square is 0.2² / (104·46/150² (1/70 + 1/80)) = 7.023.

    >>> test = score_test(56, 70, 48, 80)
    >>> round(test.statistic**2, 3), round(test.pvalue, 4)
    (7.023, 0.008)
    """
    z = score_statistic(x1, n1, x2, n2, difference, small_sample=small_sample)
    upper = NormalDist().cdf(-z)
    tails = {"two-sided": 2 * min(upper, 1 - upper), "larger": upper, "smaller": 1 - upper}
    if alternative not in tails:
        raise ValueError(f"hypothèse « {alternative} » inconnue : attendu {', '.join(tails)}")
    name = "test du score (Miettinen-Nurminen)" if small_sample else "test du score"
    return HypothesisTest(z, tails[alternative], name)


def mee(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Interval:
    """Mee's score interval for a difference of two shares (Newcombe 1998, method 5).

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Successes and trials of each group, persons.
    level : float, default 0.95

    Returns
    -------
    Interval
        Of the first share minus the second, in [−1, 1].

    Raises
    ------
    ValueError
        Impossible counts or level.

    Examples
    --------
    >>> interval = mee(56, 70, 48, 80)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0533, 0.3377)
    """
    return _invert(
        lambda d: score_statistic(x1, n1, x2, n2, d), x1 / n1 - x2 / n2 if n1 and n2 else 0, level, "Mee (score)"
    )


def miettinen_nurminen(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Interval:
    """Miettinen–Nurminen score interval for a difference of two shares (Newcombe 1998, method 6).

    Parameters, result and errors as :func:`mee`; the variance carries N/(N − 1), which widens it slightly.

    Examples
    --------
    >>> interval = miettinen_nurminen(56, 70, 48, 80)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0528, 0.3382)
    """
    return _invert(
        lambda d: score_statistic(x1, n1, x2, n2, d, small_sample=True),
        x1 / n1 - x2 / n2 if n1 and n2 else 0,
        level,
        "Miettinen-Nurminen (score)",
    )


def _invert(statistic: Callable[[float], float], observed: float, level: float, method: str) -> Interval:
    """Return the differences that the two-sided score test keeps."""
    from scipy.optimize import brentq

    check_level(level)
    statistic(0.0)  # refuses impossible counts before anything is solved
    bound = NormalDist().inv_cdf((1 + level) / 2)

    def over(difference: float, sign: int) -> float:
        return min(_FAR, max(-_FAR, sign * statistic(difference))) - bound

    low = -1.0 if observed <= -1 else float(brentq(over, -1.0, observed, args=(1,), xtol=1e-13))
    high = 1.0 if observed >= 1 else float(brentq(over, observed, 1.0, args=(-1,), xtol=1e-13))
    return Interval(low, high, level, method)
