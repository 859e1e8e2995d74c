"""Deciding the fate of the records of one table: kept, merged or set aside, with what a person must look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from edp_analysis.cleaning.ledger import Fate
from edp_analysis.cleaning.reading import Reading, ledger_line
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.intake.numbers import as_code
from edp_analysis.intake.records import Record, gather
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Problem, Severity

__all__ = ["Rows"]

_SET_ASIDE = "Corriger la cellule. Ligne non reprise."


@dataclass
class Rows:
    """The rows of a clean table in the making.

    Attributes
    ----------
    table : str
        Clean table, e.g. ``"entretiens"``.
    reading : Reading
        What its file gave; receives the lines and problems decided here.
    kept : dict
        Values of each kept row by its key, as written in the ledger.
    """

    table: str
    reading: Reading
    kept: dict[str, dict[str, object]] = field(default_factory=dict)

    def keep(self, record: Record, key: str, values: Mapping[str, object], corrections: Sequence[str] = ()) -> None:
        """Keep a row under a key that no other has."""
        self.kept[key] = dict(values)
        self._write(record, Fate.KEPT, key, corrections=corrections)

    def merge(self, record: Record, key: str, column: str, rule: str, what: str) -> None:
        """Merge a row with the one kept under `key`, and say so."""
        self.warn(record, column, rule, f"{what} : les deux lignes sont lues comme une seule", remedy="En retirer une.")
        self._write(record, Fate.MERGED, key, reason=what)

    def refuse(
        self, record: Record, column: str, rule: str, what: str, expected: str = "", hidden: bool = False
    ) -> None:
        """Set a row aside for a reason found at one of its cells."""
        self._say(record, column, rule, what, expected, _SET_ASIDE, Severity.BLOCKING, hidden)
        self.set_aside(record, what)

    def set_aside(self, record: Record, what: str) -> None:
        """Set a row aside for a reason that has been said elsewhere."""
        self._write(record, Fate.SET_ASIDE, reason=what)

    def warn(self, record: Record, column: str, rule: str, what: str, expected: str = "", remedy: str = "") -> None:
        """Name something to look at; the row is used."""
        self._say(record, column, rule, what, expected, remedy, Severity.CHECK)

    def cleaned(self) -> Cleaned:
        """Return the clean table and its account."""
        columns = list(load_schema(self.table).names)
        rows = [{name: values.get(name) for name in columns} for values in self.kept.values()]
        frame = typed(pd.DataFrame(rows, columns=columns, dtype=object), self.table) if rows else None
        return Cleaned(
            empty_frame(self.table) if frame is None else frame,
            tuple(self.reading.lines),
            self.reading.non_empty,
            tuple(gather(self.reading.problems)),
        )

    def _say(
        self, record: Record, column: str, rule: str, what: str, expected: str, remedy: str, severity: Severity,
        hidden: bool = False,
    ) -> None:  # fmt: skip
        found = record.row.value(column)
        value = MASKED if hidden else "" if found is None else as_code(found)
        self.reading.problems.append(Problem(rule, what, record.place(column), value, expected, remedy, severity))

    def _write(
        self, record: Record, fate: Fate, target: str = "", reason: str = "", corrections: Sequence[str] = ()
    ) -> None:
        notes = self.reading.notes
        line = ledger_line(record, self.table, fate, target=target, reason=reason, notes=notes, corrections=corrections)
        self.reading.lines.append(line)
