"""Ordered answers against R and a published example."""

import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.ordinal import compare_ordered, kruskal

pytestmark = pytest.mark.filterwarnings("error")


def test_hollander_and_wolfe_pain_scores_against_r():
    """Published in R's ``lawstat::brunner.munzel.test``: 3.1375, df 17.683, p 0.005786, estimate 0.788961.

    Y <- c(1,2,1,1,1,1,1,1,1,1,2,4,1,1); N <- c(3,3,4,3,1,2,3,1,1,5,4). R 4.2.2, formulas of Brunner and Munzel (2000)
    written out with rank(): se 0.09210009046817, t quantile at 17.68284, on the logit scale
    plogis(qlogis(p) ∓ qt(.975, df) se/(p(1 − p))) = 0.53868654754330, 0.92289107918357.
    """
    found = compare_ordered([3, 1, 4, 2, 1], [11, 2, 0, 1, 0])
    assert found.superiority == pytest.approx(0.78896103896104, abs=1e-12)
    assert found.test.statistic == pytest.approx(3.13746748230295, abs=1e-10)
    assert found.test.pvalue == pytest.approx(0.00578620866615, abs=1e-10)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.53868654754330, 0.92289107918357), abs=1e-10)


def test_kruskal_against_r():
    """R 4.2.2: kruskal.test(rep of the codes, group) gives 8.934099095, df 2, p 0.0114811405."""
    found = kruskal([[2, 5, 20, 13], [6, 12, 15, 7], [0, 0, 0, 0], [1, 3, 9, 9]])
    assert (found.statistic, found.degrees) == (pytest.approx(8.934099095, abs=1e-8), 2)
    assert found.pvalue == pytest.approx(0.0114811405, abs=1e-9)


scales = st.lists(st.integers(0, 12), min_size=4, max_size=4)


@settings(deadline=None, max_examples=40)
@given(scales, scales)
def test_the_comparison_turns_with_the_groups_and_ignores_an_empty_category(first, second):
    assume(sum(first) >= 2 and sum(second) >= 2)
    try:
        found = compare_ordered(first, second)
    except ValueError as error:
        assert "chevauchent" in str(error) or "même réponse" in str(error)
        return
    turned = compare_ordered(second, first)
    assert found.superiority + turned.superiority == pytest.approx(1)
    assert found.test.pvalue == pytest.approx(turned.test.pvalue, abs=1e-9)
    assert 0 < found.interval.low <= found.superiority <= found.interval.high < 1
    assert found.interval.low == pytest.approx(1 - turned.interval.high, abs=1e-9)
    stretched = compare_ordered([*first[:2], 0, *first[2:]], [*second[:2], 0, *second[2:]])
    assert stretched.superiority == pytest.approx(found.superiority)
    # By hand: count the pairs.
    pairs = sum(
        a * b * (1 if i > j else 0.5 if i == j else 0) for i, a in enumerate(first) for j, b in enumerate(second)
    )
    assert found.superiority == pytest.approx(pairs / (sum(first) * sum(second)))


def test_the_mean_of_the_codes_depends_on_the_codes_and_the_order_does_not():
    """Coded 1 2 3 4 both groups average 2.5; coded 1 2 3 7, one averages 2.5 and the other 3.25."""
    first, second = np.array([0, 10, 10, 0]), np.array([5, 5, 5, 5])
    means = [[float(np.average(codes, weights=g)) for g in (first, second)] for codes in ([1, 2, 3, 4], [1, 2, 3, 7])]
    assert means == [[2.5, 2.5], [2.5, 3.25]]
    assert compare_ordered(first, second).superiority == pytest.approx(0.5)


def test_degenerate_answers():
    with pytest.raises(ValueError, match="chevauchent"):
        compare_ordered([5, 5, 0, 0], [0, 0, 5, 5])
    with pytest.raises(ValueError, match="même réponse"):
        compare_ordered([0, 5, 0], [0, 9, 0])
    with pytest.raises(ValueError, match="au moins deux réponses"):
        compare_ordered([0, 0, 0], [0, 9, 1])
    with pytest.raises(ValueError, match="échelles différentes"):
        compare_ordered([3, 1], [3, 1, 2])
    with pytest.raises(ValueError, match="une seule modalité"):
        compare_ordered([3], [3])
    with pytest.raises(ValueError, match="comptes entiers"):
        compare_ordered([3, -1], [3, 1])
    assert kruskal([[0, 5], [0, 7]]).pvalue == 1.0
    with pytest.raises(ValueError, match="au moins deux groupes"):
        kruskal([[1, 5], [0, 0]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compare_ordered([1, 1, 0], [0, 1, 1]).interval.low > 0
