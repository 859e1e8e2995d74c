"""Partial pooling against the rats of Bayesian Data Analysis and R."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import betabinom

from edp_analysis.statistics.pooling import partial_pooling
from edp_analysis.statistics.proportions import wilson

RATS = [0] * 14 + [1] * 8 + [2] * 9 + [1, 5, 2, 5, 3, 2, 7, 7, 3, 3, 2, 9, 10] + [4] * 7
RATS += [10, 4, 4, 4, 5, 11, 12, 5, 5, 6, 5, 6, 6, 6, 6, 16, 15, 15, 9, 4]
CAGES = [20] * 7 + [19] * 4 + [18, 18, 17] + [20] * 4 + [19, 19, 18, 18, 25, 24, 23] + [20] * 6
CAGES += [10, 49, 19, 46, 27, 17, 49, 47, 20, 20, 13, 48, 50] + [20] * 7
CAGES += [48, 19, 19, 19, 22, 46, 49, 20, 20, 23, 19, 22, 20, 20, 20, 52, 46, 47, 24, 14]
"""Tumours in 71 groups of rats (Tarone 1982; Gelman et al., Bayesian Data Analysis, table 5.1)."""

COUNTS, TOTALS = [3, 7, 18, 9, 5, 14, 19, 8, 20, 2], [24, 20, 30, 22, 19, 24, 25, 21, 28, 23]
NAMES = [f"EDP-{i:02d}" for i in range(1, 11)]


@pytest.fixture(autouse=True)
def no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_rats_give_the_known_optimum():
    """267 tumours in 1739 rats; the marginal likelihood is highest at (2.3416, 14.1148)."""
    assert (len(RATS), sum(RATS), sum(CAGES)) == (71, 267, 1739)
    found = partial_pooling([f"{i:02d}" for i in range(71)], RATS, CAGES)
    assert (found.alpha, found.beta) == pytest.approx((2.3416, 14.1148), abs=5e-4)


def test_equals_r():
    """R 4.2.2: ``optim`` on the log likelihood (VGAM's ``betabinomialff`` agrees to 1e-5), then ``qbeta``::

    ll <- function(t) -sum(lchoose(n,y) + lbeta(y+exp(t[1]), n-y+exp(t[2])) - lbeta(exp(t[1]), exp(t[2])))
    exp(optim(c(1,1), ll, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))$par)
    (a+y)/(a+b+n); qbeta(.025, a+y, b+n-y); qbeta(.975, a+y, b+n-y)
    """
    found = partial_pooling(NAMES, COUNTS, TOTALS)
    assert (found.alpha, found.beta) == pytest.approx((2.23398, 2.99673), rel=2e-5)
    assert found.table["taux_lisse"].tolist() == pytest.approx(
        [0.179057713938, 0.365981739451, 0.574327726780, 0.412548108138, 0.298545974449, 0.555373923236,
         0.702397336280, 0.390152553627, 0.669079025540, 0.149977980840], abs=2e-6)  # fmt: skip
    assert found.table["bas"].tolist()[:3] == pytest.approx(
        [0.0651381986278, 0.1935530836701, 0.4103836732425], abs=3e-6
    )
    assert found.table["haut"].tolist()[:3] == pytest.approx([0.334283900048, 0.558533241536, 0.730272670563], abs=3e-6)


def test_groups_that_vary_no_more_than_chance_are_all_the_overall_rate():
    found = partial_pooling(["a", "b", "c", "d"], [10, 11, 9, 10], [20, 20, 20, 20])
    overall = wilson(40, 80)
    assert math.isinf(found.alpha)
    assert found.mean == 0.5
    assert found.table["taux_lisse"].tolist() == [0.5] * 4
    assert (found.table["bas"] == overall.low).all()
    assert (found.table["haut"] == overall.high).all()


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(sum), min_size=3, max_size=10))
def test_smoothed_rates_lie_between_raw_and_mean_and_follow_the_names(cells):
    counts, totals = [a for a, _ in cells], [a + b for a, b in cells]
    if all(a in (0, n) for a, n in zip(counts, totals, strict=True)):
        return
    names = [f"EDP-{i:02d}" for i in range(len(cells))]
    found = partial_pooling(names, counts, totals)
    table = found.table
    assert np.isfinite(table[["taux_lisse", "bas", "haut"]].to_numpy()).all()
    between = (table["taux_lisse"] - table["taux"]) * (table["taux_lisse"] - found.mean)
    assert (between <= 1e-9).all()
    assert ((table["bas"] <= table["taux_lisse"]) & (table["taux_lisse"] <= table["haut"])).all()
    turned = partial_pooling(names[::-1], counts[::-1], totals[::-1]).table
    assert turned["groupe"].tolist() == names
    assert turned["taux_lisse"].tolist() == pytest.approx(table["taux_lisse"].tolist(), abs=1e-4)


def test_no_nearby_parameters_are_likelier():
    found = partial_pooling(NAMES, COUNTS, TOTALS)

    def likelihood(alpha, beta):
        return betabinom.logpmf(COUNTS, TOTALS, alpha, beta).sum()

    best = likelihood(found.alpha, found.beta)
    for factor in (0.98, 1.02):
        assert likelihood(found.alpha * factor, found.beta) < best
        assert likelihood(found.alpha, found.beta * factor) < best


def test_pooled_rates_are_nearer_the_truth_than_raw_ones():
    """40 draws of ten schools of 20 with true rates Beta(10, 10): the mean squared error falls by a third or more."""
    rng = np.random.default_rng(5)
    raw = smooth = 0.0
    for _ in range(40):
        truth = rng.beta(10, 10, 10)
        counts = rng.binomial(20, truth)
        table = partial_pooling(NAMES, counts, [20] * 10).table
        raw += ((table["taux"] - truth) ** 2).sum()
        smooth += ((table["taux_lisse"] - truth) ** 2).sum()
    assert smooth < 0.67 * raw


@pytest.mark.parametrize(
    ("names", "counts", "totals", "says"),
    [
        (["a", "b"], [1, 1], [2, 2], "trois groupes"),
        (["a", "b", "b"], [1, 1, 1], [2, 2, 2], "noms différents"),
        (["a", "b", "c"], [0, 0, 0], [2, 2, 2], "aucun taux"),
        (["a", "b", "c"], [0, 2, 2], [2, 2, 2], "valent 0 ou 1"),
        (["a", "b", "c"], [1, 3, 1], [2, 2, 2], "3.0 sur 2.0"),
        (["a", "b", "c"], [1, 0, 1], [2, 0, 2], "effectif nul"),
        (["a", "b", "c"], [1, 1], [2, 2, 2], "longueurs"),
        (["a", "b", None], [1, 1, 1], [2, 2, 2], "groupes : 1 valeur"),
    ],
)
def test_impossible_input_is_refused(names, counts, totals, says):
    with pytest.raises(ValueError, match=says):
        partial_pooling(names, counts, totals)
