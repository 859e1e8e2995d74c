"""The synthesis judges with the measures of the pages it cites: the same values, the same intervals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.indicators import profiles
from edp_analysis.indicators.measures import measures
from edp_analysis.publication.notebook import exhibits, find_notebooks, read_notebook

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("page", "id"),
    [
        ("satisfaction", "satisfaction"),
        ("parcours_et_resultats", "certification_sortants"),
        ("parcours_et_resultats", "reprise_etudes"),
        ("parcours_et_resultats", "sorties_negatives"),
    ],
)
def test_a_measure_is_the_one_its_page_shows(page: str, id: str) -> None:
    (path,) = find_notebooks(ROOT, [page])
    cards = [e for e in exhibits(read_notebook(path)) if e["genre"] == "key_figures"]
    shown = [item for card in cards for item in card["indicateurs"] if item["id"] == id]
    found = measures(prepare(load_campaign("2024", ROOT)), youngest=15, oldest=18)[id].as_dict()
    assert shown
    for item in shown:
        assert item["valeur"] == pytest.approx(found["valeur"], abs=1e-9)
        assert item["intervalle"] == pytest.approx(found["intervalle"], abs=1e-9)


def test_only_lists_of_things_are_exempt_from_the_mark_of_small_numbers() -> None:
    """Persons, answers and records about them never are; a name added here is a decision to read again."""
    found = measures(prepare(load_campaign("2024", ROOT)), youngest=15, oldest=18)
    assert {name for name, item in found.items() if item.census} == {"departements_couverts", "part_deficitaires"}
    assert found["departements_couverts"].as_dict()["recensement"] is True
    assert "recensement" not in found["part_femmes"].as_dict()


def test_the_question_on_girls_is_answered_on_the_trades_it_names() -> None:
    """By hand: six youths, of whom four in a wood school (one girl) and two in a restaurant school (two girls).

    1 of 4 in the trades traditionally held by men, where 3 of 6 over all schools would say the contrary.
    """
    learners = pd.DataFrame(
        {
            "id_jeune": list("abcdef"),
            "id_inscription": list("abcdef"),
            "ecole": ["EDP-01"] * 4 + ["EDP-02"] * 2,
            "sexe": ["F", "H", "H", "H", "F", "F"],
            "date_entree": pd.Timestamp("2022-09-05"),
            "annee_scolaire_entree": "2022-2023",
        }
    )
    schools = pd.DataFrame({"ecole": ["EDP-01", "EDP-02"], "domaine": ["BOIS", "RESTAURATION"]})
    found = profiles.femmes_metiers_masculins(learners, schools)
    assert (found.numerator, found.denominator) == (1, 4)
    assert profiles.part_femmes(learners).numerator == 3


def test_bounds_hold_whatever_those_who_did_not_answer_think() -> None:
    """By hand: 132 could answer, 100 did, 84 are satisfied: from 84 of 132 to (84 + 32) of 132."""
    found = measures(prepare(load_campaign("2024", ROOT)), youngest=15, oldest=18)["satisfaction_bornes"]
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == (pytest.approx(84 / 132), pytest.approx(116 / 132))
