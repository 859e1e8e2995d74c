"""Answers and bytes of a LimeSurvey CSV export: code headings, short answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from edp_analysis.contract.questionnaire import Question, Questionnaire

__all__ = ["answer_cells", "export_bytes"]


def export_bytes(rows: Iterable[Sequence[str | None]]) -> bytes:
    r"""Write rows as LimeSurvey's CSV writer does.

    UTF-8 with BOM, ``;``, every value quoted but the ``None`` ones (never shown, hence empty), CRLF between rows,
    one blank line at the end, and the tool's own protection: an apostrophe before a value that starts with ``=``.

    Parameters
    ----------
    rows : iterable of sequences of str or None
        The heading row first.

    Examples
    --------
    >>> export_bytes([["id", "Q1[other]"], ["7", None], ["8", ""], ["9", "=D"]])[3:]
    b'"id";"Q1[other]"\r\n"7";\r\n"8";""\r\n"9";"\'=D"\r\n\r\n'
    """
    lines = [";".join(_value(cell) for cell in row) for row in rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def _value(cell: str | None) -> str:
    if cell is None:
        return ""
    text = f"'{cell}" if cell.startswith("=") else cell
    escaped = text.replace('"', '""')
    return f'"{escaped}"'


def answer_cells(
    questionnaire: Questionnaire, values: Mapping[str, object], texts: Mapping[str, str], last_page: int
) -> list[str | None]:
    """Write one response's answers, in the order of the questionnaire's keys.

    Parameters
    ----------
    questionnaire : Questionnaire
    values : mapping of str to object
        By clean column; ``None`` is no answer, or, for a tick box, not shown.
    texts : mapping of str to str
        Free texts by key (``"Q1[other]"``).
    last_page : int
        Last page reached: what stands further was never shown.
    """
    cells: list[str | None] = []
    for question in questionnaire.questions:
        for key, column in zip(question.keys, question.columns, strict=True):
            value = values[column]
            if question.page > last_page or (question.items and value is None):
                cells.append(None)
            else:
                cells.append(texts.get(key, _answer(question, value)))
    return cells


def _answer(question: Question, value: object) -> str:
    """Write a value as the survey tool does in short answers; shown and not answered is the empty text."""
    if value is None or value is False:
        return ""
    if value is True:
        return "Y"
    if question.scale is not None:
        return next(code for code, meaning in question.scale.answers.items() if meaning == value)
    return str(value)[:4] if question.type == "annee" else str(value)
