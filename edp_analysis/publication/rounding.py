"""Rounding as figures are printed: half up, on exact numbers, never on binary floats."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from edp_analysis.indicators.result import Indicator

__all__ = ["exact_value", "round_half_up"]


def exact_value(indicator: Indicator) -> Fraction | None:
    """Return an indicator's value exactly, in its printed unit (a share in points: 54.47…, not 0.5447…).

    A value that has counts is their quotient; another one is the decimal number that its shortest writing denotes.

    Examples
    --------
    >>> exact_value(Indicator("x", "X", 134 / 246, "%", "sortants", 134, 246))
    Fraction(6700, 123)
    """
    if indicator.value is None:
        return None
    if indicator.numerator is not None and indicator.denominator:
        value = _exact(indicator.numerator) / _exact(indicator.denominator)
    else:
        value = _exact(indicator.value)
    return value * 100 if indicator.unit == "%" else value


def round_half_up(value: Fraction, decimals: int) -> Decimal:
    """Round to `decimals` places, a half away from zero, as printed tables do.

    Examples
    --------
    0.285 is not a binary number: a float would give 0.28.

    >>> round_half_up(Fraction(285, 1000), 2)
    Decimal('0.29')
    >>> round_half_up(Fraction(-5, 2), 0)
    Decimal('-3')
    """
    scaled = abs(value) * 10**decimals
    units = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(-units if value < 0 else units).scaleb(-decimals)


def _exact(number: float) -> Fraction:
    return Fraction(Decimal(str(number)))
