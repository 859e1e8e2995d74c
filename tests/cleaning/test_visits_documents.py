"""Visits and documents, cleaned: each fault is a problem at its cell, and every row keeps a fate."""

import pytest

from edp_analysis.cleaning.contacts import has_contact
from edp_analysis.cleaning.documents import clean_documents
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.visits import clean_visits
from edp_analysis.problems import Severity

VISITS = "École;Date;Durée;Commandes réelles;Suivi des parcours;Visiteur;Remarques"
DOCUMENTS = "N°;Titre;Émetteur;Date;Type;Ce qu’il établit;Source"
ONE = "D01;Convention;Région;01/02/2021;Convention;Un poste est financé;"


@pytest.fixture
def visits(received):
    def write(*rows):
        (received.raw / "visites").mkdir(exist_ok=True)
        received.write("visites/visites.csv", "\n".join([VISITS, *rows]) + "\n")
        found = clean_visits(received.campaign)
        Ledger(list(found.lines)).check_closes(found.non_empty)
        return found

    return write


@pytest.fixture
def documents(received):
    def write(*rows):
        received.write("documents.csv", "\n".join([DOCUMENTS, *rows]) + "\n")
        found = clean_documents(received.campaign)
        Ledger(list(found.lines)).check_closes(found.non_empty)
        return found

    return write


def said(result):
    return [(p.rule, p.where.cell, p.severity) for p in result.problems if p.rule != "colonne-absente"]


def test_a_visit_is_a_school_a_day_and_what_was_seen(visits):
    found = visits("edp 01;12/10/2023;1;oui;en partie;Maëlle Véranec;bon accueil")
    assert said(found) == []
    row = found.frame.to_dict("records")[0]
    assert (row["ecole"], row["duree_jours"], row["commandes_reelles"], row["suivi_ecrit"]) == (
        "EDP-01", 1.0, "OUI", "PARTIEL",
    )  # fmt: skip
    whole = found.frame.to_csv() + str(found.lines) + str(found.problems)
    assert "ranec" not in whole and 'accueil"' not in whole and "bon accueil" not in whole


def test_a_school_that_is_not_in_the_campaign_sets_the_visit_aside(visits):
    found = visits("EDP-03;12/10/2023;1;oui;oui;;")
    assert said(found) == [("ecole-inconnue", "A2", Severity.BLOCKING)]
    assert found.problems[-1].expected == "un code de ecoles.csv", "EDP-01 ressemble : ce n'est pas une raison"
    assert [line.fate for line in found.lines if line.row > 1] == [Fate.SET_ASIDE]


def test_a_visit_written_twice_is_one_and_a_contradiction_is_a_question(visits):
    row = "EDP-01;12/10/2023;1;oui;oui;;"
    assert said(visits(row, row)) == [("visite-en-double", "A3", Severity.CHECK)]
    found = visits(row, "EDP-01;12/10/2023;1;non;oui;;")
    assert said(found) == [("visite-en-double", "A3", Severity.BLOCKING)]
    assert len(found.frame) == 1


def test_a_visit_after_the_extraction_or_without_a_day_is_named(visits):
    assert said(visits("EDP-01;12/10/2030;1;oui;oui;;")) == [("date-hors-periode", "B2", Severity.CHECK)]
    assert said(visits("EDP-01;;1;oui;oui;;")) == [("valeur-obligatoire", "B2", Severity.BLOCKING)]


def test_an_observation_outside_the_list_is_left_blank(visits):
    found = visits("EDP-01;12/10/2023;1;peut-être;oui;;")
    assert said(found) == [("code-inconnu", "D2", Severity.CHECK)]
    assert found.frame["commandes_reelles"].isna().all()


def test_documents_are_listed_once(documents):
    found = documents(ONE, ONE, ONE.replace("Convention;Région", "Budget;Région"))
    assert said(found) == [
        ("document-en-double", "A3", Severity.CHECK),
        ("document-en-double", "A4", Severity.BLOCKING),
    ]
    assert found.frame["id_document"].tolist() == ["D01"]


def test_a_document_says_what_it_establishes_and_is_not_of_the_future(documents):
    assert said(documents("D02;Budget;Région;;Budget;;")) == [("valeur-obligatoire", "F2", Severity.BLOCKING)]
    late = documents(ONE.replace("2021", "2031"))
    assert said(late) == [("date-hors-periode", "D2", Severity.CHECK)]


def test_nothing_received_is_an_empty_table(received):
    assert clean_visits(received.campaign).frame.empty
    assert clean_documents(received.campaign).frame.empty


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("06.12.34.56.78", True), ("+33 2 31 00 00 00", True), ("prenom@ecole.fr", True),
        ("577 000 € en 2023", False), ("0,3 % des 378 jeunes", False), ("L443-6", False), (12, False),
    ],
)  # fmt: skip
def test_contacts_are_recognised_and_figures_are_not(text, expected):
    assert has_contact(text) is expected
