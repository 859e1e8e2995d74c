"""Table Schemas, read into frozen objects."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["Field", "TableSchema", "load_schema", "normalise_text", "table_names"]

_FOLDER = Path(__file__).parent / "schemas"


def normalise_text(text: object) -> str:
    r"""Reduce a heading or a code to what two people would call the same text.

    Compatibility forms, accents, case, punctuation and every kind of space are levelled; letters, digits and the
    signs that change a meaning (« CDD < 3 mois ») stay.

    Examples
    --------
    >>> normalise_text("Date\u00a0d’entrée * ")
    'date d entree'
    """
    flat = unicodedata.normalize("NFKD", str(text))
    letters = "".join(c for c in flat if not unicodedata.combining(c)).casefold()
    spaced = re.sub(r"([<>≤≥✓])", r" \1 ", letters)
    return " ".join(re.sub(r"[^\w<>≤≥✓]+|_", " ", spaced).split())


@dataclass(frozen=True)
class Field:
    """One column of a table.

    Attributes
    ----------
    name, title, description : str
        French name of the column, its heading for readers, and what it means.
    type : str
        ``string``, ``integer``, ``number``, ``boolean`` or ``date`` (Table Schema).
    unit : str
        Unit of the value, empty when it has none.
    required : bool
        The value may not be missing.
    codes : str
        Name of the code list, empty when there is none.
    constraints : mapping
        Table Schema constraints (``minimum``, ``maximum``, ``pattern``, ``unique``).
    synonyms : tuple of str
        Headings accepted for this column in received files.
    column_severity : str
        What the absence of the *column* costs in a received file: ``"bloquant"``, ``"à vérifier"`` or ``""``.
    direct_identifier : bool
        Stops at cleaning: never in a clean table.
    pivot : int or None
        For dates written with two digits for the year: up to this number they are of the 2000s, above of the 1900s.
        ``None``: such dates are refused.
    blank_means : str
        What an empty cell says in a received file, where it says something (« le jeune est présent »); a value that
        cannot be read then sets the row aside instead of being left empty. Empty for the other fields.
    """

    name: str
    title: str
    description: str
    type: str
    unit: str
    required: bool
    codes: str
    constraints: Mapping[str, Any]
    synonyms: tuple[str, ...]
    column_severity: str
    direct_identifier: bool
    pivot: int | None = None
    blank_means: str = ""


@dataclass(frozen=True)
class TableSchema:
    """A table: its fields in order, its key, and the values that stand for « missing »."""

    name: str
    title: str
    description: str
    version: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    missing_values: tuple[str, ...]

    def __getitem__(self, name: str) -> Field:
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} n'a pas de champ « {name} »")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)


def table_names() -> tuple[str, ...]:
    """Return the names of all schemas, sorted.

    Examples
    --------
    >>> "apprenants" in table_names()
    True
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@cache
def load_schema(name: str) -> TableSchema:
    """Read the schema of a table.

    Parameters
    ----------
    name : str
        ``"apprenants"`` (clean) or ``"apprenants-recu"`` (received), likewise for the other tables.

    Raises
    ------
    KeyError
        There is no such schema.

    Examples
    --------
    >>> load_schema("apprenants")["sexe"].codes
    'sexe'
    """
    path = _FOLDER / f"{name}.json"
    if not path.is_file():
        raise KeyError(f"schéma « {name} » inconnu ; schémas : {', '.join(table_names())}")
    raw = json.loads(path.read_text(encoding="utf-8"))
    key = raw.get("primaryKey", [])
    return TableSchema(
        name=raw["name"],
        title=raw["title"],
        description=raw["description"],
        version=raw["version"],
        fields=tuple(_field(item) for item in raw["fields"]),
        primary_key=tuple([key] if isinstance(key, str) else key),
        missing_values=tuple(raw.get("missingValues", [""])),
    )


def _field(item: Mapping[str, Any]) -> Field:
    constraints = dict(item.get("constraints", {}))
    return Field(
        name=item["name"],
        title=item["title"],
        description=item["description"],
        type=item["type"],
        unit=item.get("x-unite", ""),
        required=bool(constraints.pop("required", False)),
        codes=item.get("x-codes", ""),
        constraints=constraints,
        synonyms=tuple(item.get("x-synonymes", ())),
        column_severity=item.get("x-colonne-absente", ""),
        direct_identifier=bool(item.get("x-identifiant-direct", False)),
        pivot=item.get("x-pivot-annee"),
        blank_means=item.get("x-vide-signifie", ""),
    )
