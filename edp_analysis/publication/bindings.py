"""Which function recomputes which published figure, and which tables it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from edp_analysis.cleaning.result import Tables
from edp_analysis.contract.mappings import load_origins
from edp_analysis.indicators import (
    exits,
    fieldwork,
    finance,
    funding,
    outcomes,
    participation,
    profiles,
    satisfaction,
)
from edp_analysis.indicators.result import Indicator, amount

__all__ = ["BINDINGS", "Binding", "split_year"]


@dataclass(frozen=True)
class Binding:
    """How a published figure is recomputed.

    Attributes
    ----------
    needs : tuple of str
        Tables without which it cannot be.
    compute : callable
        From the tables and the year of the figure (of the last head-count when its name carries none).
    declared : bool
        Read in the file of the campaign, which a person wrote after the publication: no data measure it.
    """

    needs: tuple[str, ...]
    compute: Callable[[Tables, int], Indicator]
    declared: bool = False


def split_year(name: str) -> tuple[str, int | None]:
    """Split a final year off the name of a figure.

    Examples
    --------
    >>> split_year("budget_2023"), split_year("satisfaction")
    (('budget', 2023), ('satisfaction', None))
    """
    match = re.fullmatch(r"(.+)_(20\d\d)", name)
    return (match[1], int(match[2])) if match else (name, None)


def _questions(tables: Tables) -> Indicator:
    words = "questions évaluatives de la campagne"
    return amount(
        "questions_evaluatives", "Questions évaluatives", float(len(tables.campaign.questions)), "questions", words
    )


def _registers(tables: Tables) -> Indicator:
    names = {question.register for question in tables.campaign.questions}
    words = "registres des questions évaluatives de la campagne"
    return amount("registres", "Registres de l’évaluation", float(len(names)), "registres", words)


def _counting_day(tables: Tables) -> Indicator:
    value = float(tables.campaign.counting_day[1])
    return amount("jour_comptage", "Jour de comptage des apprenants", value, "jour du mois", "campagne")


def _field_days(tables: Tables) -> pd.Series:
    days: pd.Series = pd.concat([tables.entretiens["date_entretien"], tables.visites["date_visite"]])
    return days


def _satisfied(tables: Tables) -> Indicator:
    # With the interval of the page: those who could answer are few, and known when the learners are received.
    could = participation.participation(tables.enquete, tables.apprenants) if len(tables.apprenants) else None
    return satisfaction.satisfaction(tables.enquete, inscrits=int(could.denominator or 0) if could else None)


def _learner_days(tables: Tables) -> pd.Series:
    days: pd.Series = pd.concat([tables.apprenants["date_entree"], tables.apprenants["date_sortie"]])
    return days


def _year_of(find: Callable[..., Indicator], days: Callable[[Tables], pd.Series], id: str, label: str) -> Any:
    return lambda tables, _: find(days(tables), id, label, "jours connus")


def _learners(function: Callable[..., Indicator]) -> Binding:
    return Binding(("apprenants",), lambda tables, _: function(tables.apprenants))


def _exits(function: Callable[..., Indicator]) -> Binding:
    return Binding(("apprenants",), lambda t, _: function(t.apprenants, t.campaign.definitions["sorties"]))


def _origin(code: str) -> Binding:
    return Binding(("apprenants",), lambda tables, _: profiles.origine(tables.apprenants)[code])


def _lump_sum(tables: Tables, _: int) -> Indicator:
    return funding.forfait_apprenant(tables.apprenants, tables.ecoles, tables.financements, tables.campaign)


BINDINGS: Mapping[str, Binding] = MappingProxyType(
    {
        "effectif_jeunes": _learners(profiles.effectif_jeunes),
        "part_hommes": _learners(profiles.part_hommes),
        "origine_completude": _learners(profiles.origine_completude),
        **{category.published_id: _origin(category.code) for category in load_origins()},
        "certification_sortants": _learners(outcomes.certification_sortants),
        "certification_cursus_complet": _learners(outcomes.certification_cursus_complet),
        "reprise_etudes": _exits(exits.reprise_etudes),
        "sorties_negatives": _exits(exits.sorties_negatives),
        "ecoles": Binding(("ecoles",), lambda tables, _: profiles.ecoles(tables.ecoles)),
        "ecoles_recentes": Binding(("ecoles",), lambda t, _: profiles.ecoles_recentes(t.ecoles, t.campaign)),
        "ecoles_financees": Binding(
            ("financements", "ecoles"), lambda t, year: funding.ecoles_financees(t.financements, t.ecoles, year)
        ),
        "ecoles_fse": Binding(("ecoles",), lambda t, _: funding.ecoles_fse(t.ecoles)),
        "annee_premiere_ouverture": Binding(
            ("ecoles",),
            _year_of(
                fieldwork.premiere_annee,
                lambda t: t.ecoles["date_ouverture"],
                "annee_premiere_ouverture",
                "Ouverture de la première école",
            ),
        ),
        "exercice_premier": Binding(
            ("comptes",),
            _year_of(
                fieldwork.premiere_annee, lambda t: t.comptes["date_fin"], "exercice_premier", "Premier exercice clos"
            ),
        ),
        "exercice_dernier": Binding(
            ("comptes",),
            _year_of(
                fieldwork.derniere_annee, lambda t: t.comptes["date_fin"], "exercice_dernier", "Dernier exercice clos"
            ),
        ),
        "travaux_debut": Binding(
            ("entretiens", "visites"),
            _year_of(fieldwork.premiere_annee, _field_days, "travaux_debut", "Premier entretien ou première visite"),
        ),
        "travaux_fin": Binding(
            ("entretiens", "visites"),
            _year_of(fieldwork.derniere_annee, _field_days, "travaux_fin", "Dernier entretien ou dernière visite"),
        ),
        "entretiens": Binding(("entretiens",), lambda t, _: fieldwork.entretiens(t.entretiens)),
        "visites": Binding(("visites",), lambda t, _: fieldwork.visites(t.visites)),
        "duree_visite": Binding(("visites",), lambda t, _: fieldwork.duree_visite(t.visites)),
        "perimetre_fin": Binding(
            ("apprenants",),
            _year_of(fieldwork.derniere_annee, _learner_days, "perimetre_fin", "Dernière entrée ou dernière sortie"),
        ),
        "jour_comptage": Binding((), lambda tables, _: _counting_day(tables), declared=True),
        "registres": Binding((), lambda tables, _: _registers(tables), declared=True),
        "questions_evaluatives": Binding((), lambda tables, _: _questions(tables), declared=True),
        "enquete_repondants": Binding(("enquete",), lambda t, _: participation.enquete_repondants(t.enquete)),
        "satisfaction": Binding(("enquete",), lambda t, _: _satisfied(t)),
        "analyses_financieres": Binding(("comptes",), lambda t, _: finance.analyses_financieres(t.comptes)),
        "ecoles_emprunt": Binding(("comptes",), lambda t, _: finance.ecoles_emprunt(t.comptes)),
        "forfait_apprenant": Binding(("apprenants", "ecoles", "financements"), _lump_sum),
        "budget": Binding(
            ("financements", "ecoles"), lambda t, year: funding.budget_regional(t.financements, t.ecoles, year)
        ),
        "delegue_regional": Binding(
            ("financements",), lambda t, year: funding.poste_delegue_regional(t.financements, year)
        ),
    }
)
"""By name of the figure, without its final year."""
