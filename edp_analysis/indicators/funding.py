"""What the Région pays: the lump sum per learner recomputed, its budget, the regional delegate."""

from __future__ import annotations

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.presence import present_on
from edp_analysis.contract import normalise_text
from edp_analysis.indicators.result import Indicator

__all__ = ["budget_regional", "ecoles_financees", "ecoles_fse", "forfait_apprenant", "poste_delegue_regional"]

_NO_GRANTS = "aucun financement reçu"


def _regional(financements: pd.DataFrame, exercise: int) -> pd.DataFrame:
    """Rows of the Région (« Région … » or « Conseil régional … ») for a budget year."""
    words = [set(normalise_text(name).split()) for name in financements["financeur"]]
    is_region = ["region" in own or {"conseil", "regional"} <= own for own in words]
    return financements[
        pd.Series(is_region, index=financements.index, dtype=bool) & (financements["exercice"] == exercise)
    ]


def _lump_sum_schools(ecoles: pd.DataFrame) -> pd.Series:
    return ecoles.loc[ecoles["mode_financement"] == "FORFAIT", "ecole"]


def forfait_apprenant(
    apprenants: pd.DataFrame, ecoles: pd.DataFrame, financements: pd.DataFrame, campaign: Campaign
) -> Indicator:
    """Return the running grant of the Région per learner present on the last counting day.

    Schools paid by the lump sum only; the grant of the year of that day, over the learners present that day.

    Parameters
    ----------
    apprenants, ecoles, financements : pandas.DataFrame
        Clean tables.
    campaign : Campaign

    Returns
    -------
    Indicator
        In euros per learner; numerator in euros, denominator in learners.
    """
    day = campaign.last_counting_date
    schools = _lump_sum_schools(ecoles)
    rows = _regional(financements, day.year)
    rows = rows[rows["ecole"].isin(schools) & (rows["objet"] == "FONCTIONNEMENT")]
    present = present_on(apprenants[apprenants["ecole"].isin(schools)], day)
    total, heads = float(rows["montant"].sum()), len(present)
    reason = _NO_GRANTS if rows.empty else "" if heads else "aucun apprenant présent au jour de comptage"
    return Indicator(
        "forfait_apprenant",
        "Subvention régionale de fonctionnement par apprenant présent",
        None if reason else total / heads,
        "€",
        f"écoles au forfait, apprenants présents le {day:%d/%m/%Y}",
        total,
        heads,
        method="subventions de fonctionnement de la Région / apprenants présents au jour de comptage",
        reason=reason,
        rows=tuple(map(str, present["id_inscription"])) if "id_inscription" in present else (),
    )


def budget_regional(financements: pd.DataFrame, ecoles: pd.DataFrame, exercice: int) -> Indicator:
    """Return what the Région grants, for a budget year, to the schools paid by the lump sum, capital grants apart."""
    schools = _lump_sum_schools(ecoles)
    rows = _regional(financements, exercice)
    rows = rows[rows["ecole"].isin(schools) & (rows["objet"] != "INVESTISSEMENT")]
    count = rows["ecole"].nunique()
    return Indicator(
        f"budget_{exercice}",
        f"Budget {exercice} prévu par la Région",
        None if rows.empty else float(rows["montant"].sum()),
        "€",
        f"{count} écoles au forfait, exercice {exercice}",
        method="somme des financements de la Région, hors investissement",
        reason=_NO_GRANTS if rows.empty else "",
        rows=tuple(map(str, rows["id_financement"])),
    )


def ecoles_financees(financements: pd.DataFrame, ecoles: pd.DataFrame, exercice: int) -> Indicator:
    """Return the number of schools that the Région pays by the lump sum, for a budget year."""
    rows = _regional(financements, exercice)
    paid = sorted(set(rows.loc[rows["objet"] != "INVESTISSEMENT", "ecole"].dropna()) & set(_lump_sum_schools(ecoles)))
    return Indicator(
        f"ecoles_financees_{exercice}",
        f"Écoles financées par la Région en {exercice}",
        None if rows.empty else float(len(paid)),
        "écoles",
        f"écoles au forfait, exercice {exercice}",
        method="écoles recevant un financement de la Région, hors investissement",
        reason=_NO_GRANTS if rows.empty else "",
        rows=tuple(paid),
    )


def ecoles_fse(ecoles: pd.DataFrame) -> Indicator:
    """Return the number of schools whose running costs are paid by the European Social Fund."""
    chosen = tuple(map(str, ecoles.loc[ecoles["mode_financement"] == "FSE", "ecole"]))
    value = None if ecoles.empty else float(len(chosen))
    reason = "aucune école connue" if ecoles.empty else ""
    return Indicator(
        "ecoles_fse",
        "Écoles financées par le FSE",
        value,
        "écoles",
        "écoles de la campagne",
        reason=reason,
        rows=chosen,
    )


def poste_delegue_regional(financements: pd.DataFrame, exercice: int) -> Indicator:
    """Return what the Région pays, for a budget year, towards the post of regional delegate."""
    rows = _regional(financements, exercice)
    rows = rows[rows["objet"] == "ANIMATION"]
    return Indicator(
        "delegue_regional",
        "Financement du poste de délégué régional",
        None if rows.empty else float(rows["montant"].sum()),
        "€",
        f"exercice {exercice}",
        method="somme des financements de la Région pour l’animation du réseau",
        reason=_NO_GRANTS if rows.empty else "",
        rows=tuple(map(str, rows["id_financement"])),
    )
