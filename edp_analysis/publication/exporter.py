"""From an executed notebook to an accessible page: nbconvert with a template of our own.

``jupyter nbconvert --to rapport`` gives the same page. Only exhibits that passed the gate may be shown; anything else
stops the export with a message that names the cell.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbconvert.exporters.html import HTMLExporter
from traitlets import Bool, Dict, Unicode, default
from traitlets import List as ListOf

from edp_analysis.exhibits.banner import simulated_banner
from edp_analysis.exhibits.french import typeset
from edp_analysis.publication.downloads import csv_bytes, csv_name, file_size
from edp_analysis.publication.evidence import name_evidence
from edp_analysis.publication.notebook import EXHIBIT_MIME, exhibits, is_tool
from edp_analysis.publication.outputs import check_outputs
from edp_analysis.publication.shell import TEMPLATES, Essential, Section, Shell
from edp_analysis.publication.tidy import slug, tidy

__all__ = ["ReportExporter", "essentials", "export_page", "page_title"]

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_LAB_STYLE = re.compile(r'<style class="edp-lab">.*?</style>', re.DOTALL)
_CSV_MARK = re.compile(r"<!--edp:csv:([a-z0-9_-]+)-->")
_STATED = re.compile(r"\d")
_ESSENTIALS = 5
"""Facts listed at the top of a page, at most; a page that answers more questions lists all its answers."""
_SOMMAIRE_FROM = 3
"""Number of sections from which a page gets a table of contents."""


class ReportExporter(HTMLExporter):
    """Export an executed notebook as one self-contained French page."""

    export_from_notebook = "Rapport"
    csv_folder = Unicode("", help="Dossier relatif des fichiers CSV ; vide : aucun lien.").tag(config=True)
    current = Unicode("", help="Adresse de cette page dans la navigation.").tag(config=True)
    navigation: Any = ListOf(help="Liens du menu (Link).")
    site_root = Unicode("", help="Chemin relatif de la racine du site, « ../ » depuis un sous-dossier.").tag(
        config=True
    )
    accessibility = Unicode("", help="État d'accessibilité dit en pied de page.").tag(config=True)
    evidence: Any = Dict(help="Nom de ce que chaque preuve citée désigne, par référence.")
    one_sheet = Bool(False, help="Page d'une seule feuille A4, sans sommaire ni essentiel.").tag(config=True)
    sheet = Unicode("", help="Mise en page propre à cette feuille, dite à la feuille de style.").tag(config=True)

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
        nb.cells = [cell for cell in nb.cells if not is_tool(cell)]
        shell = self._shell(nb)
        html, resources = super().from_notebook_node(nb, {**(resources or {}), "rapport": shell}, **kw)
        return tidy(html), resources

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
            contents=sections if len(sections) >= _SOMMAIRE_FROM and not self.one_sheet else (),
            header=_LAB_STYLE.sub("", banners),
            essentials=() if self.one_sheet else essentials(shown),
            root=self.site_root,
            style=f"fiche {self.sheet}".strip() if self.one_sheet else "",
            accessibility=self.accessibility or Shell.accessibility,
            audience=next((str(item["public_vise"]) for item in shown if item["public_vise"]), Shell.audience),
        )

    def _finish_fragments(self, nb: Any) -> None:
        for cell in nb.cells:
            for output in cell.get("outputs", ()):
                item = output["data"][EXHIBIT_MIME]
                fragment = name_evidence(_LAB_STYLE.sub("", output["data"]["text/html"]), self.evidence)
                output["data"]["text/html"] = _CSV_MARK.sub(self._link(item), fragment)

    def _link(self, item: dict[str, Any]) -> str:
        if not self.csv_folder or not item["lignes"]:
            return ""
        what = {"figure": "de la figure", "table": "du tableau"}.get(item["genre"], "des chiffres clés")
        rank = f" {item['numero']}" if item["numero"] else ""
        size = file_size(csv_bytes(item))
        return (
            f'<p class="dl"><a href="{self.site_root}{self.csv_folder}/{csv_name(item)}">'
            f"Télécharger les données {what}{rank} (CSV, {size})</a></p>"
        )


def export_page(notebook: Any, **options: Any) -> str:
    """Return the page of an executed notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    **options
        Those of :class:`ReportExporter`: ``navigation`` (entries of the menu) and ``current`` (this page's address
        among them), ``csv_folder`` (relative folder of the CSV files; empty for no link), ``site_root``,
        ``accessibility``, ``evidence`` (see :func:`~edp_analysis.publication.evidence.evidence_names`), ``one_sheet``,
        ``sheet``.

    Raises
    ------
    UserError
        A cell shows something other than an exhibit that passed the gate.
    """
    exporter: Any = ReportExporter(  # type: ignore[no-untyped-call]
        **{**options, "navigation": list(options.get("navigation", ()))}
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


def essentials(shown: Sequence[Mapping[str, Any]]) -> tuple[Essential, ...]:
    """Choose the page's main facts: its answers, then the figures and tables whose title states a computed figure.

    Five at most; a page made of more answers than that leaves them where they stand.

    Parameters
    ----------
    shown : sequence of mapping
        Descriptions of the exhibits, in reading order.

    Examples
    --------
    >>> essentials([{"genre": "figure", "id": "a", "titre": "La part des filles", "numero": 1},
    ...             {"genre": "figure", "id": "b", "titre": "54 % sont certifiés", "numero": 2}])
    (Essential(text='54 % sont certifiés', href='#b', source='figure 2'),)
    """
    answers = [
        Essential(item["titre"], f"#{item['id']}", f"réponse à la question {item['question']}")
        for item in shown
        if item["genre"] == "answer"
    ]
    words = {"figure": "figure", "table": "tableau"}
    stated = [
        Essential(item["titre"], f"#{item['id']}", f"{words[item['genre']]} {item['numero']}")
        for item in shown
        if item["genre"] in words and _STATED.search(item["titre"])
    ]
    # A page of answers shows them at once below: repeated here they would only push them away.
    shown_here = answers if len(answers) <= _ESSENTIALS else []
    return tuple([*shown_here, *stated][:_ESSENTIALS])


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
            sections.append(Section(slug(_plain(match.group(2))), typeset(_plain(match.group(2)))))
        return f"{'#' * level} {match.group(2)}"

    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = _HEADING.sub(rewrite, cell.source).strip()
    nb.cells = [cell for cell in nb.cells if cell.cell_type != "markdown" or cell.source]
    return tuple(sections)
