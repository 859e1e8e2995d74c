"""The site of a campaign: a page a notebook and a school, the portal, the figures as CSV, the notebooks, a manifest.

A fault that a machine can see in a page keeps the former site in place.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from edp_analysis.cleaning.result import Tables
from edp_analysis.publication.downloads import write_csvs
from edp_analysis.publication.evidence import check_evidence, evidence_names
from edp_analysis.publication.exporter import export_page, page_title
from edp_analysis.publication.gates import check_site
from edp_analysis.publication.handout import handout_pages, render_handout
from edp_analysis.publication.manifest import build_manifest, describe_exhibit, write_manifest
from edp_analysis.publication.notebook import read_notebook
from edp_analysis.publication.pages import DICTIONARY, Site, dictionary_csv, render_pages
from edp_analysis.publication.portal import PageInfo, navigation, render_portal
from edp_analysis.publication.register import RegisterEntry
from edp_analysis.publication.report import Event, NotebookRun
from edp_analysis.publication.schools import SchoolPage, run_schools
from edp_analysis.publication.selection import read_selection
from edp_analysis.publication.staging import replacing
from edp_analysis.publication.statement import read_statement
from edp_analysis.wording import counted

__all__ = ["build_site"]

_PORTAL = "index.html"
_CSV_FOLDER = "donnees"
_NOTEBOOK_FOLDER = "carnets"


def build_site(
    tables: Tables,
    audience: str,
    notebooks: Sequence[NotebookRun],
    register: Sequence[RegisterEntry],
    site: Path,
    say: Callable[[Event], None] | None = None,
) -> tuple[Path, ...]:
    """Build the site beside the former one, then put it in its place.

    Parameters
    ----------
    tables : Tables
    audience : str
    notebooks : sequence of NotebookRun
        In page order; one that has never succeeded has no page.
    register : sequence of RegisterEntry
    site : pathlib.Path
        Folder to replace.
    say : callable, optional
        Told when each part is done: the sheets of the schools, the pages, the check of the site.

    Returns
    -------
    tuple of pathlib.Path
        The portal, the pages of the notebooks, the page to print, those of the schools.

    Raises
    ------
    SiteFaultError
        A page has a fault that a machine can see; the former site stays in place.
    UserError
        The notebook of the schools failed, or something is cited that no page shows.
    """
    executed = {n.page: read_notebook(n.executed) for n in notebooks if n.executed.is_file()}
    built = [notebook for notebook in notebooks if notebook.page in executed]
    part = _Parts(say)
    schools = _schools(tables, audience, built)
    part.done(counted(len(schools), "fiche ou tableau de bord d'école", "fiches et tableaux de bord des écoles"))
    pages = [_page_info(notebook, executed[notebook.page]) for notebook in built]
    shown = {page.name: {str(item["id"]) for item in page.exhibits} for page in pages}
    documents = dict(zip(tables.documents["id_document"], tables.documents["titre"], strict=True))
    check_evidence(tables.campaign, shown, {entry.id for entry in register}, documents)
    evidence = evidence_names(
        [(page.name, page.title, page.exhibits) for page in pages],
        {entry.id: entry.statement for entry in register},
        documents,
    )
    sheets = [PageInfo(s.name, s.title, s.href, s.executed, folder=s.sheet.folder) for s in schools]
    statement = read_statement(tables.campaign)
    selection = read_selection(tables.campaign.root)
    listed = [*pages, *handout_pages(selection, tables.campaign)]
    menu = navigation(listed, bool(sheets))
    about = Site(tables.campaign, audience, statement, menu, listed, sheets, _CSV_FOLDER)
    printed = render_handout(about, selection, [notebook.page for notebook in notebooks])
    common = {
        "navigation": menu,
        "csv_folder": _CSV_FOLDER,
        "accessibility": statement.accessibility,
        "evidence": evidence,
    }
    with replacing(site) as staging:
        for notebook, page in zip(built, pages, strict=True):
            _write_page(page, notebook.executed, notebook.path.name, staging, common)
        for sheet, page in zip(schools, sheets, strict=True):
            own = {"one_sheet": True, "sheet": sheet.sheet.style, "site_root": "../"}
            _write_page(page, sheet.path, sheet.path.name, staging, {**common, **own})
        for href, html in {**render_pages(about), **printed}.items():
            _write(staging / href, html)
        (staging / _CSV_FOLDER).mkdir(exist_ok=True)
        (staging / _CSV_FOLDER / DICTIONARY).write_bytes(dictionary_csv())
        portal = render_portal(
            tables.campaign, tables, listed, register, audience, sheets, accessibility=statement.accessibility
        )
        _write(staging / _PORTAL, portal)
        manifest = build_manifest(
            tables,
            audience,
            [
                *(notebook.describe(tables.campaign.root) for notebook in built),
                *(sheet.describe() for sheet in schools),
            ],
            [described for page in (*pages, *sheets) for described in _described(page)],
            [str(entry.verdict) for entry in register],
            staging,
        )
        write_manifest(manifest, staging)
        part.done("pages, figures en CSV et portail écrits")
        check_site(staging)
        part.done("chaque page vérifiée")
    return (site / _PORTAL, *(site / page.href for page in (*listed, *sheets)))


class _Parts:
    """Tells when each of the three parts of a site is done, and how long it took."""

    _TOTAL = 3

    def __init__(self, say: Callable[[Event], None] | None) -> None:
        self._say = say
        self._count = 0
        self._start = time.monotonic()

    def done(self, label: str) -> None:
        now = time.monotonic()
        self._count += 1
        if self._say is not None:
            self._say(Event("pages", "avance", label, self._count, self._TOTAL, now - self._start))
        self._start = now


def _schools(tables: Tables, audience: str, notebooks: Sequence[NotebookRun]) -> tuple[SchoolPage, ...]:
    """Run the schools' notebook beside the others, on which the whole depends in the same way."""
    if not notebooks:
        return ()
    first = notebooks[0]
    return run_schools(tables, audience, first.executed.parent, first.key.shared)


def _page_info(notebook: NotebookRun, executed: Any) -> PageInfo:
    return PageInfo(
        name=notebook.page,
        title=page_title(executed) or notebook.page,
        href=f"{notebook.page}.html",
        notebook=executed,
        folder=notebook.path.parent.name,
        error="ce dont elle dépend a changé depuis ; relancer « edp run » sans --only." if notebook.stale else None,
    )


def _write_page(page: PageInfo, executed: Path, name: str, folder: Path, options: Mapping[str, Any]) -> None:
    _write(folder / page.href, export_page(page.notebook, current=page.href, **options))
    write_csvs(page.notebook, folder / _CSV_FOLDER)
    kept = folder / _NOTEBOOK_FOLDER / Path(page.href).parent / name
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(executed, kept)


def _described(page: PageInfo) -> list[dict[str, Any]]:
    return [describe_exhibit(item, page.href) for item in page.exhibits]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
