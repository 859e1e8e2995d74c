"""From a received file to typed records: read, corrected as declared, recognised, every row accounted for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from edp_analysis.cleaning.corrections import Correction, apply_corrections, misplaced, split_reference
from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.contract import TableSchema
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.raw import RawRow, RawSheet
from edp_analysis.intake.records import Record, read_record
from edp_analysis.intake.tables import Recognised, non_empty_rows, recognise_file
from edp_analysis.problems import Problem

__all__ = ["Before", "Reading", "ledger_line", "read_table", "take_sheets"]

Before = Callable[[RawRow], tuple[RawRow, list[Problem], list[str]]]
"""What to do to a row before its values are read: the row to read, problems, and notes for the ledger."""


@dataclass
class Reading:
    """What one file (or several, once extended) gave.

    Attributes
    ----------
    records : list of Record
        Rows that can be used so far.
    refused : list of Record
        Rows that cannot, to be checked further by ``edp check``.
    lines : list of LedgerLine
        Rows whose fate is already known, all set aside.
    non_empty : dict
        Non-empty line numbers by (file, sheet).
    problems : list of Problem
    notes : dict
        Declared corrections by (file, sheet, line).
    """

    records: list[Record] = field(default_factory=list)
    refused: list[Record] = field(default_factory=list)
    lines: list[LedgerLine] = field(default_factory=list)
    non_empty: dict[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: dict[tuple[str, str, int], tuple[str, ...]] = field(default_factory=dict)

    def extend(self, other: Reading) -> None:
        """Add what another file gave."""
        self.records += other.records
        self.refused += other.refused
        self.lines += other.lines
        self.non_empty |= other.non_empty
        self.problems += other.problems
        self.notes |= other.notes


def read_table(
    path: Path,
    schema: TableSchema,
    corrections: Sequence[Correction] = (),
    keep: Callable[[RawSheet], bool] | None = None,
) -> Reading:
    """Read the table of a « -recu » schema in a file, whatever its format and layout.

    Parameters
    ----------
    path : pathlib.Path
    schema : TableSchema
    corrections : sequence of Correction
        Declared corrections of the campaign.
    keep : callable, optional
        Which sheets are looked at; all by default. The others belong to another table, which accounts for them.
    """
    sheets, problems = read_sheets(path)
    sheets, applied, stale = apply_corrections(sheets, corrections)
    reading = Reading(problems=[*problems, *stale])
    kept = sheets if keep is None else [sheet for sheet in sheets if keep(sheet)]
    reading.extend(take_sheets(kept, schema, applied))
    return reading


def take_sheets(
    sheets: Sequence[RawSheet], schema: TableSchema, applied: Sequence[Correction] = (), before: Before | None = None
) -> Reading:
    """Read the table of a « -recu » schema in sheets of one file, already corrected.

    Parameters
    ----------
    sheets : sequence of RawSheet
    schema : TableSchema
    applied : sequence of Correction
        Corrections already applied to the file; those of other sheets are left alone.
    before : callable, optional
        What to do to each row before its values are read: it gives the row, problems, and notes for the ledger.
    """
    reading = Reading()
    for sheet, found in zip(sheets, recognise_file(sheets, schema), strict=True):
        own = [item for item in applied if item.sheet == sheet.name]
        for item in own:
            _note(reading, (item.file, item.sheet, split_reference(item.cell)[1]), [item.note])
        reading.non_empty[sheet.file, sheet.name] = non_empty_rows(sheet)
        reading.lines += found.lines
        reading.problems += found.problems
        reading.problems += _misplaced(found, own)
        for raw in found.rows:
            row, problems, notes = before(raw) if before else (raw, [], [])
            reading.problems += problems
            _note(reading, (row.file, row.sheet, row.number), notes)
            _sort_out(read_record(row, schema), reading, schema)
        # Their rows were set aside with the sheet: the rest of their values still deserves a check.
        reading.refused += [read_record(row, schema) for row in found.unusable]
    return reading


def _note(reading: Reading, key: tuple[str, str, int], notes: Sequence[str]) -> None:
    if notes:
        reading.notes[key] = (*reading.notes.get(key, ()), *notes)


def _sort_out(record: Record, reading: Reading, schema: TableSchema) -> None:
    reading.problems += record.problems
    if record.blocked:
        reading.refused.append(record)
        table = schema.name.removesuffix("-recu")
        reading.lines.append(ledger_line(record, table, Fate.SET_ASIDE, reason=record.blocked))
    else:
        reading.records.append(record)


def _misplaced(found: Recognised, applied: Sequence[Correction]) -> list[Problem]:
    """Name the corrections whose cell is not in the column of the field that they name."""
    refs = {cell.ref: name for row in (*found.rows, *found.unusable) for name, cell in row.cells.items()}
    return [misplaced(item, refs.get(item.cell, "")) for item in applied if refs.get(item.cell) != item.field]


def ledger_line(
    record: Record,
    table: str,
    fate: Fate,
    *,
    target: str = "",
    reason: str = "",
    notes: Mapping[tuple[str, str, int], tuple[str, ...]] | None = None,
    corrections: Sequence[str] = (),
) -> LedgerLine:
    """Return the fate of a record's row, with its corrections when it is kept or merged."""
    row = record.row
    declared = (notes or {}).get((row.file, row.sheet, row.number), ())
    kept = () if fate is Fate.SET_ASIDE else (*record.corrections, *declared, *corrections)
    return LedgerLine(row.file, row.sheet, row.number, table, fate, target, reason, tuple(kept))
