"""Survey exports, written by hand: what each heading, quote and answer becomes."""

import os
from pathlib import Path

import pytest

from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.intake.survey import read_export
from edp_analysis.intake.survey_answers import read_answers
from edp_analysis.intake.survey_headings import split_heading
from edp_analysis.problems import Severity

ASKED = load_questionnaire()
KEYS = [key for question in ASKED.questions for key in question.keys]
META = ["id", "submitdate", "lastpage", "seed", "startdate"]
# One response where every box was shown and none ticked but the first of each question.
PLAIN = {
    "id": "7",
    "submitdate": "2024-03-04 10:11:12",
    "lastpage": "4",
    "seed": "12",
    "startdate": "2024-03-04 10:00:00",
    **dict.fromkeys(KEYS, ""),
    "ECOLE": "EDP-03",
    "SEXE": "F",
    "ANNEE": "2022",
    "Q1[SQ001]": "Y",
    "Q2[SQ001]": "Y",
    "Q3": "A1",
    "Q4": "A2",
    "Q5": "A3",
    "Q6": "A4",
    "Q7": "A5",
    "Q2[SQ008]": None,
}


def line(values):
    return ";".join("" if value is None else '"' + value.replace('"', '""') + '"' for value in values)


def write(folder, *responses, headings=None, columns=None, name="results-survey12.csv"):
    columns = columns or [*META, *KEYS]
    headings = headings or {}
    text = [line([headings.get(c, c) for c in columns]), *(line([r[c] for c in columns]) for r in responses)]
    path = folder / name
    path.write_bytes(("\ufeff" + "\r\n".join(text) + "\r\n\r\n").encode())
    return path


def answers(folder, response, **options):
    (export,), _ = read_export(write(folder, response, **options))
    assert not export.blocked, export.problems
    return read_answers(export.responses[0], ASKED, export.tells_shown)


def rules(problems):
    return [problem.rule for problem in problems]


def test_a_plain_export_with_codes(tmp_path):
    (export,), problems = read_export(write(tmp_path, PLAIN))
    assert problems == [] and export.problems == ()
    assert [row.number for row in export.responses] == [2]
    assert export.non_empty == (1, 2)  # the blank line at the end is not a response
    assert [(item.row, item.reason) for item in export.lines] == [(1, "en-tête")]


def test_the_answers_of_a_plain_response(tmp_path):
    read = answers(tmp_path, PLAIN)
    assert read.problems == [] and read.corrections == []
    assert {name: read.values[name] for name in ("ecole", "sexe", "annee_scolaire_entree")} == {
        "ecole": "EDP-03",
        "sexe": "F",
        "annee_scolaire_entree": "2022-2023",
    }
    assert [read.values[name] for name in ("utilite", "adaptee", "motive", "competent", "satisfait")] == [
        "TRES",
        "PLUTOT",
        "PLUTOT_PAS",
        "PAS_DU_TOUT",
        "SANS_OPINION",
    ]


def test_ticked_shown_and_not_shown_are_three_things(tmp_path):
    """« Y », ``""`` and an empty field."""
    values = answers(tmp_path, PLAIN).values
    assert values["choix_pratique"] is True
    assert values["choix_metier"] is False
    assert values["sourcing_employeur"] is None


def test_codes_and_text_in_the_headings(tmp_path):
    headings = {
        "id": "id. Response ID",
        "submitdate": "submitdate. Date submitted",
        **{f"Q1[{i.code}]": f"Q1[{i.code}]. {ASKED['Q1'].wording} [{i.label}]" for i in ASKED["Q1"].items},
        "Q4": "Q4. Cette école est adaptée à mes besoins…",
    }
    plain = answers(tmp_path, PLAIN).values
    assert answers(tmp_path, PLAIN, headings=headings).values == plain


def test_full_text_headings_whatever_their_accents_and_apostrophes(tmp_path):
    headings = {"id": "ID de la réponse", "submitdate": "Date de soumission"}
    for question in ASKED.questions:
        wording = question.wording.replace("’", "'").replace("…", "...")
        for key, item in zip(question.keys, question.items, strict=False):
            headings[key] = f"{wording} [{item.label.upper()}]"
        if not question.items:
            headings[question.code] = f" {wording}"
    plain = answers(tmp_path, PLAIN).values
    assert answers(tmp_path, PLAIN, headings=headings).values == plain


def test_underscored_codes_and_the_option_given_by_its_text(tmp_path):
    headings = {
        "Q1[SQ001]": "Q1_SQ001",
        "Q2[SQ001]": "Q2[multi]. J’ai entendu parler… [Mon collège ou mon lycée]",
    }
    values = answers(tmp_path, PLAIN, headings=headings).values
    assert values["choix_pratique"] is True and values["sourcing_etablissement"] is True


def test_long_answers(tmp_path):
    long = {
        "SEXE": "Fille",
        "ANNEE": "2022-2023",
        "Q1[SQ001]": "Oui",
        "Q1[SQ002]": "Non",
        "Q2[SQ001]": "Yes",
        "Q2[SQ008]": "N/A",
        "Q3": "Très utile",
        "Q4": "Plutôt d'accord",
        "Q5": "PLUTÔT PAS D’ACCORD",
        "Q6": "Pas du tout d’accord",
        "Q7": "Sans opinion",
    }
    assert answers(tmp_path, {**PLAIN, **long}).values == answers(tmp_path, PLAIN).values


@pytest.mark.parametrize(
    ("key", "column"),
    [("Q7", "satisfait"), ("Q1[SQ003]", "choix_petit_groupe"), ("ECOLE", "ecole"), ("ANNEE", "annee_scolaire_entree")],
)
def test_an_unknown_answer_is_missing_and_named_with_its_cell(tmp_path, key, column):
    read = answers(tmp_path, {**PLAIN, key: "A9"})
    (problem,) = read.problems
    index = [*META, *KEYS].index(key)
    letters = chr(65 + index) if index < 26 else "A" + chr(65 + index - 26)
    assert read.values[column] is None
    assert (problem.rule, problem.value, problem.where.cell, problem.where.column) == (
        "reponse-inconnue",
        "A9",
        f"{letters}2",
        key,
    )
    assert problem.severity is Severity.CHECK


def test_the_nearest_answer_is_suggested(tmp_path):
    (problem,) = answers(tmp_path, {**PLAIN, "Q7": "Plutot d'acord"}).problems
    assert problem.expected == "peut-être « Plutôt d’accord »"


def test_the_free_text_becomes_a_tick_and_its_apostrophe_is_logged(tmp_path):
    text = '\'=D "bien" ; vraiment\nsi'
    read = answers(tmp_path, {**PLAIN, "Q1[other]": text})
    assert read.values["choix_autre"] is True
    assert read.corrections == ["Q1[other] : apostrophe de protection retirée"]
    assert "bien" not in repr(read)


def test_an_ordinary_apostrophe_stays(tmp_path):
    assert answers(tmp_path, {**PLAIN, "Q1[other]": "'tain c'est bien"}).corrections == []


def test_a_question_shown_to_all_that_was_not_shown_is_a_problem(tmp_path):
    read = answers(tmp_path, {**PLAIN, "Q5": None, "Q1[SQ002]": None})
    assert rules(read.problems) == ["question-non-montree"] * 2
    assert read.values["motive"] is None and read.values["choix_metier"] is None


def test_a_file_that_lost_its_quotes_falls_back_on_the_conditions(tmp_path):
    """Saved again by a spreadsheet: every empty cell is alike, so Q1's boxes read « shown », and the box of Q2 that
    depends on Q1[SQ006] reads « shown » only where that one is ticked."""
    bare = {key: value or None for key, value in PLAIN.items()}
    path = write(tmp_path, bare, {**bare, "id": "8", "Q1[SQ006]": "Y"})
    path.write_text(path.read_text(encoding="utf-8-sig").replace('"', ""), encoding="utf-8")
    (export,), _ = read_export(path)
    assert rules(export.problems) == ["montre-indistinct"] and not export.tells_shown
    first, second = (read_answers(row, ASKED, export.tells_shown) for row in export.responses)
    assert first.problems == [] and first.values["choix_metier"] is False
    assert (first.values["sourcing_employeur"], second.values["sourcing_employeur"]) == (None, False)


@pytest.mark.parametrize(
    "title", ["ipaddr", "token", "E-mail", "email. Email address", "Adresse IP", "attribute_1", "firstname"]
)
def test_what_designates_a_person_is_never_read(tmp_path, title):
    path = write(tmp_path, {**PLAIN, title: "personne@exemple.fr"}, columns=[*META, title, *KEYS])
    (export,), _ = read_export(path)
    assert rules(export.problems) == ["colonne-personnelle"]
    assert title in export.problems[0].what and export.problems[0].where.cell == "F1"
    assert export.problems[0].severity is Severity.CHECK
    assert "personne@exemple.fr" not in repr(export)


def test_an_unknown_column_is_named_with_the_nearest_key(tmp_path):
    columns = [*META, *KEYS, "Q1[SQ01]"]
    (export,), _ = read_export(write(tmp_path, {**PLAIN, "Q1[SQ01]": "Y"}, columns=columns))
    (problem,) = export.problems
    assert (problem.rule, problem.value, problem.severity) == ("colonne-inconnue", "Q1[SQ01]", Severity.CHECK)
    assert "Q1[SQ0" in problem.expected
    assert len(export.responses) == 1


def test_answering_times_are_not_questions(tmp_path):
    columns = [*META, "interviewtime", "groupTime3", "Q1Time", *KEYS]
    times = {"interviewtime": "99", "groupTime3": "12", "Q1Time": "4"}
    (export,), _ = read_export(write(tmp_path, {**PLAIN, **times}, columns=columns))
    assert export.problems == ()


@pytest.mark.parametrize("key", ["id", "submitdate", "Q7", "Q1[SQ004]"])
def test_a_missing_column_blocks_and_is_named(tmp_path, key):
    columns = [c for c in [*META, *KEYS] if c != key]
    (export,), _ = read_export(write(tmp_path, PLAIN, columns=columns))
    assert rules(export.problems) == ["colonne-absente"]
    assert export.blocked == f"il manque {key}"


def test_a_missing_profile_column_does_not_block(tmp_path):
    columns = [c for c in [*META, *KEYS] if c != "SEXE"]
    read = answers(tmp_path, PLAIN, columns=columns)
    assert read.values["sexe"] is None


def test_two_columns_for_one_question_are_refused(tmp_path):
    columns = [*META, *KEYS, "again"]
    path = write(tmp_path, {**PLAIN, "again": "A1"}, columns=columns, headings={"again": "Q7"})
    (export,), _ = read_export(path)
    assert rules(export.problems) == ["colonne-en-double"] and export.blocked


def test_a_file_that_is_not_the_survey_is_one_problem(tmp_path):
    path = tmp_path / "autre.csv"
    path.write_text("a;b\n1;2\n3;4\n", encoding="utf-8")
    (export,), _ = read_export(path)
    assert rules(export.problems) == ["export-inconnu"] and len(export.responses) == 2


def test_text_above_the_heading_row_is_set_aside(tmp_path):
    path = write(tmp_path, PLAIN)
    path.write_bytes("\ufeffExport du 15 mars\r\n\r\n".encode() + path.read_bytes()[3:])
    (export,), _ = read_export(path)
    assert [(item.row, item.reason) for item in export.lines] == [(1, "texte au-dessus de l'en-tête"), (3, "en-tête")]
    assert [row.number for row in export.responses] == [4]


def test_dual_scale_headings_keep_both_codes():
    assert split_heading("Q1[SQ001][0]").sub == "SQ001_0"


@pytest.mark.fichiers_reels
def test_a_real_export_with_code_and_text_headings():
    """110 respondents and 62 columns, by the README of the file's folder; the first column has no heading, and the
    sub-questions of a multiple-choice question carry the option's text in brackets."""
    folder = os.environ.get("EDP_REAL_FILES")
    if not folder:
        pytest.skip("EDP_REAL_FILES n'est pas définie : fichiers réels absents")
    (export,), problems = read_export(Path(folder) / "limesurvey-codetext-rse-canada-2017.csv")
    assert problems == []
    assert (len(export.responses), len(export.headings)) == (110, 62)
    assert rules(export.problems) == ["export-inconnu"]
    assert all(heading.code and heading.text for heading in export.headings[1:])
    assert (export.headings[0].raw, export.headings[1].code) == ("", "socio1")
    cloud = export.headings[45]
    assert (cloud.code, cloud.sub, cloud.option) == ("tool5_can", "multi", "Cloud service")


def test_an_export_cut_short_is_said(tmp_path):
    """Planted fault: half a file gave half the responses, and no word about it."""
    lines = ['"id";"submitdate";"Q1[SQ001]"', '"1";"2024-03-01 10:00:00";"Y"', '"2";"2024-03-02 10:']
    path = tmp_path / "results-survey1.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    (export,), _ = read_export(path)
    (problem,) = [p for p in export.problems if p.rule == "champs-manquants"]
    assert (problem.value, problem.expected) == ("ligne 3", "3 champs")
    assert "incomplet" in problem.what
