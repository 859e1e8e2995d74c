"""Groups of respondents compared: what is compared, what is left out, and what may be said of it."""

import pandas as pd
import pytest

from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.contract.schema import load_schema
from edp_analysis.exhibits.claims import ClaimError
from edp_analysis.exhibits.sentence import render
from edp_analysis.indicators import survey_choices, survey_groups, survey_odds
from edp_analysis.indicators.participation import NO_ANSWER

NAMES = load_schema("enquete").names
BOXES = [item.column for item in load_questionnaire()["Q1"].items]
SCALE = ("PAS_DU_TOUT", "PLUTOT_PAS", "PLUTOT", "TOUT_A_FAIT")


def answers(*groups):
    rows = [{"date_reponse": "2024-03-04", **person} for number, person in groups for _ in range(number)]
    frame = pd.DataFrame(rows, columns=list(NAMES)).astype(object)
    return typed(frame.assign(id_reponse=[f"12-{rank}" for rank in range(len(frame))]), "enquete")


def scaled(sexe, counts, **more):
    return [(number, {"sexe": sexe, "satisfait": code, **more}) for code, number in zip(SCALE, counts, strict=True)]


# The counts of test_ordinal.py: P = 0.657, checked there; net gap on the scale 2·0.657 − 1 = 31.3 points.
EIGHTY = answers(*scaled("F", (2, 5, 20, 13)), *scaled("H", (6, 12, 15, 7)))


def test_the_net_gap_counts_pairs_by_hand():
    """Girls 0, 1, 3 and boys 1, 1, 0, 2 (ranks): of 12 pairs the girl is higher in 5 and lower in 4 → 1/12.

    Girl 0: lower than 1, 1, 2, equal to 0. Girl 1: equal to 1, 1, higher than 0, lower than 2. Girl 3: higher than all.
    """
    girls = [(1, {"sexe": "F", "satisfait": SCALE[rank]}) for rank in (0, 1, 3)]
    boys = [(1, {"sexe": "H", "satisfait": SCALE[rank]}) for rank in (1, 1, 0, 2)]
    found = survey_groups.comparer(answers(*girls, *boys), seuil=2)
    assert [item.scale.value for item in found if item.scale.value is not None] == [pytest.approx(100 / 12)]


def test_the_gap_shown_is_the_difference_of_the_shares_shown():
    """56 favourable girls of 70, 48 boys of 80 (Newcombe 1998, method 10): 20 points, 5.24 to 33.39."""
    frame = answers(*scaled("F", (14, 0, 56, 0)), *scaled("H", (32, 0, 48, 0)))
    (found,) = (item for item in survey_groups.comparer(frame, 20) if item.gap.value is not None)
    assert found.gap.value == pytest.approx(20)
    assert (found.gap.interval.low, found.gap.interval.high) == pytest.approx((5.24, 33.39), abs=0.01)


def test_the_gap_has_the_sign_of_the_shares_even_where_the_scale_has_the_other():
    """Girls: 23 « tout à fait », 1 « plutôt », 16 without an opinion: 24 of 40, 60 %. Boys: 28 « plutôt » of 40, 70 %.

    The reader sees − 10 points. On the scale, without those who have no opinion, the girl is above the boy in
    23·40 + 12 pairs of 24·40 and equal in 28: P = 946/960, net gap 2P − 1 = 97.1 points.
    """
    frame = answers(
        *scaled("F", (0, 0, 1, 23)), (16, {"sexe": "F", "satisfait": "SANS_OPINION"}), *scaled("H", (0, 12, 28, 0))
    )
    found = next(item for item in survey_groups.comparer(frame, 20) if item.shares[0].denominator == 40)
    assert found.gap.value == pytest.approx(-10)
    assert found.scale.value == pytest.approx(100 * (2 * 946 / 960 - 1))


def test_a_gap_on_the_scale_is_a_probability_turned_into_points():
    (found,) = (item for item in survey_groups.comparer(EIGHTY, 20) if item.gap.value is not None)
    assert found.scale.value == pytest.approx(100 * (2 * 0.6565625 - 1))
    assert found.gap.value == pytest.approx(100 * (33 - 22) / 40)
    assert [(share.numerator, share.denominator) for share in found.shares] == [(33, 40), (22, 40)]
    assert found.p == found.adjusted, "one comparison could be made: nothing to adjust"
    assert found.verdict == "écart établi"


def test_no_opinion_has_no_rank():
    more = answers(
        *scaled("F", (2, 5, 20, 13)), *scaled("H", (6, 12, 15, 7)), (9, {"sexe": "F", "satisfait": "SANS_OPINION"})
    )
    scales = [[item.scale.value for item in survey_groups.comparer(frame, 20)] for frame in (EIGHTY, more)]
    assert scales[0] == scales[1]
    found = next(item for item in survey_groups.comparer(more, 20) if item.gap.value is not None)
    assert found.shares[0].denominator == 49, "in the base of the share, as everywhere in the page"


def test_p_values_are_adjusted_together_and_intervals_widened():
    """The same answers to a second question: two comparisons, p doubled, and an interval at 97.5 %."""
    frame = EIGHTY.assign(motive=EIGHTY["satisfait"])
    made = [item for item in survey_groups.comparer(frame, 20) if item.p is not None]
    assert len(made) == 2
    assert [item.adjusted for item in made] == pytest.approx([2 * made[0].p] * 2)
    assert {item.gap.interval.level for item in made} == {item.scale.interval.level for item in made} == {0.975}
    counted = survey_groups.etablies(made)
    assert (counted.numerator, counted.denominator) == (2, 2)
    assert survey_groups.etablies_sur_l_echelle(made).numerator == 2
    assert survey_groups.synthese(made).startswith("Différence établie, sur 2 comparaisons, pour « ")
    assert survey_groups.synthese(made).endswith(" et 1 de plus")


def test_under_the_threshold_nothing_is_compared():
    found = survey_groups.comparer(EIGHTY, 41)
    assert {item.verdict for item in found} == {"comparaison non calculable"}
    assert survey_groups.tableau(found).empty and set(survey_groups.UNITS) <= set(survey_groups.tableau(found))
    assert survey_groups.synthese(found).startswith("Non calculable : moins de 41")
    assert survey_groups.etablies(found).value is None
    assert "moins de 41" in survey_groups.la_plus_nette(found).gap.reason


def test_an_absent_survey_is_said_to_be_absent():
    found = survey_groups.comparer(empty_frame("enquete"), 20)
    assert len(found) == 10 and {item.gap.reason for item in found} == {NO_ANSWER}
    choice = survey_choices.comparer_choix(
        empty_frame("enquete"), "Q1", pd.Series(dtype="str"), ("Filles", "Garçons"), 20
    )
    assert choice.overall.reason == NO_ANSWER and survey_choices.option_la_plus_nette(choice).gap.value is None
    assert {item.reason for item in survey_odds.cotes(empty_frame("enquete"), "Q7", 20).values()} == {NO_ANSWER}


def test_newcomers_are_those_who_entered_in_the_year_of_the_survey():
    """The last answer is of November 2024: the school year of the survey is 2024-2025."""
    frame = answers((1, {"annee_scolaire_entree": "2024-2025"}), (1, {"annee_scolaire_entree": "2023-2024"}), (1, {}))
    frame = frame.assign(date_reponse=pd.to_datetime(["2024-11-04", "2024-10-01", "2024-11-03"]))
    assert survey_groups.anciennete(frame).tolist()[:2] == ["Première année", "Suivantes"]
    assert survey_groups.anciennete(frame).isna().tolist() == [False, False, True]


def test_verdicts_pass_the_claim_guard_and_no_other_word_does():
    """Planted fault: « écart établi » of a gap that is not is refused."""
    established = next(item for item in survey_groups.comparer(EIGHTY, 20) if item.p is not None)
    alike = answers(*scaled("F", (2, 5, 20, 13)), *scaled("H", (3, 6, 19, 12)))
    unsure = next(item for item in survey_groups.comparer(alike, 20) if item.p is not None)
    assert unsure.verdict == "écart non établi"
    assert survey_groups.synthese([unsure, unsure]) == "Aucune des 2 comparaisons n’établit de différence"
    assert survey_groups.la_plus_nette([unsure, established]) is established
    for item in (established, unsure):
        render("{verdict} : {gap:complet}", {"verdict": item.verdict, "gap": item.gap}, 20)
    with pytest.raises(ClaimError):
        render("{verdict} : {gap:complet}", {"verdict": established.verdict, "gap": unsure.gap}, 20)


def test_odds_hold_the_other_covariate():
    """Girls are all newcomers' equals here: 40 girls and 40 boys, half of each in their first year.

    Seniority then cannot move the odds ratio of girls far from the one of sex alone, above 1 as the gap is.
    """
    years = ("2023-2024", "2022-2023")
    frame = pd.concat(
        [EIGHTY.assign(annee_scolaire_entree=year, id_reponse=EIGHTY["id_reponse"] + year) for year in years]
    )
    odds = survey_odds.cotes(frame.reset_index(drop=True), "Q7", 20)
    assert odds["fille"].value > odds["fille"].interval.low > 1
    assert odds["premiere"].value == pytest.approx(1, abs=1e-3), "the two halves answered alike"
    assert odds["fille_min"].value <= odds["fille"].value <= odds["fille_max"].value


def test_odds_of_too_few_are_not_fitted():
    assert (
        "moins de 41" in survey_odds.cotes(EIGHTY.assign(annee_scolaire_entree="2023-2024"), "Q7", 41)["fille"].reason
    )


def ticked(sexe, number, *columns):
    return (number, {"sexe": sexe, **dict.fromkeys(BOXES, False), **dict.fromkeys(columns, True)})


def test_boxes_by_sex_one_test_and_bonferroni():
    """Girls 24 of 30 tick « métier », boys 9 of 30; « diplôme » 10 of 30 in both; the seven others nobody.

    Pearson of 24/30 v 9/30: 60 (24·21 − 6·9)² / (33·27·30·30) = 15.15, p = 0.0001, doubled by Bonferroni.
    """
    frame = answers(
        ticked("F", 10, "choix_metier", "choix_diplome"), ticked("F", 14, "choix_metier"), ticked("F", 6),
        ticked("H", 9, "choix_metier", "choix_diplome"), ticked("H", 1, "choix_diplome"), ticked("H", 20),
    )  # fmt: skip
    found = survey_choices.comparer_choix(frame, "Q1", survey_groups.filles_garcons(frame), ("Filles", "Garçons"), 20)
    clearest = survey_choices.option_la_plus_nette(found)
    assert [(share.numerator, share.denominator) for share in clearest.shares] == [(24, 30), (9, 30)]
    assert clearest.gap.value == pytest.approx(50) and clearest.gap.interval.level == 0.975
    assert clearest.p == pytest.approx(9.9e-5, rel=0.01) and clearest.adjusted == pytest.approx(2 * clearest.p)
    assert clearest.verdict == "écart établi" and found.verdict == "des réponses différentes"
    other = next(item for item in found.options if item is not clearest)
    assert other.gap.value == 0 and other.verdict == "écart non établi"
    table = survey_choices.tableau_choix(found)
    assert list(table["Établi"]) == ["oui", "non"] and list(table["p ajustée"])[1] == "1,000"
    assert set(survey_choices.UNITS) <= set(table) & set(survey_choices.tableau_choix())
    title = survey_choices.synthese_choix(found)
    assert title.startswith("Différence établie entre filles et garçons pour « ") and clearest.option in title


def test_a_box_shown_to_few_is_left_out():
    frame = answers(ticked("F", 25, "choix_metier"), ticked("F", 5), ticked("H", 25)).assign(choix_diplome=pd.NA)
    frame = frame.astype({"choix_diplome": "boolean"})
    found = survey_choices.comparer_choix(frame, "Q1", survey_groups.filles_garcons(frame), ("Filles", "Garçons"), 20)
    assert [item.gap.id for item in found.options] == ["ecart_choix_metier"]
    with pytest.raises(ValueError, match="choix multiple"):
        survey_choices.comparer_choix(frame, "Q7", survey_groups.filles_garcons(frame), ("Filles", "Garçons"), 20)
