"""One school on one sheet: its learners, what is said while none has reached the end, its accounts in five lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.codes import load_codes
from edp_analysis.indicators.finance import finance_table
from edp_analysis.indicators.outcomes import certification_sortants, sortie_anticipee
from edp_analysis.indicators.participation import inscrits_a_la_date
from edp_analysis.indicators.result import Indicator, amount, count
from edp_analysis.indicators.satisfaction import satisfaction
from edp_analysis.indicators.tables import notions

__all__ = [
    "COMPTES",
    "PAS_ENCORE",
    "avis",
    "certification",
    "comptes_ecole",
    "constat",
    "de",
    "departs",
    "identite",
    "nom_page",
    "partis",
    "presents",
    "presents_dernier",
    "sans_terme",
    "trop_peu",
]

PAS_ENCORE = "aucun jeune n’a encore terminé son cursus"
"""Said of a school too recent for any of its learners to have completed, whoever left before."""
COMPTES: Mapping[str, str] = {
    "produits": "Produits",
    "charges": "Charges",
    "resultat_net": "Résultat net",
    "frng": "Fonds de roulement",
    "tresorerie_nette": "Trésorerie nette",
}
"""The five lines of a school's accounts, and their headings."""


def nom_page(ecole: str) -> str:
    """Return the name of a school's page, of which its CSV files are made.

    Examples
    --------
    >>> nom_page("EDP-01")
    'ecole-edp-01'
    """
    return "ecole-" + "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in ecole.lower())


def de(ecole: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of one school.

    Examples
    --------
    >>> de("B", pd.DataFrame({"ecole": ["A", "B", None]})).index.tolist()
    [1]
    """
    return frame[(frame["ecole"] == ecole).fillna(False).astype(bool)]


def identite(ecole: str, ecoles: pd.DataFrame) -> dict[str, str | date]:
    """Return what is known of a school: ``domaine``, ``departement``, ``ouverture``; « non connu » when nothing is."""
    rows = de(ecole, ecoles)
    if rows.empty:
        return {"domaine": "domaine non connu", "departement": "non connu", "ouverture": "à une date non connue"}
    row = rows.iloc[0]
    opened = pd.Timestamp(row["date_ouverture"])
    return {
        "domaine": load_codes("domaine").labels.get(str(row["domaine"]), "domaine non connu"),
        "departement": load_codes("departement").labels.get(str(row["departement"]), "non connu"),
        "ouverture": "à une date non connue" if pd.isna(opened) else opened.date(),
    }


def sans_terme(apprenants: pd.DataFrame) -> bool:
    """Say whether no learner has completed the curriculum yet: rates of leavers would only count early exits.

    Examples
    --------
    >>> sans_terme(pd.DataFrame({"cursus_complet": [False, None]}))
    True
    """
    return not apprenants["cursus_complet"].astype("boolean").fillna(False).any()


def constat(certifies: Indicator, campaign: Campaign, effectif: Indicator) -> str:
    """Return the template of the sheet's finding: how many are followed, and how many leavers are certified.

    Parameters
    ----------
    certifies : Indicator
        See :func:`certification`.
    effectif : Indicator
        Youths of the school; none is no file, or a file without a learner, never a school that works badly.
    campaign : Campaign
        Under its threshold of percentages the finding gives no result: a heading is not the place of a weak figure.
    """
    if not effectif.value:
        return "{ecole} : aucun jeune de cette école n’est dans les fichiers reçus"
    start = "{ecole} : {effectif:nombre} jeunes suivis"
    if certifies.value is None:
        return f"{start}, aucun n’a encore terminé son cursus"
    if trop_peu(certifies, campaign):
        return f"{start}, trop peu de sortants pour un taux de certification"
    return f"{start}, {{certifies:compte}} sortants certifiés"


def trop_peu(found: Indicator, campaign: Campaign) -> bool:
    """Say whether a share has no value, or stands on too few to be written or drawn as a percentage."""
    return found.value is None or (found.denominator or 0) < campaign.thresholds.percentage


def departs(apprenants: pd.DataFrame) -> str:
    """Return the template of who left before the end of the course, to be filled with ``partis`` and ``sorties``.

    Examples
    --------
    >>> none = pd.DataFrame({"cursus_complet": [None], "statut": ["INSCRIT"], "id_jeune": ["a"],
    ...     "id_inscription": ["a"], "annee_scolaire_entree": ["2023-2024"],
    ...     "date_entree": [pd.Timestamp("2023-09-04")]})
    >>> departs(none)
    'Aucun jeune n’a encore terminé son cursus, et aucun n’est parti.'
    """
    if apprenants.empty:
        return "Son fichier n’est pas reçu, ou il ne déclare personne."
    if not sans_terme(apprenants):
        return "Départs avant le terme, parmi les jeunes sortis : {sorties:complet}."
    start = f"{PAS_ENCORE[:1].upper()}{PAS_ENCORE[1:]}"
    gone = int(partis(apprenants).value or 0)
    if not gone:
        return f"{start}, et aucun n’est parti."
    verb, those = ("sont partis", "ces départs") if gone > 1 else ("est parti", "ce départ")
    return f"{start} ; {{partis:nombre}} {verb} avant le terme : un taux ne compterait que {those}."


def partis(apprenants: pd.DataFrame) -> Indicator:
    """Count the learners who left before the end of their course."""
    found = sortie_anticipee(apprenants)
    return amount("partis_avant_terme", "Partis avant le terme", found.numerator or 0.0, "jeunes", found.population)


def certification(apprenants: pd.DataFrame) -> Indicator:
    """Share of certified leavers of one school; not computable while no learner has reached the end."""
    found = certification_sortants(apprenants)
    return replace(found, value=None, interval=None, reason=PAS_ENCORE) if sans_terme(apprenants) else found


def presents(apprenants: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Count the learners present on each head-count day of the campaign.

    Returns
    -------
    pandas.DataFrame
        ``Jour``, ``Présents``; one row a year, from the first head-count after the first entry.
    """
    last = campaign.last_counting_date
    days = [date(year, last.month, last.day) for year in range(campaign.start.year, last.year + 1)]
    first = pd.to_datetime(apprenants["date_entree"]).min()
    days = [day for day in days if day >= campaign.start and not day < first.date()] if pd.notna(first) else []
    counts = [len(inscrits_a_la_date(apprenants, day)) for day in days]
    return pd.DataFrame({"Jour": [f"{day:%d/%m/%Y}" for day in days], "Présents": counts})


def presents_dernier(apprenants: pd.DataFrame, campaign: Campaign) -> Indicator:
    """Count the learners present on the last head-count day of the campaign."""
    day = campaign.last_counting_date
    found = inscrits_a_la_date(apprenants, day)
    rows = pd.Index(found["id_inscription"])
    return count("presents_dernier", "Jeunes présents", rows, "jeunes", f"jeunes présents le {day:%d/%m/%Y}")


def avis(enquete: pd.DataFrame, campaign: Campaign) -> Indicator:
    """Share of satisfied respondents of one school, withheld when they are fewer than the campaign's threshold."""
    found = satisfaction(enquete)
    asked, least = found.denominator or 0, campaign.thresholds.percentage
    if asked >= least:
        return found
    reason = f"non publiée, moins de {least} réponses à une enquête anonyme" if asked else "aucune réponse à l’enquête"
    return replace(found, value=None, interval=None, numerator=None, denominator=None, reason=reason)


def comptes_ecole(comptes: pd.DataFrame) -> pd.DataFrame:
    """Lay out a school's accounts: one row a line of :data:`COMPTES`, one column a year of closing, in euros.

    Empty when no account was received.
    """
    if comptes.empty:
        return pd.DataFrame()
    wide = notions(finance_table(comptes), COMPTES)
    years = wide.drop(columns=wide.columns[0]).set_index(wide.columns[1])
    return years.T.rename_axis("Ligne", axis=0).rename_axis(None, axis=1).rename(columns=str).reset_index()
