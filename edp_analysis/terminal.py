"""What the command shows: progress on a terminal, plain lines elsewhere, and the last lines that say where to look.

Progress goes to the standard error, results to the standard output, so that either can be sent to a file.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from edp_analysis.campaign import Campaign, find_root, load_campaign
from edp_analysis.problems import Problem, Severity, UserError
from edp_analysis.publication.manifest import FILE_NAME
from edp_analysis.publication.register import Verdict
from edp_analysis.publication.report import Event, RunReport
from edp_analysis.wording import counted

if TYPE_CHECKING:
    from edp_analysis.intake.check import CheckedFile

__all__ = ["check", "chosen_campaign", "duration", "print_json", "print_run", "progress", "simulate", "template"]

_SHOWN_PROBLEMS = 20
_WIDTH = 68
"""Columns of a line of progress before its duration."""
_PAGES = {"interne": "internes", "public": "publiques"}
_PLURALS = {
    Severity.BLOCKING: "bloquants",
    Severity.CHECK: "à vérifier",
    Severity.FIXED: "corrigés",
    Verdict.DIFFERENT: "différents",
    Verdict.NOT_RECOMPUTABLE: "non recalculables",
    Verdict.CONTRADICTORY: "contradictoires (attendus)",
    Verdict.FOUND: "retrouvés",
}


def chosen_campaign(code: str | None) -> Campaign:
    """Load the campaign asked for; without a code, the only one whose raw folder is there."""
    if code is not None:
        return load_campaign(code)
    root = find_root()
    campaigns = [load_campaign(path.stem, root) for path in sorted((root / "campaigns").glob("*.toml"))]
    ready = [campaign for campaign in campaigns if campaign.raw.is_dir()]
    if len(ready) == 1:
        return ready[0]
    known = ", ".join(campaign.code for campaign in ready or campaigns)
    raise UserError("Quelle campagne ?", f"La préciser, par exemple « edp run {known.split(',')[0]} » ({known}).")


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[[Event], None] | None]:
    """Yield what receives the events of a run: a live line on a terminal, one line a step elsewhere."""
    if quiet:
        yield None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True, highlight=False, markup=False)
        with console.status("") as status:
            yield _Steps(console.print, lambda text: status.update(Text(text)))
    else:
        yield _Steps(lambda line: typer.echo(line, err=True), lambda _: None)


class _Steps:
    """Writes a line when a step ends, with its time, and keeps the live line current."""

    def __init__(self, write: Callable[[str], object], live: Callable[[str], object]) -> None:
        self._write = write
        self._live = live
        self._start = time.monotonic()

    def __call__(self, event: Event) -> None:
        step = event.step.capitalize()
        if event.state == "début":
            self._start = time.monotonic()
            self._live(f"{step}…")
        elif event.state == "avance":
            self._live(f"{step} {event.done}/{event.total}")
            self._write(f"  [{event.done:>2}/{event.total}] {event.label:<{_WIDTH - 9}}{duration(event.seconds):>12}")
        else:
            self._write(f"{step:<10}{event.label:<{_WIDTH - 10}}{duration(time.monotonic() - self._start):>12}")


def duration(seconds: float) -> str:
    """Return a duration as a French reader writes it.

    Examples
    --------
    >>> duration(4.06), duration(74.2)
    ('4,1 s', '1 min 14 s')
    """
    if seconds < 59.95:
        return f"{seconds:.1f} s".replace(".", ",")
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s"


def print_json(document: Any) -> None:
    """Write one JSON document on the standard output."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    """Give JSON the plain number behind a numpy scalar, the text of anything else."""
    return value.item() if hasattr(value, "item") else str(value)


def print_run(report: RunReport, seconds: float) -> None:
    """Say what a run found, where to look, and how long it took."""
    campaign = report.tables.campaign
    nature = " (données simulées)" if campaign.simulated else ""
    lines = ["", f"{campaign.label}{nature}, pages {_PAGES.get(report.audience, report.audience)}"]
    lines += _problem_lines(report.problems, campaign)
    lines += _register_lines(report)
    lines += [f"Carnet en échec  {failure}" for failure in report.failures]
    stale = [notebook.page for notebook in report.notebooks if notebook.stale and notebook.executed.is_file()]
    if stale:
        lines.append(
            f"Non rejoués      {', '.join(stale)} : ces pages datent d'un passage antérieur (edp run sans --only)"
        )
    index = report.site / "index.html"
    if report.replaced:
        files = [path for path in report.site.rglob("*") if path.is_file()]
        pages = counted(sum(path.suffix == ".html" for path in files), "page", "pages")
        size = f"{sum(path.stat().st_size for path in files) / 1e6:.1f}".replace(".", ",")
        lines.append(f"Site écrit       {pages}, {size} Mo avec les données et les carnets, en {duration(seconds)}")
        lines.append(f"Ouvrir           {_relative(index)}")
        lines.append(f"Composition      {_relative(report.site / FILE_NAME)}")
    elif index.is_file():
        lines.append(f"Le site n'a pas été remplacé ; le précédent est intact : {_relative(index)}")
    else:
        lines.append("Aucun site n'a été écrit.")
    typer.echo("\n".join(lines))


def _counted(counts: Counter[Any], order: Iterable[Any]) -> str:
    parts = [f"{counts[key]} {_PLURALS[key] if counts[key] > 1 else key}" for key in order if counts[key]]
    return ", ".join(parts) or "aucun"


def _problem_lines(problems: Iterable[Problem], campaign: Campaign) -> list[str]:
    found = list(problems)
    lines = [f"Problèmes        {_counted(Counter(problem.severity for problem in found), Severity)}"]
    blocking = [problem for problem in found if problem.severity is Severity.BLOCKING]
    lines += [line for problem in blocking[:_SHOWN_PROBLEMS] for line in _indented(problem)]
    if len(blocking) > _SHOWN_PROBLEMS:
        rest = len(blocking) - _SHOWN_PROBLEMS
        lines.append(f"  … et {counted(rest, 'autre bloquant', 'autres bloquants')}")
    if found:
        lines.append(f"  Chacun, fichier par fichier : edp check {_relative(campaign.raw)}")
    return lines


def _indented(problem: Problem) -> list[str]:
    first, *rest = problem.lines()
    return [f"  {first}", *(f"    {line}" for line in rest)]


def _register_lines(report: RunReport) -> list[str]:
    if not report.register:
        return ["Registre         aucun chiffre publié à retrouver"]
    declared = sum(entry.declared for entry in report.register)
    read = f" (dont {declared} lus dans le fichier de la campagne, que rien ne mesure)" if declared else ""
    lines = [f"Registre         {_counted(Counter(entry.verdict for entry in report.register), Verdict)}{read}"]
    lines += [
        f"  différent : {entry.statement} — publié {entry.published} {entry.unit}, "
        f"recalculé {entry.recomputed} {entry.unit}"
        for entry in report.register
        if entry.verdict is Verdict.DIFFERENT
    ]
    if report.tables.campaign.simulated:
        lines.append("  L'accord vient de la simulation : il prouve la chaîne de calcul, pas l'évaluation.")
    return lines


def _relative(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


def simulate(code: str, seed: int | None) -> int:
    """Write a simulated campaign and say where."""
    from edp_analysis.simulation import simulate as write_campaign

    report = write_campaign(code, seed)
    files = counted(len(report.files), "fichier écrit", "fichiers écrits")
    typer.echo(f"Campagne {report.code} simulée, graine {report.seed} : {files}")
    typer.echo(f"  Fichiers reçus   {_relative(report.raw)}")
    typer.echo(f"  Vérité           {_relative(report.truth)}")
    typer.echo(f"Construire le site : edp run {report.code}")
    return 0


def template(code: str | None, folder: str | None, schools: Sequence[str]) -> int:
    """Write the workbooks that the schools fill in, and say where."""
    from edp_analysis.monitoring import write_templates

    campaign = chosen_campaign(code)
    kit = write_templates(campaign, Path(folder) if folder else None, schools)
    written = counted(len(kit.written), "modèle écrit", "modèles écrits")
    lines = [f"Campagne {campaign.code} : {written} dans {_relative(kit.folder.absolute())}"]
    lines += [f"  {path.name}" for path in kit.written]
    lines += [f"Déjà là, inchangés : {len(kit.unchanged)}"] if kit.unchanged else []
    lines.append(f"Au retour : les déposer dans {_relative(campaign.raw / 'ecoles')}, puis edp check sur ce dossier.")
    typer.echo("\n".join(lines))
    return 0


def check(paths: Iterable[str], as_json: bool, code: str | None = None) -> int:
    """Check received files and show, file by file, what is wrong, where and what to do.

    Parameters
    ----------
    paths : iterable of str
    as_json : bool
    code : str, optional
        Campaign whose schools and period are checked too; that of the folder of the files when not given.
    """
    from edp_analysis.intake.check import check_paths

    targets = [Path(path) for path in paths]
    campaign = _campaign_of(targets) if code is None else load_campaign(code)
    report = check_paths(targets, campaign)
    if as_json:
        print_json({**report.as_dict(), "code_sortie": report.exit_code})
        return report.exit_code
    lines = ["Ensemble"] if report.notes else []
    lines += _by_severity(report.notes)
    for file in report.files:
        lines += ["", f"{file.path.name} : {file.table or 'table inconnue'}, {_rows(file)}"]
        lines += _by_severity(file.problems) or ["  Rien à signaler."]
    counts = Counter(problem.severity for problem in report.problems)
    checked = counted(len(report.files), "fichier contrôlé", "fichiers contrôlés")
    lines += ["", f"{checked}. Problèmes : {_counted(counts, Severity)}."]
    if report.unchecked:
        lines.append(f"Non vérifié ici : {', '.join(report.unchecked)}.")
        if campaign is None:
            lines.append("  Pour le vérifier : ajouter --campagne CODE, ou déposer le fichier dans data/raw/CODE/.")
    typer.echo("\n".join(lines).lstrip("\n"))
    return report.exit_code


def _by_severity(problems: Iterable[Problem]) -> list[str]:
    ordered = sorted(problems, key=lambda problem: list(Severity).index(problem.severity))
    return [line for problem in ordered for line in _indented(problem)]


def _rows(file: CheckedFile) -> str:
    used = counted(file.used, "ligne lue", "lignes lues")
    rest = file.rows - file.used
    return used + (f" et {counted(rest, 'autre', 'autres')} (titres, notes, lignes écartées)" if rest > 0 else "")


def _campaign_of(paths: Iterable[Path]) -> Campaign | None:
    """Find the campaign whose raw folder holds all the files: its period and schools are then checked too."""
    root = find_root()
    found = [path.resolve() for path in paths]
    for file in sorted((root / "campaigns").glob("*.toml")):
        campaign = load_campaign(file.stem, root)
        if all(path.is_relative_to(campaign.raw.resolve()) for path in found):
            return campaign
    return None
