"""The survey weighted to the registry, on counts done by hand."""

import pandas as pd
import pytest

from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.schema import load_schema
from edp_analysis.indicators import participation, satisfaction, weighting

NAMES = load_schema("enquete").names
BEFORE = {"ecole": "EDP-01", "annee_scolaire_entree": "2022-2023"}


def answers(*groups):
    """Make respondents: (number, what they answered) each."""
    rows = [{**BEFORE, "date_reponse": "2024-03-04", **person} for number, person in groups for _ in range(number)]
    frame = pd.DataFrame(rows, columns=list(NAMES)).astype(object)
    return typed(frame.assign(id_reponse=[f"12-{rank}" for rank in range(len(frame))]), "enquete")


def enrolled(learners, girls, boys, **more):
    entry = {**BEFORE, "date_entree": "2022-09-01", **more}
    return learners(*[{**entry, "sexe": "F"}] * girls, *[{**entry, "sexe": "H"}] * boys)


YES, NO = {"satisfait": "PLUTOT"}, {"satisfait": "PLUTOT_PAS"}
# Ten girls, nine of them satisfied; thirty boys, fifteen satisfied: 24 of 40.
FORTY = answers(
    (9, {"sexe": "F", **YES}), (1, {"sexe": "F", **NO}), (15, {"sexe": "H", **YES}), (15, {"sexe": "H", **NO})
)


def test_weights_give_back_the_share_of_girls(learners):
    """Sixty girls and sixty boys are enrolled: a girl weighs 6, a boy 2; (9·6 + 15·2) / 120 = 70 %, 60 % unweighted.

    Kish: 40 (10·36 + 30·4) / 120² = 1.333.
    """
    weights = weighting.ponderer(FORTY, enrolled(learners, 60, 60))
    assert weights.enrolled == 120 and weights.reason == ""
    assert weighting.effet_ponderation(weights).value == pytest.approx(4 / 3)
    row = weighting.cote_a_cote(FORTY, weights).iloc[-1]
    assert row["Sans pondération"].value == pytest.approx(0.6)
    assert row["Avec pondération"].value == pytest.approx(0.7)
    assert row["Différence"] == pytest.approx(10)
    assert weighting.deplacement(weighting.cote_a_cote(FORTY, weights)).value == pytest.approx(10)
    assert "pondéré" in row["Avec pondération"].interval.method
    assert row["Avec pondération"].numerator is None, "a weighted share has no count to print"


def test_the_profile_sets_respondents_beside_the_enrolled(learners):
    """Girls are 10 of 40 respondents and 60 of 120 enrolled: 25 points apart. One school, one year: no row."""
    weights = weighting.ponderer(FORTY, enrolled(learners, 60, 60))
    assert weights.profile.to_numpy().tolist() == [["Sexe", "Fille", 10, 0.25, 0.5], ["Sexe", "Garçon", 30, 0.75, 0.5]]
    assert weighting.distance_profil(weights).value == pytest.approx(25)


def test_who_left_a_blank_keeps_a_neutral_weight(learners):
    """Ten more who do not give their sex, among 150 enrolled: each weighs 150/50 = 3, the mean weight."""
    fifty = pd.concat([FORTY, answers((10, {"sexe": None, **YES})).assign(id_reponse=[f"9-{n}" for n in range(10)])])
    weights = weighting.ponderer(fifty.reset_index(drop=True), enrolled(learners, 75, 75))
    assert weights.raking.weights[-10:] == pytest.approx(3)
    assert weights.raking.weights.sum() == pytest.approx(150)
    assert weights.raking.weights[[0, 39]] == pytest.approx([6, 2])


def test_two_margins_are_met_together(learners):
    """Sex and school: after raking, both weighted margins are the registry's."""
    other = {"ecole": "EDP-02"}
    survey = answers(
        (8, {"sexe": "F", **YES}), (12, {"sexe": "H", **NO}), (6, {"sexe": "F", **other}), (14, {"sexe": "H", **other})
    )
    registry = pd.concat([enrolled(learners, 20, 30), enrolled(learners, 10, 40, **other)], ignore_index=True)
    registry["id_jeune"] = [f"j{rank}" for rank in range(len(registry))]
    weights = weighting.ponderer(survey, registry)
    total = pd.Series(weights.raking.weights)
    assert total.groupby(survey["sexe"]).sum().to_dict() == pytest.approx({"F": 30, "H": 70})
    assert total.groupby(survey["ecole"]).sum().to_dict() == pytest.approx({"EDP-01": 50, "EDP-02": 50})


def test_only_those_enrolled_on_the_last_day_count(learners):
    gone = enrolled(learners, 50, 50, date_sortie="2024-03-03", statut="SORTIE_ANTICIPEE")
    registry = pd.concat([enrolled(learners, 60, 60), gone.assign(id_jeune=[f"x{n}" for n in range(100)])])
    assert weighting.ponderer(FORTY, registry.reset_index(drop=True)).enrolled == 120


@pytest.mark.parametrize(
    ("survey", "girls", "reason"),
    [
        (empty_frame("enquete"), 60, participation.NO_ANSWER),
        (FORTY.assign(date_reponse=pd.NaT), 60, "jour de l’enquête"),
        (FORTY, 0, "40 réponses pour 30 jeunes"),
        (FORTY.iloc[8:14].reset_index(drop=True), 60, "trop peu de réponses"),
    ],
    ids=["absente", "sans date", "plus que d'inscrits", "six réponses"],
)
def test_without_weights_the_reason_is_given(learners, survey, girls, reason):
    weights = weighting.ponderer(survey, enrolled(learners, girls, 30))
    assert weights.raking is None and reason in weights.reason
    table = weighting.cote_a_cote(survey, weights)
    assert all(item.value is None and item.reason for item in table["Avec pondération"])
    assert weighting.deplacement(table).value is None and weighting.deplacement(table).reason
    assert weighting.effet_ponderation(weights).value is None


def test_scenarios_on_those_who_did_not_answer():
    """24 of 40 among 120: the 80 silent at 50 %, 40 %, 0 and 100 % give 64, 56, 24 and 104 of 120."""
    scenarios = weighting.sensibilite(satisfaction.satisfaction(FORTY, inscrits=120), 120)
    assert [round(item.value * 120, 6) for item in scenarios.values()] == [72, 64, 56, 24, 104]
    assert all(item.denominator == 120 and item.numerator is None for item in scenarios.values())


def test_the_silent_cannot_be_less_than_nobody():
    """1 of 20 satisfied: ten points less is none of the silent, as in the lower bound."""
    scenarios = weighting.sensibilite(satisfaction.satisfaction(answers((1, YES), (19, NO)), inscrits=40), 40)
    assert scenarios["10 points de moins"].value == scenarios["aucun satisfait"].value == 1 / 40


def test_no_scenario_without_the_number_of_enrolled():
    scenarios = weighting.sensibilite(satisfaction.satisfaction(FORTY), 0)
    assert {item.reason for item in scenarios.values()} == {"nombre de jeunes inscrits inconnu"}
