"""Every published figure recomputed from the rows, by code that shares nothing with what built them."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.problems import UserError
from edp_analysis.simulation.settings import SimulationSettings

__all__ = ["check_simulation", "origin_of", "published_figures"]

_RESUMED = {"APPRENTISSAGE", "SCOLAIRE", "FORMATION_QUALIFIANTE"}
_NEGATIVE = {"RECHERCHE_EMPLOI", "RECHERCHE_FORMATION", "ABANDON_PERSONNEL", "INACTIF"}
_SPECIAL = {"SEGPA", "ULIS", "ITEP", "IME", "EREA"}
_RANGES = (
    ("college", 1003, 1023),
    ("lgt", 2001, 2007),
    ("lp_niveau3", 3001, 3003),
    ("lp_niveau4", 3031, 3033),
    ("non_scolarise_ml", 5903, 5909),
)


def origin_of(last_class: Any, country: Any, device: Any) -> str:
    """Return the published origin category of one learner.

    The precedence: nothing known; from abroad; special device; then the class.

    Parameters
    ----------
    last_class, country, device : str or missing
        Codes of the contract; the device « AUCUN » says as little as a missing one.

    Examples
    --------
    >>> origin_of("1023", "FR", "AUCUN"), origin_of("1023", None, "SEGPA"), origin_of(None, "FR", None)
    ('college', 'ulis_segpa_itep', 'vide')
    """
    code = "" if pd.isna(last_class) else str(last_class)
    land = "" if pd.isna(country) else str(country)
    special = "" if pd.isna(device) or device == "AUCUN" else str(device)
    if not code and not land and not special:
        return "vide"
    if code == "0009" or land not in {"", "FR"}:
        return "etranger"
    if special in _SPECIAL or code == "1009":
        return "ulis_segpa_itep"
    if code in {"0001", "9900", ""}:
        return {"0001": "primaire", "9900": "autre", "": "vide"}[code]
    return next(name for name, low, high in _RANGES if low <= int(code) <= high)


def published_figures(
    learners: pd.DataFrame, schools: pd.DataFrame, grants: pd.DataFrame, campaign: Campaign
) -> dict[str, tuple[int, int]]:
    """Recount the published figures from clean rows.

    Returns
    -------
    dict of str to (int, int)
        Numerator and denominator of each share; a count has 1 for denominator; amounts in euros.
    """
    rows = learners.to_dict("records")
    left = [row for row in rows if row["statut"] in {"FIN_DE_FORMATION", "SORTIE_ANTICIPEE"}]
    whole = [row for row in left if row["statut"] == "FIN_DE_FORMATION"]
    passed = [row for row in rows if row["resultat_examen"] == "ADMIS"]
    day = pd.Timestamp(campaign.last_counting_date)
    paid_schools = set(schools.loc[schools["mode_financement"] == "FORFAIT", "ecole"])
    present = [
        row for row in rows if row["date_entree"] <= day and (pd.isna(row["date_sortie"]) or row["date_sortie"] >= day)
    ]
    paid = sum(row["ecole"] in paid_schools for row in present)
    figures = {
        "inscriptions": (len(rows), 1),
        "jeunes": (len({row["id_jeune"] for row in rows}), 1),
        "ecoles": (len(schools), 1),
        "sortants": (len(left), 1),
        "hommes": (sum(row["sexe"] == "H" for row in rows), 1),
        "cursus_complet": (len(whole), 1),
        "presents_forfait": (paid, 1),
        "certification_sortants": (len(passed), len(left)),
        "certification_cursus_complet": (sum(r["statut"] == "FIN_DE_FORMATION" for r in passed), len(whole)),
        "reprise_etudes": (sum(row["situation_sortie"] in _RESUMED for row in left), len(left)),
        "sorties_negatives": (sum(row["situation_sortie"] in _NEGATIVE for row in left), len(left)),
        "part_hommes": (sum(row["sexe"] == "H" for row in rows), len(rows)),
        "forfait_comptage": (_lump_sum(grants, campaign.last_counting_date.year), 1),
        "forfait_attendu": (round(paid * campaign.lump_sum), 1),
    }
    origins = Counter(
        origin_of(row["derniere_classe"], row["pays_dernier_etablissement"], row["dispositif_specialise"])
        for row in rows
    )
    return figures | {f"origine_{name}": (count, len(rows)) for name, count in origins.items()}


def _lump_sum(grants: pd.DataFrame, year: int) -> int:
    chosen = (grants["objet"] == "FONCTIONNEMENT") & (grants["exercice"] == year)
    chosen &= grants["financeur"].str.startswith("Région")
    return round(float(grants.loc[chosen, "montant"].sum()))


def check_simulation(
    learners: pd.DataFrame,
    schools: pd.DataFrame,
    grants: pd.DataFrame,
    campaign: Campaign,
    settings: SimulationSettings,
) -> dict[str, tuple[int, int]]:
    """Recompute every published figure and compare it with what the campaign file says.

    Returns
    -------
    dict
        See :func:`published_figures`.

    Raises
    ------
    UserError
        A figure differs, a certificate is held by someone who has not left, or a date is out of order.
    """
    figures = published_figures(learners, schools, grants, campaign)
    counts = {
        "inscriptions": settings.enrolments,
        "jeunes": settings.enrolments,
        "ecoles": len(settings.schools),
        "sortants": settings.leavers,
        "cursus_complet": settings.completers,
        "presents_forfait": settings.paid_present,
        "hommes": settings.men,
        "forfait_comptage": figures["forfait_attendu"][0],
    }
    wrong = [f"{name} : {figures[name][0]} au lieu de {n}" for name, n in counts.items() if figures[name][0] != n]
    shares = {**settings.shares, **{f"origine_{name}": share for name, (share, _) in settings.origins.items()}}
    for name, printed in shares.items():
        part, whole = figures.get(name, (0, len(learners)))
        found = (Decimal(100 * part) / Decimal(whole)).quantize(Decimal(printed), ROUND_HALF_UP)
        if found != Decimal(printed):
            wrong.append(f"{name} : {part}/{whole} donne {found} % au lieu de {printed} %")
    wrong += _disorder(learners, campaign)
    if wrong:
        raise UserError(
            f"La simulation de {campaign.code} ne reproduit pas ce qui est demandé : {' ; '.join(wrong)}.",
            "Rien n'a été écrit. Revoir [simulation] dans le fichier de campagne.",
        )
    return figures


def _disorder(learners: pd.DataFrame, campaign: Campaign) -> list[str]:
    gone = learners["date_sortie"].notna()
    tests = {
        "certifié encore présent": (learners["resultat_examen"] == "ADMIS") & (learners["statut"] == "INSCRIT"),
        "sorti sans date, ou présent avec une date": gone == (learners["statut"] == "INSCRIT"),
        "sortie avant l'entrée": gone & (learners["date_sortie"] <= learners["date_entree"]),
        "date après l'extraction": learners[["date_entree", "date_sortie"]].max(axis=1)
        > pd.Timestamp(campaign.extraction_date),
        "entrée avant la campagne": learners["date_entree"] < pd.Timestamp(campaign.start),
        "situation absente d'un sorti": gone & learners["situation_sortie"].isna(),
    }
    return [f"{name} ({int(test.sum())})" for name, test in tests.items() if test.any()]
