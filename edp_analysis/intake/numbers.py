"""Numbers as French files write them, read by a strict grammar: an ambiguous one is refused, never guessed."""

from __future__ import annotations

import math
import re
import unicodedata

from edp_analysis.intake.raw import ReadError

__all__ = ["NumberError", "as_code", "read_number"]

_GROUPED = re.compile(r"(?:\d{1,3}(?: \d{3})+|\d+)(?:[.,]\d+)?")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")


class NumberError(ReadError):
    """A text that is not one number."""


def read_number(value: object, unit: str = "") -> float:
    """Read one number.

    Accepted: decimal comma or point; thousands grouped by any kind of space (or by points before a decimal comma);
    a unit sign that is the column's own; negative as ``-5``, ``5-``, ``(5)`` or with the minus sign U+2212.

    Parameters
    ----------
    value : object
    unit : str, optional
        Unit of the column (``"€"``, ``"%"``): its sign may be written after the number.

    Raises
    ------
    NumberError
        Not a number, or one that can be read in two ways (``1,234.50``, ``1.234``).

    Examples
    --------
    >>> read_number("1 234,50 €", "€"), read_number("(1 234)"), read_number("5-")
    (1234.5, -1234.0, -5.0)
    >>> read_number("1,234.50")
    Traceback (most recent call last):
    ...
    edp_analysis.intake.numbers.NumberError: ce nombre peut se lire de deux façons
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NumberError("nombre-illisible", "cette valeur n'est pas un nombre")
    if not isinstance(value, str):
        if not math.isfinite(value):
            raise NumberError("nombre-illisible", "cette valeur n'est pas un nombre")
        return float(value)
    text = unicodedata.normalize("NFKC", value).replace("\u2212", "-").replace("\u200b", "")
    text = " ".join(text.split())
    if unit:
        text = text.removesuffix(unit).strip()
    sign, text = _sign(text)
    if _GROUPED.fullmatch(text):
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):
            raise NumberError("nombre-ambigu", "ce nombre peut se lire de deux façons")
        return sign * float(text.replace(" ", "").replace(",", "."))
    if _POINTS.fullmatch(text):
        return sign * float(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        raise NumberError("nombre-ambigu", "ce nombre peut se lire de deux façons")
    raise NumberError("nombre-illisible", "cette valeur n'est pas un nombre")


def _sign(text: str) -> tuple[int, str]:
    if match := re.fullmatch(r"\(\s*(.+?)\s*\)", text):
        return -1, match[1]
    if match := re.fullmatch(r"-\s*(.+)|(.+?)\s*-", text):
        return -1, match[1] or match[2]
    return 1, text.removeprefix("+").strip()


def as_code(value: object) -> str:
    """Return a cell as the text a person sees, for codes: spreadsheets keep ``76000`` as ``76000.0``.

    Examples
    --------
    >>> as_code(76000.0), as_code(" EDP-01 "), as_code(True)
    ('76000', 'EDP-01', 'oui')
    """
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return str(int(value))
    return " ".join(str(value).split())
