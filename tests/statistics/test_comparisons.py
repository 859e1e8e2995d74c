"""Comparisons of groups against R and published tables."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import PermutationMethod, binom, fisher_exact

from edp_analysis.statistics.comparisons import boschloo, fisher, mantel_haenszel, newcombe, stratified_tables

JOB = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]
"""Job satisfaction by income (Agresti 2002, p. 57), the example of R's ``fisher.test``."""

BERKELEY = [
    [[512, 313], [89, 19]], [[353, 207], [17, 8]], [[120, 205], [202, 391]],
    [[138, 279], [131, 244]], [[53, 138], [94, 299]], [[22, 351], [24, 317]],
]  # fmt: skip
"""R's ``UCBAdmissions``: men and women, admitted and rejected, by department."""

SMOKERS = [[[647, 622], [2, 27]], [[41, 28], [19, 32]]]
"""Doll and Hill (1950): smokers and others, cases and controls; men, then women."""

groups = st.tuples(st.integers(1, 25), st.integers(1, 25)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((10, 10, 0, 10), 0.6075, 1.0000),
    ],
)
def test_newcombe_1998_table_2_method_10(counts, low, high):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = newcombe(*counts)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(groups)
@settings(deadline=None)
def test_newcombe_turns_with_the_groups(counts):
    x1, n1, x2, n2 = counts
    found, turned = newcombe(*counts), newcombe(x2, n2, x1, n1)
    assert -1 <= found.low <= x1 / n1 - x2 / n2 + 1e-12
    assert x1 / n1 - x2 / n2 - 1e-12 <= found.high <= 1
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low), abs=1e-9)


def test_newcombe_coverage_by_enumeration():
    n1, n2 = 12, 15
    limits = {(a, b): newcombe(a, n1, b, n2) for a in range(n1 + 1) for b in range(n2 + 1)}
    found = [
        sum(
            binom.pmf(a, n1, p) * binom.pmf(b, n2, q)
            for (a, b), i in limits.items()
            if i.low - 1e-9 <= p - q <= i.high + 1e-9
        )
        for p in np.linspace(0.1, 0.9, 5)
        for q in np.linspace(0.1, 0.9, 5)
    ]
    assert np.mean(found) == pytest.approx(0.957, abs=0.012)
    assert min(found) > 0.92


def test_boschloo_equals_a_maximisation_by_hand_in_r():
    """2 of 9 against 8 of 10. R 4.2.2, twice the smaller one-sided p-value::

    pf <- function(a, b) phyper(a, n1, n2, a + b); g <- expand.grid(a = 0:n1, b = 0:n2)
    rej <- g[mapply(pf, g$a, g$b) <= pf(x1, x2)*(1+1e-10), ]
    max over t of sum(dbinom(rej$a, n1, t)*dbinom(rej$b, n2, t))     # 0.00988614084464
    """
    assert boschloo(2, 9, 8, 10).pvalue == pytest.approx(2 * 0.00988614084464, rel=1e-5)
    assert boschloo(7, 10, 1, 9).pvalue == pytest.approx(2 * 0.00538499936266, rel=1e-5)


@settings(deadline=None, max_examples=15)
@given(groups)
def test_boschloo_is_symmetric_and_beats_fisher(counts):
    x1, n1, x2, n2 = counts
    found = boschloo(*counts).pvalue
    assert 0 <= found <= 1
    assert boschloo(x2, n2, x1, n1).pvalue == pytest.approx(found, abs=1e-6)
    assert boschloo(n1 - x1, n1, n2 - x2, n2).pvalue == pytest.approx(found, abs=1e-6)
    sides = [fisher_exact([[x1, n1 - x1], [x2, n2 - x2]], alternative=a).pvalue for a in ("less", "greater")]
    assert found <= min(1.0, 2 * min(sides)) + 1e-9


def test_boschloo_rejects_at_most_five_in_a_hundred_and_more_often_than_fisher():
    """Size by enumeration, 8 against 9 persons with the same true share; Fisher's p is doubled likewise."""
    shares = np.linspace(0.02, 0.98, 49)
    size, fishers = np.zeros(49), np.zeros(49)
    for a in range(9):
        for b in range(10):
            chance = binom.pmf(a, 8, shares) * binom.pmf(b, 9, shares)
            size += chance * (boschloo(a, 8, b, 9).pvalue <= 0.05)
            sides = [fisher_exact([[a, 8 - a], [b, 9 - b]], alternative=side).pvalue for side in ("less", "greater")]
            fishers += chance * (2 * min(sides) <= 0.05)
    assert size.max() <= 0.05 + 1e-9
    assert size.sum() > fishers.sum()


def test_nothing_to_compare_is_p_one():
    assert boschloo(0, 10, 0, 20).pvalue == 1.0
    assert boschloo(10, 10, 20, 20).pvalue == 1.0
    assert fisher([[10, 0, 0], [20, 0, 0]], seed=1).pvalue == 1.0


def test_fisher_is_near_r_and_the_same_at_each_call():
    """R 4.2.2: ``fisher.test(Job)$p.value`` is 0.782684938966; three standard errors of 9999 draws are 0.0124."""
    found = fisher(JOB, seed=20260)
    assert found.pvalue == pytest.approx(0.782684938966, abs=0.0124)
    assert fisher(JOB, seed=20260) == found


def test_scipy_fisher_changes_at_each_call_where_ours_does_not():
    naive = {float(fisher_exact(JOB, method=PermutationMethod(n_resamples=199)).pvalue) for _ in range(6)}
    assert len(naive) > 1
    assert len({fisher(JOB, seed=5, resamples=199).pvalue for _ in range(6)}) == 1


def test_fisher_two_by_two_is_exact_and_ignores_empty_lines():
    """Tea-tasting, Fisher (1935): p = 34/70."""
    assert fisher([[3, 1], [1, 3]], seed=1).pvalue == pytest.approx(34 / 70)
    assert fisher([[3, 0, 1], [0, 0, 0], [1, 0, 3]], seed=1).pvalue == pytest.approx(34 / 70)


def test_fisher_small_table_by_enumeration():
    """2 × 3 with margins (3, 3) and (2, 2, 2).

    The C(6,3) = 20 equally likely choices give tables of probability 2/20 (a column split 2-0, one 0-2, one 1-1: six
    such tables) or 8/20 (all 1-1). Observed [[2,1,0],[0,1,2]] has 2/20: p = 6 · 2/20 = 12/20 over the six tables of
    that probability, the seventh being more probable.
    """
    assert fisher([[2, 1, 0], [0, 1, 2]], seed=3).pvalue == pytest.approx(0.6, abs=0.015)


def test_mantel_haenszel_equals_r_on_berkeley():
    """R 4.2.2: ``mantelhaen.test(UCBAdmissions, correct = FALSE)``; homogeneity by Tarone's formula in R (18.8255)."""
    found = mantel_haenszel(BERKELEY)
    assert found.odds_ratio == pytest.approx(0.904696828259, abs=1e-10)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.771907361759, 1.060329764437), abs=1e-9)
    assert (found.null.statistic, found.null.pvalue) == pytest.approx((1.524606660443, 0.216923697056), abs=1e-9)
    assert found.homogeneity.statistic == pytest.approx(18.82550125205, abs=1e-7)
    assert found.homogeneity.degrees == 5


def test_homogeneity_carries_tarones_correction():
    """Doll and Hill (1950). Breslow–Day alone is 5.2155, with Tarone's correction 5.1746; both by hand in R::

    e: root of e(m2-c1+e) = OR (m1-e)(c1-e), OR = 4.52391476228 (mantelhaen.test)
    v = 1/(1/e + 1/(m1-e) + 1/(c1-e) + 1/(m2-c1+e))
    sum((a-e)^2/v) - sum(a-e)^2/sum(v)
    """
    found = mantel_haenszel(SMOKERS)
    assert found.odds_ratio == pytest.approx(4.52391476228, abs=1e-9)
    assert found.homogeneity.statistic == pytest.approx(5.1746459273404, abs=1e-6)
    assert found.homogeneity.pvalue == pytest.approx(0.0229188419580, abs=1e-8)


def test_a_common_ratio_of_one_has_its_homogeneity_where_statsmodels_says_nan():
    """Strata [[8, 4], [4, 8]] and [[4, 8], [8, 4]]: odds ratios 4 and 1/4, pooled exactly 1.

    At a ratio of 1 the expected cells are 12·12/24 = 6, of variance 1/(4/6) = 1.5: 2·2²/1.5 = 16/3, and no correction.
    """
    from statsmodels.stats.contingency_tables import StratifiedTable

    tables = [[[8, 4], [4, 8]], [[4, 8], [8, 4]]]
    with np.errstate(invalid="ignore", divide="ignore"):
        assert math.isnan(StratifiedTable([np.array(t) for t in tables]).test_equal_odds(adjust=True).statistic)
    found = mantel_haenszel(tables)
    assert found.odds_ratio == 1.0
    assert found.homogeneity.statistic == pytest.approx(16 / 3)


small_tables = st.lists(
    st.lists(st.lists(st.integers(0, 6), min_size=2, max_size=2), min_size=2, max_size=2), min_size=1, max_size=4
)


@settings(deadline=None, max_examples=80)
@given(small_tables)
def test_any_small_strata_give_numbers_or_a_refusal(tables):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = mantel_haenszel(tables)
        except ValueError as error:
            assert "strate" in str(error) or "rapport de cotes" in str(error)
            return
    numbers = [found.odds_ratio, found.interval.low, found.interval.high, found.null.pvalue]
    numbers += [found.homogeneity.statistic, found.homogeneity.pvalue] if found.homogeneity else []
    assert np.isfinite(numbers).all()
    assert found.interval.low <= found.odds_ratio <= found.interval.high
    swapped = mantel_haenszel(np.array(tables)[:, ::-1])
    if found.homogeneity:
        assert swapped.homogeneity.statistic == pytest.approx(found.homogeneity.statistic, abs=1e-7)


def test_order_and_empty_strata_change_nothing():
    found = mantel_haenszel(BERKELEY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        turned = mantel_haenszel([*BERKELEY[::-1], [[5, 3], [0, 0]], [[0, 3], [0, 9]]])
    assert turned.odds_ratio == pytest.approx(found.odds_ratio)
    assert turned.homogeneity.statistic == pytest.approx(found.homogeneity.statistic)
    assert (turned.strata, turned.informative) == (8, 6)
    swapped = mantel_haenszel(np.array(BERKELEY)[:, ::-1])
    assert swapped.odds_ratio == pytest.approx(1 / found.odds_ratio)
    assert swapped.interval.low == pytest.approx(1 / found.interval.high)


def test_pooling_avoids_simpsons_reversal():
    """Within each stratum the odds ratio is exactly 2; the raw table says less than 1.

    Strata [[20, 10], [100, 100]] and [[100, 400], [10, 80]]: cross-products 2 and 2; together
    [[120, 410], [110, 180]], 0.479.
    """
    found = mantel_haenszel([[[20, 10], [100, 100]], [[100, 400], [10, 80]]])
    assert found.odds_ratio == pytest.approx(2.0)
    assert 120 * 180 / (410 * 110) < 0.5


def test_one_stratum_has_no_homogeneity_test():
    assert mantel_haenszel([[[12, 5], [8, 9]]]).homogeneity is None


def test_tables_by_stratum_counts_everyone_once():
    rng = np.random.default_rng(4)
    group, outcome = rng.integers(0, 2, 200), rng.integers(0, 2, 200)
    school = rng.choice(["EDP-02", "EDP-01", "EDP-03"], 200)
    tables = stratified_tables(group, outcome, school)
    assert tables.sum() == 200
    assert tables[0, 0, 1] == ((school == "EDP-01") & (group == 1) & (outcome == 0)).sum()


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: newcombe(1, 0, 1, 2), "effectif nul"),
        (lambda: newcombe(3, 2, 1, 2), "3 sur 2"),
        (lambda: boschloo(1, 2, 3, 2), "3 sur 2"),
        (lambda: boschloo(0, 0, 1, 2), "effectif nul"),
        (lambda: fisher([[1, 2]], seed=1), "deux groupes"),
        (lambda: fisher([[1, 2], [0, 0]], seed=1), "deux groupes"),
        (lambda: fisher([[1, math.nan], [2, 3]], seed=1), "manquante"),
        (lambda: fisher([[1, -2], [2, 3]], seed=1), "positifs"),
        (lambda: fisher([1, 2], seed=1), "deux dimensions"),
        (lambda: mantel_haenszel([[1, 2], [3, 4]]), "2 × 2"),
        (lambda: mantel_haenszel([[[1, 2], [0, 0]]]), "aucune strate"),
        (lambda: mantel_haenszel([[[0, 2], [3, 4]]]), "nul ou infini"),
        (lambda: mantel_haenszel([[[math.nan, 2], [3, 4]]]), "manquante"),
        (lambda: stratified_tables([0, 2], [0, 1], ["a", "a"]), "seuls 0 et 1"),
        (lambda: stratified_tables([0, 1], [0, 1], ["a", None]), "strate : 1 valeur"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
