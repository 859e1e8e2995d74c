"""The model of early exit, on made-up youths whose risk is known."""

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.indicators.early_exit import covariates, early_exit

CAMPAIGN = load_campaign("2024")
AGE, GIRL = "Un an de plus à l’entrée", "Fille"


def youths(learners, *cells, **more):
    """Youths from (school, sex, age, gone early, in all)."""
    return learners(
        *(
            {"ecole": school, "sexe": sex, "age_entree": age, "derniere_classe": "1023",
             **({"statut": "SORTIE_ANTICIPEE", "date_sortie": "2020-01-15"} if rank < gone else
                {"statut": "FIN_DE_FORMATION", "date_sortie": "2021-07-01"}), **more}
            for school, sex, age, gone, total in cells
            for rank in range(total)
        )
    )  # fmt: skip


def both(risks, size=30):
    """The same risks for girls and boys, in three schools."""
    return [(school, sex, age, gone, size) for school in "ABC" for sex in "FH" for age, gone in risks.items()]


def test_an_age_effect_is_found_and_no_effect_of_sex_is_invented(learners):
    """Risk of 10, 20, 30 and 40 % at 15 to 18 years, the same for girls and boys: ten points a year, zero for sex.

    The logit is steeper at 18 than at 15, and the one year more is added to those of 18 too: up to 1.5 points above.
    """
    found = early_exit(youths(learners, *both({15: 3, 16: 6, 17: 9, 18: 12})), CAMPAIGN)
    assert found.difference(AGE).value == pytest.approx(10, abs=1.5)
    assert found.established(AGE) and found.words(AGE) == "associé à davantage de sorties anticipées"
    assert found.difference(GIRL).value == pytest.approx(0, abs=1e-6)
    assert not found.established(GIRL) and "sans association établie" in found.words(GIRL)
    assert (found.observations, found.events) == (720, 180)
    assert found.to_frame()["Facteur"].tolist() == [GIRL, AGE]


def test_an_effect_of_the_school_is_not_taken_for_the_age(learners):
    """School A takes the old and loses 40 %, B the young and loses 10 %; within each, age does not matter."""
    cells = [("A", sex, age, 12, 30) for sex in "FH" for age in (17, 18)]
    cells += [("B", sex, age, 3, 30) for sex in "FH" for age in (15, 16)]
    cells += [("C", sex, age, 6, 30) for sex in "FH" for age in (15, 18)]
    found = early_exit(youths(learners, *cells), CAMPAIGN)
    assert found.difference(AGE).value == pytest.approx(0, abs=0.5)
    assert not found.established(AGE)
    assert found.by_school[AGE].value > 3  # without the constants of schools, age stands for the school


def test_the_words_never_say_cause(learners):
    found = early_exit(youths(learners, *both({15: 3, 18: 12})), CAMPAIGN)
    assert "cause" not in found.words(AGE) + " ".join(found.to_frame().columns)


@pytest.mark.parametrize(
    "cells",
    [[], [("A", "F", 15, 1, 4)], [("A", "F", 15, 0, 100)], [("A", "F", 15, 19, 100)], [("A", "F", 15, 30, 60)]],
    ids=["personne", "quatre jeunes", "aucune sortie", "peu de sorties", "rien ne varie"],
)
def test_what_cannot_be_modelled_says_why(learners, cells):
    found = early_exit(youths(learners, *cells), CAMPAIGN)
    assert found.differences == {} and found.reason
    assert found.difference(AGE).reason == found.reason
    assert found.to_frame().empty and not found.established(AGE)


def test_a_single_school_and_a_single_sex_still_have_ages(learners):
    found = early_exit(youths(learners, ("A", "H", 15, 10, 60), ("A", "H", 17, 30, 60)), CAMPAIGN)
    assert list(found.differences) == [AGE]
    assert found.by_school == {} and found.by_school_method.startswith("non calculable")


def test_covariates_keep_those_whose_sex_and_age_are_known(learners):
    frame = learners({}, {"sexe": None}, {"age_entree": None}, {"derniere_classe": "9900", "date_entree": "2024-01-08"})
    table = covariates(frame, CAMPAIGN)
    assert list(table.index) == ["p001", "p004"]
    assert table["Origine"].tolist() == ["Origine inconnue", "Autre origine connue"]
    assert table["Recul"].tolist() == ["Entrés depuis deux ans ou plus", "Entrés depuis moins d’un an"]
