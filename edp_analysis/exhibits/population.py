"""How many records stand behind an exhibit, said with its population."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from edp_analysis.exhibits.french import NBSP, NNBSP, number, typeset
from edp_analysis.indicators.result import Indicator

__all__ = ["sizes", "with_size"]

_BASES = ("base", "Base")


def sizes(table: pd.DataFrame, indicators: Iterable[Indicator]) -> list[int]:
    """Return the number of records behind each value shown: its denominator, or the base written in its row.

    Parameters
    ----------
    table : pandas.DataFrame
        The figures behind the exhibit. Its bases are the column ``base``, or ``effectif`` where ``nombre`` counts;
        counts with their ``part`` add up to the base.
    indicators : iterable of Indicator
        Those drawn; when some are shares their denominators are taken.

    Examples
    --------
    >>> sizes(pd.DataFrame({"nombre": [3, 7], "effectif": [10, 10]}), [])
    [10, 10]
    """
    found = [int(item.denominator) for item in indicators if item.unit == "%" and item.denominator is not None]
    if found:
        return found
    column = next((name for name in _BASES if name in table), None)
    if column is None and {"nombre", "effectif"} <= set(table.columns):
        column = "effectif"
    if column is None and {"part", "effectif"} <= set(table.columns):  # a distribution: its counts add up to the whole
        return [int(pd.to_numeric(table["effectif"]).sum())]
    if column is None:
        return []
    return [int(base) for base in pd.to_numeric(table[column], errors="coerce").dropna()]


def with_size(population: str, table: pd.DataFrame, indicators: Iterable[Indicator], size: int | None = None) -> str:
    r"""Add to a population how many it counts: `size` where it is given, else the smallest and the greatest base.

    It begins with a capital and ends with a full stop, whoever wrote it.

    Examples
    --------
    >>> with_size("jeunes sortis", pd.DataFrame({"base": [2, 60]}), [])
    'Jeunes sortis\u202f; n de 2 à 60 selon la ligne.'
    """
    found = sizes(table, indicators) if size is None else [size]
    if not population.strip():
        return population
    population = population[0].upper() + population[1:].rstrip(" .")
    if not found:
        return typeset(population if population.endswith(("…", "?", "!")) else f"{population}.")
    low, high = min(found), max(found)
    each = " pour chaque ligne" if len(found) > 1 else ""
    words = (
        f"n{NBSP}={NBSP}{number(low)}{each}" if low == high else f"n de {number(low)} à {number(high)} selon la ligne"
    )
    return typeset(f"{population}{NNBSP}; {words}.")
