"""The lines of a dashboard, and the table they make: the years together first, then each year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.targets import Target
from edp_analysis.monitoring.verdicts import NOT_KNOWN, TOO_FEW

__all__ = ["Line", "enough", "grid"]


@dataclass(frozen=True)
class Line:
    """One measure of the dashboard.

    Attributes
    ----------
    name, label, group : str
        Of the measure; heading under which it stands.
    target : Target or None
    current : Indicator
        Of the school, in the last complete school year.
    former : tuple of Indicator
        The same in the school years before, the nearest first.
    whole : Indicator
        The same over all these years together.
    others : tuple of Indicator
        The years together in each of the other schools that have somebody in the base: never named, in no order of
        theirs.
    state, whole_state : str
        Whether the target is met in the year, and over the years together, in words.
    note : str
        What the label leaves unsaid.
    """

    name: str
    label: str
    group: str
    target: Target | None
    current: Indicator
    former: tuple[Indicator, ...]
    whole: Indicator
    others: tuple[Indicator, ...]
    state: str
    whole_state: str
    note: str = ""


def enough(found: Indicator, least: int) -> bool:
    """Say whether a share has a base that carries a percentage."""
    return found.value is not None and (found.denominator or 0) >= least


def grid(lines: Sequence[Line], year: str, former_years: Sequence[str], least: int) -> pd.DataFrame:
    """Lay out one row a measure: group, label, target, all the years and their state, then each year, the last first.

    The state of the last year alone stands beside it where at least one can be told. A year whose bases are all under
    the threshold says so once, in its heading.

    Parameters
    ----------
    lines : sequence of Line
    year : str
        The last school year.
    former_years : sequence of str
        Those before, the nearest first.
    least : int
        Smallest base that carries a percentage, persons.
    """
    told = any(line.target and line.state not in {TOO_FEW, NOT_KNOWN} for line in lines)
    cells: dict[str, list[object]] = {
        "Groupe": [line.group for line in lines],
        "Indicateur et cible": [line.label for line in lines],
        "Cible proposée": [line.target.words if line.target else "–" for line in lines],
    }
    if former_years:
        cells["Ces années ensemble"] = [_cell(line.whole) for line in lines]
    cells["Cible atteinte ?"] = [line.whole_state for line in lines]
    cells |= _year(year, [line.current for line in lines], least)
    if former_years and told:
        cells[f"Atteinte en {year} seule ?"] = [line.state for line in lines]
    for rank, former in enumerate(former_years):
        cells |= _year(former, [line.former[rank] for line in lines], least)
    return pd.DataFrame(cells)


def _year(year: str, found: Sequence[Indicator], least: int) -> dict[str, list[object]]:
    measured = [item for item in found if item.value is not None and not item.census]
    if not measured or any(enough(item, least) for item in measured):
        return {year: [_cell(item) for item in found]}
    return {f"{year} [faible]": [_counts(item) if item in measured else _cell(item) for item in found]}


def _cell(indicator: Indicator) -> Indicator | str:
    return indicator if indicator.value is not None else indicator.reason


def _counts(indicator: Indicator) -> str:
    return f"{indicator.numerator:.0f} sur {indicator.denominator:.0f}"
