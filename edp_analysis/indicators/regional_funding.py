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
    "delegue_partage",
    "financement_fse",
    "financement_par_objet",
    "forfait_croise",
    "forfait_exact",
    "forfait_par_ecole",
    "forfait_par_exercice",
    "fse_par_apprenant",
    "par_construction",
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


def forfait_exact(table: pd.DataFrame) -> Indicator:
    """Count, in :func:`forfait_par_ecole`, the schools and years whose grant is the lump sum due, to the euro.

    Counted school by school and year by year: gaps of opposite signs cannot cancel out.
    """
    exact = table[table["ecart"].abs() < 0.5]
    value = len(exact) / len(table) if len(table) else None
    return Indicator(
        "forfait_exact", "Accordé égal au forfait dû", value, "%", "une école et une année à la fois", len(exact),
        len(table), method="subvention de fonctionnement accordée = forfait × présents, à l’euro près",
        reason="" if len(table) else _NO_GRANTS, census=True,
    )  # fmt: skip


def par_construction(campaign: Campaign, about: str = "ecart") -> str:
    """Say that what agrees is no finding where the data were simulated; empty on received data.

    Parameters
    ----------
    campaign : Campaign
    about : {'ecart', 'reste'}
        The gaps between granted and due, or what is left of the budget.
    """
    words = {
        "ecart": "Écarts nuls par construction : les subventions simulées ont été fixées au forfait.",
        "reste": "Données simulées : le nombre de présents et ce reste ont été choisis pour redonner le budget publié.",
    }
    return words[about] if campaign.simulated else ""


def financement_par_objet(financements: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Add up, by year, what the Région pays for each purpose, and the European fund beside it.

    Before the first amount received for a purpose, nothing is known: missing, not zero.

    Returns
    -------
    pandas.DataFrame
        ``exercice``, one column a purpose the Région paid for (its French label, in the order of the code list), then
        « Fonds européens » when there are any; €, up to the last counting day. The last row, « Total », adds up what
        is known.
    """
    known = financements[financements["exercice"] <= campaign.last_counting_date.year]
    region, europe = subventions_region(known), _european(known)
    years = sorted({int(year) for year in (*region["exercice"], *europe["exercice"])})
    table = pd.DataFrame({"exercice": [*years, *(["Total"] if years else [])]}, dtype=object)
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


def fse_par_apprenant(
    financements: pd.DataFrame, ecoles: pd.DataFrame, apprenants: pd.DataFrame, campaign: Campaign
) -> Indicator:
    """Return what the European fund pays per learner present on the last counting day, in the schools it pays."""
    day = campaign.last_counting_date
    paid = financement_fse(financements, day.year)
    schools = ecoles.loc[ecoles["mode_financement"] == "FSE", "ecole"]
    heads = len(present_on(apprenants[apprenants["ecole"].isin(schools)], day))
    return _shared(
        "fse_par_apprenant", "Fonds européens par apprenant présent", paid, heads, "apprenant présent",
        f"{paid.population}, apprenants présents le {day:%d/%m/%Y}",
    )  # fmt: skip


def delegue_partage(
    delegue: Indicator, apprenants: pd.DataFrame, ecoles: pd.DataFrame, campaign: Campaign
) -> dict[str, Indicator]:
    """Share the delegate's post out between all the schools, and between all the learners present.

    Parameters
    ----------
    delegue : Indicator
        See :func:`~edp_analysis.indicators.funding.poste_delegue_regional`, for the year of the last counting day.
    apprenants, ecoles : pandas.DataFrame
        Clean tables.
    campaign : Campaign

    Returns
    -------
    dict of str to Indicator
        ``ecole`` and ``apprenant``; in €.
    """
    day = campaign.last_counting_date
    open_by_then = int((pd.to_datetime(ecoles["date_ouverture"]) <= pd.Timestamp(day)).sum())
    bases = {
        "ecole": (open_by_then, "école", f"{open_by_then} écoles ouvertes le {day:%d/%m/%Y}"),
        "apprenant": (
            len(present_on(apprenants, day)), "apprenant présent", f"toutes les écoles, présents le {day:%d/%m/%Y}"
        ),
    }  # fmt: skip
    return {
        key: _shared(f"delegue_par_{key}", f"Poste de délégué par {name}", delegue, number, name, population)
        for key, (number, name, population) in bases.items()
    }


def _shared(id: str, label: str, paid: Indicator, number: int, name: str, population: str) -> Indicator:
    reason = paid.reason or ("" if number else f"dénominateur nul : {name}")
    return Indicator(
        id, label, None if reason else (paid.value or 0.0) / number, "€", population, None if reason else paid.value,
        number, method=f"{paid.label} / {name}", reason=reason, rows=paid.rows,
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
    amounts = [float(sums.get(year, 0.0)) if year >= sums.index.min() else float("nan") for year in years]
    return [*amounts, float(sums.sum())]
