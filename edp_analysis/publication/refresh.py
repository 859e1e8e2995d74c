"""Store in the committed notebooks the outputs of their default campaign.

Run as ``python -m edp_analysis.publication.refresh`` (``make notebooks``). The outputs are what nbval compares with,
so they hold nothing that changes from one run to the next, and only simulated data.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import typer

from edp_analysis.campaign import find_root
from edp_analysis.problems import UserError
from edp_analysis.publication.kernels import Job, Outcome, execute_notebooks
from edp_analysis.publication.notebook import exhibits, find_notebooks, page_name, read_notebook
from edp_analysis.publication.parameters import check_parameters
from edp_analysis.publication.schools import school_notebooks

__all__ = ["main", "refresh"]


def refresh(root: Path, say: Callable[[str], object]) -> bool:
    """Execute each notebook with its own parameters and store its outputs.

    Parameters
    ----------
    root : pathlib.Path
        Project root.
    say : callable
        Receives one line a notebook.

    Returns
    -------
    bool
        Every notebook succeeded.

    Raises
    ------
    UserError
        A notebook whose parameters are refused, or whose outputs would hold data that are not simulated.
    """
    notebooks = (*find_notebooks(root), *school_notebooks(root))
    for path in notebooks:
        check_parameters(path, {})
    with tempfile.TemporaryDirectory(prefix="edp-carnets-") as folder:
        jobs = [
            Job(path, Path(folder) / path.name, Path(tempfile.gettempdir()) / f"edp-{page_name(path)}.log", tools=True)
            for path in notebooks
        ]
        outcomes = execute_notebooks(jobs, root)
        for outcome in outcomes:
            _check_simulated(outcome)
        for job, outcome in zip(jobs, outcomes, strict=True):
            say(str(outcome.failure) if outcome.failure else f"{job.notebook.name} : {_store(job)}")
    return not any(outcome.failure for outcome in outcomes)


def _check_simulated(outcome: Outcome) -> None:
    if outcome.failure is None and not all(
        e.get("simule") is True for e in exhibits(read_notebook(outcome.job.output), tools=True)
    ):
        raise UserError(
            f"{outcome.job.notebook.name} : ses résultats ne viennent pas de données simulées ; rien n'est enregistré.",
            "Choisir une campagne simulée comme valeur par défaut de ses paramètres.",
        )


def _store(job: Job) -> str:
    content = job.output.read_bytes()
    if content == job.notebook.read_bytes():
        return "inchangé"
    job.notebook.write_bytes(content)
    return "mis à jour"


def main() -> None:
    """Refresh the notebooks of the current project; exit code 1 when one failed, 2 when it could not be done."""
    try:
        done = refresh(find_root(), typer.echo)
    except UserError as error:
        typer.echo(f"ERREUR  {error}", err=True)
        sys.exit(2)
    sys.exit(0 if done else 1)


if __name__ == "__main__":
    main()
