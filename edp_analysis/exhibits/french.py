"""French formats: numbers, percentages, amounts, dates, plurals, typographic spaces.

Percentages are rounded half up, in decimal arithmetic, from the exact counts: 100 × 134 / 246 gives 54 and never
depends on how a binary float happens to be stored.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

__all__ = [
    "NBSP",
    "NNBSP",
    "between",
    "day",
    "enumeration",
    "euros",
    "month",
    "number",
    "of_total",
    "percent",
    "plural",
    "quantity",
    "rounded_percent",
    "typeset",
]

NBSP: Final = "\u00a0"
"""No-break space: before « % », « € », « : » and inside guillemets."""
NNBSP: Final = "\u202f"
"""Narrow no-break space: between thousands and before « ; », « ! », « ? »."""
_MINUS: Final = "\u2212"
_LOCALE: Final = Locale("fr")
# Units that do not lose their final letter in the singular.
_INVARIABLE: Final = frozenset({"mois", "fois", "cas", "avis", "pays", "tiers", "plus"})
_GROUPED: Final = re.compile(r"(?<![\w,.])\d{1,3}(?: \d{3})+(?!\d)")
"""A number typed with ordinary spaces between its thousands."""
_DATE: Final = re.compile(
    r"\b(?:1er|[1-3]?\d) (?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
    r"(?: (?:19|20)\d\d)?\b"
)
_SCHOOL_YEAR: Final = re.compile(r"(?<=\b(?:19|20)\d\d)-(?=(?:19|20)\d\d\b)")
_LINKS: Final = frozenset({"par", "de", "d'", "d’", "sur", "en", "à"})


def _decimal(value: float | int | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _round(value: Decimal, decimals: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded  # no « −0 »


def number(value: float | int | Decimal, decimals: int = 0) -> str:
    """Write a number in French, rounded half up.

    Parameters
    ----------
    value : float, int or decimal.Decimal
    decimals : int, default 0
        Number of decimals written, always all of them.

    Examples
    --------
    >>> number(1234567.25, 1)
    '1\u202f234\u202f567,3'
    >>> number(-0.5)
    '−1'
    """
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(_round(_decimal(value), decimals), format=pattern, locale=_LOCALE)
    return str(text).replace("-", _MINUS)


def rounded_percent(numerator: float, denominator: float, decimals: int = 0) -> Decimal:
    """Return 100 × numerator / denominator, rounded half up on the exact quotient.

    Raises
    ------
    ValueError
        ``denominator`` is zero.

    Examples
    --------
    >>> rounded_percent(1, 8), rounded_percent(1, 200)
    (Decimal('13'), Decimal('1'))
    """
    if denominator == 0:
        raise ValueError("part sans effectif : le dénominateur est nul")
    return _round(100 * _decimal(numerator) / _decimal(denominator), decimals)


def percent(numerator: float, denominator: float = 1, decimals: int | None = None) -> str:
    r"""Write the share ``numerator / denominator`` as a percentage.

    Without `decimals`, whole points are written, except that a share which is neither 0 nor 1 never reads « 0 % »
    nor « 100 % »: it then takes one decimal, as the publication does for « 0,3 % » (unless that decimal is a zero).

    Parameters
    ----------
    numerator, denominator : float
        Exact counts; ``denominator`` is 1 when only the share is known.
    decimals : int, optional

    Examples
    --------
    >>> percent(134, 246), percent(1, 378), percent(377, 378)
    ('54\xa0%', '0,3\xa0%', '99,7\xa0%')
    """
    if decimals is None:
        whole = rounded_percent(numerator, denominator)
        misleading = (whole == 0 and numerator != 0) or (whole == 100 and numerator != denominator)
        precise = rounded_percent(numerator, denominator, 1)
        decimals = 1 if misleading and precise not in (0, 100) else 0
    return f"{number(rounded_percent(numerator, denominator, decimals), decimals)}{NBSP}%"


def euros(value: float, decimals: int = 0) -> str:
    r"""Write an amount in euros, whole euros unless told.

    Examples
    --------
    >>> euros(577000)
    '577\u202f000\xa0€'
    """
    return f"{number(value, decimals)}{NBSP}€"


def plural(count: float, one: str, other: str) -> str:
    """Choose the French form: below 2 in absolute value is singular.

    Examples
    --------
    >>> [plural(n, "jeune", "jeunes") for n in (0, 1, 1.5, 2)]
    ['jeune', 'jeune', 'jeune', 'jeunes']
    """
    return one if _LOCALE.plural_form(abs(count)) == "one" else other


def _singular(unit: str) -> str:
    words = unit.split(" ")
    stop = next((index for index, word in enumerate(words) if word in _LINKS), len(words))
    return " ".join(
        word[:-1] if index < stop and word.endswith("s") and word not in _INVARIABLE else word
        for index, word in enumerate(words)
    )


def quantity(value: float, unit: str, decimals: int | None = None) -> str:
    r"""Write a value with its unit; the unit is given in the plural and agrees.

    Parameters
    ----------
    value : float
        In `unit`; a share in [0, 1] when the unit is ``"%"``.
    unit : str
        ``"%"``, ``"points"``, ``"€"``, ``"jeunes"``, ``"jours"``, ``"€ par jeune"``…; empty for a bare number,
        ``"année"`` for a year, which is written without spaces.
    decimals : int, optional
        By default none, but one for a small value that is not whole (below 100) in a unit other than the euro.

    Examples
    --------
    >>> quantity(2014, "année")
    '2014'
    >>> quantity(378, "jeunes"), quantity(1, "jeunes"), quantity(3.25, "mois"), quantity(0.54, "%")
    ('378\xa0jeunes', '1\xa0jeune', '3,3\xa0mois', '54\xa0%')
    """
    if unit == "%":
        return percent(value, 1, decimals)
    if unit == "année":
        return f"{value:.0f}"
    if decimals is None:
        small = abs(value) < 100 and float(value) != int(value)
        decimals = 1 if small and not unit.startswith("€") else 0
    written = number(value, decimals)
    shown = plural(float(_round(_decimal(value), decimals)), _singular(unit), unit)
    return f"{written}{NBSP}{shown}" if unit else written


def between(low: float, high: float, unit: str, decimals: int | None = None) -> str:
    r"""Write an interval, the unit once.

    Examples
    --------
    >>> between(0.4824, 0.6056, "%")
    'entre 48 et 61\xa0%'
    >>> between(-0.43, 1.62, "points")
    'entre −0,4 et 1,6\xa0point'
    """
    if decimals is None:
        # Below ten points a whole point would hide on which side of zero a limit lies.
        whole = abs(high) >= 100 or (unit == "points" and max(abs(low), abs(high)) >= 10)
        decimals = 0 if whole or unit == "%" or unit.startswith("€") else 1
    if unit == "%":
        return f"entre {number(rounded_percent(low, 1, decimals), decimals)} et {percent(high, 1, decimals)}"
    return f"entre {number(low, decimals)} et {quantity(high, unit, decimals)}"


def of_total(numerator: float, denominator: float) -> str:
    """Write « k sur n ».

    Examples
    --------
    >>> of_total(134, 246)
    '134 sur 246'
    """
    return f"{number(numerator)} sur {number(denominator)}"


def day(value: date) -> str:
    """Write a date in full; the first of a month is « 1er ».

    Examples
    --------
    >>> day(date(2024, 4, 30)), day(date(2018, 9, 1))
    ('30 avril 2024', '1er septembre 2018')
    """
    text = str(format_date(value, format="d MMMM y", locale=_LOCALE))
    return re.sub(r"^1 ", "1er ", text)


def month(value: date) -> str:
    """Write a month and its year.

    Examples
    --------
    >>> month(date(2024, 8, 15))
    'août 2024'
    """
    return str(format_date(value, format="MMMM y", locale=_LOCALE))


def enumeration(items: Sequence[str]) -> str:
    """Join words as a French list: « a, b et c ».

    Examples
    --------
    >>> enumeration(["a", "b", "c"])
    'a, b et c'
    """
    return f"{', '.join(items[:-1])} et {items[-1]}" if len(items) > 1 else "".join(items)


def typeset(text: str) -> str:
    r"""Put the no-break spaces French wants in numbers, dates, before « : ; ! ? % € », in guillemets; curl apostrophes.

    A school year (« 2023-2024 ») keeps its two halves together too.

    Examples
    --------
    >>> typeset("6 100 à 6 200 €")
    '6\u202f100 à 6\u202f200\xa0€'
    >>> typeset("le 1er mai 2024, en 2023-2024")
    'le 1er\xa0mai\xa02024, en 2023\u20112024'
    >>> typeset("Lecture : l'école dit « oui » ; vrai ?")
    'Lecture\xa0: l’école dit «\xa0oui\xa0»\u202f; vrai\u202f?'
    """
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = _GROUPED.sub(lambda match: match.group().replace(" ", NNBSP), text)
    text = _DATE.sub(lambda match: match.group().replace(" ", NBSP), text)
    text = _SCHOOL_YEAR.sub("\u2011", text)
    text = re.sub(r" (?=[:%€])", NBSP, text)
    text = re.sub(r" (?=[;!?])", NNBSP, text)
    return re.sub(r"« ?", f"«{NBSP}", re.sub(r" ?»", f"{NBSP}»", text)).replace(NBSP * 2, NBSP)
