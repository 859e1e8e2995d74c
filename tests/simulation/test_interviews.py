"""Simulated interviews: counts of the story, planted agreement, what may not come through, and the truth given back."""

import re
import tomllib
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from edp_analysis.campaign import find_root, load_campaign
from edp_analysis.cleaning.documents import clean_documents
from edp_analysis.cleaning.interviews import clean_interviews
from edp_analysis.cleaning.reference import clean_schools
from edp_analysis.cleaning.visits import clean_visits
from edp_analysis.contract import load_schema
from edp_analysis.contract.codebook import SIMULATED_VOICE
from edp_analysis.intake.files import read_sheets
from edp_analysis.problems import Severity, UserError
from edp_analysis.simulation.interview_story import InterviewSettings, StoryLine, apportion, read_story
from edp_analysis.simulation.interviews import draw_interviews
from edp_analysis.simulation.second_reading import pooled_agreement, read_again
from edp_analysis.simulation.truth import read_truth, truth_folder
from edp_analysis.simulation.visits import draw_visits

TABLES = ("entretiens", "codages", "citations", "visites", "documents")


def cleaned(campaign):
    return {**clean_interviews(campaign), "visites": clean_visits(campaign), "documents": clean_documents(campaign)}


@pytest.fixture(scope="module")
def campaign():
    return load_campaign("2024", find_root())


@pytest.fixture(scope="module")
def truth(campaign):
    return {name: read_truth(truth_folder(campaign.root, "2024"), name) for name in TABLES}


@pytest.mark.parametrize("code", ["2024", "2028"])
def test_cleaning_gives_the_truth_back_cell_by_cell(code, simulated_2028):
    root = find_root() if code == "2024" else simulated_2028.raw.parents[2]
    for name, result in cleaned(load_campaign(code, root)).items():
        key = list(load_schema(name).primary_key)
        want = read_truth(truth_folder(root, code), name)
        pd.testing.assert_frame_equal(
            result.frame.sort_values(key, ignore_index=True), want.sort_values(key, ignore_index=True)
        )
        assert [str(problem) for problem in result.problems if problem.severity is Severity.BLOCKING] == []


def test_the_mess_was_there(campaign):
    """Notice, total, repeated headings, rows pasted twice, variants, signs: all met and said."""
    found = cleaned(campaign)
    rules = {name: {problem.rule for problem in result.problems} for name, result in found.items()}
    assert rules["entretiens"] == {"ligne-hors-donnees"}
    assert rules["codages"] == {"ligne-hors-donnees", "codage-en-double"}
    assert rules["citations"] == {"citation-non-approuvee"}
    corrections = " ".join(text for line in found["codages"].lines for text in line.corrections)
    assert "polarite : « -1 » → Négatif (signe)" in corrections
    assert "theme : vide → " in corrections


def test_nobody_who_was_met_comes_through(campaign):
    """Each name and address of the grid is looked for in the tables, the ledger and the problems."""
    sheets, _ = read_sheets(campaign.raw / "entretiens" / "grille-entretiens.xlsx")
    rows = next(sheet for sheet in sheets if sheet.name == "Entretiens").rows
    headings = rows[2]
    person, address = headings.index("Personne rencontrée"), headings.index("Courriel")
    met = [row[person] for row in rows[3:] if len(row) > person and row[person]]
    addresses = [row[address] for row in rows[3:] if len(row) > address and row[address]]
    assert len(met) > 40 and len(addresses) > 5
    whole = ""
    for result in cleaned(campaign).values():
        whole += result.frame.to_csv() + " ".join(map(str, result.problems)) + " ".join(map(str, result.lines))
    assert [name for name in met if name in whole] == []
    assert "@" not in whole
    assert [text for text in addresses if text in whole] == []


def test_every_simulated_voice_says_so_in_its_own_text(truth):
    assert truth["citations"]["texte"].str.endswith(f" {SIMULATED_VOICE}").all()


def test_the_numbers_of_the_publication(truth):
    """More than 60 interviews, one in five at least coded twice, seven visits of one day."""
    double = truth["codages"].loc[truth["codages"]["lecture"] == 2, "id_entretien"].nunique()
    total = len(truth["entretiens"])
    assert total > 60
    assert double / total >= 0.2
    assert len(truth["visites"]) == 7
    assert set(truth["visites"]["duree_jours"]) == {1.0}


def test_the_story_is_told(truth):
    """The counts of the story, for the sentences of the publication; 18 schools, 16 companies."""
    first = truth["codages"][truth["codages"]["lecture"] == 1].merge(
        truth["entretiens"][["id_entretien", "type_structure"]], on="id_entretien"
    )

    def counts(code, kind):
        chosen = first[(first["code"] == code) & (first["type_structure"] == kind)]
        return [int((chosen["polarite"] == name).sum()) for name in ("POSITIF", "NEUTRE", "NEGATIF")]

    assert counts("FED_ANIMATION", "ECOLE") == [13, 2, 1]
    assert counts("FED_ACCOMPAGNEMENT", "ECOLE") == [1, 3, 11]
    assert counts("PRO_QUALITE_PRIX", "ENTREPRISE") == [13, 2, 0]
    assert counts("PRO_DELAIS", "ENTREPRISE") == [1, 3, 8]
    assert counts("PIL_VISION", "FEDERATION") == [4, 1, 0]
    assert counts("PIL_VISION", "REGION") == [0, 1, 4]


def test_the_planted_agreement_is_that_of_the_two_readings(campaign, truth):
    """Counted here again; kappa by hand from the four counts: (po - pe) / (1 - pe)."""
    planted = tomllib.loads((truth_folder(campaign.root, "2024") / "verite-entretiens.toml").read_text("utf-8"))
    codings = truth["codages"]
    double = set(codings.loc[codings["lecture"] == 2, "id_entretien"])
    twice = codings[codings["id_entretien"].isin(double)]
    sets = [
        set(twice.loc[twice["lecture"] == rank, ["id_entretien", "code"]].itertuples(index=False, name=None))
        for rank in (1, 2)
    ]
    both, first, second = len(sets[0] & sets[1]), len(sets[0] - sets[1]), len(sets[1] - sets[0])
    total = len(double) * 36
    neither = total - both - first - second
    assert [planted["accord"][name] for name in ("deux", "premier", "second", "aucun")] == [
        both, first, second, neither,
    ]  # fmt: skip
    agreed = (both + neither) / total
    chance = ((both + first) * (both + second) + (second + neither) * (first + neither)) / total**2
    assert planted["accord"]["kappa"] == pytest.approx((agreed - chance) / (1 - chance), abs=1e-4)
    assert 0.75 < planted["accord"]["kappa"] < 0.95
    assert planted["accord"]["meme_polarite"] < both


def test_a_second_reading_without_disagreement_is_the_first(campaign):
    settings = replace(InterviewSettings.of(campaign), omissions=0.0, ajouts=0.0, glissements=0.0)
    mentions = {("E01", "FED_ANIMATION"): "POSITIF", ("E02", "PRO_DELAIS"): "NEGATIF"}
    again = read_again(mentions, ["E01", "E02"], settings, np.random.default_rng(0))
    assert again == mentions
    assert pooled_agreement(mentions, again, ["E01", "E02"]) == {
        "deux": 2, "premier": 0, "second": 0, "aucun": 70, "meme_polarite": 2,
    }  # fmt: skip


def test_disagreements_are_as_many_as_asked_for(campaign):
    """Ten codes: a fifth left out (2), three added for ten, half of the eight left moved one step (4)."""
    settings = replace(InterviewSettings.of(campaign), omissions=0.2, ajouts=0.3, glissements=0.5)
    codes = [line.code for line in read_story(campaign.root, settings.recit)]
    mentions = {(f"E{rank:02d}", code): "POSITIF" for rank, code in enumerate(dict.fromkeys(codes)) if rank < 10}
    double = [f"E{rank:02d}" for rank in range(10)]
    counts = pooled_agreement(mentions, read_again(mentions, double, settings, np.random.default_rng(1)), double)
    assert counts == {"deux": 8, "premier": 2, "second": 3, "aucun": 347, "meme_polarite": 4}


def test_shares_become_whole_numbers_of_interviews():
    """90 % of 18 is 16.2, so 16; of which 12.8, 2.4 and 0.8: one more to 12.8, then to 0.8."""
    assert StoryLine("X", "ECOLE", 90, (80, 15, 5)).counts(18) == (13, 2, 1)
    assert StoryLine("X", "ECOLE", 0, (80, 15, 5)).counts(18) == (0, 0, 0)
    assert apportion(3, [1, 1]) == (2, 1)


def test_another_seed_gives_other_interviews_and_the_same_counts(campaign):
    schools = clean_schools(campaign).frame
    one, two = (draw_interviews(campaign, schools, np.random.default_rng(seed)) for seed in (1, 2))
    assert not one.interviews.equals(two.interviews)
    assert len(one.interviews) == len(two.interviews)
    assert (one.codings["lecture"] == 1).sum() == (two.codings["lecture"] == 1).sum()


def changed(campaign, section, **values):
    simulation = dict(campaign.settings["simulation"])
    simulation[section] = {**simulation[section], **values}
    return replace(campaign, settings={**campaign.settings, "simulation": simulation})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"interlocuteurs": {"ECOLES": 3}}, "« ECOLES » inconnu"),
        ({"doubles": 90}, "« doubles »"),
        ({"collectifs": 2}, "« collectifs »"),
        ({"fin": pd.Timestamp("2030-01-01").date()}, "ne se suivent pas"),
        ({"recit": "rien.csv"}, "« rien.csv » n'existe pas"),
        ({"non_approuvees": 500}, "« non_approuvees »"),
    ],
)
def test_faulty_settings_are_named(campaign, values, message):
    with pytest.raises(UserError, match=re.escape(message)):
        draw_interviews(
            changed(campaign, "entretiens", **values), clean_schools(campaign).frame, np.random.default_rng(0)
        )


def test_a_missing_setting_or_a_school_that_does_not_exist_is_named(campaign):
    with pytest.raises(UserError, match="EDP-99"):
        draw_visits(
            changed(campaign, "visites", ecoles=["EDP-99"]), clean_schools(campaign).frame, np.random.default_rng(0)
        )
    simulation = {**campaign.settings["simulation"], "entretiens": {"doubles": 3}}
    with pytest.raises(UserError, match="il manque debut"):
        InterviewSettings.of(replace(campaign, settings={"simulation": simulation}))
