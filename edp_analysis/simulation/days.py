"""Days on which a school may see someone come or go."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

__all__ = ["course_end", "draw_day", "school_year_start"]

_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (11, 1), (11, 11)}
_COURSE_YEARS = 2


def school_year_start(day: date) -> date:
    """Return the 1 September of the school year of `day`.

    Examples
    --------
    >>> school_year_start(date(2020, 1, 6))
    datetime.date(2019, 9, 1)
    """
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


def course_end(entry: date) -> date:
    """Return the last day of the two-year course begun on `entry` (8 July of the second school year)."""
    return date(school_year_start(entry).year + _COURSE_YEARS, 7, 8)


def _is_school_day(day: date) -> bool:
    summer = (7, 9) <= (day.month, day.day) <= (8, 31)
    christmas = (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2)
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS and not summer and not christmas


def draw_day(first: date, last: date, rng: np.random.Generator) -> date:
    """Draw a school day between two days, both included.

    Raises
    ------
    ValueError
        There is none.

    Examples
    --------
    >>> draw_day(date(2021, 5, 1), date(2021, 5, 3), np.random.default_rng(0))
    datetime.date(2021, 5, 3)
    """
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    open_days = [day for day in days if _is_school_day(day)]
    if not open_days:
        raise ValueError(f"aucun jour d'école entre le {first} et le {last}")
    return open_days[int(rng.integers(len(open_days)))]
