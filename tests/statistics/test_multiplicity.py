"""Adjusted p-values against R's p.adjust."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.statistics.multiplicity import adjust

RAW = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005, "e": 0.2}


def test_equals_r_p_adjust_with_the_raw_beside():
    """R 4.2.2: ``p.adjust(c(.01,.04,.03,.005,.2), "holm")`` and ``"BH"``."""
    holm, bh = adjust(RAW, "holm"), adjust(RAW, "bh")
    assert holm["p_brute"].tolist() == list(RAW.values())
    assert holm["p_ajustee"].tolist() == pytest.approx([0.040, 0.090, 0.090, 0.025, 0.200])
    assert bh["p_ajustee"].tolist() == pytest.approx([0.025, 0.050, 0.050, 0.025, 0.200])
    assert holm["etabli"].tolist() == [True, False, False, True, False]
    assert bh["etabli"].tolist() == [True, True, True, True, False]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_is_never_below_raw_and_follows_the_order(raw):
    named = {f"c{i}": p for i, p in enumerate(raw)}
    for method in ("holm", "bh"):
        found = adjust(named, method)
        assert (found["p_ajustee"] >= found["p_brute"] - 1e-12).all()
        assert (found["p_ajustee"] <= 1).all()
        turned = adjust(dict(reversed(named.items())), method)
        assert turned["p_ajustee"].tolist()[::-1] == pytest.approx(found["p_ajustee"].tolist())
    assert (adjust(named, "holm")["p_ajustee"] >= adjust(named, "bh")["p_ajustee"] - 1e-12).all()


@pytest.mark.parametrize(
    ("pvalues", "method", "says"),
    [({}, "holm", "non vide"), ({"a": math.nan}, "holm", "manquante"), ({"a": 1.2}, "bh", "entre 0 et 1"),
     ({"a": 0.2}, "sidak", "inconnu")],
)  # fmt: skip
def test_impossible_input_is_refused(pvalues, method, says):
    with pytest.raises(ValueError, match=says):
        adjust(pvalues, method)
