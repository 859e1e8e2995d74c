"""Differences: in points, with their interval, and the only words that the interval allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.proportions import Interval

__all__ = ["attempt", "gap", "p_words", "verdict"]


def gap(
    id: str,
    label: str,
    difference: float,
    interval: Interval | None,
    population: str,
    method: str = "",
    rows: Iterable[object] = (),
) -> Indicator:
    """Build a difference in points from shares.

    Parameters
    ----------
    id, label, population, method : str
        See :class:`~edp_analysis.indicators.result.Indicator`.
    difference : float
        Difference of two shares (or slope of a share), in [−1, 1].
    interval : Interval or None
        Of the difference, in shares too.
    rows : iterable
        Keys of the records compared.

    Examples
    --------
    >>> found = gap("x", "Écart", 0.125, Interval(-0.02, 0.27, 0.95, "Newcombe"), "246 sortants")
    >>> found.value, found.unit, found.interval.high
    (12.5, 'points', 27.0)
    """
    limits = interval and Interval(100 * interval.low, 100 * interval.high, interval.level, interval.method)
    return Indicator(
        id,
        label,
        100 * difference,
        "points",
        population,
        interval=limits,
        method=method,
        rows=tuple(str(key) for key in rows),
    )


def attempt(id: str, label: str, unit: str, population: str, compute: Callable[[], Indicator]) -> Indicator:
    """Return what `compute` gives, or the indicator that says why it cannot be computed.

    Statistics refuse degenerate data by a ``ValueError`` whose French message says why: on a page it is the reason of
    « non calculable ».

    Examples
    --------
    >>> def nothing():
    ...     raise ValueError("tendance : il faut au moins deux périodes différentes")
    >>> attempt("x", "Pente", "points", "jeunes", nothing).reason
    'tendance : il faut au moins deux périodes différentes'
    """
    try:
        return compute()
    except ValueError as error:
        return Indicator(id, label, None, unit, population, reason=str(error))


def verdict(difference: Indicator, up: str = "hausse", down: str = "baisse") -> str:
    """Say in words what the interval of a difference supports, and no more.

    Parameters
    ----------
    difference : Indicator
        In points.
    up, down : str
        Words for a difference established above, or below, zero.

    Returns
    -------
    str
        `up`, `down`, « écart non établi » when the interval holds zero, « rien d’établi » without a value.

    Examples
    --------
    >>> verdict(gap("x", "Écart", 0.1, Interval(-0.02, 0.2, 0.95, "Newcombe"), "jeunes"))
    'écart non établi'
    >>> verdict(gap("x", "Écart", 0.1, Interval(0.02, 0.2, 0.95, "Newcombe"), "jeunes"))
    'hausse'
    """
    if difference.value is None or difference.interval is None:
        return "rien d’établi"
    if difference.interval.low > 0:
        return up
    return down if difference.interval.high < 0 else "écart non établi"


def p_words(pvalue: float) -> str:
    """Write a p-value in French with three decimals; one below a thousandth is only said to be.

    Examples
    --------
    >>> p_words(0.0412), p_words(0.00003)
    ('0,041', 'moins de 0,001')
    """
    return "moins de 0,001" if pvalue < 0.0005 else f"{pvalue:.3f}".replace(".", ",")
