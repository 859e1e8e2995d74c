"""Trends against R, and what a naive call gives instead."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.trend import cochran_armitage, permutation_within, within_slope

SMOKERS, PATIENTS = [83, 90, 129, 70], [86, 93, 136, 82]

SCHOOL = ["A"] * 10 + ["B"] * 8 + ["C"] * 6
YEAR = [2019, 2019, 2020, 2020, 2021, 2021, 2022, 2022, 2023, 2023, 2020, 2020, 2021, 2021, 2022, 2022, 2023, 2023,
        2022, 2022, 2022, 2023, 2023, 2023]  # fmt: skip
WOMAN = [0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 1]


@pytest.mark.parametrize(
    ("scores", "chi_square", "pvalue"),
    [([1, 2, 3, 4], 8.22492228519771, 0.00413189747764), ([2019, 2020, 2021, 2024], 11.4758804660, 7.05052373064e-04)],
)
def test_cochran_armitage_equals_r(scores, chi_square, pvalue):
    """R 4.2.2: ``prop.trend.test(c(83,90,129,70), c(86,93,136,82), c(2019,2020,2021,2024))`` and likewise."""
    found = cochran_armitage(SMOKERS, PATIENTS, scores)
    assert found.statistic**2 == pytest.approx(chi_square, rel=1e-9)
    assert found.pvalue == pytest.approx(pvalue, rel=1e-8)


def test_the_naive_statsmodels_call_differs_where_ours_equals_r():
    """Its form divides by N − 1 (8.2042 for 8.2249), and the default adds 0.5 to every cell once one is empty."""
    from statsmodels.stats.contingency_tables import Table

    cells = np.column_stack([SMOKERS, np.subtract(PATIENTS, SMOKERS)])
    naive = Table(cells).test_ordinal_association(row_scores=np.arange(4), col_scores=np.array([1, 0]))
    assert naive.zscore**2 == pytest.approx(8.22492228519771 * 396 / 397, rel=1e-9)
    with_empty = np.array([[0, 10], [2, 10], [5, 10]])
    shifted = Table(with_empty).test_ordinal_association(row_scores=np.arange(3), col_scores=np.array([1, 0]))
    ours = cochran_armitage(with_empty[:, 0], with_empty.sum(axis=1), [0, 1, 2])
    # By hand: N = 37, p̄ = 7/37, Σx·t = 12, Σn·t = 42, Σn·t² = 72; z = (12 − 7·42/37)/√(p̄(1 − p̄)(72 − 42²/37)).
    by_hand = (12 - 7 * 42 / 37) / math.sqrt(7 / 37 * 30 / 37 * (72 - 42**2 / 37))
    assert ours.statistic == pytest.approx(by_hand, rel=1e-9)
    assert abs(shifted.zscore - by_hand) > 0.1


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 30)), min_size=2, max_size=6).filter(
        lambda rows: any(x > 0 for x, _ in rows)
    ),
    st.floats(0.5, 5),
    st.integers(-3000, 3000),
)
def test_trend_ignores_order_and_scale_of_scores_and_changes_sign(rows, scale, origin):
    counts, totals = [x for x, _ in rows], [x + y for x, y in rows]
    scores = np.arange(len(rows))
    found = cochran_armitage(counts, totals, scores)
    assert 0 <= found.pvalue <= 1
    assert cochran_armitage(counts, totals, scale * scores + origin).statistic == pytest.approx(
        found.statistic, abs=1e-6
    )
    assert cochran_armitage(counts[::-1], totals[::-1], scores[::-1]).statistic == pytest.approx(found.statistic)
    failures = np.subtract(totals, counts)
    assert cochran_armitage(failures, totals, scores).statistic == pytest.approx(-found.statistic, abs=1e-9)
    with_gap = cochran_armitage([*counts, 0], [*totals, 0], [*scores, 99])
    assert with_gap.statistic == pytest.approx(found.statistic)


def test_within_slope_equals_r_clogit():
    """R 4.2.2, survival: ``clogit(sex ~ year + strata(school), method = "exact")`` on the records above."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = within_slope(WOMAN, YEAR, SCHOOL)
    assert found.log_odds == pytest.approx(0.584078645496, abs=1e-7)
    assert found.standard_error == pytest.approx(0.393607233468, abs=1e-7)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.8291308, 3.87883421), rel=1e-6)
    assert found.pvalue == pytest.approx(0.13783, abs=1e-5)
    assert (found.groups, found.observations) == (3, 24)


def test_within_slope_ignores_order_labels_and_groups_without_variation():
    found = within_slope(WOMAN, YEAR, SCHOOL)
    order = np.random.default_rng(3).permutation(24)
    turned = within_slope(np.array(WOMAN)[order], np.array(YEAR)[order], np.array(SCHOOL)[order])
    assert turned.log_odds == pytest.approx(found.log_odds, abs=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        more = within_slope([*WOMAN, 1, 1, 0, 1], [*YEAR, 2019, 2020, 2021, 2021], [*SCHOOL, "D", "D", "E", "E"])
    assert more.log_odds == pytest.approx(found.log_odds, abs=1e-6)
    assert (more.groups, more.observations) == (3, 24)
    months = within_slope(WOMAN, np.multiply(YEAR, 12), SCHOOL)
    assert months.log_odds == pytest.approx(found.log_odds / 12, abs=1e-6)


def test_a_trend_of_composition_only_is_raw_but_not_within():
    """Two schools with constant shares, 10 % and 50 %; the second doubles each year from 10 to 40 entrants."""
    woman, year, school = [], [], []
    for step in range(3):
        for name, size, count in (("A", 40, 4), ("B", 10 * 2**step, 5 * 2**step)):
            woman += [1] * count + [0] * (size - count)
            year += [2019 + step] * size
            school += [name] * size
    counts = [sum(w for w, y in zip(woman, year, strict=True) if y == t) for t in (2019, 2020, 2021)]
    totals = [year.count(t) for t in (2019, 2020, 2021)]
    assert cochran_armitage(counts, totals, [0, 1, 2]).pvalue < 0.15
    slope = within_slope(woman, year, school)
    assert slope.log_odds == pytest.approx(0, abs=1e-6)
    assert permutation_within(woman, year, school, seed=1, resamples=199).pvalue == 1.0


def test_permutation_is_near_the_exact_conditional_distribution():
    """All C(10,4)·C(8,3)·C(6,2) choices, convolved in R 4.2.2 (``combn`` by school): p = 0.169931972789 at 4.5."""
    found = permutation_within(WOMAN, YEAR, SCHOOL, seed=11)
    assert found.statistic == pytest.approx(4.5)
    assert found.pvalue == pytest.approx(0.169931972789, abs=3 * math.sqrt(0.17 * 0.83 / 9999))
    assert permutation_within(WOMAN, YEAR, SCHOOL, seed=11) == found


def test_permutation_by_hand_and_never_zero():
    """[0,0,1,1] at 1,1,2,2: of six choices two are as extreme, p = 1/3; p is at least 1/(resamples + 1)."""
    assert permutation_within([0, 0, 1, 1], [1, 1, 2, 2], ["a"] * 4, seed=2).pvalue == pytest.approx(1 / 3, abs=0.015)
    far = permutation_within([0] * 30 + [1] * 30, [1] * 30 + [2] * 30, ["a"] * 60, seed=2, resamples=99)
    assert far.pvalue == pytest.approx(0.01)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: cochran_armitage([0, 0], [5, 5], [1, 2]), "ne varie pas"),
        (lambda: cochran_armitage([5, 5], [5, 5], [1, 2]), "ne varie pas"),
        (lambda: cochran_armitage([1, 2], [5, 5], [1, 1]), "deux périodes"),
        (lambda: cochran_armitage([1, 0], [5, 0], [1, 2]), "deux périodes"),
        (lambda: cochran_armitage([1, 1], [5, 0], [1, 2]), "sans personne"),
        (lambda: cochran_armitage([6, 1], [5, 5], [1, 2]), "6.0 sur 5.0"),
        (lambda: cochran_armitage([1, math.nan], [5, 5], [1, 2]), "manquante"),
        (lambda: cochran_armitage([1], [5, 5], [1, 2]), "longueurs"),
        (lambda: within_slope([0, 0, 1, 1], [1, 1, 2, 2], ["a"] * 4), "séparation"),
        (lambda: within_slope([1, 1, 1, 0], [1, 2, 3, 3], ["a", "a", "a", "b"]), "aucun groupe"),
        (lambda: within_slope([0, 1, 0, 1], [1, 1, 1, 1], ["a"] * 4), "aucun groupe"),
        (lambda: within_slope([0, 1], [1, 2], ["a", None]), "groupe : 1 valeur"),
        (lambda: permutation_within([1, 1], [1, 2], ["a", "a"], seed=1), "aucun groupe"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
