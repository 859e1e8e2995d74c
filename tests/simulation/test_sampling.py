"""Draws that keep totals exact."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.simulation.sampling import choose, deal, systematic, tilt

seeds = st.integers(0, 2**32 - 1)


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=60), st.data())
def test_tilt_keeps_total_and_odds_ratios(log_odds, data):
    total = data.draw(st.integers(0, len(log_odds)))
    p = tilt(log_odds, total)
    assert p.sum() == pytest.approx(total, abs=1e-6)
    if 0 < total < len(log_odds):
        shift = np.log(p / (1 - p)) - np.asarray(log_odds)
        assert shift == pytest.approx(np.full(len(log_odds), shift[0]), abs=1e-6)


def test_tilt_keeps_certain_and_impossible():
    """One certain and one impossible: the two others share the single place left, half each."""
    assert tilt([np.inf, -np.inf, 0.3, 0.3], 2) == pytest.approx([1, 0, 0.5, 0.5])


@pytest.mark.parametrize("total", [0, 4])
def test_tilt_refuses_what_cannot_be(total):
    with pytest.raises(ValueError, match="hors de portée"):
        tilt([np.inf, -np.inf, 0.0, 0.0], total)


@given(st.lists(st.floats(-6, 6), min_size=1, max_size=80), seeds, st.data())
def test_systematic_selects_exactly_the_total(log_odds, seed, data):
    total = data.draw(st.integers(0, len(log_odds)))
    assert systematic(tilt(log_odds, total), np.random.default_rng(seed)).sum() == total


def test_systematic_is_even_along_the_order():
    """Ten of twenty, half each: any run of two neighbours holds exactly one of them."""
    picked = systematic([0.5] * 20, np.random.default_rng(3))
    assert (picked[0::2].astype(int) + picked[1::2].astype(int) == 1).all()


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 9), max_size=6), seeds)
def test_deal_keeps_counts(counts, seed):
    dealt = deal(counts, np.random.default_rng(seed))
    assert {value: dealt.count(value) for value in counts} == counts
    assert len(dealt) == sum(counts.values())


def test_choose_never_draws_a_null_weight():
    rng = np.random.default_rng(0)
    assert {choose({"a": 1, "b": 0, "c": 2}, rng) for _ in range(200)} == {"a", "c"}
