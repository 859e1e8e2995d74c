"""The yearly dashboard of a school: each measure to report, its target, what may be said of it, the years before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from edp_analysis.campaign import Thresholds
from edp_analysis.cleaning.result import Tables
from edp_analysis.indicators.fiche import identite
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.grid import Line, enough, grid
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
class Dashboard:
    """What a school gets back about one school year.

    Attributes
    ----------
    school, year : str
    former_years : tuple of str
        School years shown beside it, the nearest first.
    lines : tuple of Line
        None for a school that had welcomed nobody by the end of the year.
    least : int
        Smallest base that carries a percentage, persons: under it no target is judged and nothing is drawn.
    opening : datetime.date or None
        Day on which the school opened, where it is known.
    """

    school: str
    year: str
    former_years: tuple[str, ...]
    lines: tuple[Line, ...]
    least: int
    opening: date | None = None

    @property
    def period(self) -> str:
        """The years together, in words."""
        first = (self.year, *self.former_years)[-1]
        return self.year if first == self.year else f"{first} à {self.year}"

    def verdicts(self, whole: bool = True) -> dict[str, Indicator]:
        """Count the targets by what may be said of them (see :data:`VERDICTS`), and all of them (``cibles``).

        Parameters
        ----------
        whole : bool
            Over the years together, or in the last one only.
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
            for name, found in {"cibles": len(aimed), **counts}.items()
        }  # fmt: skip

    def verdict(self, whole: bool = True) -> str:
        """Return what :meth:`verdicts` counts as a template, in agreement with the counts, without those of none."""
        found = {name: int(item.value or 0) for name, item in self.verdicts(whole).items()}
        start = f"sur {{cibles:nombre}} {'cibles proposées' if found['cibles'] > 1 else 'cible proposée'}, "
        words = {"atteintes": "atteinte", "manquees": "non atteinte", "non_calculables": "non calculable"}
        told = [f"{{{name}:nombre}} {one}{'s' * (found[name] > 1)}" for name, one in words.items() if found[name]]
        if not found["indecises"]:
            return start + ", ".join(told)
        if not told:
            return f"{start}aucune sur laquelle on peut conclure"
        return f"{start}{', '.join(told)} ; pour {{indecises:nombre}}, on ne peut pas conclure"

    @property
    def finding(self) -> str:
        """The template of the page's finding, to be filled with :attr:`arguments`.

        Examples
        --------
        >>> Dashboard("EDP-01", "2022-2023", (), (), 20).finding
        'EDP-01, {annee} : aucun jeune encore'
        """
        if not self.lines:
            opened = ", école ouverte le {ouverture}" if self.opening else ""
            return f"{self.school}, {{annee}} : aucun jeune encore{opened}"
        aimed = any(line.target for line in self.lines)
        return f"{self.school}, {{periode}} : {self.verdict() if aimed else 'aucune cible proposée'}"

    @property
    def arguments(self) -> dict[str, Indicator | date | str]:
        """What :attr:`finding` may cite: the counts of the years together, the years, the day of opening."""
        opened: dict[str, Indicator | date | str] = {"ouverture": self.opening} if self.opening else {}
        return {**opened, **self.verdicts(), "annee": self.year, "periode": self.period}

    @property
    def table(self) -> pd.DataFrame:
        """One row a measure: see :func:`~edp_analysis.monitoring.grid.grid`."""
        return grid(self.lines, self.year, self.former_years, self.least)

    @property
    def notes(self) -> str:
        """What the labels leave unsaid, as sentences."""
        return "".join(f"{line.note}. " for line in self.lines if line.note)

    def example(self, drawn: bool = False) -> dict[str, Indicator | str]:
        """One line to read over the years together (``indicateur``, ``exemple``, ``cible``, ``etat``).

        Parameters
        ----------
        drawn : bool
            Among those that the strips draw. The first that has a target and carries a percentage is taken.
        """
        lines = sorted(
            (line for line in self.lines if not drawn or line.label in self.positions),
            key=lambda line: (not enough(line.whole, self.least), line.whole.value is None, line.target is None),
        )
        line = lines[0]
        target = line.target.words if line.target else "aucune"
        return {
            "indicateur": line.label, "exemple": line.whole, "cible": target, "etat": line.whole_state,
        }  # fmt: skip

    def series(self, measure: str) -> dict[str, Indicator]:
        """Return a measure of the school by school year, in order; nothing when the dashboard does not have it."""
        years = (self.year, *self.former_years)
        found = next(((line.current, *line.former) for line in self.lines if line.name == measure), ())
        return dict(sorted(zip(years, found, strict=False)))

    @property
    def positions(self) -> dict[str, tuple[Indicator, tuple[Indicator, ...], float | None]]:
        """By label, the school, the other schools without their names, and the target: what the strips draw.

        None when no base of the school reaches the threshold of percentages: there is then nothing to draw.
        """
        found = {
            line.label: (line.whole, line.others, line.target.share if line.target else None)
            for line in self.lines
            if line.whole.value is not None and line.name != PLACES
        }
        return found if any(enough(own, self.least) for own, _, _ in found.values()) else {}


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
    opened, least = identite(school, tables.ecoles)["ouverture"], campaign.thresholds.percentage
    opening = opened if isinstance(opened, date) else None
    if not schools.open(school):
        return Dashboard(school, year, former, (), least, opening)
    lines = [
        _line(known[entry.measure], entry.target, schools, school, campaign.thresholds)
        if entry.measure in known
        else _places_line(tables, schools, school, entry.target)
        for entry in entries
    ]
    return Dashboard(school, year, former, tuple(lines), least, opening)


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
        measure.note,
    )


def _places_line(tables: Tables, schools: Schools, school: str, target: Target | None) -> Line:
    last, *former = schools.years
    current, whole = places(tables, school, (last,)), places(tables, school, schools.years)
    before = tuple(places(tables, school, (year,)) for year in former)
    states = (state(item, target, tables.campaign.thresholds) for item in (current, whole))
    return Line(PLACES, current.label, _GROUPS["places"], target, current, before, whole, (), *states)


def _unnamed(found: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Take the names off: sorted by value, so that no place in the series says which school it is."""
    kept = [item for item in found if item.value is not None]
    return tuple(sorted(kept, key=lambda item: (item.value or 0.0, item.denominator or 0)))
