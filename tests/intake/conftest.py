"""Small files written by hand, of every kind that is received."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from edp_analysis.intake.raw import Cell, RawRow, RawSheet

Rows = Sequence[Sequence[object]]


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook: one list of rows a sheet."""
    import openpyxl

    def write(name: str = "essai.xlsx", **sheets: Rows) -> Path:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for title, rows in sheets.items():
            sheet = workbook.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        path = tmp_path / name
        workbook.save(path)
        return path

    return write


@pytest.fixture
def ods(tmp_path: Path) -> Callable[..., Path]:
    """Write an OpenDocument workbook of texts and numbers."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    def write(name: str = "essai.ods", **sheets: Rows) -> Path:
        document = OpenDocumentSpreadsheet()
        for title, rows in sheets.items():
            table = Table(name=title)
            for values in rows:
                row = TableRow()
                for value in values:
                    if isinstance(value, int | float):
                        cell = TableCell(valuetype="float", value=str(value))
                    else:
                        cell = TableCell(valuetype="string")
                    if value is not None:
                        cell.addElement(P(text=str(value)))
                    row.addElement(cell)
                table.addElement(row)
            document.spreadsheet.addElement(table)
        path = tmp_path / name
        document.save(str(path))
        return path

    return write


def replace_in_archive(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """Rewrite one member of an archive in place."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    contents[member] = change(contents[member])
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    path.write_bytes(buffer.getvalue())
    return path


@pytest.fixture
def edit_archive() -> Callable[[Path, str, Callable[[bytes], bytes]], Path]:
    """Give the function that rewrites one member of a workbook."""
    return replace_in_archive


@pytest.fixture
def sheet() -> Callable[..., RawSheet]:
    """Make a sheet of rows."""

    def make(*rows: Sequence[object], **options: object) -> RawSheet:
        return RawSheet("f.xlsx", "S", tuple(tuple(row) for row in rows), **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def cell() -> Callable[[object], tuple[Cell, RawRow]]:
    """Make one cell and its row."""

    def make(value: object) -> tuple[Cell, RawRow]:
        one = Cell(value, "D17")
        return one, RawRow("f.xlsx", "S", 17, {"champ": one})

    return make
