"""What a learner, a completer, a certified youth, a favourable exit cost: ratios of sums, with the counts' uncertainty.

Charges (or grants) of a set of schools and periods, over what happened in the same schools and periods. Euros are taken
as exact; the interval is that of the count, as a Poisson one (Garwood): with another draw of the same process, so many
youths might have been certified. A head-count is what was observed and has no interval. Charges hold depreciation;
they hold neither voluntary contributions (86, 87) nor the capital grants that paid for the equipment.

Charges are known for the schools that sent accounts, grants for all those the lump sum pays: the two must not be
divided by one another. :func:`subventions_memes_exercices` gives the grants of the exercises whose charges are counted.
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
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.statistics.counts import garwood
from edp_analysis.statistics.proportions import Interval

__all__ = [
    "UNITS", "Window", "counts_in", "couts_unitaires", "effort_regional", "par_resultat", "part_des_charges",
    "sorties_sans_date", "subventions_memes_exercices", "subventions_unitaires", "termes",
]  # fmt: skip

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
_LABELS = {
    "cout": "Coût", "subvention": "Subvention régionale de fonctionnement", "effort": "Effort de la Région",
    "subvention_comptes": "Subvention régionale de fonctionnement",
}  # fmt: skip
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
    """Divide the operating grants of the Région by what happened, in the same calendar years, in the schools it pays.

    Lump-sum schools, years up to the last counting day for which they were granted operating money (purpose
    FONCTIONNEMENT, nothing else). Same result as :func:`couts_unitaires`.
    """
    what = "subventions régionales de fonctionnement"
    return _over_years("subvention", what, financements, ecoles, apprenants, campaign, operating=True)


def effort_regional(
    financements: pd.DataFrame, ecoles: pd.DataFrame, apprenants: pd.DataFrame, campaign: Campaign
) -> dict[str, Indicator]:
    """Divide all that the Région paid, by the same counts as :func:`subventions_unitaires`.

    Operating grants, capital grants and the rest of the lump-sum schools, and what is paid to no school in particular
    (the delegate's post), from the first year of those counts to the last counting day.
    """
    what = "toutes les subventions de la Région, investissement et poste de délégué compris"
    return _over_years("effort", what, financements, ecoles, apprenants, campaign, operating=False)


def _over_years(
    kind: str, what: str, financements: pd.DataFrame, ecoles: pd.DataFrame, apprenants: pd.DataFrame,
    campaign: Campaign, *, operating: bool,
) -> dict[str, Indicator]:  # fmt: skip
    paid = ecoles.loc[ecoles["mode_financement"] == "FORFAIT", "ecole"]
    rows = subventions_region(financements)
    rows = rows[
        (rows["ecole"].isin(paid) | rows["ecole"].isna()) & (rows["exercice"] <= campaign.last_counting_date.year)
    ]
    running = rows[rows["ecole"].isin(paid) & (rows["objet"] == "FONCTIONNEMENT")]
    if running.empty or apprenants.empty:
        reason = "aucun apprenant connu" if len(running) else "aucun financement reçu"
        return {unit: _cost(kind, unit, 0, 0, "0 exercice", what, (), reason) for unit in UNITS}
    pairs = sorted(
        {(str(school), int(year)) for school, year in zip(running["ecole"], running["exercice"], strict=True)}
    )
    windows = [Window(school, date(year, 1, 1), date(year, 12, 31)) for school, year in pairs]
    years = sorted({year for _, year in pairs})
    words = f"{len({school for school, _ in pairs})} écoles au forfait, années {years[0]} à {years[-1]}"
    counts = counts_in(apprenants, windows, campaign)
    summed = running if operating else rows[rows["exercice"] >= years[0]]
    total, keys = float(summed["montant"].sum()), tuple(map(str, summed["id_financement"]))
    return {unit: _cost(kind, unit, total, number, words, what, keys) for unit, number in counts.items()}


def subventions_memes_exercices(
    comptes: pd.DataFrame, financements: pd.DataFrame, apprenants: pd.DataFrame, campaign: Campaign
) -> dict[str, Indicator]:
    """Divide the operating grants of the Région by what happened in the exercises of :func:`couts_unitaires`.

    The grant of an exercise is that of the year of the counting day it holds, as everywhere else. Same result.
    """
    exercises = read_exercises(comptes, financements, apprenants, campaign)
    what = "subventions régionales de fonctionnement"
    found = [x.grants for x in exercises if x.grants is not None]
    if not found or apprenants.empty:
        reason = "aucun apprenant connu" if apprenants.empty else "aucun financement reçu"
        reason = reason if exercises else "aucun compte reçu"
        return {unit: _cost("subvention_comptes", unit, 0, 0, "0 exercice", what, (), reason) for unit in UNITS}
    rows = subventions_region(pd.concat(found))
    rows = rows[rows["objet"] == "FONCTIONNEMENT"]
    counts = counts_in(apprenants, [Window(x.school, x.start, x.end) for x in exercises], campaign)
    total, keys, words = (
        float(rows["montant"].sum()),
        tuple(map(str, rows["id_financement"])),
        _accounts_words(exercises),
    )
    return {
        unit: _cost("subvention_comptes", unit, total, number, words, what, keys) for unit, number in counts.items()
    }


def part_des_charges(subventions: Mapping[str, Indicator], couts: Mapping[str, Indicator]) -> Indicator:
    """Return the share of the charges that operating grants cover, both sums on the same schools and exercises.

    Raises
    ------
    ValueError
        The two were not computed on the same schools and exercises.
    """
    grant, cost = subventions["certifie"], couts["certifie"]
    reason = cost.reason or grant.reason
    if not reason and grant.population != cost.population:
        raise ValueError(f"deux bases : « {grant.population} » et « {cost.population} »")
    top, bottom = grant.numerator or 0.0, cost.numerator or 0.0
    reason = reason or ("" if bottom > 0 else "aucune charge")
    return Indicator(
        "part_des_charges", "Charges couvertes par la subvention régionale de fonctionnement",
        None if reason else top / bottom, "%", cost.population, None if reason else top, None if reason else bottom,
        method="subventions régionales de fonctionnement / charges, mêmes écoles et mêmes exercices", reason=reason,
        rows=cost.rows, census=True,
    )  # fmt: skip


def termes(ratio: Indicator) -> tuple[Indicator, Indicator]:
    """Return the sum (€) and the count behind a unit cost, each to be written in a sentence."""
    return (
        amount(f"{ratio.id}_somme", f"{ratio.label}, somme", ratio.numerator, "€", ratio.population, "", ratio.reason),
        amount(
            f"{ratio.id}_nombre", f"{ratio.label}, nombre", ratio.denominator, "", ratio.population, "", ratio.reason
        ),
    )


def par_resultat(columns: Mapping[str, Mapping[str, Indicator]]) -> pd.DataFrame:
    """Lay unit costs out, one row a unit: the count, then one column an amount, all on the same schools and periods.

    Parameters
    ----------
    columns : mapping of str to (mapping of str to Indicator)
        By heading; the counts are those of the first.

    Returns
    -------
    pandas.DataFrame
        ``Rapporté à``, ``Nombre``, then the headings (€); empty when the first has nothing.
    """
    first = next(iter(columns.values()))
    units = [unit for unit in UNITS if first[unit].denominator is not None]
    table = pd.DataFrame(
        {"Rapporté à": [UNITS[unit] for unit in units], "Nombre": [first[unit].denominator for unit in units]}
    )
    for name, found in columns.items():
        table[name] = [found[unit].value for unit in units]
    return table


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
        method = "Poisson exact (Garwood) sur l’effectif ; euros tenus pour exacts, choix des écoles non compris"
        interval = Interval(total / bounds.high, total / bounds.low, bounds.level, method)
    label = f"{_LABELS[kind]} par {name}"
    return Indicator(
        f"{kind}_{unit}", label, None if reason else total / number, "€", population, None if reason else total,
        None if reason else number, interval, f"{what} / {name}, sommes sur les mêmes écoles et périodes", reason, rows,
    )  # fmt: skip


def _accounts_words(exercises: Sequence[Exercise]) -> str:
    schools = len({x.school for x in exercises})
    first, last = min(x.start for x in exercises), max(x.end for x in exercises)
    span = f"du {first:%d/%m/%Y} au {last:%d/%m/%Y}"
    return f"{len(exercises)} exercices de {schools} écoles ayant remis leurs comptes, {span}"
