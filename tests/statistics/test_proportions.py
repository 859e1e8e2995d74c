"""Intervals for a proportion against R, published tables and enumeration."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from edp_analysis.statistics.proportions import Interval, beta_limits, clopper_pearson, simultaneous, wilson


def coverage(limits: list[Interval], shares: np.ndarray) -> np.ndarray:
    """Probability that the interval holds the true share, for each of `shares`: sum over every possible count."""
    low, high = (np.array([getattr(i, side) for i in limits])[:, None] for side in ("low", "high"))
    chance = binom.pmf(np.arange(len(limits))[:, None], len(limits) - 1, shares)
    return (((low <= shares) & (shares <= high)) * chance).sum(axis=0)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_equals_newcombe_1998_table_1(count, total, low, high):
    """R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3."""
    found = wilson(count, total)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (81, 263, 0.252736745585, 0.367621922601),
        (0, 20, 0.0, 0.168433470983),
        (15, 148, 0.0578440100834, 0.1616504903495),
    ],
)
def test_clopper_pearson_equals_r_binom_test(count, total, low, high):
    """R 4.2.2: ``binom.test(81, 263)$conf.int`` and likewise; also Newcombe (1998), table I, method 5."""
    found = clopper_pearson(count, total)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-11)


def test_clopper_pearson_by_hand_at_zero():
    """With no success the upper limit solves (1 − p)^n = 0.025."""
    assert clopper_pearson(0, 12).high == pytest.approx(1 - 0.025 ** (1 / 12), abs=1e-12)


@pytest.mark.parametrize("total", [5, 20, 30])
def test_clopper_pearson_never_covers_less_than_it_says_where_binom_test_does(total):
    """Coverage by enumeration. The "binom_test" interval of statsmodels goes below 95 % at n = 30; ours does not."""
    from statsmodels.stats.proportion import proportion_confint

    shares = np.linspace(0.0005, 0.9995, 4000)
    exact = coverage([clopper_pearson(x, total) for x in range(total + 1)], shares)
    assert exact.min() >= 0.95
    if total == 30:
        naive = [proportion_confint(x, total, method="binom_test") for x in range(total + 1)]
        assert coverage([Interval(low, high, 0.95, "") for low, high in naive], shares).min() < 0.95


def test_wald_leaves_zero_one_and_undercovers_where_wilson_does_not():
    """Naive call: ``proportion_confint(method="normal")`` cut at 0; uncut, its limit for 1 of 29 is negative."""
    from statsmodels.stats.proportion import proportion_confint

    wald_low = 1 / 29 - 1.959964 * math.sqrt(1 / 29 * 28 / 29 / 29)
    assert wald_low < 0 < wilson(1, 29).low
    assert proportion_confint(0, 20, method="normal") == (0, 0)  # claims certainty with 20 persons
    assert wilson(0, 20).high > 0.16
    shares = np.linspace(0.05, 0.95, 500)
    wald = [Interval(*proportion_confint(x, 20, method="normal"), 0.95, "") for x in range(21)]
    assert coverage(wald, shares).min() < 0.65
    assert coverage([wilson(x, 20) for x in range(21)], shares).min() > 0.91
    assert coverage([wilson(x, 20) for x in range(21)], shares).mean() == pytest.approx(0.95, abs=0.01)


@given(total=st.integers(1, 400), data=st.data(), level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_intervals_hold_the_share_are_symmetric_and_nested(total, data, level):
    count = data.draw(st.integers(0, total))
    for interval in (wilson, clopper_pearson):
        found, mirror = interval(count, total, level), interval(total - count, total, level)
        assert 0 <= found.low <= count / total <= found.high <= 1
        assert (found.low, found.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-9)
    assert clopper_pearson(count, total, 0.8).low >= clopper_pearson(count, total, 0.95).low - 1e-12


def test_goodman_equals_its_formula_in_r_and_sison_glaz_example():
    """Seven categories of Sison and Glaz (1995). R 4.2.2, formula of Goodman (1965)::

    x <- c(56,72,73,59,62,87,58); n <- sum(x); k <- length(x); q <- qchisq(1-.05/k, 1)
    cbind((q+2*x-sqrt(q*(q+4*x*(n-x)/n)))/(2*(n+q)), (q+2*x+sqrt(q*(q+4*x*(n-x)/n)))/(2*(n+q)))
    """
    found = simultaneous([56, 72, 73, 59, 62, 87, 58])
    assert [i.low for i in found] == pytest.approx(
        [0.0851672391387, 0.1145329189049, 0.1163952892237, 0.0906056708912, 0.0960773800482, 0.1427491091631,
         0.0887890581298], abs=1e-11)  # fmt: skip
    assert [i.high for i in found] == pytest.approx(
        [0.166261408130, 0.204372582695, 0.206727515772, 0.173474886565, 0.180655087595, 0.239415943372,
         0.171074195931], abs=1e-11)  # fmt: skip


@given(st.lists(st.integers(0, 80), min_size=2, max_size=8).filter(sum))
def test_goodman_is_wilson_at_the_bonferroni_level_and_follows_the_order(counts):
    found, joint = simultaneous(counts), 1 - 0.05 / len(counts)
    for interval, count in zip(found, counts, strict=True):
        alone = wilson(count, sum(counts), joint)
        assert (interval.low, interval.high) == pytest.approx((alone.low, alone.high), abs=1e-9)
    assert simultaneous(counts[::-1]) == found[::-1]


@pytest.mark.parametrize(
    ("count", "total", "level", "says"),
    [
        (0, 0, 0.95, "effectif nul"),
        (1, -3, 0.95, "effectif nul"),
        (0, math.nan, 0.95, "manquant"),
        (5, 4, 0.95, "5 sur 4"),
        (-1, 4, 0.95, "-1 sur 4"),
        (math.nan, 4, 0.95, "nan sur 4"),
        (1, 4, 1.0, "niveau"),
        (1, 4, math.nan, "niveau"),
    ],
)
def test_impossible_counts_are_refused(count, total, level, says):
    for interval in (wilson, clopper_pearson):
        with pytest.raises(ValueError, match=says):
            interval(count, total, level)


@pytest.mark.parametrize(("counts", "says"), [([5], "une seule modalité"), ([0, 0], "positif"), ([3, -1], "positifs"),
                                              ([], "non vide"), ([1, math.nan], "manquante")])  # fmt: skip
def test_simultaneous_refuses_what_is_not_a_table(counts, says):
    with pytest.raises(ValueError, match=says):
        simultaneous(counts)


def test_limits_without_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert simultaneous([0, 9])[0].low == 0.0
        assert simultaneous([0, 9])[1].high == 1.0
        assert clopper_pearson(9, 9).high == wilson(9, 9).high == 1.0
        assert beta_limits(0, 10, 0.95)[0] == 0.0
