"""The legal file of entries (FEC, article A47 A-1 of the Livre des procédures fiscales), checked as it is read.

Eighteen columns, tab or ``|``, dates AAAAMMJJ, decimal comma. The balances brought forward are in it, the entries
that close classes 6 and 7 are not, so that Σ7 − Σ6 is the result. The State's own tester stopped comparing debit
with credit in 2014: the comparison is made here, for the file and for each entry.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.contract import normalise_text
from edp_analysis.intake.dates import month_end, plausible, twelve_months_before
from edp_analysis.intake.numbers import NumberError
from edp_analysis.intake.raw import RawSheet, column_letters
from edp_analysis.intake.statements import AccountLine, Statement, account_number, school_in, to_cents
from edp_analysis.problems import Place, Problem, Severity
from edp_analysis.wording import counted, euros

__all__ = ["is_fec", "read_fec"]

_NEEDED = ("journalcode", "ecriturenum", "ecrituredate", "comptenum")
_SHOWN = 10
_FIELDS = {"comptenum": "compte", "comptelib": "libelle", "debit": "debit", "credit": "credit"}
_OPENING = re.compile(r"(an|ano|ran|anouv)\d*|a nouveaux?|reports? a nouveaux?")
_FILE_DATE = re.compile(r"FEC(\d{8})", re.IGNORECASE)
_SLACK = 31  # days after the opening before a first entry tells that the exercise began later


def is_fec(sheet: RawSheet) -> bool:
    """Say whether the first line of a text names the columns of a FEC."""
    return bool(sheet.rows) and set(_NEEDED) <= set(_columns(sheet))


def read_fec(sheet: RawSheet) -> Statement:
    """Read a FEC as a statement, one line an entry line.

    The exercise ends on the date of the file name (on the last entry's month end when the name has none) and opens
    twelve months before, or on the first day of the month of the first entry when it starts later than that.

    Returns
    -------
    Statement
        With a blocking problem when debit ≠ credit, « à vérifier » for entries that do not balance or are dated
        outside the exercise.
    """
    columns = _columns(sheet)
    entries: list[AccountLine] = []
    groups: dict[tuple[str, ...], list[AccountLine]] = defaultdict(list)
    header = LedgerLine(sheet.file, sheet.name, 1, "comptes", Fate.SET_ASIDE, reason="ligne de titres")
    aside, problems = [header], []
    for index, values in enumerate(sheet.rows[1:], start=2):
        if sheet.blank_row(index - 1):
            continue
        cells = {name: _text(values, column) for name, column in columns.items()}
        entry = _entry(cells, sheet, index)
        if isinstance(entry, Problem):
            problems.append(entry)
            aside.append(LedgerLine(sheet.file, sheet.name, index, "comptes", Fate.SET_ASIDE, reason=entry.what))
            continue
        entries.append(entry)
        groups[tuple(cells.get(name, "") for name in ("journalcode", "ecriturenum", "ecrituredate"))].append(entry)
    start, end, doubt = _exercise(sheet, entries)
    place = Place(sheet.file, sheet.name)
    problems += [*doubt, *_unbalanced(groups, entries, place), *_outside(entries, start, end, place)]
    school = school_in([sheet.file])
    return Statement(
        sheet.file, sheet.name, "fec", school, start, end, tuple(entries), tuple(aside), tuple(problems),
        {column_letters(columns[name]): field for name, field in _FIELDS.items() if name in columns},
    )  # fmt: skip


def _columns(sheet: RawSheet) -> dict[str, int]:
    names = [normalise_text(value).replace(" ", "") if value is not None else "" for value in sheet.rows[0]]
    return {name: column for column, name in reversed(list(enumerate(names))) if name}


def _text(values: Sequence[object], column: int) -> str:
    value = values[column] if column < len(values) else None
    return "" if value is None else str(value).strip()


def _entry(cells: Mapping[str, str], sheet: RawSheet, index: int) -> AccountLine | Problem:
    number = account_number(cells["comptenum"])
    if number is None:
        what, expected = "ce n'est pas un numéro de compte", "des chiffres, de la classe 1 à la classe 8"
        return _line_problem("compte-illisible", what, sheet, index, cells["comptenum"], expected)
    day = _day(cells["ecrituredate"])
    if day is None:
        what = "cette date d'écriture ne se lit pas"
        return _line_problem("date-illisible", what, sheet, index, cells["ecrituredate"], "AAAAMMJJ")
    try:
        debit, credit = _sides(cells)
    except NumberError as error:
        shown = " / ".join(cells.get(name, "") for name in ("debit", "credit", "montant", "sens"))
        return _line_problem(error.rule, error.what, sheet, index, shown, "un montant, par exemple 1234,50")
    journal = normalise_text(cells["journalcode"]), normalise_text(cells.get("journallib", ""))
    forward = any(_OPENING.fullmatch(name) for name in journal)
    third_party = cells.get("compauxnum", "") or number[1]
    opening = debit - credit if forward else 0
    return AccountLine(index, number[0], third_party, cells.get("comptelib", ""), debit, credit, opening, day)


def _sides(cells: Mapping[str, str]) -> tuple[int, int]:
    """Debit and credit, never negative; « Montant » and « Sens » are accepted in their place."""
    if "debit" in cells:
        net = (to_cents(cells["debit"]), to_cents(cells.get("credit", "")))
    else:
        cents, way = to_cents(cells.get("montant", "")), normalise_text(cells.get("sens", ""))
        if way not in ("d", "c", "1"):
            raise NumberError("sens-illisible", "le sens de cette écriture n'est ni D ni C, ni +1 ni -1")
        is_debit = way == "d" or (way == "1" and not cells["sens"].strip().startswith("-"))
        net = (cents, 0) if is_debit else (0, cents)
    debit, credit = net
    return max(debit, 0) + max(-credit, 0), max(credit, 0) + max(-debit, 0)


def _day(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)
    try:
        return plausible(date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))) if len(digits) == 8 else None
    except ValueError:
        return None


def _exercise(sheet: RawSheet, entries: Sequence[AccountLine]) -> tuple[date | None, date | None, list[Problem]]:
    days = sorted(entry.day for entry in entries if entry.day is not None)
    problems: list[Problem] = []
    named = _FILE_DATE.search(sheet.file)
    end = _day(named[1]) if named else None
    if end is None and days:
        end = month_end(days[-1])
        what = f"le nom du fichier ne donne pas la date de clôture ; {end:%d/%m/%Y} d'après la dernière écriture"
        expected = "SIREN + « FEC » + AAAAMMJJ, par exemple 000000000FEC20231231.txt"
        problems.append(Problem("cloture-supposee", what, Place(sheet.file), "", expected, "Vérifier la date."))
    if end is None:
        return None, None, problems
    start = twelve_months_before(end)
    if days and (days[0] - start).days > _SLACK:
        start = days[0].replace(day=1)
        what = f"la première écriture est du {days[0]:%d/%m/%Y} : exercice supposé ouvert le {start:%d/%m/%Y}"
        problems.append(Problem("ouverture-supposee", what, Place(sheet.file), remedy="Vérifier la date."))
    return start, end, problems


def _unbalanced(
    groups: Mapping[tuple[str, ...], Sequence[AccountLine]], entries: Sequence[AccountLine], place: Place
) -> list[Problem]:
    gap = sum(entry.debit - entry.credit for entry in entries)
    problems = []
    if gap:
        what = f"le total des débits et celui des crédits diffèrent de {euros(abs(gap))}"
        remedy = "Demander de nouveau l'export des écritures."
        problems.append(
            Problem("debit-credit", what, place, "", "deux totaux égaux", remedy, severity=Severity.BLOCKING)
        )
    wrong = [key for key, lines in groups.items() if sum(line.debit - line.credit for line in lines)]
    if wrong:
        shown = ", ".join(" ".join(key) for key in wrong[:_SHOWN]) + (" …" if len(wrong) > _SHOWN else "")
        number = counted(len(wrong), "écriture ne s'équilibre pas", "écritures ne s'équilibrent pas")
        what = f"{number}, sur {len(groups)} (journal, numéro, date)"
        remedy = "Vérifier ces écritures avec le comptable."
        problems.append(Problem("ecriture-desequilibree", what, place, shown, "débit = crédit", remedy))
    return problems


def _outside(entries: Sequence[AccountLine], start: date | None, end: date | None, place: Place) -> list[Problem]:
    if start is None or end is None:
        return []
    wrong = [entry for entry in entries if entry.day is not None and not start <= entry.day <= end]
    if not wrong:
        return []
    rows = ", ".join(str(entry.row) for entry in wrong[:_SHOWN]) + (" …" if len(wrong) > _SHOWN else "")
    what = counted(len(wrong), "ligne d'écriture est datée", "lignes d'écriture sont datées") + " hors de l'exercice"
    expected = f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"
    shown = f"ligne{'s' if len(wrong) > 1 else ''} {rows}"
    return [Problem("date-hors-exercice", what, place, shown, expected, "Vérifier ces écritures.")]


def _line_problem(rule: str, what: str, sheet: RawSheet, index: int, value: str, expected: str) -> Problem:
    where = Place(sheet.file, sheet.name, str(index))
    return Problem(rule, what, where, value, expected, "Corriger la ligne. Ligne non reprise.", Severity.BLOCKING)
