"""Rows, problems and completeness, counted by hand on a handful of records."""

from datetime import date

import pandas as pd

from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine
from edp_analysis.contract import load_schema
from edp_analysis.indicators.quality import completude, completude_par_ecole, lignes, problemes_par_regle
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
    assert table["signalements"].tolist() == [1, 2]
    assert table["fichiers"].tolist() == [1, 2]
    assert "cellule B9" in table.loc[0, "premier lieu"]


def test_what_is_found_is_said_without_the_count_of_one_instance():
    """Each message bears its own count; the table counts the reports, and « 8 lignes » beside 2 would contradict it."""
    places = [Place("a.xlsx", "S", "20", "sexe"), Place("b.xlsx", "S", "9", "sexe")]
    whats = [f"{n} lignes sous l'en-tête ne sont pas des données (ligne de total ou de moyenne)" for n in (8, 3)]
    twice = "ce code est enregistré comme un nombre (53 fois, la première cellule est donnée)"
    problems = [Problem("ligne-hors-donnees", what, place) for what, place in zip(whats, places, strict=True)]
    table = problemes_par_regle([*problems, Problem("code-en-nombre", twice, places[0])])
    assert table["constat"].tolist() == [
        "ce code est enregistré comme un nombre",
        "lignes sous l'en-tête ne sont pas des données",
    ]
    assert table["signalements"].tolist() == [1, 2]
    assert "sexe" not in "".join(table["premier lieu"]), "a raw name of column means nothing to a school"


def test_no_problem_gives_an_empty_table_with_its_columns():
    assert list(problemes_par_regle([]).columns)[:2] == ["gravité", "règle"]


def test_a_field_is_counted_among_those_it_concerns():
    """Five youths; extraction 2024-04-30.

    a is enrolled: no exit, nothing expected. b finished on 2022-06-30, result given, « inconnue » at 12 months.
    c finished on 2023-12-31: gone for 4 months, nothing expected at 6 or 12 months; no result. d left early on
    2023-06-30, gone for 10 months: situation at 6 months given, none expected at 12; reason blank. e left early on
    2021-01-31 and is enrolled elsewhere since: not a leaver. Leavers: b, c, d.
    """
    day = pd.to_datetime
    rows = [
        ("a", "a", "INSCRIT", None, pd.NA, None, None, None, None),
        ("b", "b", "FIN_DE_FORMATION", "2022-06-30", True, "ADMIS", "FIN_CURSUS", "CDI", "INCONNUE"),
        ("c", "c", "FIN_DE_FORMATION", "2023-12-31", True, None, "FIN_CURSUS", None, None),
        ("d", "d", "SORTIE_ANTICIPEE", "2023-06-30", False, None, None, "CDI", None),
        ("e1", "e", "SORTIE_ANTICIPEE", "2021-01-31", False, None, None, None, None),
        ("e2", "e", "INSCRIT", None, pd.NA, None, None, None, None),
    ]
    names = [
        "id_inscription", "id_jeune", "statut", "date_sortie", "cursus_complet", "resultat_examen", "motif_sortie",
        "situation_6m", "situation_12m",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=names).assign(date_entree=day("2020-09-01"), code_postal="14000")
    frame = frame.assign(date_sortie=day(frame["date_sortie"]))
    frame = frame.reindex(columns=[field.name for field in load_schema("apprenants").fields])
    found = {item.id: item for item in completude(frame, "apprenants", date(2024, 4, 30))}
    counts = {
        name: (found[f"completude_{name}"].numerator, found[f"completude_{name}"].denominator) for name in names[3:]
    }
    assert counts == {
        "date_sortie": (3, 3), "cursus_complet": (3, 3), "resultat_examen": (1, 2), "motif_sortie": (2, 3),
        "situation_6m": (2, 2), "situation_12m": (0, 1),
    }  # fmt: skip
    assert found["completude_code_postal"].denominator == 6, "what concerns everybody is counted among all"


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
