"""Which function recomputes which published figure, and which tables it needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from edp_analysis.cleaning.result import Tables
from edp_analysis.contract.mappings import load_origins
from edp_analysis.indicators import exits, finance, funding, outcomes, participation, profiles, satisfaction
from edp_analysis.indicators.result import Indicator, amount

__all__ = ["BINDINGS", "NOT_AN_INPUT", "Binding", "split_year"]

NOT_AN_INPUT: Mapping[str, str] = MappingProxyType({"entretiens": "entretiens", "visites": "visites"})
"""Figures whose data the project does not receive yet, and which data that is."""


@dataclass(frozen=True)
class Binding:
    """How a published figure is recomputed.

    Attributes
    ----------
    needs : tuple of str
        Tables without which it cannot be.
    compute : callable
        From the tables and the year of the figure (of the last head-count when its name carries none).
    """

    needs: tuple[str, ...]
    compute: Callable[[Tables, int], Indicator]


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
        "questions_evaluatives": Binding((), lambda tables, _: _questions(tables)),
        "enquete_repondants": Binding(("enquete",), lambda t, _: participation.enquete_repondants(t.enquete)),
        "satisfaction": Binding(("enquete",), lambda t, _: satisfaction.satisfaction(t.enquete)),
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
