"""The numbers of one row of a table, so that a *Lecture* reads that row and can never go stale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from edp_analysis.indicators.result import Indicator, amount

__all__ = ["TEXT", "cited"]

TEXT = "texte"
"""Unit of what is a name (a school, a year): given as a word, not as a number."""


def cited(table: pd.DataFrame, row: int, units: Mapping[str, str], population: str = "") -> dict[str, Indicator | str]:
    """Return cells of one row by the name of their column, to fill a template.

    Parameters
    ----------
    table : pandas.DataFrame
    row : int
        Rank, from 0; negative from the end.
    units : mapping of str to str
        The columns wanted, and the unit of each (see :class:`~edp_analysis.indicators.result.Indicator`), or
        :data:`TEXT`.
    population : str
        Whom the table counts.

    Returns
    -------
    dict of str to (Indicator or str)
        An empty cell, or a row that the table does not have, gives an indicator without value (and « – » for a word).

    Raises
    ------
    KeyError
        A column that the table does not have.

    Examples
    --------
    >>> found = cited(pd.DataFrame({"ecole": ["EDP-01"], "presents": [18]}), 0, {"ecole": TEXT, "presents": "jeunes"})
    >>> found["ecole"], found["presents"].value
    ('EDP-01', 18.0)
    """
    there = -len(table) <= row < len(table)
    found: dict[str, Indicator | str] = {}
    for name, unit in units.items():
        value: Any = table[name].iloc[row] if there else None
        empty = value is None or pd.isna(value)
        if unit == TEXT:
            found[name] = "–" if empty else f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
        else:
            reason = ("n.c." if there else "tableau vide") if empty else ""
            number = None if empty else float(value)
            found[name] = amount(f"cellule_{name}", name, number, unit, population, "valeur du tableau", reason)
    return found
