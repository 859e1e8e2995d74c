"""Rows, problems and completeness, counted by hand on a handful of records."""

import pandas as pd

from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine
from edp_analysis.indicators.quality import completude_par_ecole, lignes, problemes_par_regle
from edp_analysis.problems import Place, Problem, Severity


def test_fates_sum_to_the_rows_read():
    """Five rows by hand: a title, a header, two kept (one corrected), one merged → 5 = 2 + 1 + 2."""
    ledger = Ledger(
        [
            LedgerLine("a.xlsx", "S", 1, "apprenants", Fate.SET_ASIDE, reason="titre"),
            LedgerLine("a.xlsx", "S", 2, "apprenants", Fate.SET_ASIDE, reason="en-tête"),
            LedgerLine("a.xlsx", "S", 3, "apprenants", Fate.KEPT, "k1"),
            LedgerLine("a.xlsx", "S", 4, "apprenants", Fate.KEPT, "k2", corrections=("sexe : « 1 » lu H",)),
            LedgerLine("a.xlsx", "S", 5, "apprenants", Fate.MERGED, "k1", reason="même inscription"),
        ]
    )
    found = {name: result.value for name, result in lignes(ledger).items()}
    assert found == {"lues": 5, "reprises": 2, "fusionnees": 1, "ecartees": 2, "corrigees": 1}


def test_problems_are_grouped_by_rule_the_gravest_first():
    places = [Place("a.xlsx", "S", "B2"), Place("a.xlsx", "S", "B9"), Place("b.csv", "", "C3")]
    problems = [
        Problem("serie-excel", "numéro de série lu comme une date", places[0], severity=Severity.FIXED),
        Problem("serie-excel", "numéro de série lu comme une date", places[2], severity=Severity.FIXED),
        Problem("date-inexistante", "cette date n'existe pas", places[1], severity=Severity.BLOCKING),
    ]
    table = problemes_par_regle(problems)
    assert table["règle"].tolist() == ["date-inexistante", "serie-excel"]
    assert table["nombre"].tolist() == [1, 2]
    assert table["fichiers"].tolist() == [1, 2]
    assert "cellule B9" in table.loc[0, "premier lieu"]


def test_no_problem_gives_an_empty_table_with_its_columns():
    assert list(problemes_par_regle([]).columns)[:2] == ["gravité", "règle"]


def test_completeness_by_school_is_alphabetical_and_counts_blanks():
    """EDP-01: one filled of two; EDP-02: two of two."""
    frame = pd.DataFrame(
        {
            "id_inscription": ["b1", "a1", "a2", "b2"],
            "ecole": ["EDP-02", "EDP-01", "EDP-01", "EDP-02"],
            "derniere_classe": ["1021", None, "3001", "1021"],
        }
    )
    found = completude_par_ecole(frame, "derniere_classe")
    assert [(result.label, result.numerator, result.denominator) for result in found] == [
        ("EDP-01", 1, 2),
        ("EDP-02", 2, 2),
    ]


def test_completeness_without_any_enrolment_cannot_be_computed():
    frame = pd.DataFrame({"id_inscription": [], "ecole": [], "derniere_classe": []})
    (found,) = completude_par_ecole(frame, "derniere_classe")
    assert found.value is None and found.label == "Toutes les écoles"
