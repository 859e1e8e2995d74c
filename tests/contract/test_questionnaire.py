import re
import tomllib
from pathlib import Path

import pytest

from edp_analysis.campaign import find_root
from edp_analysis.contract import load_codes, load_schema, questionnaire_page
from edp_analysis.contract import questionnaire as module
from edp_analysis.contract.questionnaire import load_questionnaire, read_questionnaire

TEXT = (Path(module.__file__).parent / "questionnaire.toml").read_text(encoding="utf-8")


def test_the_seven_questions_are_those_of_the_published_synthesis():
    """Wordings copied by hand from the synthesis, its typography levelled (« EDP »: école de production)."""
    wordings = {q.code: q.wording for q in load_questionnaire().questions if not q.profile}
    assert wordings == {
        "Q1": "J’ai choisi l’école de production parce que…",
        "Q2": "J’ai entendu parler de l’école de production par…",
        "Q3": "Mon parcours en école de production m’a été utile…",
        "Q4": "Cette école est adaptée à mes besoins…",
        "Q5": "Aujourd’hui, je suis plus motivé(e) qu’avant…",
        "Q6": "Aujourd’hui, je suis plus compétent(e) qu’avant…",
        "Q7": "Je suis satisfait(e) par cette école…",
    }


def test_the_clean_table_has_the_columns_of_the_questionnaire_with_their_types_and_lists():
    questionnaire, schema = load_questionnaire(), load_schema("enquete")
    assert schema.names == ("id_reponse", "date_reponse", *questionnaire.columns)
    for question in questionnaire.questions:
        for column in question.columns:
            assert schema[column].type == ("boolean" if question.items else "string")
            assert schema[column].codes == (question.scale.name if question.scale else "")
        for item in question.items:
            assert schema[item.column].title == item.label


def test_the_received_schema_names_each_column_by_its_key():
    questionnaire, schema = load_questionnaire(), load_schema("enquete-recu")
    technical = ("id", "submitdate", "lastpage", "seed", "startdate")
    assert schema.names == (*technical, *questionnaire.columns)
    assert all(schema[name].synonyms == questionnaire.meta[name] for name in technical)
    for question in questionnaire.questions:
        for key, column in zip(question.keys, question.columns, strict=True):
            assert schema[column].synonyms == (key,)
            assert schema[column].column_severity == ("à vérifier" if question.profile else "bloquant")


def test_no_free_text_can_enter_the_clean_table():
    """Every text column is a number, a code of a list, or bound by a pattern."""
    schema = load_schema("enquete")
    free = [f.name for f in schema.fields if f.type == "string" and not f.codes and "pattern" not in f.constraints]
    assert free == ["id_reponse"]


def test_answer_codes_fit_the_survey_tool():
    for question in load_questionnaire().questions:
        codes = [item.code for item in question.items] + (list(question.scale.answers) if question.scale else [])
        assert all(re.fullmatch(r"[A-Za-z0-9]{1,5}", code) for code in codes)


@pytest.mark.parametrize("name", ["accord", "utilite"])
def test_every_answer_of_a_scale_is_a_code_and_no_code_is_left_out(name):
    scales = {q.scale.name: q.scale for q in load_questionnaire().questions if q.scale}
    assert sorted(scales[name].answers.values()) == sorted(load_codes(name).labels)


def test_the_options_are_said_to_be_those_of_the_simulation():
    assert "n’étant pas publiées" in load_questionnaire().origin


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('A1 = "TOUT_A_FAIT"', 'ACCORD = "TOUT_A_FAIT"', "5 lettres ou chiffres"),
        ('A1 = "TOUT_A_FAIT"', 'A1 = "OUI"', "n'est pas dans la liste de codes accord"),
        ('code = "Q7"', 'code = "Q6"', "code « Q6 » écrit deux fois"),
        ('colonne = "satisfait"', 'colonne = "motive"', "colonne « motive » écrit deux fois"),
        ('code = "SQ002", colonne = "metier"', 'code = "SQ001", colonne = "metier"', "écrit deux fois"),
        ('si = "Q1[SQ006]"', 'si = "Q1[SQ099]"', "ne désigne aucune option"),
        ('code = "Q7"', 'code = "7"', "une lettre, puis lettres et chiffres"),
        ('type = "annee"', 'type = "date"', "type « date » inconnu"),
        ('echelle = "utilite"', 'echelle = "utile"', "échelle « utile » inconnue"),
        ('code = "SQ008", colonne = "conseil"', 'code = "SQ0008", colonne = "conseil"', "5 lettres ou chiffres"),
        ('code = "Q7"', 'code = "Q7"\nsi = "Q1[SQ001]"', "peuvent avoir une condition"),
    ],
)
def test_a_questionnaire_that_does_not_hold_together_is_refused(before, after, message):
    assert before in TEXT
    with pytest.raises(ValueError, match=re.escape(message)):
        read_questionnaire(TEXT.replace(before, after, 1))


def test_a_multiple_question_without_options_is_refused():
    start = TEXT.index("options = [")
    end = TEXT.index("]\n", TEXT.index("conseil")) + 2
    with pytest.raises(ValueError, match="demande des options"):
        read_questionnaire(TEXT[:start] + TEXT[end:])


def test_an_unknown_question_is_refused_with_the_list():
    with pytest.raises(KeyError, match=r"Q7 \(satisfait\)"):
        load_questionnaire()["Q9"]


def test_the_file_is_plain_toml_with_one_entry_a_question():
    assert len(tomllib.loads(TEXT)["questions"]) == 10
    assert load_questionnaire().pages == 4


def test_the_page_to_read_is_current():
    assert (find_root() / questionnaire_page.PATH).read_text(encoding="utf-8") == questionnaire_page.build_page()


def test_a_changed_wording_makes_the_page_stale():
    changed = read_questionnaire(TEXT.replace("Le métier me plaît", "J’aime le métier"))
    assert questionnaire_page.build_page(changed) != questionnaire_page.build_page()


def test_the_page_says_who_is_shown_what_and_what_is_favourable():
    page = questionnaire_page.build_page()
    assert "ceux qui ont coché `Q1[SQ006]`" in page
    assert "| `A2` | Plutôt d’accord | `PLUTOT` | oui |" in page
    assert all(question.wording in page for question in load_questionnaire().questions)
