"""What is missing from what a school sent: the fields to report left blank, and the indicators that each one bears."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from edp_analysis.cleaning.result import Tables
from edp_analysis.contract import load_schema
from edp_analysis.indicators import exits
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.columns import DERIVED, reported_fields
from edp_analysis.monitoring.kit import template_name
from edp_analysis.monitoring.measures import MOMENTS, PLACES, Measure, measures, places, records
from edp_analysis.monitoring.settings import read_monitoring
from edp_analysis.monitoring.targets import FILLED, followed
from edp_analysis.monitoring.years import bounds, last_complete
from edp_analysis.problems import UserError

__all__ = ["Gap", "Sending", "sending"]

_ENTIRE = 1.0
"""Share of a field that must be filled where no target says: all of it."""


@dataclass(frozen=True)
class Gap:
    """A field that a school had to fill in for a year: how often it is blank, and what rests on it.

    Attributes
    ----------
    title : str
        Of the field.
    blank, expected : int
        Rows where it is blank, of those where it was expected.
    serves : tuple of str
        Labels of the measures of the dashboard that rest on it.
    purpose : str
        What it serves for, as the list to report says.
    """

    title: str
    blank: int
    expected: int
    serves: tuple[str, ...]
    purpose: str

    @property
    def filled(self) -> float:
        """Share of the rows where it is filled, in [0, 1]."""
        return 1 - self.blank / self.expected

    @property
    def other_use(self) -> str:
        """What is said of a field on which no measure of the dashboard rests."""
        return f"autre usage : {self.purpose[:1].lower()}{self.purpose[1:]}"

    def indicator(self, school: str, year: str) -> Indicator:
        """Return how often it is blank: a count of cells of one file, complete, so without an interval."""
        return Indicator(
            "vides", self.title, self.blank / self.expected, "%", f"lignes de {school} où ce champ est attendu, {year}",
            self.blank, self.expected, method="cellules vides / lignes où le champ est attendu", census=True,
        )  # fmt: skip


@dataclass(frozen=True)
class Sending:
    """What a school sent about one school year.

    Attributes
    ----------
    school, year : str
    gaps : tuple of Gap
        Every field expected, in the order of the list to report, those without a blank too.
    least : float
        Share of a field that must be filled, in [0, 1].
    due : datetime.date or None
        Day by which the blanks should be filled in: that of the campaign, else the one the recommendation proposes.
    settled : bool
        The day is that of the campaign, and not a proposal.
    model : str
        File name of the workbook that the school fills in.
    recipient : str
        Whom it is sent to; empty when nothing says.
    received : bool
        At least one learner of the school is in the files received.
    """

    school: str
    year: str
    gaps: tuple[Gap, ...]
    least: float
    due: date | None
    settled: bool
    model: str
    recipient: str = ""
    received: bool = True

    @property
    def beginning(self) -> str:
        """What is said of a school that had nobody in the years of the dashboard: no file, or not open yet."""
        if not self.received:
            return "Aucun jeune de cette école n’est dans les fichiers reçus : il n’y a rien à montrer."
        return "Le tableau de cette école commencera avec la première année scolaire où elle a accueilli des jeunes."

    @property
    def counts(self) -> dict[str, Indicator]:
        """Fields that have blanks (``a_completer``), of those expected (``attendus``): what :attr:`title` cites."""
        words = f"champs à transmettre attendus de {self.school}, {self.year}"
        found = {"a_completer": len(self.lacking), "attendus": len(self.gaps)}
        return {
            name: Indicator(f"champs_{name}", f"Champs {name}", float(number), "champs", words, number,
                            len(self.gaps), method="champs dont une ligne au moins est vide", census=True)
            for name, number in found.items()
        }  # fmt: skip

    @property
    def title(self) -> str:
        """The template of the table's title, in agreement with :attr:`counts`."""
        many = len(self.lacking) > 1
        return (
            f"{{a_completer:nombre}} {'champs' if many else 'champ'} sur {{attendus:nombre}} "
            f"{'restent' if many else 'reste'} à compléter"
        )

    @property
    def rule(self) -> str:
        """Share of its lines that a field should have filled."""
        return f"{100 * self.least:.10g} %".replace(".", ",")

    @property
    def lacking(self) -> tuple[Gap, ...]:
        """Fields that have blanks, the emptiest first."""
        return tuple(sorted((gap for gap in self.gaps if gap.blank), key=lambda gap: gap.filled))

    @property
    def first(self) -> Indicator:
        """How often the emptiest field is blank; without a value when nothing is."""
        for gap in self.lacking:
            return gap.indicator(self.school, self.year)
        return Indicator("vides", "Champs vides", None, "%", self.year, reason="aucun champ vide", census=True)

    @property
    def table(self) -> pd.DataFrame:
        """One row a field that has blanks: field, blanks, what rests on it."""
        return pd.DataFrame(
            {
                "Donnée": [gap.title for gap in self.lacking],
                "Lignes vides": [gap.indicator(self.school, self.year) for gap in self.lacking],
                "Indicateurs touchés": [" ; ".join(gap.serves) or gap.other_use for gap in self.lacking],
            }
        )

    @property
    def arguments(self) -> dict[str, date | str]:
        """What :attr:`request` cites."""
        day: dict[str, date | str] = {} if self.due is None else {"echeance": self.due}
        return {**day, "modele": self.model, "destinataire": self.recipient or "la personne qui l’a envoyé"}

    @property
    def request(self) -> str:
        """The template of what to do, to be filled with :attr:`arguments`."""
        if not self.received:
            return "Remplir le modèle de l’école ({modele}) et l’envoyer à {destinataire}."
        if not self.gaps:
            return "Rien n’était encore attendu de cette école pour cette année."
        if not any(gap.blank for gap in self.gaps):
            return "Rien ne manque : tous les champs attendus de cette année sont remplis."
        start = "Compléter ces champs dans le modèle de l’école ({modele}) et le renvoyer"
        if self.due is None:
            return f"{start} à {{destinataire}} avec le prochain envoi."
        proposed = "" if self.settled else " (date proposée, à confirmer)"
        return f"{start}, avant le {{echeance}}{proposed}, à {{destinataire}}."


def sending(tables: Tables, school: str, youngest: int, oldest: int) -> Sending:
    """Look for what is missing from a school's file, for the last school year that is over at the extraction.

    Parameters
    ----------
    tables : Tables
    school : str
    youngest, oldest : int
        As for :func:`~edp_analysis.monitoring.dashboard.dashboard`.

    Raises
    ------
    UserError
        The list to report wants a field at an unknown moment, or does not read.
    """
    campaign = tables.campaign
    year = last_complete(campaign.extraction_date)
    known = measures(campaign, youngest, oldest)
    entries = {entry.measure: entry for entry in followed(campaign, [*known, PLACES])}
    shown = {name: measure for name, measure in known.items() if name in entries}
    own, last = tables.apprenants[tables.apprenants["ecole"] == school], pd.Timestamp(bounds(year)[1])
    gaps = [
        _gap(own, field, moment, purpose, year, shown)
        for field, moment, purpose in reported_fields(campaign).itertuples(index=False)
        if field not in DERIVED
    ]
    if PLACES in entries:
        gaps.append(_places_gap(tables, school, year, bool((pd.to_datetime(own["date_entree"]) <= last).any())))
    rule = entries.get(FILLED)
    settled = read_monitoring(campaign)
    # A day proposed by the campaign whose targets are followed may be past: it asks for nothing any more.
    proposed = rule.due if rule and rule.due and rule.due > campaign.extraction_date else None
    return Sending(
        school,
        year,
        tuple(gap for gap in gaps if gap.expected),
        rule.target.share if rule and rule.target else _ENTIRE,
        settled.due or proposed,
        settled.due is not None,
        template_name(campaign, school),
        settled.recipient,
        not own.empty,
    )


def _gap(own: pd.DataFrame, field: str, moment: str, purpose: str, year: str, shown: Mapping[str, Measure]) -> Gap:
    if moment not in MOMENTS:
        raise UserError(
            f"Liste à transmettre, {field} : moment « {moment} » inconnu.", f"Moments : {', '.join(MOMENTS)}."
        )
    part = records(own, MOMENTS[moment], year)
    if field == "date_sortie":  # one who left without a date is in no year: wanted all the same
        leavers = exits.sortants(own)
        part = pd.concat([part, leavers[leavers[field].isna()]])
    title = load_schema("apprenants")[field].title
    serves = tuple(measure.label for measure in shown.values() if field in measure.fields)
    return Gap(title, int(part[field].isna().sum()), len(part), serves, purpose)


def _places_gap(tables: Tables, school: str, year: str, open_: bool) -> Gap:
    """Say whether the places of the year were declared; nothing is expected of a school not open yet."""
    declared = places(tables, school, (year,))
    field = load_schema("annuel")["places"]
    title = f"{field.title} (feuille École)"
    return Gap(title, int(declared.value is None), int(open_), (declared.label,), "Remplissage")
