"""Trial balances: débit and crédit, balances in two columns or one, with or without opening and movements."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.contract import load_schema
from edp_analysis.intake.dates import DateError, plausible, read_date, twelve_months_before
from edp_analysis.intake.numbers import NumberError, as_code
from edp_analysis.intake.raw import RawRow, RawSheet, column_letters
from edp_analysis.intake.statements import AccountLine, Statement, account_number, school_in, to_cents
from edp_analysis.intake.tables import Recognised, recognise_file
from edp_analysis.problems import Place, Problem, Severity
from edp_analysis.wording import counted, euros

__all__ = ["read_balances"]

_TABLE = "comptes"
_SHOWN = 10
_DAY = r"(\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4})"
_EXERCISE = re.compile(rf"{_DAY}\s*(?:au|à|-|–)\s*{_DAY}", re.IGNORECASE)
_CLOSING = re.compile(rf"(?:au|clos\s+le|clôture\s*:?)\s*{_DAY}", re.IGNORECASE)
_AMOUNTS = ("ouverture_debit", "ouverture_credit", "debit", "credit", "solde_debiteur", "solde_crediteur", "solde")


def read_balances(sheets: Sequence[RawSheet]) -> tuple[Statement, ...]:
    """Read each sheet of a file as a trial balance; sheets that hold nothing give nothing.

    Parameters
    ----------
    sheets : sequence of RawSheet
        Of one file.

    Returns
    -------
    tuple of Statement
        A sheet in which no table is recognised gives a statement without entries, all its rows set aside.
    """
    filled = [sheet for sheet in sheets if not all(sheet.blank_row(index) for index in range(len(sheet.rows)))]
    found = recognise_file(filled, load_schema("comptes-recu"))
    return tuple(_statement(sheet, item) for sheet, item in zip(filled, found, strict=True))


def _statement(sheet: RawSheet, found: Recognised) -> Statement:
    problems = [problem for problem in found.problems if problem.rule != "ligne-hors-donnees"]
    titles = _titles(sheet, found.header_row or 0)
    lines = list(found.lines)
    entries: list[AccountLine] = []
    if found.rows and not set(_AMOUNTS) & set(found.columns):
        problems.append(_no_amount(sheet, found))
        lines += [_aside(row, "aucune colonne de montant") for row in found.rows]
    else:
        for row in found.rows:
            entry, problem = _entry(row)
            if isinstance(entry, AccountLine):
                entries.append(entry)
            else:
                lines.append(_aside(row, entry))
            problems += [problem] if problem else []
    start, end, doubt = _exercise(sheet, titles)
    if found.header_row is not None:
        problems += doubt
    if "ouverture_debit" not in found.columns:
        entries, doubt = _deduced_openings(sheet, entries)
        problems += doubt
    school = school_in(titles) or school_in([sheet.name]) or school_in([sheet.file])
    columns = {column_letters(column): name for name, column in found.columns.items()}
    return Statement(
        sheet.file, sheet.name, "balance", school, start, end, tuple(entries), tuple(lines), tuple(problems), columns
    )


def _deduced_openings(sheet: RawSheet, entries: list[AccountLine]) -> tuple[list[AccountLine], list[Problem]]:
    """Verify the openings that were deduced from closing balances; they must balance, or they are not openings.

    Where débit and crédit are the year's movements, every account has an opening, zero for those that lack nothing.
    """
    deduced = [entry for entry in entries if entry.opening is not None]
    if not deduced:
        return entries, []
    if gap := sum(entry.opening or 0 for entry in deduced):
        number = counted(len(deduced), "compte a un solde qui n'est", "comptes ont un solde qui n'est")
        what = (
            f"{number} pas débit − crédit, et ces écarts ne s'équilibrent pas ({euros(abs(gap))}) ; le solde est retenu"
        )
        rows = ", ".join(str(entry.row) for entry in deduced[:_SHOWN]) + (" …" if len(deduced) > _SHOWN else "")
        where = Place(sheet.file, sheet.name, str(deduced[0].row))
        shown = f"ligne{'s' if len(deduced) > 1 else ''} {rows}"
        expected = "débit − crédit = solde, ou des mouvements sans l'ouverture"
        return entries, [Problem("solde-discordant", what, where, shown, expected, "Interroger le comptable.")]
    return [replace(entry, opening=entry.opening or 0) for entry in entries], []


def _titles(sheet: RawSheet, header_row: int) -> list[str]:
    """Text of the lines above the table, a line in one text, dates as they would be typed."""
    above = sheet.rows[: max(header_row - 1, 0)]
    return [" ".join(_shown(value) for value in row if value is not None) for row in above]


def _shown(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)


def _exercise(sheet: RawSheet, titles: Sequence[str]) -> tuple[date | None, date | None, list[Problem]]:
    """Return the first and last days of the exercise that the titles give, and what is doubtful about them."""
    written = [(row, text, match) for row, text in enumerate(titles, 1) if (match := _EXERCISE.search(text))]
    for _, _, match in written:
        start, end = (_day(part) for part in match.groups())
        if start and end and start < end:
            return start, end, []
    expected = "« Exercice du 01/01/2020 au 31/12/2020 » au-dessus du tableau"
    if written:
        row, text, _ = written[0]
        what = "les dates de l'exercice ne se lisent pas, ou se suivent à l'envers"
        remedy = "Corriger ce titre, les années sur quatre chiffres."
        return None, None, [_unknown_exercise(sheet, row, what, text, expected, remedy)]
    for row, text in enumerate(titles, 1):
        if (match := _CLOSING.search(text)) and (end := _day(match[1])):
            what = "le début de l'exercice n'est pas donné ; douze mois ont été supposés"
            where = Place(sheet.file, sheet.name, str(row))
            problem = Problem("debut-exercice-suppose", what, where, text, expected, "Compléter le titre.")
            return twelve_months_before(end), end, [problem]
    what, remedy = "les dates de l'exercice ne sont pas données", "Ajouter cette ligne de titre."
    return None, None, [_unknown_exercise(sheet, 1, what, "", expected, remedy)]


def _unknown_exercise(sheet: RawSheet, row: int, what: str, value: str, expected: str, remedy: str) -> Problem:
    where = Place(sheet.file, sheet.name, str(row))
    return Problem("exercice-inconnu", what, where, value, expected, remedy, Severity.BLOCKING)


def _day(text: str) -> date | None:
    try:
        return plausible(read_date(text).value)
    except DateError:
        return None


def _no_amount(sheet: RawSheet, found: Recognised) -> Problem:
    return Problem(
        "montants-absents",
        "aucune colonne de montant n'a été reconnue",
        Place(sheet.file, sheet.name, str(found.header_row)),
        expected="Débit et Crédit, ou Solde débiteur et Solde créditeur, ou Solde",
        remedy="Reprendre ces titres de colonnes.",
        severity=Severity.BLOCKING,
    )


def _aside(row: RawRow, reason: str) -> LedgerLine:
    return LedgerLine(row.file, row.sheet, row.number, _TABLE, Fate.SET_ASIDE, reason=reason)


def _entry(row: RawRow) -> tuple[AccountLine | str, Problem | None]:
    """Read one row: a line, or the reason why it is none, with the problem if there is one."""
    cell = row.cells["compte"]
    number = account_number(cell.value)
    if number is None:
        if re.fullmatch(r"[1-8]", as_code(cell.value)):
            return "sous-total de classe", None
        what, expected = "ce n'est pas un numéro de compte", "au moins deux chiffres, de la classe 1 à la classe 8"
        where = Place(row.file, row.sheet, cell.ref, "compte")
        remedy = "Corriger la cellule. Ligne non reprise."
        return "numéro de compte illisible", Problem(
            "compte-illisible", what, where, as_code(cell.value), expected, remedy, Severity.BLOCKING
        )
    amounts, problem = _amounts(row)
    if amounts is None:
        return "montant illisible", problem
    debit, credit, opening, corrections = _sides(amounts)
    if as_code(cell.value).rstrip("0") != number[0].rstrip("0"):
        corrections = (f"compte : « {as_code(cell.value)} » → {number[0]}", *corrections)
    label = " ".join(str(row.value("libelle") or "").split())
    return AccountLine(row.number, number[0], number[1], label, debit, credit, opening, None, corrections), problem


def _amounts(row: RawRow) -> tuple[dict[str, int] | None, Problem | None]:
    cents: dict[str, int] = {}
    for name in _AMOUNTS:
        if name not in row.cells:
            continue
        cell = row.cells[name]
        try:
            cents[name] = to_cents(cell.value)
        except NumberError as error:
            where = Place(row.file, row.sheet, cell.ref, name)
            remedy = "Corriger la cellule. Ligne non reprise."
            return None, Problem(
                error.rule, error.what, where, str(cell.value), "un montant en euros", remedy, Severity.BLOCKING
            )
    return cents, None


def _sides(cents: Mapping[str, int]) -> tuple[int, int, int | None, tuple[str, ...]]:
    """Return total debit, total credit, opening balance and corrections.

    The closing balance, when the document gives it, has the last word: where débit and crédit are movements only,
    what they lack is the opening balance.
    """
    opening = cents["ouverture_debit"] - cents.get("ouverture_credit", 0) if "ouverture_debit" in cents else None
    debit, credit = cents.get("debit", 0), cents.get("credit", 0)
    corrections: tuple[str, ...] = ()
    if debit < 0 or credit < 0:
        debit, credit = max(debit, 0) + max(-credit, 0), max(credit, 0) + max(-debit, 0)
        corrections = ("montant négatif porté de l'autre côté",)
    if opening is not None:
        debit, credit = debit + max(opening, 0), credit + max(-opening, 0)
    closing = _closing(cents)
    if closing is None or closing == debit - credit:
        return debit, credit, opening, corrections
    if "debit" not in cents and "credit" not in cents:
        return max(closing, 0), max(-closing, 0), opening, corrections
    gap = closing - (debit - credit)
    if opening is None:
        note = f"ouverture déduite du solde de clôture : {euros(gap, signed=True)}"
        return debit + max(gap, 0), credit + max(-gap, 0), gap, (*corrections, note)
    note = f"débit − crédit ne donne pas le solde de clôture (écart {euros(abs(gap))}) ; le solde est retenu"
    return max(closing, 0), max(-closing, 0), opening, (*corrections, note)


def _closing(cents: Mapping[str, int]) -> int | None:
    if "solde_debiteur" in cents or "solde_crediteur" in cents:
        return cents.get("solde_debiteur", 0) - cents.get("solde_crediteur", 0)
    return cents.get("solde")
