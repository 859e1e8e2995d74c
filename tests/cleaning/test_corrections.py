"""Declared corrections: applied to the cell they expect, and loud when the source changed."""

import datetime as dt

import pytest

from edp_analysis.cleaning.corrections import Correction, apply_corrections, load_corrections, not_applied
from edp_analysis.cleaning.learners import clean_learners
from edp_analysis.intake.raw import RawSheet
from edp_analysis.intake.values import MASKED
from edp_analysis.problems import Severity, UserError

TEXT = """\
[[correction]]
fichier = "EDP-01.csv"
feuille = ""
cellule = "E2"
champ = "date_entree"
attendu = "31/02/2022"
nouveau = "28/02/2022"
qui = "évaluatrice"
quand = 2024-05-14
pourquoi = "confirmé par l'école"
"""


def test_a_correction_makes_the_row_usable_and_is_in_the_ledger(received):
    received.learners("EDP-01.csv", {"Date d'entrée": "31/02/2022"})
    assert len(clean_learners(received.campaign).frame) == 0
    received.write("corrections.toml", TEXT)
    cleaned = clean_learners(received.campaign)
    assert cleaned.frame["date_entree"].tolist() == [dt.datetime(2022, 2, 28)]
    kept = next(line for line in cleaned.lines if line.row == 2)
    note = "date_entree : correction déclarée par évaluatrice le 2024-05-14 (confirmé par l'école)"
    assert note in kept.corrections


def test_a_correction_whose_source_changed_is_not_applied_and_blocks(received):
    received.learners("EDP-01.csv", {"Date d'entrée": "07/03/2022"})
    received.write("corrections.toml", TEXT)
    cleaned = clean_learners(received.campaign)
    assert cleaned.frame["date_entree"].tolist() == [dt.datetime(2022, 3, 7)]
    (problem,) = [problem for problem in cleaned.problems if problem.severity is Severity.BLOCKING]
    assert str(problem) == (
        "[bloquant] fichier « EDP-01.csv », cellule E2 (date_entree) : la source a changé : la correction déclarée "
        "pour cette cellule n'a pas été appliquée. Lu : « 07/03/2022 ». Attendu : « 31/02/2022 ». "
        "Retirer ou revoir la correction dans corrections.toml."
    )


def test_a_correction_in_the_wrong_column_blocks(received):
    received.learners("EDP-01.csv", {})
    received.write("corrections.toml", TEXT.replace("E2", "D2").replace("31/02/2022", "F").replace("28/02/2022", "H"))
    problems = clean_learners(received.campaign).problems
    assert [(p.rule, p.value) for p in problems if p.severity is Severity.BLOCKING] == [
        ("correction-mal-placee", "sexe")
    ]


def one(expected, cell="A1", field="date_entree"):
    return Correction("f.xlsx", "S", cell, field, expected, "nouveau", "qui", "2024-05-14", "pourquoi")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("texte", "texte"), (dt.date(2022, 3, 7), "07/03/2022"), (dt.date(2022, 3, 7), "2022-03-07"), (76000.0, "76000")],
)
def test_a_cell_is_expected_as_a_person_sees_it(value, expected):
    sheets, applied, problems = apply_corrections([RawSheet("f.xlsx", "S", ((value,),))], [one(expected)])
    assert sheets[0].rows == (("nouveau",),)
    assert (len(applied), problems) == (1, [])


def test_values_of_identities_are_not_repeated():
    sheet = RawSheet("f.xlsx", "S", (("Véranec",),))
    _, _, problems = apply_corrections([sheet], [one("Le Gac", field="nom")])
    assert (problems[0].value, problems[0].expected) == (MASKED, "")


def test_a_cell_or_a_sheet_that_is_not_there_blocks():
    sheet = RawSheet("f.xlsx", "S", (("x",),))
    for correction in (one("x", "Z99"), Correction("f.xlsx", "T", "A1", "nom", "x", "y", "q", "d", "p")):
        assert len(apply_corrections([sheet], [correction])[2]) == 1


def test_a_correction_for_a_file_that_was_not_received_blocks():
    assert [p.severity for p in not_applied([one("x")], ["autre.xlsx"])] == [Severity.BLOCKING]
    assert not_applied([one("x")], ["f.xlsx"]) == []


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('qui = "évaluatrice"\n', "", "« qui » manque"),
        ("cellule", "celule", "« cellule » manque"),
        ('"E2"', '"ligne 2"', "n'est pas une cellule"),
        ('"date_entree"', '"date_arrivee"', "champ « date_arrivee » inconnu"),
        ("[[correction]]", "[[correction]", "ne se lit pas"),
    ],
)
def test_a_badly_written_file_is_refused_with_its_fault(received, before, after, words):
    received.write("corrections.toml", TEXT.replace(before, after))
    with pytest.raises(UserError, match=words):
        load_corrections(received.raw)


def test_two_corrections_of_one_cell_are_refused(received):
    received.write("corrections.toml", TEXT + TEXT)
    with pytest.raises(UserError, match="déjà corrigée"):
        load_corrections(received.raw)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (TEXT.replace("[[correction]]", "[[corrections]]"), "« corrections » est inconnu"),
        (TEXT.replace("[[correction]]", "[correction]"), "n'est pas une liste"),
        ("correction = 3", "n'est pas une liste"),
        ("correction = [3]", "n'est pas une liste"),
        (TEXT + "fin", "faute d'écriture TOML"),
        ("[[correction]]\nqui = é", "ligne 2, colonne 7"),
    ],
)
def test_decisions_are_never_left_out_without_a_word(received, text, words):
    """Planted fault: « [[corrections]] » was read as an empty file."""
    received.write("corrections.toml", text)
    with pytest.raises(UserError, match=words):
        load_corrections(received.raw)


def test_the_mark_of_some_editors_is_accepted(received):
    (received.raw / "corrections.toml").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert len(load_corrections(received.raw)) == 1


def test_another_encoding_is_named(received):
    (received.raw / "corrections.toml").write_bytes(TEXT.encode("cp1252"))
    with pytest.raises(UserError, match="pas en UTF-8"):
        load_corrections(received.raw)


def test_an_empty_cell_can_be_filled_by_a_person():
    sheets, applied, _ = apply_corrections([RawSheet("f.xlsx", "S", (("x",), (None,)))], [one("", "B2")])
    assert sheets[0].rows == (("x",), (None, "nouveau"))
    assert len(applied) == 1
    _, _, problems = apply_corrections([RawSheet("f.xlsx", "S", (("x",),))], [one("", "A9")])
    assert problems[0].expected == "une cellule vide"


@pytest.mark.parametrize("expected", ["1234,5", "1 234,50", "1234.5", "1 234,50 €"])
def test_an_amount_is_expected_as_it_is_written_in_french(expected):
    _, applied, _ = apply_corrections([RawSheet("f.xlsx", "S", ((1234.5,),))], [one(expected)])
    assert len(applied) == 1
