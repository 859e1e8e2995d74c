"""The clean survey table: one row a complete response, and the fate of every row received."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.corrections import Correction, apply_corrections, load_corrections, misplaced
from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.cleaning.reference import school_codes
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.survey_doubles import Response, survey_line, without_doubles
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.questionnaire import Questionnaire, load_questionnaire
from edp_analysis.intake.dates import DateError, read_date
from edp_analysis.intake.files import list_files, read_sheets
from edp_analysis.intake.raw import RawRow
from edp_analysis.intake.survey import SurveyExport, recognise_sheets
from edp_analysis.intake.survey_answers import cell_text, read_answers
from edp_analysis.problems import Place, Problem
from edp_analysis.wording import counted

__all__ = ["clean_survey", "clean_survey_files"]

_TABLE = "enquete"
_FOLDER = "enquete"
_SCHOOL = "ecole"


def clean_survey(campaign: Campaign) -> Cleaned:
    """Clean the survey of a campaign: every file of ``<raw>/enquete``.

    See :func:`clean_survey_files` for the rules. A response dated after the extraction is a problem.

    Parameters
    ----------
    campaign : Campaign

    Returns
    -------
    Cleaned
        An empty frame, with all its columns, when nothing was received.
    """
    paths, notes = list_files(campaign.raw / _FOLDER)
    corrections = load_corrections(campaign.raw)
    schools = school_codes(campaign)
    cleaned = clean_survey_files(paths, None, campaign.extraction_date, corrections, schools)
    return replace(cleaned, problems=(*notes, *cleaned.problems))


def clean_survey_files(
    paths: Iterable[Path],
    questionnaire: Questionnaire | None = None,
    last_day: date | None = None,
    corrections: Sequence[Correction] = (),
    schools: Sequence[str] = (),
) -> Cleaned:
    """Clean survey exports.

    Rules, in this order. A response without a date of sending is partial and set aside. A response that carries the
    number of another is merged with it when their answers are the same (the same export received twice); otherwise
    the one sent last is kept. A response with the same session (random seed and start) and the same answers as
    another, under another number, was sent twice: it is merged with the first.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Read in the order given.
    questionnaire : Questionnaire, optional
        The project's when not given.
    last_day : datetime.date, optional
        Responses sent later are signalled.
    corrections : sequence of Correction
        Declared corrections of the campaign; their field is a column of the contract, or ``id``, ``submitdate``…
    schools : sequence of str, optional
        Codes of the campaign's schools; another school is signalled and read as missing. Not checked when empty.

    Returns
    -------
    Cleaned
        Frame of the contract ``enquete``, ordered by file then row; free texts are not kept.
    """
    asked = questionnaire or load_questionnaire()
    lines: list[LedgerLine] = []
    problems: list[Problem] = []
    non_empty: dict[tuple[str, str], tuple[int, ...]] = {}
    responses: list[Response] = []
    for path in paths:
        sheets, faults = read_sheets(path)
        sheets, applied, stale = apply_corrections(sheets, corrections)
        problems += [*faults, *stale]
        for export in recognise_sheets(sheets, asked):
            problems += _misplaced(export, applied, asked)
            non_empty[export.file, export.sheet] = export.non_empty
            problems += export.problems
            lines += export.lines
            found, aside, faults = _complete(export, asked, last_day, applied)
            responses += found
            lines += aside
            problems += faults
    kept, merged, faults = without_doubles(responses)
    lines += [survey_line(r.row, Fate.KEPT, r.key, corrections=r.corrections) for r in kept]
    lines += merged
    problems += faults
    problems += _strange_schools(kept, schools)
    lines.sort(key=lambda line: (line.file, line.sheet, line.row))
    records = [{"id_reponse": r.key, **r.values} for r in kept]
    frame = typed(pd.DataFrame(records), _TABLE) if records else empty_frame(_TABLE)
    return Cleaned(frame, tuple(lines), non_empty, tuple(problems))


def _complete(
    export: SurveyExport, questionnaire: Questionnaire, last_day: date | None, applied: Sequence[Correction]
) -> tuple[list[Response], list[LedgerLine], list[Problem]]:
    """Read the complete responses of an export, and set the others aside."""
    found: list[Response] = []
    aside: list[LedgerLine] = []
    problems: list[Problem] = []
    anonymous = 0
    for row in export.responses:
        if reason := _reason_aside(row, export, questionnaire):
            aside.append(survey_line(row, Fate.SET_ASIDE, reason=reason))
            continue
        day, fault = _day(row, last_day)
        if day == questionnaire.anonymous_date:
            day, anonymous = None, anonymous + 1
        elif fault is not None:
            problems.append(fault)
        answers = read_answers(row, questionnaire, export.tells_shown)
        problems += answers.problems
        found.append(
            Response(
                row,
                f"{_survey_number(export.file, questionnaire)}-{_text(row, 'id')}",
                {"date_reponse": day, **answers.values},
                (*answers.corrections, *_notes(row, applied)),
                _text(row, "submitdate"),
                _session(row, questionnaire),
                tuple(_text(row, key) for question in questionnaire.questions for key in question.keys),
            )
        )
    if anonymous:
        problems.append(_anonymous(export, anonymous))
    return found, aside, problems


def _strange_schools(responses: Sequence[Response], schools: Sequence[str]) -> list[Problem]:
    """Name the schools that the campaign does not have, and read them as missing."""
    problems = []
    for response in responses:
        school = response.values[_SCHOOL]
        if not schools or school is None or school in schools:
            continue
        response.values[_SCHOOL] = None
        near = difflib.get_close_matches(str(school), schools, n=1)
        expected = f"peut-être « {near[0]} »" if near else "une école de ecoles.csv"
        place = Place(response.row.file, response.row.sheet, str(response.row.number), _SCHOOL)
        what = "cette école n'est pas dans la campagne ; elle est comptée comme manquante"
        remedy = "Vérifier le lien que l'école a reçu, ou compléter ecoles.csv."
        problems.append(Problem("ecole-inconnue", what, place, str(school), expected, remedy))
    return problems


def _notes(row: RawRow, applied: Sequence[Correction]) -> list[str]:
    refs = {cell.ref for cell in row.cells.values()}
    return [item.note for item in applied if item.sheet == row.sheet and item.cell in refs]


def _misplaced(export: SurveyExport, applied: Sequence[Correction], questionnaire: Questionnaire) -> list[Problem]:
    """Name the corrections whose cell is not in the column of the field that they name."""
    names = {key: column for q in questionnaire.questions for key, column in zip(q.keys, q.columns, strict=True)}
    refs = {cell.ref: names.get(key, key) for row in export.responses for key, cell in row.cells.items()}
    return [
        misplaced(item, refs.get(item.cell, ""))
        for item in applied
        if item.sheet == export.sheet and refs.get(item.cell) != item.field
    ]


def _session(row: RawRow, questionnaire: Questionnaire) -> tuple[str, str]:
    """Return what two sendings of one response share; empty when the dates are anonymous: a seed is not enough."""
    started = _text(row, "startdate")
    return ("", "") if started.startswith(questionnaire.anonymous_date.isoformat()) else (_text(row, "seed"), started)


def _reason_aside(row: RawRow, export: SurveyExport, questionnaire: Questionnaire) -> str:
    if export.blocked:
        return f"fichier inutilisable : {export.blocked}"
    if not _text(row, "submitdate"):
        page = _text(row, "lastpage")
        return f"réponse partielle (page {page} sur {questionnaire.pages})" if page else "réponse partielle"
    return "" if _text(row, "id") else "réponse sans numéro"


def _day(row: RawRow, last_day: date | None) -> tuple[date | None, Problem | None]:
    cell = row.cells["submitdate"]
    place = Place(row.file, row.sheet, cell.ref, "submitdate")
    try:
        day = read_date(cell.value).value
    except DateError as error:
        remedy = "Refaire l'export ; la réponse est gardée, sans date."
        return None, Problem(error.rule, error.what, place, str(cell.value), "AAAA-MM-JJ hh:mm:ss", remedy)
    if last_day is not None and day > last_day:
        what = "réponse envoyée après la date d'extraction de la campagne"
        remedy = "Vérifier que cet export est bien celui de la campagne."
        return day, Problem("date-hors-periode", what, place, day.isoformat(), f"au plus tard {last_day}", remedy)
    return day, None


def _anonymous(export: SurveyExport, number: int) -> Problem:
    return Problem(
        "dates-anonymisees",
        f"l'outil a anonymisé les dates de {counted(number, 'réponse', 'réponses')} ; elles sont lues comme inconnues",
        Place(export.file, export.sheet, column="submitdate"),
        remedy="Donner la période de l'enquête si les dates servent.",
    )


def _survey_number(file: str, questionnaire: Questionnaire) -> str:
    found = re.search(questionnaire.file_pattern, file)
    return found.group(1) if found else Path(file).stem


def _text(row: RawRow, key: str) -> str:
    return cell_text(row.value(key))[0]
