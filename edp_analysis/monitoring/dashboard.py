"""The yearly dashboard of a school: each measure to report, its target, what may be said of it, the years before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from edp_analysis.campaign import Thresholds
from edp_analysis.cleaning.result import Tables
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.measures import PLACES, Measure, measures, places
from edp_analysis.monitoring.schools import Schools
from edp_analysis.monitoring.targets import FILLED, Target, followed
from edp_analysis.monitoring.verdicts import VERDICTS, state
from edp_analysis.monitoring.years import bounds, last_complete, years_before

__all__ = ["Dashboard", "Line", "dashboard", "page_name"]

_FORMER = 2
"""School years shown before the last one."""
_GROUPS = {
    "entrants": "Les entrées de l’année",
    "sortants": "Les sorties de l’année",
    "examens": "Les sorties de l’année",
    "douze_mois": "Après la sortie (jeunes sortis l’année d’avant)",
    "places": "Les places",
}


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


@dataclass(frozen=True)
class Dashboard:
    """What a school gets back about one school year.

    Attributes
    ----------
    school, year : str
    former_years : tuple of str
        School years shown beside it, the nearest first.
    lines : tuple of Line
        None for a school that had welcomed nobody by the end of the year.
    """

    school: str
    year: str
    former_years: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def period(self) -> str:
        """The years together, in words."""
        first = (self.year, *self.former_years)[-1]
        return self.year if first == self.year else f"{first} à {self.year}"

    def verdicts(self, whole: bool = False) -> dict[str, Indicator]:
        """Count the targets met (``atteintes``), missed (``manquees``) and that cannot be told (``indecises``).

        Parameters
        ----------
        whole : bool
            Over the years together, instead of the last one.
        """
        period, suffix = (self.period, "_cumul") if whole else (self.year, "")
        aimed = [line.whole_state if whole else line.state for line in self.lines if line.target is not None]
        counts = {name: sum(text in states for text in aimed) for name, states in VERDICTS.items()}
        words = f"indicateurs de {self.school} qui ont une cible proposée, {period}"
        method = "tout l’intervalle du bon côté de la cible"
        return {
            name: Indicator(
                f"cibles_{name}{suffix}", f"Cibles {name}", float(found), "cibles", words, found, len(aimed),
                method=method, census=True,
            )
            for name, found in counts.items()
        }  # fmt: skip

    def verdict(self, whole: bool = False) -> str:
        """Return what :meth:`verdicts` counts as a template, in agreement with the counts."""
        met, missed, undecided = (int(item.value or 0) for item in self.verdicts(whole).values())
        return ", ".join(
            (
                f"{{atteintes:nombre}} {'cibles proposées atteintes' if met > 1 else 'cible proposée atteinte'}",
                f"{{manquees:nombre}} {'non atteintes' if missed > 1 else 'non atteinte'}",
                f"{{indecises:nombre}} {'indécises' if undecided > 1 else 'indécise'}",
            )
        )

    @property
    def finding(self) -> str:
        """The template of the page's finding, whose arguments are those of :meth:`verdict` and ``annee``.

        Examples
        --------
        >>> Dashboard("EDP-01", "2022-2023", (), ()).finding
        'EDP-01, {annee} : aucun jeune encore, rien à mesurer'
        """
        start = f"{self.school}, {{annee}} : "
        if not self.lines:
            return f"{start}aucun jeune encore, rien à mesurer"
        return start + (self.verdict() if any(line.target for line in self.lines) else "aucune cible proposée")

    @property
    def table(self) -> pd.DataFrame:
        """One row a measure: group, label, target, the year and its state, the years before, all of them, its state."""
        cells: dict[str, list[object]] = {
            "Groupe": [line.group for line in self.lines],
            "Indicateur": [line.label for line in self.lines],
            "Cible proposée": [line.target.words if line.target else "–" for line in self.lines],
            self.year: [_cell(line.current) for line in self.lines],
            "Cible atteinte ?": [line.state for line in self.lines],
        }
        for rank, year in enumerate(self.former_years):
            cells[year] = [_cell(line.former[rank]) for line in self.lines]
        cells["Ces années ensemble"] = [_cell(line.whole) for line in self.lines]
        cells["Atteinte ensemble ?"] = [line.whole_state for line in self.lines]
        return pd.DataFrame(cells)

    @property
    def example(self) -> dict[str, Indicator | str]:
        """One line to read (``indicateur``, ``exemple``, ``cible``, ``etat``): the first that is measured."""
        measured = [line for line in self.lines if line.current.value is not None] or list(self.lines)
        line = next((line for line in measured if line.target), measured[0])
        target = line.target.words if line.target else "aucune"
        return {
            "indicateur": line.label, "exemple": line.current, "cible": target, "etat": line.state,
        }  # fmt: skip

    def series(self, measure: str) -> dict[str, Indicator]:
        """Return a measure of the school by school year, in order; nothing when the dashboard does not have it."""
        years = (self.year, *self.former_years)
        found = next(((line.current, *line.former) for line in self.lines if line.name == measure), ())
        return dict(sorted(zip(years, found, strict=False)))

    @property
    def positions(self) -> dict[str, tuple[Indicator, tuple[Indicator, ...], float | None]]:
        """By label, the school, the other schools without their names, and the target: what the strips draw."""
        return {
            line.label: (line.whole, line.others, line.target.share if line.target else None)
            for line in self.lines
            if line.whole.value is not None and line.name != PLACES
        }


def page_name(school: str) -> str:
    """Return the name of a school's dashboard, of which its CSV files are made.

    Examples
    --------
    >>> page_name("EDP-01")
    'suivi-edp-01'
    """
    return "suivi-" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in school.lower())


def dashboard(tables: Tables, school: str, youngest: int, oldest: int) -> Dashboard:
    """Measure a school on what it must report, for the last school year that is over at the extraction.

    Parameters
    ----------
    tables : Tables
    school : str
        Its code.
    youngest, oldest : int
        Ages at entry that the scheme aims at, both ends in.

    Raises
    ------
    UserError
        The list of what is followed does not read.
    """
    campaign = tables.campaign
    known = measures(campaign, youngest, oldest)
    year = last_complete(campaign.extraction_date)
    former = tuple(item for item in years_before(year, _FORMER) if bounds(item)[0] >= campaign.start)
    entries = [entry for entry in followed(campaign, [*known, PLACES]) if entry.measure != FILLED]
    schools = Schools(tables, (year, *former))
    if not schools.open(school):
        return Dashboard(school, year, former, ())
    lines = [
        _line(known[entry.measure], entry.target, schools, school, campaign.thresholds)
        if entry.measure in known
        else _places_line(tables, schools, school, entry.target)
        for entry in entries
    ]
    return Dashboard(school, year, former, tuple(lines))


def _line(measure: Measure, target: Target | None, schools: Schools, school: str, thresholds: Thresholds) -> Line:
    last, *former = schools.years
    current, whole = schools.read(measure, school, (last,)), schools.read(measure, school, schools.years)
    others = (schools.read(measure, name, schools.years) for name in schools.names if name != school)
    return Line(
        measure.name,
        measure.label,
        _GROUPS[measure.scope],
        target,
        current,
        tuple(schools.read(measure, school, (year,)) for year in former),
        whole,
        _unnamed(others),
        state(current, target, thresholds),
        state(whole, target, thresholds),
    )


def _places_line(tables: Tables, schools: Schools, school: str, target: Target | None) -> Line:
    last, *former = schools.years
    current, whole = places(tables, school, (last,)), places(tables, school, schools.years)
    thresholds = tables.campaign.thresholds
    return Line(
        PLACES,
        current.label,
        _GROUPS["places"],
        target,
        current,
        tuple(places(tables, school, (year,)) for year in former),
        whole,
        (),
        state(current, target, thresholds),
        state(whole, target, thresholds),
    )


def _unnamed(found: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Take the names off: sorted by value, so that no place in the series says which school it is."""
    kept = [item for item in found if item.value is not None]
    return tuple(sorted(kept, key=lambda item: (item.value or 0.0, item.denominator or 0)))


def _cell(indicator: Indicator) -> Indicator | str:
    return indicator if indicator.value is not None else indicator.reason
