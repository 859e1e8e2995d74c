"""The Région's tables: schools and grants."""

import pytest

from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.reference import clean_grants, clean_schools, find_school
from edp_analysis.contract.checks import check_clean

GRANTS = """\
École;Financeur;Nature;Objet;Exercice;Montant (€)
edp 01;Région;public;Fonctionnement;2021;75 000,00 €
;Région;public;délégué régional;2021;37500
EDP-99;Région;public;Fonctionnement;2021;1
EDP-02;Fondation;privé;mécénat;2022;1 234,50
Total;;;;;113 735,50
"""


def test_schools(received):
    cleaned = clean_schools(received.campaign)
    check_clean(cleaned.frame, "ecoles")
    assert cleaned.frame[["ecole", "domaine", "departement", "mode_financement"]].to_numpy().tolist() == [
        ["EDP-01", "BOIS", "14", "FORFAIT"],
        ["EDP-02", "TEXTILE", "76", "FSE"],
    ]
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)


def test_a_school_given_twice_or_badly_coded_is_set_aside(received):
    text = (received.raw / "ecoles.csv").read_text(encoding="utf-8")
    received.write("ecoles.csv", text + "EDP-01;Bois;14;01/09/2015;Forfait\nécole 3;Bois;14;01/09/2015;Forfait\n")
    cleaned = clean_schools(received.campaign)
    assert len(cleaned.frame) == 2
    assert [problem.rule for problem in cleaned.problems] == ["ecole-en-double", "code-ecole"]
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)


def test_grants(received):
    """The third names a school that does not exist; the last is a total. Numbers follow the rows that are kept."""
    received.write("financements.csv", GRANTS)
    cleaned = clean_grants(received.campaign)
    check_clean(cleaned.frame, "financements")
    frame = cleaned.frame
    assert frame["id_financement"].tolist() == [1, 2, 3]
    assert frame["montant"].tolist() == [75000.0, 37500.0, 1234.5]
    assert frame["ecole"].isna().tolist() == [False, True, False]
    assert frame["ecole"][0] == "EDP-01"
    fates = {line.row: line.fate for line in cleaned.lines}
    assert fates == {1: Fate.SET_ASIDE, 2: Fate.KEPT, 3: Fate.KEPT, 4: Fate.SET_ASIDE, 5: Fate.KEPT, 6: Fate.SET_ASIDE}
    assert ("ecole-inconnue", "A4") in {(problem.rule, problem.where.cell) for problem in cleaned.problems}
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)


def test_nothing_received(received):
    (received.raw / "ecoles.csv").unlink()
    for cleaned, name in (
        (clean_schools(received.campaign), "ecoles"),
        (clean_grants(received.campaign), "financements"),
    ):
        check_clean(cleaned.frame, name)
        assert len(cleaned.frame) == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EDP-01", "EDP-01"),
        ("Suivi EDP-02 (v2)", "EDP-02"),
        ("edp_01_2023", "EDP-01"),
        ("EDP01", "EDP-01"),
        ("EDP-011", ""),
        ("REDP-01", ""),
        ("EDP-01 et EDP-02", ""),
        ("suivi", ""),
    ],
)
def test_the_school_named_by_a_text(text, code):
    assert find_school(text, ("EDP-01", "EDP-02")) == code


def test_grants_without_a_table_of_schools_keep_their_schools(received):
    """Planted fault: with ecoles.csv missing, every grant of a school was refused, one blocking problem each."""
    (received.raw / "ecoles.csv").unlink()
    received.write(
        "financements.csv",
        "École;Financeur;Nature;Objet;Exercice;Montant\nEDP-03;X;Public;Fonctionnement;2021;5000\n"
        "École de la mer;X;Public;Fonctionnement;2021;5000\n",
    )
    cleaned = clean_grants(received.campaign)
    assert list(cleaned.frame["ecole"]) == ["EDP-03"]
    assert [p.rule for p in cleaned.problems] == ["ecole-inconnue"]


def test_a_grant_written_twice_is_named_and_kept(received):
    line = "EDP-01;X;Public;Fonctionnement;2021;5000"
    rows = [line, line, line.replace("5000", "1")]
    received.write("financements.csv", "\n".join(["École;Financeur;Nature;Objet;Exercice;Montant", *rows]) + "\n")
    cleaned = clean_grants(received.campaign)
    assert len(cleaned.frame) == 3
    assert [(p.rule, p.where.cell) for p in cleaned.problems] == [("financement-en-double", "F3")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Suivi EDP-03 v12", "EDP-03"),
        ("edp_03", "EDP-03"),
        ("EDP03", "EDP-03"),
        ("EDP-01 et EDP-02", ""),
        ("Promotion 2021", ""),
        ("École de la mer", ""),
    ],
)
def test_a_school_is_found_without_a_table_of_schools(text, code):
    assert find_school(text, ()) == code
