"""The records of each school, by scope and school year: what the measures of a dashboard are read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from edp_analysis.cleaning.result import Tables
from edp_analysis.indicators.exits import sortants
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.measures import Measure, nobody, records
from edp_analysis.monitoring.years import bounds

__all__ = ["Schools"]

_BLANK = "non renseigné"


class Schools:
    """The records of each school, by scope and year, taken once.

    Parameters
    ----------
    tables : Tables
    years : tuple of str
        The last one first.
    """

    def __init__(self, tables: Tables, years: tuple[str, ...]) -> None:
        self.years = years
        self._learners = {str(code): part for code, part in tables.apprenants.groupby("ecole", sort=True)}
        self._leavers = {code: sortants(part) for code, part in self._learners.items()}
        self._parts: dict[tuple[str, str, tuple[str, ...]], pd.DataFrame] = {}

    def open(self, school: str) -> bool:
        """Say whether a school had welcomed somebody by the end of the last year."""
        own = self._learners.get(school)
        return own is not None and bool(
            (pd.to_datetime(own["date_entree"]) <= pd.Timestamp(bounds(self.years[0])[1])).any()
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Schools that have at least one youth, in alphabetical order."""
        return tuple(self._learners)

    def read(self, measure: Measure, school: str, years: Sequence[str]) -> Indicator:
        """Read a measure over years together; without a value where nobody is in its base."""
        part = self._part(school, measure.scope, tuple(years))
        found = measure.read(part)
        if found.value is not None:
            return found
        reason = nobody(measure.scope) if part.empty else _BLANK
        return replace(found, denominator=len(part), reason=reason)

    def _part(self, school: str, scope: str, years: tuple[str, ...]) -> pd.DataFrame:
        key = (school, scope, years)
        if key not in self._parts:
            whole = self._learners if scope == "entrants" else self._leavers
            found = [records(whole[school], scope, year) for year in years]
            self._parts[key] = pd.concat(found) if len(found) > 1 else found[0]
        return self._parts[key]
