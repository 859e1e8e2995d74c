"""The clean table ``comptes``: one row an account (and third party) of a school at the closing of an exercise.

A trial balance and a FEC take the same path: lines of the same account and third party are added up, the first is
kept and the others merged into it. An exercise that fails a blocking check is set aside as a whole: half a balance
would give wrong figures without saying so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.account_checks import check_series, check_statement, months_between, subtotals
from edp_analysis.cleaning.corrections import (
    Correction,
    apply_corrections,
    load_corrections,
    misplaced,
    split_reference,
)
from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.cleaning.reference import find_school, school_codes
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract.chart import regime_on
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.intake.accounts import read_account_sheets, recognise_accounts
from edp_analysis.intake.files import list_files
from edp_analysis.intake.raw import column_letters
from edp_analysis.intake.statements import AccountLine, Statement
from edp_analysis.intake.tables import non_empty_rows
from edp_analysis.problems import Problem, Severity

__all__ = ["clean_account_files", "clean_accounts"]

_TABLE = "comptes"
_MERGED = "même compte et même tiers : montants additionnés"


def clean_accounts(campaign: Campaign) -> Cleaned:
    """Clean the accounts of a campaign, from ``comptes/`` of its raw folder.

    Parameters
    ----------
    campaign : Campaign

    Returns
    -------
    Cleaned
        Frame of the contract ``comptes``; empty when nothing was received.
    """
    paths, problems = list_files(campaign.raw / "comptes")
    schools = school_codes(campaign)
    cleaned = clean_account_files(paths, campaign.exercises, schools, load_corrections(campaign.raw))
    return replace(cleaned, problems=(*problems, *cleaned.problems))


def clean_account_files(
    paths: Sequence[Path],
    exercises: Sequence[int] | None = None,
    schools: Sequence[str] = (),
    corrections: Sequence[Correction] = (),
) -> Cleaned:
    """Clean files of accounts.

    Parameters
    ----------
    paths : sequence of pathlib.Path
        Balances or FEC, in the order in which a second copy of an exercise loses to the first.
    exercises : sequence of int, optional
        Years of closing wanted; other exercises are set aside. All are kept when not given.
    schools : sequence of str, optional
        Codes of the campaign's schools; the accounts of another are refused. Not checked when empty.
    corrections : sequence of Correction
        Declared corrections of the campaign; their field is a column of the contract ``comptes-recu``.
    """
    problems: list[Problem] = []
    lines: list[LedgerLine] = []
    non_empty: dict[tuple[str, str], tuple[int, ...]] = {}
    accepted: list[Statement] = []
    refused: list[Statement] = []
    for path in paths:
        sheets, faults = read_account_sheets(path)
        sheets, applied, stale = apply_corrections(sheets, corrections)
        problems += [*faults, *stale]
        non_empty |= {(sheet.file, sheet.name): non_empty_rows(sheet) for sheet in sheets}
        statements = recognise_accounts(sheets)
        for statement in statements:
            lines += statement.lines
            if _is_notice(statement, statements):
                problems += statement.problems
                continue
            statement, misplaced = _corrected(_named(statement, schools), applied)
            problems += misplaced
            statement, rows = _without_subtotals(statement)
            lines += rows
            found = [*check_statement(statement), *_against(statement, accepted, exercises)]
            found += _strange_school(statement, schools)
            problems += [*statement.problems, *found]
            if reason := _refusal([*statement.problems, *found]):
                lines += [_aside(statement, entry.row, reason) for entry in statement.entries]
                refused.append(statement)
            else:
                accepted.append(statement)
    frames = []
    for statement in sorted(accepted, key=_order):
        frame, fates = _merge(statement)
        frames.append(frame)
        lines += fates
    problems += _series(accepted)
    problems += _last_missing(accepted, refused, exercises)
    lines.sort(key=lambda line: (line.file, line.sheet, line.row))
    return Cleaned(_frame(frames), tuple(lines), non_empty, tuple(problems))


def _is_notice(statement: Statement, statements: Sequence[Statement]) -> bool:
    """Say whether a sheet holds no table (a notice, a legend) in a file that has one elsewhere."""
    return not statement.columns and any(other.columns for other in statements)


def _named(statement: Statement, schools: Sequence[str]) -> Statement:
    """Find the school of a document that does not write its code as it should in its sheet's or its file's name."""
    if statement.school or not schools:
        return statement
    names = (statement.sheet, Path(statement.file).stem)
    return replace(statement, school=next(filter(None, (find_school(name, tuple(schools)) for name in names)), ""))


def _corrected(statement: Statement, applied: Sequence[Correction]) -> tuple[Statement, list[Problem]]:
    """Note the declared corrections on the lines that they changed, and name those that are not in their column."""
    own = [item for item in applied if item.sheet == statement.sheet]
    notes: dict[int, list[str]] = defaultdict(list)
    problems = []
    rows = {entry.row for entry in statement.entries}
    for item in own:
        column, row = split_reference(item.cell)
        found = statement.columns.get(column_letters(column), "") if row in rows else ""
        if found == item.field:
            notes[row].append(item.note)
        else:
            problems.append(misplaced(item, found))
    entries = (replace(entry, corrections=(*entry.corrections, *notes[entry.row])) for entry in statement.entries)
    return replace(statement, entries=tuple(entries)), problems


def _last_missing(
    accepted: Iterable[Statement], refused: Iterable[Statement], exercises: Sequence[int] | None
) -> list[Problem]:
    """Name the last exercises of the campaign that a school did not send; gaps are named between two exercises."""
    if not exercises:
        return []
    last: dict[str, Statement] = {}
    for statement in sorted(accepted, key=_order):
        last[statement.school] = statement
    known = {(statement.school, statement.end.year) for statement in refused if statement.end}
    problems = []
    for school, statement in sorted(last.items()):
        closed = statement.end.year if statement.end else 0
        years = [year for year in sorted(exercises) if year > closed and (school, year) not in known]
        if years:
            shown = ", ".join(map(str, years))
            what = f"les comptes de {school} s'arrêtent là, avant la fin des exercices de la campagne"
            expected, remedy = f"aussi : {shown}", "Demander les comptes qui manquent."
            problems.append(Problem("exercice-manquant", what, statement.place, str(closed), expected, remedy))
    return problems


def _order(statement: Statement) -> tuple[str, str]:
    return statement.school, str(statement.end)


def _without_subtotals(statement: Statement) -> tuple[Statement, list[LedgerLine]]:
    if statement.source == "fec":
        return statement, []
    rows = subtotals(statement.entries)
    kept = tuple(entry for entry in statement.entries if entry.row not in rows)
    return replace(statement, entries=kept), [_aside(statement, row, "sous-total") for row in sorted(rows)]


def _aside(statement: Statement, row: int, reason: str) -> LedgerLine:
    return LedgerLine(statement.file, statement.sheet, row, _TABLE, Fate.SET_ASIDE, reason=reason)


def _against(statement: Statement, accepted: Sequence[Statement], exercises: Sequence[int] | None) -> list[Problem]:
    """Compare an exercise with the campaign's and with those already accepted of the same school."""
    if statement.start is None or statement.end is None:
        return []
    where, remedy = statement.place, "Vérifier les dates de l'exercice ; sinon, retirer ce fichier."
    if exercises is not None and statement.end.year not in exercises:
        what = f"cet exercice, clos en {statement.end.year}, n'est pas un exercice de la campagne ; il est écarté"
        return [Problem("exercice-hors-campagne", what, where, "", ", ".join(map(str, exercises)), remedy)]
    for other in accepted:
        if other.school != statement.school or other.start is None or other.end is None:
            continue
        if statement.start <= other.end and other.start <= statement.end:
            same = (statement.start, statement.end) == (other.start, other.end)
            rule = "exercice-en-double" if same else "exercices-chevauchants"
            state = "est déjà donné par" if same else "en chevauche un autre :"
            what = f"cet exercice ({statement.school}) {state} le {other.place}"
            return [Problem(rule, what, where, "", "", remedy, Severity.BLOCKING)]
    return []


def _strange_school(statement: Statement, schools: Sequence[str]) -> list[Problem]:
    if not schools or not statement.school or statement.school in schools:
        return []
    what = f"l'école {statement.school} n'est pas dans la table des écoles de la campagne"
    expected = f"l'une de : {', '.join(schools)}"
    remedy = "Corriger le code dans le titre ou le nom du fichier, ou compléter ecoles.csv."
    return [Problem("ecole-inconnue", what, statement.place, statement.school, expected, remedy, Severity.BLOCKING)]


def _refusal(problems: Iterable[Problem]) -> str:
    """Return why an exercise cannot be used, empty when it can."""
    for problem in problems:
        # A line that cannot be read leaves the exercise incomplete: it no longer balances, or would by chance.
        if problem.severity is Severity.BLOCKING or problem.rule == "exercice-hors-campagne":
            return f"exercice non repris : {problem.what}"
    return ""


def _merge(statement: Statement) -> tuple[pd.DataFrame, list[LedgerLine]]:
    groups: dict[tuple[str, str], list[AccountLine]] = defaultdict(list)
    for entry in statement.entries:
        groups[entry.account, entry.third_party].append(entry)
    rows, fates = [], []
    for (account, third_party), entries in sorted(groups.items()):
        key = " ".join(part for part in (statement.school, str(statement.end), account, third_party) if part)
        for rank, entry in enumerate(entries):
            fate, reason = (Fate.MERGED, _MERGED) if rank else (Fate.KEPT, "")
            fates.append(
                LedgerLine(
                    statement.file, statement.sheet, entry.row, _TABLE, fate, key, reason, entry.corrections
                )
            )  # fmt: skip
        debit, credit = sum(entry.debit for entry in entries), sum(entry.credit for entry in entries)
        label = next((entry.label for entry in entries if entry.label), None)
        rows.append((account, third_party or None, label, debit, credit, debit - credit))
    frame = pd.DataFrame(
        rows, columns=["compte", "tiers", "libelle", "debit_centimes", "credit_centimes", "solde_centimes"]
    )
    if statement.start is None or statement.end is None:  # the checks refuse it before
        raise ValueError(f"{statement.place} : dates d'exercice inconnues")
    return frame.assign(
        ecole=statement.school,
        date_debut=pd.Timestamp(statement.start),
        date_fin=pd.Timestamp(statement.end),
        mois=months_between(statement),
        regime_plan=regime_on(statement.start),
        source=statement.source,
    ), fates


def _series(accepted: Sequence[Statement]) -> list[Problem]:
    by_school: dict[str, list[Statement]] = defaultdict(list)
    for statement in sorted(accepted, key=_order):
        by_school[statement.school].append(statement)
    return [problem for school in sorted(by_school) for problem in check_series(by_school[school])]


def _frame(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return typed(pd.concat(frames, ignore_index=True), _TABLE) if frames else empty_frame(_TABLE)
