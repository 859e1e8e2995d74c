"""Separation and redundant columns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.separation import independent_columns, separating_direction


def signed(outcome, *columns):
    design = np.column_stack([np.ones(len(outcome)), *columns])
    return design * (2 * np.asarray(outcome) - 1)[:, None]


def test_the_four_textbook_cases():
    """Albert and Anderson (1984): complete, quasi-complete and no separation; and one hidden in a combination."""
    assert separating_direction(signed([0, 0, 1, 1], [1, 2, 3, 4])) is not None
    assert separating_direction(signed([0, 0, 1, 1], [1, 2, 2, 3])) is not None
    assert separating_direction(signed([0, 1, 0, 1], [1, 2, 3, 4])) is None
    small = signed([0, 0, 1, 1], np.array([1, 2, 2, 3]) / 1000)
    direction = separating_direction(small)
    assert (small @ direction >= -1e-9).all()
    a, b = [0, 1, 2, 3, 1, 2], [3, 2, 1, 0, 0, 3]
    outcome = [int(x + y > 3) for x, y in zip(a, b, strict=True)]
    assert separating_direction(signed(outcome, a, b)) is not None


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(-4, 4)), min_size=6, max_size=14))
def test_one_covariate_is_separated_exactly_when_its_ranges_do_not_cross(rows):
    """By hand: with a constant and one covariate, finite estimates need max(x | 0) > min(x | 1) and the converse."""
    outcome, x = np.array(rows).T
    if len(set(outcome)) < 2:
        return
    no, yes = x[outcome == 0], x[outcome == 1]
    crossed = no.max() > yes.min() and yes.max() > no.min()
    constant = len(set(x)) == 1
    assert (separating_direction(signed(outcome, x)) is None) == (crossed or constant)


def test_what_cannot_be_estimated_is_named():
    with pytest.raises(ValueError, match=r"constante\(s\) : sexe"):
        independent_columns(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 4.0], [1.0, 0.0]]), ("sexe", "âge"))
    a = np.array([1.0, 2, 3, 5, 8, 9])
    with pytest.raises(ValueError, match="« année de naissance » se déduit"):
        independent_columns(np.column_stack([a, 2020 - a]), ("âge", "année de naissance"))
    with pytest.raises(ValueError, match="saturé"):
        independent_columns(np.array([[1.0], [2.0]]), ("âge",))
