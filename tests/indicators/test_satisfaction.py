"""The survey's indicators, on answers counted by hand."""

from datetime import date

import pandas as pd
import pytest

from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.schema import load_schema
from edp_analysis.indicators import participation
from edp_analysis.indicators import satisfaction as survey

NAMES = load_schema("enquete").names


def answers(*people):
    rows = [
        {"id_reponse": f"12-{rank}", "date_reponse": "2024-03-04", "ecole": "EDP-01", **person}
        for rank, person in enumerate(people, start=1)
    ]
    return typed(pd.DataFrame(rows, columns=list(NAMES)).astype(object), "enquete")


# Ten respondents: 4 tout à fait, 3 plutôt, 1 plutôt pas, 1 sans opinion, 1 no answer.
TEN = answers(
    *[{"satisfait": "TOUT_A_FAIT"}] * 4,
    *[{"satisfait": "PLUTOT"}] * 3,
    {"satisfait": "PLUTOT_PAS"},
    {"satisfait": "SANS_OPINION"},
    {"satisfait": None},
)


def test_respondents_are_the_rows():
    result = participation.enquete_repondants(TEN)
    assert (result.id, result.value, result.unit, len(result.rows)) == ("enquete_repondants", 10, "jeunes", 10)


def test_satisfaction_is_over_those_who_answered_no_opinion_included():
    """7 favourable; 9 answered (the one without opinion is one of them): 7/9."""
    result = survey.satisfaction(TEN)
    assert (result.id, result.numerator, result.denominator) == ("satisfaction", 7, 9)
    assert result.interval.method == "Wilson"
    assert "« Sans opinion » compris" in result.population


def test_the_other_convention_leaves_no_opinion_out():
    """7 favourable of the 8 who expressed an opinion."""
    result = survey.satisfaction(TEN, base="exprimees")
    assert (result.id, result.numerator, result.denominator) == ("satisfaction_exprimees", 7, 8)


def test_the_published_satisfaction_has_wilson_s_interval():
    """84 of 100: Wilson 95 % is 75.6 to 89.9 (domain knowledge file, hand-checked with z = 1.96)."""
    hundred = answers(*[{"satisfait": "PLUTOT"}] * 84, *[{"satisfait": "PAS_DU_TOUT"}] * 16)
    result = survey.satisfaction(hundred)
    assert result.value == 0.84
    assert (round(100 * result.interval.low, 1), round(100 * result.interval.high, 1)) == (75.6, 89.9)


def test_a_known_population_narrows_the_interval():
    """84 of 100 among 150 enrolled: 79.3 to 88.0, as R's svyciprop(method="beta") with finite population correction."""
    hundred = answers(*[{"satisfait": "PLUTOT"}] * 84, *[{"satisfait": "PAS_DU_TOUT"}] * 16)
    interval = survey.satisfaction(hundred, inscrits=150).interval
    assert (round(100 * interval.low, 1), round(100 * interval.high, 1)) == (79.3, 88.0)


def test_a_population_smaller_than_the_answers_is_not_believed():
    assert survey.satisfaction(TEN, inscrits=5).interval.method == "Wilson"


def test_agreement_with_the_usefulness_scale():
    """Très and plutôt utile are favourable: 2 of 4; « ne sait pas » is one of the 4."""
    frame = answers({"utilite": "TRES"}, {"utilite": "PLUTOT"}, {"utilite": "PEU"}, {"utilite": "NE_SAIT_PAS"})
    result = survey.accord(frame, "Q3")
    assert (result.id, result.numerator, result.denominator) == ("utilite", 2, 4)
    assert "« très utile » ou « plutôt utile »" in result.method


def test_code_and_column_name_the_same_question():
    assert survey.accord(TEN, "Q7") == survey.accord(TEN, "satisfait")


@pytest.mark.parametrize("question", ["Q1", "SEXE"])
def test_agreement_needs_a_scale_of_opinion(question):
    with pytest.raises(ValueError, match="échelle d'opinion"):
        survey.accord(TEN, question)


def test_an_unknown_base_is_refused():
    with pytest.raises(ValueError, match="base « tous » inconnue"):
        survey.accord(TEN, "Q7", base="tous")


def test_the_distribution_shows_every_answer_and_the_silence():
    table = survey.repartition(TEN, "Q7")
    assert list(table["code"]) == ["TOUT_A_FAIT", "PLUTOT", "PLUTOT_PAS", "PAS_DU_TOUT", "SANS_OPINION"]
    assert list(table["effectif"]) == [4, 3, 1, 0, 1]
    assert set(table["base"]) == {9} and set(table["non_reponse"]) == {1}
    assert table["part"].sum() == pytest.approx(1)
    assert table.loc[0, "part"] == pytest.approx(4 / 9)


def test_each_box_is_a_share_of_those_who_were_shown_it():
    """Four respondents. « Famille » ticked by 1 of 4; « employeur » shown to two of them, ticked by 1 of 2: the
    shares of one question need not add up, and their bases differ."""
    none = dict.fromkeys((n for n in NAMES if n.startswith("sourcing_")), False)
    frame = answers(
        {**none, "sourcing_famille": True, "sourcing_employeur": True},
        {**none},
        {**none, "sourcing_employeur": None},
        {**none, "sourcing_employeur": None},
    )
    boxes = {item.id: item for item in survey.choix(frame, "Q2")}
    assert (boxes["sourcing_famille"].numerator, boxes["sourcing_famille"].denominator) == (1, 4)
    assert (boxes["sourcing_employeur"].numerator, boxes["sourcing_employeur"].denominator) == (1, 2)
    assert boxes["sourcing_employeur"].rows == ("12-1", "12-2")
    assert all(item.interval is not None for item in boxes.values())


def test_boxes_of_a_known_population_have_its_interval():
    """50 of 100 among 150: effective size 99/(1 − 100/150) = 297; exact binomial 95 % limits of 148.5 of 297
    (beta quantiles, R: qbeta(.025, 148.5, 149.5), qbeta(.975, 149.5, 148.5)) are 44.2 and 55.8."""
    none = dict.fromkeys((n for n in NAMES if n.startswith("choix_")), False)
    frame = answers(*[{**none, "choix_metier": True}] * 50, *[none] * 50)
    ticked = next(item for item in survey.choix(frame, "Q1", inscrits=150) if item.id == "choix_metier")
    assert (round(100 * ticked.interval.low, 1), round(100 * ticked.interval.high, 1)) == (44.2, 55.8)
    assert ticked.interval.method == "Korn-Graubard"


def test_boxes_need_a_question_with_boxes():
    with pytest.raises(ValueError, match="choix multiple"):
        survey.choix(TEN, "Q7")


def test_silence_question_by_question():
    """Q7: 1 of 10 silent. Q1 was shown to three: one ticked nothing."""
    none = dict.fromkeys((n for n in NAMES if n.startswith("choix_")), False)
    frame = answers({**none, "choix_metier": True}, {**none}, {**none, "choix_autre": True}, {"satisfait": "PLUTOT"})
    table = participation.non_reponse(frame).set_index("question")
    assert tuple(table.loc["Q1", ["montree", "sans_reponse"]]) == (3, 1)
    assert tuple(table.loc["Q7", ["montree", "sans_reponse"]]) == (4, 3)
    assert tuple(participation.non_reponse(TEN).set_index("question").loc["Q7", ["montree", "sans_reponse"]]) == (10, 1)


def learners():
    """Present on 2024-03-04: a; b (leaves that very day); d. Not: c (left the day before), e (enters after)."""
    return pd.DataFrame(
        {
            "id_jeune": ["a", "b", "c", "d", "e", "d"],
            "ecole": ["EDP-01", "EDP-01", "EDP-01", "EDP-02", "EDP-02", "EDP-02"],
            "date_entree": pd.to_datetime(["2022-09-01"] * 4 + ["2024-03-05", "2022-10-01"]),
            "date_sortie": pd.to_datetime([None, "2024-03-04", "2024-03-03", None, None, None]),
            "statut": ["INSCRIT", "FIN_DE_FORMATION", "SORTIE_ANTICIPEE", "INSCRIT", "INSCRIT", "INSCRIT"],
        }
    )


def test_participation_is_over_those_enrolled_when_the_survey_ran():
    """Two answers, three enrolled on the day of the last one: the youth written twice counts once."""
    result = participation.participation(TEN.head(2), learners())
    assert (result.id, result.numerator, result.denominator, result.interval) == ("participation_enquete", 2, 3, None)
    assert result.population == "jeunes inscrits le 04/03/2024"


def test_the_reading_of_a_survey_is_its_answers_of_those_who_could_answer():
    assert participation.lecture(participation.participation(TEN.head(2), learners())) == {"total": 2, "population": 3}


def test_participation_on_a_given_day():
    assert participation.participation(TEN.head(1), learners(), date(2024, 3, 5)).denominator == 3  # a, d, e


def test_more_answers_than_enrolled_is_not_a_rate():
    result = participation.participation(TEN, learners())
    assert result.value is None and result.reason == "plus de réponses (10) que de jeunes inscrits (3)"


def test_participation_without_date_says_why():
    frame = TEN.head(2).assign(date_reponse=pd.NaT)
    assert "aucune date de réponse" in participation.participation(frame, learners()).reason


def test_nobody_enrolled_is_not_a_rate():
    assert participation.participation(TEN, learners(), date(2000, 1, 1)).reason == "aucun jeune inscrit ce jour-là"


def test_respondents_of_each_school_beside_its_learners():
    frame = answers({}, {"ecole": "EDP-03"}, {"ecole": None})
    assert participation.repondants_par_ecole(frame).to_dict("list") == {
        "ecole": ["EDP-01", "EDP-03", "Non renseigné"],
        "repondants": [1, 1, 1],
    }
    table = participation.repondants_par_ecole(frame, learners(), date(2024, 3, 4))
    assert list(table["ecole"]) == ["EDP-01", "EDP-02", "EDP-03", "Non renseigné"]
    assert list(table["repondants"]) == [1, 0, 1, 1] and list(table["inscrits"]) == [2, 1, 0, 0]
    assert table["part"].isna().tolist() == [False, False, True, True] and table.loc[0, "part"] == 0.5


def test_an_empty_survey_answers_not_computable_everywhere():
    empty, nobody = empty_frame("enquete"), empty_frame("apprenants")
    shares = [
        survey.satisfaction(empty),
        survey.satisfaction(empty, inscrits=150),
        survey.accord(empty, "Q3"),
        participation.participation(empty, nobody),
        *survey.choix(empty, "Q1"),
    ]
    assert all(item.value is None and item.reason for item in shares)
    assert participation.enquete_repondants(empty).reason == "aucune réponse d’enquête reçue"
    assert all(item.reason == participation.NO_ANSWER for item in shares)
    assert participation.lecture(shares[3]) == {"total": None, "population": None}
    assert survey.repartition(empty, "Q7")["part"].isna().all()
    assert participation.non_reponse(empty)["part"].isna().all()
    assert participation.repondants_par_ecole(empty, nobody, date(2024, 3, 4)).empty


def test_the_questions_of_one_scale_are_stacked_under_their_wordings():
    """Two respondents; « satisfait » answered by both, the three other items of the scale by nobody."""
    two = answers({"satisfait": "PLUTOT"}, {"satisfait": "PAS_DU_TOUT"})
    table = survey.repartitions(two, "accord")
    assert table["question"].nunique() == 4
    given = table[table["effectif"] > 0]
    assert set(given["question"]) == {"Je suis satisfait(e) par cette école"}
    assert given["effectif"].tolist() == [1, 1]
    assert list(survey.accords(two)) == ["Q3", "Q4", "Q5", "Q6", "Q7"]
    with pytest.raises(ValueError, match="aucune question d'opinion"):
        survey.repartitions(two, "sexe")
