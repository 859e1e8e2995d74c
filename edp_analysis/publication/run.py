"""A campaign in, a site of checked reports out: data, notebooks, pages, portal, register, manifest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.learners import FOLDER
from edp_analysis.cleaning.locking import exclusive
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.cleaning.result import Tables
from edp_analysis.disclosure.gate import check_audience
from edp_analysis.problems import UserError
from edp_analysis.publication.build import build_site
from edp_analysis.publication.cache import Entry, Key, context, load_entry, notebook_key, save_entry
from edp_analysis.publication.kernels import Job, Outcome, execute_notebooks
from edp_analysis.publication.notebook import find_notebooks, page_name
from edp_analysis.publication.parameters import check_parameters
from edp_analysis.publication.register import recompute
from edp_analysis.publication.report import Event, NotebookRun, RunReport
from edp_analysis.wording import counted

__all__ = ["run"]

_SHOWN = 4
_NEVER, _FIRST = "jamais exécuté", "première fois"
"""Why a notebook runs, before; what is said of it once it has."""


def run(
    campaign: Campaign,
    audience: str = "interne",
    only: Sequence[str] = (),
    jobs: int | None = None,
    force: bool = False,
    events: Callable[[Event], None] | None = None,
) -> RunReport:
    """Build the site of a campaign.

    Parameters
    ----------
    campaign : Campaign
    audience : {'interne', 'public'}
    only : sequence of str
        Notebooks to run; the pages of the others are taken from their last execution.
    jobs : int, optional
        Notebooks at a time; the number of processors when not given.
    force : bool
        Run notebooks even when nothing they depend on has changed; with `only`, keep the pages of the others even when
        they come from another state of the campaign, marked as such.
    events : callable, optional
        Called as the run goes on, in the calling thread.

    Returns
    -------
    RunReport
        The former site is replaced only when every notebook has succeeded.

    Raises
    ------
    UserError
        What was asked cannot be done: unknown notebook, parameter refused, audience without rules, no raw folder, no
        learner, pages of two states of the campaign on one site…
    """
    say = events or (lambda _: None)
    check_audience(audience)
    with exclusive(_kept(campaign) / f".{audience}.verrou"):
        return _run(campaign, audience, only, jobs, force, say)


def _run(
    campaign: Campaign, audience: str, only: Sequence[str], jobs: int | None, force: bool, say: Callable[[Event], None]
) -> RunReport:
    notebooks = _plan(campaign, audience, only, force)
    if not campaign.raw.is_dir():
        simulate = f", ou en simuler : edp simulate {campaign.code}" if "simulation" in campaign.settings else ""
        raise UserError(
            f"Rien n'a été reçu pour la campagne {campaign.code} : le dossier « {campaign.raw} » n'existe pas.",
            f"Le créer et y déposer les fichiers{simulate}. data/raw/README.md dit ce qui va où.",
        )
    _refuse_mixture(campaign, notebooks, force)
    say(Event("données", "début"))
    tables = prepare(campaign)
    say(Event("données", "fin", _describe_data(tables)))
    _refuse_without_learners(tables)
    notebooks = _execute(campaign, notebooks, jobs, say)
    say(Event("registre", "début"))
    register = recompute(tables)
    say(Event("registre", "fin", f"{len(register)} chiffres publiés recalculés"))
    site = campaign.reports / audience
    replaced = not any(notebook.failure for notebook in notebooks)
    if replaced:
        say(Event("pages", "début"))
        build_site(tables, audience, notebooks, register, site, say)
        pages = sum(1 for _ in site.rglob("*.html"))
        say(Event("pages", "fin", f"{counted(pages, 'page', 'pages')}, portail compris"))
    return RunReport(tables, audience, site, replaced, notebooks, register)


def _kept(campaign: Campaign) -> Path:
    """Return the folder of executed notebooks: beside the clean tables, whose folder is replaced when they change."""
    return campaign.processed.with_name(f"{campaign.processed.name}-carnets")


def _describe_data(tables: Tables) -> str:
    nature = ", données simulées" if tables.campaign.simulated else ""
    files = counted(len(tables.inputs), "fichier lu", "fichiers lus")
    return f"{files}, {counted(len(tables.apprenants), 'inscription', 'inscriptions')}{nature}"


def _refuse_mixture(campaign: Campaign, notebooks: Sequence[NotebookRun], force: bool) -> None:
    """Refuse a site on which some pages would be of another state of the campaign than the others."""
    mixed = [notebook for notebook in notebooks if notebook.mixed and notebook.executed.is_file()]
    if not mixed or force:
        return
    names = [notebook.page for notebook in mixed]
    shown = ", ".join(names[:_SHOWN]) + (f" et {len(names) - _SHOWN} autres" if len(names) > _SHOWN else "")
    changed = ", ".join(dict.fromkeys(part for notebook in mixed for part in notebook.mixed.split(", ")))
    what = f"Avec --only, le site mêlerait deux états de la campagne ({changed})."
    raise UserError(
        f"{what}\n  Pages d'un passage antérieur : {shown}.",
        f"Tout rejouer : edp run {campaign.code}\n  Garder ces pages, dites non à jour sur l'accueil : ajouter --force",
    )


def _refuse_without_learners(tables: Tables) -> None:
    """Stop before thirty seconds of notebooks when schools are known and none of their youths is."""
    if tables.ecoles.empty or not tables.apprenants.empty:
        return
    folder = f"{tables.campaign.raw.relative_to(tables.campaign.root).as_posix()}/{FOLDER}"
    schools = counted(len(tables.ecoles), "école est connue", "écoles sont connues")
    if any(item.table == "apprenants" for item in tables.inputs):
        what, remedy = (
            f"aucune ligne des fichiers de {folder} n'a pu être reprise",
            f"Voir pourquoi : edp check {folder}",
        )
    else:
        what = f"aucun de leurs fichiers n'est dans {folder}"
        remedy = "Y déposer au moins un fichier d'école, puis relancer."
    raise UserError(f"{schools}, mais {what} : il n'y a aucun jeune, donc aucune page à construire.", remedy)


def _plan(campaign: Campaign, audience: str, only: Sequence[str], force: bool) -> tuple[NotebookRun, ...]:
    """Check every parameter before any kernel starts, and decide which notebooks must run, and why."""
    asked = set(find_notebooks(campaign.root, only))
    given = {"campagne": campaign.code, "audience": audience}
    kept = _kept(campaign) / audience
    shared = context(campaign)
    planned: list[NotebookRun] = []
    refused: list[UserError] = []
    for path in find_notebooks(campaign.root):
        try:
            parameters = check_parameters(path, given)
        except UserError as error:
            refused.append(error)
            continue
        page, key = page_name(path), notebook_key(path, parameters, shared)
        executed = kept / f"{page}.ipynb"
        entry = load_entry(executed)
        why = key.why(entry, force)
        last = entry.reason if entry else ""
        if path in asked:
            planned.append(NotebookRun(path, page, parameters, key, executed, why or last, ran=bool(why)))
        else:
            stale, mixed = bool(key.why(entry)), _mixed(key, entry)
            planned.append(NotebookRun(path, page, parameters, key, executed, last, stale=stale, mixed=mixed))
    if refused:
        raise UserError("\n".join(str(error) for error in refused), "Aucun carnet n'a été exécuté.")
    return tuple(planned)


def _mixed(key: Key, entry: Entry | None) -> str:
    """Say what a kept page does not share with those of this run; an edited notebook alone mixes nothing."""
    return "" if entry is None else Key(key.shared).why(replace(entry, key=Key(entry.key.shared)))


def _execute(
    campaign: Campaign, notebooks: tuple[NotebookRun, ...], jobs: int | None, say: Callable[[Event], None]
) -> tuple[NotebookRun, ...]:
    by_path = {notebook.path: notebook for notebook in notebooks}
    log = _kept(campaign) / "journal"
    todo = [
        Job(notebook.path, notebook.executed, log / f"{notebook.page}.log", notebook.parameters)
        for notebook in notebooks
        if notebook.ran
    ]
    say(Event("carnets", "début", total=len(todo)))
    finished: list[Outcome] = []

    def record(outcome: Outcome) -> None:
        finished.append(outcome)
        notebook = by_path[outcome.job.notebook]
        if outcome.failure is None:
            save_entry(notebook.executed, notebook.key, notebook.reason)
        word = "échec" if outcome.failure else _FIRST if notebook.reason == _NEVER else notebook.reason
        label = f"{notebook.path.stem}, {word}"
        say(Event("carnets", "avance", label, len(finished), len(todo), outcome.seconds))

    for outcome in execute_notebooks(todo, campaign.root, jobs, done=record):
        by_path[outcome.job.notebook] = replace(by_path[outcome.job.notebook], failure=outcome.failure)
    up_to_date = sum(1 for notebook in notebooks if not notebook.ran and not notebook.stale)
    ran = counted(len(todo), "carnet exécuté", "carnets exécutés")
    say(Event("carnets", "fin", f"{ran}, {up_to_date} déjà à jour", len(todo), len(todo)))
    return tuple(by_path.values())
