"""A percentage printed with its interval gives the count away: why small bases carry no percentage."""

from collections import defaultdict

import pandas as pd
import pytest

from edp_analysis.exhibits.french import rounded_percent
from edp_analysis.exhibits.sentence import write_indicator
from edp_analysis.indicators.result import share
from edp_analysis.statistics.proportions import wilson

LARGEST = 378


@pytest.fixture(scope="module")
def printed():
    """Every count whose share and Wilson limits, rounded to the unit, read the same, for n up to 378."""
    counts = defaultdict(list)
    for total in range(1, LARGEST + 1):
        for count in range(total + 1):
            found = wilson(count, total)
            counts[round(100 * count / total), round(100 * found.low), round(100 * found.high)].append((count, total))
    return counts


@pytest.mark.parametrize(("count", "total"), [(7, 18), (11, 25), (3, 9), (19, 23)])
def test_whole_numbers_alone_betray_a_small_count(printed, count, total):
    """No base is printed, yet of all the counts with n up to 378 one alone reads so (by enumeration)."""
    found = wilson(count, total)
    key = round(100 * count / total), round(100 * found.low), round(100 * found.high)
    assert printed[key] == [(count, total)]


def test_below_the_threshold_no_percentage_and_no_limit_is_written():
    """7 of 18, threshold 20: the naive sentence would say 39 % (20 to 61 %), from which 7 of 18 is read back."""
    small = share("x", "Certifiés", pd.Series([True] * 7 + [False] * 11), "dix-huit sortants")
    assert rounded_percent(7, 18) == 39
    for form in ("", "compte", "intervalle", "complet", "1"):
        text = write_indicator(small, form, threshold=20)
        assert "%" not in text
        assert "[faible]" in text


def test_a_share_on_too_few_travels_as_its_counts() -> None:
    """The rows that become the CSV file: 1 of 8 is not written 0.125; 10 of 20 keeps its value."""
    from edp_analysis.exhibits.exhibit import Exhibit
    from edp_analysis.indicators.result import Indicator

    cells = [Indicator("x", "X", count / total, "%", "jeunes", count, total) for count, total in ((1, 8), (10, 20))]
    rows = Exhibit("t", "table", table=pd.DataFrame({"Part": cells}), threshold=20).as_dict()["lignes"]
    assert [row["Part"] for row in rows] == ["1 sur 8 [faible]", 0.5]
