"""Answers of a survey export: from what a cell holds to the contract's value."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cache

from edp_analysis.contract.questionnaire import Item, Question, Questionnaire, Scale
from edp_analysis.contract.schema import normalise_text
from edp_analysis.intake.raw import Cell, RawRow
from edp_analysis.problems import Place, Problem

__all__ = ["Answers", "cell_text", "read_answers"]

_PROTECTED = re.compile(r"^'(?=[=+\-@])")
_YEAR = re.compile(r"^(\d{4})\s*[-/–]\s*(\d{4})$")


@dataclass
class Answers:
    """The answers of one response.

    Attributes
    ----------
    values : dict of str to object
        By clean column: ``True``, ``False`` or ``None`` (not shown) for a tick box, a contract code or ``None`` (no
        answer) for the others.
    corrections : list of str
        What was normalised, and by which rule.
    problems : list of Problem
    """

    values: dict[str, object] = field(default_factory=dict)
    corrections: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def cell_text(value: object) -> tuple[str, bool]:
    """Return a cell's text, and whether a spreadsheet's protective apostrophe was taken off it.

    Examples
    --------
    >>> cell_text("'=D super"), cell_text("'tas"), cell_text(2021.0), cell_text(None)
    (('=D super', True), ("'tas", False), ('2021', False), ('', False))
    """
    if value is None:
        return "", False
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).strip()
    return _PROTECTED.sub("", text), bool(_PROTECTED.match(text))


def read_answers(row: RawRow, questionnaire: Questionnaire, tells_shown: bool) -> Answers:
    """Read one response.

    Parameters
    ----------
    row : RawRow
        Cells by question key, see :func:`edp_analysis.intake.survey.recognise_export`.
    questionnaire : Questionnaire
    tells_shown : bool
        An empty cell means « not shown » and ``""`` « shown ». When the file has lost the difference, a box was shown
        unless its condition says otherwise.

    Returns
    -------
    Answers
        An answer that is not understood counts as missing, and is a problem.
    """
    answers = Answers()
    for question in questionnaire.questions:
        if question.items:
            _read_boxes(row, question, questionnaire, tells_shown, answers)
        else:
            answers.values[question.column] = _read_single(row, question, questionnaire, tells_shown, answers)
    return answers


def _read_boxes(
    row: RawRow, question: Question, questionnaire: Questionnaire, tells_shown: bool, answers: Answers
) -> None:
    columns = {key: item.column for key, _, item in questionnaire.boxes()}
    unseen: list[str] = []
    for key, item in zip(question.keys, question.items, strict=True):
        value = _read_box(row, key, item, questionnaire, answers)
        if value == "vide":
            condition = answers.values.get(columns[item.condition]) if item.condition else True
            value = False if not tells_shown and condition is True else None
            if tells_shown and not item.condition:
                unseen.append(key)
        answers.values[item.column] = value
    if unseen:
        answers.problems.append(_not_shown(row, unseen))


def _read_box(row: RawRow, key: str, item: Item, questionnaire: Questionnaire, answers: Answers) -> bool | str | None:
    """Return the state of a box, or ``"vide"`` when the cell is empty without quotes."""
    cell = row.cells.get(key)
    if cell is None or cell.value is None:
        return "vide"
    text = _clean(cell, key, answers)
    if text == "":
        return False
    flat = normalise_text(text)
    if flat in _flat(questionnaire.not_shown):
        return None
    if item.code == "other":
        return True
    for state, words in ((True, questionnaire.ticked), (False, questionnaire.unticked)):
        if flat in _flat(words):
            return state
    answers.problems.append(_unknown(row, cell, key, text, (*questionnaire.ticked[:2], *questionnaire.unticked[:2])))
    return None


def _read_single(
    row: RawRow, question: Question, questionnaire: Questionnaire, tells_shown: bool, answers: Answers
) -> str | None:
    key = question.code
    cell = row.cells.get(key)
    if cell is None:
        return None
    text = _clean(cell, key, answers)
    if cell.value is None or normalise_text(text) in _flat(questionnaire.not_shown):
        if tells_shown:
            answers.problems.append(_not_shown(row, [key]))
        return None
    if text == "":
        return None
    if question.scale is not None:
        return _read_scale(row, cell, key, text, question.scale, answers)
    return _read_text(row, cell, question, text, answers)


def _read_scale(row: RawRow, cell: Cell, key: str, text: str, scale: Scale, answers: Answers) -> str | None:
    if text.upper() in scale.answers:
        return scale.answers[text.upper()]
    if found := scale.codes.find(text):
        return found.code
    answers.problems.append(_unknown(row, cell, key, text, (*scale.answers, *scale.codes.labels.values())))
    return None


def _read_text(row: RawRow, cell: Cell, question: Question, text: str, answers: Answers) -> str | None:
    if question.type == "annee" and (span := _YEAR.match(text)) and int(span.group(2)) == int(span.group(1)) + 1:
        text = span.group(1)
    value = text if re.fullmatch(question.pattern, text) else text.upper()
    if not re.fullmatch(question.pattern, value):
        answers.problems.append(_unknown(row, cell, question.code, text, ()))
        return None
    if value != text:
        answers.corrections.append(f"{question.code} : « {text} » lu « {value} » (majuscules)")
    return f"{value}-{int(value) + 1}" if question.type == "annee" else value


def _clean(cell: Cell, key: str, answers: Answers) -> str:
    text, protected = cell_text(cell.value)
    if protected:
        answers.corrections.append(f"{key} : apostrophe de protection retirée")
    return text


@cache
def _flat(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(normalise_text(word) for word in words)


def _unknown(row: RawRow, cell: Cell, key: str, text: str, known: tuple[str, ...]) -> Problem:
    near = difflib.get_close_matches(text, known, n=1)
    expected = f"peut-être « {near[0]} »" if near else ", ".join(known)
    return Problem(
        "reponse-inconnue",
        "cette réponse n'est pas dans le questionnaire ; elle est comptée comme manquante",
        Place(row.file, row.sheet, cell.ref, key),
        text,
        expected,
        "Vérifier la réponse, ou la déclarer dans questionnaire.toml.",
    )


def _not_shown(row: RawRow, keys: list[str]) -> Problem:
    return Problem(
        "question-non-montree",
        f"{', '.join(keys)} : vide dans une réponse complète, alors que le questionnaire montre cette question à tous",
        Place(row.file, row.sheet, str(row.number)),
        expected='une réponse, ou « "" » si le jeune n\'a pas répondu',
        remedy="Vérifier les conditions d'affichage dans l'outil d'enquête.",
    )
