"""Shared refusals."""

import numpy as np
import pytest

from edp_analysis.statistics.checks import finite_vector, labels, same_length, zero_one


@pytest.mark.parametrize(
    ("values", "says"),
    [([], "non vide"), ([[1, 2]], "forme reçue"), ([1, np.nan, np.inf], "2 valeur"), (["a"], "des nombres")],
)
def test_what_is_not_a_list_of_numbers_is_refused_by_name(values, says):
    with pytest.raises(ValueError, match=f"^durées : .*{says}"):
        finite_vector(values, "durées")


def test_zero_one_and_labels_and_lengths():
    assert zero_one([True, False], "x").tolist() == [1.0, 0.0]
    with pytest.raises(ValueError, match="seuls 0 et 1"):
        zero_one([0, 0.5], "x")
    with pytest.raises(ValueError, match="1 valeur"):
        labels(["EDP-01", None], "école")
    with pytest.raises(ValueError, match="a : 2, b : 1"):
        same_length(a=np.zeros(2), b=np.zeros(1))
