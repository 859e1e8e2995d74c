"""Code lists: the codes a column may hold, their wording, their accepted variants, and when each is valid."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

from edp_analysis.contract.schema import normalise_text

__all__ = ["Code", "CodeList", "code_list_names", "load_codes", "male_trades"]

_FOLDER = Path(__file__).parent / "codes"


@dataclass(frozen=True)
class Code:
    """One code of a list, valid from `start` to `end` (inclusive; ``None`` is open)."""

    code: str
    label: str
    variants: tuple[str, ...]
    start: date | None
    end: date | None
    source: str

    def valid_on(self, day: date) -> bool:
        """Say whether the code may be used on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class CodeList:
    """The codes of one list, in the order of its file."""

    name: str
    codes: tuple[Code, ...]

    def __contains__(self, code: object) -> bool:
        return any(item.code == code for item in self.codes)

    @property
    def labels(self) -> dict[str, str]:
        """Wording of each code, in the list's order."""
        return {item.code: item.label for item in self.codes}

    @cached_property
    def _index(self) -> dict[str, Code]:
        index: dict[str, Code] = {}
        for item in self.codes:
            for text in (item.code, item.label, *item.variants):
                index.setdefault(normalise_text(text), item)
        return index

    def find(self, text: object) -> Code | None:
        """Return the code that `text` stands for: its code, its wording or a declared variant.

        Examples
        --------
        >>> load_codes("sexe").find(" Garçon ").code
        'H'
        >>> load_codes("sexe").find("peut-être") is None
        True
        """
        return self._index.get(normalise_text(text))


def code_list_names() -> tuple[str, ...]:
    """Return the names of all code lists, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.csv")))


def male_trades() -> frozenset[str]:
    """Codes of the domains declared as trades traditionally held by men (a convention of the project).

    Examples
    --------
    >>> sorted(male_trades())
    ['AUTOMOBILE', 'BOIS', 'CHAUDRONNERIE', 'USINAGE']
    """
    return frozenset(
        row["code"] for row in _rows(_FOLDER / "domaine.csv") if row["traditionnellement_masculin"] == "oui"
    )


@cache
def load_codes(name: str) -> CodeList:
    """Read a code list.

    Raises
    ------
    KeyError
        There is no such list.

    Examples
    --------
    >>> list(load_codes("sexe").labels)
    ['F', 'H']
    """
    path = _FOLDER / f"{name}.csv"
    if not path.is_file():
        raise KeyError(f"liste de codes « {name} » inconnue ; listes : {', '.join(code_list_names())}")
    return CodeList(
        name,
        tuple(
            Code(
                code=row["code"],
                label=row["libelle"],
                variants=tuple(v for v in row["variantes"].split("|") if v),
                start=date.fromisoformat(row["debut"]) if row["debut"] else None,
                end=date.fromisoformat(row["fin"]) if row["fin"] else None,
                source=row["source"],
            )
            for row in _rows(path)
        ),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))
