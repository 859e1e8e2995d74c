"""Funnel limits against their published formula, and what they flag by enumeration."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from edp_analysis.statistics.funnel import false_alarm, funnel, funnel_limits

COUNTS, TOTALS = [12, 7, 18, 9, 5, 14, 11, 8, 20, 2], [24, 20, 30, 22, 19, 24, 25, 21, 28, 23]
NAMES = [f"EDP-{i:02d}" for i in (3, 1, 2, 4, 5, 6, 7, 8, 9, 10)]


@pytest.mark.parametrize(
    ("total", "low", "high"),
    [
        (20, 0.295855941976, 0.784093537737),
        (25, 0.323503344456, 0.754206365794),
        (60, 0.404543090449, 0.674352795212),
        (200, 0.468161571386, 0.611439704202),
    ],
)
def test_limits_follow_spiegelhalters_formula_in_r(total, low, high):
    """R 4.2.2; the upper limit is one minus the lower one of the complement::

    lim <- function(n, p0, p) { r <- qbinom(p, n, p0)
      (r - (pbinom(r, n, p0) - p)/(pbinom(r, n, p0) - pbinom(r-1, n, p0)))/n }
    c(lim(20, .54, .025), 1 - lim(20, .46, .025))
    """
    assert funnel_limits(total, 0.54) == pytest.approx((low, high), abs=1e-11)


def test_signal_limits_at_998():
    """Same R function at p = 0.001, n = 20: 0.168620188257 and 0.895100013480."""
    assert funnel_limits(20, 0.54, 0.998) == pytest.approx((0.168620188257, 0.895100013480), abs=1e-10)


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 300), st.floats(0.02, 0.98), st.sampled_from([0.9, 0.95, 0.998]))
def test_a_count_beyond_a_limit_is_as_rare_as_said_on_both_sides(total, centre, level):
    low, high = funnel_limits(total, centre, level)
    counts = np.arange(total + 1)
    tail = (1 - level) / 2
    assert binom.pmf(counts[counts / total < low - 1e-12], total, centre).sum() <= tail + 1e-9
    assert binom.pmf(counts[counts / total > high + 1e-12], total, centre).sum() <= tail + 1e-9
    turned = funnel_limits(total, 1 - centre, level)
    assert turned == pytest.approx((1 - high, 1 - low), abs=1e-9)
    assert 0 <= low <= centre <= high <= 1


def test_the_published_upper_limit_flags_too_much():
    """Spiegelhalter's formula taken at 97.5 %: for n = 20 and 0.54 the limit is 14.68 persons, so 15 is outside; yet 15
    or more has a chance of 4.6 %, not 2.5 %. Ours puts the limit at 15.68.
    """
    naive = 0.734093537737  # R: lim(20, .54, .975), function above
    assert naive < 15 / 20
    assert binom.sf(14, 20, 0.54) > 0.025
    assert funnel_limits(20, 0.54)[1] > 15 / 20


def test_overdispersion_equals_r_and_widens():
    """R 4.2.2::

    p <- sum(y)/sum(n); z <- (y/n-p)/sqrt(p*(1-p)/n); q <- quantile(z, c(.1, .9)); mean(pmin(pmax(z, q[1]), q[2])^2)
    """
    plain, wide = (funnel(NAMES, COUNTS, TOTALS, overdispersion=use) for use in (False, True))
    assert plain.centre == pytest.approx(0.449152542373)
    assert plain.phi == wide.phi == pytest.approx(1.52098425237, abs=1e-10)
    assert (plain.applied, wide.applied) == (1.0, wide.phi)
    stretched = (wide.centre - wide.table["bas_alerte"]) / (plain.centre - plain.table["bas_alerte"])
    assert stretched.tolist() == pytest.approx([math.sqrt(wide.phi)] * 10)


def test_calm_groups_are_not_narrowed():
    calm = funnel(["a", "b", "c"], [10, 10, 10], [20, 20, 20], overdispersion=True)
    assert calm.phi == 0
    assert calm.applied == 1.0
    assert not calm.table["signal"].any()


def test_alphabetical_never_ranked_and_signal_is_the_wide_one():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = funnel(NAMES, COUNTS, TOTALS).table
    assert found["groupe"].tolist() == sorted(NAMES)
    assert not {"rang", "classement"} & set(found.columns)
    last = found.set_index("groupe").loc["EDP-10"]
    # 2 of 23 against 0.449: P(X ≤ 2) = 0.0002, below 0.001.
    assert binom.cdf(2, 23, 0.449152542373) < 0.001
    assert last["signal"]
    assert found["signal"].sum() == 1


def test_ten_schools_raise_one_alert_in_two_fifths_of_cases():
    assert false_alarm(10) == pytest.approx(1 - 0.95**10)
    assert false_alarm(1) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: funnel_limits(0, 0.5), "effectif nul"),
        (lambda: funnel_limits(10, 0.0), "strictement"),
        (lambda: funnel_limits(10, math.nan), "strictement"),
        (lambda: funnel_limits(10, 0.5, inflation=0.5), "au moins 1"),
        (lambda: funnel(["a"], [1], [2]), "deux groupes"),
        (lambda: funnel(["a", "a"], [1, 1], [2, 2]), "noms différents"),
        (lambda: funnel(["a", "b"], [0, 0], [2, 2]), "aucun taux"),
        (lambda: funnel(["a", "b"], [3, 0], [2, 2]), "3.0 sur 2.0"),
        (lambda: funnel(["a", "b"], [1, 0], [2, 0]), "effectif nul"),
        (lambda: funnel(["a", "b"], [1, math.nan], [2, 2]), "manquante"),
        (lambda: false_alarm(0), "au moins un"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
