"""Garwood's interval, against the published table (Garwood 1936; Pearson and Hartley, table 40, 95 %)."""

import pytest

from edp_analysis.statistics.counts import garwood


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.69), (1, 0.0253, 5.57), (5, 1.62, 11.67), (10, 4.80, 18.39), (50, 37.11, 65.92)],
)
def test_published_table(count, low, high):
    interval = garwood(count)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=0.005)


@pytest.mark.parametrize(("count", "level"), [(-1, 0.95), (3, 1.0)])
def test_impossible_arguments_are_refused(count, level):
    with pytest.raises(ValueError):
        garwood(count, level)
