"""Score intervals against Newcombe's published tables and against brute force."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binom

from edp_analysis.statistics.score import (
    constrained_shares,
    mee,
    miettinen_nurminen,
    score_statistic,
    score_test,
)

PUBLISHED = [
    ((56, 70, 48, 80), (0.0533, 0.3377), (0.0528, 0.3382)),
    ((9, 10, 3, 10), (0.1821, 0.8370), (0.1700, 0.8406)),
    ((6, 7, 2, 7), (0.0544, 0.8478), (0.0342, 0.8534)),
    ((5, 56, 0, 29), (-0.0313, 0.1926), (-0.0326, 0.1933)),
    ((0, 10, 0, 20), (-0.1611, 0.2775), (-0.1658, 0.2844)),
    ((0, 10, 0, 10), (-0.2775, 0.2775), (-0.2879, 0.2879)),
    ((10, 10, 0, 20), (0.7225, 1.0000), (0.7156, 1.0000)),
    ((10, 10, 0, 10), (0.6777, 1.0000), (0.6636, 1.0000)),
]
"""Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, contrasts (a) to (h), methods 5 and 6."""

groups = st.tuples(st.integers(1, 40), st.integers(1, 40)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


def bounds(interval):
    return round(interval.low, 4), round(interval.high, 4)


@pytest.mark.parametrize(("counts", "published_mee", "published_mn"), PUBLISHED)
def test_sixteen_published_intervals(counts, published_mee, published_mn):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert bounds(mee(*counts)) == published_mee
        assert bounds(miettinen_nurminen(*counts)) == published_mn


def test_statsmodels_score_interval_is_wrong_where_ours_is_not():
    """statsmodels 0.15.0: (0.0526, 0.3440) against the published (0.0528, 0.3382), and an error on a small table.

    The day this test fails because statsmodels is right, its function can replace ours.
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    _, naive_high = confint_proportions_2indep(56, 70, 48, 80, method="score", compare="diff")
    assert abs(naive_high - 0.3382) > 0.005
    with pytest.raises(ValueError, match="different signs"):
        confint_proportions_2indep(9, 10, 3, 10, method="score", compare="diff")


@settings(deadline=None, max_examples=60)
@given(groups, st.floats(-0.95, 0.95))
def test_constrained_shares_maximise_the_likelihood(counts, difference):
    x1, n1, x2, n2 = counts

    def minus_log_likelihood(second):
        chance = binom.pmf(x1, n1, second + difference) * binom.pmf(x2, n2, second)
        return -math.log(chance) if chance > 0 else 1e9

    first, second = constrained_shares(x1, n1, x2, n2, difference)
    assert first - second == pytest.approx(difference, abs=1e-12)
    low, high = max(0.0, -difference), min(1.0, 1 - difference)
    found = minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    inside = min(max(second, low + 1e-12), high - 1e-12)
    assert minus_log_likelihood(inside) <= found.fun + 1e-6


@settings(deadline=None, max_examples=60)
@given(groups)
def test_swapping_groups_or_answers_turns_the_interval(counts):
    x1, n1, x2, n2 = counts
    for method in (mee, miettinen_nurminen):
        found = method(x1, n1, x2, n2)
        assert -1 <= found.low <= x1 / n1 - x2 / n2 <= found.high <= 1
        for turned in (method(x2, n2, x1, n1), method(n1 - x1, n1, n2 - x2, n2)):
            assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-7)


@settings(deadline=None, max_examples=60)
@given(groups)
def test_interval_and_test_agree(counts):
    found = mee(*counts, level=0.9)
    for limit, alternative in ((found.low, "larger"), (found.high, "smaller")):
        if abs(limit) < 1:
            assert score_test(*counts, limit, alternative).pvalue == pytest.approx(0.05, abs=1e-5)


def test_at_no_difference_the_square_is_pearsons_chi_square():
    """By hand for 9/10 and 3/10: pooled share 0.6; 0.6² / (0.24 · 0.2) = 7.5, and 7.5 · 19/20 with N/(N − 1)."""
    assert score_statistic(9, 10, 3, 10) ** 2 == pytest.approx(7.5)
    assert score_statistic(9, 10, 3, 10, small_sample=True) ** 2 == pytest.approx(7.125)
    both = score_test(9, 10, 3, 10)
    assert both.pvalue == pytest.approx(2 * score_test(9, 10, 3, 10, alternative="larger").pvalue)
    assert both.pvalue == pytest.approx(math.erfc(math.sqrt(7.5 / 2)))


def test_coverage_by_enumeration():
    """Every outcome of 12 and 15 persons, true shares on a grid: mean coverage near 95 %, none far below."""
    n1, n2 = 12, 15
    limits = {(a, b): miettinen_nurminen(a, n1, b, n2) for a in range(n1 + 1) for b in range(n2 + 1)}
    found = []
    for p in np.linspace(0.1, 0.9, 9):
        for q in np.linspace(0.1, 0.9, 9):
            chance = np.outer(binom.pmf(range(n1 + 1), n1, p), binom.pmf(range(n2 + 1), n2, q))
            inside = sum(chance[key] for key, i in limits.items() if i.low - 1e-9 <= p - q <= i.high + 1e-9)
            found.append(inside)
    assert np.mean(found) == pytest.approx(0.955, abs=0.01)
    assert min(found) > 0.93


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: mee(1, 0, 1, 2), "effectif nul"),
        (lambda: mee(3, 2, 1, 2), "3 sur 2"),
        (lambda: miettinen_nurminen(1, 2, math.nan, 2), "nan"),
        (lambda: mee(1, 2, 1, 2, level=0), "niveau"),
        (lambda: score_test(1, 2, 1, 2, 1.5), "hors de"),
        (lambda: score_test(1, 2, 1, 2, alternative="plus"), "inconnue"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_no_variance_left():
    assert score_statistic(10, 10, 0, 10, 1.0) == 0.0
    assert score_statistic(9, 10, 0, 10, 1.0) == -math.inf
    assert score_test(9, 10, 0, 10, 1.0).pvalue == 0.0
