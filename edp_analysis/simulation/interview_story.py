"""What the simulated interviews say: who is met, what each kind of interlocutor raises, and how they judge it.

The story is a file of shares (``recit`` in ``[simulation.entretiens]``); shares become whole numbers of interviews, so
that what the notebooks find again is known to the last interview.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes
from edp_analysis.problems import UserError

__all__ = ["POLARITIES", "InterviewSettings", "StoryLine", "VisitSettings", "apportion", "read_rows", "read_story"]

POLARITIES = ("POSITIF", "NEUTRE", "NEGATIF")


@dataclass(frozen=True)
class InterviewSettings:
    """Section ``[simulation.entretiens]``.

    Attributes
    ----------
    debut, fin : datetime.date
        First and last day.
    interlocuteurs : mapping of str to int
        Interviews by type of structure.
    structures : mapping of str to int
        Distinct structures, for the types where some are met twice; as many as interviews for the others.
    collectifs : int
        Interviews of several persons, the groups of youths included.
    doubles : int
        Interviews coded by two persons.
    omissions, ajouts, glissements : float
        What the second coder does otherwise: share of the first one's codes left out; codes added, as a share of the
        same number; share of the codes in common judged one step away.
    non_approuvees : int
        Quotations that the persons did not approve.
    recit, citations : str
        Files of the story and of the invented quotations, from the project root.
    """

    debut: date
    fin: date
    interlocuteurs: Mapping[str, int]
    structures: Mapping[str, int]
    collectifs: int
    doubles: int
    omissions: float
    ajouts: float
    glissements: float
    non_approuvees: int
    recit: str
    citations: str

    @property
    def total(self) -> int:
        """Number of interviews."""
        return sum(self.interlocuteurs.values())

    @classmethod
    def of(cls, campaign: Campaign) -> InterviewSettings:
        """Read the section of a campaign.

        Raises
        ------
        UserError
            A key is missing, a type of structure is unknown, or the counts contradict one another.
        """
        found: InterviewSettings = _section(cls, campaign, "entretiens")
        place = f"campaigns/{campaign.code}.toml, [simulation.entretiens]"
        unknown = sorted({*found.interlocuteurs, *found.structures} - set(load_codes("type_structure").labels))
        if unknown:
            raise UserError(f"{place} : type de structure « {unknown[0]} » inconnu.", "Prendre un code de la liste.")
        groups = found.interlocuteurs.get("GROUPE_JEUNES", 0)
        if not (groups <= found.collectifs <= found.total and 0 <= found.doubles <= found.total):
            raise UserError(f"{place} : « collectifs » ou « doubles » ne va pas avec le nombre d'entretiens.", "")
        _check_period(place, found.debut, found.fin, campaign)
        return found


@dataclass(frozen=True)
class VisitSettings:
    """Section ``[simulation.visites]``: schools visited, first and last day, file of what is observed."""

    ecoles: Sequence[str]
    debut: date
    fin: date
    recit: str
    documents: str

    @classmethod
    def of(cls, campaign: Campaign) -> VisitSettings:
        """Read the section of a campaign."""
        found: VisitSettings = _section(cls, campaign, "visites")
        _check_period(f"campaigns/{campaign.code}.toml, [simulation.visites]", found.debut, found.fin, campaign)
        return found


def _section(cls: type[Any], campaign: Campaign, name: str) -> Any:
    section = campaign.settings.get("simulation", {}).get(name, {})
    missing = [item.name for item in fields(cls) if item.name not in section]
    if missing:
        raise UserError(
            f"campaigns/{campaign.code}.toml : il manque {', '.join(missing)} dans [simulation.{name}].",
            "Compléter cette section sur le modèle d'une autre campagne.",
        )
    return cls(**{item.name: section[item.name] for item in fields(cls)})


def _check_period(place: str, first: date, last: date, campaign: Campaign) -> None:
    if not first <= last <= campaign.extraction_date:
        raise UserError(f"{place} : debut, fin et date_extraction ne se suivent pas.", "Corriger les dates.")


@dataclass(frozen=True)
class StoryLine:
    """How often one type of interlocutor raises one code, and how it is judged.

    Attributes
    ----------
    code, kind : str
        Code of the codebook; type of structure.
    share : int
        Percentage of the interviews of that type.
    weights : tuple of int
        Of :data:`POLARITIES`, in percent.
    """

    code: str
    kind: str
    share: int
    weights: tuple[int, int, int]

    def counts(self, interviews: int) -> tuple[int, ...]:
        """Return the numbers of interviews that raise the code with each polarity.

        Examples
        --------
        >>> StoryLine("X", "ECOLE", 90, (80, 15, 5)).counts(18)
        (13, 2, 1)
        """
        return apportion(math.floor(interviews * self.share / 100 + 0.5), self.weights)


def apportion(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share out a whole number by largest remainders; the first of equal remainders is served first.

    Examples
    --------
    >>> apportion(7, [57, 29, 14, 0])
    (4, 2, 1, 0)
    """
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [math.floor(value) for value in exact]
    order = sorted(range(len(weights)), key=lambda place: (-(exact[place] - counts[place]), place))
    for place in order[: total - sum(counts)]:
        counts[place] += 1
    return tuple(counts)


def read_rows(root: Path, name: str) -> list[dict[str, str]]:
    """Read a delimited file of the project that tells part of the story.

    Raises
    ------
    UserError
        The file is absent.
    """
    path = root / name
    if not path.is_file():
        raise UserError(f"Le récit « {name} » n'existe pas.", "Corriger son nom dans [simulation].")
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def read_story(root: Path, name: str) -> tuple[StoryLine, ...]:
    """Read the story.

    Raises
    ------
    UserError
        The file is absent, or a line names a code or a type of structure that does not exist.
    """
    lines = []
    for row in read_rows(root, name):
        if row["code"] not in load_codes("codes_entretiens") or row["type_structure"] not in load_codes(
            "type_structure"
        ):
            raise UserError(f"« {name} » : « {row['code']} ; {row['type_structure']} » inconnu.", "Le corriger.")
        weights = (int(row["positif"]), int(row["neutre"]), int(row["negatif"]))
        lines.append(StoryLine(row["code"], row["type_structure"], int(row["part"]), weights))
    return tuple(lines)
