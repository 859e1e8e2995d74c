"""Trial balances as accountants send them: five layouts, titles, subtotals, and bytes that do not change."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["Balance", "stable_workbook", "write_balances"]

_ZIP_DATE = (2024, 1, 1, 0, 0, 0)
_MODIFIED = b"2024-01-01T00:00:00Z"
Line = tuple[str, str, int, int, int]
Row = list[Any]


@dataclass(frozen=True)
class Balance:
    """The trial balance of one exercise.

    Attributes
    ----------
    school : str
    start, end : datetime.date
    lines : tuple of (account, label, opening balance, debit, credit)
        In cents; the opening balance is debit positive, debit and credit are the movements of the exercise.
    """

    school: str
    start: date
    end: date
    lines: tuple[Line, ...]

    @property
    def exercise(self) -> str:
        """Title of the exercise, in French."""
        return f"Exercice du {self.start:%d/%m/%Y} au {self.end:%d/%m/%Y}"


def write_balances(balances: Sequence[Balance], rank: int) -> dict[str, bytes]:
    """Write the balances of one school in the layout of its accountant.

    Parameters
    ----------
    balances : sequence of Balance
        Of one school, in order of exercise.
    rank : int
        Which school this is; schools beyond the fifth start again with the first layout.

    Returns
    -------
    dict of str to bytes
        Content by file name.
    """
    return (_totals, _six_columns, _mixed_text, _one_workbook, _balances_only)[rank % 5](balances)


def _totals(balances: Sequence[Balance]) -> dict[str, bytes]:
    """Write débit, crédit and both balances, a subtotal a class, a general total."""

    def rows(balance: Balance) -> Iterator[Row]:
        yield [f"École de production {balance.school}"]
        yield ["Balance générale définitive"]
        yield [balance.exercise]
        yield []
        yield ["N° de compte", "Intitulé du compte", "Total débit", "Total crédit", "Solde débiteur", "Solde créditeur"]
        for group in sorted({line[0][0] for line in balance.lines}):
            own = [_closing(line) for line in balance.lines if line[0].startswith(group)]
            yield from (
                [account, label, *_euros(debit, credit), *_sides(net)] for account, label, debit, credit, net in own
            )
            yield [f"Total classe {group}", "", *_total(own)]
        yield ["TOTAL GÉNÉRAL", "", *_total([_closing(line) for line in balance.lines])]

    return {_name(balance, "balance", "xlsx"): _workbook([("Balance", list(rows(balance)))]) for balance in balances}


def _six_columns(balances: Sequence[Balance]) -> dict[str, bytes]:
    """Write opening, movements and closing, each in two columns, under a heading of two lines."""

    def rows(balance: Balance) -> Iterator[Row]:
        yield [f"{balance.school} - {balance.exercise}"]
        yield ["Compte", "Libellé", "Ouverture", None, "Mouvements", None, "Clôture", None]
        yield [None, None, *["Débit", "Crédit"] * 3]
        for account, label, opening, debit, credit in balance.lines:
            yield [int(account), label, *_sides(opening), *_euros(debit, credit), *_sides(opening + debit - credit)]
        sums = [
            _sides(line[2]) + _euros(line[3], line[4]) + _sides(line[2] + line[3] - line[4]) for line in balance.lines
        ]
        yield ["Totaux", None, *[round(sum(value or 0 for value in column), 2) for column in zip(*sums, strict=True)]]

    merged = ("A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:H2")
    return {
        _name(balance, "balance", "xlsx"): _workbook([("Feuil1", list(rows(balance)))], merged) for balance in balances
    }


def _mixed_text(balances: Sequence[Balance]) -> dict[str, bytes]:
    """Write débit and crédit only: two workbooks, then, from another software, text files."""

    def rows(balance: Balance) -> Iterator[Row]:
        yield [f"BALANCE GENERALE {balance.school}"]
        yield [f"{balance.exercise} - édition en euros"]
        yield ["Compte", "Intitulé", "Débit", "Crédit"]
        for line in balance.lines:
            account, label, debit, credit, _ = _closing(line)
            yield [account, label, *_euros(debit, credit)]
        closing = [_closing(line) for line in balance.lines]
        yield ["TOTAL", None, *_euros(sum(line[2] for line in closing), sum(line[3] for line in closing))]

    files: dict[str, bytes] = {}
    for index, balance in enumerate(balances):
        if index < len(balances) - 2:
            files[_name(balance, "balance", "xlsx")] = _workbook([("Balance générale", list(rows(balance)))])
        else:
            text = "\r\n".join(";".join(_text(value) for value in row) for row in rows(balance)) + "\r\n"
            files[_name(balance, "balance", "csv")] = text.encode("cp1252")
    return files


def _one_workbook(balances: Sequence[Balance]) -> dict[str, bytes]:
    """Write one workbook, a sheet an exercise, one signed column."""

    def rows(balance: Balance) -> Iterator[Row]:
        yield ["Balance des comptes", None, balance.school]
        yield [balance.exercise]
        yield []
        yield ["Compte général", "Intitulé", "Solde"]
        for account, label, opening, debit, credit in balance.lines:
            yield [account, label, (opening + debit - credit) / 100]

    sheets = [(f"Exercice {balance.end.year}", list(rows(balance))) for balance in balances]
    return {f"{balances[0].school}_comptes.xlsx": _workbook(sheets)}


def _balances_only(balances: Sequence[Balance]) -> dict[str, bytes]:
    """Write closing balances only; accounts as numbers; a total."""

    def rows(balance: Balance) -> Iterator[Row]:
        yield [f"Association gestionnaire de {balance.school}", None, None, "Balance au", f"{balance.end:%d/%m/%Y}"]
        yield [balance.exercise]
        yield ["Compte", "Libellé du compte", "Solde débiteur", "Solde créditeur"]
        kept = [_closing(line) for line in balance.lines]
        for account, label, _, _, net in kept:
            yield [int(account), label, *_sides(net)]
        yield ["Total général", None, *_total(kept)[2:]]

    return {_name(balance, "BG", "xlsx"): _workbook([("BG", list(rows(balance)))]) for balance in balances}


def _closing(line: Line) -> tuple[str, str, int, int, int]:
    """Account, label, total debit and credit with the opening balance in, closing balance."""
    account, label, opening, debit, credit = line
    total_debit, total_credit = debit + max(opening, 0), credit + max(-opening, 0)
    return account, label, total_debit, total_credit, total_debit - total_credit


def _total(lines: Sequence[tuple[str, str, int, int, int]]) -> Row:
    nets = [line[4] for line in lines]
    amounts = (sum(line[2] for line in lines), sum(line[3] for line in lines))
    return [*_euros(*amounts), sum(n for n in nets if n > 0) / 100, -sum(n for n in nets if n < 0) / 100]


def _euros(*cents: int) -> Row:
    return [value / 100 for value in cents]


def _sides(net: int) -> Row:
    return [net / 100 if net > 0 else None, -net / 100 if net < 0 else None]


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",") if isinstance(value, float) else str(value)


def _name(balance: Balance, kind: str, suffix: str) -> str:
    return f"{balance.school}_{kind}_{balance.end.year}.{suffix}"


def _workbook(sheets: Sequence[tuple[str, Sequence[Row]]], merged: Sequence[str] = ()) -> bytes:
    def fill(book: Any) -> None:
        for name, rows in sheets:
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            for area in merged:
                sheet.merge_cells(area)
            sheet.column_dimensions["B"].width = 44

    return stable_workbook(fill)


def stable_workbook(fill: Callable[[Any], None]) -> bytes:
    """Return the bytes of a workbook that `fill` writes, identical from one run to the next.

    Parameters
    ----------
    fill : callable
        Receives an empty :class:`openpyxl.Workbook` and adds its sheets.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    fill(book)
    buffer, stable = io.BytesIO(), io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(stable, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":  # openpyxl writes the hour of the run in it
                content = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*(</dcterms)", rb"\g<1>" + _MODIFIED + rb"\g<2>", content)
            entry = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return stable.getvalue()
