"""Simulated accounts: five schools over the exercises of a campaign, as trial balances in varied layouts.

The story is the one of the published evaluation: heavy initial equipment paid by capital grants and a loan,
contrasted results that improve, weak equity, working capital and cash, and revenue that stands on sales, grants and
private contributions. Each school's books are kept by double entry from its opening on, so that the closing balance
of an exercise is the opening balance of the next; grants are those of the table ``financements``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.chart import regime_on
from edp_analysis.simulation.account_files import Balance, write_balances
from edp_analysis.simulation.accounts_plan import School, Story, Year, open_school
from edp_analysis.simulation.accounts_story import live_year
from edp_analysis.simulation.books import Books
from edp_analysis.simulation.head_counts import exercise_counting_date, exercise_dates, head_count

__all__ = ["simulate_accounts", "simulate_accounts_truth"]


@dataclass(frozen=True)
class _Told:
    """One exercise of one school, closed: its balance as printed, and its truth."""

    balance: Balance
    truth: Mapping[str, Any] = field(repr=False)


def simulate_accounts(
    campaign: Campaign,
    schools: pd.DataFrame,
    learners: pd.DataFrame,
    grants: pd.DataFrame,
    rng: np.random.Generator,
) -> dict[str, bytes]:
    """Write the trial balances of the oldest schools over the campaign's exercises.

    Parameters
    ----------
    campaign : Campaign
        Exercises, lump sum, counting day; ``[simulation.comptes]`` may change the story (see
        :class:`~edp_analysis.simulation.accounts_plan.Story`).
    schools, learners, grants : pandas.DataFrame
        Clean tables ``ecoles``, ``apprenants`` and ``financements``. Amounts of the grants, in euros, are booked to
        the cent in accounts 74, 754 and 13.
    rng : numpy.random.Generator
        The only source of chance: same state, same bytes.

    Returns
    -------
    dict of str to bytes
        File content by path relative to the campaign's raw folder (``comptes/…``).
    """
    told = _tell(campaign, schools, learners, grants, rng)
    by_school: dict[str, list[Balance]] = {}
    for item in told:
        by_school.setdefault(item.balance.school, []).append(item.balance)
    files: dict[str, bytes] = {}
    for rank, balances in enumerate(by_school.values()):
        files.update({f"comptes/{name}": content for name, content in write_balances(balances, rank).items()})
    return files


def simulate_accounts_truth(
    campaign: Campaign,
    schools: pd.DataFrame,
    learners: pd.DataFrame,
    grants: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return what the accounts of :func:`simulate_accounts` should give, one row a school and exercise.

    Give it a generator in the same state. Columns: ``ecole``, ``date_debut``, ``date_fin``, then in integer cents
    ``produits``, ``charges``, ``resultat``, ``caf``, ``frng``, ``bfr``, ``tresorerie``, ``emprunts``, kept by event
    and never read back from account numbers.
    """
    return pd.DataFrame([dict(item.truth) for item in _tell(campaign, schools, learners, grants, rng)])


def _tell(
    campaign: Campaign,
    schools: pd.DataFrame,
    learners: pd.DataFrame,
    grants: pd.DataFrame,
    rng: np.random.Generator,
) -> list[_Told]:
    story = Story.of(campaign)
    oldest = schools.sort_values(["date_ouverture", "ecole"]).head(story.schools)
    told: list[_Told] = []
    oldest = oldest.sort_values("ecole")
    openings = pd.to_datetime(oldest["date_ouverture"]).dt.date
    for rank, (code, opened) in enumerate(zip(oldest["ecole"].astype(str), openings, strict=True)):
        own = np.random.default_rng(int(rng.integers(2**63)))
        told += _one_school(campaign, story, School(code, rank, opened), learners, grants, own)
    return told


def _one_school(
    campaign: Campaign,
    story: Story,
    school: School,
    learners: pd.DataFrame,
    grants: pd.DataFrame,
    rng: np.random.Generator,
) -> list[_Told]:
    ends = story.ends.get(school.code, (12, 31))
    first = school.opened.year if (school.opened.month, school.opened.day) <= ends else school.opened.year + 1
    books, told = Books(), []
    plan = open_school(story, school, grants, rng)
    for closing in range(first, max(campaign.exercises) + 1):
        start, end = exercise_dates(closing, ends)
        day = exercise_counting_date(start, end, campaign)
        year = Year(
            start=start,
            end=end,
            rank=_position(closing, campaign.exercises),
            age=closing - first,
            regime=regime_on(start),
            heads=head_count(learners, school.code, day),
            grants=grants[(grants["ecole"] == school.code) & (grants["exercice"] == day.year)],
            lump_sum=round(campaign.lump_sum * 100),
        )
        live_year(books, plan, story, year, rng)
        if closing in campaign.exercises:
            told.append(_close(books, school, start, end))
        books.carry_over()
    return told


def _close(books: Books, school: School, start: date, end: date) -> _Told:
    lines = tuple(
        (account, books.labels[account], books.opening.get(account, 0), books.debit[account], books.credit[account])
        for account in books.accounts
    )
    effects = books.effects
    truth = {
        "ecole": school.code,
        "date_debut": start,
        "date_fin": end,
        "produits": effects.revenue,
        "charges": effects.charges,
        "resultat": effects.revenue - effects.charges,
        "caf": effects.cash_flow,
        "frng": effects.working_capital,
        "bfr": effects.working_capital - effects.cash,
        "tresorerie": effects.cash,
        "emprunts": effects.debt,
    }
    return _Told(Balance(school.code, start, end, lines), truth)


def _position(closing: int, exercises: tuple[int, ...]) -> float | None:
    """Place of an exercise in the campaign's: 0 for the first, 1 for the last, ``None`` before."""
    first, last = min(exercises), max(exercises)
    if closing < first:
        return None
    return (closing - first) / (last - first) if last > first else 1.0
