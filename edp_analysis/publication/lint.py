"""House rules of notebooks: one question each, short cells, no programming, no number typed in prose.

A rule is worth what it refuses: each has a planted fault in the tests.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edp_analysis.problems import UserError
from edp_analysis.publication.notebook import EXHIBIT_MIME, exhibits, exploration, is_tool, read_notebook
from edp_analysis.publication.parameters import declared_parameters

__all__ = ["EXPLORE", "MAX_CELLS", "MAX_LINES", "MAX_TOOLS", "Finding", "lint_notebook"]

MAX_CELLS = 25
"""Cells of the page; those of the section for the analyst are counted apart."""
MAX_LINES = 10
MAX_TOOLS = 3
EXPLORE = "## Pour explorer"
"""Heading of the section that ends every notebook: how to change a parameter, filter, and draw one's own chart."""
_ALLOWED_IMPORTS = {"edp_analysis", "pandas"}
_FORBIDDEN: dict[type[ast.AST], str] = {
    ast.FunctionDef: "def",
    ast.AsyncFunctionDef: "def",
    ast.ClassDef: "class",
    ast.Lambda: "lambda",
    ast.Try: "try",
}
_OPENERS = {"open", "Path", "read_csv", "read_excel", "read_parquet", "exec", "eval"}
_QUOTATIONS, _QUOTATION_GATE, _QUOTATION_LAYOUT = "citations", "citations_montrables", "voices"
_PATH = re.compile(r"[\w.~:-]*[/\\][\w./\\*-]+|[\w.-]+\.(csv|xlsx?|ods|parquet|json|toml|html|png|svg)")
_TIMINGS = ("papermill", "execution", "ExecuteTime")
# What may hold a digit in prose without being a figure: code, links, question codes, levels of diploma, list numbers.
_NOT_FIGURES = re.compile(
    r"```.*?```|`[^`]*`|\]\([^)]*\)|<!--.*?-->|https?://\S+|\bQ\d\b|\bniveau \d\b|^\s*(?:#+\s*)?\d+[.)]\s",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True)
class Finding:
    """One broken rule.

    Attributes
    ----------
    rule : str
        Stable identifier.
    cell : int or None
        Place of the cell, from 1; ``None`` for the notebook as a whole.
    message : str
        What is wrong and what to do, in French.
    """

    rule: str
    cell: int | None
    message: str

    def __str__(self) -> str:
        place = "carnet" if self.cell is None else f"cellule {self.cell}"
        return f"{place} [{self.rule}] {self.message}"


def lint_notebook(path: Path) -> list[Finding]:
    """Check a committed notebook against the house rules.

    Returns
    -------
    list of Finding
        Empty when all is well.

    Raises
    ------
    UserError
        The file is not a notebook.
    """
    notebook = read_notebook(path)
    found = [*_file_rules(path), *_whole_rules(path, notebook), *_explore_rules(notebook)]
    for place, cell in enumerate(notebook.cells, start=1):
        rules = _MARKDOWN_RULES if cell.cell_type == "markdown" else _CODE_RULES if cell.cell_type == "code" else ()
        found += [Finding(rule, place, message) for check in rules for rule, message in check(cell)]
    return found


def _file_rules(path: Path) -> Iterator[Finding]:
    """Look at the file as it is written: reading it with nbformat would supply the identifiers it lacks."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    ids = [cell.get("id") for cell in raw["cells"]]
    if None in ids or len(set(ids)) != len(ids):
        yield Finding("identifiants", None, "Des cellules sont sans identifiant, ou deux ont le même : réenregistrer.")
    if raw["metadata"].get("kernelspec", {}).get("name") != "python3":
        yield Finding("noyau", None, "Le noyau doit être « python3 » : « make notebooks » l'écrit.")
    metadata = [raw["metadata"], *(cell.get("metadata", {}) for cell in raw["cells"])]
    if any(key in data for data in metadata for key in _TIMINGS):
        yield Finding("durees", None, "Des durées ou des chemins d'exécution sont enregistrés : « make notebooks ».")


def _whole_rules(path: Path, notebook: Any) -> Iterator[Finding]:
    cells = notebook.cells
    own = exploration(notebook)
    if own > MAX_CELLS:
        yield Finding("trop-de-cellules", None, f"{own} cellules, {MAX_CELLS} au plus : une seule question.")
    if not cells or cells[0].cell_type != "markdown" or not re.match(r"# \S", cells[0].source):
        yield Finding("titre", 1, "La première cellule doit être un titre « # … ».")
    try:
        declared_parameters(path)
    except UserError as error:
        yield Finding("parametres", None, str(error))
    shown = exhibits(notebook)
    if not shown:
        yield Finding("sans-sortie", None, "Aucun résultat enregistré : « make notebooks » les écrit.")
    if any(exhibit.get("simule") is not True for exhibit in exhibits(notebook, tools=True)):
        yield Finding(
            "donnees-reelles", None, "Des résultats ne viennent pas de données simulées : ne pas les déposer."
        )
    kinds = [exhibit.get("genre") for exhibit in shown if exhibit.get("genre") != "header"]
    if kinds and kinds[0] != "finding":
        yield Finding("constat", None, "Le premier résultat doit être le constat, en mots (page.finding).")


def _explore_rules(notebook: Any) -> Iterator[Finding]:
    """Ask for the section for the analyst: last, headed, short, with a result, and every cell of it held back."""
    start, cells = exploration(notebook), notebook.cells
    section = cells[start:]
    for place, cell in enumerate(cells[:start], start=1):
        if is_tool(cell):
            yield Finding("explorer", place, "Une cellule « outil » est au milieu de la page : la mettre à la fin.")
        if EXPLORE in cell.source.splitlines():
            yield Finding(
                "explorer",
                place,
                "Cette section paraîtrait dans la page : étiqueter « outil » ses cellules.",
            )
    if not section:
        yield Finding("explorer", None, f"Le carnet doit finir par une section « {EXPLORE} » (étiquette « outil »).")
        return
    if section[0].cell_type != "markdown" or section[0].source.splitlines()[:1] != [EXPLORE]:
        yield Finding("explorer", start + 1, f"La section doit s'ouvrir par « {EXPLORE} » et dire quoi essayer.")
    if len(section) > MAX_TOOLS:
        yield Finding("explorer", None, f"{len(section)} cellules dans la section, {MAX_TOOLS} au plus.")
    if not any(EXHIBIT_MIME in output.get("data", {}) for cell in section for output in cell.get("outputs", ())):
        yield Finding("explorer", None, "La section ne montre rien : une figure ou un tableau, par la page.")


_Check = Callable[[Any], Iterator[tuple[str, str]]]


def _prose_figures(cell: Any) -> Iterator[tuple[str, str]]:
    if match := re.search(r"\S*\d\S*", _NOT_FIGURES.sub(" ", cell.source)):
        yield "nombre-en-prose", f"« {match.group()} » est écrit à la main : passer par page.sentence."


def _not_empty(cell: Any) -> Iterator[tuple[str, str]]:
    if not cell.source.strip():
        yield "cellule-vide", "La retirer."


def _length(cell: Any) -> Iterator[tuple[str, str]]:
    lines = len(cell.source.splitlines())
    if lines > MAX_LINES:
        yield "cellule-longue", f"{lines} lignes, {MAX_LINES} au plus : déplacer le calcul dans la bibliothèque."


def _semicolon(cell: Any) -> Iterator[tuple[str, str]]:
    if any(line.rstrip().endswith(";") for line in cell.source.splitlines()):
        yield "point-virgule", "Un « ; » final cache une sortie à l'œil, pas à la vérification : le retirer."


def _syntax(cell: Any) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(cell.source)
    except SyntaxError:
        yield "python", "Du Python seul : ni commande « % » ou « ! », ni erreur de syntaxe."
        return
    for node in ast.walk(tree):
        yield from _node(node)
    yield from _quotations(tree)


def _quotations(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Look for quotations read without their gate, or let through it for readers other than the page's."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == _QUOTATION_GATE]
    gated = {id(argument) for call in calls for argument in call.args}
    for node in ast.walk(tree):
        read = isinstance(node, ast.Attribute) and node.attr == _QUOTATIONS and _named(node.value) != _QUOTATION_LAYOUT
        if (read and id(node) not in gated) or (isinstance(node, ast.Constant) and node.value == _QUOTATIONS):
            yield (
                "citations",
                f"Les citations ne se lisent que par « {_QUOTATION_GATE} » : des personnes les ont dites.",
            )
    for call in calls:
        given = [*call.args[3:], *(keyword.value for keyword in call.keywords if keyword.arg == "audience")]
        if [_named(value) for value in given] != ["audience"]:
            yield "citations", f"« {_QUOTATION_GATE} » se donne le public de la page, « audience »."


def _called(call: ast.Call) -> str:
    return _named(call.func)


def _named(node: ast.AST) -> str:
    """Return the last name of an expression: ``f`` in ``f`` and in ``module.f``."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _node(node: ast.AST) -> Iterator[tuple[str, str]]:
    if type(node) in _FORBIDDEN:
        yield (
            "programmation",
            f"« {_FORBIDDEN[type(node)]} » : écrire une fonction dans la bibliothèque, avec son test.",
        )
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        for name in names:
            if name.split(".")[0] not in _ALLOWED_IMPORTS:
                yield "import", f"« {name} » : seuls edp_analysis et pandas s'importent ici."
    if isinstance(node, ast.Call) and (called := _called(node)) in _OPENERS:
        yield "fichier", f"« {called}(…) » : les données viennent de open_page, jamais d'un chemin."
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and _PATH.fullmatch(node.value):
        yield "fichier", f"« {node.value} » est un chemin : les données viennent de open_page."


def _outputs(cell: Any) -> Iterator[tuple[str, str]]:
    if any(EXHIBIT_MIME not in output.get("data", {}) for output in cell.outputs):
        yield "sortie", "Un carnet ne montre que des éléments de page (figure, tableau, chiffre clé, phrase)."


_MARKDOWN_RULES: tuple[_Check, ...] = (_not_empty, _prose_figures)
_CODE_RULES: tuple[_Check, ...] = (_not_empty, _length, _semicolon, _syntax, _outputs)
