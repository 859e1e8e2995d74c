"""What a school of the simulated accounts is: the settings of the story, its plan, the year it is about to live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign

__all__ = ["Plan", "School", "Story", "Year", "open_school", "to_cents"]


@dataclass(frozen=True)
class Story:
    """Settings of the story, ``[simulation.comptes]`` of the campaign file.

    Attributes
    ----------
    schools : int
        Number of schools whose accounts are received (``ecoles``), the oldest ones.
    first_margin, last_margin : float
        Result over revenue in the first and last exercises, averaged over schools (``marge_debut``, ``marge_fin``).
    activity : mapping of str to float
        Sales of an exercise against a normal year, by year of closing (``activite``); 1 when not given.
    ends : mapping of school to (month, day)
        Closing date of schools that do not close on 31 December (``clotures``, ``"MM-JJ"``).
    """

    schools: int = 5
    first_margin: float = -0.055
    last_margin: float = 0.03
    activity: Mapping[str, float] = field(default_factory=dict)
    ends: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign) -> Story:
        """Read the story's settings from a campaign; those not given keep their default."""
        given: Mapping[str, Any] = campaign.settings.get("simulation", {}).get("comptes", {})
        ends = {
            school: tuple(int(part) for part in day.split("-")) for school, day in given.get("clotures", {}).items()
        }
        return cls(
            schools=int(given.get("ecoles", cls.schools)),
            first_margin=float(given.get("marge_debut", cls.first_margin)),
            last_margin=float(given.get("marge_fin", cls.last_margin)),
            activity=dict(given.get("activite", {})),
            ends={school: (day[0], day[1]) for school, day in ends.items()},
        )


@dataclass(frozen=True)
class School:
    """A school: its code, its rank among those whose accounts are received, and its opening date."""

    code: str
    rank: int
    opened: date


@dataclass(frozen=True)
class Year:
    """An exercise about to be lived.

    ``rank`` goes from 0 (first exercise of the campaign) to 1 (last), ``None`` before the campaign; ``age`` counts
    exercises since the opening; ``grants`` holds the school's rows of ``financements`` for the year of the head-count.
    """

    start: date
    end: date
    rank: float | None
    age: int
    regime: str
    heads: int
    grants: pd.DataFrame = field(repr=False)
    lump_sum: int


@dataclass
class Plan:
    """What a school decided when it opened, in cents, and what the years change."""

    equipment: int
    capital_grant: int
    loan: int
    loan_account: tuple[str, str]
    own_funds: int
    returnable_funds: int
    sales_per_learner: int
    margin_offset: float
    sells_at_age: int
    assets: list[tuple[str, int, int]] = field(default_factory=list)  # account, cents, age at purchase
    dedicated: int = 0
    interest_due: int = 0


def open_school(story: Story, school: School, grants: pd.DataFrame, rng: np.random.Generator) -> Plan:
    """Draw what a school is: equipment, funding at the start, sales per learner, how it does against the others.

    Equipment is paid, for about seven tenths, by capital grants: those of the table for the school when it has some,
    otherwise grants older than the table; a loan and own funds bring the rest and a little working capital.
    """
    rows = grants[(grants["ecole"] == school.code) & (grants["objet"] == "INVESTISSEMENT")]
    listed = to_cents(rows.loc[rows["exercice"] <= school.opened.year + 1, "montant"].sum())
    share = rng.uniform(0.66, 0.74)
    equipment = round(listed / share) if listed else to_cents(rng.uniform(430_000, 720_000))
    granted = 0 if listed else round(equipment * share)
    own, returnable = to_cents(rng.uniform(12_000, 25_000)), to_cents(rng.choice([0, 15_000, 30_000]))
    loan = equipment - max(listed, granted) - own - returnable + to_cents(rng.uniform(20_000, 60_000))
    account = ("167500", "Emprunt participatif") if school.rank % 2 == 0 else ("164000", "Emprunt bancaire")
    offsets = np.linspace(-0.03, 0.025, max(story.schools, 2))
    return Plan(
        equipment=equipment,
        capital_grant=granted,
        loan=max(loan, to_cents(30_000)),
        loan_account=account,
        own_funds=own,
        returnable_funds=returnable,
        sales_per_learner=to_cents(rng.uniform(4_600, 6_900)),
        margin_offset=float(offsets[(school.rank * 2 + 1) % len(offsets)]),
        sells_at_age=4 if school.rank % 5 == 1 else -1,
    )


def to_cents(euros: float) -> int:
    """Return euros in whole cents.

    Examples
    --------
    >>> to_cents(12.345), to_cents(1)
    (1234, 100)
    """
    return round(float(euros) * 100)
