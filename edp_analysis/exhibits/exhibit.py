"""The exhibit: the only thing a notebook shows, the same in JupyterLab and in the published page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

import pandas as pd

from edp_analysis.disclosure.gate import Stamp
from edp_analysis.exhibits.provenance import Provenance
from edp_analysis.exhibits.sentence import few, write_indicator
from edp_analysis.indicators.result import Indicator

__all__ = ["MIME", "Exhibit", "Kind", "plain_cell"]

MIME: Final = "application/vnd.edp.exhibit+json"
"""Media type under which an exhibit travels in a notebook."""
Kind = Literal["figure", "table", "key_figures", "sentence", "method", "finding", "answer", "header"]


@dataclass(frozen=True, eq=False)
class Exhibit:
    """A figure, a table, a row of key figures or a sentence, ready to be shown.

    Attributes
    ----------
    id : str
        Unique in its page; anchors and file names are made of it.
    kind : Kind
    title, subtitle : str
        What it says; then measure, unit, population, period.
    lecture, champ, source, note : str
        How to read one value; who is counted; where it comes from; remarks.
    alt : str
        Text alternative of the picture.
    table : pandas.DataFrame
        The figures behind it; empty for a sentence.
    units : mapping of str to str
        Unit of each column of `table` that has one.
    indicators : tuple of Indicator
    simulated : bool
    audience : str
    stamp : Stamp or None
        Given by the gate; without it nothing is rendered.
    page, question : str
        Name of its notebook; evaluation question it answers (``answer`` only).
    number : int
        Rank among the figures, or the tables, of the page; 0 for the other kinds.
    graphic : str
        Inner HTML of the exhibit (the SVG of a figure, the cards, the banner).
    threshold : int
        Smallest denominator that may carry a percentage.
    function : str
        Method of the page that made it.
    provenance : Provenance or None
        What it was made of; given by the page.
    under : mapping of str to str
        Columns of `table` that are written under another one, in its cells, to spare width.
    """

    id: str
    kind: Kind
    title: str = ""
    subtitle: str = ""
    lecture: str = ""
    champ: str = ""
    source: str = ""
    note: str = ""
    alt: str = ""
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    units: Mapping[str, str] = field(default_factory=dict)
    indicators: tuple[Indicator, ...] = ()
    simulated: bool = False
    audience: str = ""
    stamp: Stamp | None = None
    page: str = ""
    question: str = ""
    number: int = 0
    graphic: str = ""
    threshold: int = 0
    function: str = ""
    provenance: Provenance | None = None
    under: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return what the portal, the exporter and the downloads need, JSON-ready."""
        return {
            "id": self.id,
            "genre": self.kind,
            "titre": self.title,
            "sous_titre": self.subtitle,
            "lecture": self.lecture,
            "champ": self.champ,
            "source": self.source,
            "note": self.note,
            "page": self.page,
            "question": self.question,
            "numero": self.number,
            "simule": self.simulated,
            "public_vise": self.audience,
            "passage": self.stamp.as_dict() if self.stamp else None,
            "seuil": self.threshold,
            "colonnes": [str(column) for column in self.table.columns],
            "unites": dict(self.units),
            "lignes": [
                {str(column): _row_cell(value, self.threshold) for column, value in row.items()}
                for row in self.table.to_dict("records")
            ],
            "provenance": self.provenance.as_dict() if self.provenance else None,
            "indicateurs": [_json_tree(indicator.as_dict()) for indicator in self.indicators],
        }

    def as_text(self) -> str:
        """Return the title and the figures as aligned text, so that comparing texts catches a changed figure."""
        lines = [f"[{self.kind}] {self.id} : {self.title}"]
        if not self.table.empty:
            cells = self.table.map(plain_cell)
            lines.append(cells.to_string(index=False, max_colwidth=None, line_width=None))
        lines += [
            f"{indicator.id} = {plain_cell(indicator.value)}"
            f" [{plain_cell(indicator.numerator)} / {plain_cell(indicator.denominator)}]"
            for indicator in self.indicators
        ]
        return "\n".join(lines)

    def _repr_mimebundle_(self, **_formats: Any) -> dict[str, Any]:
        from edp_analysis.exhibits.fragment import to_html

        return {"text/plain": self.as_text(), "text/html": to_html(self), MIME: self.as_dict()}


def plain_cell(value: Any) -> str:
    """Write a cell without French formats: whole numbers whole, others with four decimals at most.

    Examples
    --------
    >>> plain_cell(0.54471545), plain_cell(378.0), plain_cell(None)
    ('0.5447', '378', 'n.c.')
    """
    if isinstance(value, Indicator):
        counts = f" [{plain_cell(value.numerator)} / {plain_cell(value.denominator)}]" if value.denominator else ""
        return plain_cell(value.value) + counts
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return "n.c."
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return str(value)


def _row_cell(value: Any, threshold: int) -> Any:
    """Return a cell of the table; a share on too few is its counts, in the CSV file as in the page."""
    if isinstance(value, Indicator) and value.value is not None and few(value, threshold):
        return write_indicator(value, "compte", threshold)
    return _json_cell(value)


def _json_cell(value: Any) -> Any:
    if isinstance(value, Indicator):
        return _json_cell(value.value)
    if isinstance(value, bool | str | int) or value is None:
        return value
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    if hasattr(value, "item"):  # a numpy scalar
        return _json_cell(value.item())
    if isinstance(value, float):
        # Nine decimals: enough for any figure, and the same on every machine.
        return None if not math.isfinite(value) else round(value, 9)
    return str(value)


def _json_tree(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json_tree(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json_tree(item) for item in value]
    return _json_cell(value)
