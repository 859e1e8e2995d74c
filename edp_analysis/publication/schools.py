"""One page a school, from one parameterised notebook run once for each.

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

__all__ = ["FOLDER", "SchoolPage", "run_cells", "run_schools", "school_notebook"]

FOLDER = "ecoles"
_NOTEBOOK = Path("notebooks") / FOLDER / "fiche_ecole.ipynb"


@dataclass(frozen=True)
class SchoolPage:
    """The executed notebook of one school, where it is kept, what it was run with, and the address of its page."""

    school: str
    href: str
    executed: Any
    path: Path
    parameters: Mapping[str, object]
    key: Key

    def describe(self) -> dict[str, Any]:
        """Return its lines of the manifest."""
        return {
            "carnet": _NOTEBOOK.as_posix(),
            "page": self.href,
            "parametres": dict(self.parameters),
            "cle": self.key.digest,
            "a_jour": True,
        }


def school_notebook(root: Path) -> Path | None:
    """Return the notebook of the schools' pages, ``None`` where the project has none."""
    path = root / _NOTEBOOK
    return path if path.is_file() else None


def run_schools(tables: Tables, audience: str, kept: Path, shared: Mapping[str, str]) -> tuple[SchoolPage, ...]:
    """Run the notebook for each school whose result is not already kept.

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
        In alphabetical order; none when no school is known.

    Raises
    ------
    UserError
        A cell failed; the school, the cell and the cause are named.
    """
    campaign = tables.campaign
    source = school_notebook(campaign.root)
    if source is None:
        return ()
    pages = []
    for school in sorted(tables.ecoles["ecole"].astype("str").unique()):
        given = {"campagne": campaign.code, "audience": audience, "ecole": school}
        parameters = check_parameters(source, given)
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", school)
        path, key = kept / FOLDER / f"{name}.ipynb", notebook_key(source, parameters, shared)
        why = key.why(load_entry(path))
        if why:
            with _project(campaign.root):
                executed = run_cells(read_notebook(source), parameters, f"{source.name} ({school})")
            executed.cells[0].source = f"# École {school}"
            write_notebook(normalise(executed), path)
            save_entry(path, key, why)
        else:
            executed = read_notebook(path)
        pages.append(SchoolPage(school, f"{FOLDER}/{name}.html", executed, path, parameters, key))
    return tuple(pages)


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
                f"Ouvrir {_NOTEBOOK.as_posix()} dans JupyterLab et rejouer la cellule.",
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
