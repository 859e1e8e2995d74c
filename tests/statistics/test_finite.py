"""Finite-population intervals against R's survey package and enumeration of every possible sample."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from edp_analysis.statistics.finite import (
    effective_interval,
    hypergeometric,
    korn_graubard,
    korn_graubard_weighted,
    weighted_variance,
)
from edp_analysis.statistics.proportions import clopper_pearson, wilson

ANSWERS = [1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1]
WEIGHTS = [1, 2, 1, 1.5, 0.8, 1, 1, 2.2, 1, 1, 0.7, 1.3, 1, 1, 2, 1, 1, 0.6, 1, 1.2]


@pytest.mark.parametrize(
    ("population", "low", "high"),
    [
        (378, 0.76695224819, 0.897480876967),
        (150, 0.793261719487, 0.879799625696),
        (None, 0.752700971863, 0.905983110065),
    ],
)
def test_84_of_100_equals_r_svyciprop(population, low, high):
    """R 4.2.2, survey::

    d <- data.frame(y = rep(1:0, c(84, 16)), fpc = 378); s <- svydesign(~1, data = d, fpc = ~fpc)
    confint(svyciprop(~y, s, method = "beta"))
    """
    found = korn_graubard(84, 100, population)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("population", "variance", "low", "high"),
    [
        (60, 0.0105404621358, 0.376767347471, 0.797715919878),
        (None, 0.0158106932037, 0.325179500156, 0.836128588903),
    ],
)
def test_weighted_equals_r_svyciprop(population, variance, low, high):
    """R 4.2.2, survey, with the answers and weights above::

    s <- svydesign(~1, data = d, weights = ~w, fpc = ~fpc)
    m <- svyciprop(~y, s, method = "beta"); c(coef(m), vcov(m)); confint(m)   # coef 0.6008583690987
    """
    found = korn_graubard_weighted(ANSWERS, WEIGHTS, population)
    assert weighted_variance(ANSWERS, WEIGHTS, population) == pytest.approx(variance, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
    known = korn_graubard_weighted(ANSWERS, WEIGHTS, population, variance=variance)
    assert (known.low, known.high) == pytest.approx((low, high), abs=1e-9)


def test_hypergeometric_by_hand():
    """N = 4, n = 2, one yes: M = 1, 2 or 3; P(X ≥ 1 | 1) = P(X ≤ 1 | 3) = 1/2 exceed 2.5 %, so all three stay."""
    found = hypergeometric(1, 2, 4)
    assert (found.low, found.high) == (0.25, 0.75)


def test_hypergeometric_of_a_census_is_the_share():
    found = hypergeometric(7, 20, 20)
    assert (found.low, found.high) == (0.35, 0.35)
    assert (korn_graubard(7, 20, 20).low, korn_graubard(7, 20, 20).high) == (0.35, 0.35)


def test_coverage_over_every_possible_population_of_378():
    """All M from 0 to 378 and every sample count. Wilson without correction is too wide in the mean; R 4.2.2 agrees::

    kg <- function(x) { ne <- 99/(1-100/378)
      c(if (x == 0) 0 else qbeta(.025, x/100*ne, ne-x/100*ne+1),
        if (x == 100) 1 else qbeta(.975, x/100*ne+1, ne-x/100*ne)) }
    L <- t(sapply(0:100, kg)); M <- 0:378
    cov <- sapply(M, function(m) sum(dhyper(0:100, m, 378-m, 100) * (L[,1] <= m/378+1e-12 & m/378 <= L[,2]+1e-12)))
    c(mean(cov), min(cov))   # 0.9637982 0.9482838; with the Wilson limits instead, mean 0.9781558
    """
    population, total = 378, 100
    totals = np.arange(population + 1)
    chance = hypergeom.pmf(np.arange(total + 1)[:, None], population, totals, total)

    def covered(interval):
        limits = np.array([(i.low, i.high) for i in map(interval, range(total + 1))])
        inside = (limits[:, [0]] <= totals / population + 1e-12) & (totals / population - 1e-12 <= limits[:, [1]])
        return (inside * chance).sum(axis=0)

    plain = covered(lambda x: wilson(x, total))
    ours = covered(lambda x: korn_graubard(x, total, population))
    exact = covered(lambda x: hypergeometric(x, total, population))
    assert plain.mean() == pytest.approx(0.9781558, abs=1e-6)
    assert (ours.mean(), ours.min()) == pytest.approx((0.9637982, 0.9482838), abs=1e-6)
    assert exact.min() >= 0.95


@settings(max_examples=40, deadline=None)
@given(
    answers=st.lists(st.booleans(), min_size=3, max_size=60),
    scale=st.floats(0.1, 50),
    extra=st.integers(0, 300),
)
def test_scale_order_and_equal_weights_change_nothing(answers, scale, extra):
    population = len(answers) + extra
    plain = korn_graubard(sum(answers), len(answers), population)
    weighted = korn_graubard_weighted(answers, [scale] * len(answers), population)
    assert (weighted.low, weighted.high) == pytest.approx((plain.low, plain.high), abs=1e-8)
    turned = korn_graubard_weighted(answers[::-1], [scale] * len(answers), population)
    assert (turned.low, turned.high) == pytest.approx((plain.low, plain.high), abs=1e-8)
    assert 0 <= plain.low <= sum(answers) / len(answers) <= plain.high <= 1
    wider = korn_graubard(sum(answers), len(answers), population + 500)
    assert wider.low <= plain.low + 1e-9
    assert wider.high >= plain.high - 1e-9


def test_nobody_or_everybody_still_has_an_interval():
    """By hand: effective size (20 − 1)/(1 − 20/80) = 25.33; upper limit 1 − 0.025^(1/25.33). R gives NaN there."""
    found = korn_graubard(0, 20, 80)
    assert found.low == 0.0
    assert found.high == pytest.approx(1 - 0.025 ** (0.75 / 19), abs=1e-10)
    mirrored = korn_graubard_weighted([1] * 20, WEIGHTS)
    kish = 20 * sum(w * w for w in WEIGHTS) / sum(WEIGHTS) ** 2
    assert mirrored.high == 1.0
    assert mirrored.low == pytest.approx(0.025 ** (kish / 19), abs=1e-10)


def test_effective_size_of_n_is_clopper_pearson():
    found, exact = effective_interval(0.35, 20), clopper_pearson(7, 20)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-12)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: korn_graubard(5, 4), "5 sur 4"),
        (lambda: korn_graubard(0, 0), "effectif nul"),
        (lambda: korn_graubard(1, 1), "au moins 2"),
        (lambda: korn_graubard(3, 10, 9), "population de 9"),
        (lambda: hypergeometric(3, 10, 9), "population de 9"),
        (lambda: korn_graubard_weighted([1, 0], [1, 0]), "nulle"),
        (lambda: korn_graubard_weighted([1, 0], [1, math.nan]), "manquante"),
        (lambda: korn_graubard_weighted([1, 2], [1, 1]), "seuls 0 et 1"),
        (lambda: korn_graubard_weighted([1, 0, 1], [1, 1]), "longueurs"),
        (lambda: korn_graubard_weighted([1, 0], [1, 1], variance=-1), "variance"),
        (lambda: korn_graubard_weighted([], []), "non vide"),
        (lambda: effective_interval(1.2, 10), "hors de"),
        (lambda: effective_interval(0.2, 0), "positif"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
