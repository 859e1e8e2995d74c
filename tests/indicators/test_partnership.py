"""Interviews counted by interviews and groups: a small hand-made grid, every count done by hand.

Six interviews: schools E01 and E02 (the same school) and E03; companies E04, E05; E06 without a family, never coded.
E01 praises the animation (2 codes of FEDERATION: +, then − on support: balanced), E02 only the support (−),
E03 the animation (+) and the transport (−). E04 and E05 praise the price; E05 also finds the delays long.
"""

import pandas as pd
import pytest

from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.contract.codebook import theme_of
from edp_analysis.indicators.partnership import (
    NO_FAMILY,
    entendus,
    entretiens_par_famille,
    mention,
    observations,
    structures,
    sujets,
)
from edp_analysis.indicators.voices import en_tableau

INTERVIEWS = [
    ("E01", "ECOLE", "ECO-01", 1), ("E02", "ECOLE", "ECO-01", 3), ("E03", "ECOLE", "ECO-02", 1),
    ("E04", "ENTREPRISE", "ENT-01", 1), ("E05", "ENTREPRISE", None, 2), ("E06", None, None, None),
]  # fmt: skip
CODINGS = [
    ("E01", 1, "FED_ANIMATION", "POSITIF"), ("E01", 1, "FED_ACCOMPAGNEMENT", "NEGATIF"),
    ("E02", 1, "FED_ACCOMPAGNEMENT", "NEGATIF"), ("E03", 1, "FED_ANIMATION", "POSITIF"),
    ("E03", 1, "MOB_TRANSPORT", "NEGATIF"), ("E04", 1, "PRO_QUALITE_PRIX", "POSITIF"),
    ("E05", 1, "PRO_QUALITE_PRIX", "POSITIF"), ("E05", 1, "PRO_DELAIS", "NEGATIF"),
    ("E05", 2, "MOB_TRANSPORT", "POSITIF"),
]  # fmt: skip


def table(name, rows):
    return typed(pd.DataFrame(rows, columns=list(empty_frame(name).columns), dtype=object), name)


@pytest.fixture
def interviews():
    keys = ("id_entretien", "famille_acteurs", "structure", "nombre_personnes")
    return table("entretiens", [dict(zip(keys, row, strict=True)) for row in INTERVIEWS])


@pytest.fixture
def codings():
    rows = [
        {
            "id_entretien": name,
            "codeur": f"C{reading}",
            "lecture": reading,
            "theme": theme_of()[code],
            "code": code,
            "polarite": polarity,
        }
        for name, reading, code, polarity in CODINGS
    ]
    return table("codages", rows)


def line(crossing, subject, group):
    found = crossing[(crossing["sujet"] == subject) & (crossing["groupe"] == group)]
    names = ["entretiens", "sur", "structures", "positifs", "neutres", "negatifs", "solde"]
    return found[names].to_numpy().tolist()[0]


def test_families_are_counted_by_interviews_structures_and_persons(interviews):
    """An interview without a structure is a group of its own; a number of persons left blank is one person."""
    found = entretiens_par_famille(interviews, seuil=3)
    assert found.to_numpy().tolist() == [
        ["ECOLE", 3, 2, 5, False],
        ["ENTREPRISE", 2, 2, 3, True],
        [NO_FAMILY, 1, 1, 1, True],
    ]


def test_a_theme_is_counted_once_an_interview_and_balanced_judgements_are_neutral(codings, interviews):
    """FEDERATION at school: E01 (+1 −1 = 0), E02 (−1), E03 (+1): 3 of 3, from 2 structures, one of each sign."""
    found = sujets(codings, interviews, seuil=3)
    assert line(found, "FEDERATION", "ECOLE") == [3, 3, 2, 1, 1, 1, 0]
    assert line(found, "PRODUCTION", "ENTREPRISE") == [2, 2, 2, 1, 1, 0, 1]
    assert line(found, "MOBILITE", "ECOLE") == [1, 3, 1, 0, 0, 1, -1]
    assert line(found, "FEDERATION", "ENTREPRISE") == [0, 2, 0, 0, 0, 0, 0]


def test_a_code_is_counted_on_its_own(codings, interviews):
    found = sujets(codings, interviews, seuil=3, niveau="code")
    assert line(found, "FED_ANIMATION", "ECOLE") == [2, 3, 2, 2, 0, 0, 2]
    assert line(found, "FED_ACCOMPAGNEMENT", "ECOLE") == [2, 3, 1, 0, 0, 2, -2]


def test_the_second_reading_counts_for_nothing(codings, interviews):
    """E05's second reading speaks of transport; the count of companies stays at 0."""
    assert line(sujets(codings, interviews, seuil=3), "MOBILITE", "ENTREPRISE")[0] == 0


def test_mentions_are_not_counted(codings, interviews):
    """The same code four times in one interview (a grid that cleaning would refuse) is still one interview."""
    again = pd.concat([codings, *[codings.iloc[[0]]] * 3], ignore_index=True)
    assert line(sujets(again, interviews, seuil=3), "FEDERATION", "ECOLE")[0] == 3
    assert mention(again, interviews, "FED_ANIMATION", "ECOLE").numerator == 2


def test_an_interview_that_nobody_coded_is_in_no_total(codings, interviews):
    found = sujets(codings, interviews, seuil=3)
    assert set(found["groupe"]) == {"ECOLE", "ENTREPRISE"}
    assert mention(codings, interviews, "FED_ANIMATION").denominator == 5


def test_small_groups_are_flagged(codings, interviews):
    found = sujets(codings, interviews, seuil=3)
    assert dict(zip(found["groupe"], found["faible"], strict=False)) == {"ECOLE": False, "ENTREPRISE": True}
    heading = en_tableau(found).columns
    assert list(heading) == ["Sujet", "École", "Entreprise [faible]"]


def test_the_table_reads_n_of_n(codings, interviews):
    shown = en_tableau(sujets(codings, interviews, seuil=3)).set_index("Sujet")
    assert shown.loc["Fédération et délégué régional"].tolist() == ["3 sur 3, équilibré", "0 sur 2"]
    assert shown.loc["Mobilité"].tolist() == ["1 sur 3, plutôt négatif", "0 sur 2"]
    assert shown.loc["Production pour les entreprises"].tolist() == ["0 sur 3", "2 sur 2, plutôt positif"]
    assert not shown.map(lambda cell: any(mark in cell for mark in "+–−")).any(axis=None), "no mark to be mistaken"
    assert "Modèle économique" not in shown.index


def test_a_mention_says_its_counts_its_judgement_and_its_interviews(codings, interviews):
    found = mention(codings, interviews, "FED_ACCOMPAGNEMENT", "ECOLE", "NEGATIF")
    assert (found.value, found.numerator, found.denominator) == (2.0, 2, 3)
    assert (found.unit, found.interval, found.rows) == ("entretiens", None, ("E01", "E02"))
    assert found.label == "Accompagnement des écoles par le délégué, négatif"
    assert found.population == "entretiens codés d’écoles"


def test_several_codes_are_one_subject(codings, interviews):
    """E01 balances out, so it is neutral; E02 is negative; E03 positive."""
    codes = ("FED_ANIMATION", "FED_ACCOMPAGNEMENT")
    assert mention(codings, interviews, codes, "ECOLE").numerator == 3
    assert mention(codings, interviews, codes, "ECOLE", "NEUTRE").rows == ("E01",)


def test_what_counts_are_out_of(codings, interviews):
    """Three interviews of schools are coded; of the six interviews one has no code at all."""
    schools = entendus(codings, interviews, "ECOLE")
    assert (schools.value, schools.population, schools.rows) == (3, "entretiens codés d’écoles", ("E01", "E02", "E03"))
    assert (entendus(codings, interviews).value, entendus(codings, interviews).population) == (5, "entretiens codés")
    assert entendus(codings, interviews, "JEUNE").reason == "aucun entretien codé dans le champ"


def test_schools_are_counted_once_however_often_they_were_heard(codings, interviews):
    """E01 and E02, of ECO-01, both judge the support badly: one school of the two heard."""
    found = structures(codings, interviews, "FED_ACCOMPAGNEMENT", "ECOLE", "NEGATIF")
    assert (found.numerator, found.denominator, found.unit, found.rows) == (1, 2, "écoles", ("ECO-01",))
    assert structures(codings, interviews, "FED_ANIMATION", "ECOLE", "POSITIF").numerator == 2
    assert structures(codings, interviews, "PRO_DELAIS", "ENTREPRISE", "NEGATIF").rows == ("E05",)
    assert structures(codings, interviews, "FED_ANIMATION", "JEUNE").value is None


def test_what_is_not_in_the_lists_is_refused(codings, interviews):
    with pytest.raises(KeyError):
        mention(codings, interviews, "FED_INCONNU")
    with pytest.raises(KeyError):
        mention(codings, interviews, "FED_ANIMATION", "FAMILLE")
    with pytest.raises(ValueError, match="niveau"):
        sujets(codings, interviews, 5, niveau="mot")


def test_empty_tables_have_a_reason_and_no_row():
    codings, interviews = empty_frame("codages"), empty_frame("entretiens")
    assert mention(codings, interviews, "FED_ANIMATION").reason == "aucun entretien codé dans le champ"
    assert sujets(codings, interviews, 5).empty
    assert en_tableau(sujets(codings, interviews, 5)).empty
    assert entretiens_par_famille(interviews, 5).empty
    assert observations(empty_frame("visites"))["oui"].sum() == 0


def test_observations_are_counted_item_by_item():
    rows = [
        {"ecole": "EDP-01", "date_visite": "2023-10-02", "suivi_ecrit": "OUI"},
        {"ecole": "EDP-02", "date_visite": "2023-10-03", "suivi_ecrit": "NON"},
        {"ecole": "EDP-03", "date_visite": "2023-10-04", "suivi_ecrit": None},
    ]
    found = observations(table("visites", rows)).set_index("item")
    assert found.loc["suivi_ecrit"].tolist() == [1, 0, 1, 0, 1]
    assert (found.sum(axis=1) == 3).all()
