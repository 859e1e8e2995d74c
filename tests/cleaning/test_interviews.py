"""The interview grid, cleaned: each fault is a problem at its cell, and every row keeps a fate."""

import pytest

from edp_analysis.cleaning.interviews import clean_interview_files, clean_interviews
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.problems import Severity
from edp_analysis.simulation.workbooks import Grid, xlsx_bytes

LIST = ["N° entretien", "Date", "Famille", "Type de structure", "Structure", "Personne rencontrée", "Mode"]
LIST += ["Nb de personnes", "École", "Courriel"]
CODINGS = ["Entretien", "Codeur", "Thème", "Code", "Polarité", "Intensité", "Citation", "Document"]
QUOTES = ["N° citation", "Entretien", "Texte", "Approuvée", "Diffusion", "Document"]

SCHOOL = ["E01", "12/10/2023", "École", "école", "ECO-01", "Maëlle Véranec", "individuel", 1, "EDP 01", "a@exemple.fr"]
COMPANY = ["E02", "13/10/2023", "Entreprise", "société", "ENT-01", "Ronan Kerjean", "coll.", 3, None, None]
ANIMATION = ["E01", "C1", "délégué", "Animation du réseau", "positif", 3, "Q001", None]
PRICE = ["E02", "C1", None, "PRO_QUALITE_PRIX", "+", 2, None, "D01"]
QUOTE = ["Q001", "E01", "On se retrouve entre directeurs.", "oui", "publique", None]


@pytest.fixture
def grid(received):
    """Write a grid; give the three clean tables of the campaign."""

    def write(interviews=(SCHOOL, COMPANY), codings=(ANIMATION, PRICE), quotations=(QUOTE,), documents=("D01",)):
        (received.raw / "entretiens").mkdir(exist_ok=True)
        sheets = [
            Grid("Entretiens", [LIST, *interviews]),
            Grid("Codages", [CODINGS, *codings]),
            Grid("Citations", [QUOTES, *quotations]),
        ]
        day = received.campaign.extraction_date
        (received.raw / "entretiens" / "grille.xlsx").write_bytes(xlsx_bytes(sheets, day))
        lines = ["N°;Titre;Émetteur;Date;Type;Ce qu’il établit"]
        lines += [f"{number};Convention;Région;01/02/2021;Convention;Un poste" for number in documents]
        received.write("documents.csv", "\n".join(lines) + "\n")
        found = clean_interviews(received.campaign)
        for result in found.values():  # whatever the fault, nothing is lost
            Ledger(list(result.lines)).check_closes(result.non_empty)
        return found

    return write


def with_value(row, place, value):
    return [*row[:place], value, *row[place + 1 :]]


def said(result):
    return [(p.rule, p.where.sheet, p.where.cell, p.severity) for p in result.problems]


def fates(result):
    return [line.fate for line in result.lines if line.row > 1]


def test_a_sound_grid_gives_its_three_tables(grid):
    found = grid()
    assert [problem for result in found.values() for problem in result.problems] == []
    interviews = found["entretiens"].frame.to_dict("records")
    assert interviews[0]["famille_acteurs"] == "ECOLE"
    assert interviews[0]["ecole"] == "EDP-01"
    assert interviews[1]["mode_entretien"] == "COLLECTIF"
    assert interviews[1]["type_structure"] == "ENTREPRISE"
    codings = found["codages"].frame.to_dict("records")
    assert [(row["code"], row["theme"], row["polarite"], row["lecture"]) for row in codings] == [
        ("FED_ANIMATION", "FEDERATION", "POSITIF", 1),
        ("PRO_QUALITE_PRIX", "PRODUCTION", "POSITIF", 1),
    ]
    assert codings[0]["id_citation"] == "Q001"
    assert codings[1]["id_document"] == "D01"
    assert found["citations"].frame.to_dict("records")[0]["approuvee"]


def test_an_interview_without_a_family_is_kept_and_named(grid):
    found = grid(interviews=(SCHOOL, with_value(COMPANY, 2, None)))["entretiens"]
    assert said(found) == [("entretien-sans-famille", "Entretiens", "C3", Severity.CHECK)]
    assert found.problems[0].expected == "peut-être « Entreprise »"
    assert len(found.frame) == 2
    assert found.frame["famille_acteurs"].isna().tolist() == [False, True]


def test_an_unknown_family_is_named_once_and_the_nearest_suggested(grid):
    found = grid(interviews=(SCHOOL, with_value(COMPANY, 2, "Entreprisse")))["entretiens"]
    assert said(found) == [("code-inconnu", "Entretiens", "C3", Severity.CHECK)]
    assert "« Entreprise »" in found.problems[0].expected


def test_an_unknown_code_sets_the_row_aside_and_the_nearest_is_suggested(grid):
    found = grid(codings=(with_value(ANIMATION, 3, "animation du reseaux"), PRICE))["codages"]
    assert said(found) == [("code-inconnu", "Codages", "D2", Severity.BLOCKING)]
    assert "« Animation du réseau »" in found.problems[0].expected
    assert fates(found) == [Fate.SET_ASIDE, Fate.KEPT]


def test_an_unknown_theme_leaves_that_of_the_codebook(grid):
    found = grid(codings=(with_value(ANIMATION, 2, "délégués"), PRICE))["codages"]
    assert said(found) == [("code-inconnu", "Codages", "C2", Severity.CHECK)]
    assert found.frame["theme"].tolist() == ["FEDERATION", "PRODUCTION"]


def test_a_theme_that_is_not_that_of_the_code_is_named(grid):
    found = grid(codings=(with_value(ANIMATION, 2, "Mobilité"), PRICE))["codages"]
    assert said(found) == [("theme-incoherent", "Codages", "C2", Severity.CHECK)]
    assert found.frame["theme"].tolist() == ["FEDERATION", "PRODUCTION"]


def test_a_coder_who_coded_twice_the_same_is_read_once(grid):
    found = grid(codings=(ANIMATION, PRICE, ANIMATION))["codages"]
    assert said(found) == [("codage-en-double", "Codages", "D4", Severity.CHECK)]
    assert fates(found) == [Fate.KEPT, Fate.KEPT, Fate.MERGED]
    assert found.lines[-1].target == "E01 C1 FED_ANIMATION"


def test_a_coder_who_coded_twice_otherwise_is_not_decided_for(grid):
    found = grid(codings=(ANIMATION, PRICE, with_value(ANIMATION, 4, "négatif")))["codages"]
    assert said(found) == [("codage-contradictoire", "Codages", "E4", Severity.BLOCKING)]
    assert fates(found) == [Fate.KEPT, Fate.KEPT, Fate.SET_ASIDE]
    assert found.frame["polarite"].tolist() == ["POSITIF", "POSITIF"]


def test_a_second_coder_is_a_second_reading(grid):
    found = grid(codings=(with_value(ANIMATION, 1, "codeur 2"), ANIMATION, PRICE))["codages"]
    assert found.problems == ()
    assert found.frame[["codeur", "lecture"]].to_numpy().tolist() == [["C2", 2], ["C1", 1], ["C1", 1]]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("positif", "POSITIF"), ("+", "POSITIF"), ("++", "POSITIF"), (1, "POSITIF"), ("+1", "POSITIF"),
        (0, "NEUTRE"), ("mitigé", "NEUTRE"), ("-", "NEGATIF"), ("--", "NEGATIF"), (-1, "NEGATIF"), ("−1", "NEGATIF"),
    ],
)  # fmt: skip
def test_a_polarity_is_read_from_words_signs_and_numbers(grid, written, read):
    found = grid(codings=(with_value(ANIMATION, 4, written), PRICE))["codages"]
    assert found.frame["polarite"].tolist()[0] == read


def test_an_interview_coded_that_is_not_in_the_list_is_set_aside(grid):
    found = grid(codings=(ANIMATION, PRICE, with_value(PRICE, 0, "E20")), quotations=(with_value(QUOTE, 1, "E03"),))
    assert ("entretien-inconnu", "Codages", "A4", Severity.BLOCKING) in said(found["codages"])
    assert said(found["citations"]) == [("entretien-inconnu", "Citations", "B2", Severity.BLOCKING)]
    assert found["citations"].problems[0].expected == "un numéro de la feuille Entretiens", "E02 ressemble à E03"
    assert found["citations"].frame.empty


@pytest.mark.parametrize(
    ("place", "value", "rule"), [(1, "99/99/2023", "date-inexistante"), (7, "quelques", "nombre-illisible")]
)
def test_a_bad_value_in_an_optional_column_loses_neither_the_interview_nor_its_codings(grid, place, value, rule):
    found = grid(interviews=(SCHOOL, with_value(COMPANY, place, value)))
    ((said_rule, _, _, severity),) = said(found["entretiens"])
    assert (said_rule, severity) == (rule, Severity.CHECK)
    assert found["entretiens"].problems[0].remedy.endswith("Valeur laissée vide.")
    assert len(found["entretiens"].frame) == len(found["codages"].frame) == 2
    assert found["codages"].problems == ()


def test_the_codings_of_an_interview_that_is_not_there_are_said_once(grid):
    lost = [with_value(PRICE, 0, "E40"), with_value(with_value(PRICE, 0, "E40"), 1, "C2")]
    found = grid(codings=(ANIMATION, PRICE, *lost))["codages"]
    (problem,) = found.problems
    assert (problem.where.cell, problem.value) == ("A4", "E40")
    assert "2 fois, la dernière en A5" in problem.what
    assert "peut-être" not in problem.expected
    assert fates(found)[-2:] == [Fate.SET_ASIDE, Fate.SET_ASIDE]


def test_a_quotation_that_is_not_approved_is_kept_as_such(grid):
    found = grid(quotations=(with_value(QUOTE, 3, "non"),))["citations"]
    assert said(found) == [("citation-non-approuvee", "Citations", "D2", Severity.CHECK)]
    assert found.frame["approuvee"].tolist() == [False]


def test_without_an_answer_a_quotation_is_neither_approved_nor_public(grid):
    found = grid(quotations=(with_value(with_value(QUOTE, 3, None), 4, None),))["citations"]
    assert found.frame[["approuvee", "diffusion"]].to_numpy().tolist() == [[False, "INTERNE"]]


def test_a_document_that_is_not_listed_is_named_and_the_row_kept(grid):
    found = grid(codings=(ANIMATION, with_value(PRICE, 7, "D10")), quotations=(with_value(QUOTE, 5, "D02"),))
    assert said(found["codages"]) == [("document-non-liste", "Codages", "H3", Severity.CHECK)]
    assert said(found["citations"]) == [("document-non-liste", "Citations", "F2", Severity.CHECK)]
    assert found["codages"].problems[0].expected == "un numéro de documents.csv"
    assert found["codages"].frame["id_document"].isna().all()


def test_a_quotation_that_is_not_there_or_comes_from_elsewhere_is_not_linked(grid):
    found = grid(codings=(with_value(ANIMATION, 6, "Q007"), with_value(PRICE, 6, "Q001")))["codages"]
    assert said(found) == [
        ("citation-non-listee", "Codages", "G2", Severity.CHECK),
        ("citation-d-un-autre-entretien", "Codages", "G3", Severity.CHECK),
    ]
    assert found.frame["id_citation"].isna().all()


def test_a_quotation_that_names_the_person_met_is_refused_without_repeating_it(grid):
    found = grid(quotations=(with_value(QUOTE, 2, "Comme le dit Véranec, on se retrouve."),))["citations"]
    assert said(found) == [("citation-identifiante", "Citations", "C2", Severity.BLOCKING)]
    assert "ranec" not in str(found.problems[0])
    assert found.frame.empty


def test_an_address_or_a_number_in_a_text_is_refused_without_repeating_it(grid):
    found = grid(quotations=(with_value(QUOTE, 2, "Écrire à quelquun@exemple.fr"),))["citations"]
    assert [rule for rule, *_ in said(found)] == ["coordonnees", "valeur-obligatoire"]
    assert "exemple.fr" not in " ".join(map(str, found.problems))
    assert fates(found) == [Fate.SET_ASIDE]


def test_no_name_no_address_in_what_cleaning_gives(grid):
    found = grid()
    whole = " ".join(result.frame.to_csv() + str(result.lines) + str(result.problems) for result in found.values())
    for secret in ("Véranec", "Maëlle", "Kerjean", "exemple.fr"):
        assert secret not in whole


@pytest.mark.parametrize(
    ("place", "value", "rule", "cell"),
    [
        (1, "13/10/2030", "date-hors-periode", "B3"),
        (2, "École", "famille-incoherente", "C3"),
        (6, "individuel", "nombre-incoherent", "H3"),
        (8, "EDP-09", "ecole-inconnue", "I3"),
    ],
)
def test_what_does_not_hold_together_is_named_and_kept(grid, place, value, rule, cell):
    found = grid(interviews=(SCHOOL, with_value(COMPANY, place, value)))["entretiens"]
    assert said(found) == [(rule, "Entretiens", cell, Severity.CHECK)]
    assert len(found.frame) == 2


def test_a_number_given_twice_is_one_interview_or_a_question(grid):
    same = grid(interviews=(SCHOOL, COMPANY, SCHOOL))["entretiens"]
    assert said(same) == [("entretien-en-double", "Entretiens", "A4", Severity.CHECK)]
    assert fates(same)[-1] is Fate.MERGED
    other = grid(interviews=(SCHOOL, COMPANY, with_value(COMPANY, 0, "E01")))["entretiens"]
    assert said(other) == [("entretien-en-double", "Entretiens", "A4", Severity.BLOCKING)]
    assert fates(other)[-1] is Fate.SET_ASIDE


def test_an_interview_that_nobody_coded_is_named(grid):
    found = grid(codings=(ANIMATION,))["entretiens"]
    assert said(found) == [("entretien-non-code", "Entretiens", "A3", Severity.CHECK)]


def test_a_sheet_that_is_not_there_makes_its_table_missing(received, grid):
    """Not a count of zero: the table is named among the missing ones, and the others are used."""
    grid()
    path = received.raw / "entretiens" / "grille.xlsx"
    path.write_bytes(xlsx_bytes([Grid("Entretiens", [LIST, SCHOOL, COMPANY])], received.campaign.extraction_date))
    tables = prepare(received.campaign)
    assert {"codages", "citations"} <= set(tables.missing)
    assert "entretiens" not in tables.missing
    assert len(tables.entretiens) == 2
    assert [p.where.file for p in tables.problems if p.rule == "feuille-absente"] == ["grille.xlsx"] * 2


def test_one_text_file_a_table_is_read_as_well(received):
    (received.raw / "entretiens").mkdir()
    received.write("entretiens/liste.csv", ";".join(LIST) + "\n" + "E01;12/10/2023;École;école;ECO-01;;seul;1;;\n")
    received.write("entretiens/codages.csv", ";".join(CODINGS) + "\n" + "E01;C1;;FED_ANIMATION;+;3;;\n")
    found = clean_interviews(received.campaign)
    assert len(found["entretiens"].frame) == len(found["codages"].frame) == 1
    assert found["citations"].frame.empty


def test_nothing_received_is_three_empty_tables():
    assert [result.frame.empty for result in clean_interview_files([]).values()] == [True] * 3


def test_a_declared_correction_reaches_a_cell_of_the_grid(received, grid):
    grid(interviews=(SCHOOL, with_value(COMPANY, 2, None)))
    received.write(
        "corrections.toml",
        '[[correction]]\nfichier = "grille.xlsx"\nfeuille = "Entretiens"\ncellule = "C3"\nchamp = "famille_acteurs"\n'
        'attendu = ""\nnouveau = "Entreprise"\nqui = "unité"\nquand = 2024-05-14\npourquoi = "oubli"\n',
    )
    found = clean_interviews(received.campaign)["entretiens"]
    assert found.problems == ()
    assert found.frame["famille_acteurs"].tolist() == ["ECOLE", "ENTREPRISE"]
    assert "correction déclarée" in " ".join(text for line in found.lines for text in line.corrections)
