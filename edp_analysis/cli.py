"""The command ``edp``: what analysts type, in French, and never a traceback.

Exit codes: 0 all is well; 1 a blocking problem, a published figure found different, a failed notebook or a site refused
for a fault of its pages; 2 the command could not be understood or carried out. Heavy libraries are imported inside
the commands, so that ``edp --help`` answers at once.
"""

from __future__ import annotations

import difflib
import re
import sys
import time
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

__all__ = ["app", "main"]

_HELP = {
    "Usage:": "Usage :",
    "Options:": "Options :",
    "Arguments:": "Arguments :",
    "Commands:": "Commandes :",
    "Show this message and exit.": "Afficher cette aide.",
    "COMMAND [ARGS]...": "COMMANDE [ARGUMENTS]…",
    "[default: ": "[par défaut : ",
    "[required]": "[obligatoire]",
    "  [x>=1]": "",
}
_ERRORS = (
    (r"No such command '(.*?)'\..*", "Commande « {0} » inconnue."),
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?.*", "Option « {0} » inconnue."),
    (r"Missing argument '(.*?)'\..*", "Il manque : {0}."),
    (r"Missing option '(.*?)'\..*", "Il manque l'option {0}."),
    (r"Invalid value for '(.*?)': Input should be a valid integer.*", "{0} : un nombre entier est attendu."),
    (r"Invalid value for '(.*?)': .*greater than or equal to (\d+).*", "{0} : au moins {1} est attendu."),
    (r"Invalid value for '(.*?)': (.*)", "{0} : valeur refusée ({1})."),
    (r"Option '(.*?)' requires an argument\.", "L'option {0} demande une valeur."),
    (r"Got unexpected extra argument\S* \((.*)\)", "En trop dans la commande : {0}."),
)


def _in_french(text: str) -> str:
    for english, french in _HELP.items():
        text = text.replace(english, french)
    return re.sub(r" <[^<> ]+>", lambda kind: " " * len(kind[0]), text)  # « <list[str]> »; columns stay aligned


class _FrenchCommand(TyperCommand):
    def get_help(self, ctx: Any) -> str:
        return _in_french(super().get_help(ctx))


class _FrenchGroup(TyperGroup):
    def get_help(self, ctx: Any) -> str:
        return _in_french(super().get_help(ctx))


app = typer.Typer(
    cls=_FrenchGroup,
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

_Json = Annotated[bool, typer.Option("--json", help="Écrire un seul document JSON sur la sortie standard.")]
_Campaign = Annotated[
    str | None, typer.Argument(metavar="CAMPAGNE", help="Code de la campagne ; facultatif si une seule a des données.")
]


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Afficher la version.")] = False,
) -> None:
    """Évaluer les écoles de production : des fichiers reçus à un site de rapports vérifiés."""
    if version:
        from edp_analysis import __version__

        typer.echo(f"edp {__version__}")
    elif context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("run", cls=_FrenchCommand, short_help="Construire le site d'une campagne.")
def _run(
    campaign: _Campaign = None,
    audience: Annotated[
        str, typer.Option(metavar="interne|public", help="À qui les pages s'adressent ; public n'existe pas encore.")
    ] = "interne",
    only: Annotated[
        list[str] | None, typer.Option(metavar="CARNET", help="Ne rejouer que ce carnet (répétable).")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Carnets exécutés en même temps ; sinon, un par processeur.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Rejouer même ce qui est à jour ; avec --only, garder les autres pages.")
    ] = False,
    as_json: _Json = False,
) -> int:
    """Construire le site d'une campagne : données, carnets, pages, portail, registre."""
    from edp_analysis import terminal
    from edp_analysis.publication.run import run

    start = time.monotonic()
    with terminal.progress(quiet=as_json) as events:
        report = run(terminal.chosen_campaign(campaign), audience, only or (), jobs, force, events)
    if as_json:
        terminal.print_json(report.as_dict())
    else:
        terminal.print_run(report, time.monotonic() - start)
    return report.exit_code


@app.command("check", cls=_FrenchCommand, short_help="Contrôler des fichiers reçus.")
def _check(
    paths: Annotated[list[str], typer.Argument(metavar="FICHIER|DOSSIER…", help="Fichiers reçus, ou leurs dossiers.")],
    campaign: Annotated[
        str | None,
        typer.Option(
            "--campagne", metavar="CODE", help="Vérifier aussi écoles, période et présents de cette campagne."
        ),
    ] = None,
    as_json: _Json = False,
) -> int:
    """Dire ce qui ne va pas dans des fichiers reçus, où, et comment le corriger."""
    from edp_analysis import terminal

    return terminal.check(paths, as_json, campaign)


@app.command("template", cls=_FrenchCommand, short_help="Écrire les modèles que les écoles remplissent.")
def _template(
    campaign: _Campaign = None,
    folder: Annotated[
        str | None,
        typer.Option("--dossier", metavar="DOSSIER", help="Où les écrire ; sinon, « modeles » dans les rapports."),
    ] = None,
    schools: Annotated[
        list[str] | None, typer.Option("--ecole", metavar="CODE", help="Pour cette école seulement (répétable).")
    ] = None,
) -> int:
    """Écrire le classeur de suivi que chaque école remplit, avec les listes du contrat."""
    from edp_analysis import terminal

    return terminal.template(campaign, folder, schools or ())


@app.command("simulate", cls=_FrenchCommand, short_help="Écrire une campagne simulée.")
def _simulate(
    campaign: Annotated[str, typer.Argument(metavar="CAMPAGNE", help="Code de la campagne à simuler.")],
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Graine du tirage ; sinon, celle de la campagne.")
    ] = None,
) -> int:
    """Écrire une campagne simulée, sous la forme où les vrais fichiers arrivent, et la vérité à côté."""
    from edp_analysis import terminal

    return terminal.simulate(campaign, seed)


@app.command("lab", cls=_FrenchCommand, short_help="Ouvrir un carnet dans JupyterLab.")
def _lab(
    notebook: Annotated[
        str | None,
        typer.Argument(metavar="CARNET", help="Carnet à ouvrir : profils, fiche_ecole, 02_profils ou un chemin."),
    ] = None,
    extra: Annotated[
        list[str] | None,
        typer.Argument(metavar="-- OPTION", help="Options remises telles quelles à JupyterLab."),
    ] = None,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Ouvrir le navigateur, ou seulement dire l'adresse.")
    ] = True,
) -> int:
    """Ouvrir JupyterLab en français sur un carnet, avec le noyau du projet. Ctrl-C dans le terminal l'arrête."""
    from edp_analysis import lab

    options = list(extra or ())
    if notebook is not None and notebook.startswith("-"):  # edp lab -- --port=9000
        options.insert(0, notebook)
        notebook = None
    return lab.open_lab(notebook, browser, options)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after ``edp``; those of the process when not given.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a character shows « ? » and goes on
    words = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_carry_out(words))


def _carry_out(words: list[str]) -> int:
    try:
        code = app(words, prog_name="edp", standalone_mode=False)
    except TyperException as error:
        return _refuse(_translate(error.format_message()), f"Voir : edp {_command_of(words)}--help", words)
    except Exception as error:
        from edp_analysis.problems import UserError

        if isinstance(error, UserError):
            return _refuse(error.what, error.remedy, words, error.exit_code)
        return _refuse(f"Erreur inattendue : {type(error).__name__}.", f"Détail : {_write_log()}", words)
    if code == 130:
        after = " ; le site précédent est resté en place" if words[:1] == ["run"] else ""
        typer.echo(f"Interrompu{after}.", err=True)
    return code if isinstance(code, int) else 0


def _refuse(what: str, remedy: str, words: Sequence[str], code: int = 2) -> int:
    if "--json" in words:
        import json

        typer.echo(json.dumps({"erreur": what, "remede": remedy, "code_sortie": code}, ensure_ascii=False, indent=2))
    typer.echo(f"ERREUR  {what}", err=True)
    if remedy:
        typer.echo(f"  {remedy}", err=True)
    return code


def _translate(message: str) -> str:
    for pattern, french in _ERRORS:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            text = french.format(*(group or "" for group in match.groups()))
            return text + _suggestion(match.group(1), french, match.groups()[1:])
    return message


def _suggestion(asked: str, french: str, possible: Sequence[str | None]) -> str:
    known = [command.name or "" for command in app.registered_commands] if "Commande" in french else []
    if "inconnue" in french and possible and possible[0]:
        known = possible[0].split(", ")
    near = difflib.get_close_matches(asked, known, n=1, cutoff=0.5)
    return f" Peut-être : « {near[0]} » ?" if near else ""


def _command_of(words: Sequence[str]) -> str:
    names = [command.name for command in app.registered_commands]
    return f"{words[0]} " if words and words[0] in names else ""


def _write_log() -> str:
    """Write the current traceback where it can be sent on, outside the project; return the path."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="edp-erreur-", suffix=".log", delete=False) as log:
        log.write(traceback.format_exc())
    return log.name


if __name__ == "__main__":
    main()
