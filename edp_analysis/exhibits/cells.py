"""What is written in one cell of a table, and in the heading of a column: French formats, units, marks, links."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from numbers import Real
from typing import Any

import pandas as pd

from edp_analysis.contract.schema import normalise_text
from edp_analysis.exhibits.french import day, quantity, typeset
from edp_analysis.exhibits.sentence import write_indicator
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.tables import titre

__all__ = [
    "ANNEX",
    "EVIDENCE",
    "GROUP",
    "IN_CELL",
    "NOTHING",
    "TEXT",
    "cell_html",
    "decimals_of",
    "format_cell",
    "heading",
    "unit_of",
]

TEXT = "texte"
"""Unit of a column whose numbers are names (a year, a code) and take no thousands separator."""
EVIDENCE = "preuve"
"""Unit of a column of references (``page#element``, separated by spaces), shown as links between pages."""
GROUP = "groupe"
"""Unit of a column whose values, when they repeat from row to row, are written once as a heading above these rows."""
ANNEX = "csv"
"""Unit of a column that is in the CSV file and not in the page: p-values, checks, what a specialist asks for."""
NOTHING = "–"
"""Written where there is nothing to write: an empty text, an interval where none is estimated."""
_NOT_WRITTEN = frozenset({"", "-", "—", NOTHING})
_ELSEWHERE = {"registre": "index.html#registre", "document": "analyse_documentaire.html#documents"}
"""What may be cited without being the element of a page, and where it is shown."""
_FINDING = "constat"  # becomes the heading of its page, without an anchor
_NAMES = frozenset({"annee", "exercice", "campagne", "promotion", "rentree", "millesime", "code", "ligne"})
_ADDRESS = re.compile(r"[\w/.:?=&;-]{20,}")
_PLACES = re.compile(r"(?<=[/_?=])(?=\w)|(?<=[\w-]{10})(?=\.\w{6})")
"""Where an address may be cut: after a mark of its path; in its host, only between two long names."""
_ARTICLE = re.compile(r"(?<=\b[LRD]\d{3})-(?=\d)|(?<=\b[LRD]\. \d{3})-(?=\d)")
"""The hyphen of an article of the law (« L313-7 »), at which no line ends."""
# Written in each cell; any other unit goes once in the heading.
IN_CELL = ("%", "points", "€")


def unit_of(column: str, units: Mapping[str, str]) -> str:
    """Return a column's unit; one whose name says it holds years or codes is text."""
    return units.get(column, TEXT if normalise_text(column) in _NAMES else "")


def decimals_of(values: Iterable[Any], unit: str) -> int | None:
    """Return the number of decimals of a whole column, that of its most precise number, so that figures align.

    ``None`` for shares and euros, whose rules look at one value (« 0,3 % » beside « 54 % »).

    Examples
    --------
    >>> decimals_of([8.0, 7.2], ""), decimals_of([8.0, 378.0], ""), decimals_of([0.5], "%")
    (1, 0, None)
    """
    if unit == "%" or unit.startswith("€"):
        return None
    numbers = [float(value) for value in values if isinstance(value, Real) and math.isfinite(value)]
    return 1 if any(abs(value) < 100 and value != int(value) for value in numbers) else 0


def format_cell(value: Any, unit: str = "", threshold: int = 0, decimals: int | None = None) -> str:
    r"""Write one cell in French; a missing value is « n.c. » (non connu), an empty text « – ».

    Examples
    --------
    >>> format_cell(0.54, "%"), format_cell(577000, "€"), format_cell(None), format_cell(2023, TEXT)
    ('54\xa0%', '577\u202f000\xa0€', 'n.c.', '2023')
    """
    if isinstance(value, Indicator):
        return write_indicator(value, "complet", threshold)
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return "n.c."
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float) and unit != TEXT:
        return quantity(value, unit if unit.startswith(IN_CELL) else "", decimals)
    text = typeset(str(int(value) if isinstance(value, float) and value.is_integer() else value))
    return NOTHING if text.strip() in _NOT_WRITTEN else text


def cell_html(value: Any, unit: str, threshold: int, decimals: int | None = None) -> str:
    """Return the inner HTML of a cell: the text of :func:`format_cell`, or links for references to evidence."""
    return _links(str(value)) if unit == EVIDENCE else _breakable(escape(format_cell(value, unit, threshold, decimals)))


def _breakable(html: str) -> str:
    """Let an address be cut between its parts, not within its host; never cut a word or the number of an article."""
    html = _ARTICLE.sub("\u2011", html)
    return _ADDRESS.sub(lambda match: _PLACES.sub("<wbr>", match.group()), html)


def _links(evidence: str) -> str:
    """Write references as links; the site is refused when one leads nowhere.

    A notebook does not know what the other pages show: the site replaces the text of each link by the name of what it
    leads to (see :mod:`edp_analysis.publication.evidence`).
    """
    links = []
    for one in evidence.split():
        page, _, element = one.partition("#")
        anchor = "" if element == _FINDING else f"#{element}"
        href = _ELSEWHERE.get(page, f"{page}.html{anchor}")
        links.append(f'<a href="{escape(href)}" data-preuve="{escape(one)}">{escape(f"{page} › {element}")}</a>')
    return "<br>".join(links) or NOTHING


def heading(name: str, unit: str) -> str:
    """Return the heading of a column, its unit beside when cells do not bear it."""
    name = titre(name or "libelle")
    if unit in {"", TEXT, EVIDENCE, GROUP} or unit.startswith(IN_CELL) or unit.casefold() in name.casefold():
        return name
    return f"{name[:-1]}, {unit})" if name.endswith(")") else f"{name} ({unit})"
