"""The interview grid: one workbook, three tables, each found on its own sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from edp_analysis.cleaning.contacts import without_contacts
from edp_analysis.cleaning.corrections import Correction, apply_corrections
from edp_analysis.cleaning.reading import Before, Reading, take_sheets
from edp_analysis.contract import TableSchema, load_codes, load_schema
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.headers import find_header
from edp_analysis.intake.numbers import as_code
from edp_analysis.intake.raw import Cell, RawRow, RawSheet
from edp_analysis.problems import Place, Problem, Severity

__all__ = ["GRID_TABLES", "read_grid", "table_of_sheet"]

GRID_TABLES = ("entretiens", "codages", "citations")
"""The tables of the grid; the first also accounts for the sheets that hold none of them."""

_POLARITY = "polarite"
_SIGNS = {
    **dict.fromkeys(("-1", "−1", "-", "−", "--", "−−"), "NEGATIF"),
    **dict.fromkeys(("0", "=", "+/-", "±"), "NEUTRE"),
    **dict.fromkeys(("1", "+1", "+", "++"), "POSITIF"),
}


def table_of_sheet(sheet: RawSheet) -> str:
    """Return the table of the grid that the headings of a sheet announce; empty when there is none."""
    known = {}
    for table in GRID_TABLES:
        header = find_header(sheet, load_schema(f"{table}-recu"))
        known[table] = header.known if header is not None else 0
    best = max(GRID_TABLES, key=lambda table: known[table])
    return best if known[best] else ""


def read_grid(paths: Iterable[Path], corrections: Sequence[Correction] = ()) -> dict[str, Reading]:
    """Read the three tables of interview grids.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Read in the order given; a grid may also come as one text file a table.
    corrections : sequence of Correction
        Declared corrections of the campaign.

    Returns
    -------
    dict of str to Reading
        By table, in the order of :data:`GRID_TABLES`. A table that no sheet holds has a blocking problem.
    """
    readings = {table: Reading() for table in GRID_TABLES}
    files: list[_File] = []
    for path in paths:
        sheets, problems = read_sheets(path)
        sheets, applied, stale = apply_corrections(sheets, corrections)
        readings[GRID_TABLES[0]].problems += [*problems, *stale]
        files.append(_File(path, sheets, applied))
    for table in GRID_TABLES:
        schema = load_schema(f"{table}-recu")
        found = False
        for file in files:
            own = [sheet for sheet in file.sheets if table_of_sheet(sheet) == table]
            found = found or bool(own)
            others = [sheet for sheet in file.sheets if not table_of_sheet(sheet)] if table == GRID_TABLES[0] else []
            readings[table].extend(take_sheets([*own, *others], schema, file.applied, _before(schema)))
        if files and not found:
            readings[table].problems.append(_absent(table, schema, files[0].path))
    return readings


@dataclass(frozen=True)
class _File:
    path: Path
    sheets: Sequence[RawSheet]
    applied: Sequence[Correction]


def _before(schema: TableSchema) -> Before:
    def mend(row: RawRow) -> tuple[RawRow, list[Problem], list[str]]:
        row, problems, notes = without_contacts(row, schema)
        row, read = _without_signs(row)
        return row, problems, [*notes, *read]

    return mend


def _without_signs(row: RawRow) -> tuple[RawRow, list[str]]:
    """Read the signs of a polarity (a code list compares letters and digits only)."""
    cell = row.cells.get(_POLARITY)
    text = "" if cell is None or cell.value is None else as_code(cell.value).strip()
    code = _SIGNS.get(text)
    if cell is None or code is None:
        return row, []
    note = f"{_POLARITY} : « {text} » → {load_codes('polarite').labels[code]} (signe)"
    return replace(row, cells={**row.cells, _POLARITY: Cell(code, cell.ref)}), [note]


def _absent(table: str, schema: TableSchema, path: Path) -> Problem:
    wanted = ", ".join(field.title for field in schema.fields if field.column_severity == "bloquant")
    return Problem(
        "feuille-absente",
        f"aucune feuille de la grille ne porte la table « {table} »",
        Place(path.name),
        expected=f"une feuille avec les titres : {wanted}",
        remedy="Reprendre les titres du modèle.",
        severity=Severity.BLOCKING,
    )
