"""The site of a campaign: one page a notebook, the portal, the figures as CSV, the executed notebooks, the manifest."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from edp_analysis.cleaning.result import Tables
from edp_analysis.publication.downloads import write_csvs
from edp_analysis.publication.exporter import export_page, page_title
from edp_analysis.publication.manifest import build_manifest, write_manifest
from edp_analysis.publication.notebook import read_notebook
from edp_analysis.publication.portal import PageInfo, navigation, render_portal
from edp_analysis.publication.register import RegisterEntry
from edp_analysis.publication.report import NotebookRun
from edp_analysis.publication.shell import Link
from edp_analysis.publication.staging import replacing

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

    Returns
    -------
    tuple of pathlib.Path
        The pages, the portal first.
    """
    executed = {n.page: read_notebook(n.executed) for n in notebooks if n.executed.is_file()}
    built = [notebook for notebook in notebooks if notebook.page in executed]
    pages = [_page_info(notebook, executed[notebook.page]) for notebook in built]
    with replacing(site) as staging:
        for notebook, page in zip(built, pages, strict=True):
            _write_page(notebook, page, navigation(pages), staging)
        portal = render_portal(tables.campaign, tables, pages, register, audience)
        _write(staging / _PORTAL, portal)
        manifest = build_manifest(
            tables,
            audience,
            [notebook.describe(tables.campaign.root) for notebook in built],
            [described for page in pages for described in _described(page)],
            [str(entry.verdict) for entry in register],
            staging,
        )
        write_manifest(manifest, staging)
    return (site / _PORTAL, *(site / page.href for page in pages))


def _page_info(notebook: NotebookRun, executed: Any) -> PageInfo:
    return PageInfo(
        name=notebook.page,
        title=page_title(executed) or notebook.page,
        href=f"{notebook.page}.html",
        notebook=executed,
        error="ce dont elle dépend a changé depuis ; relancer « edp run » sans --only." if notebook.stale else None,
    )


def _write_page(notebook: NotebookRun, page: PageInfo, menu: Sequence[Link], folder: Path) -> None:
    html = export_page(page.notebook, navigation=menu, current=page.href, csv_folder=_CSV_FOLDER)
    _write(folder / page.href, html)
    write_csvs(page.notebook, folder / _CSV_FOLDER)
    (folder / _NOTEBOOK_FOLDER).mkdir(exist_ok=True)
    shutil.copyfile(notebook.executed, folder / _NOTEBOOK_FOLDER / notebook.path.name)


def _described(page: PageInfo) -> list[dict[str, str]]:
    return [
        {"id": item["id"], "genre": item["genre"], "titre": item["titre"], "page": page.href} for item in page.exhibits
    ]


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
