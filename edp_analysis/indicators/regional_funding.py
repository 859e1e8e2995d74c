"""The grants of the Région recomputed from who was present, school by school and year by year, and what they add up to.

Grants booked are compared with the lump sum times the learners present on the counting day: presence on one day is what
the Région pays, so that is what is recomputed, whatever the average head-count of the year.
"""

from __future__ import annotations

from datetime import date

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.presence import present_on
from edp_analysis.contract import normalise_text
from edp_analysis.contract.codes import load_codes
from edp_analysis.indicators.funding import budget_regional
from edp_analysis.indicators.result import Indicator

__all__ = [
    "budget_en_apprenants",
    "budget_reste",
    "financement_fse",
    "financement_par_objet",
    "forfait_croise",
    "forfait_par_ecole",
    "forfait_par_exercice",
    "subventions_region",
]

_NO_GRANTS = "aucun financement reçu"
_COLUMNS = ["ecole", "exercice", "presents", "recalcule", "verse", "ecart"]


def subventions_region(financements: pd.DataFrame) -> pd.DataFrame:
    """Keep what the Région pays, by the word « région » in the name of the funder.

    Examples
    --------
    >>> rows = pd.DataFrame({"financeur": ["Région Normandie", "Mécènes"], "montant": [1.0, 2.0]})
    >>> subventions_region(rows)["montant"].tolist()
    [1.0]
    """
    chosen = [("region" in normalise_text(str(name)).split()) for name in financements["financeur"]]
    return financements[pd.Series(chosen, index=financements.index, dtype=bool)]


def forfait_par_ecole(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, financements: pd.DataFrame, campaign: Campaign
) -> pd.DataFrame:
    """Recompute the lump sum of each school for each year, and set it beside what was granted for running costs.

    Parameters
    ----------
    apprenants, ecoles, financements : pandas.DataFrame
        Clean tables. Only the schools that ``ecoles`` says are paid by the lump sum; only the years up to the last
        counting day.
    campaign : Campaign
        Says the lump sum and the counting day.

    Returns
    -------
    pandas.DataFrame
        One row a school and year for which the Région granted running money: ``ecole``, ``exercice``, ``presents``
        (learners on the counting day of that year), ``recalcule``, ``verse``, ``ecart`` (granted minus recomputed), €.
    """
    paid = ecoles.loc[ecoles["mode_financement"] == "FORFAIT", "ecole"]
    rows = subventions_region(financements)
    rows = rows[rows["ecole"].isin(paid) & (rows["objet"] == "FONCTIONNEMENT")]
    rows = rows[rows["exercice"] <= campaign.last_counting_date.year]
    found = []
    for (school, year), own in rows.astype({"exercice": "int64"}).groupby(["ecole", "exercice"], sort=True):
        day = date(int(str(year)), *campaign.counting_day)
        heads = len(present_on(apprenants[apprenants["ecole"] == school], day))
        due, granted = heads * campaign.lump_sum, float(own["montant"].sum())
        found.append((str(school), day.year, heads, due, granted, granted - due))
    return pd.DataFrame(found, columns=_COLUMNS)


def forfait_par_exercice(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, financements: pd.DataFrame, campaign: Campaign
) -> pd.DataFrame:
    """Add :func:`forfait_par_ecole` up by year; ``ecoles`` is then the number of schools paid."""
    table = forfait_par_ecole(apprenants, ecoles, financements, campaign)
    sums = table.groupby("exercice", as_index=False)[["presents", "recalcule", "verse", "ecart"]].sum()
    return sums.assign(ecoles=table.groupby("exercice")["ecole"].nunique().to_numpy())[
        ["exercice", "ecoles", "presents", "recalcule", "verse", "ecart"]
    ]


def forfait_croise(table: pd.DataFrame) -> pd.DataFrame:
    """Lay :func:`forfait_par_ecole` out, one row a school: learners of each year, then the sums in euros.

    Returns
    -------
    pandas.DataFrame
        ``ecole``, one column a year (learners; missing when the school was not paid that year), ``recalcule``,
        ``verse``, ``ecart``.
    """
    heads = table.pivot(index="ecole", columns="exercice", values="presents")
    heads.columns = [str(year) for year in heads.columns]
    sums = table.groupby("ecole")[["recalcule", "verse", "ecart"]].sum()
    return heads.join(sums).rename_axis(index="ecole").reset_index()


def financement_par_objet(financements: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Add up, by year, what the Région pays for each purpose, and the European fund beside it.

    Returns
    -------
    pandas.DataFrame
        ``exercice``, one column a purpose the Région paid for (its French label, in the order of the code list), then
        « Fonds européens » when there are any; € (0 where nothing was paid), up to the last counting day.
    """
    known = financements[financements["exercice"] <= campaign.last_counting_date.year]
    region, europe = subventions_region(known), _european(known)
    years = sorted({int(year) for year in (*region["exercice"], *europe["exercice"])})
    table = pd.DataFrame({"exercice": years})
    for code, label in load_codes("objet_financement").labels.items():
        if (region["objet"] == code).any():
            table[label] = _by_year(region[region["objet"] == code], years)
    if len(europe):
        table["Fonds européens"] = _by_year(europe, years)
    return table


def financement_fse(financements: pd.DataFrame, exercice: int) -> Indicator:
    """Return what the European fund pays the schools for a year."""
    rows = _european(financements)
    rows = rows[rows["exercice"] == exercice]
    count = rows["ecole"].nunique()
    return Indicator(
        f"financement_fse_{exercice}", "Financement européen (FSE)",
        float(rows["montant"].sum()) if len(rows) else None, "€",
        f"{count} école{'s' if count > 1 else ''}, exercice {exercice}",
        method="somme des financements européens",
        reason="" if len(rows) else "aucun financement européen reçu", rows=tuple(map(str, rows["id_financement"])),
    )  # fmt: skip


def budget_en_apprenants(
    financements: pd.DataFrame, ecoles: pd.DataFrame, exercice: int, campaign: Campaign
) -> Indicator:
    """Return the budget of a year over the lump sum: not a whole number when another line is inside the budget."""
    budget = budget_regional(financements, ecoles, exercice)
    value = None if budget.value is None else budget.value / campaign.lump_sum
    return Indicator(
        f"budget_en_apprenants_{exercice}", "Budget rapporté au forfait", value, "apprenants", budget.population,
        budget.value, campaign.lump_sum, method="budget de la Région / forfait par apprenant", reason=budget.reason,
        rows=budget.rows,
    )  # fmt: skip


def budget_reste(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, financements: pd.DataFrame, exercice: int, campaign: Campaign
) -> Indicator:
    """Return what the budget of a year holds beyond the lump sum times the learners present on its counting day."""
    budget = budget_regional(financements, ecoles, exercice)
    paid = ecoles.loc[ecoles["mode_financement"] == "FORFAIT", "ecole"]
    heads = len(present_on(apprenants[apprenants["ecole"].isin(paid)], date(exercice, *campaign.counting_day)))
    value = None if budget.value is None else budget.value - heads * campaign.lump_sum
    return Indicator(
        f"budget_reste_{exercice}", "Budget hors forfait", value, "€", budget.population,
        method="budget de la Région − forfait × apprenants présents au jour de comptage", reason=budget.reason,
        rows=budget.rows,
    )  # fmt: skip


def _european(financements: pd.DataFrame) -> pd.DataFrame:
    words = [set(normalise_text(str(name)).split()) for name in financements["financeur"]]
    chosen = [bool(found & {"fse", "europeen", "europe"}) for found in words]
    return financements[pd.Series(chosen, index=financements.index, dtype=bool)]


def _by_year(rows: pd.DataFrame, years: list[int]) -> list[float]:
    sums = rows.groupby("exercice")["montant"].sum()
    return [float(sums.get(year, 0.0)) for year in years]
