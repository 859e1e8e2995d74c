"""Small categories merged: by hand, then what must hold whatever the counts."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.indicators.merging import merge_small

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9), min_size=1)


def people(counts):
    return pd.Series([name for name, number in counts.items() for _ in range(number)], dtype="str")


def test_a_small_school_joins_the_smallest_other():
    """Respondents a 6, b 4, c 5: b is short of five, c is the smallest other; a stays alone."""
    answers = people({"a": 6, "b": 4, "c": 5})
    assert merge_small(answers, answers, 5, ordered=False) == {"a": "a", "b": "b + c", "c": "b + c"}


def test_a_small_year_joins_its_neighbour_even_a_large_one():
    """Respondents 9, 2, 7, 5: the second joins the third (7), its smaller neighbour, and not the fourth (5)."""
    answers = people({"2020": 9, "2021": 2, "2022": 7, "2023": 5})
    assert set(merge_small(answers, answers, 5, ordered=True).values()) == {"2020", "2021 + 2022", "2023"}


def test_an_answer_that_nobody_enrolled_can_have_given_is_merged():
    answers, enrolled = people({"2021": 6, "2022": 8, "2019": 7}), people({"2021": 9, "2022": 9})
    assert merge_small(answers, enrolled, 5, ordered=True)["2019"] == "2019 + 2021"


def test_a_school_where_nobody_answered_is_merged():
    groups = merge_small(people({"a": 6, "b": 7}), people({"a": 8, "b": 9, "c": 3}), 5, ordered=False)
    assert groups["c"] == groups["a"] == "a + c"


@given(COUNTS, COUNTS, st.booleans())
def test_every_category_keeps_its_people_and_is_large_enough_or_alone(answers, enrolled, ordered):
    sample, population = people(answers), people(enrolled)
    groups = merge_small(sample, population, 5, ordered)
    assert set(groups) == {*sample, *population}
    if len(set(groups.values())) > 1:
        assert sample.map(groups).value_counts().reindex(set(groups.values()), fill_value=0).min() >= 5
        assert set(groups.values()) == set(population.map(groups))
    assert merge_small(sample[::-1], population[::-1], 5, ordered) == groups
