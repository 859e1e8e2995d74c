"""Pages of one sheet a school, each kind from one parameterised notebook run once for each school.

A kernel a school would cost a start-up each, twenty seconds in all for ten schools; the cells are run here instead,
in the process that builds the site. The notebook stays an ordinary one, that papermill, JupyterLab and nbval run.
"""

from __future__ import annotations

import ast
import copy
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.result import Tables
from edp_analysis.problems import UserError
from edp_analysis.publication.cache import Key, load_entry, notebook_key, save_entry
from edp_analysis.publication.notebook import (
    PARAMETERS_TAG,
    cleared,
    exploration,
    normalise,
    read_notebook,
    write_notebook,
)
from edp_analysis.publication.parameters import check_parameters

__all__ = ["SHEETS", "SchoolPage", "Sheet", "run_cells", "run_schools", "school_notebooks"]


@dataclass(frozen=True)
class Sheet:
    """A kind of page that each school has.

    Attributes
    ----------
    folder : str
        Of its notebook, under ``notebooks``, and of its pages in the site.
    notebook : str
        File of its notebook.
    title : str
        Of a page, with ``{school}``.
    kind : str
        In words, over the list of its pages.
    style : str
        Name of its layout in the style sheet; empty for that of any sheet.
    """

    folder: str
    notebook: str
    title: str
    kind: str
    style: str = ""

    @property
    def path(self) -> Path:
        """Path of its notebook, from the root of the project."""
        return Path("notebooks") / self.folder / self.notebook


SHEETS = (
    Sheet("ecoles", "fiche_ecole.ipynb", "École {school}", "Une page par école"),
    Sheet("suivi", "tableau_de_bord.ipynb", "Tableau de bord {school}", "Un tableau de bord par école", "suivi"),
)
"""What each school has: its sheet, and the dashboard that it gets back."""


@dataclass(frozen=True)
class SchoolPage:
    """The executed notebook of one school, where it is kept, what it was run with, and the address of its page."""

    sheet: Sheet
    school: str
    href: str
    executed: Any
    path: Path
    parameters: Mapping[str, object]
    key: Key

    @property
    def title(self) -> str:
        """Title of the page."""
        return self.sheet.title.format(school=self.school)

    @property
    def name(self) -> str:
        """Name of the page among those of the site, unlike that of any other sheet."""
        return self.school if self.sheet is SHEETS[0] else f"{self.sheet.folder}-{self.school}"

    def describe(self) -> dict[str, Any]:
        """Return its lines of the manifest."""
        return {
            "carnet": self.sheet.path.as_posix(),
            "page": self.href,
            "parametres": dict(self.parameters),
            "cle": self.key.digest,
            "a_jour": True,
        }


def school_notebooks(root: Path) -> tuple[Path, ...]:
    """Return the notebooks of the schools' pages that the project has."""
    return tuple(root / sheet.path for sheet in SHEETS if (root / sheet.path).is_file())


def run_schools(tables: Tables, audience: str, kept: Path, shared: Mapping[str, str]) -> tuple[SchoolPage, ...]:
    """Run each kind of sheet for each school, unless its result is already kept.

    Parameters
    ----------
    tables : Tables
    audience : str
    kept : pathlib.Path
        Folder of the executed notebooks.
    shared : mapping of str to str
        What every notebook of the campaign depends on (see :func:`edp_analysis.publication.cache.context`).

    Returns
    -------
    tuple of SchoolPage
        Kind by kind, schools in alphabetical order; none when no school is known.

    Raises
    ------
    UserError
        A cell failed; the school, the cell and the cause are named.
    """
    campaign = tables.campaign
    schools = sorted(tables.ecoles["ecole"].astype("str").unique())
    return tuple(
        _run_sheet(sheet, school, campaign, audience, kept, shared)
        for sheet in SHEETS
        if (campaign.root / sheet.path).is_file()
        for school in schools
    )


def _run_sheet(
    sheet: Sheet, school: str, campaign: Campaign, audience: str, kept: Path, shared: Mapping[str, str]
) -> SchoolPage:
    source = campaign.root / sheet.path
    parameters = check_parameters(source, {"campagne": campaign.code, "audience": audience, "ecole": school})
    name = _file_name(school)
    path, key = kept / sheet.folder / f"{name}.ipynb", notebook_key(source, parameters, shared)
    why = key.why(load_entry(path))
    if why:
        with _project(campaign.root):
            executed = run_cells(read_notebook(source), parameters, f"{source.name} ({school})")
        executed.cells[0].source = f"# {sheet.title.format(school=school)}"
        _link(executed, sheet, school, campaign.root)
        write_notebook(normalise(executed), path)
        save_entry(path, key, why)
    else:
        executed = read_notebook(path)
    return SchoolPage(sheet, school, f"{sheet.folder}/{name}.html", executed, path, parameters, key)


def _file_name(school: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", school)


def _link(executed: Any, sheet: Sheet, school: str, root: Path) -> None:
    """Lead from a page of a school to its other ones, at the end of the last text that the page shows."""
    others = [
        f"[{other.title.format(school=school)}](../{other.folder}/{_file_name(school)}.html)"
        for other in SHEETS
        if other is not sheet and (root / other.path).is_file()
    ]
    last = [cell for cell in executed.cells[: exploration(executed)] if cell.cell_type == "markdown"][-1]
    if others:
        last.source += f"\n\nVoir aussi : {', '.join(others)}."


def run_cells(notebook: Any, parameters: Mapping[str, object], name: str) -> Any:
    """Run a notebook's code cells in this process, with parameters given.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Left as it is.
    parameters : mapping of str to object
        Replace the values of the cell tagged ``parameters``.
    name : str
        Said in errors.

    Returns
    -------
    nbformat.NotebookNode
        A copy whose cells hold their outputs: what the last expression of each shows. The tool cells at its end are
        not run and hold none.

    Raises
    ------
    UserError
        A cell failed; the cell and the cause are named.
    """
    import nbformat

    executed = copy.deepcopy(notebook)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    rank, end = 0, exploration(executed)
    executed.cells[end:] = [cleared(cell) for cell in executed.cells[end:]]
    for place, cell in enumerate(executed.cells[:end], start=1):
        if cell.cell_type != "code":
            continue
        rank += 1
        try:
            shown = _run(cell.source, f"{name}, cellule {place}", namespace)
            data = None if shown is None else shown._repr_mimebundle_()
        except UserError as error:
            raise UserError(f"{name}, cellule {place} : {error.what}", error.remedy) from error
        except Exception as error:
            raise UserError(
                f"{name}, cellule {place} : {type(error).__name__} : {error}.",
                "Ouvrir ce carnet dans JupyterLab et rejouer la cellule.",
            ) from error
        if PARAMETERS_TAG in cell.metadata.get("tags", ()):
            namespace |= parameters
        new: Any = nbformat.v4.new_output
        cell.execution_count = rank
        cell.outputs = [] if data is None else [new("execute_result", data=data, execution_count=rank)]
    return executed


def _run(source: str, name: str, namespace: dict[str, Any]) -> Any:
    """Run a cell and return the value of its last statement, when that is an expression."""
    statements: Sequence[ast.stmt] = ast.parse(source, name).body
    last = statements[-1] if statements and isinstance(statements[-1], ast.Expr) else None
    body = [*statements[:-1]] if last is not None else [*statements]
    exec(compile(ast.Module(body, []), name, "exec"), namespace)
    return None if last is None else eval(compile(ast.Expression(last.value), name, "eval"), namespace)


@contextmanager
def _project(root: Path) -> Iterator[None]:
    """Make `root` the project that the cells find, as kernels do; restored on leaving."""
    before = os.environ.get("EDP_PROJET")
    os.environ["EDP_PROJET"] = str(root)
    try:
        yield
    finally:
        if before is None:
            del os.environ["EDP_PROJET"]
        else:
            os.environ["EDP_PROJET"] = before
