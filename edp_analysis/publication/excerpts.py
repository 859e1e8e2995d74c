"""Pieces taken out of the executed pages, word for word: a picture, the rows of a table, an indicator.

Nothing is computed or formatted again: what is printed is what the gate let through on the page of origin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from edp_analysis.exhibits.french import day
from edp_analysis.exhibits.table import TEXT, format_cell
from edp_analysis.indicators.result import Indicator
from edp_analysis.publication.notebook import EXHIBIT_MIME, is_tool
from edp_analysis.statistics.proportions import Interval

if TYPE_CHECKING:
    from bs4.element import Tag

__all__ = ["Excerpt", "excerpts", "indicator"]

_POINTERS = ("aria-labelledby", "aria-describedby", "clip-path", "href", "style", "xlink:href")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_LOCAL = re.compile(r"(url\(#|^#)([^)\s]+)")


@dataclass(frozen=True)
class Excerpt:
    """An exhibit of an executed page: what it says of itself, and its HTML.

    Attributes
    ----------
    item : mapping
        As it travels in the notebook (see :meth:`edp_analysis.exhibits.Exhibit.as_dict`).
    html : str
        Fragment shown on its page.
    """

    item: Mapping[str, Any]
    html: str

    def picture(self, prefix: str) -> str:
        """Return the drawing with its key, identifiers prefixed; the words shown in its place when there is none."""
        found = self._soup().select_one(".graph")
        return _prefixed(found, prefix).decode_contents() if found is not None else ""

    def data(self, prefix: str, caption: str) -> str:
        """Return the table behind a figure, under another caption; empty when it has none."""
        found = self._soup().select_one("details .tab")
        if found is None:
            return ""
        legend = found.select_one(".legende")
        if legend is not None:
            legend.string = caption
        return str(_prefixed(found, prefix))

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of a table, its columns of words alone: texts as typeset, dates in French.

        A number would lose what stands beside it on its page, its counts and its interval: it is taken by its
        indicator, never out of a cell.
        """
        lines = self.item["lignes"]
        words = [name for name in self.item["colonnes"] if all(isinstance(line[name], str) for line in lines)]
        return [{name: _written(line[name]) for name in words} for line in lines]

    def indicator(self, id: str) -> Indicator | None:
        """Return the indicator of that name among those shown, ``None`` when there is none."""
        return next((indicator(flat) for flat in self.item["indicateurs"] if flat["id"] == id), None)

    def _soup(self) -> Any:
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.html, "html.parser")


def excerpts(notebook: Any) -> dict[str, Excerpt]:
    """Return what an executed notebook shows, by identifier, in reading order."""
    found = {}
    for cell in notebook.cells:
        for output in () if is_tool(cell) else cell.get("outputs", ()):
            if EXHIBIT_MIME in output.get("data", {}):
                item = output["data"][EXHIBIT_MIME]
                found[str(item["id"])] = Excerpt(item, str(output["data"].get("text/html", "")))
    return found


def indicator(flat: Mapping[str, Any]) -> Indicator:
    """Build an indicator again from the form in which it travels in a notebook; its rows stay behind.

    Examples
    --------
    >>> from edp_analysis.indicators.result import amount
    >>> indicator(amount("n", "Visites", 7.0, "visites", "visites d'une journée").as_dict()).value
    7.0
    """
    bounds = flat["intervalle"]
    return Indicator(
        id=flat["id"],
        label=flat["libelle"],
        value=flat["valeur"],
        unit=flat["unite"],
        population=flat["champ"],
        numerator=flat["numerateur"],
        denominator=flat["denominateur"],
        interval=Interval(bounds[0], bounds[1], 0.95, "") if bounds else None,
        method=flat["methode"],
        reason=flat["raison"],
        census=flat.get("recensement", False),
    )


def _written(value: str) -> str:
    return day(date.fromisoformat(value)) if _ISO.fullmatch(value) else format_cell(value, TEXT)


def _prefixed(tag: Tag, prefix: str) -> Tag:
    """Put `prefix` before each identifier and each reference to one: pages share names, a document may not."""
    for inner in (tag, *tag.find_all(True)):
        if inner.get("id"):
            inner["id"] = f"{prefix}{inner['id']}"
        for name in _POINTERS:
            value = inner.get(name)
            if value and name.startswith("aria-"):
                inner[name] = " ".join(f"{prefix}{id}" for id in str(value).split())
            elif value:
                inner[name] = _LOCAL.sub(rf"\g<1>{prefix}\g<2>", str(value))
    return tag
