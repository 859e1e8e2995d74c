"""Every row of a survey export has one fate, and a complete response counts once."""

from collections import Counter
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.corrections import Correction
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.survey import clean_survey, clean_survey_files
from edp_analysis.contract.checks import check_clean
from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.problems import Severity
from edp_analysis.simulation.limesurvey import export_bytes

KEYS = [key for question in load_questionnaire().questions for key in question.keys]
COLUMNS = ["id", "submitdate", "lastpage", "seed", "startdate", *KEYS]
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
    "Q7": "A1",
}


def response(number, **changes):
    """A response of its own: its number also makes its session."""
    return {**PLAIN, "id": str(number), "seed": f"9{number}", **changes}


def clean(folder, *responses, columns=COLUMNS, name="results-survey12.csv"):
    path = folder / name
    path.write_bytes(export_bytes([columns, *([r[c] for c in columns] for r in responses)]))
    return clean_survey_files([path])


def fates(cleaned):
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)
    return [(line.row, str(line.fate), line.reason) for line in cleaned.lines]


def test_complete_responses_are_kept_and_partial_ones_set_aside_with_their_page(tmp_path):
    """Four rows after the heading: two complete; one left on page 2; one answered to the end but never sent."""
    cleaned = clean(
        tmp_path,
        response(1),
        response(2, submitdate=None, lastpage="2", Q7=None),
        response(3, submitdate=None),
        response(4, Q7="A4"),
    )
    assert fates(cleaned) == [
        (1, "écartée", "en-tête"),
        (2, "reprise", ""),
        (3, "écartée", "réponse partielle (page 2 sur 4)"),
        (4, "écartée", "réponse partielle (page 4 sur 4)"),
        (5, "reprise", ""),
    ]
    assert list(cleaned.frame["id_reponse"]) == ["12-1", "12-4"]
    assert list(cleaned.frame["satisfait"]) == ["TOUT_A_FAIT", "PAS_DU_TOUT"]
    assert list(cleaned.frame["date_reponse"]) == [pd.Timestamp("2024-03-04")] * 2
    check_clean(cleaned.frame, "enquete")
    assert cleaned.problems == ()


def test_the_same_response_sent_twice_counts_once(tmp_path):
    """Same seed, same start, same answers, another number, sent 40 seconds later."""
    again = response(2, seed="91", submitdate="2024-03-04 10:11:52")
    cleaned = clean(tmp_path, response(1), again, response(3, seed="91", Q7="A2"))
    assert list(cleaned.frame["id_reponse"]) == ["12-1", "12-3"]
    assert fates(cleaned)[2] == (3, "fusionnée", "envoyée deux fois : même session (graine et début) et mêmes réponses")
    assert cleaned.lines[2].target == "12-1"


def test_two_youths_with_the_same_answers_are_two_responses(tmp_path):
    assert len(clean(tmp_path, response(1), response(2)).frame) == 2


def test_without_seed_nothing_is_merged(tmp_path):
    columns = [column for column in COLUMNS if column != "seed"]
    assert len(clean(tmp_path, response(1), response(2), columns=columns).frame) == 2


def test_anonymous_dates_are_no_date_and_no_session(tmp_path):
    """With anonymised dates every start is 1980-01-01: only the seed is left, which does not make a session."""
    anonymous = {"submitdate": "1980-01-01 00:00:00", "startdate": "1980-01-01 00:00:00", "seed": "5"}
    cleaned = clean(tmp_path, response(1, **anonymous), response(2, **anonymous))
    assert len(cleaned.frame) == 2 and cleaned.frame["date_reponse"].isna().all()
    assert [p.rule for p in cleaned.problems] == ["dates-anonymisees"]
    assert "2 réponses" in cleaned.problems[0].what


def test_the_same_export_received_twice_changes_nothing(tmp_path):
    first = clean(tmp_path, response(1), response(2))
    both = tmp_path / "results-survey12 (1).csv"
    both.write_bytes((tmp_path / "results-survey12.csv").read_bytes())
    cleaned = clean_survey_files([tmp_path / "results-survey12.csv", both])
    pd.testing.assert_frame_equal(cleaned.frame, first.frame)
    assert Counter(str(line.fate) for line in cleaned.lines) == {"reprise": 2, "fusionnée": 2, "écartée": 2}
    fates(cleaned)


def test_every_merged_row_points_at_a_record_that_exists(tmp_path):
    """A row sent twice, in an export received twice: its second number is itself merged."""
    clean(tmp_path, response(1), response(2, seed="91"))
    both = tmp_path / "results-survey12 (1).csv"
    both.write_bytes((tmp_path / "results-survey12.csv").read_bytes())
    cleaned = clean_survey_files([tmp_path / "results-survey12.csv", both])
    assert list(cleaned.frame["id_reponse"]) == ["12-1"]
    assert {line.target for line in cleaned.lines if line.fate is not Fate.SET_ASIDE} == {"12-1"}


def test_one_number_with_two_answers_keeps_the_last_sent_and_says_so(tmp_path):
    cleaned = clean(tmp_path, response(1, submitdate="2024-03-05 08:00:00", Q7="A4"), response(1))
    assert list(cleaned.frame["satisfait"]) == ["PAS_DU_TOUT"]
    assert fates(cleaned)[2] == (3, "écartée", "même numéro que la ligne 2 de « results-survey12.csv », envoyée après")
    (problem,) = cleaned.problems
    assert (problem.rule, problem.where.cell, problem.value) == ("reponse-en-double", "3", "12-1")


def test_the_same_number_in_two_surveys_is_two_responses(tmp_path):
    clean(tmp_path, response(1))
    clean(tmp_path, response(1), name="results-survey13.csv")
    cleaned = clean_survey_files(sorted(tmp_path.glob("*.csv")))
    assert list(cleaned.frame["id_reponse"]) == ["12-1", "13-1"]


def test_a_file_without_a_required_column_gives_nothing_and_the_other_files_are_read(tmp_path):
    clean(tmp_path, response(1))
    clean(tmp_path, response(1), columns=[c for c in COLUMNS if c != "Q7"], name="results-survey13.csv")
    cleaned = clean_survey_files(sorted(tmp_path.glob("*.csv")))
    assert list(cleaned.frame["id_reponse"]) == ["12-1"]
    assert [p.severity for p in cleaned.problems] == [Severity.BLOCKING]
    assert fates(cleaned)[-1] == (2, "écartée", "fichier inutilisable : il manque Q7")


def test_a_response_without_number_is_set_aside(tmp_path):
    assert fates(clean(tmp_path, response(1, id="")))[1] == (2, "écartée", "réponse sans numéro")


def test_corrections_are_written_on_the_row_and_free_texts_nowhere(tmp_path):
    cleaned = clean(tmp_path, response(1, **{"Q1[other]": '=secret;\n"si"'}))
    assert cleaned.lines[1].corrections == ("Q1[other] : apostrophe de protection retirée",)
    assert bool(cleaned.frame.loc[0, "choix_autre"]) is True
    assert "secret" not in repr(cleaned) and "secret" not in cleaned.frame.to_csv()


def test_a_date_that_cannot_be_read_keeps_the_response(tmp_path):
    cleaned = clean(tmp_path, response(1, submitdate="31/02/2024"))
    assert cleaned.frame["date_reponse"].isna().all()
    (problem,) = cleaned.problems
    assert (problem.where.cell, problem.where.column, problem.value) == ("B2", "submitdate", "31/02/2024")


def test_a_response_after_the_extraction_is_signalled(tmp_path):
    clean(tmp_path, response(1, submitdate="2024-04-30 23:59:59"), response(2, submitdate="2024-05-01 00:00:01"))
    cleaned = clean_survey_files([tmp_path / "results-survey12.csv"], last_day=date(2024, 4, 30))
    assert len(cleaned.frame) == 2
    assert [(p.rule, p.where.cell) for p in cleaned.problems] == [("date-hors-periode", "B3")]


def test_nothing_received_is_an_empty_table_with_its_columns():
    cleaned = clean_survey_files([])
    assert cleaned.frame.empty and cleaned.lines == ()
    check_clean(cleaned.frame, "enquete")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"%PDF-1.7"])
def test_a_file_that_cannot_be_read_is_a_problem_and_no_more(tmp_path, content):
    path = tmp_path / "results-survey12.csv"
    path.write_bytes(content)
    cleaned = clean_survey_files([path])
    assert cleaned.frame.empty and cleaned.non_empty == {}
    assert any(p.severity is Severity.BLOCKING and p.where.file == path.name for p in cleaned.problems)


def test_the_campaign_s_folder_is_read(tmp_path, monkeypatch):
    campaign = load_campaign("2024")
    folder = tmp_path / "enquete"
    folder.mkdir()
    clean(folder, response(1))
    object.__setattr__(campaign, "raw", tmp_path)
    assert len(clean_survey(campaign).frame) == 1


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.booleans(), st.integers(1, 3), st.sampled_from(["", "A1", "A5", "oui"])),
        max_size=8,
    )
)
def test_the_ledger_closes_whatever_is_received(tmp_path_factory, drawn):
    """Numbers repeated, partial or not, sessions shared, answers unknown: one fate a row, one row a record."""
    rows = [
        response(number, submitdate="2024-03-04 10:00:00" if sent else None, seed=str(seed), Q7=answer)
        for number, sent, seed, answer in drawn
    ]
    cleaned = clean(tmp_path_factory.mktemp("enquete"), *rows)
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)
    kept = [line.target for line in cleaned.lines if line.fate is Fate.KEPT]
    assert sorted(kept) == sorted(cleaned.frame["id_reponse"])
    assert {line.target for line in cleaned.lines if line.fate is Fate.MERGED} <= set(kept)


def correction(**changes):
    """A correction of cell F2: the school of the first response, after the five technical columns."""
    values = {
        "file": "results-survey12.csv",
        "sheet": "",
        "cell": "F2",
        "field": "ecole",
        "expected": "EDP-03",
        "new": "EDP-04",
        "who": "unité",
        "when": "2024-05-14",
        "why": "mauvais lien",
    }
    return Correction(**{**values, **changes})


def test_a_declared_correction_is_applied_and_written_on_the_row(tmp_path):
    clean(tmp_path, response(1))
    cleaned = clean_survey_files([tmp_path / "results-survey12.csv"], corrections=[correction()])
    assert list(cleaned.frame["ecole"]) == ["EDP-04"]
    assert cleaned.lines[1].corrections == ("ecole : correction déclarée par unité le 2024-05-14 (mauvais lien)",)
    assert cleaned.problems == ()


@pytest.mark.parametrize(
    ("changes", "rule"),
    [({"expected": "EDP-05"}, "correction-perimee"), ({"field": "sexe"}, "correction-mal-placee")],
)
def test_a_correction_that_no_longer_fits_blocks(tmp_path, changes, rule):
    clean(tmp_path, response(1))
    cleaned = clean_survey_files([tmp_path / "results-survey12.csv"], corrections=[correction(**changes)])
    (problem,) = cleaned.problems
    assert (problem.rule, problem.severity, problem.where.cell) == (rule, Severity.BLOCKING, "F2")


def test_a_school_that_the_campaign_does_not_have_is_missing_and_named(tmp_path):
    clean(tmp_path, response(1), response(2, ECOLE="EDP-30"), response(3, ECOLE=""))
    cleaned = clean_survey_files([tmp_path / "results-survey12.csv"], schools=("EDP-01", "EDP-03"))
    assert cleaned.frame["ecole"].fillna("").tolist() == ["EDP-03", "", ""]
    (problem,) = cleaned.problems
    assert (problem.rule, problem.where.cell, problem.value) == ("ecole-inconnue", "3", "EDP-30")
    assert problem.expected.startswith("peut-être « EDP-0")
