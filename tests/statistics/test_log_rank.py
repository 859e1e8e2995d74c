"""Log-rank tests against R's survdiff."""

import warnings

import numpy as np
import pytest

from edp_analysis.statistics.log_rank import log_rank

TIME = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
SEEN = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
GROUP = ["Maintained"] * 11 + ["Nonmaintained"] * 12
"""R's ``survival::aml`` (Miller 1981)."""


def test_equals_r_survdiff():
    """R 4.2.2: ``survdiff(Surv(time, status) ~ x, aml)$chisq``."""
    found = log_rank(TIME, SEEN, GROUP)
    assert (found.statistic, found.pvalue) == pytest.approx((3.3963886989776, 0.0653393220405), abs=1e-9)
    assert found.degrees == 1


def test_stratified_equals_r_survdiff():
    """R 4.2.2: ``survdiff(Surv(time, status) ~ x + strata(rep(1:2, length.out = 23)), aml)$chisq``."""
    strata = [1 + i % 2 for i in range(23)]
    assert log_rank(TIME, SEEN, GROUP, strata).statistic == pytest.approx(2.72075937327, abs=1e-9)


def test_cause_specific_with_ties_equals_r():
    """R 4.2.2: ``survdiff(Surv(t, s == "a") ~ I(1:10 > 5))`` on a tied example: 3.24719101124."""
    time, status = [2, 2, 2, 4, 4, 5, 6, 6, 8, 9], "abcacbbaca"
    found = log_rank(time, [s == "a" for s in status], [i >= 5 for i in range(10)])
    assert found.statistic == pytest.approx(3.24719101124, abs=1e-9)


def test_order_units_and_labels_change_nothing_and_idle_strata_are_left_out():
    found = log_rank(TIME, SEEN, GROUP)
    order = np.random.default_rng(2).permutation(23)
    turned = log_rank(np.array(TIME)[order] * 30.5, np.array(SEEN)[order], np.array(GROUP)[order] == "Maintained")
    assert turned.statistic == pytest.approx(found.statistic)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        more = log_rank([*TIME, 4, 5], [*SEEN, 1, 0], [*GROUP, "Maintained", "Maintained"], [0] * 23 + [1, 1])
    assert more.statistic == pytest.approx(found.statistic)


def test_size_by_simulation():
    """Same pace in both groups: about 5 % of rejections in 300 draws (a binomial of 300 at 5 % stays under 30)."""
    rng = np.random.default_rng(8)
    rejected = sum(
        log_rank(rng.integers(1, 9, 60), rng.random(60) < 0.7, np.arange(60) % 2).pvalue <= 0.05 for _ in range(300)
    )
    assert 3 <= rejected <= 30


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: log_rank([1, 2], [1, 1], ["a", "a"]), "deux groupes"),
        (lambda: log_rank([1, 2], [0, 0], ["a", "b"]), "aucune sortie"),
        (lambda: log_rank([1, 2], [1, 1], ["a", "b"], [1, 2]), "aucune strate"),
        (lambda: log_rank([1, 2], [1, 0], ["b", "a"], ["x", None]), "1 valeur"),
        (lambda: log_rank([1, 2, 1], [0, 1, 0], ["a", "b", "a"]), "en même temps"),
        (lambda: log_rank([1, -2], [1, 1], ["a", "b"]), "négative"),
        (lambda: log_rank([], [], []), "non vide"),
    ],
)
def test_impossible_input_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
