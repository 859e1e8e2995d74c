"""What a learner, a completer, a certified youth, a favourable exit cost: ratios of sums, with the counts' uncertainty.

Charges (or grants) of a set of schools and periods, over what happened in the same schools and periods. Euros are taken
as exact; the interval is that of the count, as a Poisson one (Garwood): with another draw of the same process, so many
youths might have been certified. A head-count is what was observed and has no interval. Charges hold depreciation;
they hold neither voluntary contributions (86, 87) nor the capital grants that paid for the equipment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from edp_analysis.campaign import Campaign, counting_date
from edp_analysis.cleaning.presence import present_on
from edp_analysis.indicators.exercises import Exercise, read_exercises
from edp_analysis.indicators.exits import sortants, sorties_favorables
from edp_analysis.indicators.finance_notions import NOTIONS
from edp_analysis.indicators.regional_funding import subventions_region
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.counts import garwood
from edp_analysis.statistics.proportions import Interval

__all__ = ["UNITS", "Window", "counts_in", "couts_unitaires", "sorties_sans_date", "subventions_unitaires"]

UNITS: Mapping[str, str] = {
    "apprenant_comptage": "apprenant présent au jour de comptage",
    "annee_apprenant": "année de présence d’un apprenant",
    "jeune_accueilli": "jeune accueilli dans l’année",
    "cursus_complet": "cursus mené à son terme",
    "certifie": "jeune certifié",
    "sortie_favorable": "sortie vers l’emploi ou les études",
}
"""What costs are divided by, and how it is called."""
_MONTH = 365.25 / 12
_DRAWN = ("cursus_complet", "certifie", "sortie_favorable")
_CHARGES = next(notion for notion in NOTIONS if notion.id == "charges")


@dataclass(frozen=True)
class Window:
    """A school and a period, both days included."""

    school: str
    start: date
    end: date

    @property
    def days(self) -> int:
        """Length, in days."""
        return (self.end - self.start).days + 1


def counts_in(apprenants: pd.DataFrame, windows: Sequence[Window], campaign: Campaign) -> dict[str, float]:
    """Count, over schools and periods, each of :data:`UNITS`.

    A learner present through a whole year is one learner-year; who left without a date cannot be placed in a period and
    is not counted. A youth welcomed in two exercises counts in both. Completers, certified and favourable exits are
    those of the leavers whose exit falls in the period (nomenclature of the synthèse).

    Returns
    -------
    dict of str to float
    """
    totals = dict.fromkeys(UNITS, 0.0)
    leavers = sortants(apprenants)
    left = pd.to_datetime(leavers["date_sortie"])
    for window in windows:
        own = apprenants[apprenants["ecole"] == window.school]
        days = _days(own, window, campaign.extraction_date)
        counting = counting_date(window.start, window.end, campaign.counting_day)
        totals["apprenant_comptage"] += len(present_on(own, counting)) if counting else 0
        totals["annee_apprenant"] += float(days.sum()) / window.days * round(window.days / _MONTH) / 12
        totals["jeune_accueilli"] += own.loc[days > 0, "id_jeune"].nunique()
        start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
        gone = leavers[(leavers["ecole"] == window.school) & (left >= start) & (left <= end)]
        complete = gone["cursus_complet"].astype("boolean").fillna(False).astype(bool)
        totals["cursus_complet"] += int(complete.sum())
        totals["certifie"] += int((gone["resultat_examen"] == "ADMIS").sum())
        if len(gone):
            totals["sortie_favorable"] += sorties_favorables(gone, campaign.definitions["sorties"]).numerator or 0
    return totals


def _days(own: pd.DataFrame, window: Window, extraction: date) -> pd.Series:
    """Days of each enrolment within the window, both ends counted."""
    left = pd.to_datetime(own["date_sortie"])
    still_here = left.isna() & (own["statut"] == "INSCRIT")
    first_day, last_day = pd.Timestamp(window.start), pd.Timestamp(window.end)
    end = left.mask(still_here, pd.Timestamp(extraction))
    start = pd.to_datetime(own["date_entree"])
    end, start = end.mask(end > last_day, last_day), start.mask(start < first_day, first_day)
    spans: pd.Series = (end - start).dt.days + 1
    return spans.clip(lower=0).fillna(0)


def sorties_sans_date(apprenants: pd.DataFrame) -> Indicator:
    """Count the leavers whose exit has no date: no period can count them."""
    gone = sortants(apprenants)
    blank = gone[pd.to_datetime(gone["date_sortie"]).isna()]
    rows = tuple(map(str, blank["id_inscription"]))
    return Indicator(
        "sorties_sans_date", "Sorties sans date", float(len(rows)), "sorties", "jeunes sortis", len(rows), len(gone),
        rows=rows,
    )  # fmt: skip


def couts_unitaires(comptes: pd.DataFrame, apprenants: pd.DataFrame, campaign: Campaign) -> dict[str, Indicator]:
    """Divide the charges of the schools with accounts by what happened there in the same exercises.

    Parameters
    ----------
    comptes, apprenants : pandas.DataFrame
        Clean tables.
    campaign : Campaign

    Returns
    -------
    dict of str to Indicator
        By unit of :data:`UNITS`; in €, numerator in €, denominator a count (learner-years may be fractional).

    Examples
    --------
    >>> from edp_analysis.campaign import load_campaign
    >>> none = pd.DataFrame(columns=["ecole", "date_fin", "date_debut"])
    >>> couts_unitaires(none, pd.DataFrame(), load_campaign("2024"))["certifie"].reason
    'aucun compte reçu'
    """
    exercises = read_exercises(comptes)
    if not exercises or apprenants.empty:
        reason = "aucun apprenant connu" if exercises else "aucun compte reçu"
        return {unit: _cost("cout", unit, 0, 0, "0 exercice", "charges", (), reason) for unit in UNITS}
    windows = [Window(x.school, x.start, x.end) for x in exercises]
    total = sum(_CHARGES.top(x) or 0 for x in exercises) / 100
    counts = counts_in(apprenants, windows, campaign)
    rows = tuple(x.key for x in exercises)
    words, what = _accounts_words(exercises), "charges de l’exercice, amortissements compris"
    return {unit: _cost("cout", unit, total, number, words, what, rows) for unit, number in counts.items()}


def subventions_unitaires(
    financements: pd.DataFrame, ecoles: pd.DataFrame, apprenants: pd.DataFrame, campaign: Campaign
) -> dict[str, Indicator]:
    """Divide the running grants of the Région by what happened, in the same calendar years, in the schools it pays.

    Lump-sum schools, years up to the last counting day for which they were granted running money; capital grants and
    the delegate's post apart. Same result as :func:`couts_unitaires`.
    """
    paid = ecoles.loc[ecoles["mode_financement"] == "FORFAIT", "ecole"]
    rows = subventions_region(financements)
    rows = rows[rows["ecole"].isin(paid) & ~rows["objet"].isin(["INVESTISSEMENT", "ANIMATION"])]
    rows = rows[rows["exercice"] <= campaign.last_counting_date.year]
    if rows.empty or apprenants.empty:
        reason = "aucun apprenant connu" if len(rows) else "aucun financement reçu"
        return {unit: _cost("subvention", unit, 0, 0, "0 exercice", "subventions", (), reason) for unit in UNITS}
    pairs = sorted({(str(school), int(year)) for school, year in zip(rows["ecole"], rows["exercice"], strict=True)})
    windows = [Window(school, date(year, 1, 1), date(year, 12, 31)) for school, year in pairs]
    years = sorted({year for _, year in pairs})
    words = f"{len({school for school, _ in pairs})} écoles au forfait, années {years[0]} à {years[-1]}"
    counts = counts_in(apprenants, windows, campaign)
    total, keys = float(rows["montant"].sum()), tuple(map(str, rows["id_financement"]))
    what = "subventions régionales de fonctionnement"
    return {unit: _cost("subvention", unit, total, number, words, what, keys) for unit, number in counts.items()}


def _cost(
    kind: str, unit: str, total: float, number: float, population: str, what: str, rows: tuple[str, ...],
    reason: str = "",
) -> Indicator:  # fmt: skip
    name = UNITS[unit]
    if not reason and number <= 0:
        reason = f"dénominateur nul : {name}"
    interval = None
    if not reason and unit in _DRAWN:
        bounds = garwood(int(number))
        method = "Poisson exact (Garwood) sur l’effectif, euros tenus pour exacts"
        interval = Interval(total / bounds.high, total / bounds.low, bounds.level, method)
    label = f"{'Coût' if kind == 'cout' else 'Subvention régionale'} par {name}"
    return Indicator(
        f"{kind}_{unit}", label, None if reason else total / number, "€", population, None if reason else total,
        None if reason else number, interval, f"{what} / {name}, sommes sur les mêmes écoles et périodes", reason, rows,
    )  # fmt: skip


def _accounts_words(exercises: Sequence[Exercise]) -> str:
    schools = len({x.school for x in exercises})
    first, last = min(x.start for x in exercises), max(x.end for x in exercises)
    span = f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}"
    return f"{len(exercises)} exercices de {schools} écoles ayant remis leurs comptes, {span}"
