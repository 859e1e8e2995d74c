"""The synthesis judges with the measures of the pages it cites: the same values, the same intervals."""

from __future__ import annotations

from pathlib import Path

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.prepare import prepare
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
