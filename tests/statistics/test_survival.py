"""Time to exit against R's survival package; what naive curves say instead."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.survival import cumulative_incidence, kaplan_meier, survival_quantile

AML_TIME = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
AML_SEEN = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
"""R's ``survival::aml`` (Miller 1981): 11 maintained, then 12 not."""

TIED_TIME = [2, 2, 2, 4, 4, 5, 6, 6, 8, 9]
TIED_STATUS = ["a", "b", "suivi", "a", "suivi", "b", "b", "a", "suivi", "a"]

CLASS_TIME = [3, 6, 6, 10, 12, 15, 24, 24, 24, 24, 24, 24]
CLASS_STATUS = ["a", "a", "suivi", "a", "suivi", "a", "b", "b", "b", "b", "b", "b"]
"""A class followed to its last day: those who remain leave together."""

people = st.lists(st.tuples(st.integers(1, 12), st.sampled_from(["a", "b", "suivi"])), min_size=1, max_size=40).map(
    lambda rows: ([t for t, _ in rows], [s for _, s in rows])
)


@pytest.fixture(autouse=True)
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def curve(time, status, grid, **options):
    return cumulative_incidence(time, status, ["a", "b"], "suivi", grid, minimum_at_risk=1, **options)


def test_kaplan_meier_equals_r():
    """R 4.2.2: ``summary(survfit(Surv(time, status) ~ 1, aml, conf.type = "log-log"), times = c(5,10,20,30,45))``."""
    found = kaplan_meier(AML_TIME, AML_SEEN, [5, 10, 20, 30, 45], minimum_at_risk=1)
    assert found["a_risque"].tolist() == [23, 18, 13, 9, 4]
    assert found["survie"].tolist() == pytest.approx(
        [0.9130434783, 0.7826086957, 0.6459627329, 0.4416839199, 0.1656314700], abs=1e-9)  # fmt: skip
    assert found["erreur_type"].tolist() == pytest.approx(
        [0.05875338476, 0.08600614870, 0.10114267518, 0.10951806998, 0.08603520841], abs=1e-9)  # fmt: skip
    assert found["bas"].tolist() == pytest.approx(
        [0.69494753753, 0.55421150667, 0.41395295072, 0.22738116846, 0.04211428126], abs=1e-9)  # fmt: skip
    assert found["haut"].tolist() == pytest.approx(
        [0.9775156699, 0.9032074899, 0.8053077645, 0.6370926875, 0.3603613603], abs=1e-9)  # fmt: skip


@pytest.mark.parametrize(
    ("share", "value", "low", "high"), [(0.25, 12, 5, 23), (0.5, 27, 13, 34), (0.75, 43, 30, None)]
)
def test_quantiles_equal_r(share, value, low, high):
    """R 4.2.2: ``quantile(survfit(Surv(time, status) ~ 1, aml, conf.type = "log-log"), c(.25, .5, .75))``."""
    found = survival_quantile(AML_TIME, AML_SEEN, share)
    assert (found.value, found.low, found.high) == (value, low, high)


def test_tied_competing_exits_equal_r():
    """R 4.2.2, s a factor with the censoring level first::

    f <- survfit(Surv(t, s) ~ 1, e, conf.type = "log-log"); s <- summary(f, times = c(2, 4, 6, 8))
    s$pstate; s$std.err; s$lower; s$upper
    """
    found = curve(TIED_TIME, TIED_STATUS, [2, 4, 6, 8]).set_index("cause")
    assert found.loc["a", "a_risque"].tolist() == [10, 7, 4, 2]
    assert found.loc["a", "incidence"].tolist() == pytest.approx(
        [0.1, 0.214285714286, 0.351428571429, 0.351428571429], abs=1e-11)  # fmt: skip
    assert found.loc["b", "incidence"].tolist() == pytest.approx(
        [0.1, 0.1, 0.374285714286, 0.374285714286], abs=1e-11)  # fmt: skip
    assert found.loc["a", "erreur_type"].tolist() == pytest.approx(
        [0.0948683298051, 0.1350412959191, 0.1666234735090, 0.1666234735090], abs=1e-11)  # fmt: skip
    assert found.loc["b", "erreur_type"].tolist() == pytest.approx(
        [0.0948683298051, 0.0948683298051, 0.1724997147925, 0.1724997147925], abs=1e-11)  # fmt: skip
    assert found.loc["a", "bas"].tolist() == pytest.approx(
        [0.00572345637433, 0.03223964355110, 0.07862688217156, 0.07862688217156], abs=1e-10)  # fmt: skip
    assert found.loc["b", "haut"].tolist() == pytest.approx(
        [0.358127460508, 0.358127460508, 0.675728677588, 0.675728677588], abs=1e-10)  # fmt: skip


def test_a_class_that_leaves_together_has_its_error_where_statsmodels_has_none():
    """R 4.2.2, same call at 3, 6, 12, 18, 24. ``CumIncidenceRight`` warns and gives NaN at 24."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    found = curve(CLASS_TIME, CLASS_STATUS, [3, 6, 12, 18, 24]).set_index("cause")
    assert found.loc["b", "incidence"].tolist()[-1] == pytest.approx(0.634920634921, abs=1e-11)
    assert found.loc["a", "erreur_type"].tolist() == pytest.approx(
        [0.079785592313, 0.107582870728, 0.129482573848, 0.148040129068, 0.148040129068], abs=1e-11)  # fmt: skip
    assert found.loc["b", "erreur_type"].tolist()[-1] == pytest.approx(0.148040129068, abs=1e-11)
    with np.errstate(divide="ignore", invalid="ignore"):
        code = [{"suivi": 0, "a": 1, "b": 2}[s] for s in CLASS_STATUS]
        naive = CumIncidenceRight(np.array(CLASS_TIME), np.array(code))
    assert math.isnan(naive.cinc_se[1][-1])


@settings(deadline=None, max_examples=60)
@given(people)
def test_estimates_equal_statsmodels_and_add_up(rows):
    """Kept library for the estimates; the incidences and the share still present make 1; the order does not matter."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    time, status = rows
    grid = sorted(set(time))
    found = curve(time, status, grid)
    present = kaplan_meier(time, [s != "suivi" for s in status], grid, minimum_at_risk=1)
    total = found.groupby("duree")["incidence"].sum().to_numpy() + present["survie"].to_numpy()
    assert total == pytest.approx(np.ones(len(grid)))
    if "b" in status:
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = CumIncidenceRight(np.array(time), np.array([["suivi", "a", "b"].index(s) for s in status]))
        for cause, incidence, error in zip(("a", "b"), kept.cinc, kept.cinc_se, strict=True):
            ours = found[found["cause"] == cause]
            assert ours["incidence"].to_numpy() == pytest.approx(incidence)
            finite = np.isfinite(error)
            assert ours["erreur_type"].to_numpy()[finite] == pytest.approx(error[finite], abs=1e-7)
    assert np.isfinite(found[["incidence", "erreur_type", "bas", "haut"]].to_numpy()).all()
    assert ((found["bas"] <= found["incidence"] + 1e-12) & (found["incidence"] <= found["haut"] + 1e-12)).all()
    assert curve(time[::-1], status[::-1], grid).equals(found)


def test_without_censoring_it_is_a_share_of_the_cohort():
    """20 entrants, 5 gone for a at 6, 3 for b at 6, the rest for b at 24: 5/20, 3/20, then 15/20 of b; √(pq/n)."""
    time, status = [6] * 8 + [24] * 12, ["a"] * 5 + ["b"] * 15
    found = curve(time, status, [6, 24]).set_index("cause")
    assert found.loc["a", "incidence"].tolist() == pytest.approx([0.25, 0.25])
    assert found.loc["b", "incidence"].tolist() == pytest.approx([0.15, 0.75])
    assert found.loc["b", "erreur_type"].tolist() == pytest.approx([math.sqrt(0.15 * 0.85 / 20), math.sqrt(0.75 / 80)])


def test_one_minus_kaplan_meier_per_cause_is_too_high():
    """Naive call: other exits taken as censored. 6 of a class of 10: 4 left for b at 3, then 3 for a at 6.

    a: 3 of 10 = 0.30; one minus Kaplan–Meier says 3 of the 6 present = 0.50; and both causes then sum above 1.
    """
    time, status = [3] * 4 + [6] * 3 + [12] * 3, ["b"] * 4 + ["a"] * 3 + ["b"] * 3
    right = curve(time, status, [6, 12]).set_index("cause")["incidence"]
    naive = {c: 1 - kaplan_meier(time, [s == c for s in status], [6, 12], minimum_at_risk=1)["survie"] for c in "ab"}
    assert right.loc["a"].tolist()[0] == pytest.approx(0.30)
    assert naive["a"].tolist()[0] == pytest.approx(0.50)
    assert right.loc["a"].tolist()[-1] + right.loc["b"].tolist()[-1] == pytest.approx(1.0)
    assert naive["a"].tolist()[-1] + naive["b"].tolist()[-1] > 1.4


def test_share_of_leavers_is_biased_by_timing_and_the_cohort_reading_is_not():
    """Every intake of 20: 5 drop out at 6 months, 15 complete at 24. The last one is seen for 12 months only.

    Completed among leavers: 15/(20 + 5) = 0.60, where the truth is 0.75; at 24 months since entry: 0.75.
    """
    time = [6] * 5 + [24] * 15 + [6] * 5 + [12] * 15
    status = ["a"] * 5 + ["b"] * 15 + ["a"] * 5 + ["suivi"] * 15
    assert status.count("b") / (len(status) - status.count("suivi")) == pytest.approx(0.60)
    cohort = curve(time, status, [24]).set_index("cause")["incidence"]
    assert (cohort["a"], cohort["b"]) == pytest.approx((0.25, 0.75))


def test_separating_ties_at_random_changes_the_result_where_ours_is_exact():
    """The jitter of the package usually recommended: exits and censorings of one date drawn in some order.

    Exact value for a at 6 by hand: 1/10, then 8/10 · 1/7, then S(5) · 1/4 with S(5) = 0.8 · 6/7 · 4/5.
    """
    exact = 1 / 10 + 0.8 / 7 + 0.8 * 6 / 7 * 4 / 5 / 4
    rng = np.random.default_rng(1)
    jittered = {
        round(curve(np.array(TIED_TIME) + rng.uniform(-1e-6, 1e-6, 10), TIED_STATUS, [7])["incidence"][0], 6)
        for _ in range(5)
    }
    assert len(jittered) > 1
    for order in range(5):
        turn = np.random.default_rng(order).permutation(10)
        ours = curve(np.array(TIED_TIME)[turn], np.array(TIED_STATUS)[turn], [7])["incidence"][0]
        assert ours == pytest.approx(exact, abs=1e-12)


def test_the_grid_stops_below_twenty_followed():
    time = [3] * 10 + [12] * 15 + [30] * 20
    found = kaplan_meier(time, [1] * 45, [3, 6, 12, 18, 24, 36])
    assert found["duree"].tolist() == [3, 6, 12, 18, 24]
    assert kaplan_meier([*time[:-1], 20], [1] * 45, [3, 6, 12, 18, 24, 36])["duree"].tolist() == [3, 6, 12, 18]


def test_a_reason_nobody_has_is_limited_by_all_whose_fate_is_known_not_by_those_who_remain():
    """Twenty left for work at 6 months, two lost sight of at 9, three still there at 12: of 23 known, 0 moved away."""
    time, status = [6] * 20 + [9] * 2 + [24] * 3, ["emploi"] * 20 + ["suivi"] * 5
    curve = cumulative_incidence(time, status, ["emploi", "ailleurs"], "suivi", [12], minimum_at_risk=1)
    none = curve[curve["cause"] == "ailleurs"]
    assert none["haut"].tolist() == pytest.approx([1 - 0.025 ** (1 / 23)])


def test_limits_where_there_is_no_error_are_exact_binomial():
    """Nobody left: at least 0.025^(1/25) stay. All 25 left at once: at most 1 − 0.025^(1/25) would stay."""
    stay = kaplan_meier([24] * 25, [0] * 25, [6, 24])
    assert stay["survie"].tolist() == [1.0, 1.0]
    assert stay["bas"].tolist() == pytest.approx([0.025 ** (1 / 25)] * 2)
    gone = kaplan_meier([24] * 25, [1] * 25, [24])
    assert gone["survie"].tolist() == [0.0]
    assert gone["haut"].tolist() == pytest.approx([1 - 0.025 ** (1 / 25)])
    none = cumulative_incidence([24] * 25, ["suivi"] * 25, ["a"], "suivi", [12])
    assert none[["incidence", "bas"]].to_numpy().tolist() == [[0.0, 0.0]]
    assert none["haut"].tolist() == pytest.approx([1 - 0.025 ** (1 / 25)])


def test_log_log_coverage_by_simulation():
    """400 draws of 60 youths, exit at a rate of 0.05 a month, followed 6 to 18 months: near 95 % at 6 months."""
    rng = np.random.default_rng(2024)
    truth, held = math.exp(-0.05 * 6), 0
    for _ in range(400):
        exit_time, end = rng.exponential(20, 60), rng.uniform(6, 18, 60)
        row = kaplan_meier(np.minimum(exit_time, end), exit_time <= end, [6], minimum_at_risk=1).iloc[0]
        held += row["bas"] <= truth <= row["haut"]
    assert held / 400 == pytest.approx(0.95, abs=0.03)


def test_median_not_reached():
    found = survival_quantile([5, 6, 7, 8], [0, 0, 1, 0])
    assert (found.value, found.high) == (7.0, None)
    assert survival_quantile([5, 6], [0, 0]).value is None


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: kaplan_meier([], [], [6]), "non vide"),
        (lambda: kaplan_meier([1, -1], [1, 1], [6]), "négative"),
        (lambda: kaplan_meier([1, math.nan], [1, 1], [6]), "manquante"),
        (lambda: kaplan_meier([1, 2], [1, 2], [6]), "seuls 0 et 1"),
        (lambda: kaplan_meier([1, 2], [1], [6]), "longueurs"),
        (lambda: kaplan_meier([1, 2], [1, 1], [6, 3]), "croissantes"),
        (lambda: kaplan_meier([1, 2], [1, 1], [6], minimum_at_risk=0), "au moins une personne"),
        (lambda: kaplan_meier([1, 2], [1, 1], [6], level=2), "niveau"),
        (lambda: survival_quantile([1, 2], [1, 1], 1.0), "hors de"),
        (lambda: cumulative_incidence([1], ["x"], ["a"], "suivi", [1]), "situation inconnue : x"),
        (lambda: cumulative_incidence([1], [None], ["a"], "suivi", [1]), "1 valeur"),
        (lambda: cumulative_incidence([1], ["a"], ["a", "a"], "suivi", [1]), "noms différents"),
        (lambda: cumulative_incidence([1], ["a"], ["a", "suivi"], "suivi", [1]), "noms différents"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
