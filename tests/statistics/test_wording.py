"""What is said of an association."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.statistics.wording import association_sentence


def test_sentences_say_associated_and_never_cause():
    up = association_sentence("une entrée après 18 ans", "sortie anticipée", 0.124, 0.03, 0.21)
    assert "associé à une entrée" in up
    assert "plus élevé de 12 points (entre 3 et 21)" in up
    down = association_sentence("le fait d'être une femme", "abandon", -0.011, -0.02, -0.005)
    assert "le risque d'abandon associé au fait d'être une femme est moins élevé de 1 point (entre 1 et 2)" in down
    none = association_sentence("le sexe", "sortie anticipée", 0.02, -0.094, 0.13)
    assert "aucune association établie" in none
    assert "entre −9 et 13 points" in none
    for sentence in (up, down):
        assert sentence.endswith("une association n'est pas une cause.")
        assert not any(word in sentence for word in ("provoque", "entraîne", "effet", "à cause"))
    with pytest.raises(ValueError, match="hors de son intervalle"):
        association_sentence("x", "y", 0.5, 0.1, 0.2)


@given(st.floats(-1, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_direction_is_said_exactly_when_the_interval_leaves_zero(difference, below, above):
    said = association_sentence("le sexe", "sortie", difference, difference - below, difference + above)
    assert ("aucune association" in said) == (difference - below <= 0 <= difference + above)
    assert ("plus élevé" in said) == (difference - below > 0)
