"""Rounding as figures are printed: half up, on exact numbers, never on binary floats."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from edp_analysis.indicators.result import Indicator

__all__ = ["exact_value", "round_half_up"]


def exact_value(indicator: Indicator) -> Fraction | None:
    """Return an indicator's value exactly, in its printed unit (a share in points: 54.47…, not 0.5447…).

    A value that is the quotient of its counts is that fraction; another one (a plain count, an amount, « 5 écoles sur
    5 ») is the decimal number that its shortest writing denotes.

    Examples
    --------
    >>> exact_value(Indicator("x", "X", 134 / 246, "%", "sortants", 134, 246))
    Fraction(6700, 123)
    """
    if indicator.value is None:
        return None
    value = _exact(indicator.value)
    if indicator.numerator is not None and indicator.denominator:
        quotient = _exact(indicator.numerator) / _exact(indicator.denominator)
        if math.isclose(quotient, indicator.value, rel_tol=1e-9):
            value = quotient
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
