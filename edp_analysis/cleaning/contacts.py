"""Addresses and telephone numbers have no place in the qualitative tables: such a cell is not read."""

from __future__ import annotations

import re
from dataclasses import replace

from edp_analysis.contract import TableSchema
from edp_analysis.intake.raw import Cell, RawRow
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Place, Problem

__all__ = ["has_contact", "without_contacts"]

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.\w{2,}|(?<!\d)(?:\+33\s?|0)[1-9](?:[\s.\-\u00a0\u202f]?\d{2}){4}(?!\d)")


def has_contact(value: object) -> bool:
    """Say whether a text holds an e-mail address or a French telephone number.

    Examples
    --------
    >>> has_contact("écrire à accueil@exemple.fr"), has_contact("02 31 00 00 00"), has_contact("en 2023, 577 000 €")
    (True, True, False)
    """
    return isinstance(value, str) and _CONTACT.search(value) is not None


def without_contacts(row: RawRow, schema: TableSchema) -> tuple[RawRow, list[Problem], list[str]]:
    """Empty the cells that hold an address or a number, and name them without their value.

    Columns declared as direct identifiers are left alone: they are never kept, so nothing has to be mended there.
    """
    cells = dict(row.cells)
    problems = []
    for name, cell in row.cells.items():
        if schema[name].direct_identifier or not has_contact(cell.value):
            continue
        cells[name] = Cell(None, cell.ref)
        what = "une adresse ou un numéro de téléphone est écrit dans cette cellule : elle n'est pas lue"
        where = Place(row.file, row.sheet, cell.ref, name)
        problems.append(Problem("coordonnees", what, where, MASKED, remedy="Les retirer du fichier."))
    return replace(row, cells=cells), problems, []
