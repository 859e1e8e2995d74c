"""Young women and young men, by hand."""

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.indicators.sex_gap import ecarts_filles_garcons, synthese_ecarts, tableau_ecarts

CAMPAIGN = load_campaign("2024")


def people(learners, *groups):
    """Leavers after a full course: (sex, school, certified, in all)."""
    return learners(
        *(
            {
                "sexe": sex, "ecole": school, "statut": "FIN_DE_FORMATION", "cursus_complet": True,
                "resultat_examen": "ADMIS" if rank < certified else "AJOURNE", "situation_sortie": "CDI",
            }
            for sex, school, certified, total in groups
            for rank in range(total)
        )
    )  # fmt: skip


def test_the_difference_is_newcombe_s(learners):
    """56 of 70 against 48 of 80 (Newcombe 1998, method 10): 20 points, 5.24 to 33.39."""
    found = ecarts_filles_garcons(people(learners, ("F", "A", 56, 70), ("H", "A", 48, 80)), CAMPAIGN)
    first = found[0]
    assert first.name == "Certifiés parmi les sortants"
    assert first.difference.value == pytest.approx(20.0)
    assert first.difference.interval.low == pytest.approx(5.24, abs=0.01)
    assert first.difference.interval.high == pytest.approx(33.39, abs=0.01)


def test_holm_is_over_the_comparisons_of_the_question(learners):
    """Five comparisons: the smallest p is multiplied by five, and a difference that looks established alone is not."""
    found = ecarts_filles_garcons(people(learners, ("F", "A", 55, 70), ("H", "A", 48, 80)), CAMPAIGN)
    assert found[0].p < 0.05
    assert found[0].p_adjusted == pytest.approx(5 * found[0].p)
    assert not found[0].established and found[0].reading == "écart non établi"
    assert synthese_ecarts(found) == "aucune différence établie"


def test_the_same_within_schools_though_not_overall(learners):
    """Simpson: women are 80 % in both schools like men there, but most are in the school where 20 % succeed.

    A: women 8 of 10, men 72 of 90; B: women 18 of 90, men 2 of 10. Odds ratios of 1 in each school, 26 against 74 %.
    """
    groups = (("F", "A", 8, 10), ("H", "A", 72, 90), ("F", "B", 18, 90), ("H", "B", 2, 10))
    found = ecarts_filles_garcons(people(learners, *groups), CAMPAIGN)[0]
    assert found.difference.value == pytest.approx(26 - 74)
    assert found.odds_ratio.value == pytest.approx(1.0)
    assert found.established


@pytest.mark.parametrize("groups", [(), (("F", "A", 5, 19), ("H", "A", 20, 40)), (("H", "A", 20, 40),)])
def test_few_on_one_side_are_not_compared(learners, groups):
    found = ecarts_filles_garcons(people(learners, *groups), CAMPAIGN)
    assert all(item.difference.value is None and item.difference.reason and item.p is None for item in found)
    assert synthese_ecarts(found) == "rien ne peut être comparé"
    assert set(tableau_ecarts(found)["Conclusion"]) == {"non calculable"}


def test_shares_that_nobody_has_are_compared_without_a_ratio(learners):
    found = ecarts_filles_garcons(people(learners, ("F", "A", 0, 30), ("H", "A", 0, 30)), CAMPAIGN)
    assert found[0].p == 1.0
    assert found[0].odds_ratio.value is None and found[0].odds_ratio.reason
