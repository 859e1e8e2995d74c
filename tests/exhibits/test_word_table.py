"""Tables of words: every notion is there once, named, and nothing is lost when a column goes under another."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits import Page
from edp_analysis.exhibits.fragment import to_html
from edp_analysis.exhibits.table import EVIDENCE, GROUP
from edp_analysis.problems import UserError
from edp_analysis.publication.downloads import csv_bytes

FRAME = pd.DataFrame(
    {
        "Question": ["Q1. Pourquoi ?", "Q1. Pourquoi ?", "Q2. Comment ?"],
        "Critère": ["Diplôme", "Départs", "Filles"],
        "Limite": ["Sortants <seulement>.", "", "–"],
        "Preuve": ["profils#age", "", "registre#part_hommes"],
    }
)
UNITS = {"Question": GROUP, "Preuve": EVIDENCE}


@pytest.fixture
def soup(page: Page) -> BeautifulSoup:
    shown = page.table(
        FRAME, id="m", title="Titre", lecture="Lire.", champ="Critères.", units=UNITS, under={"Limite": "Critère"}
    )
    return BeautifulSoup(to_html(shown), "html.parser")


def test_a_column_under_another_is_named_in_its_cell(soup: BeautifulSoup) -> None:
    first = soup.find("th", string=None, attrs={"data-t": "Critère"})
    assert first is not None
    assert first.get_text() == "DiplômeLimite\u00a0: Sortants <seulement>."
    assert [cell.get_text() for cell in soup.select("thead th")] == ["Critère", "Preuve"]


def test_an_empty_secondary_column_leaves_no_trace(soup: BeautifulSoup) -> None:
    assert [cell.get_text() for cell in soup.select('th[scope="row"]')][1:] == ["Départs", "Filles"]


def test_rows_stand_under_their_question_and_keep_table_roles(soup: BeautifulSoup) -> None:
    """Displayed as blocks, a table loses its native roles: they are explicit."""
    assert [cell.get_text().replace("\u202f", " ") for cell in soup.select(".groupe")] == [
        "Q1. Pourquoi ?", "Q2. Comment ?",
    ]  # fmt: skip
    assert len(soup.select("tbody")) == 2
    roles = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    for name, role in roles.items():
        assert {tag.get("role") for tag in soup.select(f".mots {name}")} == {role}


def test_each_cell_says_its_column_where_rows_become_blocks(soup: BeautifulSoup) -> None:
    assert [cell.get("data-t") for cell in soup.select("td")] == ["Preuve"] * 3


def test_the_csv_keeps_one_column_a_notion(page: Page) -> None:
    shown = page.table(
        FRAME, id="m", title="Titre", lecture="Lire.", champ="Critères.", units=UNITS, under={"Limite": "Critère"}
    )
    head = csv_bytes(shown.as_dict()).decode("utf-8-sig").splitlines()[0]
    assert head == "Question;Critère;Limite;Preuve"


@pytest.mark.parametrize(
    "under", [{"Absente": "Critère"}, {"Limite": "Absente"}, {"Limite": "Preuve", "Preuve": "Critère"}]
)
def test_a_column_that_cannot_be_put_there_is_refused(make_page: Callable[..., Page], under: dict[str, str]) -> None:
    with pytest.raises(UserError, match="ne peut pas aller sous"):
        make_page().table(FRAME, id="m", title="T", lecture="L.", champ="C.", under=under)


def test_a_row_named_by_a_code_can_be_linked_to(page: Page) -> None:
    """A code that comes again keeps its first anchor: an identifier serves once in a page."""
    frame = pd.DataFrame({"N°": ["S001", "S002", "S001"], "Énoncé": ["Un", "Deux", "Trois"], "Type": [*"abc"]})
    shown = page.table(frame, id="e", title="T", lecture="L", champ="C", under={"Type": "Énoncé"})
    assert [row.get("id") for row in BeautifulSoup(to_html(shown), "html.parser").select("tbody tr")] == [
        "e-s001", "e-s002", None,
    ]  # fmt: skip


def test_a_row_named_in_words_has_no_anchor(soup: BeautifulSoup) -> None:
    assert soup.select("tbody tr[id]") == []
