"""Dates as people write them, read strictly: the day comes first, and a date that does not exist is refused."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from edp_analysis.contract import normalise_text
from edp_analysis.intake.raw import ReadError

__all__ = ["DateError", "ReadDate", "month_end", "plausible", "read_date", "school_year", "twelve_months_before"]

_MONTHS = (
    ("janvier", "janv", "jan"),
    ("fevrier", "fevr", "fev"),
    ("mars",),
    ("avril", "avr"),
    ("mai",),
    ("juin",),
    ("juillet", "juil"),
    ("aout",),
    ("septembre", "sept", "sep"),
    ("octobre", "oct"),
    ("novembre", "nov"),
    ("decembre", "dec"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_TIME = r"(?:[ tT]+\d{1,2}[:h]\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?)?"
_FRENCH = re.compile(rf"(\d{{1,2}})\s*[/.\- ]\s*(\d{{1,2}})\s*[/.\- ]\s*(\d{{4}}|\d{{2}}){_TIME}")
_ISO = re.compile(rf"(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}}){_TIME}")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_WORDS = re.compile(rf"(?:(?:{_DAYS}) )?(?:le )?(\d{{1,2}})(?:er)? ([a-z]+) (\d{{4}}|\d{{2}})")
_CENTURIES = (1900, 2999)
_EPOCH = date(1899, 12, 30)
_CALENDAR_GAP = (date(1904, 1, 1) - _EPOCH).days
_SERIALS = ((date(1990, 1, 1) - _EPOCH).days, (date(2035, 12, 31) - _EPOCH).days)


class DateError(ReadError):
    """A text or number that is not one date."""


@dataclass(frozen=True)
class ReadDate:
    """A date, and the rule that was needed to read it.

    Attributes
    ----------
    value : datetime.date
    rule : str
        Empty for a true date, ``JJ/MM/AAAA`` and ``AAAA-MM-JJ``.
    doubtful : bool
        A person should look (two-digit year, spreadsheet serial number).
    """

    value: date
    rule: str = ""
    doubtful: bool = False


def read_date(value: object, pivot: int | None = None, date1904: bool = False) -> ReadDate:
    """Read one date.

    Accepted: true dates; ``JJ/MM/AAAA`` (also with ``-``, ``.`` or spaces); ``JJ/MM/AA`` when the contract states a
    pivot; ``AAAA-MM-JJ``; ``AAAAMMJJ``; « 12 sept. 2021 », « 1er septembre 2021 »; spreadsheet serial numbers from
    1990 to 2035 (day 0 is 1899-12-30, or 1904-01-01 in a workbook of that calendar). A time of day is dropped.

    Parameters
    ----------
    value : object
    pivot : int, optional
        Two-digit years up to it are of the 2000s, others of the 1900s.
    date1904 : bool
        The workbook counts its days from 1904.

    Raises
    ------
    DateError
        Not a date, a date that does not exist, or one written without its day.

    Examples
    --------
    >>> read_date("03/04/2022").value.isoformat()
    '2022-04-03'
    >>> read_date("31/02/2022")
    Traceback (most recent call last):
    ...
    edp_analysis.intake.dates.DateError: cette date n'existe pas
    """
    if isinstance(value, datetime):
        timed = (value.hour, value.minute, value.second) != (0, 0, 0)
        return ReadDate(value.date(), "heure retirée" if timed else "")
    if isinstance(value, date):
        return ReadDate(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(float(value), date1904)
    if not isinstance(value, str):
        raise DateError("date-illisible", "cette valeur n'est pas une date")
    return _from_text(" ".join(value.replace("\u200b", "").split()), pivot, date1904)


def _from_number(number: float, date1904: bool) -> ReadDate:
    if math.isfinite(number) and number == int(number) and (match := _COMPACT.fullmatch(str(int(number)))):
        return ReadDate(_build(*match.groups()), "AAAAMMJJ")
    serial = number + _CALENDAR_GAP if date1904 else number
    if not _SERIALS[0] <= serial <= _SERIALS[1]:
        raise DateError("date-illisible", "ce nombre n'est pas une date de tableur entre 1990 et 2035")
    rule = "numéro de série de tableur" + (", calendrier 1904" if date1904 else "")
    return ReadDate(_EPOCH + timedelta(days=int(serial)), rule, doubtful=True)


def _from_text(text: str, pivot: int | None, date1904: bool) -> ReadDate:
    if match := _ISO.fullmatch(text):
        return ReadDate(_build(*match.groups()), "" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else "format AAAA-MM-JJ")
    if match := _FRENCH.fullmatch(text):
        day, month, year = match.groups()
        plain = re.fullmatch(r"\d\d/\d\d/\d{4}", text) is not None
        return _with_year(year, month, day, pivot, "" if plain else "format JJ/MM/AAAA")
    if match := _WORDS.fullmatch(normalise_text(text)):
        day, word, year = match.groups()
        if word in _MONTH_NUMBERS:
            return _with_year(year, str(_MONTH_NUMBERS[word]), day, pivot, "date en toutes lettres")
    if match := _COMPACT.fullmatch(text):
        return ReadDate(_build(*match.groups()), "AAAAMMJJ")
    if re.fullmatch(r"\d{5}(?:[.,]0+)?", text):
        return _from_number(float(text.replace(",", ".")), date1904)
    if re.fullmatch(r"\d{4}|\d{1,2}[/.-]\d{4}", text) or re.fullmatch(r"[a-z]+ (?:\d{4}|\d{2})", normalise_text(text)):
        raise DateError("date-imprecise", "le jour manque dans cette date")
    raise DateError("date-illisible", "cette valeur n'est pas une date")


def _with_year(year: str, month: str, day: str, pivot: int | None, rule: str) -> ReadDate:
    if len(year) == 4:
        return ReadDate(_build(year, month, day), rule)
    if pivot is None:
        raise DateError("annee-a-deux-chiffres", "l'année est écrite avec deux chiffres")
    century = 2000 if int(year) <= pivot else 1900
    found = _build(str(century + int(year)), month, day)
    return ReadDate(found, f"année à deux chiffres, pivot {pivot:02d}", doubtful=True)


def _build(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError as error:
        raise DateError("date-inexistante", "cette date n'existe pas") from error


def plausible(day: date) -> date | None:
    """Return a day of an association's accounts; ``None`` for the years that stand for « no date » (0001, 9999)."""
    return day if _CENTURIES[0] <= day.year <= _CENTURIES[1] else None


def month_end(day: date) -> date:
    """Return the last day of the month of a day.

    Examples
    --------
    >>> month_end(date(2024, 2, 3))
    datetime.date(2024, 2, 29)
    """
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def twelve_months_before(end: date) -> date:
    """Return the first day of the twelve months that end on a day.

    Examples
    --------
    >>> twelve_months_before(date(2022, 8, 31)), twelve_months_before(date(2024, 2, 28))
    (datetime.date(2021, 9, 1), datetime.date(2023, 3, 1))
    """
    following = end + timedelta(days=1)
    if (following.month, following.day) == (2, 29):
        following += timedelta(days=1)
    return following.replace(year=following.year - 1)


def school_year(day: date) -> str:
    """Return the school year (1 September – 31 August) of a day.

    Examples
    --------
    >>> school_year(date(2021, 8, 31)), school_year(date(2021, 9, 1))
    ('2020-2021', '2021-2022')
    """
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}-{first + 1}"
