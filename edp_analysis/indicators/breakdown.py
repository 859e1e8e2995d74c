"""The same indicator, group by group, and the tidy table of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pandas as pd

from edp_analysis.indicators.result import Indicator

__all__ = ["MISSING", "breakdown", "to_table"]

MISSING = "Non renseigné"
"""Name of the group of the records without a value."""


def breakdown(
    frame: pd.DataFrame, column: str, indicator: Callable[[pd.DataFrame], Indicator], words: str = ""
) -> dict[str, Indicator]:
    """Compute an indicator in each group of a column, in alphabetical order.

    Alphabetical on purpose: at these head-counts an order by rate would be a ranking of chance.

    Parameters
    ----------
    frame : pandas.DataFrame
        Clean records.
    column : str
        Column that makes the groups; records without a value form the group « Non renseigné », placed last.
    indicator : callable
        Computes the indicator on the records of one group.
    words : str, optional
        What a group is, in French (« école »); defaults to the column's name.

    Returns
    -------
    dict of str to Indicator
        By group; the group is added to the identifier and to the population.

    Examples
    --------
    >>> from edp_analysis.indicators.result import count
    >>> learners = pd.DataFrame({"ecole": ["EDP-02", "EDP-01", "EDP-02"]}, index=["a", "b", "c"])
    >>> groups = breakdown(learners, "ecole", lambda part: count("n", "Jeunes", part.index, "jeunes", "jeunes"))
    >>> [(name, item.value, item.population) for name, item in groups.items()]
    [('EDP-01', 1.0, 'jeunes, ecole : EDP-01'), ('EDP-02', 2.0, 'jeunes, ecole : EDP-02')]
    """
    keys = frame[column]
    names = sorted(str(name) for name in keys.dropna().unique())
    groups = {name: frame[keys.astype("str") == name] for name in names}
    if keys.isna().any():
        groups[MISSING] = frame[keys.isna()]
    found = {name: indicator(part) for name, part in groups.items()}
    return {
        name: replace(item, id=f"{item.id}_{name}", population=f"{item.population}, {words or column} : {name}")
        for name, item in found.items()
    }


def to_table(indicators: Mapping[str, Indicator], heading: str) -> pd.DataFrame:
    """Lay indicators out, one row each, with the counts beside every share.

    Parameters
    ----------
    indicators : mapping of str to Indicator
        By group.
    heading : str
        Name of the column of groups.

    Returns
    -------
    pandas.DataFrame
        Columns ``heading``, ``nombre``, ``effectif``, ``part``, ``borne_basse``, ``borne_haute`` (shares in [0, 1],
        limits of the interval at 95 %, missing where there is none).
    """
    items = list(indicators.values())
    return pd.DataFrame(
        {
            heading: list(indicators),
            "nombre": [item.numerator if item.denominator is not None else item.value for item in items],
            "effectif": [item.denominator for item in items],
            "part": [item.value if item.denominator is not None else None for item in items],
            "borne_basse": [item.interval.low if item.interval else None for item in items],
            "borne_haute": [item.interval.high if item.interval else None for item in items],
        }
    )
