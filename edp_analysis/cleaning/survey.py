"""The clean survey table: one row a complete response, and the fate of every row received."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.questionnaire import Questionnaire, load_questionnaire
from edp_analysis.intake.dates import DateError, read_date
from edp_analysis.intake.files import list_files
from edp_analysis.intake.raw import RawRow
from edp_analysis.intake.survey import SurveyExport, read_export
from edp_analysis.intake.survey_answers import cell_text, read_answers
from edp_analysis.problems import Place, Problem

__all__ = ["clean_survey", "clean_survey_files"]

_TABLE = "enquete"
_FOLDER = "enquete"


@dataclass(frozen=True)
class _Response:
    """One complete response: its row, its clean values, and what tells whether it was received twice."""

    row: RawRow
    key: str
    values: dict[str, object]
    corrections: tuple[str, ...]
    sent: str
    session: tuple[str, str]
    answers: tuple[str, ...]


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
    cleaned = clean_survey_files(paths, last_day=campaign.extraction_date)
    return replace(cleaned, problems=(*notes, *cleaned.problems))


def clean_survey_files(
    paths: Iterable[Path], questionnaire: Questionnaire | None = None, last_day: date | None = None
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

    Returns
    -------
    Cleaned
        Frame of the contract ``enquete``, ordered by file then row; free texts are not kept.
    """
    asked = questionnaire or load_questionnaire()
    lines: list[LedgerLine] = []
    problems: list[Problem] = []
    non_empty: dict[tuple[str, str], tuple[int, ...]] = {}
    responses: list[_Response] = []
    for path in paths:
        exports, faults = read_export(path, asked)
        problems += faults
        for export in exports:
            non_empty[export.file, export.sheet] = export.non_empty
            problems += export.problems
            lines += export.lines
            found, aside, faults = _complete(export, asked, last_day)
            responses += found
            lines += aside
            problems += faults
    kept, merged, faults = _without_doubles(responses)
    lines += [_line(r.row, Fate.KEPT, r.key, corrections=r.corrections) for r in kept]
    lines += merged
    problems += faults
    lines.sort(key=lambda line: (line.file, line.sheet, line.row))
    records = [{"id_reponse": r.key, **r.values} for r in kept]
    frame = typed(pd.DataFrame(records), _TABLE) if records else empty_frame(_TABLE)
    return Cleaned(frame, tuple(lines), non_empty, tuple(problems))


def _complete(
    export: SurveyExport, questionnaire: Questionnaire, last_day: date | None
) -> tuple[list[_Response], list[LedgerLine], list[Problem]]:
    """Read the complete responses of an export, and set the others aside."""
    found: list[_Response] = []
    aside: list[LedgerLine] = []
    problems: list[Problem] = []
    anonymous = 0
    for row in export.responses:
        if reason := _reason_aside(row, export, questionnaire):
            aside.append(_line(row, Fate.SET_ASIDE, reason=reason))
            continue
        day, fault = _day(row, last_day)
        if day == questionnaire.anonymous_date:
            day, anonymous = None, anonymous + 1
        elif fault is not None:
            problems.append(fault)
        answers = read_answers(row, questionnaire, export.tells_shown)
        problems += answers.problems
        found.append(
            _Response(
                row,
                f"{_survey_number(export.file, questionnaire)}-{_text(row, 'id')}",
                {"date_reponse": day, **answers.values},
                tuple(answers.corrections),
                _text(row, "submitdate"),
                _session(row, questionnaire),
                tuple(_text(row, key) for question in questionnaire.questions for key in question.keys),
            )
        )
    if anonymous:
        problems.append(_anonymous(export, anonymous))
    return found, aside, problems


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


def _without_doubles(responses: list[_Response]) -> tuple[list[_Response], list[LedgerLine], list[Problem]]:
    """Keep one response a number, then one a session; say what became of the others."""
    lines: list[LedgerLine] = []
    problems: list[Problem] = []
    by_key: dict[str, _Response] = {}
    for response in responses:
        other = by_key.setdefault(response.key, response)
        if other is response:
            continue
        if other.answers == response.answers:
            reason = "même numéro et mêmes réponses qu'une ligne déjà reprise"
            lines.append(_line(response.row, Fate.MERGED, response.key, reason))
            continue
        older, newer = sorted((other, response), key=lambda r: r.sent)
        by_key[response.key] = newer
        reason = f"même numéro que la ligne {newer.row.number} de « {newer.row.file} », envoyée après"
        lines.append(_line(older.row, Fate.SET_ASIDE, reason=reason))
        problems.append(_same_number(older, newer))
    kept: list[_Response] = []
    sessions: dict[tuple[str, ...], _Response] = {}
    for response in by_key.values():
        session = (response.key.rpartition("-")[0], *response.session, *response.answers)
        first = sessions.setdefault(session, response) if all(response.session) else response
        if first is response:
            kept.append(response)
        else:
            reason = "envoyée deux fois : même session (graine et début) et mêmes réponses"
            lines.append(_line(response.row, Fate.MERGED, first.key, reason))
            # Rows already merged with this number follow it to the record that is kept.
            lines = [replace(line, target=first.key) if line.target == response.key else line for line in lines]
    return kept, lines, problems


def _same_number(older: _Response, newer: _Response) -> Problem:
    return Problem(
        "reponse-en-double",
        f"le numéro {newer.key} porte deux réponses différentes ; la dernière envoyée est gardée",
        Place(older.row.file, older.row.sheet, str(older.row.number)),
        older.key,
        "un numéro par réponse",
        f"Comparer avec la ligne {newer.row.number} de « {newer.row.file} ».",
    )


def _anonymous(export: SurveyExport, number: int) -> Problem:
    return Problem(
        "dates-anonymisees",
        f"l'outil a anonymisé les dates de {number} réponse(s) ; elles sont lues comme inconnues",
        Place(export.file, export.sheet, column="submitdate"),
        remedy="Donner la période de l'enquête si les dates servent.",
    )


def _survey_number(file: str, questionnaire: Questionnaire) -> str:
    found = re.search(questionnaire.file_pattern, file)
    return found.group(1) if found else Path(file).stem


def _text(row: RawRow, key: str) -> str:
    return cell_text(row.value(key))[0]


def _line(row: RawRow, fate: Fate, target: str = "", reason: str = "", corrections: tuple[str, ...] = ()) -> LedgerLine:
    return LedgerLine(row.file, row.sheet, row.number, _TABLE, fate, target, reason, corrections)
