"""Everything that is wrong with an input, said so that the person who sent it can mend it.

A problem never stops the reading of the others: readers and cleaners *collect* problems, and the command shows
them together at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

__all__ = ["Place", "Problem", "Severity", "UserError", "worst"]


class Severity(StrEnum):
    """How much a problem costs. The values are what French users read."""

    BLOCKING = "bloquant"
    """The row or the file cannot be used."""
    CHECK = "à vérifier"
    """Used as it stands; a person should look."""
    FIXED = "corrigé"
    """Normalised by a stated rule."""


@dataclass(frozen=True, order=True)
class Place:
    """Where a problem is: file, then sheet, cell and column when they are known.

    Examples
    --------
    >>> str(Place("EDP-03.xlsx", "Promo 2021", "D17", "date_entree"))
    'fichier « EDP-03.xlsx », feuille « Promo 2021 », cellule D17 (date_entree)'
    """

    file: str
    sheet: str = ""
    cell: str = ""
    column: str = ""

    def __str__(self) -> str:
        parts = [f"fichier « {self.file} »"]
        if self.sheet:
            parts.append(f"feuille « {self.sheet} »")
        if self.cell:
            parts.append(f"cellule {self.cell}" if self.cell[:1].isalpha() else f"ligne {self.cell}")
        text = ", ".join(parts)
        return f"{text} ({self.column})" if self.column else text


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Attributes
    ----------
    rule : str
        Stable identifier of the check, e.g. ``"date-inexistante"``; what tests and counts rely on.
    what : str
        What is wrong, in French, without the place.
    where : Place
        File, sheet, cell, column.
    value : str
        The value found, as read; empty when there is none.
    expected : str
        What was expected instead.
    remedy : str
        What the reader should do.
    severity : Severity

    Examples
    --------
    >>> p = Problem("date-inexistante", "cette date n'existe pas", Place("a.xlsx", "S", "D17", "date_entree"),
    ...             "31/02/2022", "une date JJ/MM/AAAA", "Corriger la cellule.", Severity.BLOCKING)
    >>> print(p)
    [bloquant] fichier « a.xlsx », feuille « S », cellule D17 (date_entree) : cette date n'existe pas. \
Lu : « 31/02/2022 ». Attendu : une date JJ/MM/AAAA. Corriger la cellule.
    """

    rule: str
    what: str
    where: Place
    value: str = ""
    expected: str = ""
    remedy: str = ""
    severity: Severity = Severity.CHECK

    def lines(self) -> tuple[str, ...]:
        """Return the message on at most three lines: where and what; what was read and expected; what to do."""
        read = ""
        if self.value:
            # French typography nests “ ” inside « »; a value that is a list of quoted texts brings its own marks.
            inner = re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", self.value))
            read = f"Lu : « {inner} »."
        expected = f"Attendu : {self.expected}." if self.expected else ""
        found = " ".join(part for part in (read, expected) if part)
        return tuple(part for part in (f"[{self.severity}] {self.where} : {self.what}.", found, self.remedy) if part)

    def __str__(self) -> str:
        return " ".join(self.lines())

    def as_dict(self) -> dict[str, str]:
        """Return a flat, JSON-ready dictionary (the place's parts become keys)."""
        flat = {key: str(value) for key, value in asdict(self).items() if key != "where"}
        return {**flat, **asdict(self.where)}


class UserError(Exception):
    """An error an analyst can mend; shown as it is, in French, without a traceback.

    Parameters
    ----------
    what : str
        What went wrong and where, with the value found and what was expected.
    remedy : str
        What to do.
    """

    exit_code = 2
    """Exit code of the command that met it: what was asked could not be carried out."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy


def worst(problems: Iterable[Problem]) -> Severity | None:
    """Return the gravest severity among `problems`, ``None`` when there are none."""
    found = {problem.severity for problem in problems}
    return next((severity for severity in Severity if severity in found), None)
