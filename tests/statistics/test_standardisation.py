"""Direct standardisation against the published birth-order table."""

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from edp_analysis.statistics.standardisation import standardise

BIRTHS = [
    [230061, 329449, 114920, 39487, 14208, 3052],
    [72202, 326701, 208667, 83228, 28466, 5375],
    [15050, 175702, 207081, 117300, 45026, 8660],
    [2293, 68800, 132424, 98301, 46075, 9834],
    [327, 30666, 123419, 149919, 104088, 34392],
]
CASES = [
    [107, 141, 60, 40, 39, 25],
    [25, 150, 110, 84, 82, 39],
    [3, 71, 114, 103, 108, 75],
    [1, 26, 64, 89, 137, 96],
    [0, 8, 63, 112, 262, 295],
]
STANDARD = [sum(stratum) for stratum in zip(*BIRTHS, strict=True)]


@pytest.mark.parametrize(
    ("order", "crude", "rate", "low", "high"),
    [(1, 56.3, 92.3, 80.4, 105.8), (2, 67.6, 91.2, 82.4, 100.9), (3, 83.3, 85.1, 77.2, 94.2),
     (4, 115.5, 92.7, 80.0, 114.7), (5, 167.1, 75.5, 67.7, 188.3)],
)  # fmt: skip
def test_fay_and_feuer_1997_table_1(order, crude, rate, low, high):
    """Down's syndrome by birth order, six ages of the mother, Michigan 1950–1964, per 100 000.

    Fay and Feuer, Statistics in Medicine 16 (1997) 791-801, table I; the example of
    ``ageadjust.direct`` in R's epitools.
    """
    found = standardise(CASES[order - 1], BIRTHS[order - 1], STANDARD)
    values = (found.crude, found.rate, found.interval.low, found.interval.high)
    assert [round(1e5 * value, 1) for value in values] == [crude, rate, low, high]


def test_one_stratum_is_the_exact_poisson_interval():
    """7 events in 100: χ²(0.025; 14)/200 and χ²(0.975; 16)/200, the limits of Garwood (1936)."""
    found = standardise([7], [100], [1]).interval
    assert (found.low, found.high) == pytest.approx((chi2.ppf(0.025, 14) / 200, chi2.ppf(0.975, 16) / 200))
    assert (found.low, found.high) == pytest.approx((0.0281436305152, 0.144226753617))


def test_shares_and_no_event_equal_r():
    """R 4.2.2, the formula of ``ageadjust.direct`` typed again; with no event R's lower limit is NaN, ours 0."""
    found = standardise([12, 30, 8], [40, 50, 20], [100, 100, 50])
    assert (found.rate, found.interval.low, found.interval.high) == pytest.approx(
        (0.44, 0.325929849928, 0.582502011113), abs=1e-11
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        none = standardise([0, 0], [40, 60], [1, 1])
    assert (none.rate, none.interval.low) == (0.0, 0.0)
    assert none.interval.high == pytest.approx(0.0461109931764, abs=1e-11)


strata = st.lists(
    st.tuples(st.integers(0, 50), st.integers(1, 200), st.integers(1, 100)).map(
        lambda t: (min(t[0], t[1]), t[1], t[2])
    ),
    min_size=1,
    max_size=6,
)


@given(strata, st.integers(2, 9))
def test_scale_order_and_own_mix(rows, factor):
    counts, totals, standard = (list(column) for column in zip(*rows, strict=True))
    found = standardise(counts, totals, standard)
    assert 0 <= found.interval.low <= found.rate <= found.interval.high <= 1
    scaled = standardise(counts[::-1], totals[::-1], [factor * s for s in standard[::-1]])
    assert (scaled.rate, scaled.interval.high) == pytest.approx((found.rate, found.interval.high))
    own = standardise(counts, totals, totals)
    assert own.rate == pytest.approx(own.crude)
    with_gap = standardise([*counts, 0], [*totals, 0], [*standard, 0])
    assert with_gap.rate == pytest.approx(found.rate)


@pytest.mark.parametrize(
    ("counts", "totals", "standard", "says"),
    [
        ([1, 0], [5, 0], [1, 1], "regrouper"),
        ([1, 1], [5, 0], [1, 0], "regrouper"),
        ([1, -1], [5, 5], [1, 1], "positifs"),
        ([1, math.nan], [5, 5], [1, 1], "manquante"),
        ([1, 1], [5, 5], [0, 0], "vide"),
        ([0], [0], [0], "vide"),
        ([1], [5, 5], [1, 1], "longueurs"),
    ],
)
def test_impossible_input_is_refused(counts, totals, standard, says):
    with pytest.raises(ValueError, match=says):
        standardise(counts, totals, standard)
