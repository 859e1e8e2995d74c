"""What reading a file gives: cells with their addresses, before anything is understood or corrected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Cell", "RawRow", "RawSheet", "ReadError", "column_letters"]


class ReadError(ValueError):
    """A text or number that cannot be read as what its column holds.

    Parameters
    ----------
    rule, what : str
        Stable identifier, and what is wrong, in French.
    """

    def __init__(self, rule: str, what: str) -> None:
        super().__init__(what)
        self.rule = rule
        self.what = what


def column_letters(index: int) -> str:
    """Return the spreadsheet letters of a column counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass(frozen=True)
class Cell:
    """One received value and where it stood.

    Attributes
    ----------
    value : object
        As read: text, number, date or boolean; ``None`` when the cell is absent. In delimited files, ``""`` is a
        quoted empty value and ``None`` an empty one (survey tools tell « shown, not answered » by it).
    ref : str
        Spreadsheet address, e.g. ``"D17"``.
    """

    value: object
    ref: str

    @property
    def blank(self) -> bool:
        """The cell holds nothing but spaces."""
        return self.value is None or str(self.value).strip() == ""


@dataclass(frozen=True)
class RawSheet:
    """One sheet (or the whole of a text file), every row kept, so that row 0 is line 1 of the file.

    Attributes
    ----------
    file : str
        File name, without its folder.
    name : str
        Sheet name; empty for a text file.
    rows : tuple of tuple
        Values as read.
    merged : tuple of tuple of int
        Merged ranges as (first row, first column, last row, last column), counted from 0, when the format says.
    encoding : str
        Encoding of a text file; empty otherwise.
    separator : str
        Field separator of a text file; empty otherwise.
    date1904 : bool
        The workbook counts its days from 1904: a serial number is not that of the usual calendar.
    """

    file: str
    name: str
    rows: tuple[tuple[object, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    encoding: str = ""
    separator: str = ""
    date1904: bool = False

    def blank_row(self, index: int) -> bool:
        """Say whether a row holds nothing."""
        return all(value is None or str(value).strip() == "" for value in self.rows[index])


@dataclass(frozen=True)
class RawRow:
    """One data row of a recognised table.

    Attributes
    ----------
    file, sheet : str
    number : int
        Line number in the sheet, from 1.
    cells : mapping of str to Cell
        By contract field name; a column that the file does not have is absent from the mapping.
    date1904 : bool
        As for its sheet.
    """

    file: str
    sheet: str
    number: int
    cells: Mapping[str, Cell] = field(default_factory=dict)
    date1904: bool = False

    def value(self, name: str) -> object:
        """Return the value of a field, ``None`` when the file has no such column."""
        cell = self.cells.get(name)
        return None if cell is None else cell.value
