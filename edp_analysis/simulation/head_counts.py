"""How many learners a simulated school has on a counting day, and which exercises that day belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pandas as pd

from edp_analysis.campaign import Campaign, counting_date

__all__ = ["counting_years", "exercise_counting_date", "exercise_dates", "head_count"]


def exercise_dates(closing: int, ends: tuple[int, int]) -> tuple[date, date]:
    """Return the first and last days of the twelve months that close in year `closing` on (month, day) `ends`.

    Examples
    --------
    >>> exercise_dates(2022, (8, 31))
    (datetime.date(2021, 9, 1), datetime.date(2022, 8, 31))
    """
    return date(closing - 1, *ends) + timedelta(days=1), date(closing, *ends)


def exercise_counting_date(start: date, end: date, campaign: Campaign) -> date:
    """Return the head-count day that falls within an exercise of twelve months.

    Raises
    ------
    ValueError
        The exercise is shorter than a year and has none.
    """
    day = counting_date(start, end, campaign.counting_day)
    if day is None:
        raise ValueError(f"aucun jour de comptage entre le {start} et le {end}")
    return day


def counting_years(campaign: Campaign, ends: Iterable[tuple[int, int]]) -> tuple[int, ...]:
    """Return the years of the head-counts that pay the campaign's exercises, in order.

    An exercise that closes on 31 August 2020 is paid by the head-count of December 2019: the table of grants must
    begin there.

    Parameters
    ----------
    campaign : Campaign
    ends : iterable of (month, day)
        Closing dates of the schools that do not close with the calendar year.

    Examples
    --------
    >>> from edp_analysis.campaign import load_campaign
    >>> counting_years(load_campaign("2024"), [(8, 31)])
    (2019, 2020, 2021, 2022, 2023)
    """
    closings = [(closing, end) for closing in campaign.exercises for end in ends]
    own = {exercise_counting_date(*exercise_dates(*closing), campaign).year for closing in closings}
    return tuple(sorted(own | set(campaign.exercises)))


def head_count(learners: pd.DataFrame, school: str, day: date) -> int:
    """Count the learners of a school who are there on a day; every simulated leaver has an exit date."""
    own = learners[learners["ecole"] == school]
    moment = pd.Timestamp(day)
    left = pd.to_datetime(own["date_sortie"])
    return int(((pd.to_datetime(own["date_entree"]) <= moment) & (left.isna() | (left >= moment))).sum())
