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
from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.cleaning.reference import clean_schools
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract.chart import regime_on
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.intake.accounts import read_accounts
from edp_analysis.intake.files import list_files
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
    cleaned = clean_account_files(paths, campaign.exercises, tuple(clean_schools(campaign).frame["ecole"]))
    return replace(cleaned, problems=(*problems, *cleaned.problems))


def clean_account_files(
    paths: Sequence[Path], exercises: Sequence[int] | None = None, schools: Sequence[str] = ()
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
    """
    problems: list[Problem] = []
    lines: list[LedgerLine] = []
    non_empty: dict[tuple[str, str], tuple[int, ...]] = {}
    accepted: list[Statement] = []
    for path in paths:
        received = read_accounts(path)
        problems += received.problems
        non_empty |= {(sheet.file, sheet.name): non_empty_rows(sheet) for sheet in received.sheets}
        for statement in received.statements:
            lines += statement.lines
            statement, rows = _without_subtotals(statement)
            lines += rows
            found = [*check_statement(statement), *_against(statement, accepted, exercises)]
            found += _strange_school(statement, schools)
            problems += [*statement.problems, *found]
            if reason := _refusal([*statement.problems, *found]):
                lines += [_aside(statement, entry.row, reason) for entry in statement.entries]
            else:
                accepted.append(statement)
    frames = []
    for statement in sorted(accepted, key=_order):
        frame, fates = _merge(statement)
        frames.append(frame)
        lines += fates
    problems += _series(accepted)
    lines.sort(key=lambda line: (line.file, line.sheet, line.row))
    return Cleaned(_frame(frames), tuple(lines), non_empty, tuple(problems))


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
            what = f"cet exercice de {statement.school} {'est déjà donné par' if same else 'en chevauche un de'} "
            return [Problem(rule, f"{what}{other.place}", where, "", "", remedy, Severity.BLOCKING)]
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
