"""Who is in a school on a given day: the one rule behind head-counts, grants per learner and survey participation."""

from __future__ import annotations

from datetime import date

import pandas as pd

__all__ = ["is_present", "present_on"]


def is_present(apprenants: pd.DataFrame, day: date) -> pd.Series:
    """Say which enrolments are present on a day.

    Entered on or before it, and left on it or later; without an exit date, only a learner whose status is « Présent »
    is: a leaver whose school gave no date cannot be counted, and paid for, on any day.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        ``date_entree``, ``date_sortie`` and ``statut`` of the clean table.
    day : datetime.date

    Returns
    -------
    pandas.Series of bool
        Same index.

    Examples
    --------
    The last day in the school counts; a leaver without a date does not.

    >>> learners = pd.DataFrame({"date_entree": pd.to_datetime(["2022-09-01"] * 4),
    ...     "date_sortie": pd.to_datetime(["2023-12-31", "2023-12-30", None, None]),
    ...     "statut": ["FIN_DE_FORMATION", "SORTIE_ANTICIPEE", "INSCRIT", "SORTIE_ANTICIPEE"]})
    >>> is_present(learners, date(2023, 12, 31)).tolist()
    [True, False, True, False]
    """
    moment = pd.Timestamp(day)
    left = pd.to_datetime(apprenants["date_sortie"])
    still_here = left.isna() & (apprenants["statut"] == "INSCRIT")
    return (pd.to_datetime(apprenants["date_entree"]) <= moment) & (still_here | (left >= moment))


def present_on(apprenants: pd.DataFrame, day: date) -> pd.DataFrame:
    """Keep the enrolments present on a day (see :func:`is_present`)."""
    return apprenants[is_present(apprenants, day)]
