"""Declared corrections: a person's decision about one cell, kept with who, when and why.

``corrections.toml``, in the campaign's raw folder::

    [[correction]]
    fichier = "EDP-03.xlsx"
    feuille = "Promo 2021"          # vide pour un fichier texte
    cellule = "D17"
    champ = "date_entree"
    attendu = "31/02/2022"          # ce que la cellule contient
    nouveau = "28/02/2022"
    qui = "unité d'évaluation"
    quand = 2024-05-14
    pourquoi = "confirmé par l'école au téléphone"

An empty cell is expected as ``""``. A correction whose cell no longer holds what it expects is not applied, and blocks
until a person looks again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from edp_analysis.contract import load_schema
from edp_analysis.contract.schema import table_names
from edp_analysis.intake.numbers import NumberError, as_code, read_number
from edp_analysis.intake.raw import RawSheet
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Place, Problem, Severity, UserError
from edp_analysis.toml_files import read_toml

__all__ = [
    "FILE_NAME",
    "Correction",
    "apply_corrections",
    "load_corrections",
    "misplaced",
    "not_applied",
    "split_reference",
]

FILE_NAME = "corrections.toml"
_KEYS = ("fichier", "feuille", "cellule", "champ", "attendu", "nouveau", "qui", "quand", "pourquoi")
_TABLE = "correction"
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d*)")


@dataclass(frozen=True)
class Correction:
    """One declared correction; the attributes are those of the file, in its order."""

    file: str
    sheet: str
    cell: str
    field: str
    expected: str
    new: str
    who: str
    when: str
    why: str

    @property
    def place(self) -> Place:
        """Where it applies."""
        return Place(self.file, self.sheet, self.cell, self.field)

    @property
    def note(self) -> str:
        """What the ledger says of it, without any value."""
        return f"{self.field} : correction déclarée par {self.who} le {self.when} ({self.why})"


def load_corrections(raw: Path) -> tuple[Correction, ...]:
    """Read the declared corrections of a raw folder; none when there is no such file.

    Raises
    ------
    UserError
        The file does not read, or a correction is incomplete, mistyped or names no cell.
    """
    path = raw / FILE_NAME
    if not path.is_file():
        return ()
    content = read_toml(path, FILE_NAME)
    # « [[corrections]] » read as nothing at all would leave a person's decisions out without a word.
    if unknown := sorted(set(content) - {_TABLE}):
        raise UserError(f"{FILE_NAME} : « {unknown[0]} » est inconnu.", f"Chaque correction commence par [[{_TABLE}]].")
    listed = content.get(_TABLE, [])
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise UserError(
            f"{FILE_NAME} : « {_TABLE} » n'est pas une liste.", f"Chaque correction commence par [[{_TABLE}]]."
        )
    found = tuple(_build(item, number) for number, item in enumerate(listed, 1))
    places = [(item.file, item.sheet, item.cell) for item in found]
    for number, place in enumerate(places, 1):
        if place in places[: number - 1]:
            raise UserError(
                f"{FILE_NAME} : la correction n° {number} vise une cellule déjà corrigée.", "N'en garder qu'une."
            )
    return found


def _build(item: Mapping[str, object], number: int) -> Correction:
    wrong = sorted(set(item) ^ set(_KEYS))
    if wrong:
        state = "manque" if wrong[0] in _KEYS else "est inconnu"
        raise UserError(
            f"{FILE_NAME} : dans la correction n° {number}, « {wrong[0]} » {state}.",
            f"Chaque correction a exactement : {', '.join(_KEYS)}.",
        )
    values = {key: _as_text(item[key]) for key in _KEYS}
    if not _CELL.fullmatch(values["cellule"]):
        cell = values["cellule"]
        raise UserError(f"{FILE_NAME} : correction n° {number}, « {cell} » n'est pas une cellule.", "Par exemple D17.")
    fields = {field.name for name in table_names() if name.endswith("-recu") for field in load_schema(name).fields}
    if values["champ"] not in fields:
        name = values["champ"]
        raise UserError(
            f"{FILE_NAME} : correction n° {number}, champ « {name} » inconnu.", "Prendre un nom du dictionnaire."
        )
    return Correction(*(values[key] for key in _KEYS))


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def apply_corrections(
    sheets: Sequence[RawSheet], corrections: Iterable[Correction]
) -> tuple[tuple[RawSheet, ...], list[Correction], list[Problem]]:
    """Apply to the sheets of one file the corrections that name it.

    Parameters
    ----------
    sheets : sequence of RawSheet
        Of one file.
    corrections : iterable of Correction
        Of the whole campaign; those of other files are left alone.

    Returns
    -------
    sheets : tuple of RawSheet
    applied : list of Correction
    problems : list of Problem
        Blocking: a correction whose sheet is not there, or whose cell does not hold what it expects.
    """
    by_name = {sheet.name: sheet for sheet in sheets}
    files = {sheet.file for sheet in sheets}
    applied: list[Correction] = []
    problems: list[Problem] = []
    for correction in corrections:
        if correction.file not in files:
            continue
        sheet = by_name.get(correction.sheet)
        column, number = split_reference(correction.cell)
        found = _value(sheet, number - 1, column) if sheet is not None else None
        if sheet is None or number > len(sheet.rows) or not _holds(found, correction.expected):
            problems.append(_stale(correction, found))
            continue
        rows = [list(values) for values in sheet.rows]
        rows[number - 1] += [None] * (column + 1 - len(rows[number - 1]))
        rows[number - 1][column] = correction.new
        by_name[sheet.name] = replace(sheet, rows=tuple(tuple(values) for values in rows))
        applied.append(correction)
    return tuple(by_name[sheet.name] for sheet in sheets), applied, problems


def not_applied(corrections: Iterable[Correction], files: Iterable[str]) -> list[Problem]:
    """Name the corrections whose file was not received."""
    known = set(files)
    return [_stale(correction, None) for correction in corrections if correction.file not in known]


def misplaced(correction: Correction, found: str) -> Problem:
    """Name a correction whose cell is not in the column of the field that it names, but in that of `found`."""
    return Problem(
        "correction-mal-placee",
        "la correction déclarée vise une cellule qui n'est pas dans la colonne de ce champ",
        correction.place,
        found,
        f"une cellule de la colonne « {correction.field} »",
        "Revoir la correction.",
        Severity.BLOCKING,
    )


def split_reference(cell: str) -> tuple[int, int]:
    """Return the column (from 0) and the line number (from 1) of a spreadsheet address.

    Raises
    ------
    ValueError
        Not an address.

    Examples
    --------
    >>> split_reference("AB17")
    (27, 17)
    """
    match = _CELL.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(match[2])


def _value(sheet: RawSheet, row: int, column: int) -> object:
    if row >= len(sheet.rows) or column >= len(sheet.rows[row]):
        return None
    return sheet.rows[row][column]


def _holds(value: object, expected: str) -> bool:
    """Say whether a cell holds what a person copied from it: a date as shown, a number as French people write it."""
    if value is None or str(value).strip() == "":
        return expected == ""
    if isinstance(value, date):
        return expected in (f"{value:%d/%m/%Y}", f"{value:%Y-%m-%d}")
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return read_number(expected, "€") == value
        except NumberError:
            return False
    return expected in (as_code(value), str(value))


def _stale(correction: Correction, found: object) -> Problem:
    hidden = any(
        field.direct_identifier
        for name in table_names()
        for field in load_schema(name).fields
        if field.name == correction.field
    )
    return Problem(
        "correction-perimee",
        "la source a changé : la correction déclarée pour cette cellule n'a pas été appliquée",
        correction.place,
        MASKED if hidden else "" if found is None else as_code(found),
        "" if hidden else f"« {correction.expected} »" if correction.expected else "une cellule vide",
        f"Retirer ou revoir la correction dans {FILE_NAME}.",
        Severity.BLOCKING,
    )
