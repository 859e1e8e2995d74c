"""From an executed notebook to an accessible page: nbconvert with a template of our own.

``jupyter nbconvert --to rapport`` gives the same page. Only exhibits that passed the gate may be shown; anything else
stops the export with a message that names the cell.
"""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nbconvert.exporters.html import HTMLExporter
from traitlets import List as ListOf
from traitlets import Unicode, default

from edp_analysis.exhibits.banner import simulated_banner
from edp_analysis.exhibits.french import typeset
from edp_analysis.publication.downloads import csv_bytes, csv_name, file_size
from edp_analysis.publication.notebook import EXHIBIT_MIME, exhibits
from edp_analysis.publication.outputs import TOOL_TAG, check_outputs
from edp_analysis.publication.shell import TEMPLATES, Link, Section, Shell

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

__all__ = ["ReportExporter", "export_page", "page_title"]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_LAB_STYLE = re.compile(r'<style class="edp-lab">.*?</style>', re.DOTALL)
_CSV_MARK = re.compile(r"<!--edp:csv:([a-z0-9_-]+)-->")
_SOMMAIRE_FROM = 3
"""Number of sections from which a page gets a table of contents."""


class ReportExporter(HTMLExporter):
    """Export an executed notebook as one self-contained French page."""

    export_from_notebook = "Rapport"
    csv_folder = Unicode("", help="Dossier relatif des fichiers CSV ; vide : aucun lien.").tag(config=True)
    current = Unicode("", help="Adresse de cette page dans la navigation.").tag(config=True)
    navigation: Any = ListOf(help="Liens du menu (Link).")

    @default("template_name")
    def _template_name_default(self) -> str:
        return "rapport"

    @default("extra_template_basedirs")
    def _basedirs_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("exclude_input")
    def _exclude_input_default(self) -> bool:
        return True

    @default("exclude_anchor_links")
    def _anchors_default(self) -> bool:
        return True

    @default("language_code")
    def _language_default(self) -> str:
        return "fr"

    def from_notebook_node(  # type: ignore[override]  # nbconvert's own HTMLExporter does the same
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook; see :func:`export_page` for the errors."""
        check_outputs(nb)
        nb = copy.deepcopy(nb)
        nb.cells = [cell for cell in nb.cells if TOOL_TAG not in cell.metadata.get("tags", ())]
        shell = self._shell(nb)
        html, resources = super().from_notebook_node(nb, {**(resources or {}), "rapport": shell}, **kw)
        return _tidy(html), resources

    def _shell(self, nb: Any) -> Shell:
        """Take the heading, the finding and the banner out of the flow of `nb`, and describe the page."""
        shown = exhibits(nb)
        overline = page_title(nb)
        finding = next((item for item in shown if item["genre"] == "finding"), None)
        header = next((item for item in shown if item["genre"] == "header"), None)
        simulated = any(item["simule"] for item in shown)
        banners = "".join(_hoist(nb, "header")) or (simulated_banner() if simulated else "")
        _hoist(nb, "finding")
        sections = _sections(nb)
        self._finish_fragments(nb)
        return Shell(
            h1=finding["titre"] if finding else overline or "Sans titre",
            overline=overline if finding else "",
            site_title=header["sous_titre"] if header else Shell.site_title,
            simulated=simulated,
            navigation=tuple(self.navigation),
            current=self.current,
            contents=sections if len(sections) >= _SOMMAIRE_FROM else (),
            header=_LAB_STYLE.sub("", banners),
        )

    def _finish_fragments(self, nb: Any) -> None:
        for cell in nb.cells:
            for output in cell.get("outputs", ()):
                item = output["data"][EXHIBIT_MIME]
                fragment = _LAB_STYLE.sub("", output["data"]["text/html"])
                output["data"]["text/html"] = _CSV_MARK.sub(self._link(item), fragment)

    def _link(self, item: dict[str, Any]) -> str:
        if not self.csv_folder or not item["lignes"]:
            return ""
        what = {"figure": "de la figure", "table": "du tableau"}.get(item["genre"], "des chiffres clés")
        rank = f" {item['numero']}" if item["numero"] else ""
        size = file_size(csv_bytes(item))
        return (
            f'<p class="dl"><a href="{self.csv_folder}/{csv_name(item)}">'
            f"Télécharger les données {what}{rank} (CSV, {size})</a></p>"
        )


def export_page(notebook: Any, *, navigation: Sequence[Link] = (), current: str = "", csv_folder: str = "") -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    navigation : sequence of Link
        Entries of the menu.
    current : str
        Address of this page among them.
    csv_folder : str
        Relative folder that holds the CSV files of the exhibits; empty for no link.

    Raises
    ------
    UserError
        A cell shows something other than an exhibit that passed the gate.
    """
    exporter: Any = ReportExporter(  # type: ignore[no-untyped-call]
        navigation=list(navigation), current=current, csv_folder=csv_folder
    )
    html: str = exporter.from_notebook_node(notebook)[0]
    return html


def page_title(notebook: Any) -> str:
    """Return the notebook's own title: its first level-one Markdown heading, empty when it has none."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for marks, title in _HEADING.findall(cell.source):
                if len(marks) == 1:
                    return typeset(_plain(title))
    return ""


def _plain(markdown: str) -> str:
    return re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", markdown).strip()


def _hoist(nb: Any, kind: str) -> list[str]:
    """Remove the outputs of a kind from the notebook and return their HTML."""
    found = []
    for cell in nb.cells:
        kept = []
        for output in cell.get("outputs", ()):
            if output["data"][EXHIBIT_MIME]["genre"] == kind:
                found.append(str(output["data"]["text/html"]))
            else:
                kept.append(output)
        if cell.cell_type == "code":
            cell.outputs = kept
    return found


def _sections(nb: Any) -> tuple[Section, ...]:
    """Drop the title from the flow, put the other headings in order, and list the sections.

    The page has one main heading of its own: the level-one headings of the notebook after the first become sections,
    and a level is never skipped on the way down.
    """
    sections: list[Section] = []
    level, title_seen = 1, False

    def rewrite(match: re.Match[str]) -> str:
        nonlocal level, title_seen
        depth = len(match.group(1))
        if depth == 1 and not title_seen:
            title_seen = True
            return ""
        level = min(max(depth, 2), level + 1)
        if level == 2:
            sections.append(Section(_slug(_plain(match.group(2))), typeset(_plain(match.group(2)))))
        return f"{'#' * level} {match.group(2)}"

    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = _HEADING.sub(rewrite, cell.source).strip()
    nb.cells = [cell for cell in nb.cells if cell.cell_type != "markdown" or cell.source]
    return tuple(sections)


def _slug(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return f"s-{re.sub(r'[^a-z0-9]+', '-', letters).strip('-')}"


def _tidy(html: str) -> str:
    """Give headings their ids, tables of prose their scopes, and prose its French spaces."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    used: dict[str, int] = {}
    for heading in soup.select(".prose h2, .prose h3, .prose h4, .prose h5, .prose h6"):
        slug = _slug(heading.get_text())
        used[slug] = used.get(slug, 0) + 1
        heading.attrs = {"id": slug if used[slug] == 1 else f"{slug}-{used[slug]}"}
    _typeset_prose(soup)
    for table in soup.select(".prose table"):
        for cell in table.select("thead th"):
            cell.attrs = {"scope": "col"}
    lines = (line.rstrip() for line in str(soup).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _typeset_prose(soup: BeautifulSoup) -> None:
    for prose in soup.select(".prose"):
        for text in prose.find_all(string=True):
            if not text.find_parent(["code", "pre"]):
                text.replace_with(typeset(str(text)))
