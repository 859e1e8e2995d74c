"""How a workbook of the schools' template is known when it comes back: its own sheets are neither data nor faults."""

from __future__ import annotations

__all__ = ["LEARNERS_SHEET", "LISTS_SHEET", "NOTICE_SHEET", "SCHOOL_SHEET", "TITLE", "is_template_notice"]

NOTICE_SHEET = "À lire"
LEARNERS_SHEET = "Jeunes"
SCHOOL_SHEET = "École"
LISTS_SHEET = "Listes du modèle"
"""Hidden sheet that holds the wordings of the drop-downs."""
TITLE = "Fichier de suivi d’une école de production"
"""Beginning of the first cell of the notice."""


def is_template_notice(sheet: str, first: object) -> bool:
    """Say whether a sheet is the notice of the template, from its name and its first cell.

    A school that renames it, or writes its own notice, is asked about it as about any sheet without a table.

    Examples
    --------
    >>> is_template_notice("À lire", "Fichier de suivi d’une école de production – EDP-01")
    True
    >>> is_template_notice("À lire", "Notes de la vie scolaire")
    False
    """
    return sheet.strip() == NOTICE_SHEET and isinstance(first, str) and first.startswith(TITLE)
