"""Grids of values to bytes: .xlsx, .ods and delimited text, the same bytes for the same grids."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO, StringIO
from xml.sax.saxutils import escape, quoteattr

from edp_analysis.ooxml import add_entry, frozen

__all__ = ["Grid", "csv_bytes", "ods_bytes", "xlsx_bytes"]

_ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


@dataclass
class Grid:
    """One sheet: its name, its cells row by row, its merged ranges and its heading rows, counted from 0."""

    name: str
    rows: list[list[object]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    headings: tuple[int, ...] = ()


def xlsx_bytes(grids: Sequence[Grid], day: date) -> bytes:
    """Return an Excel workbook.

    Parameters
    ----------
    grids : sequence of Grid
        Dates become true dates, numbers numbers.
    day : datetime.date
        Written as the day of creation and of last change: no clock is read.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for r, row in enumerate(grid.rows, 1):
            for c, value in enumerate(row, 1):
                if value is None:
                    continue
                cell = sheet.cell(r, c, value)
                if isinstance(value, date):
                    cell.number_format = "DD/MM/YYYY"
                if r - 1 in grid.headings:
                    cell.font = Font(bold=True)
        for top, left, bottom, right in grid.merged:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for c in range(1, max((len(row) for row in grid.rows), default=0) + 1):
            sheet.column_dimensions[get_column_letter(c)].width = 16
    book.properties.creator = "simulation"
    book.properties.created = datetime(day.year, day.month, day.day)
    buffer = BytesIO()
    book.save(buffer)
    return frozen(buffer.getvalue(), day)


def ods_bytes(grids: Sequence[Grid]) -> bytes:
    """Return an OpenDocument spreadsheet: text, number and date cells, nothing else."""
    tables = "".join(
        f"<table:table table:name={quoteattr(grid.name)}>"
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in grid.rows)
        + "</table:table>"
        for grid in grids
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" '
        f'xmlns:text="{_ODF}:text:1.0" office:version="1.3">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_MIME}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        add_entry(archive, "mimetype", _ODS_MIME.encode("ascii"), zipfile.ZIP_STORED)
        add_entry(archive, "content.xml", content.encode("utf-8"))
        add_entry(archive, "META-INF/manifest.xml", manifest.encode("utf-8"))
    return buffer.getvalue()


def _ods_cell(value: object) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
        return f"<table:table-cell {kind}><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'


def csv_bytes(grid: Grid, encoding: str) -> bytes:
    """Return a text file separated by `;`, lines ended as Windows does.

    Raises
    ------
    UnicodeEncodeError
        A value cannot be written in that encoding.
    """
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    for row in grid.rows:
        writer.writerow(["" if value is None else _as_text(value) for value in row])
    return buffer.getvalue().encode(encoding)


def _as_text(value: object) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
