"""Pieces of an executed page, word for word."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits import Page
from edp_analysis.publication.excerpts import Excerpt, excerpts, indicator


@pytest.fixture
def shown(notebook: Any) -> dict[str, Excerpt]:
    return excerpts(notebook)


def test_all_that_a_notebook_shows_is_found_in_reading_order(shown: dict[str, Excerpt]) -> None:
    assert list(shown) == ["entete", "constat", "chiffres-cles", "reponse-q1", "ecoles", "comptes"]


def test_a_picture_keeps_its_drawing_and_its_identifiers_take_the_prefix(shown: dict[str, Excerpt]) -> None:
    """Every reference inside the picture still leads to an identifier of the picture."""
    picture = shown["ecoles"].picture("profils-")
    soup = BeautifulSoup(picture, "html.parser")
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    pointed = set(re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', picture))
    assert ids and all(id.startswith("profils-ecoles-") for id in ids)
    assert pointed and {first or second for first, second in pointed} <= ids
    assert [str(svg["class"]) for svg in soup.find_all("svg")] == ["['large']", "['etroit']"]


def test_the_table_behind_a_figure_takes_another_caption(shown: dict[str, Excerpt]) -> None:
    soup = BeautifulSoup(shown["ecoles"].data("profils-", "Données <d'ailleurs>"), "html.parser")
    region, caption = soup.select_one(".tab"), soup.find("caption")
    assert region is not None and caption is not None
    assert region["aria-labelledby"] == caption["id"] == "profils-ecoles-donnees-titre"
    assert caption.get_text() == "Données <d'ailleurs>"
    assert shown["comptes"].data("profils-", "c") == ""


def test_rows_keep_words_and_dates_and_leave_numbers(page: Page, make_notebook: Any) -> None:
    """A number in a cell has lost its counts; a date is written as on its page."""
    frame = pd.DataFrame(
        {"qui": ["l'école", "=2+3"], "quand": [date(2025, 3, 31), date(2026, 4, 1)], "part": [0.5, 1.0]}
    )
    shown = page.table(frame, id="suivi", title="Suivi", lecture="l", champ="2 lignes", units={"part": "%"})
    assert excerpts(make_notebook([shown]))["suivi"].rows() == [
        {"Qui": "l’école", "Quand": "31 mars 2025"},
        {"Qui": "=2+3", "Quand": "1er avril 2026"},
    ]


def test_what_serves_the_analyst_alone_is_not_found(page: Page, make_notebook: Any) -> None:
    notebook = make_notebook([page.finding("Constat"), page.sentence("Essai", id="essai")])
    notebook.cells[1].metadata["tags"] = ["outil"]
    assert list(excerpts(notebook)) == ["constat"]


def test_an_empty_table_has_no_rows(page: Page, make_notebook: Any) -> None:
    empty = page.table(pd.DataFrame({"a": []}), id="vide", title="Rien", lecture="l", champ="c")
    assert excerpts(make_notebook([empty]))["vide"].rows() == []


def test_an_indicator_comes_back_with_its_counts_and_interval(shown: dict[str, Excerpt]) -> None:
    found = shown["chiffres-cles"].indicator("certification_sortants")
    assert found is not None and found.interval is not None
    assert (found.numerator, found.denominator, found.unit) == (134, 246, "%")
    assert found == indicator(shown["constat"].item["indicateurs"][0])
    assert shown["chiffres-cles"].indicator("inconnu") is None
