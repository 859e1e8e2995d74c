"""Tables of words: judgements, recommendations, statements — too many columns of text for the width of a page.

Secondary columns are written under another one, in its cells; on a narrow screen each row becomes a block whose lines
bear the name of their column. The explicit roles keep it a table for assistive technologies when the style sheet
changes how it is displayed. The CSV keeps one column a notion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from operator import itemgetter

import pandas as pd

from edp_analysis.exhibits.french import typeset
from edp_analysis.exhibits.table import NOTHING, TEXT, cell_html, decimals_of, heading, taken_out, unit_of

__all__ = ["word_table"]

_CODE = re.compile(r"[A-Z]+\d+")
"""A row heading to which a link may lead."""


def word_table(
    frame: pd.DataFrame,
    *,
    id: str,
    caption: str,
    units: Mapping[str, str],
    threshold: int,
    under: Mapping[str, str],
) -> str:
    """Return the table, its first column as row headings.

    Parameters
    ----------
    frame, id, caption, units, threshold
        As :func:`~edp_analysis.exhibits.table.html_table`.
    under : mapping of str to str
        Columns written under another one, with their name before them; nothing is written where they are empty.

    Examples
    --------
    >>> frame = pd.DataFrame({"Question": ["Q1"], "Critère": ["Diplôme"], "Limite": ["Sortants seulement."]})
    >>> html = word_table(frame, id="t", caption="C", units={}, threshold=20, under={"Limite": "Critère"})
    >>> html.count("<th "), "Limite" in html.split("<tbody")[0]
    (3, False)
    """
    groups = taken_out(frame, units)
    frame = frame.drop(columns=[] if groups is None else [groups.name])
    shown = [name for name in frame.columns if name not in under]
    titles = {str(name): escape(typeset(heading(str(name), unit_of(str(name), units)))) for name in frame.columns}
    children = {name: [child for child in frame.columns if under.get(child) == name] for name in shown}
    head = "".join(f'<th scope="col" role="columnheader">{titles[name]}</th>' for name in shown)
    body = []
    kinds = {str(name): unit_of(str(name), units) for name in frame.columns}
    precise = {str(name): decimals_of(frame[name], kinds[str(name)]) for name in frame.columns}
    for row in frame.to_dict("records"):
        named = {str(name): value for name, value in row.items()}
        cells = {name: cell_html(value, kinds[name], threshold, precise[name]) for name, value in named.items()}
        body.append(_row(cells, titles, children))
    body = _anchored(body, [str(value) for value in frame[shown[0]]], id)
    return (
        f'<div class="tab mots blocs" role="region" tabindex="0" aria-labelledby="{escape(id)}-titre">'
        f'<table role="table"><caption id="{escape(id)}-titre"><span class="legende">{caption}</span></caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f"{_bodies(body, groups, len(shown), threshold)}</table></div>"
    )


def _anchored(rows: Sequence[str], headings: Sequence[str], id: str) -> list[str]:
    """Give the first row of each code an anchor, made of the table's id and of the code, so that links lead to it."""
    first = {code: rank for rank, code in reversed(list(enumerate(headings))) if _CODE.fullmatch(code)}
    return [
        row.replace("<tr", f'<tr id="{escape(id)}-{code.lower()}"', 1) if first.get(code) == rank else row
        for rank, (code, row) in enumerate(zip(headings, rows, strict=True))
    ]


def _row(cells: Mapping[str, str], titles: Mapping[str, str], children: Mapping[str, Sequence[str]]) -> str:
    written = []
    for rank, (name, own) in enumerate(children.items()):
        lines = [cells[name]]
        lines += [
            f'<span class="dessous"><span class="quoi">{titles[child]}&nbsp;:</span> {cells[child]}</span>'
            for child in own
            if cells[child] != NOTHING
        ]
        tag, role = ("th", 'scope="row" role="rowheader"') if rank == 0 else ("td", 'role="cell"')
        written.append(f'<{tag} {role} data-t="{titles[name]}">{"".join(lines)}</{tag}>')
    return f'<tr role="row">{"".join(written)}</tr>'


def _bodies(rows: Sequence[str], groups: pd.Series | None, width: int, threshold: int) -> str:
    """Return the body of the table; one for each run of rows that share a heading."""
    keys = (
        [""] * len(rows)
        if groups is None
        else [cell_html(value, TEXT, threshold) if str(value) else "" for value in groups]
    )
    parts = []
    for name, run in groupby(zip(keys, rows, strict=True), key=itemgetter(0)):
        scope = f'scope="rowgroup" role="rowheader" aria-colspan="{width}" colspan="{width}"'
        first = f'<tr role="row"><th {scope} class="groupe">{name}</th></tr>' if name else ""
        parts.append(f'<tbody role="rowgroup">{first}{"".join(row for _, row in run)}</tbody>')
    return "".join(parts)
