"""Interval for a count of events."""

from __future__ import annotations

from edp_analysis.statistics.checks import check_level
from edp_analysis.statistics.proportions import Interval

__all__ = ["garwood"]


def garwood(count: int, level: float = 0.95) -> Interval:
    r"""Exact (Garwood) interval for the mean of a Poisson count.

    The limits are :math:`\chi^2_{\alpha/2,\,2k}/2` and :math:`\chi^2_{1-\alpha/2,\,2k+2}/2` (Garwood 1936).

    Parameters
    ----------
    count : int
        Events observed, zero or more.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Raises
    ------
    ValueError
        ``count`` is negative, or ``level`` outside (0, 1).

    Examples
    --------
    Garwood's table: 10 events give 4.80 to 18.39.

    >>> interval = garwood(10)
    >>> round(interval.low, 2), round(interval.high, 2)
    (4.8, 18.39)
    """
    from scipy.stats import chi2

    if count < 0:
        raise ValueError(f"effectif négatif : {count}")
    check_level(level)
    low = float(chi2.ppf((1 - level) / 2, 2 * count)) / 2 if count else 0.0
    return Interval(low, float(chi2.ppf((1 + level) / 2, 2 * count + 2)) / 2, level, "Poisson exact (Garwood)")
