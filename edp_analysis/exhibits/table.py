"""Accessible HTML tables in French: caption, scopes, a wrapper that can be scrolled from the keyboard."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from edp_analysis.contract.schema import normalise_text
from edp_analysis.exhibits.french import day, quantity, typeset
from edp_analysis.exhibits.sentence import weak, write_indicator
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.tables import titre

__all__ = [
    "ANNEX", "EVIDENCE", "GROUP", "TEXT", "cell_html", "format_cell", "heading", "html_table", "indicator_frame",
    "labelled", "mask_weak", "taken_out", "tidy", "unit_of",
]  # fmt: skip

Indicators = Mapping[str, Indicator] | Iterable[Indicator]
"""Indicators by group (the key is then their label), or a plain series of them."""

TEXT = "texte"
"""Unit of a column whose numbers are names (a year, a code) and take no thousands separator."""
EVIDENCE = "preuve"
"""Unit of a column of references (``page#element``, separated by spaces), shown as links between pages."""
GROUP = "groupe"
"""Unit of a column whose values, when they repeat from row to row, are written once as a heading above these rows."""
ANNEX = "csv"
"""Unit of a column that is in the CSV file and not in the page: p-values, checks, what a specialist asks for."""
_ELSEWHERE = {"registre": "index.html#registre", "document": "analyse_documentaire.html#documents"}
"""What may be cited without being the element of a page, and where it is shown."""
_FINDING = "constat"  # becomes the heading of its page, without an anchor
_NAMES = frozenset({"annee", "exercice", "campagne", "promotion", "rentree", "millesime", "code", "ligne"})
_SHORT, _MIDDLE, _LONG = 14, 18, 30
"""Lengths, in characters, under which a cell never wraps, and from which it is given some room, or more."""
_ADDRESS = re.compile(r"[\w/.:?=&;-]{20,}")
# Written in each cell; any other unit goes once in the heading.
_IN_CELL = ("%", "points", "€")


def tidy(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table as shown: a meaningful index becomes columns, column names become text."""
    if frame.index.name is not None or isinstance(frame.index, pd.MultiIndex):
        frame = frame.reset_index()
    elif not isinstance(frame.index, pd.RangeIndex) and not pd.api.types.is_integer_dtype(frame.index):
        frame = frame.rename_axis(index="").reset_index()
    if isinstance(frame.columns, pd.MultiIndex):
        frame = frame.set_axis([" – ".join(map(str, filter(None, column))) for column in frame.columns], axis=1)
    return frame.rename(columns=str).reset_index(drop=True)


def mask_weak(frame: pd.DataFrame, units: Mapping[str, str], base: str | None, threshold: int) -> pd.DataFrame:
    """Replace by « [faible] » the shares of the rows whose base is under the threshold.

    Parameters
    ----------
    frame : pandas.DataFrame
    units : mapping of str to str
        The columns in ``"%"`` are those masked.
    base : str or None
        Column of denominators; by default ``base``, or ``effectif`` in a table that also has ``nombre``.
    threshold : int
        Smallest denominator that may carry a percentage, persons.

    Examples
    --------
    >>> frame = pd.DataFrame({"base": [40, 12], "part": [0.5, 0.25]})
    >>> mask_weak(frame, {"part": "%"}, None, 20)["part"].tolist()
    [0.5, '[faible]']
    """
    if base is None:
        base = "base" if "base" in frame else "effectif" if {"nombre", "effectif"} <= set(frame.columns) else None
    if base is None:
        return frame
    few = (pd.to_numeric(frame[base], errors="coerce") < threshold).fillna(False)
    masked = [column for column in frame.columns if units.get(column) == "%" and few.any()]
    return frame.assign(**{column: frame[column].astype(object).mask(few, "[faible]") for column in masked})


def unit_of(column: str, units: Mapping[str, str]) -> str:
    """Return a column's unit; one whose name says it holds years or codes is text."""
    return units.get(column, TEXT if normalise_text(column) in _NAMES else "")


def format_cell(value: Any, unit: str = "", threshold: int = 0) -> str:
    r"""Write one cell in French; a missing value is « n.c. » (non connu).

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
        return quantity(value, unit if unit.startswith(_IN_CELL) else "")
    return typeset(str(int(value) if isinstance(value, float) and value.is_integer() else value))


def html_table(
    frame: pd.DataFrame,
    *,
    id: str,
    caption: str,
    units: Mapping[str, str] | None = None,
    threshold: int = 0,
) -> str:
    """Return the table, its first column as row headings.

    Parameters
    ----------
    frame : pandas.DataFrame
        See :func:`tidy`.
    id : str
        Unique in the page; the caption's id derives from it.
    caption : str
        HTML of the caption (already escaped).
    units : mapping of str to str, optional
        ``"%"`` (shares in [0, 1]), ``"€"``, ``"points"``, ``"texte"``, ``"preuve"`` (see :data:`EVIDENCE`),
        ``"groupe"`` (see :data:`GROUP`), ``"csv"`` (see :data:`ANNEX`), or any unit, then written in the heading.
    threshold : int
        For the cells that hold indicators, see :func:`~edp_analysis.exhibits.sentence.write_indicator`.
    """
    units = units or {}
    headings = taken_out(frame, units)
    annex = [column for column in frame.columns if units.get(str(column)) == ANNEX]
    frame = frame.drop(columns=annex if headings is None else [*annex, headings.name])
    columns = [(str(column), unit_of(str(column), units)) for column in frame.columns]
    numeric = [_is_numeric(frame.iloc[:, rank], unit) for rank, (_, unit) in enumerate(columns)]
    head = "".join(
        f'<th scope="col"{_right(right)}>{escape(typeset(heading(name, unit)))}</th>'
        for (name, unit), right in zip(columns, numeric, strict=True)
    )
    body = []
    for row in frame.itertuples(index=False):
        cells = [cell_html(value, unit, threshold) for value, (_, unit) in zip(row, columns, strict=True)]
        first = f'<th scope="row"{_width(cells[0])}>{cells[0]}</th>'
        rest = "".join(
            f"<td{_right(right) or _width(cell)}>{cell}</td>"
            for cell, right in zip(cells[1:], numeric[1:], strict=True)
        )
        body.append(f"<tr>{first}{rest}</tr>")
    return (
        f'<div class="tab" role="region" tabindex="0" aria-labelledby="{escape(id)}-titre">'
        f'<table><caption id="{escape(id)}-titre"><span class="legende">{caption}</span></caption>'
        f"<thead><tr>{head}</tr></thead>{_bodies(body, headings, len(columns))}</table></div>"
    )


def taken_out(frame: pd.DataFrame, units: Mapping[str, str]) -> pd.Series | None:
    """Return the column whose values head groups of rows, if there is one."""
    return next((frame[column] for column in frame.columns if units.get(str(column)) == GROUP), None)


def _bodies(rows: Sequence[str], headings: pd.Series | None, width: int) -> str:
    """Return the body of a table; with headings, one body for each run of rows that share one."""
    if headings is None:
        return f"<tbody>{''.join(rows)}</tbody>"
    parts = []
    for value, group in groupby(zip(headings, rows, strict=True), key=itemgetter(0)):
        name = escape(format_cell(value, TEXT))
        first = f'<tr><th scope="rowgroup" colspan="{width}" class="groupe">{name}</th></tr>'
        parts.append(f"<tbody>{first}{''.join(row for _, row in group)}</tbody>")
    return "".join(parts)


def cell_html(value: Any, unit: str, threshold: int) -> str:
    """Return the inner HTML of a cell: the text of :func:`format_cell`, or links for references to evidence."""
    return _links(str(value)) if unit == EVIDENCE else _breakable(escape(format_cell(value, unit, threshold)))


def _breakable(html: str) -> str:
    """Let an address be cut after its marks, so that it does not widen its column; words are never cut."""
    return _ADDRESS.sub(lambda match: re.sub(r"(?<=[/_.?=])(?=\w)", "<wbr>", match.group()), html)


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
    return "<br>".join(links) or "–"


def heading(name: str, unit: str) -> str:
    """Return the heading of a column, its unit beside when cells do not bear it."""
    name = titre(name or "libelle")
    if unit in {"", TEXT, EVIDENCE, GROUP} or unit.startswith(_IN_CELL) or unit.casefold() in name.casefold():
        return name
    return f"{name[:-1]}, {unit})" if name.endswith(")") else f"{name} ({unit})"


def _right(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _width(text: str) -> str:
    """Keep a short name (a school's code) on one line, and give a long text room: tables scroll, words do not."""
    steps = ((_LONG, "long"), (_MIDDLE, "moyen"), (_SHORT + 1, ""), (0, "court"))
    name = next(name for length, name in steps if len(text) >= length)
    return f' class="{name}"' if name else ""


def _is_numeric(column: pd.Series, unit: str) -> bool:
    if unit.startswith(_IN_CELL):  # may hold « [faible] » among its numbers
        return True
    named = unit in {TEXT, EVIDENCE, GROUP}
    return not named and pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def labelled(indicators: Indicators) -> tuple[Indicator, ...]:
    """Return indicators as a tuple; those given by group take the group's name as their label."""
    if isinstance(indicators, Mapping):
        return tuple(replace(item, label=str(group)) for group, item in indicators.items())
    return tuple(indicators)


def indicator_frame(indicators: Iterable[Indicator], threshold: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the table behind a chart of indicators, and its units.

    Shares give their counts, share and interval; under `threshold` records the share is left out and said to be
    ``[faible]``. Other indicators give their value. Columns that hold nothing are dropped.
    """
    rows, units = [], {"Part": "%", "De": "%", "À": "%"}
    for item in indicators:
        hidden = weak(item, threshold) or item.value is None
        is_share = item.unit == "%"
        interval = None if hidden else item.interval
        rows.append(
            {
                "Libellé": item.label,
                "Effectif": item.numerator if is_share else None,
                "Base": item.denominator if is_share else None,
                "Part": item.value if is_share and not hidden else None,
                "Valeur": None if is_share else item.value,
                "De": interval.low if interval else None,
                "À": interval.high if interval else None,
                "Remarque": _remark(item, threshold),
            }
        )
        if not is_share:
            units |= {"Valeur": item.unit, "De": item.unit, "À": item.unit}
    columns = ["Libellé", "Effectif", "Base", "Part", "Valeur", "De", "À", "Remarque"]
    frame = pd.DataFrame(rows, columns=columns)
    for column in columns[1:-1]:
        frame[column] = pd.to_numeric(frame[column])
    kept = [column for column in columns[:-1] if frame[column].notna().any() or column == "Libellé"]
    if (frame["Remarque"] != "").any():
        kept.append("Remarque")
    return frame[kept], {column: unit for column, unit in units.items() if column in kept}


def _remark(indicator: Indicator, threshold: int) -> str:
    if indicator.value is None:
        return f"non calculable ({indicator.reason or 'donnée absente'})"
    return "[faible]" if weak(indicator, threshold) else ""
