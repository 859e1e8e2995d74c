"""What an analyst chose to print: which exhibits, in which order, with which linking words.

The choice is a file beside the notebooks (``notebooks/synthese/synthese_a_imprimer.toml``), one for every campaign: it
holds references and words, and no number.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from edp_analysis.exhibits.french import enumeration
from edp_analysis.problems import UserError
from edp_analysis.toml_files import read_toml

__all__ = ["FILE", "Block", "Reference", "Selection", "read_selection"]

FILE = Path("notebooks/synthese/synthese_a_imprimer.toml")
"""Where the selection is; a project without this file has no page to print."""
_TEXT, _LIST, _TABLE, _YES = "un texte", "une liste de textes", "une table", "true ou false"
_DEPTH = 2
"""Columns that may make groups within groups."""
_COMMON = {"genre": _TEXT, "titre": _TEXT, "pleine_largeur": _YES}
# By kind of block: its own keys, then those it cannot do without.
_KINDS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "partie": ({"texte": _TEXT, "valeurs": _TABLE}, ("titre",)),
    "texte": ({"texte": _TEXT, "valeurs": _TABLE}, ("texte",)),
    "chiffres": ({"elements": _LIST}, ("elements",)),
    "question": ({"question": _TEXT, "elements": _LIST}, ("question", "elements")),
    "constats": ({"texte": _TEXT, "valeurs": _TABLE, "elements": _LIST}, ("elements",)),
    "figure": ({"element": _TEXT}, ("element",)),
    "limites": ({}, ()),
    "definitions": ({"mots": _LIST}, ("mots",)),
    "lignes": (
        {"element": _TEXT, "colonne": _TEXT, "suite": _LIST, "par": _LIST, "garder": _TABLE},
        ("element", "colonne"),
    ),
}
_HEAD = {"menu": _TEXT, "titre": _TEXT, "chapeau": _TEXT, "valeurs": _TABLE, "feuille": "des feuilles"}


@dataclass(frozen=True)
class Reference:
    """An exhibit of a page, or one indicator that it shows: ``page#element`` or ``page#element/indicateur``."""

    page: str
    element: str
    indicator: str = ""

    def __str__(self) -> str:
        return f"{self.page}#{self.element}" + (f"/{self.indicator}" if self.indicator else "")


@dataclass(frozen=True)
class Block:
    """One piece of a sheet.

    Attributes
    ----------
    kind : str
        ``partie`` (a heading), ``texte``, ``chiffres`` (key figures), ``question`` (an evaluation question and what
        answers it), ``constats`` (titles of exhibits), ``figure``, ``lignes`` (rows of a table), ``limites`` (what the
        figures do not say), or ``definitions`` (words of the glossary).
    where : str
        How the block is named to the analyst, « feuille 1, bloc 2 ».
    title, text, question : str
        Templates, and the code of a question.
    elements : tuple of Reference
    values : mapping of str to Reference
        Indicators of the template, by name.
    wide : bool
        Across both columns of the sheet.
    column : str
        Column of the table of `elements` that is read.
    more : tuple of str
        Columns written after it.
    by : tuple of str
        Columns that make groups, then groups within them: two at most.
    keep : mapping of str to tuple of str
        By column, the values of the rows that are kept.
    terms : tuple of str
        Words of the glossary.
    """

    kind: str
    where: str
    title: str = ""
    text: str = ""
    question: str = ""
    elements: tuple[Reference, ...] = ()
    values: Mapping[str, Reference] = field(default_factory=dict)
    wide: bool = False
    column: str = ""
    more: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    keep: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: tuple[str, ...] = ()

    @property
    def references(self) -> tuple[Reference, ...]:
        """Everything that the block cites, for its pieces then for its words."""
        return (*self.elements, *self.values.values())


@dataclass(frozen=True)
class Selection:
    """What is printed: its name in the menu, its title, its opening words, its sheets.

    Attributes
    ----------
    menu : str
    title : str
    opening : Block
        The words under the title.
    sheets : tuple of tuple of Block
        A sheet is one page of paper.
    """

    menu: str
    title: str
    opening: Block
    sheets: tuple[tuple[Block, ...], ...]


def read_selection(root: Path) -> Selection | None:
    """Read the selection of a project.

    Parameters
    ----------
    root : pathlib.Path
        Project root.

    Returns
    -------
    Selection or None
        ``None`` when the project has no such file.

    Raises
    ------
    UserError
        The file cannot be read; a key is unknown, missing or ill-typed; a reference is not one. The block is named.
    """
    path = root / FILE
    if not path.is_file():
        return None
    content = read_toml(path, FILE.as_posix())
    _check("en tête", content, _HEAD, ("menu", "titre", "chapeau", "feuille"))
    sheets = content["feuille"]
    if not isinstance(sheets, list) or not all(isinstance(sheet, dict) for sheet in sheets):
        raise UserError(f"{FILE.name} : « feuille » n'est pas une suite de feuilles.", "Écrire [[feuille]].")
    opening = {"genre": "texte", "texte": content["chapeau"], "valeurs": content.get("valeurs", {})}
    return Selection(
        content["menu"],
        content["titre"],
        _block(opening, "chapeau"),
        tuple(_sheet(sheet, rank) for rank, sheet in enumerate(sheets, start=1)),
    )


def _sheet(sheet: Mapping[str, Any], rank: int) -> tuple[Block, ...]:
    where = f"feuille {rank}"
    _check(where, sheet, {"bloc": "des blocs"}, ("bloc",))
    blocks = sheet["bloc"]
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise UserError(f"{FILE.name}, {where} : « bloc » n'est pas une suite de blocs.", "Écrire [[feuille.bloc]].")
    return tuple(_block(block, f"{where}, bloc {place}") for place, block in enumerate(blocks, start=1))


def _block(given: Mapping[str, Any], where: str) -> Block:
    kind = given.get("genre", "")
    if not isinstance(kind, str) or kind not in _KINDS:
        known = enumeration(list(_KINDS))
        raise UserError(
            f"{FILE.name}, {where} : genre « {kind} » inconnu.{_near(str(kind), _KINDS)}", f"Choix : {known}."
        )
    own, needed = _KINDS[kind]
    _check(where, given, {**_COMMON, **own}, needed)
    if len(given.get("par", ())) > _DEPTH:
        raise UserError(f"{FILE.name}, {where} : « par » a plus de deux colonnes.", "En garder deux au plus.")
    references = [given["element"]] if "element" in given else given.get("elements", [])
    return Block(
        kind,
        where,
        title=given.get("titre", ""),
        text=given.get("texte", ""),
        question=given.get("question", ""),
        elements=tuple(_reference(text, where, kind == "chiffres") for text in references),
        values={name: _reference(text, where, True) for name, text in given.get("valeurs", {}).items()},
        wide=given.get("pleine_largeur", kind == "partie"),
        column=given.get("colonne", ""),
        more=tuple(given.get("suite", ())),
        by=tuple(given.get("par", ())),
        keep={column: _values(values, where) for column, values in given.get("garder", {}).items()},
        terms=tuple(given.get("mots", ())),
    )


def _reference(text: object, where: str, measured: bool) -> Reference:
    page, _, rest = str(text).partition("#")
    element, _, indicator = rest.partition("/")
    if not page or not element or bool(indicator) != measured:
        form = "page#element/indicateur" if measured else "page#element"
        raise UserError(f"{FILE.name}, {where} : « {text} » n'est pas une référence.", f"Écrire « {form} ».")
    return Reference(page, element, indicator)


def _values(values: object, where: str) -> tuple[str, ...]:
    if not _is(values, _LIST):
        raise UserError(f"{FILE.name}, {where} : « garder » attend, par colonne, {_LIST}.", "La corriger.")
    return tuple(values)  # type: ignore[arg-type]  # a list of texts, as was just checked


def _check(where: str, given: Mapping[str, Any], known: Mapping[str, str], needed: Sequence[str]) -> None:
    for key, value in given.items():
        if key not in known:
            raise UserError(
                f"{FILE.name}, {where} : « {key} » inconnu.{_near(key, known)}", f"Clés : {enumeration(list(known))}."
            )
        if not _is(value, known[key]):
            raise UserError(f"{FILE.name}, {where} : « {key} » n'est pas {known[key]}.", "Corriger ce fichier.")
    for key in needed:
        if not given.get(key):
            raise UserError(f"{FILE.name}, {where} : « {key} » manque.", "L'ajouter.")


def _is(value: object, form: str) -> bool:
    if form == _TEXT:
        return isinstance(value, str)
    if form == _LIST:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if form == _TABLE:
        return isinstance(value, dict)
    return isinstance(value, bool) if form == _YES else isinstance(value, list)


def _near(word: str, known: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(word, known, n=1)
    return f" Peut-être : « {near[0]} » ?" if near else ""
