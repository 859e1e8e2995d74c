"""Voices laid out for readers, from three interviews coded by hand."""

import pandas as pd
import pytest

from edp_analysis.contract.checks import empty_frame
from edp_analysis.indicators import voices


@pytest.fixture
def interviews():
    return pd.DataFrame(
        {
            "id_entretien": ["E1", "E2", "E3"],
            "famille_acteurs": ["ECOLE", "ECOLE", "ENTREPRISE"],
            "structure": ["EDP-01", "EDP-01", "ENT-01"],
            "nombre_personnes": pd.array([2, None, 1], dtype="Int64"),
        }
    )


@pytest.fixture
def codings():
    """E1 judges the network's animation well, E2 badly; E3 speaks of production; E1 was read twice."""
    rows = [
        ("E1", "A", 1, "FEDERATION", "FED_ANIMATION", "POSITIF", "Q1"),
        ("E1", "B", 2, "FEDERATION", "FED_ANIMATION", "POSITIF", None),
        ("E1", "B", 2, "FEDERATION", "FED_TERRAIN", "NEGATIF", None),
        ("E2", "A", 1, "FEDERATION", "FED_ANIMATION", "NEGATIF", None),
        ("E3", "A", 1, "PRODUCTION", "PRO_DELAIS", "NEGATIF", "Q2"),
    ]
    columns = ["id_entretien", "codeur", "lecture", "theme", "code", "polarite", "id_citation"]
    return pd.DataFrame(rows, columns=columns).reindex(columns=empty_frame("codages").columns)


def test_families_count_interviews_structures_and_persons(interviews):
    """Two interviews in one school, a person when the number is not said: 2 + 1; both families are under five."""
    table = voices.familles(interviews, seuil=5)
    assert table.to_numpy().tolist() == [["École [faible]", 2, 1, 3], ["Entreprise [faible]", 1, 1, 1]]


def test_a_subject_is_counted_by_interview_with_its_judgement(interviews, codings):
    """Schools: both speak of animation, one well, one badly; the second reading of E1 counts for nothing here."""
    table = voices.jugements(codings, interviews, ["FED_ANIMATION", "FED_TERRAIN"], "ECOLE")
    assert table.set_index("Sujet").loc["Animation du réseau"].tolist() == [2, 1, 0, 1]
    assert table.iloc[1].tolist()[1:] == [0, 0, 0, 0]
    assert "Entretiens" not in table, "the same number in each row is said once, in the subtitle"


def test_a_school_heard_twice_may_be_counted_for_both_judgements(interviews, codings):
    """E1 and E2 are of one school: one judges the animation well, the other badly; nobody speaks of the field."""
    table = voices.jugements_par_ecole(codings, interviews, ["FED_ANIMATION", "FED_TERRAIN"])
    assert table.to_numpy().tolist() == [
        ["Animation du réseau", 1, 1, 1], ["Présence du délégué sur le terrain", 0, 0, 0],
    ]  # fmt: skip


def test_actors_keep_the_number_they_are_out_of(interviews, codings):
    """Types of structure: two schools, one of which has judged the animation; the company is under the threshold."""
    typed = interviews.assign(type_structure=["ECOLE", "ECOLE", "ENTREPRISE"])
    table = voices.jugements_par_structure(codings, typed, "FED_ANIMATION", 2).set_index("Acteur")
    assert table.loc["École de production"].tolist() == [2, 1, 0, 1, 2]
    assert table.loc["Autres acteurs"].tolist() == [0, 0, 0, 0, 1]


def test_agreement_keeps_what_both_one_or_no_coder_saw(codings):
    """E1 alone was read twice: animation seen by both, the field by the second coder only, the opening by neither."""
    table = voices.accords(codings, ["FED_TERRAIN", "FED_ANIMATION", "FED_OUVERTURE"])
    assert table.to_numpy().tolist() == [
        ["Présence du délégué sur le terrain", 0, 1, 0], ["Animation du réseau", 1, 0, 0],
        ["Appui de la fédération à l’ouverture", 0, 0, 1],
    ]  # fmt: skip


def test_a_quotation_is_shown_under_its_theme_and_only_when_it_may_be(interviews, codings):
    """Q1 is about the federation and may be shown; Q2 is about production; a quotation not offered never appears."""
    shown = pd.DataFrame({"id_citation": ["Q1", "Q2"], "texte": ["a", "b"], "attribution": ["École", "Entreprise"]})
    assert voices.citations(shown, interviews, codings, "FEDERATION").to_numpy().tolist() == [["« a »", "École"]]
    assert voices.citations(shown.iloc[1:], interviews, codings, "FEDERATION").empty


def test_the_mark_of_an_invented_voice_stays_on_its_quotation(interviews, codings):
    """Outside the guillemets, where nobody says it, and on each row: a row is copied alone."""
    shown = pd.DataFrame({"id_citation": ["Q1"], "texte": ["a. [voix simulée]"], "attribution": ["École"]})
    assert voices.citations(shown, interviews, codings, "FEDERATION")["Citation"].tolist() == ["« a. » [voix simulée]"]


def test_nothing_received_gives_empty_tables_and_counts_of_none():
    nobody, nothing = empty_frame("entretiens"), empty_frame("codages")
    assert voices.familles(nobody, 5).empty
    assert voices.jugements(nothing, nobody, ["FED_ANIMATION"], "ECOLE")["En parlent"].tolist() == [0]
    assert voices.jugements_par_ecole(nothing, nobody, ["FED_ANIMATION"]).iloc[0, 1] == 0
    assert voices.accords(nothing, ["FED_ANIMATION"]).empty
    assert voices.grille(empty_frame("visites"))["Oui"].sum() == 0
