"""What a controller verifies in accounts before using a single figure of them."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from edp_analysis.contract.chart import find_account, regime_on
from edp_analysis.intake.statements import AccountLine, Statement, school_in
from edp_analysis.problems import Problem, Severity
from edp_analysis.wording import counted, euros

__all__ = ["check_series", "check_statement", "months_between", "subtotals"]

_SHOWN = 12
_USUAL_MONTHS = 12
_TO_CLEAR = ("471", "472", "473", "474", "475", "58", "18")


def check_statement(statement: Statement) -> list[Problem]:
    """Verify one exercise on its own.

    Parameters
    ----------
    statement : Statement
        With its school and dates; without subtotals (see :func:`subtotals`).

    Returns
    -------
    list of Problem
        Blocking: no school, no account, débit ≠ crédit, balance sheet ≠ result, 86 ≠ 87, accounts outside the chart.
        « À vérifier »: an exercise that is not of twelve months, balances on the unusual side, suspense accounts.
    """
    balances = _balances(statement.entries)
    found = [*_identity(statement), *_equalities(statement, balances)]
    if statement.start is None or statement.end is None:
        return found
    regime = regime_on(statement.start)
    unmapped = [account for account in sorted(balances) if find_account(account, regime) is None]
    if unmapped:
        what = counted(len(unmapped), "compte n'existe", "comptes n'existent") + " pas dans le plan comptable"
        remedy = "Corriger ces numéros, ou compléter contract/mappings/plan_comptable.csv."
        found.append(_blocking("compte-hors-plan", what, statement, _listed(unmapped), "des comptes du plan", remedy))
    months = months_between(statement)
    if months != _USUAL_MONTHS:
        what = f"cet exercice dure {months} mois"
        found.append(_check("duree-exercice", what, statement, "", "douze mois", "Vérifier les dates de l'exercice."))
    found += _signs(statement, balances, regime)
    pending = [account for account in sorted(balances) if balances[account] and account.startswith(_TO_CLEAR)]
    if pending:
        what = "des comptes d'attente ne sont pas soldés à la clôture"
        remedy = "Demander au comptable où les imputer."
        found.append(_check("compte-attente", what, statement, _listed(pending), "zéro", remedy))
    return found


def months_between(statement: Statement) -> int:
    """Return the length of an exercise in months, rounded; its dates must be known.

    Raises
    ------
    ValueError
        The dates are not known.
    """
    if statement.start is None or statement.end is None:
        raise ValueError(f"{statement.place} : dates d'exercice inconnues")
    return max(1, round((statement.end - statement.start + timedelta(days=1)).days / 30.4375))


def subtotals(entries: Sequence[AccountLine]) -> set[int]:
    """Return the rows that only add up the accounts under them (« 60 » above 601, 606…).

    A row is one when its débit and its crédit are both the sums of those of the longer accounts it begins.

    Examples
    --------
    >>> subtotals([AccountLine(4, "60", "", "", 300, 0), AccountLine(5, "601", "", "", 100, 0),
    ...            AccountLine(6, "606", "", "", 200, 0)])
    {4}
    """
    found: set[int] = set()
    for entry in entries:
        under = [item for item in entries if item.account.startswith(entry.account) and item.account != entry.account]
        detail = [item for item in under if item.row not in found]
        if not detail or not (entry.debit or entry.credit):
            continue
        leaves = [item for item in detail if not _has_same_sum(item, detail)]
        if (entry.debit, entry.credit) == (sum(i.debit for i in leaves), sum(i.credit for i in leaves)):
            found.add(entry.row)
    return found


def _has_same_sum(entry: AccountLine, among: Iterable[AccountLine]) -> bool:
    under = [item for item in among if item.account.startswith(entry.account) and item.account != entry.account]
    sums = sum(item.debit for item in under), sum(item.credit for item in under)
    return bool(under) and sums == (entry.debit, entry.credit)


def check_series(statements: Sequence[Statement]) -> list[Problem]:
    """Verify the exercises of one school against one another.

    Parameters
    ----------
    statements : sequence of Statement
        Of one school, accepted, in order of closing.

    Returns
    -------
    list of Problem
        « À vérifier »: a gap between exercises, accounts whose opening is not the last closing, two exercises with
        the same figures.
    """
    found = []
    for before, after in itertools.pairwise(statements):
        if before.end is None or after.start is None:
            continue
        if after.start != before.end + timedelta(days=1):
            what = f"l'exercice précédent reçu finit le {before.end:%d/%m/%Y}, celui-ci ouvre le {after.start:%d/%m/%Y}"
            remedy = "Vérifier qu'aucun exercice ne manque."
            found.append(_check("exercice-manquant", what, after, "", "des exercices qui se suivent", remedy))
        else:
            found += _continuity(before, after)
        if _balances(before.entries) == _balances(after.entries):
            what = f"tous les soldes sont ceux de l'exercice clos le {before.end:%d/%m/%Y}"
            remedy = "Vérifier que le bon fichier a été envoyé."
            found.append(_check("soldes-identiques", what, after, "", "deux exercices différents", remedy))
    return found


def _continuity(before: Statement, after: Statement) -> list[Problem]:
    """Compare each opening with the last closing; the result may have moved between 10, 11 and 12."""
    if any(entry.opening is None for entry in after.entries) or not after.entries:
        return []
    closing = {account: cents for account, cents in _balances(before.entries).items() if account[0] in "12345"}
    opening: dict[str, int] = defaultdict(int)
    for entry in after.entries:
        opening[entry.account] += entry.opening or 0
    result = sum(cents for account, cents in _balances(before.entries).items() if account[0] in "67")
    gaps = {
        account: opening.get(account, 0) - closing.get(account, 0)
        for account in sorted({*closing, *opening})
        if account[0] in "12345" and account[:2] not in ("10", "11", "12")
    }
    own = sum(cents for account, cents in opening.items() if account[:2] in ("10", "11", "12"))
    gaps["10-12"] = own - result - sum(cents for account, cents in closing.items() if account[:2] in ("10", "11", "12"))
    wrong = [f"{account} ({euros(cents, signed=True)})" for account, cents in gaps.items() if cents]
    if not wrong:
        return []
    number = counted(len(wrong), "compte n'ouvre", "comptes n'ouvrent")
    what = f"{number} pas au solde de clôture de l'exercice précédent"
    remedy = "Demander au comptable si l'exercice précédent a été corrigé."
    return [_check("continuite", what, after, _listed(wrong), "ouverture = clôture précédente", remedy)]


def _identity(statement: Statement) -> list[Problem]:
    found = []
    if not statement.school:
        what = "l'école n'est pas nommée, ni dans les titres, ni dans le nom du fichier"
        remedy = "Ajouter le code de l'école au nom du fichier, par exemple « EDP-01_balance_2020.xlsx »."
        found.append(_blocking("ecole-inconnue", what, statement, "", "un code comme EDP-01", remedy))
    named = school_in([statement.file])
    if statement.school and named and named != statement.school:
        what = f"l'école du titre ({statement.school}) n'est pas celle du nom du fichier ; celle du titre a été retenue"
        remedy = "Vérifier que le bon document a été envoyé, puis renommer le fichier."
        found.append(_check("ecole-discordante", what, statement, named, statement.school, remedy))
    if not statement.entries:
        what = "aucun compte n'a pu être lu"
        found.append(_blocking("comptes-absents", what, statement, "", "une ligne par compte", "Vérifier le fichier."))
    return found


def _equalities(statement: Statement, balances: Mapping[str, int]) -> list[Problem]:
    total = sum(balances.values())
    by_class: dict[str, int] = defaultdict(int)
    for account, cents in balances.items():
        by_class[account[:2] if account[0] == "8" else account[0]] += cents
    found = []
    if total and not any(problem.rule == "debit-credit" for problem in statement.problems):
        what = f"le total des débits et celui des crédits diffèrent de {euros(abs(total))}"
        remedy = "Demander de nouveau la balance définitive."
        found.append(_blocking("debit-credit", what, statement, "", "deux totaux égaux", remedy))
    sheet, result = sum(by_class[key] for key in "12345"), sum(by_class[key] for key in "67")
    if not total and sheet != -result:
        gap = euros(abs(sheet + result))
        what = f"le résultat du bilan (classes 1 à 5) et celui des classes 6 et 7 diffèrent de {gap}"
        found.append(_blocking("bilan-resultat", what, statement, "", "le même résultat", "Interroger le comptable."))
    if by_class["86"] != -by_class["87"]:
        what = "les contributions volontaires ne s'équilibrent pas"
        value = f"86 : {euros(by_class['86'])} ; 87 : {euros(-by_class['87'])}"
        found.append(_blocking("contributions-volontaires", what, statement, value, "86 = 87", "Corriger ces comptes."))
    return found


def _signs(statement: Statement, balances: Mapping[str, int], regime: str) -> list[Problem]:
    odd = []
    for account in sorted(balances):
        line = find_account(account, regime)
        if line is None or not line.sign or not balances[account]:
            continue
        if (balances[account] > 0) != (line.sign == "D"):
            odd.append(account)
    if not odd:
        return []
    what = counted(len(odd), "compte a", "comptes ont") + " un solde du côté inhabituel"
    remedy = "Vérifier leur imputation ; les montants sont repris tels quels."
    return [_check("sens-inhabituel", what, statement, _listed(odd), "débiteur ou créditeur selon la classe", remedy)]


def _balances(entries: Iterable[AccountLine]) -> dict[str, int]:
    balances: dict[str, int] = defaultdict(int)
    for entry in entries:
        balances[entry.account] += entry.debit - entry.credit
    return balances


def _listed(items: Sequence[str]) -> str:
    return ", ".join(items[:_SHOWN]) + (" …" if len(items) > _SHOWN else "")


def _blocking(rule: str, what: str, statement: Statement, value: str, expected: str, remedy: str) -> Problem:
    remedy = f"{remedy} Exercice non repris."
    return Problem(rule, what, statement.place, value, expected, remedy, severity=Severity.BLOCKING)


def _check(rule: str, what: str, statement: Statement, value: str, expected: str, remedy: str) -> Problem:
    return Problem(rule, what, statement.place, value, expected, remedy, severity=Severity.CHECK)
