"""Power and targets against R and exact enumeration."""

import math
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.power import (
    TargetStatus,
    minimum_detectable_change,
    non_inferiority,
    non_inferiority_power,
    target_status,
)
from edp_analysis.statistics.proportions import Interval, wilson


@pytest.mark.parametrize(
    ("share", "n1", "n2", "design_effect", "rise", "fall"),
    [
        (0.54, 246, 246, 1, 0.123369602662, -0.125870174878),
        (0.54, 246, 246, 1.5, 0.150003881720, -0.153716947552),
        (0.81, 164, 164, 1, 0.105998908562, -0.134775168762),
        (0.84, 100, 100, 1, 0.118543424271, -0.169320328445),
        (0.84, 100, 200, 1, 0.102962080454, -0.146246201502),
        (0.84, 100, 200, 1.5, 0.120114773437, -0.183591691705),
        (0.77, 378, 378, 1, 0.0798339167836, -0.0908971743324),
    ],
)
def test_detectable_change_equals_r(share, n1, n2, design_effect, rise, fall):
    """R 4.2.2; with equal sizes it is ``power.prop.test(n = 246, p1 = .54, power = .8)$p2 - .54`` (0.123369510002)::

    f <- function(q) { pb <- (n1*p+n2*q)/(n1+n2)
      pnorm((abs(q-p) - qnorm(.975)*sqrt(pb*(1-pb)*(1/n1+1/n2))) / sqrt(p*(1-p)/n1+q*(1-q)/n2)) - .8 }
    uniroot(f, c(p+1e-6, 1-1e-9))$root - p; uniroot(f, c(1e-9, p-1e-6))$root - p

    The far tail, which statsmodels counts and R leaves out, moves the sixth digit.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = minimum_detectable_change(share, n1, n2, design_effect=design_effect)
    assert (found.rise, found.fall) == pytest.approx((rise, fall), abs=3e-6)


def test_out_of_reach_is_none():
    found = minimum_detectable_change(0.9, 20, 20)
    assert found.rise is None
    assert found.fall is not None


@settings(deadline=None, max_examples=20)
@given(st.floats(0.1, 0.9), st.integers(60, 500), st.floats(1, 3))
def test_detectable_change_mirrors_and_shrinks_with_size(share, size, effect):
    found = minimum_detectable_change(share, size, size, design_effect=effect)
    mirror = minimum_detectable_change(1 - share, size, size, design_effect=effect)
    more = minimum_detectable_change(share, 4 * size, 4 * size, design_effect=effect)
    if found.rise is not None:
        assert mirror.fall == pytest.approx(-found.rise, abs=1e-8)
        assert more.rise < found.rise
    if found.fall is not None:
        assert -share < found.fall < 0


@pytest.mark.parametrize(("margin", "power"), [(0.05, 0.309434711166), (0.10, 0.721710566371), (0.15, 0.957538784111)])
def test_non_inferiority_power_equals_r(margin, power):
    """R 4.2.2, all 247 × 247 pairs of counts with Newcombe's limit typed again::

    w <- function(x, s) (x + z^2/2 + s*z*sqrt(x*(n-x)/n + z^2/4))/(n + z^2)            # z = qnorm(.95), n = 246
    L <- outer(x, x, function(a, b) (a-b)/n - sqrt((a/n-w(a,-1))^2 + (w(b,1)-b/n)^2))
    sum(outer(dbinom(x,n,p), dbinom(x,n,p)) * (L > -m))
    """
    assert non_inferiority_power(0.54, 246, 246, margin) == pytest.approx(power, abs=1e-9)


def test_power_adds_up_the_decision_itself():
    """On 12 against 9 persons the vectorised limits decide as :func:`non_inferiority`; size near 5 %."""
    from scipy.stats import binom

    by_hand = sum(
        binom.pmf(a, 9, 0.6) * binom.pmf(b, 12, 0.6)
        for a in range(10)
        for b in range(13)
        if non_inferiority(a, 9, b, 12, 0.4).shown
    )
    assert non_inferiority_power(0.6, 12, 9, 0.4) == pytest.approx(by_hand)
    assert non_inferiority_power(0.54, 246, 246, 0.10, change=-0.10) == pytest.approx(0.05, abs=0.01)


def test_non_inferiority_by_its_interval():
    """Newcombe (1998), table II (a), reversed: 48/80 v 56/70 is −0.20, 95 % from −0.3339 to −0.0524."""
    found = non_inferiority(48, 80, 56, 70, 0.35, level=0.95)
    assert round(found.interval.low, 4) == -0.3339
    assert found.shown
    assert not non_inferiority(48, 80, 56, 70, 0.30, level=0.95).shown
    lower_wanted = non_inferiority(32, 80, 14, 70, 0.35, higher_is_better=False, level=0.95)
    assert lower_wanted.shown
    assert round(lower_wanted.interval.high, 4) == 0.3339


def test_the_naive_equivalence_test_uses_the_wrong_score_statistic():
    """statsmodels' test at a null of −0.10 disagrees with its own definition; ours equals brute force (test_score)."""
    from statsmodels.stats.proportion import test_proportions_2indep as naive_test

    from edp_analysis.statistics.score import score_statistic

    naive = naive_test(130, 246, 134, 246, value=-0.2, method="score", compare="diff", correction=False)
    ours = score_statistic(130, 246, 134, 246, -0.2)
    assert abs(naive.statistic - ours) > 0.005


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [(0.50, 0.60, "atteint"), (0.49, 0.60, "indéterminé"), (0.40, 0.50, "indéterminé"), (0.40, 0.499, "non atteint")],
)
def test_status_from_the_limits(low, high, status):
    assert target_status(Interval(low, high, 0.95, ""), 0.50) == status
    flipped = Interval(1 - high, 1 - low, 0.95, "")
    assert target_status(flipped, 0.50, at_least=False) == status


@given(st.integers(0, 50), st.floats(0.05, 0.95))
def test_status_never_contradicts_the_estimate(count, target):
    status = target_status(wilson(count, 50), target)
    if status is TargetStatus.MET:
        assert count / 50 >= target
    if status is TargetStatus.MISSED:
        assert count / 50 < target


def test_ten_points_above_the_target_on_20_persons_is_undecided():
    assert target_status(wilson(12, 20), 0.50) == "indéterminé"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: minimum_detectable_change(0, 10, 10), "part 0"),
        (lambda: minimum_detectable_change(0.5, 0, 10), "positifs"),
        (lambda: minimum_detectable_change(0.5, 10, 10, power=0.01), "puissance"),
        (lambda: minimum_detectable_change(0.5, 10, 10, design_effect=0.5), "effet de plan"),
        (lambda: minimum_detectable_change(math.nan, 10, 10), "part nan"),
        (lambda: non_inferiority(1, 2, 1, 2, 0), "marge"),
        (lambda: non_inferiority(3, 2, 1, 2, 0.1), "3 sur 2"),
        (lambda: non_inferiority_power(0.5, 10, 10, 0.1, change=0.6), "part après changement"),
        (lambda: non_inferiority_power(0.5, 10, 0, 0.1), "positifs"),
        (lambda: target_status(Interval(0.2, 0.3, 0.95, ""), math.nan), "cible nan"),
        (lambda: target_status(Interval(0.4, 0.3, 0.95, ""), 0.5), "impossibles"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
