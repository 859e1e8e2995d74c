"""What a run tells while it goes on, and what it did and found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from edp_analysis.cleaning.result import Tables
from edp_analysis.problems import Problem, Severity, worst
from edp_analysis.publication.cache import Key
from edp_analysis.publication.kernels import NotebookFailure
from edp_analysis.publication.register import RegisterEntry, Verdict, worst_verdict

__all__ = ["Event", "NotebookRun", "RunReport"]


@dataclass(frozen=True)
class Event:
    """Something a terminal may show while a run goes on.

    Attributes
    ----------
    step : str
        ``"données"``, ``"carnets"``, ``"registre"`` or ``"pages"``.
    state : str
        ``"début"``, ``"avance"`` or ``"fin"``.
    label : str
        What it is about, in French.
    done, total : int
        Progress within the step.
    seconds : float
        How long what the label names took.
    """

    step: str
    state: str
    label: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class NotebookRun:
    """What became of one notebook in a run.

    Attributes
    ----------
    path : pathlib.Path
        Source.
    page : str
        Name of its page, without extension.
    parameters : mapping of str to object
    key : Key
    executed : pathlib.Path
        Executed notebook that is kept for the next run.
    reason : str
        Why it last ran, in French.
    ran : bool
        It was executed by this run.
    stale : bool
        It was not asked for, and its page no longer matches its inputs.
    mixed : str
        What its page and those of this run do not share (campaign, data, code…), in French; empty when they agree.
    failure : NotebookFailure or None
    """

    path: Path
    page: str
    parameters: Mapping[str, object]
    key: Key
    executed: Path
    reason: str = ""
    ran: bool = False
    stale: bool = False
    mixed: str = ""
    failure: NotebookFailure | None = None

    def describe(self, root: Path) -> dict[str, Any]:
        """Return its lines of the manifest: nothing that differs between two builds of the same thing."""
        return {
            "carnet": self.path.relative_to(root).as_posix(),
            "page": f"{self.page}.html",
            "parametres": dict(self.parameters),
            "cle": self.key.digest,
            "motif": self.reason,
            "a_jour": not self.stale,
        }


@dataclass(frozen=True)
class RunReport:
    """What a run did and found.

    Attributes
    ----------
    tables : Tables
    audience : str
    site : pathlib.Path
        Folder of the site; the former one when ``replaced`` is false.
    replaced : bool
    notebooks : tuple of NotebookRun
    register : tuple of RegisterEntry
    """

    tables: Tables
    audience: str
    site: Path
    replaced: bool
    notebooks: tuple[NotebookRun, ...]
    register: tuple[RegisterEntry, ...] = field(repr=False)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the inputs."""
        return self.tables.problems

    @property
    def failures(self) -> tuple[NotebookFailure, ...]:
        """Failed notebooks, in page order."""
        return tuple(notebook.failure for notebook in self.notebooks if notebook.failure is not None)

    @property
    def exit_code(self) -> int:
        """1 for a blocking problem, a figure found different or a failed notebook; 0 otherwise."""
        blocked = worst(self.problems) is Severity.BLOCKING
        different = worst_verdict(self.register) is Verdict.DIFFERENT
        return int(blocked or different or bool(self.failures))

    def as_dict(self) -> dict[str, Any]:
        """Return the whole as a JSON-ready dictionary, French keys."""
        campaign = self.tables.campaign
        return {
            "campagne": campaign.code,
            "public_vise": self.audience,
            "donnees_simulees": campaign.simulated,
            "site": str(self.site),
            "site_remplace": self.replaced,
            "tables_manquantes": list(self.tables.missing),
            "problemes": [problem.as_dict() for problem in self.problems],
            "bilan_lignes": self.tables.ledger.balance().to_dict("records") if self.tables.ledger.lines else [],
            "carnets": [
                {
                    **notebook.describe(campaign.root),
                    "execute": notebook.ran,
                    "echec": asdict(notebook.failure) if notebook.failure else None,
                }
                for notebook in self.notebooks
            ],
            "registre": [entry.as_dict() for entry in self.register],
            "code_sortie": self.exit_code,
        }
