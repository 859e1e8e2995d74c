"""An exercise's accounts as received: who, which exercise, and one line an account in integer cents.

A trial balance and a FEC both give a :class:`Statement`; nothing downstream knows which of the two was received.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from edp_analysis.cleaning.ledger import LedgerLine
from edp_analysis.contract import load_schema
from edp_analysis.intake.numbers import NumberError, as_code, read_number
from edp_analysis.problems import Place, Problem

__all__ = ["AccountLine", "Statement", "account_number", "school_in", "to_cents"]

_ACCOUNT = re.compile(r"([1-8]\d+?)0*(?:\s*([^\W\d].*))?", re.DOTALL)


@dataclass(frozen=True)
class AccountLine:
    """One received line: an account of a balance, or a line of an entry.

    Attributes
    ----------
    row : int
        Line number in the sheet, from 1.
    account, third_party, label : str
        Account without padding zeros; auxiliary account, empty when there is none; wording.
    debit, credit : int
        Cents, never negative.
    opening : int or None
        Balance brought forward in cents, debit positive; ``None`` when the document does not give it.
    day : datetime.date or None
        Date of the entry, for a FEC.
    corrections : tuple of str
        What was normalised, in French.
    """

    row: int
    account: str
    third_party: str
    label: str
    debit: int
    credit: int
    opening: int | None = None
    day: date | None = None
    corrections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """The accounts of one exercise, as received.

    Attributes
    ----------
    file, sheet : str
    source : str
        ``"balance"`` or ``"fec"``.
    school : str
        Code found in the titles or the file name; empty when there is none.
    start, end : datetime.date or None
        Exercise; ``None`` when the document does not say.
    entries : tuple of AccountLine
    lines : tuple of LedgerLine
        Rows that are not accounts, each set aside with its reason.
    problems : tuple of Problem
    columns : mapping of str to str
        Field of the contract ``comptes-recu`` that each column (its letters) holds.
    """

    file: str
    sheet: str
    source: str
    school: str
    start: date | None
    end: date | None
    entries: tuple[AccountLine, ...]
    lines: tuple[LedgerLine, ...]
    problems: tuple[Problem, ...]
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where the document is."""
        return Place(self.file, self.sheet)


def to_cents(value: object) -> int:
    """Read an amount in euros as whole cents, through decimal arithmetic.

    Parameters
    ----------
    value : object
        Number of a workbook, or text as French files write it; ``None`` and blank text are zero.

    Raises
    ------
    NumberError
        Not a number, one that can be read in two ways, or one with more than two decimals.

    Examples
    --------
    >>> to_cents("1 234,56"), to_cents(0.29), to_cents("(12,5)"), to_cents(None)
    (123456, 29, -1250, 0)
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0
    cents = Decimal(repr(read_number(value, "€"))).scaleb(2)
    whole = round(cents)
    # A workbook stores sums of floats (12.340000000000003): what is below a hundredth of a cent is its noise.
    if abs(cents - whole) > Decimal("0.01"):
        raise NumberError("montant-trop-precis", "ce montant a plus de deux décimales")
    return whole


def account_number(value: object) -> tuple[str, str] | None:
    """Split what stands in the account column into the account, without padding zeros, and a third party.

    Returns ``None`` for what is not an account of classes 1 to 8 (a class alone, a text).

    Examples
    --------
    >>> account_number(512000), account_number("411 000"), account_number("401DUR"), account_number("6")
    (('512', ''), ('411', ''), ('401', 'DUR'), None)
    """
    text = re.sub(r"(?<=\d)[\s.\-](?=\d)", "", as_code(value)) if value is not None else ""
    match = _ACCOUNT.fullmatch(text)
    if match is None or len(match[1]) > 10:
        return None
    return match[1], match[2] or ""


def school_in(texts: Sequence[str]) -> str:
    """Return the one school code that `texts` hold, empty when there is none or several.

    Examples
    --------
    >>> school_in(["Balance générale", "École EDP-03 - 2022"])
    'EDP-03'
    """
    pattern = str(load_schema("ecoles")["ecole"].constraints["pattern"]).strip("^$")
    found = {code for text in texts for code in re.findall(rf"(?<![A-Za-z0-9-]){pattern}(?!\d)", text)}
    return found.pop() if len(found) == 1 else ""
