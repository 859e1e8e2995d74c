"""What a notebook file is to the rest of publication: read, found, named, and stored without noise."""

from __future__ import annotations

import copy
import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError

__all__ = [
    "EXHIBIT_MIME",
    "INJECTED_TAG",
    "PARAMETERS_TAG",
    "TOOL_TAG",
    "cleared",
    "exhibits",
    "exploration",
    "find_notebooks",
    "heading_above",
    "is_tool",
    "normalise",
    "page_name",
    "read_notebook",
    "write_notebook",
]

EXHIBIT_MIME = "application/vnd.edp.exhibit+json"
PARAMETERS_TAG = "parameters"
INJECTED_TAG = "injected-parameters"
"""The cell that papermill adds, with the values given."""
TOOL_TAG = "outil"
"""Cells so tagged serve the analyst only: nothing they show leaves the notebook."""
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_TIMINGS = ("execution", "papermill")
_LEADING_NUMBER = re.compile(r"^\d+[_-]?")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*$", re.MULTILINE)


def read_notebook(path: Path) -> Any:
    """Read a notebook in format 4.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    UserError
        The file is missing or is not a notebook.
    """
    import nbformat

    try:
        return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    except OSError as error:
        raise UserError(f"Le carnet « {path} » ne se lit pas.", "Vérifier son nom et son dossier.") from error
    except (ValueError, AttributeError, KeyError, nbformat.ValidationError) as error:
        raise UserError(
            f"« {path} » n'est pas un carnet Jupyter lisible.", "L'ouvrir et l'enregistrer avec JupyterLab."
        ) from error


def write_notebook(notebook: Any, path: Path) -> None:
    """Write a notebook with sorted keys, one line feed at the end, whatever the platform."""
    import nbformat

    path.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    path.write_text(text.rstrip("\n") + "\n", encoding="utf-8", newline="\n")


def find_notebooks(root: Path, only: Sequence[str] = ()) -> tuple[Path, ...]:
    """List the numbered notebooks of a project, in the order of their pages.

    Parameters
    ----------
    root : pathlib.Path
        Project root; notebooks are ``notebooks/**/[0-9]*.ipynb``.
    only : sequence of str
        Names to keep: a page name (``"profils"``), a stem (``"02_profils"``) or a path.

    Raises
    ------
    UserError
        No notebook, two notebooks for one page, or a name in `only` that matches none (the nearest is suggested).
    """
    folder = root / "notebooks"
    found = sorted(
        path
        for path in folder.rglob("[0-9]*.ipynb")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise UserError(f"Aucun carnet numéroté dans « {folder} ».", "Y placer par exemple 01_ma_question.ipynb.")
    pages: dict[str, Path] = {}
    for path in found:
        twin = pages.setdefault(page_name(path), path)
        if twin != path:
            raise UserError(
                f"Deux carnets donneraient la page « {page_name(path)}.html » : {twin.name} et {path.name}.",
                "Renommer l'un des deux.",
            )
    if not only:
        return tuple(found)
    wanted = [_pick(name, pages) for name in only]
    return tuple(path for path in found if path in wanted)


def _pick(name: str, pages: Mapping[str, Path]) -> Path:
    asked = page_name(Path(name))
    if asked not in pages:
        near = difflib.get_close_matches(asked, pages, n=1, cutoff=0.5)
        hint = f" Peut-être : « {near[0]} » ?" if near else ""
        raise UserError(f"Carnet « {name} » inconnu.{hint}", f"Carnets du projet : {', '.join(pages)}.")
    return pages[asked]


def page_name(path: Path) -> str:
    """Return the name of the page of a notebook: its stem without the leading number.

    Examples
    --------
    >>> page_name(Path("notebooks/phase1/02_profils.ipynb"))
    'profils'
    """
    stem = path.stem if path.suffix == ".ipynb" else path.name
    return _LEADING_NUMBER.sub("", stem) or stem


def is_tool(cell: Any) -> bool:
    """Tell whether a cell serves the analyst only."""
    return TOOL_TAG in cell.metadata.get("tags", ())


def exploration(notebook: Any) -> int:
    """Return the index of the first of the tool cells that end a notebook; the number of cells when there is none.

    That is where the page ends. Nothing after it feeds the page, so a batch run leaves it out.
    """
    start = len(notebook.cells)
    while start and is_tool(notebook.cells[start - 1]):
        start -= 1
    return start


def cleared(cell: Any) -> Any:
    """Return a copy of a cell as if it had never been executed."""
    copied = copy.deepcopy(cell)
    if copied.cell_type == "code":
        copied.execution_count, copied.outputs = None, []
    return copied


def exhibits(notebook: Any, tools: bool = False) -> tuple[dict[str, Any], ...]:
    """Return the description of each exhibit that the page of an executed notebook shows, in reading order.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    tools : bool
        Take also those of the tool cells, which are in the notebook and not in the page.
    """
    return tuple(
        dict(output["data"][EXHIBIT_MIME])
        for cell in notebook.cells
        if tools or not is_tool(cell)
        for output in cell.get("outputs", ())
        if EXHIBIT_MIME in output.get("data", {})
    )


def heading_above(notebook: Any, index: int) -> str:
    """Return the nearest Markdown heading at or above cell `index`; empty when there is none."""
    for cell in reversed(notebook.cells[: index + 1]):
        if cell.cell_type == "markdown" and (titles := _HEADING.findall(cell.source)):
            return str(titles[-1])
    return ""


def normalise(notebook: Any) -> Any:
    """Remove from a notebook, in place, what differs between two runs: clocks, paths, versions."""
    for key in (*_TIMINGS, "widgets", "signature"):
        notebook.metadata.pop(key, None)
    notebook.metadata["kernelspec"] = dict(_KERNEL)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for key in (*_TIMINGS, "ExecuteTime"):
            cell.metadata.pop(key, None)
        if INJECTED_TAG in cell.metadata.get("tags", ()):
            cell["id"] = INJECTED_TAG  # papermill draws one at random
        if not cell.metadata.get("tags", True):
            del cell.metadata["tags"]
    return notebook
