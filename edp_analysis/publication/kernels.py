"""Notebooks executed with papermill, several at a time, each failure told in a few French lines.

The traceback goes to a log file that is named; nothing else is printed, so that the caller decides what to show.
"""

from __future__ import annotations

import copy
import logging
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.publication.kernelspec import own_kernel
from edp_analysis.publication.notebook import (
    INJECTED_TAG,
    PARAMETERS_TAG,
    cleared,
    exhibits,
    exploration,
    heading_above,
    normalise,
    page_name,
    read_notebook,
    write_notebook,
)
from edp_analysis.publication.outputs import check_outputs

__all__ = ["Job", "NotebookFailure", "Outcome", "execute_notebooks"]

_COLOURS = re.compile("\x1b\\[[0-9;]*m")
_EXECUTED = "execute.ipynb"
_MISSING_MODULE = "Relancer « make setup » (ou recréer l'environnement) : une bibliothèque manque."
_REMEDIES = {
    "KeyError": "Vérifier le nom de la colonne ou de la clé dans cette cellule.",
    "NameError": "Vérifier que ce nom est bien importé ou calculé dans une cellule qui précède.",
    "ModuleNotFoundError": _MISSING_MODULE,
    "ImportError": _MISSING_MODULE,
    "SyntaxError": "Corriger la cellule : ce n'est pas du Python valide.",
    "MemoryError": "Fermer d'autres programmes, ou réduire « --jobs ».",
    "DeadKernelError": "Relancer ; si cela se répète, réduire « --jobs » (mémoire insuffisante).",
    "CellTimeoutError": "La cellule est trop longue : déplacer le calcul dans la bibliothèque.",
}


@dataclass(frozen=True)
class Job:
    """One notebook to execute.

    Attributes
    ----------
    notebook : pathlib.Path
        Source, never written.
    parameters : mapping of str to object
        Already checked; none leaves the notebook's own values, without an injected cell.
    output : pathlib.Path
        Where the executed notebook is written, normalised; only on success.
    log : pathlib.Path
        Where the traceback goes on failure.
    tools : bool
        Execute the tool cells at the end too. Otherwise they are kept as they are written, without outputs: no page
        shows what they do.
    """

    notebook: Path
    output: Path
    log: Path
    parameters: Mapping[str, object] = field(default_factory=dict)
    tools: bool = False


@dataclass(frozen=True)
class NotebookFailure:
    """Why a notebook failed, in French.

    Attributes
    ----------
    notebook : str
        File name.
    cell : int or None
        Place of the cell in the source notebook, from 1; ``None`` when no cell is to blame.
    heading : str
        Nearest heading above the cell.
    cause, remedy : str
    log : str
        Path of the log that holds the traceback.
    """

    notebook: str
    cell: int | None
    heading: str
    cause: str
    remedy: str
    log: str

    def __str__(self) -> str:
        place = self.notebook
        if self.cell is not None:
            place += f", cellule {self.cell}"
        if self.heading:
            place += f" (section « {self.heading} »)"
        lines = [place, f"  {self.cause}"]
        lines += [f"  {self.remedy}"] if self.remedy else []
        return "\n".join([*lines, f"  Ouvrir : edp lab {page_name(Path(self.notebook))}", f"  Détail : {self.log}"])


@dataclass(frozen=True)
class Outcome:
    """What became of a job: done when ``failure`` is ``None``; how long it took, for the one who waits."""

    job: Job
    failure: NotebookFailure | None
    seconds: float = 0.0


def execute_notebooks(
    jobs: Sequence[Job],
    root: Path,
    workers: int | None = None,
    cell_timeout: int = 600,
    done: Callable[[Outcome], None] | None = None,
) -> tuple[Outcome, ...]:
    """Execute notebooks, several at a time; a failure never stops the others.

    Parameters
    ----------
    jobs : sequence of Job
    root : pathlib.Path
        Project that the notebooks work in, whatever the working directory (variable ``EDP_PROJET`` of the kernels).
    workers : int, optional
        Notebooks at a time; the number of processors when not given, never more than there are jobs.
    cell_timeout : int
        Seconds allowed to one cell.
    done : callable, optional
        Called with each outcome, as it comes, in the calling thread.

    Returns
    -------
    tuple of Outcome
        In the order of `jobs`.
    """
    if not jobs:
        return ()
    outcomes: dict[Path, Outcome] = {}
    count = max(1, min(workers or os.cpu_count() or 1, len(jobs)))
    with _kernel_environment(root), ThreadPoolExecutor(count) as pool:
        futures = [pool.submit(_timed, job, cell_timeout) for job in jobs]
        try:
            for future in as_completed(futures):
                outcome = future.result()
                outcomes[outcome.job.notebook] = outcome
                if done is not None:
                    done(outcome)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return tuple(outcomes[job.notebook] for job in jobs)


@contextmanager
def _kernel_environment(root: Path) -> Iterator[None]:
    """Set what kernels inherit: this Python, the project, one hash order, no debugger chatter. Restored on leaving."""
    wanted = {"EDP_PROJET": str(root), "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    with tempfile.TemporaryDirectory(prefix="edp-noyau-", ignore_cleanup_errors=True) as folder:
        wanted |= own_kernel(Path(folder))
        before = {name: os.environ.get(name) for name in wanted}
        os.environ.update(wanted)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def _timed(job: Job, cell_timeout: int) -> Outcome:
    start = time.monotonic()
    return replace(_execute(job, cell_timeout), seconds=time.monotonic() - start)


def _execute(job: Job, cell_timeout: int) -> Outcome:
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    job.log.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="edp-carnet-", ignore_cleanup_errors=True) as folder:
        try:
            executed = _start_twice(job, Path(folder), cell_timeout)
        except PapermillExecutionError as error:
            index = _source_index(job, error.cell_index)
            return _failed(job, error.ename, error.evalue, "\n".join(error.traceback), index)
        except CellTimeoutError as error:
            return _failed(job, "CellTimeoutError", f"plus de {cell_timeout} s", str(error), _last_cell(job, folder))
        except DeadKernelError as error:
            return _failed(job, "DeadKernelError", "le noyau s'est arrêté", str(error), _last_cell(job, folder))
        except RuntimeError as error:
            return _failed(job, "", f"Le noyau Python n'a pas démarré : {error}", str(error))
    try:
        _check_result(executed)
    except UserError as error:
        return _failed(job, "UserError", str(error), str(error))
    write_notebook(normalise(executed), job.output)
    return Outcome(job, None)


def _check_result(executed: Any) -> None:
    """Refuse a notebook that succeeded with nothing inside, or that shows what a page may not show."""
    if not exhibits(executed):
        raise UserError("Carnet sans résultat : il ne montre ni figure, ni tableau, ni chiffre clé, ni phrase.")
    own = copy.copy(executed)
    own.cells = [cell for cell in executed.cells if INJECTED_TAG not in cell.metadata.get("tags", ())]
    check_outputs(own)


def _start_twice(job: Job, folder: Path, cell_timeout: int) -> Any:
    """Run one notebook; a kernel that could not start (ports taken, machine busy) is started once more."""
    from nbclient.exceptions import DeadKernelError

    try:
        return _run_kernel(job, folder, cell_timeout)
    except DeadKernelError:
        raise
    except RuntimeError:
        return _run_kernel(job, folder, cell_timeout)


def _run_kernel(job: Job, folder: Path, cell_timeout: int) -> Any:
    import papermill
    from traitlets.config import Config

    # Without a handler of its own, its log would go to the terminal: failures are told by NotebookFailure instead.
    logging.getLogger("papermill").addHandler(logging.NullHandler())
    source, left_out = _without_tools(job, folder)
    executed = papermill.execute_notebook(
        source,
        folder / _EXECUTED,
        dict(job.parameters),
        kernel_name="python3",
        language="python",
        progress_bar=False,
        execution_timeout=cell_timeout,
        # Without this, ipykernel warns on every start that its sockets are not encrypted.
        config=Config({"KernelManager": {"transport_encryption": "auto"}}),
        # papermill's own `cwd` changes the directory of the whole process, which threads share.
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=CRITICAL"],
    )
    executed.cells += left_out
    return executed


def _without_tools(job: Job, folder: Path) -> tuple[Path, list[Any]]:
    """Return the notebook to execute, and the cells at its end that are left out, cleared of their outputs."""
    if job.tools:
        return job.notebook, []
    notebook = read_notebook(job.notebook)
    start = exploration(notebook)
    left_out = [cleared(cell) for cell in notebook.cells[start:]]
    if not left_out:
        return job.notebook, []
    del notebook.cells[start:]
    write_notebook(notebook, folder / job.notebook.name)
    return folder / job.notebook.name, left_out


def _source_index(job: Job, index: int) -> int:
    """Translate a cell index of the executed notebook, where papermill injects a cell, to the source's."""
    if not job.parameters:
        return index
    cells = read_notebook(job.notebook).cells
    tagged = [place for place, cell in enumerate(cells) if PARAMETERS_TAG in cell.metadata.get("tags", ())]
    return index - 1 if tagged and index > tagged[0] else index


def _last_cell(job: Job, folder: str) -> int | None:
    """Find the cell that was running when the kernel was lost: the last one that papermill had begun."""
    path = Path(folder) / _EXECUTED
    if not path.is_file():
        return None
    cells = read_notebook(path).cells
    begun = [
        place
        for place, cell in enumerate(cells)
        if cell.cell_type == "code" and cell.metadata.get("papermill", {}).get("start_time")
    ]
    return _source_index(job, begun[-1]) if begun else None


def _failed(job: Job, kind: str, message: str, trace: str, index: int | None = None) -> Outcome:
    job.log.parent.mkdir(parents=True, exist_ok=True)
    job.log.write_text(_COLOURS.sub("", trace) + "\n", encoding="utf-8")
    heading = heading_above(read_notebook(job.notebook), index) if index is not None else ""
    if kind == "UserError":
        cause, remedy = message, ""
    else:
        cause = f"{kind} : {message}" if kind else message
        remedy = _REMEDIES.get(kind, "Ouvrir le carnet et rejouer la cellule.")
    cell = None if index is None else index + 1
    return Outcome(job, NotebookFailure(job.notebook.name, cell, heading, cause, remedy, str(job.log)))
