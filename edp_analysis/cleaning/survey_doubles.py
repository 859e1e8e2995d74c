"""Survey responses received twice: the same number again, or the same session sent again."""

from __future__ import annotations

from dataclasses import dataclass, replace

from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.intake.raw import RawRow
from edp_analysis.problems import Place, Problem

__all__ = ["Response", "survey_line", "without_doubles"]

_TABLE = "enquete"


@dataclass(frozen=True)
class Response:
    """One complete response, and what tells whether it was received twice.

    Attributes
    ----------
    row : RawRow
    key : str
        Number of the survey and of the response: ``"417352-12"``.
    values : dict
        Clean values by column.
    corrections : tuple of str
    sent : str
        Date of sending, as written.
    session : tuple of str
        Random seed and start; empty texts when they are not known.
    answers : tuple of str
        As written, in the order of the questionnaire.
    """

    row: RawRow
    key: str
    values: dict[str, object]
    corrections: tuple[str, ...]
    sent: str
    session: tuple[str, str]
    answers: tuple[str, ...]


def without_doubles(responses: list[Response]) -> tuple[list[Response], list[LedgerLine], list[Problem]]:
    """Keep one response a number, then one a session.

    Parameters
    ----------
    responses : list of Response
        Complete responses, in the order received.

    Returns
    -------
    kept : list of Response
    lines : list of LedgerLine
        Fates of the others.
    problems : list of Problem
        Numbers that carry two different responses.
    """
    lines: list[LedgerLine] = []
    problems: list[Problem] = []
    by_key: dict[str, Response] = {}
    for response in responses:
        other = by_key.setdefault(response.key, response)
        if other is response:
            continue
        if other.answers == response.answers:
            reason = "même numéro et mêmes réponses qu'une ligne déjà reprise"
            lines.append(survey_line(response.row, Fate.MERGED, response.key, reason))
            continue
        older, newer = sorted((other, response), key=lambda r: r.sent)
        by_key[response.key] = newer
        reason = f"même numéro que la ligne {newer.row.number} de « {newer.row.file} », envoyée après"
        lines.append(survey_line(older.row, Fate.SET_ASIDE, reason=reason))
        problems.append(_same_number(older, newer))
    kept: list[Response] = []
    sessions: dict[tuple[str, ...], Response] = {}
    for response in by_key.values():
        session = (response.key.rpartition("-")[0], *response.session, *response.answers)
        first = sessions.setdefault(session, response) if all(response.session) else response
        if first is response:
            kept.append(response)
        else:
            reason = "envoyée deux fois : même session (graine et début) et mêmes réponses"
            lines.append(survey_line(response.row, Fate.MERGED, first.key, reason))
            # Rows already merged with this number follow it to the record that is kept.
            lines = [replace(line, target=first.key) if line.target == response.key else line for line in lines]
    return kept, lines, problems


def _same_number(older: Response, newer: Response) -> Problem:
    return Problem(
        "reponse-en-double",
        f"le numéro {newer.key} porte deux réponses différentes ; la dernière envoyée est gardée",
        Place(older.row.file, older.row.sheet, str(older.row.number)),
        older.key,
        "un numéro par réponse",
        f"Comparer avec la ligne {newer.row.number} de « {newer.row.file} ».",
    )


def survey_line(
    row: RawRow, fate: Fate, target: str = "", reason: str = "", corrections: tuple[str, ...] = ()
) -> LedgerLine:
    """Return the fate of a row of the survey."""
    return LedgerLine(row.file, row.sheet, row.number, _TABLE, fate, target, reason, corrections)
