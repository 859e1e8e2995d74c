"""Differences and their words."""

import pytest

from edp_analysis.exhibits.claims import ClaimError
from edp_analysis.exhibits.sentence import render
from edp_analysis.indicators.gaps import attempt, gap, verdict
from edp_analysis.statistics.proportions import Interval


def difference(low, high):
    return gap("d", "Différence", (low + high) / 2, Interval(low, high, 0.95, "Newcombe"), "jeunes")


@pytest.mark.parametrize(
    ("low", "high", "word"), [(-0.1, 0.1, "écart non établi"), (0.01, 0.1, "hausse"), (-0.1, -0.01, "baisse")]
)
def test_the_word_given_passes_the_guard_and_the_others_do_not(low, high, word):
    found = difference(low, high)
    assert verdict(found) == word
    render("{mot} : {d:complet}", {"mot": word, "d": found}, 20)
    for other in {"écart non établi", "hausse", "baisse"} - {word}:
        with pytest.raises(ClaimError):
            render("{mot} : {d:complet}", {"mot": other, "d": found}, 20)


def test_nothing_computed_is_said_so_and_passes_the_guard():
    def refused():
        raise ValueError("une seule période")

    found = attempt("d", "Différence", "points", "jeunes", refused)
    assert verdict(found) == "rien d’établi"
    written = render("{mot} : {d:complet}", {"mot": verdict(found), "d": found}, 20).text
    assert "non calculable" in written.lower() and "une seule période" in written


def test_only_a_refusal_of_the_data_becomes_a_reason():
    def broken():
        raise KeyError("faute de frappe")

    with pytest.raises(KeyError):
        attempt("d", "Différence", "points", "jeunes", broken)
