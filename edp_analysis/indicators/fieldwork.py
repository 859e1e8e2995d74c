"""What the evaluation did: interviews, visits, and when."""

from __future__ import annotations

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.result import Indicator, amount, count
from edp_analysis.wording import counted

__all__ = ["derniere_annee", "duree_visite", "entretiens", "nature_des_voix", "personnes", "premiere_annee", "visites"]

_NO_ROW = "aucun enregistrement dans le champ"


def entretiens(interviews: pd.DataFrame) -> Indicator:
    """Count the interviews, individual and collective; one interview counts once, whatever the persons heard.

    Parameters
    ----------
    interviews : pandas.DataFrame
        Clean table ``entretiens``.

    Examples
    --------
    >>> entretiens(pd.DataFrame({"id_entretien": ["E01", "E02"], "mode_entretien": ["COLLECTIF", "INDIVIDUEL"]})).value
    2.0
    """
    group = int((interviews["mode_entretien"] == "COLLECTIF").sum())
    method = f"un entretien compte une fois, individuel ou collectif (dont {counted(group, 'collectif', 'collectifs')})"
    rows = pd.Index(interviews["id_entretien"])
    return count("entretiens", "Entretiens", rows, "entretiens", "entretiens de la grille", method)


def nature_des_voix(campaign: Campaign) -> str:
    """Say what the voices of a campaign are, for a page that counts them: a simulated voice is nobody's.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from edp_analysis.campaign import load_campaign
    >>> nature_des_voix(replace(load_campaign("2024"), simulated=True)).startswith("Tout y est simulé")
    True
    """
    if campaign.simulated:
        return (
            "Tout y est simulé : les entretiens, leurs jugements, leurs deux codages et leurs citations ont été "
            "inventés d’après la synthèse publiée ; retrouver ce qu’elle dit ne prouve rien."
        )
    return "Les entretiens, leurs codages et leurs citations sont ceux de la grille reçue avec la campagne."


def personnes(interviews: pd.DataFrame) -> Indicator:
    """Count the persons present, one where the number is not written; who was heard twice counts twice.

    Examples
    --------
    >>> personnes(pd.DataFrame({"id_entretien": ["E01", "E02"], "nombre_personnes": [3, None]})).value
    4.0
    """
    present = int(interviews["nombre_personnes"].fillna(1).sum())
    return amount("personnes_entendues", "Personnes présentes", float(present), "personnes", "entretiens de la grille")


def visites(visits: pd.DataFrame) -> Indicator:
    """Count the visits of schools.

    Examples
    --------
    >>> days = pd.to_datetime(["2023-10-02", "2023-11-06"])
    >>> visites(pd.DataFrame({"ecole": ["EDP-01", "EDP-02"], "date_visite": days})).rows
    ('EDP-01 2023-10-02', 'EDP-02 2023-11-06')
    """
    rows = pd.Index([f"{row.ecole} {row.date_visite:%Y-%m-%d}" for row in visits.itertuples()])
    return count("visites", "Visites d’écoles", rows, "visites", "visites de la grille d’observation")


def duree_visite(visits: pd.DataFrame) -> Indicator:
    """Return the length of the visits when all have the same (« d'une journée chacune »), in days.

    Examples
    --------
    >>> duree_visite(pd.DataFrame({"duree_jours": [1.0, 1.0]})).value
    1.0
    >>> duree_visite(pd.DataFrame({"duree_jours": [1.0, 0.5]})).reason
    'les visites n’ont pas toutes la même durée (0,5 ; 1)'
    """
    lengths = sorted(set(visits["duree_jours"].dropna()))
    reason = ""
    if not lengths:
        reason = _NO_ROW
    elif len(lengths) > 1:
        shown = " ; ".join(f"{length:g}".replace(".", ",") for length in lengths)
        reason = f"les visites n’ont pas toutes la même durée ({shown})"
    elif visits["duree_jours"].isna().any():
        reason = "la durée d’une visite n’est pas renseignée"
    value = None if reason else float(lengths[0])
    return amount("duree_visite", "Durée d’une visite", value, "jours", "visites d’écoles", reason=reason)


def premiere_annee(days: pd.Series, id: str, label: str, population: str) -> Indicator:
    """Return the year of the first of some days.

    Examples
    --------
    >>> premiere_annee(pd.Series(pd.to_datetime(["2024-01-08", "2023-09-18"])), "debut", "Début", "entretiens").value
    2023.0
    """
    return _year(days.min() if len(days) else pd.NaT, id, label, population)


def derniere_annee(days: pd.Series, id: str, label: str, population: str) -> Indicator:
    """Return the year of the last of some days (see :func:`premiere_annee`)."""
    return _year(days.max() if len(days) else pd.NaT, id, label, population)


def _year(day: object, id: str, label: str, population: str) -> Indicator:
    found = pd.Timestamp(day)  # type: ignore[arg-type]
    if pd.isna(found):
        return amount(id, label, None, "année", population, reason=_NO_ROW)
    return amount(id, label, float(found.year), "année", population)
