"""Versioned definitions: what an exit is worth, who is a « décrocheur », and the categories of school origin.

The definitions are files (``mappings/*.csv``), so that an evaluator can read, dispute and change them without
touching the programme. A change is a new version beside the former one: a campaign names the version it uses, and
two campaigns are compared under the same one.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from edp_analysis.problems import UserError

__all__ = [
    "DropoutReading",
    "ExitClass",
    "ExitMapping",
    "OriginCategory",
    "exit_nomenclatures",
    "load_dropout_readings",
    "load_exits",
    "load_origins",
]

# The definitions lie beside this module, in the folder of the same name.
_FOLDER = Path(__file__).parent / "mappings"


@dataclass(frozen=True)
class ExitClass:
    """One class of a nomenclature of exits.

    Attributes
    ----------
    code, label : str
        The nomenclature's own class, and its French wording.
    sense : str
        What the class is worth across nomenclatures: ``etudes``, ``emploi``, ``negative``, ``autre``, ``inconnue``
        or ``hors_champ`` (the nomenclature does not count such a person at all).
    """

    code: str
    label: str
    sense: str


@dataclass(frozen=True)
class ExitMapping:
    """How one nomenclature classes every situation code, in one version.

    Attributes
    ----------
    version, nomenclature : str
    source : str
        Where the nomenclature's rule was read.
    by_situation : mapping of str to ExitClass
        One class for each code of the ``situation`` list.
    remarks : mapping of str to str
        Why a debatable situation is classed as it is; only the situations that have a remark.
    """

    version: str
    nomenclature: str
    source: str
    by_situation: Mapping[str, ExitClass]
    remarks: Mapping[str, str]

    @property
    def classes(self) -> tuple[ExitClass, ...]:
        """The classes, each once, in the order of the file."""
        return tuple(dict.fromkeys(self.by_situation.values()))

    def situations(self, *senses: str) -> frozenset[str]:
        """Return the situation codes whose class has one of `senses`.

        Examples
        --------
        >>> sorted(load_exits("2024-1", "synthese").situations("inconnue"))
        ['INCONNUE', 'REFUS']
        """
        return frozenset(code for code, item in self.by_situation.items() if item.sense in senses)


@dataclass(frozen=True)
class DropoutReading:
    """One reading of the word « décrocheur ».

    Attributes
    ----------
    version, code, label : str
    rule : str
        The reading in words.
    variable : str
        Field that decides: ``origine_scolaire`` (derived) or ``diplome_obtenu``.
    values : frozenset of str
        Values of that field that make a « décrocheur ».
    unknown : str
        What becomes of the unknown, in words.
    source : str
    """

    version: str
    code: str
    label: str
    rule: str
    variable: str
    values: frozenset[str]
    unknown: str
    source: str


@dataclass(frozen=True)
class OriginCategory:
    """One category of school origin, as the published chart names it.

    Attributes
    ----------
    code, label : str
    order : int
        Rank in the published chart, from 1.
    published_id : str
        Entry of the register.
    classes : frozenset of str
        Codes of ``derniere_classe`` that lead to it when no precedence applies.
    rule : str
        How one comes to it, in words.
    """

    code: str
    label: str
    order: int
    published_id: str
    classes: frozenset[str]
    rule: str


def exit_nomenclatures(version: str) -> tuple[str, ...]:
    """Return the nomenclatures of exits that a version defines, in the order of the file.

    Examples
    --------
    >>> exit_nomenclatures("2024-1")
    ('synthese', 'e2c', 'iae', 'inserjeunes')
    """
    return tuple(dict.fromkeys(row["nomenclature"] for row in _of_version("sorties", version)))


@cache
def load_exits(version: str, nomenclature: str) -> ExitMapping:
    """Read how one nomenclature classes the situations.

    Raises
    ------
    UserError
        The version or the nomenclature does not exist (those that do are named).

    Examples
    --------
    >>> load_exits("2024-1", "inserjeunes").by_situation["APPRENTISSAGE"].code
    'poursuite'
    """
    rows = [row for row in _of_version("sorties", version) if row["nomenclature"] == nomenclature]
    if not rows:
        raise UserError(
            f"Nomenclature de sorties « {nomenclature} » inconnue dans la version « {version} ».",
            f"Nomenclatures définies : {', '.join(exit_nomenclatures(version))}.",
        )
    return ExitMapping(
        version,
        nomenclature,
        rows[0]["source"],
        MappingProxyType(
            {row["situation"]: ExitClass(row["classe"], row["libelle_classe"], row["sens"]) for row in rows}
        ),
        MappingProxyType({row["situation"]: row["remarque"] for row in rows if row["remarque"]}),
    )


@cache
def load_dropout_readings(version: str) -> Mapping[str, DropoutReading]:
    """Read the readings of « décrocheur » of a version, by their letter.

    Raises
    ------
    UserError
        The version does not exist (those that do are named).

    Examples
    --------
    >>> "".join(load_dropout_readings("2024-1"))
    'ABCDE'
    """
    return MappingProxyType(
        {
            row["lecture"]: DropoutReading(
                version,
                row["lecture"],
                row["libelle"],
                row["regle"],
                row["variable"],
                _split(row["valeurs"]),
                row["inconnus"],
                row["source"],
            )
            for row in _of_version("decrocheur", version)
        }
    )


@cache
def load_origins() -> tuple[OriginCategory, ...]:
    """Read the categories of school origin, in the order of the published chart.

    Examples
    --------
    >>> [category.code for category in load_origins()][:3]
    ['primaire', 'college', 'lgt']
    """
    categories = (
        OriginCategory(
            row["code"], row["libelle"], int(row["ordre"]), row["id_publie"], _split(row["classes"]), row["regle"]
        )
        for row in _rows("origine")
    )
    return tuple(sorted(categories, key=lambda category: category.order))


def _split(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split("|") if part)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle, delimiter=";"))


def _of_version(name: str, version: str) -> list[dict[str, str]]:
    rows = [row for row in _rows(name) if row["version"] == version]
    if not rows:
        known = ", ".join(sorted({row["version"] for row in _rows(name)}))
        raise UserError(
            f"Version « {version} » inconnue dans contract/mappings/{name}.csv. Versions définies : {known}.",
            "Corriger [definitions] dans le fichier de la campagne, ou ajouter cette version au fichier.",
        )
    return rows
