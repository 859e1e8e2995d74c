"""Exports of the survey tool: which column holds which question, and the responses as received.

A column is found by its code heading (``Q1[SQ001]``, ``Q1_SQ001``), its « code. text » heading, or its full text; what
the headings are is declared in the questionnaire. Columns that designate a person are named and never read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.contract.questionnaire import Questionnaire, load_questionnaire
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.raw import Cell, RawRow, RawSheet, column_letters
from edp_analysis.intake.survey_headings import Heading, HeadingIndex, split_heading
from edp_analysis.problems import Place, Problem, Severity
from edp_analysis.wording import counted

__all__ = ["SurveyExport", "read_export", "recognise_export", "recognise_sheets"]

_TABLE = "enquete"
_REQUIRED = ("id", "submitdate")
_SEARCHED_ROWS = 10
_SHOWN = 10


@dataclass(frozen=True)
class SurveyExport:
    """One recognised export.

    Attributes
    ----------
    file, sheet : str
    headings : tuple of Heading
        Every column, recognised or not.
    responses : tuple of RawRow
        Cells by technical name (``"submitdate"``) or question key (``"Q1[SQ001]"``).
    lines : tuple of LedgerLine
        Fates of the heading row and of what stands above it.
    non_empty : tuple of int
        Numbers of the rows that hold something.
    problems : tuple of Problem
        When one is blocking, the responses cannot be used.
    tells_shown : bool
        The file tells « shown, not answered » (``""``) from « not shown » (empty).
    """

    file: str
    sheet: str
    headings: tuple[Heading, ...]
    responses: tuple[RawRow, ...]
    lines: tuple[LedgerLine, ...]
    non_empty: tuple[int, ...]
    problems: tuple[Problem, ...]
    tells_shown: bool

    @property
    def blocked(self) -> str:
        """What makes the export unusable, empty when nothing does."""
        return next((p.what for p in self.problems if p.severity is Severity.BLOCKING), "")


def read_export(
    path: Path, questionnaire: Questionnaire | None = None
) -> tuple[tuple[SurveyExport, ...], list[Problem]]:
    """Read a file of the survey folder.

    Parameters
    ----------
    path : pathlib.Path
    questionnaire : Questionnaire, optional
        The project's when not given.

    Returns
    -------
    exports : tuple of SurveyExport
        One a sheet that is not empty.
    problems : list of Problem
        Those of the file itself; each export carries its own.
    """
    sheets, problems = read_sheets(path)
    return recognise_sheets(sheets, questionnaire or load_questionnaire()), problems


def recognise_sheets(sheets: Iterable[RawSheet], questionnaire: Questionnaire) -> tuple[SurveyExport, ...]:
    """Recognise the sheets of one file; those that hold nothing are left out."""
    filled = [sheet for sheet in sheets if not all(map(sheet.blank_row, range(len(sheet.rows))))]
    return tuple(recognise_export(sheet, questionnaire) for sheet in filled)


def recognise_export(sheet: RawSheet, questionnaire: Questionnaire) -> SurveyExport:
    """Find the heading row and the columns of an export, without reading what designates a person.

    Parameters
    ----------
    sheet : RawSheet
        Not wholly blank.
    questionnaire : Questionnaire
    """
    index = HeadingIndex.build(questionnaire)
    filled = [row for row in range(len(sheet.rows)) if not sheet.blank_row(row)]
    heading_row = max(
        filled[:_SEARCHED_ROWS],
        key=lambda row: (sum(bool(index.find(split_heading(v))) for v in sheet.rows[row]), -row),
    )
    headings = tuple(split_heading(value) for value in sheet.rows[heading_row])
    columns, problems = _columns(sheet, heading_row, headings, index, questionnaire)
    responses = tuple(_response(sheet, row, columns) for row in filled if row > heading_row)
    asked = {key for question in questionnaire.questions for key in question.keys}
    shown = {cell.value == "" for row in responses for key, cell in row.cells.items() if key in asked and cell.blank}
    problems += _short(sheet, [row for row in filled if row > heading_row], len(headings))
    if shown == {False} and not _blocks(problems):
        problems.append(_indistinct(sheet))
    return SurveyExport(
        file=sheet.file,
        sheet=sheet.name,
        headings=headings,
        responses=responses,
        lines=tuple(_aside(sheet, row, heading_row) for row in filled if row <= heading_row),
        non_empty=tuple(row + 1 for row in filled),
        problems=tuple(problems),
        tells_shown=shown != {False},
    )


def _short(sheet: RawSheet, rows: list[int], width: int) -> list[Problem]:
    """Name the responses that have fewer fields than there are headings: a file cut short ends with one."""
    short = [row for row in rows if len(sheet.rows[row]) < width] if sheet.separator else []
    if not short:
        return []
    what = counted(len(short), "réponse a", "réponses ont") + " moins de champs que l'en-tête"
    if short[-1] == rows[-1]:
        what += " ; c'est le cas de la dernière : le fichier est peut-être incomplet"
    where = Place(sheet.file, sheet.name, str(short[0] + 1))
    lines = ", ".join(str(row + 1) for row in short[:_SHOWN]) + (" …" if len(short) > _SHOWN else "")
    shown = f"ligne{'s' if len(short) > 1 else ''} {lines}"
    return [Problem("champs-manquants", what, where, shown, f"{width} champs", "Refaire l'export.")]


def _blocks(problems: list[Problem]) -> bool:
    """Say whether one of the problems is blocking."""
    return any(problem.severity is Severity.BLOCKING for problem in problems)


def _columns(
    sheet: RawSheet, row: int, headings: tuple[Heading, ...], index: HeadingIndex, questionnaire: Questionnaire
) -> tuple[dict[int, str], list[Problem]]:
    problems: list[Problem] = []
    found: dict[str, list[int]] = defaultdict(list)
    unknown: list[Problem] = []
    for position, heading in enumerate(headings):
        place = Place(sheet.file, sheet.name, f"{column_letters(position)}{row + 1}")
        if index.personal(heading):
            problems.append(_personal(heading, place))
            continue
        keys = index.find(heading)
        if len(keys) == 1:
            found[next(iter(keys))].append(position)
        elif heading.raw and not index.timing(heading):
            unknown.append(_unknown(heading, place, keys, index))
    asked = {key for question in questionnaire.questions for key in question.keys}
    if not asked & set(found):
        place = Place(sheet.file, sheet.name, str(row + 1))
        what = "aucune question de l'enquête n'est reconnue dans ce fichier"
        remedy = "Exporter les réponses en titres « code de la question », ou retirer ce fichier du dossier."
        expected = "un export des réponses : id, submitdate, Q1[SQ001]…"
        return {}, [*problems, Problem("export-inconnu", what, place, "", expected, remedy, Severity.BLOCKING)]
    problems += unknown
    problems += [_double(sheet, row, key, positions) for key, positions in found.items() if len(positions) > 1]
    problems += _absent(sheet, row, set(found), questionnaire)
    return {positions[0]: key for key, positions in found.items() if len(positions) == 1}, problems


def _personal(heading: Heading, place: Place) -> Problem:
    return Problem(
        "colonne-personnelle",
        f"la colonne « {heading.raw} » désigne une personne ; elle n'a pas été lue",
        place,
        expected="un export sans adresse, jeton ni nom",
        remedy="Refaire l'export sans cette colonne et détruire ce fichier.",
    )


def _unknown(heading: Heading, place: Place, keys: frozenset[str], index: HeadingIndex) -> Problem:
    if keys:
        what = "ce titre désigne plusieurs questions : colonne non lue"
        expected = f"un titre par question : {', '.join(sorted(keys))}"
    else:
        near = index.nearest(heading)
        what = "colonne inconnue du questionnaire, non lue"
        expected = f"peut-être « {near} »" if near else "un titre du questionnaire"
    remedy = "Corriger le titre, ou ajouter la question à questionnaire.toml."
    return Problem("colonne-inconnue", what, place, heading.raw, expected, remedy)


def _double(sheet: RawSheet, row: int, key: str, positions: list[int]) -> Problem:
    cells = " et ".join(f"{column_letters(position)}{row + 1}" for position in positions)
    return Problem(
        "colonne-en-double",
        f"plusieurs colonnes pour {key} ({cells}) : on ne sait pas laquelle croire",
        Place(sheet.file, sheet.name, f"{column_letters(positions[1])}{row + 1}", key),
        expected="une seule colonne par question",
        remedy="Refaire l'export en titres « code de la question ».",
        severity=Severity.BLOCKING,
    )


def _absent(sheet: RawSheet, row: int, found: set[str], questionnaire: Questionnaire) -> list[Problem]:
    wanted: list[tuple[tuple[str, ...], bool]] = [((name,), False) for name in _REQUIRED]
    wanted += [(question.keys, question.profile) for question in questionnaire.questions]
    problems = []
    for keys, optional in wanted:
        missing = [key for key in keys if key not in found]
        if missing:
            problems.append(
                Problem(
                    "colonne-absente",
                    f"il manque {', '.join(missing)}",
                    Place(sheet.file, sheet.name, str(row + 1)),
                    expected="toutes les colonnes du questionnaire, avec id et submitdate",
                    remedy="Refaire l'export avec toutes les colonnes.",
                    severity=Severity.CHECK if optional else Severity.BLOCKING,
                )
            )
    return problems


def _indistinct(sheet: RawSheet) -> Problem:
    return Problem(
        "montre-indistinct",
        "ce fichier ne distingue plus « montré, sans réponse » de « non montré » (guillemets perdus)",
        Place(sheet.file, sheet.name),
        expected="l'export d'origine, sans passage par un tableur",
        remedy="Une case vide a été lue comme « montrée, non cochée », sauf si sa condition dit le contraire.",
    )


def _response(sheet: RawSheet, row: int, columns: Mapping[int, str]) -> RawRow:
    values = sheet.rows[row]
    cells = {
        key: Cell(values[position] if position < len(values) else None, f"{column_letters(position)}{row + 1}")
        for position, key in columns.items()
    }
    return RawRow(sheet.file, sheet.name, row + 1, cells)


def _aside(sheet: RawSheet, row: int, heading_row: int) -> LedgerLine:
    reason = "en-tête" if row == heading_row else "texte au-dessus de l'en-tête"
    return LedgerLine(sheet.file, sheet.name, row + 1, _TABLE, Fate.SET_ASIDE, reason=reason)
