"""Schools side by side, by hand."""

import pandas as pd
import pytest

from edp_analysis.indicators import schools


def leavers(learners, **by_school):
    """Full courses: (certified, in all) by school."""
    return learners(
        *(
            {
                "ecole": name.replace("_", "-"), "statut": "FIN_DE_FORMATION", "cursus_complet": True,
                "resultat_examen": "ADMIS" if rank < certified else "AJOURNE",
            }
            for name, (certified, total) in by_school.items()
            for rank in range(total)
        )
    )  # fmt: skip


def test_one_school_far_from_the_others_is_a_signal(learners):
    """30 of 30, 29 of 30 and 5 of 30: 64 of 90 in all (71 %); chance gives 5 or fewer of 30 once in ten billion."""
    found = schools.certification(leavers(learners, EDP_03=(5, 30), EDP_01=(30, 30), EDP_02=(29, 30)))
    assert list(found.raw) == ["EDP-01", "EDP-02", "EDP-03"]  # alphabetical, not by rate
    assert "EDP-03" in found.outside and set(found.outside) <= set(found.alert)
    assert found.p_value == pytest.approx(1 / 10_000)  # the smallest that 9999 permutations can give
    assert "diffèrent" in found.overall and "EDP-03" in found.words
    assert (found.together.numerator, found.together.denominator) == (64, 90)
    assert found.to_frame()["École"].tolist() == list(found.raw)


def test_schools_that_share_a_rate_are_not_told_apart(learners):
    found = schools.certification(leavers(learners, EDP_01=(24, 30), EDP_02=(16, 20), EDP_03=(8, 10)))
    assert found.outside == found.alert == ()
    assert found.p_value == pytest.approx(1.0)
    assert {round(item.value, 6) for item in found.smoothed.values()} == {0.8}
    assert "rien n’établit" in found.overall


def test_smoothing_draws_the_small_school_most(learners):
    """10 of 10 and 40 of 40 against 20 of 40: the small one moves towards the overall rate more than the large."""
    found = schools.certification(leavers(learners, EDP_01=(10, 10), EDP_02=(40, 40), EDP_03=(20, 40)))
    small, large = 1 - found.smoothed["EDP-01"].value, 1 - found.smoothed["EDP-02"].value
    assert 0 < large < small
    assert found.smoothed["EDP-01"].numerator is None  # nobody is counted there


def test_the_false_alarm_is_that_of_the_schools_shown(learners):
    found = schools.certification(leavers(learners, EDP_01=(24, 30), EDP_02=(16, 20), EDP_03=(0, 0)))
    assert found.chance.value == pytest.approx(1 - 0.95**2)


@pytest.mark.parametrize("given", [{}, {"EDP_01": (3, 5)}, {"EDP_01": (5, 5), "EDP_02": (5, 5)}])
def test_what_cannot_be_compared_says_why(learners, given):
    found = schools.certification(leavers(learners, **given))
    assert found.funnel is None and found.reason and found.p == "non calculable"
    assert found.chart.empty and found.reason in found.words
    assert len(found.to_frame()) == len(given)


def test_early_exit_is_taken_in_the_same_window_for_all():
    paths = pd.DataFrame(
        [
            ("a", "EDP-01", "ANTICIPEE_ETUDES", 11.0, 40.0),
            ("b", "EDP-01", "ANTICIPEE_ETUDES", 13.0, 40.0),  # later than a year
            ("c", "EDP-01", "CERTIFIE", 11.0, 40.0),
            ("d", "EDP-02", "ANTICIPEE_NEGATIVE", 2.0, 8.0),  # entered too lately
        ],
        columns=["id_inscription", "ecole", "issue", "duree", "recul"],
    )
    found = schools.sortie_anticipee_dans_l_annee(paths)
    assert {name: (item.numerator, item.denominator) for name, item in found.raw.items()} == {"EDP-01": (1, 3)}
