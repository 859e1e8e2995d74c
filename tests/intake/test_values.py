"""Cells by field: value, correction, or a problem that names the cell."""

import datetime as dt

import pytest

from edp_analysis.contract import load_schema
from edp_analysis.intake.values import MASKED, parse_cell
from edp_analysis.problems import Severity

SCHEMA = load_schema("apprenants-recu")


@pytest.fixture
def parse(cell):
    def run(name, value, schema=SCHEMA):
        one, row = cell(value)
        return parse_cell(one, schema[name], row, schema.missing_values)

    return run


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0", "NC", "nr", "(vide)", "?", "-", "Non renseigne"])
def test_blank_and_declared_missing_values(parse, value):
    parsed = parse("motif_sortie", value)
    assert parsed.value is None
    assert parsed.problem is None


def test_a_word_of_the_code_list_wins_over_the_missing_values(parse):
    """« inconnu » means missing for a class, and is a code for a situation."""
    assert parse("derniere_classe", "inconnu").value is None
    assert parse("situation_sortie", "inconnu").value == "INCONNUE"


@pytest.mark.parametrize("value", ["F", "Fille", "féminin", "2", 2.0, "Mme"])
def test_sex_in_all_its_forms(parse, value):
    assert parse("sexe", value).value == "F"


def test_a_code_says_what_was_normalised(parse):
    assert parse("sexe", "garçon").correction == "sexe : « garçon » → H (liste de codes)"
    assert parse("sexe", "H").correction == ""


def test_an_unknown_code_is_named_with_the_nearest(parse):
    problem = parse("derniere_classe", "3e SEGPPA").problem
    assert problem.severity is Severity.CHECK
    assert "3e autre (SEGPA, prépa-métiers)" in problem.expected
    assert problem.where.cell == "D17"
    assert problem.value == "3e SEGPPA"


@pytest.mark.parametrize(
    ("name", "table", "value"),
    [("diplome_prepare", "apprenants-recu", "CAP maraîchage"), ("codeur", "codages-recu", "codeur 17")],
)
def test_no_neighbour_is_guessed_without_ground(parse, name, table, value):
    """Two titles share « CAP »; coder 17 is not nearly coder 1, 4 or 7. The whole list, or where it is, is said."""
    problem = parse(name, value, load_schema(table)).problem
    assert "peut-être" not in problem.expected
    assert "autres (liste « " in problem.expected or "…" not in problem.expected


@pytest.mark.parametrize(
    ("name", "table", "value", "expected"),
    [("intensite", "codages-recu", 9, "au moins 1 et au plus 3"), ("montant", "financements-recu", -5, "au moins 0 €")],
)
def test_bounds_are_said(parse, name, table, value, expected):
    """Bounds written in the two schemas: 1 to 3, and from 0."""
    assert parse(name, value, load_schema(table)).problem.expected == expected


def test_a_date_read_by_a_rule_says_what_was_read(parse):
    """Day 43836 of a spreadsheet is 06/01/2020 (day 0 is 30/12/1899); a birth date is never shown."""
    assert parse("date_entree", 43836).problem.remedy.startswith("Lue comme 06/01/2020. Vérifier la date")
    assert "comme" not in parse("date_naissance", "17/05/04").problem.remedy


def test_an_unknown_code_blocks_where_the_value_is_required(parse):
    assert parse("sexe", "peut-être").problem.severity is Severity.BLOCKING


@pytest.mark.parametrize("value", ["4", 4, 4.0])
def test_a_lost_zero_of_a_code_is_restored(parse, value):
    parsed = parse("diplome_obtenu", value)
    assert parsed.value == "04"
    assert parsed.problem.rule == "zero-initial-perdu"


def test_a_zero_is_restored_only_where_one_is_enough(parse):
    """« 1000 » lacks one digit of a post code, « 100 » two: two repairs are possible, none is made."""
    assert parse("code_postal", 1000.0).value == "01000"
    assert parse("code_postal", "100").value is None
    assert parse("code_postal", "100").problem.rule == "forme-inattendue"


def test_a_code_kept_as_a_number_is_said(parse):
    parsed = parse("code_postal", 76000.0)
    assert parsed.value == "76000"
    assert parsed.problem.rule == "code-en-nombre"
    assert parsed.problem.severity is Severity.FIXED


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((yes, True) for yes in ("oui", "O", "VRAI", True, 1.0, "x", "✓")),
        *((no, False) for no in ("non", "N", "faux", False, 0)),
        *((neither, None) for neither in ("", "NC")),
    ],
)
def test_yes_no_and_neither(parse, value, expected):
    assert parse("qpv", value).value is expected


def test_an_unreadable_yes_no_is_left_empty_and_named(parse):
    parsed = parse("qpv", "parfois")
    assert parsed.value is None
    assert parsed.problem.rule == "oui-non-illisible"


def test_an_impossible_date_blocks_the_row_with_the_whole_message(parse):
    assert str(parse("date_entree", "31/02/2022").problem) == (
        "[bloquant] fichier « f.xlsx », feuille « S », cellule D17 (date_entree) : cette date n'existe pas. "
        "Lu : « 31/02/2022 ». Attendu : une date qui existe, au format JJ/MM/AAAA. "
        "Corriger au format JJ/MM/AAAA. Ligne non reprise."
    )


def test_a_two_digit_year_uses_the_pivot_of_its_column(parse):
    """Birth years: up to 30 in the 2000s; entries: always in the 2000s."""
    assert parse("date_naissance", "17/05/04").value == dt.date(2004, 5, 17)
    assert parse("date_naissance", "17/05/98").value == dt.date(1998, 5, 17)
    assert parse("date_entree", "06/09/21").problem.rule == "date-a-confirmer"


@pytest.mark.parametrize("value", ["Véranec", "VÃ©ranec", "Ve\u0301ranec", " Véranec\u200b "])
def test_damaged_composed_and_invisible_characters(parse, value):
    """« VÃ© » is UTF-8 read as Windows-1252; « e + U+0301 » is how some systems write « é »."""
    assert parse("nom", value).value == "Véranec"


@pytest.mark.parametrize(
    ("name", "value"), [("nom", "VÃ©ranec"), ("date_naissance", "31/02/2004"), ("date_naissance", "17/05/04")]
)
def test_identities_are_masked_in_messages_and_corrections(parse, name, value):
    parsed = parse(name, value)
    assert parsed.problem.value == MASKED
    for text in (str(parsed.problem), parsed.correction):
        assert "ranec" not in text
        assert "2004" not in text
        assert "05/04" not in text


def test_bounds_of_a_whole_number(parse):
    assert parse("mois_hors_scolarite", 6.0).value == 6
    assert parse("mois_hors_scolarite", 6.5).problem.rule == "nombre-non-entier"
    assert parse("mois_hors_scolarite", 500).problem.rule == "nombre-hors-bornes"
    assert parse("mois_hors_scolarite", "6 mois").value == 6
    assert parse("mois_hors_scolarite", "45 h").problem.severity is Severity.CHECK


def test_an_unreadable_amount_blocks(parse):
    grants = load_schema("financements-recu")
    assert parse("montant", "1 234,50 €", grants).value == 1234.5
    assert parse("montant", "12 k€", grants).problem.severity is Severity.BLOCKING
    assert parse("montant", "(5)", grants).problem.severity is Severity.BLOCKING


@pytest.mark.parametrize("value", ["#DIV/0!", "#N/A", "#NON CALCULÉ"])
@pytest.mark.parametrize("name", ["nom", "date_sortie", "motif_sortie", "qpv", "mois_hors_scolarite"])
def test_a_cell_in_error_is_never_a_value(parse, name, value):
    parsed = parse(name, value)
    assert parsed.value is None
    assert parsed.problem.rule == "cellule-en-erreur"
