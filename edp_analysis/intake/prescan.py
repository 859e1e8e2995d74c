"""A look at a workbook before any library opens it: is it safe, and which cells would be lost in silence.

The reader gives an error cell and a formula that was never calculated as empty text, and aborts the whole process
on a cell placed at the far end of a sheet. All three are seen here first, with the standard library alone.
"""

from __future__ import annotations

import io
import re
import struct
import xml.etree.ElementTree as ET
import zipfile
import zlib
from dataclasses import dataclass, field

__all__ = ["DAMAGED", "NOT_CALCULATED", "Scan", "SheetScan", "UnsafeError", "scan_ods", "scan_xlsx"]

NOT_CALCULATED = "#NON CALCULÉ"
"""What stands in the place of a formula whose result the file does not hold."""

DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    ET.ParseError,
    EOFError,
    KeyError,
    ValueError,  # « negative seek value », when the middle of an archive is gone
    NotImplementedError,
    RuntimeError,  # an encrypted archive
    OSError,
)
"""What the standard library raises on an archive cut short or altered, found by altering sound files at random."""

_MAX_ENTRIES = 10_000
_MAX_BYTES = 300 * 2**20
_MAX_RATIO = 150
_RATIO_FLOOR = 20 * 2**20  # small archives of repetitive cells compress very well and are harmless
_MAX_AREA = 5_000_000
_CELL = re.compile(
    rb"<(?:\w+:)?row\b(?P<row>[^>]*?)/?>"
    rb"|<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<body>.*?)</(?:\w+:)?c>)",
    re.DOTALL,
)
_REFERENCE = re.compile(rb'\br="([A-Z]+)(\d+)"')
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]+)</(?:\w+:)?v>")
_MAC_CALENDAR = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=\"(?:1|true)\"")
_CONTENT = re.compile(rb"<(?:\w+:)?(?:v|is|f)\b")


class UnsafeError(Exception):
    """The workbook must not be opened.

    Parameters
    ----------
    rule, what, value : str
        Stable identifier, what is wrong in French, and the measure found.
    """

    def __init__(self, rule: str, what: str, value: str = "") -> None:
        super().__init__(what)
        self.rule = rule
        self.what = what
        self.value = value


@dataclass
class SheetScan:
    """What one sheet hides: unreadable cells by (row, column) from 0, and the number of hidden rows with content."""

    unreadable: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: int = 0


@dataclass
class Scan:
    """What the pre-scan found, by sheet name; and whether the workbook counts its days from 1904."""

    sheets: dict[str, SheetScan] = field(default_factory=dict)
    date1904: bool = False


def _open(data: bytes) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(data))
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > _MAX_ENTRIES or total > _MAX_BYTES or (total > _RATIO_FLOOR and total / packed > _MAX_RATIO):
        raise UnsafeError(
            "archive-demesuree", "une fois décompressé, ce classeur est démesuré", f"{total // 2**20} Mio"
        )
    return archive


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _check_area(rows: int, columns: int, sheet: str, address: str) -> None:
    if rows * columns > _MAX_AREA:
        raise UnsafeError(
            "cellule-lointaine",
            f"la feuille « {sheet} » a une cellule très loin du tableau, ce qui l'étend sur {rows} lignes",
            address,
        )


def scan_xlsx(data: bytes) -> Scan:
    """Scan an .xlsx or .xlsm workbook.

    Raises
    ------
    UnsafeError
        Sizes or extent beyond what a school's file can be.
    Exception
        One of :data:`DAMAGED`.
    """
    with _open(data) as archive:
        sheets = {name: _scan_sheet(archive.read(path), name) for name, path in _sheet_paths(archive)}
        return Scan(sheets, _MAC_CALENDAR.search(archive.read("xl/workbook.xml")) is not None)


def _sheet_paths(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    relations = {
        item.get("Id"): item.get("Target", "") for item in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    paths = []
    for item in ET.fromstring(archive.read("xl/workbook.xml")).iter():
        if item.tag.rpartition("}")[2] != "sheet":
            continue
        key = next((value for name, value in item.attrib.items() if name.endswith("}id")), None)
        target = relations.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if "worksheets" in path and path in archive.NameToInfo:
            paths.append((item.get("name", ""), path))
    return paths


def _scan_sheet(xml: bytes, name: str) -> SheetScan:
    found = SheetScan()
    row, column, last_row, last_column, hidden = -1, -1, 0, 0, False
    for match in _CELL.finditer(xml):
        if match["row"] is not None:
            number = _ROW_NUMBER.search(match["row"])
            row, column = (int(number[1]) - 1 if number else row + 1), -1
            hidden = b'hidden="1"' in match["row"] or b'hidden="true"' in match["row"]
            continue
        reference = _REFERENCE.search(match["cell"])
        if reference:
            column, row = _column(reference[1]), int(reference[2]) - 1
        else:
            column += 1
        body = match["body"]
        if body is None or not _CONTENT.search(body):
            continue
        found.hidden_rows += hidden
        hidden = False  # one count a row
        last_row, last_column = max(last_row, row), max(last_column, column)
        _check_area(last_row + 1, last_column + 1, name, reference[0].decode()[3:-1] if reference else "")
        value = _VALUE.search(body)
        kind = match["cell"]
        if b't="e"' in kind:
            found.unreadable[row, column] = value[1].decode() if value else "#ERREUR"
        elif re.search(rb"<(?:\w+:)?f\b", body) and value is None and b't="str"' not in kind:
            found.unreadable[row, column] = NOT_CALCULATED
    return found


def scan_ods(data: bytes) -> Scan:
    """Scan an .ods workbook; same errors as :func:`scan_xlsx`."""
    with _open(data) as archive:
        content = archive.read("content.xml")
    scan = Scan()
    name, row, column, last_row, last_column = "", 0, 0, 0, 0
    for event, item in ET.iterparse(io.BytesIO(content), events=("start", "end")):
        tag = item.tag.rpartition("}")[2]
        if event == "start":
            if tag == "table":
                name, row, column, last_row, last_column = _attribute(item, "name"), 0, 0, 0, 0
                scan.sheets[name] = SheetScan()
            elif tag == "table-row":
                column = 0
            continue
        if tag in ("table-cell", "covered-table-cell"):
            repeated = int(_attribute(item, "number-columns-repeated") or 1)
            if _attribute(item, "value-type") or len(item):
                last_row, last_column = max(last_row, row), max(last_column, column + repeated - 1)
                _check_area(last_row + 1, last_column + 1, name, f"ligne {row + 1}")
                shown = "".join(item.itertext()).strip()
                if re.fullmatch(r"#[A-ZÉ/0!?]+|Err:\d+", shown):
                    scan.sheets[name].unreadable[row, column] = shown
            column += repeated
        elif tag == "table-row":
            repeated = int(_attribute(item, "number-rows-repeated") or 1)
            filled = any(_attribute(cell, "value-type") or len(cell) for cell in item)
            row += repeated
            if filled:
                _check_area(row, last_column + 1, name, f"ligne {row}")
                scan.sheets[name].hidden_rows += _attribute(item, "visibility") in ("collapse", "filter")
            item.clear()
    return scan


def _attribute(item: ET.Element, local: str) -> str:
    """Return an attribute of any namespace; the office one when several namespaces carry it."""
    return next((value for name, value in item.attrib.items() if name.rpartition("}")[2] == local), "")
