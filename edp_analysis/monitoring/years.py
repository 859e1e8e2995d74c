"""School years, 1 September – 31 August: which one is over on a day, its bounds, those before it."""

from __future__ import annotations

from datetime import date

from edp_analysis.intake.dates import school_year

__all__ = ["bounds", "last_complete", "years_before"]


def bounds(year: str) -> tuple[date, date]:
    """Return the first and the last day of a school year.

    Examples
    --------
    >>> bounds("2022-2023")
    (datetime.date(2022, 9, 1), datetime.date(2023, 8, 31))
    """
    first = int(year[:4])
    return date(first, 9, 1), date(first + 1, 8, 31)


def last_complete(day: date) -> str:
    """Return the last school year that is over on a day, its last day counted as over.

    Examples
    --------
    >>> last_complete(date(2024, 4, 30)), last_complete(date(2024, 8, 31)), last_complete(date(2024, 9, 1))
    ('2022-2023', '2023-2024', '2023-2024')
    """
    current = school_year(day)
    return current if day == bounds(current)[1] else years_before(current, 1)[0]


def years_before(year: str, count: int) -> tuple[str, ...]:
    """Return the `count` school years before one, the nearest first.

    Examples
    --------
    >>> years_before("2022-2023", 2)
    ('2021-2022', '2020-2021')
    """
    first = int(year[:4])
    return tuple(f"{first - back}-{first - back + 1}" for back in range(1, count + 1))
