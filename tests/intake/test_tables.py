"""Headers, columns and rows that are not data, in sheets laid out as people lay them out."""

import pytest

from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.contract import load_schema
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.tables import non_empty_rows, recognise, recognise_file
from edp_analysis.problems import Severity

SCHEMA = load_schema("apprenants-recu")
HEADINGS = (
    "Nom", "Prénom", "DDN", "H/F", "Entrée", "Sortie", "Formation", "Statut", "Résultat", "Situation", "CP",
    "Classe d’origine",
)  # fmt: skip
DATA = (
    "Véranec", "Maëlle", "17/05/2004", "F", "06/09/2021", "", "CAP RICS", "présent", "", "", "76000", "3e",
)  # fmt: skip


def rules(found):
    return [problem.rule for problem in found.problems]


def closes(sheet, found):
    """Prove that every non-empty row is either data or set aside."""
    numbers = [row.number for row in found.rows] + [line.row for line in found.lines]
    assert sorted(numbers) == list(non_empty_rows(sheet))
    Ledger(list(found.lines)).check_closes({("f.xlsx", "S"): [line.row for line in found.lines]})


def test_titles_above_totals_inside_repeated_header_notes_below(sheet):
    one = sheet(
        ["École de production", None],
        [],
        ["Suivi au 30/04/2024"],
        HEADINGS,
        ["Promo 2021"],
        DATA,
        ["TOTAL", None, None, 1],
        [],
        HEADINGS,
        DATA,
        ["Moyenne", None, "17"],
        [],
        ["* en attente", "du jury"],
        ["Fait à Saint-Lô"],
    )
    found = recognise(one, SCHEMA)
    closes(one, found)
    assert found.header_row == 4
    assert [row.number for row in found.rows] == [6, 10]
    assert {line.row: line.reason for line in found.lines} == {
        1: "ligne au-dessus du tableau",
        3: "ligne au-dessus du tableau",
        4: "ligne de titres",
        5: "titre intermédiaire, note ou signature",
        7: "ligne de total ou de moyenne",
        9: "en-tête répété",
        11: "ligne de total ou de moyenne",
        13: "titre intermédiaire, note ou signature",
        14: "titre intermédiaire, note ou signature",
    }
    assert found.rows[0].cells["date_naissance"].ref == "C6"
    assert found.rows[0].value("sexe") == "F"


def test_a_person_called_total_is_a_person(sheet):
    found = recognise(sheet(HEADINGS, ("Total", *DATA[1:])), SCHEMA)
    assert len(found.rows) == 1


@pytest.mark.parametrize("merged", [((0, 8, 0, 10),), ()])
def test_headings_on_two_lines_are_joined(sheet, merged):
    upper = [*HEADINGS[:8], "Devenir", None, None, None]
    lower = [*[None] * 8, "Résultat", "à 6 mois", "à 12 mois", None]
    found = recognise(sheet(upper, lower, DATA, merged=merged), SCHEMA)
    assert found.header_row == 2
    assert found.columns["resultat_examen"] == 8
    assert found.columns["situation_6m"] == 9
    assert found.columns["nom"] == 0
    assert [row.number for row in found.rows] == [3]


def test_the_exact_heading_wins_over_half_of_another(sheet):
    """« Ouverture / Débit » is not the « Débit » of the year when « Mouvements / Débit » is there."""
    upper = ["Compte", "Libellé", "Ouverture", None, "Mouvements", None]
    lower = [None, None, "Débit", "Crédit", "Débit", "Crédit"]
    merged = ((0, 2, 0, 3), (0, 4, 0, 5), (0, 0, 1, 0), (0, 1, 1, 1))
    found = recognise(sheet(upper, lower, ["512", "Banque", 1, 2, 3, 4], merged=merged), load_schema("comptes-recu"))
    assert found.columns["debit"] == 4
    assert found.columns["credit"] == 5
    assert [row.number for row in found.rows] == [3]


def test_an_unknown_column_is_named_and_not_read(sheet):
    found = recognise(sheet((*HEADINGS, "Observations"), (*DATA, "timide")), SCHEMA)
    assert [str(problem) for problem in found.problems] == [
        "[à vérifier] fichier « f.xlsx », feuille « S », cellule M1 : colonne inconnue, non lue. "
        "Lu : « “Observations” (M1) ». Attendu : les titres du modèle. "
        "Reprendre un titre du modèle si la colonne doit être lue, la retirer sinon."
    ]
    assert all(cell.value != "timide" for cell in found.rows[0].cells.values())


def test_a_missing_mandatory_column_blocks_and_the_nearest_heading_is_suggested(sheet):
    headings = [text if text != "Résultat" else "Résultats de l'examen" for text in HEADINGS]
    one = sheet(headings, DATA)
    found = recognise(one, SCHEMA)
    closes(one, found)
    assert found.rows == ()
    assert len(found.unusable) == 1
    problem = next(problem for problem in found.problems if problem.severity is Severity.BLOCKING)
    assert problem.what == "la colonne obligatoire « Résultat à l’examen » manque"
    assert problem.where.column == "resultat_examen"
    assert "Serait-ce « Résultats de l'examen » (I1) ?" in problem.remedy
    assert {line.reason for line in found.lines} == {"colonne obligatoire absente ou en double : resultat_examen"}


def test_two_columns_for_one_field(sheet):
    blocking = recognise(sheet((*HEADINGS, "date d'entrée"), (*DATA, "")), SCHEMA)
    assert "colonne-en-double" in rules(blocking)
    assert blocking.rows == ()
    mild = recognise(sheet((*HEADINGS, "permis", "permis B"), (*DATA, "oui", "non")), SCHEMA)
    assert "colonne-en-double" in rules(mild)
    assert "permis" not in mild.rows[0].cells


def test_a_column_without_a_heading_is_named(sheet):
    found = recognise(sheet((*HEADINGS, None), (*DATA, "abc")), SCHEMA)
    assert [(p.rule, p.where.cell) for p in found.problems] == [("colonne-sans-titre", "M1")]


def test_a_sheet_without_a_header_blocks_alone_and_not_beside_the_table(sheet):
    notice = sheet(["Notice"], ["Remplir une ligne par jeune"])
    alone = recognise_file([notice], SCHEMA)[0]
    assert alone.header_row is None
    assert [problem.severity for problem in alone.problems] == [Severity.BLOCKING]
    beside = recognise_file([notice, sheet(HEADINGS, DATA)], SCHEMA)
    assert beside[0].problems == (), "des phrases, une par ligne : rien à reprendre"
    assert [line.reason for line in beside[0].lines] == ["feuille de texte"] * 2, "et aucune ligne n'est perdue"
    other = recognise_file([sheet(["Poste", "Montant"], ["Achats", 12]), sheet(HEADINGS, DATA)], SCHEMA)
    assert [problem.severity for problem in other[0].problems] == [Severity.CHECK]
    assert {line.reason for line in other[0].lines} == {"feuille sans en-tête reconnu"}


def test_an_empty_sheet_says_nothing(sheet):
    found = recognise(sheet(), SCHEMA)
    assert (found.rows, found.lines, found.problems) == ((), (), ())


def test_headings_with_spaces_breaks_and_stars(sheet):
    odd = [f" {text.upper()}\u00a0*\n" for text in HEADINGS]
    assert len(recognise(sheet(odd, DATA), SCHEMA).rows) == 1


def test_a_text_row_with_too_many_fields_is_set_aside_and_with_too_few_is_read(sheet):
    one = sheet(HEADINGS, (*DATA, "reste"), DATA[:8], separator=";")
    found = recognise(one, SCHEMA)
    closes(one, found)
    assert [row.number for row in found.rows] == [3]
    assert found.rows[0].value("code_postal") is None
    messages = {problem.rule: problem.what for problem in found.problems}
    assert messages["champs-en-trop"] == "la ligne 2 a 13 champs au lieu de 12"
    assert messages["champs-manquants"].startswith("1 ligne a moins de champs")


def test_values_shifted_by_an_unquoted_separator_are_named(tmp_path):
    """A line with one more field, the last one empty: nothing overflows, but every value may have moved."""
    path = tmp_path / "f.csv"
    path.write_text(
        "Code;Domaine;Département;Ouverture;Financement\n"
        "EDP-01;Bois;14;01/09/2015;Forfait\nEDP-02;Bois;14;01/09/2015;FSE;\n",
        encoding="utf-8",
    )
    (found,) = recognise_file(read_sheets(path)[0], load_schema("ecoles-recu"))
    assert [(p.rule, p.value) for p in found.problems] == [("champs-decales", "ligne 3")]
    path.write_text(
        "Code;Domaine;Département;Ouverture;Financement\n"
        "EDP-01;Bois;14;01/09/2015;Forfait;\nEDP-02;Bois;14;01/09/2015;FSE;\n",
        encoding="utf-8",
    )
    (found,) = recognise_file(read_sheets(path)[0], load_schema("ecoles-recu"))
    assert found.problems == ()  # a habit of the tool that wrote the file
