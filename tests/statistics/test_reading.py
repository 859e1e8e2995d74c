"""The sentence under a figure names its reading and its limits."""

import pytest

from edp_analysis.statistics.reading import Reading, reading_sentence


def test_each_reading_says_what_the_interval_is():
    assert "tous les 378 jeunes" in reading_sentence(Reading.CENSUS, 378)
    assert "d’autres promotions" in reading_sentence(Reading.SUPERPOPULATION, 378)
    survey = reading_sentence(Reading.FINITE, 100, 132)
    assert "100 réponses sur 132" in survey
    assert "ne couvre pas" in survey


@pytest.mark.parametrize("reading", list(Reading))
def test_numbers_that_may_not_be_printed_are_left_out(reading):
    assert not any(character.isdigit() for character in reading_sentence(reading))


@pytest.mark.parametrize(
    ("reading", "total", "population", "says"),
    [
        (Reading.CENSUS, 10, 20, "population finie"),
        (Reading.FINITE, 30, 20, "moindre"),
        (Reading.FINITE, 30, None, "à la fois"),
    ],
)
def test_contradictions_are_refused(reading, total, population, says):
    with pytest.raises(ValueError, match=says):
        reading_sentence(reading, total, population)
