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
    assert "EDP-03" in found.words and found.sentence.startswith("Hors de ce que")
    assert (found.together.numerator, found.together.denominator) == (64, 90)
    assert found.to_frame()["École"].tolist() == list(found.raw)


def test_schools_that_share_a_rate_are_not_told_apart(learners):
    found = schools.certification(leavers(learners, EDP_01=(24, 30), EDP_02=(16, 20), EDP_03=(8, 10)))
    assert found.outside == found.alert == ()
    assert found.p_value == pytest.approx(1.0)
    assert {round(item.value, 6) for item in found.smoothed.values()} == {0.8}
    assert found.words == "rien n’établit que les écoles diffèrent"
    limits, table = found.limits, found.funnel.table
    assert limits["effectif"].is_monotonic_increasing and limits["effectif"].iloc[[0, -1]].tolist() == [10, 30]
    at_ends = (
        limits.set_index("effectif").loc[[30, 20, 10], "bas_signal"] if 20 in limits["effectif"].tolist() else None
    )
    assert at_ends is not None and at_ends.tolist() == pytest.approx(table["bas_signal"].tolist())


def test_schools_inside_the_limits_may_yet_vary_more_than_chance(learners):
    """36 of 40, 35 of 40, 26 of 40, 26 of 40: 123 of 160 (77 %).

    Each is inside: at 40 and 77 %, a limit at 99.8 % is about three standard errors of 6.7 points away, and the
    farthest is 13 away. Pearson: Σ(x − 30.75)²/30.75 + the same over 9.25 = (27.6 + 18.1 + 22.6 + 22.6)/7.11 = 12.8, of
    three degrees of freedom: p = 0.005. The sentence says both; « the schools differ » alone contradicted the picture.
    """
    found = schools.certification(leavers(learners, EDP_01=(36, 40), EDP_02=(35, 40), EDP_03=(26, 40), EDP_04=(26, 40)))
    assert found.outside == () and found.p_value < 0.05
    assert found.words.startswith("aucune école ne se détache seule, mais leur dispersion d’ensemble")
    assert set(found.to_frame()["Conclusion"]) == {"dans les limites"}


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
    assert found.chart.empty and found.reason in found.words and found.limits is None
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
