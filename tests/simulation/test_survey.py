"""The simulated survey: exact where it must be, and read back as its truth."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.cleaning.survey import clean_survey_files
from edp_analysis.contract.checks import check_clean
from edp_analysis.intake.text import tokenise
from edp_analysis.problems import UserError
from edp_analysis.simulation.survey import simulate_survey

FAVOURABLE = ["TOUT_A_FAIT", "PLUTOT"]


def learners(size=150):
    """All present in the survey's window but every tenth, who left before it."""
    left = ["2023-12-20" if rank % 10 == 9 else None for rank in range(size)]
    return pd.DataFrame(
        {
            "id_inscription": [f"i{rank:03d}" for rank in range(size)],
            "id_jeune": [f"{rank:016x}" for rank in range(size)],
            "ecole": [f"EDP-{1 + rank % 9:02d}" if rank % 10 != 9 else "EDP-99" for rank in range(size)],
            "sexe": ["F" if rank % 4 == 0 else "H" for rank in range(size)],
            "annee_scolaire_entree": ["2022-2023" if rank % 2 else "2023-2024" for rank in range(size)],
            "date_entree": pd.to_datetime(["2022-09-05" if rank % 2 else "2023-09-04" for rank in range(size)]),
            "date_sortie": pd.to_datetime(left),
        }
    )


def with_settings(**changes):
    campaign = load_campaign("2024")
    section = {**campaign.settings["simulation"]["enquete"], **changes}
    section = {key: value for key, value in section.items() if value is not None}
    return replace(campaign, settings={**campaign.settings, "simulation": {"enquete": section}})


@pytest.fixture(scope="module")
def survey():
    files, truth = simulate_survey(load_campaign("2024"), learners(), np.random.default_rng(2024))
    ((path, content),) = files.items()
    return path, content, truth


def test_the_counts_the_campaign_asks_for_are_exact(survey):
    """100 answers, all of them to the satisfaction question, 84 favourable (the published 84 %)."""
    _, _, truth = survey
    assert len(truth) == 100 and truth["satisfait"].notna().all()
    assert truth["satisfait"].isin(FAVOURABLE).sum() == 84


def test_the_truth_satisfies_the_clean_contract(survey):
    check_clean(survey[2], "enquete")


def test_the_export_is_written_as_the_tool_writes_it(survey):
    path, content, _ = survey
    assert path == "enquete/results-survey417352.csv"
    assert content.startswith(b'\xef\xbb\xbf"id";"submitdate";') and content.endswith(b'"\r\n\r\n')
    records, faulty = tokenise(content.decode("utf-8-sig"), ";")
    assert faulty == [] and records[-1] == (None,)
    assert {len(record) for record in records[:-1]} == {33}
    assert len(records) - 2 == 100 + 17 + 1  # complete, partial, sent twice
    flat = [value for record in records for value in record]
    assert None in flat and "" in flat
    texts = [value for value in flat if value]
    assert any(text.startswith("'=") for text in texts)
    assert any("\n" in text for text in texts) and any('"' in text for text in texts)
    assert any(";" in text for text in texts)


def test_the_export_read_back_is_the_truth_cell_by_cell(survey, tmp_path):
    path, content, truth = survey
    received = tmp_path / path.split("/")[1]
    received.write_bytes(content)
    cleaned = clean_survey_files([received])
    pd.testing.assert_frame_equal(cleaned.frame, truth)
    assert cleaned.problems == ()
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)
    fates = pd.Series([line.fate for line in cleaned.lines]).value_counts().to_dict()
    assert fates == {"reprise": 100, "écartée": 18, "fusionnée": 1}


@pytest.mark.parametrize("mutation", ["satisfait", "partial counted"])
def test_the_comparison_with_the_truth_can_fail(survey, tmp_path, mutation):
    path, content, truth = survey
    text = content.decode("utf-8-sig")
    if mutation == "satisfait":
        text, changed = re.subn(r'("4";"fr";.*)"A1"(?=\r\n)', r'\1"A4"', text, count=1)
    else:
        text, changed = re.subn(r'("\d+");;"4";', r'\1;"2024-03-01 10:00:00";"4";', text, count=1)
    assert changed == 1
    received = tmp_path / path.split("/")[1]
    received.write_bytes(text.encode())
    assert not clean_survey_files([received]).frame.equals(truth)


def test_an_export_that_lost_its_quotes_still_gives_the_truth_and_says_so(survey, tmp_path):
    """What « shown » and « not shown » no longer tell, the conditions of the questionnaire do."""
    path, content, truth = survey
    received = tmp_path / path.split("/")[1]
    received.write_bytes(content.replace(b'""', b""))
    cleaned = clean_survey_files([received])
    pd.testing.assert_frame_equal(cleaned.frame, truth)
    assert [problem.rule for problem in cleaned.problems] == ["montre-indistinct"]


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(survey):
    def again(seed):
        return simulate_survey(load_campaign("2024"), learners(), np.random.default_rng(seed))

    (same, truth), (other, _) = again(2024), again(7)
    assert list(same.values()) == [survey[1]] and list(other.values()) != [survey[1]]
    pd.testing.assert_frame_equal(truth, survey[2])


def test_only_learners_present_answer_and_nothing_leads_back_to_them(survey):
    _, content, truth = survey
    assert "EDP-99" not in set(truth["ecole"])
    assert truth["ecole"].value_counts().le(16).all()  # at most the learners present of a school
    assert not any(identifier.encode() in content for identifier in learners()["id_jeune"])


def test_answers_hang_together(survey):
    """Satisfied youths say more often that the school fits them; being more skilled is said more than motivated."""
    truth = survey[2]
    fits = truth["adaptee"].isin(FAVOURABLE)
    satisfied = truth["satisfait"].isin(FAVOURABLE)
    assert fits[satisfied].mean() > fits[~satisfied].mean()
    assert truth["competent"].isin(FAVOURABLE).sum() > truth["motive"].isin(FAVOURABLE).sum()
    assert truth.loc[truth["sourcing_employeur"].notna(), "choix_sans_contrat"].all()
    assert truth.loc[truth["sourcing_employeur"].isna(), "choix_sans_contrat"].eq(False).all()


@pytest.mark.parametrize(("complete", "satisfied"), [(40, 40), (40, 0), (7, 3), (1, 1)])
def test_other_counts_are_obeyed(complete, satisfied):
    campaign = with_settings(complets=complete, satisfaits=satisfied, partiels=0)
    _, truth = simulate_survey(campaign, learners(), np.random.default_rng(1))
    assert len(truth) == complete and truth["satisfait"].isin(FAVOURABLE).sum() == satisfied


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"satisfaits": None}, "il manque satisfaits"),
        ({"satisfaits": 101}, "101 satisfaits pour 100"),
        ({"complets": 400}, "135 jeunes sont présents"),
        ({"fin": load_campaign("2024").start}, "ne se suivent pas"),
    ],
)
def test_impossible_settings_are_refused_in_words(changes, message):
    with pytest.raises(UserError, match=message):
        simulate_survey(with_settings(**changes), learners(), np.random.default_rng(1))


def test_a_week_end_is_no_time_for_a_survey():
    days = pd.Timestamp("2024-02-10").date(), pd.Timestamp("2024-02-11").date()
    with pytest.raises(UserError, match="Aucun jour ouvré"):
        simulate_survey(with_settings(debut=days[0], fin=days[1]), learners(), np.random.default_rng(1))
