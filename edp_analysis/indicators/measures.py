"""The measures that judgements may cite by name, beside the figures of the register."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from edp_analysis.cleaning.result import Tables
from edp_analysis.indicators import (
    break_even,
    exits,
    finance,
    outcomes,
    participation,
    partnership,
    profiles,
    quality,
    satisfaction,
    schemes,
    territory,
    workshop,
)
from edp_analysis.indicators.bounds import Bounded
from edp_analysis.indicators.derived import decrocheur
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.proportions import Interval, wilson

__all__ = ["measures"]

_SECOND_CHANCE = "École de la deuxième chance (E2C)"
_SCHOOL_LIKE = "Micro-lycée"
_VOICES: Mapping[str, tuple[list[str], str | None, str | None]] = {
    "animation_jugee_bien": (["FED_ANIMATION"], "ECOLE", "POSITIF"),
    "accompagnement_juge_mal": (["FED_ACCOMPAGNEMENT"], "ECOLE", "NEGATIF"),
    "ouverture_jugee_mal": (["FED_OUVERTURE"], "ECOLE", "NEGATIF"),
    "qualite_prix_jugee_bien": (["PRO_QUALITE_PRIX"], "ENTREPRISE", "POSITIF"),
    "production_evoquee": (["PRO_QUALITE_PRIX", "PRO_PIECES_SIMPLES", "PRO_DELAIS"], "ENTREPRISE", None),
    "recrutement_evoque": (["REC_SATISFACTION", "REC_NOMBRE", "REC_BESOINS"], "ENTREPRISE", None),
    "recrutements_juges_bien": (["REC_SATISFACTION"], "ENTREPRISE", "POSITIF"),
    "recrutements_juges_rares": (["REC_NOMBRE"], "ENTREPRISE", "NEGATIF"),
    "aubaine_jugee_mal": (["PRO_AUBAINE"], None, "NEGATIF"),
    "coordination_jugee_mal": (["ORI_COORDINATION"], None, "NEGATIF"),
    "partenaires_juges_mal": (["COM_PARTENAIRES", "PIL_OBJECTIFS"], None, "NEGATIF"),
    "engagement_juge_bien": (["ACC_ENGAGEMENT"], None, "POSITIF"),
    "pedagogie_jugee_bien": (["ACC_PEDAGOGIE"], None, "POSITIF"),
    "transport_juge_mal": (["MOB_TRANSPORT"], None, "NEGATIF"),
}
"""Subjects of interviews that judgements cite: codes, family of those heard (all when absent), how they are judged."""


def measures(tables: Tables, youngest: int, oldest: int) -> dict[str, Indicator]:
    """Compute, by name, what the matrix and the strengths and weaknesses of the campaign may cite.

    An input that is absent leaves its measures without a value, with the reason.

    Parameters
    ----------
    tables : Tables
        Clean tables of the campaign.
    youngest, oldest : int
        Ages at entry that the scheme aims at, both ends in.
    """
    learners, accounts, campaign = tables.apprenants, tables.comptes, tables.campaign
    schools, exits_version = tables.ecoles, campaign.definitions["sorties"]
    economics = break_even.economics(accounts, tables.financements, learners, schools, campaign)
    readings = profiles.part_decrocheurs(learners, campaign.definitions["decrocheur"])
    asked = participation.participation(tables.enquete, learners)
    enrolled = int(asked.denominator or 0)
    # The interval of the page on satisfaction: those who could answer are few, and known.
    satisfied = satisfaction.satisfaction(tables.enquete, inscrits=enrolled)
    employed = exits.insertion(learners, campaign, hors_poursuite=True)["6m"]
    filled = {item.id: item for item in quality.completude(learners, "apprenants", campaign.extraction_date)}
    found = {
        "certification_sortants": outcomes.certification_sortants(learners),
        "certification_cursus_complet": outcomes.certification_cursus_complet(learners),
        "reprise_etudes": exits.reprise_etudes(learners, exits_version),
        "sorties_favorables": exits.sorties_favorables(learners, exits_version),
        "sorties_negatives": exits.sorties_negatives(learners, exits_version),
        "sortie_anticipee": outcomes.sortie_anticipee(learners),
        "part_femmes": profiles.part_femmes(learners),
        "part_ages": profiles.part_ages(learners, youngest, oldest),
        "femmes_metiers_masculins": profiles.femmes_metiers_masculins(learners, schools),
        "raccrochage_decrocheurs": _dropouts_back(learners, exits_version, campaign.definitions["decrocheur"]),
        "emploi_6m": _with_unknown(employed),
        "satisfaction": satisfied,
        "satisfaction_bornes": _whatever_others_think(satisfied, enrolled),
        "domaines_sans_source": territory.domaines_sans_source(schools),
        "departements_couverts": _as_share(territory.departements_couverts(schools)),
        "part_deficitaires": _as_share(finance.exercices_deficitaires(accounts)),
        "ecoles_deficitaires": finance.ecoles_sous_zero(accounts, "resultat_net"),
        "ecoles_sous_zero": finance.ecoles_sous_zero(accounts, "frng"),
        "ecoles_sans_reserves": finance.ecoles_sous_zero(accounts, "situation_nette"),
        "ecoles_sous_equilibre": break_even.ecoles_sous_equilibre(economics),
        "ventes_sous_seuil": workshop.ecoles_sous_seuil_atelier(economics),
        "remplissage": break_even.remplissage(break_even.places(learners, schools, campaign), campaign),
        "completude_12m": filled["completude_situation_12m"],
        "situation_12m_connue": _known(exits.insertion(learners, campaign)["12m"].unknown),
        "peu_de_rupture": schemes.peu_de_rupture(learners, _SCHOOL_LIKE),
    }
    found |= {
        name: partnership.mention(tables.codages, tables.entretiens, codes, family, polarity)
        for name, (codes, family, polarity) in _VOICES.items()
    }
    found |= {
        f"vision_{structure.lower()}": partnership.mention(
            tables.codages, tables.entretiens, "PIL_VISION", structure, polarity, colonne="type_structure"
        )
        for structure, polarity in (("REGION", "NEGATIF"), ("FEDERATION", "POSITIF"))
    }
    found |= {f"decrocheurs_{letter.lower()}": _with_unknown(reading) for letter, reading in readings.items()}
    if _SECOND_CHANCE in (younger := schemes.trop_jeunes(learners)):
        found["trop_jeunes_e2c"] = younger[_SECOND_CHANCE]
    return found


def _dropouts_back(learners: pd.DataFrame, exits_version: str, reading_version: str) -> Indicator:
    """Share of the leavers who had dropped out when they came (reading D, the law's) and who resume studies."""
    dropped = decrocheur(learners, "D", reading_version).fillna(False).astype(bool)
    found = exits.reprise_etudes(learners[dropped], exits_version)
    label = "Reprises d’études des décrocheurs (lecture D)"
    population = f"{found.population}, décrocheurs à l’entrée au sens de la loi"
    return replace(found, id="raccrochage_decrocheurs", label=label, population=population)


def _whatever_others_think(satisfied: Indicator, enrolled: int) -> Indicator:
    """Give the share among those who answered an interval that holds whatever the others asked would have said."""
    if satisfied.numerator is None or not satisfied.denominator or enrolled < satisfied.denominator:
        return satisfied
    silent = enrolled - int(satisfied.denominator)
    low, high = int(satisfied.numerator) / enrolled, (int(satisfied.numerator) + silent) / enrolled
    method = "du cas où aucun de ceux qui n’ont pas répondu n’est satisfait à celui où tous le sont"
    return replace(
        satisfied, id="satisfaction_bornes", label="Jeunes satisfaits, quoi que pensent ceux qui n’ont pas répondu",
        method=f"{satisfied.method} intervalle : {method}",
        interval=Interval(low, high, 1.0, method),
    )  # fmt: skip


def _as_share(counted: Indicator) -> Indicator:
    """Read a count over a total that was not drawn as a share without interval."""
    value = counted.numerator / counted.denominator if counted.numerator is not None and counted.denominator else None
    return replace(
        counted, value=value, unit="%", interval=None, reason=counted.reason or "rien à compter", census=True
    )


def _known(unknown: Indicator) -> Indicator:
    """Turn the share of those whose situation is not known into that of those whose situation is."""
    total = int(unknown.denominator or 0)
    known = total - int(unknown.numerator or 0)
    value, label = (known / total if total else None), "Situation connue douze mois après la sortie"
    return replace(
        unknown, id="situation_12m_connue", label=label, value=value, numerator=known,
        interval=wilson(known, total) if total else None,
    )  # fmt: skip


def _with_unknown(reading: Bounded) -> Indicator:
    """Give the share among the known an interval that holds whatever the unknown are, and chance besides."""
    low, high = reading.low.interval, reading.high.interval
    if reading.known.value is None or low is None or high is None:
        return reading.known
    words = "intervalle : du cas où aucun inconnu n’en est à celui où tous en sont"
    return replace(
        reading.known,
        interval=Interval(low.low, high.high, low.level, low.method),
        method=f"{reading.known.method} {words}",
    )
