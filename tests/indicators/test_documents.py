"""What rests on each document, from three documents, three statements and three codings made by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.contract.checks import empty_frame
from edp_analysis.indicators import documents
from edp_analysis.indicators.concordance import NO_SYNTHESIS, load_statements, references

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def received() -> pd.DataFrame:
    """A convention, a law with its public source, and a report that nothing cites."""
    return pd.DataFrame(
        {
            "id_document": ["D01", "D02", "D03"],
            "titre": ["Convention", "Loi", "Rapport"],
            "emetteur": ["Région", "Parlement", "École"],
            "date_document": pd.to_datetime(["2021-03-15", None, "2023-01-02"]),
            "type_document": ["CONVENTION", "TEXTE", "RAPPORT"],
            "etablit": ["Un poste.", "Un statut.", "Rien."],
            "source": [None, "Loi du 5 septembre", None],
        }
    )


@pytest.fixture
def statements() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "N°": ["S1", "S2", "S3"],
            "Énoncé": ["A", "B", "C"],
            "Question": ["Q4", "Q1", "–"],
            "Mot": ["établi", "contredit", "établi"],
            "Preuve": ["document#D01 profils#age", "document#D01 document#D02", "profils#age"],
        }
    )


@pytest.fixture
def codings() -> pd.DataFrame:
    """Two passages of one interview, and one of another, refer to the convention: two interviews."""
    rows = pd.DataFrame({"id_entretien": ["E1", "E1", "E2", "E3"], "id_document": ["D01", "D01", "D01", None]})
    return rows.reindex(columns=empty_frame("codages").columns)


def test_each_document_says_what_rests_on_it(
    received: pd.DataFrame, statements: pd.DataFrame, codings: pd.DataFrame
) -> None:
    table = documents.documents_analyses(received, codings, statements, load_campaign("2024", ROOT))
    assert table["Énoncés rapprochés"].tolist() == [
        "2 énoncés de la concordance : S1, S2", "1 énoncé de la concordance : S2", "aucun énoncé",
    ]  # fmt: skip
    assert table["Questions"].tolist() == ["Q1, Q4", "Q1", "aucune question"], "in the order of the campaign"
    assert table["Entretiens de la grille qui le citent"].tolist() == [2, 0, 0]
    assert table["Accès"].tolist() == ["Document interne", "Texte public : Loi du 5 septembre", "Document interne"]
    assert table["Nature"].tolist()[0].endswith(", Région, 15/03/2021")
    assert table["Nature"].tolist()[1].endswith(", Parlement"), "a document without a date has none"


def test_a_statement_stands_under_each_document_it_cites(received: pd.DataFrame, statements: pd.DataFrame) -> None:
    table = documents.appuis(received, statements)
    assert table[["Document", "N°", "Ce qu’on peut en dire"]].to_numpy().tolist() == [
        ["D01", "S1", "établi"], ["D01", "S2", "contredit"], ["D02", "S2", "contredit"],
    ]  # fmt: skip


def test_counts_are_of_the_complete_list(
    received: pd.DataFrame, statements: pd.DataFrame, codings: pd.DataFrame
) -> None:
    counts = [
        documents.publics(received),
        documents.cites_en_entretien(received, codings),
        documents.enonces_documentes(received, statements),
    ]
    assert [(item.numerator, item.denominator) for item in counts] == [(1, 3), (1, 3), (2, 3)]
    assert counts[2].rows == ("S1", "S2"), "a statement set beside two documents counts once"
    assert documents.recus(received).value == 3
    assert "cit" not in counts[2].label, "the published synthesis cites no document"


def test_nothing_is_counted_of_nothing(received: pd.DataFrame, statements: pd.DataFrame) -> None:
    none = empty_frame("documents")
    assert documents.publics(none).reason == "aucun document reçu"
    assert documents.enonces_documentes(received, statements.head(0)).reason == NO_SYNTHESIS
    assert documents.documents_analyses(none, empty_frame("codages"), statements, load_campaign("2024", ROOT)).empty


def test_no_statement_is_established_by_an_invented_document() -> None:
    """On simulated data, what rests on an invented document alone is at best reproduced by construction."""
    campaign = replace(load_campaign("2024", ROOT), simulated=True)
    rows = load_statements(campaign)
    names = pd.read_csv(ROOT / "data/reference/simulation/documents-simules.csv", sep=";")
    invented = set(names.loc[names["titre"].str.contains(r"\[document simulé\]"), "id_document"])
    assert len(invented) == 8
    for row in rows.to_dict("records"):
        cited = {element for page, element in references(row["preuve"]) if page == "document"}
        if cited & invented and row["statut"] == "établi":
            assert row["fondement"] in {"calibrage", "voix", "données"}, row["id"]
