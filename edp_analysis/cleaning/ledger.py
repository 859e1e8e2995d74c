"""The row ledger: each non-empty raw row has exactly one fate, and the sum closes per file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

__all__ = ["Fate", "Ledger", "LedgerError", "LedgerLine", "split_corrections"]


class Fate(StrEnum):
    """What became of a raw row. The values are what French users read."""

    KEPT = "reprise"
    MERGED = "fusionnée"
    SET_ASIDE = "écartée"


_SEPARATOR = "\n"  # a correction may hold any other sign: it quotes what the school wrote


class LedgerError(Exception):
    """The ledger does not close: a defect of the programme, never of the data."""


@dataclass(frozen=True)
class LedgerLine:
    """The fate of one raw row.

    Attributes
    ----------
    file, sheet : str
    row : int
        Line number in the sheet, from 1.
    table : str
        Table the row was meant for, e.g. ``"apprenants"``.
    fate : Fate
    target : str
        Key of the clean record (kept, merged); empty when set aside.
    reason : str
        Why it was merged or set aside, in French; empty when kept.
    corrections : tuple of str
        What was normalised in a kept row, and by which rule.
    """

    file: str
    sheet: str
    row: int
    table: str
    fate: Fate
    target: str = ""
    reason: str = ""
    corrections: tuple[str, ...] = ()


def _parts(text: str) -> tuple[str, str, str]:
    """Take a correction apart: column, what changed, by which rule (« sexe : « 1 » → H (liste de codes) »)."""
    column, colon, rest = text.partition(" : ")
    if not colon or " " in column:
        return "", text, ""
    if rest.startswith("correction déclarée"):
        return column, rest, "correction déclarée"
    change, bracket, rule = rest.removesuffix(")").rpartition(" (")
    return (column, change, rule) if bracket and rest.endswith(")") else (column, rest, "")


def split_corrections(text: str) -> tuple[str, ...]:
    """Return the corrections that a cell of :meth:`Ledger.to_frame` holds."""
    return tuple(text.split(_SEPARATOR)) if text else ()


@dataclass
class Ledger:
    """All fates of a campaign's raw rows, in the order they were decided."""

    lines: list[LedgerLine] = field(default_factory=list)

    def add(self, line: LedgerLine) -> None:
        """Record one fate."""
        self.lines.append(line)

    def extend(self, lines: Iterable[LedgerLine]) -> None:
        """Record several fates."""
        self.lines.extend(lines)

    def check_closes(self, non_empty: Mapping[tuple[str, str], Iterable[int]]) -> None:
        """Prove that each non-empty raw row has exactly one fate.

        Parameters
        ----------
        non_empty : mapping of (file, sheet) to line numbers
            Non-empty rows as counted by the readers, independently of the cleaners.

        Raises
        ------
        LedgerError
            A row has no fate, several, or a fate without a row; the first of each is named.
        """
        expected = {(file, sheet, row) for (file, sheet), rows in non_empty.items() for row in rows}
        seen = Counter((line.file, line.sheet, line.row) for line in self.lines)
        faults = {
            "sans sort": sorted(expected - set(seen)),
            "avec un sort sans être dans le fichier": sorted(set(seen) - expected),
            "avec plusieurs sorts": sorted(key for key, count in seen.items() if count > 1),
        }
        for label, keys in faults.items():
            if keys:
                raise LedgerError(f"{len(keys)} ligne(s) {label}, la première : {keys[0]}")

    def to_frame(self) -> pd.DataFrame:
        """Return one row a line, French column names; the corrections of a row are one a line of their cell."""
        return pd.DataFrame(
            {
                "fichier": [line.file for line in self.lines],
                "feuille": [line.sheet for line in self.lines],
                "ligne": [line.row for line in self.lines],
                "table": [line.table for line in self.lines],
                "sort": [str(line.fate) for line in self.lines],
                "enregistrement": [line.target for line in self.lines],
                "raison": [line.reason for line in self.lines],
                "corrections": [
                    _SEPARATOR.join(text.replace(_SEPARATOR, " ") for text in line.corrections) for line in self.lines
                ],
            }
        )

    def normalisations(self) -> pd.DataFrame:
        """Count what was normalised, by table, column and rule, with the first example and where it is.

        Returns
        -------
        pandas.DataFrame
            ``table``, ``colonne``, ``regle``, ``nombre``, ``fichiers``, ``exemple``, ``lieu``; the most frequent first
            within a table. Values of names and birth dates are masked, as in the ledger.

        Examples
        --------
        >>> row = LedgerLine("a.csv", "", 2, "apprenants", Fate.KEPT, "x", "", ("sexe : « 1 » → H (liste de codes)",))
        >>> list(Ledger([row]).normalisations().to_dict("records")[0].values())
        ['apprenants', 'sexe', 'liste de codes', 1, 1, '« 1 » → H', 'a.csv, ligne 2']
        """
        groups: dict[tuple[str, str, str], list[tuple[LedgerLine, str]]] = {}
        for line in self.lines:
            for text in line.corrections:
                column, change, rule = _parts(text)
                groups.setdefault((line.table, column, rule), []).append((line, change))
        rows = []
        for (table, column, rule), found in groups.items():
            first, change = found[0]
            place = ", ".join(part for part in (first.file, first.sheet, f"ligne {first.row}") if part)
            files = len({line.file for line, _ in found})
            rows.append((table, column, rule, len(found), files, change, place))
        rows.sort(key=lambda row: (row[0], -row[3], row[1], row[2]))
        return pd.DataFrame(rows, columns=["table", "colonne", "regle", "nombre", "fichiers", "exemple", "lieu"])

    def balance(self) -> pd.DataFrame:
        """Return, per file, the rows read and their fates: ``lues = reprise + fusionnée + écartée``."""
        frame = self.to_frame()
        counts = pd.crosstab([frame["table"], frame["fichier"]], frame["sort"]).reindex(
            columns=[str(fate) for fate in Fate], fill_value=0
        )
        counts.insert(0, "lues", counts.sum(axis=1))
        corrected = frame.assign(corrigées=frame["corrections"] != "").groupby(["table", "fichier"])["corrigées"].sum()
        return counts.join(corrected).rename_axis(columns=None).reset_index()
