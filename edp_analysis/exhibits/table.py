"""Accessible HTML tables in French: caption, scopes, a wrapper that can be scrolled from the keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import groupby
from operator import itemgetter

import pandas as pd

from edp_analysis.exhibits.cells import (
    ANNEX,
    EVIDENCE,
    GROUP,
    IN_CELL,
    NOTHING,
    TEXT,
    cell_html,
    decimals_of,
    format_cell,
    heading,
    unit_of,
)  # fmt: skip
from edp_analysis.exhibits.french import typeset
from edp_analysis.exhibits.sentence import weak
from edp_analysis.indicators.result import Indicator

__all__ = [
    "ANNEX", "EVIDENCE", "GROUP", "NOTHING", "TEXT", "cell_html", "decimals_of", "format_cell", "heading", "html_table",
    "indicator_frame", "labelled", "mask_weak", "taken_out", "tidy", "unit_of",
]  # fmt: skip

Indicators = Mapping[str, Indicator] | Iterable[Indicator]
"""Indicators by group (the key is then their label), or a plain series of them."""

_BY_NATURE = frozenset({"De", "À", "Effectif", "Somme", "Base"})
"""Columns of :func:`indicator_frame` in which a missing value means that there is none, not that it is unknown."""
_SHORT, _MIDDLE, _LONG = 14, 18, 30
"""Lengths, in characters, under which a cell never wraps, and from which it is given some room, or more."""
_PHONE = 43
"""Characters that a line of a table holds on the narrowest screen."""
_FEW_COLUMNS, _TEXT = 6, 40
"""Columns up to which a table that is wider becomes blocks there; length of a cell from which any table does."""


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
    titles = [escape(typeset(heading(name, unit))) for name, unit in columns]
    precise = [decimals_of(frame.iloc[:, rank], unit) for rank, (_, unit) in enumerate(columns)]
    rows = [
        [
            NOTHING if name in _BY_NATURE and right and pd.isna(value) else cell_html(value, unit, threshold, decimals)
            for value, (name, unit), right, decimals in zip(row, columns, numeric, precise, strict=True)
        ]
        for row in frame.itertuples(index=False)
    ]
    blocks = _becomes_blocks(titles, rows, numeric)
    role = _role if blocks else _no_role
    head = "".join(
        f'<th scope="col"{role("columnheader")}{_right(right)}>{title}</th>'
        for title, right in zip(titles, numeric, strict=True)
    )
    body = []
    for cells in rows:
        first = f'<th scope="row"{role("rowheader")}{_width(cells[0])}>{cells[0]}</th>'
        rest = "".join(
            f"<td{role('cell', title)}{_right(right) or _width(cell)}>{cell}</td>"
            for cell, right, title in zip(cells[1:], numeric[1:], titles[1:], strict=True)
        )
        body.append(f"<tr{role('row')}>{first}{rest}</tr>")
    return (
        f'<div class="tab{" blocs" * blocks}" role="region" tabindex="0" aria-labelledby="{escape(id)}-titre">'
        f"<table{role('table')}>"
        f'<caption id="{escape(id)}-titre"><span class="legende">{caption}</span></caption>'
        f"<thead{role('rowgroup')}><tr{role('row')}>{head}</tr></thead>"
        f"{_bodies(body, headings, len(columns), role)}</table></div>"
    )


def _role(name: str, title: str = "") -> str:
    """Say what an element is, and the heading of a cell, where the style sheet lays the table out as blocks."""
    return f' role="{name}"' + (f' data-t="{title}"' if title else "")


def _no_role(name: str, title: str = "") -> str:  # noqa: ARG001  # the table is laid out as one: it needs no roles
    return ""


def _becomes_blocks(titles: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool]) -> bool:
    """Say whether the rows of a table become blocks on a narrow screen: it is too wide there, and not a grid."""
    cells = [[re.sub(r"<[^>]+>", " ", row[rank]) for row in rows] for rank in range(len(titles))]
    wide = sum(
        2 + max([_longest_word(title), *(len(cell) if right else _longest_word(cell) for cell in column)])
        for title, right, column in zip(titles, numeric, cells, strict=True)
    )
    few = len(titles) <= _FEW_COLUMNS or any(len(cell) >= _TEXT for column in cells for cell in column)
    return wide > _PHONE and few


def _longest_word(text: str) -> int:
    return len(text) if len(text) <= _SHORT else max(map(len, text.split(" ")))


def taken_out(frame: pd.DataFrame, units: Mapping[str, str]) -> pd.Series | None:
    """Return the column whose values head groups of rows, if there is one."""
    return next((frame[column] for column in frame.columns if units.get(str(column)) == GROUP), None)


def _bodies(rows: Sequence[str], headings: pd.Series | None, width: int, role: Callable[[str], str]) -> str:
    """Return the body of a table; with headings, one body for each run of rows that share one."""
    if headings is None:
        return f"<tbody{role('rowgroup')}>{''.join(rows)}</tbody>"
    parts = []
    for value, group in groupby(zip(headings, rows, strict=True), key=itemgetter(0)):
        name = escape(format_cell(value, TEXT))
        span = f'scope="rowgroup" colspan="{width}" class="groupe"'
        first = f"<tr{role('row')}><th {span}{role('rowheader')}>{name}</th></tr>"
        parts.append(f"<tbody{role('rowgroup')}>{first}{''.join(row for _, row in group)}</tbody>")
    return "".join(parts)


def _right(numeric: bool) -> str:
    return ' class="n"' if numeric else ""


def _width(text: str) -> str:
    """Keep a short name (a school's code) on one line, and give a long text room: tables scroll, words do not."""
    steps = ((_LONG, "long"), (_MIDDLE, "moyen"), (_SHORT + 1, ""), (0, "court"))
    name = next(name for length, name in steps if len(text) >= length)
    return f' class="{name}"' if name else ""


def _is_numeric(column: pd.Series, unit: str) -> bool:
    if unit.startswith(IN_CELL):  # may hold « [faible] » among its numbers
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
    ``[faible]``. Other indicators give their value, with what it is out of (a count) or made of (euros a person: the
    sum, and the number it is divided by). Columns that hold nothing are dropped.
    """
    rows, units = [], {"Part": "%", "De": "%", "À": "%", "Somme": "€"}
    for item in indicators:
        hidden = weak(item, threshold) or item.value is None
        is_share = item.unit == "%"
        interval = None if hidden else item.interval
        counted = is_share or item.numerator == item.value
        divided = counted or item.unit.startswith("€")
        rows.append(
            {
                "Libellé": item.label,
                "Effectif": item.numerator if counted else None,
                "Somme": item.numerator if divided and not counted else None,
                "Base": item.denominator if divided else None,
                "Part": item.value if is_share and not hidden else None,
                "Valeur": None if is_share else item.value,
                "De": interval.low if interval else None,
                "À": interval.high if interval else None,
                "Remarque": _remark(item, threshold),
            }
        )
        if not is_share:
            units |= {"Valeur": item.unit, "De": item.unit, "À": item.unit}
    columns = ["Libellé", "Effectif", "Somme", "Base", "Part", "Valeur", "De", "À", "Remarque"]
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
