"""Tables for readers, from records counted by hand."""

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine
from edp_analysis.indicators.bounds import bounded
from edp_analysis.indicators.result import share
from edp_analysis.indicators.tables import bornes, comparateurs, largest, notions, raisons, smallest, titres, unites


def test_headings_are_french_and_an_unknown_name_is_still_readable():
    assert list(titres(pd.DataFrame(columns=["annee_entree", "part", "nouveau_champ"])).columns) == [
        "Année d'entrée",
        "Part",
        "Nouveau champ",
    ]


def test_reasons_count_rows_and_files_and_leave_kept_rows_out():
    """Two titles in two files, two rows merged, whichever with, and one kept: four rows counted."""
    ledger = Ledger(
        [
            LedgerLine("a.xlsx", "S", 1, "apprenants", Fate.SET_ASIDE, reason="titre"),
            LedgerLine("b.xlsx", "S", 1, "apprenants", Fate.SET_ASIDE, reason="titre"),
            LedgerLine(
                "a.xlsx", "S", 5, "apprenants", Fate.MERGED, "k1", reason="même inscription que celle du fichier A"
            ),
            LedgerLine(
                "a.xlsx", "S", 6, "apprenants", Fate.MERGED, "k2", reason="même inscription que celle du fichier B"
            ),
            LedgerLine("a.xlsx", "S", 4, "apprenants", Fate.KEPT, "k1"),
        ]
    )
    table = raisons(ledger)
    assert table["Raison"].tolist() == ["même inscription qu’une autre ligne", "titre"]
    assert table["Lignes"].tolist() == [2, 2]
    assert table["Fichiers"].tolist() == [1, 2]


def test_the_largest_is_found_and_an_unknown_value_never_wins():
    none = share("a", "A", pd.Series([], dtype=bool), "personne")
    half = share("b", "B", pd.Series([True, False]), "deux")
    third = share("c", "C", pd.Series([True, False, False]), "trois")
    assert largest([none, third, half]).id == "b"
    assert smallest([none, half, third]).id == "c"
    for choose in (largest, smallest):
        with pytest.raises(ValueError, match="aucun indicateur"):
            choose([])


def test_our_own_figure_heads_what_is_published_on_the_same_base():
    """The reader compares two rows of one table; remarks that nobody made take no column."""
    ours = share("x", "Garçons", pd.Series([True, False]), "deux")
    published = pd.DataFrame(
        {"population": ["CAP"], "annee": ["2017"], "valeur": [82.0], "source": ["DEPP"], "note": [""]}
    )
    table = comparateurs(ours, published, load_campaign("2024"))
    assert table["Valeur"].tolist() == [ours, 0.82]
    assert table["Population"].tolist() == ["Ici : écoles de production, données simulées", "CAP"]
    assert "Remarque" not in table
    assert "Remarque" in comparateurs(ours, published.assign(note="lycéens"), load_campaign("2024"))


def test_bounds_of_a_share_with_two_unknown_of_four():
    """Known: 1 of 2 = 50 %; none of the unknown in: 1 of 4; all in: 3 of 4; unknown: 2 of 4."""
    values = pd.Series([True, False, None, None], dtype="boolean", index=list("abcd"))
    row = bornes({"x": bounded("x", "En emploi", values, "quatre jeunes")}, "Moment").iloc[0]
    assert row["Parmi les connus"].value == 0.5
    assert (row["Borne basse"], row["Borne haute"], row["Situation inconnue"]) == (0.25, 0.75, 0.5)


def test_notions_are_laid_out_by_exercise_under_the_headings_asked_for():
    """Two exercises of one school, two notions; the third notion of the source is left out."""
    source = pd.DataFrame(
        [
            ("EDP-01", 2021, "2021-12-31", "bfr", 30.0, "€"),
            ("EDP-01", 2020, "2020-12-31", "frng", 10.0, "€"),
            ("EDP-01", 2020, "2020-12-31", "bfr", 15.0, "€"),
            ("EDP-01", 2021, "2021-12-31", "frng", 40.0, "€"),
            ("EDP-01", 2021, "2021-12-31", "jours", 9.0, "jours"),
        ],
        columns=["ecole", "exercice", "date_fin", "indicateur", "valeur", "unite"],
    )
    headings = {"frng": "Fonds de roulement", "bfr": "Besoin"}
    table = notions(source, headings)
    assert list(table.columns) == ["École", "Exercice", "Fonds de roulement", "Besoin"]
    assert table.to_numpy().tolist() == [["EDP-01", 2020, 10.0, 15.0], ["EDP-01", 2021, 40.0, 30.0]]
    assert unites(source, headings) == {"École": "groupe", "Fonds de roulement": "€", "Besoin": "€"}
