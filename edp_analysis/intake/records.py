"""One received row in, its typed values out, with everything that was corrected or refused on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from edp_analysis.contract import TableSchema
from edp_analysis.intake.raw import Cell, RawRow
from edp_analysis.intake.values import parse_cell
from edp_analysis.problems import Place, Problem, Severity

__all__ = ["Record", "gather", "read_record"]

_BY_COLUMN = frozenset(
    {
        "accents-retablis",
        "code-en-nombre",
        "date-a-confirmer",
        "ecole-inconnue",
        "entree-avant-campagne",
        "zero-initial-perdu",
    }
)
"""Rules that normalise a value, or that say the same of every row."""
_BY_VALUE = frozenset({"citation-non-listee", "diplome-ferme", "document-non-liste", "entretien-inconnu"})
"""Rules that say the same of every cell that holds the same value."""


@dataclass(frozen=True)
class Record:
    """The values of one row.

    Attributes
    ----------
    row : RawRow
        Where it comes from.
    values : mapping of str to object
        Every field of the schema; ``None`` when missing, refused, or when the file has no such column.
    problems : tuple of Problem
    corrections : tuple of str
    """

    row: RawRow
    values: Mapping[str, object]
    problems: tuple[Problem, ...]
    corrections: tuple[str, ...]

    @property
    def blocked(self) -> str:
        """Why the row cannot be used, in French; empty when it can."""
        reasons = [
            f"{problem.where.column} : {problem.what}" if problem.where.column else problem.what
            for problem in self.problems
            if problem.severity is Severity.BLOCKING
        ]
        return " ; ".join(dict.fromkeys(reasons))

    def place(self, field: str = "") -> Place:
        """Return the place of one of its fields, or of the whole row."""
        cell = self.row.cells.get(field)
        return Place(self.row.file, self.row.sheet, cell.ref if cell else str(self.row.number), field)


def read_record(row: RawRow, schema: TableSchema) -> Record:
    """Read every field of a row by its « -recu » schema.

    A required value that is missing blocks the row.
    """
    values: dict[str, object] = {}
    problems: list[Problem] = []
    corrections: list[str] = []
    for field in schema.fields:
        cell = row.cells.get(field.name, Cell(None, str(row.number)))
        parsed = parse_cell(cell, field, row, schema.missing_values)
        values[field.name] = parsed.value
        if parsed.problem is not None:
            problems.append(parsed.problem)
        elif field.required and parsed.value is None:
            problems.append(_required(row, cell, field.name, field.title))
        if parsed.correction:
            corrections.append(parsed.correction)
    return Record(row, values, tuple(problems), tuple(corrections))


def _required(row: RawRow, cell: Cell, name: str, title: str) -> Problem:
    return Problem(
        "valeur-obligatoire",
        "cette valeur obligatoire manque",
        Place(row.file, row.sheet, cell.ref, name),
        expected=f"« {title} »",
        remedy="La renseigner. Ligne non reprise.",
        severity=Severity.BLOCKING,
    )


def gather(problems: Iterable[Problem]) -> list[Problem]:
    """Put together what one rule says of many cells of one column, so that the list stays readable.

    Only the rules that normalise a value, that say the same of every row, or the same of one value wherever it is,
    are gathered; what a person must correct cell by cell keeps its own address. The first cell is the place, and the
    last one is named with the count.
    """
    groups: dict[tuple[str, str, str, str], list[Problem]] = {}
    for problem in problems:
        where = problem.where
        same = where.column
        if problem.rule in _BY_VALUE:
            same = f"{where.column}|{problem.value}|{problem.what}"
        elif problem.rule not in _BY_COLUMN:
            same = f"{where.column}|{where.cell}|{problem.what}|{problem.value}"
        groups.setdefault((problem.rule, where.file, where.sheet, same), []).append(problem)
    return [_first_of(group) for group in groups.values()]


def _first_of(group: list[Problem]) -> Problem:
    first, last = group[0], group[-1].where.cell
    cells = len({problem.where.cell for problem in group})
    if cells == 1:
        return first
    what = f"{first.what} ({cells} fois, la dernière {'en' if last[:1].isalpha() else 'à la ligne'} {last})"
    return replace(first, what=what)
