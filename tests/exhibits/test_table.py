from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits.table import ANNEX, GROUP, format_cell, html_table, indicator_frame, mask_weak, tidy
from edp_analysis.indicators.result import Indicator


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.545, "%", "55\u00a0%"),
        (1234.4, "€", "1\u202f234\u00a0€"),
        (12, "", "12"),
        (1234567, "jeunes", "1\u202f234\u202f567"),
        (2023, "texte", "2023"),
        (2023.0, "texte", "2023"),
        (None, "%", "n.c."),
        (float("nan"), "€", "n.c."),
        (pd.NaT, "", "n.c."),
        (pd.NA, "", "n.c."),
        (True, "", "oui"),
        (date(2024, 4, 30), "", "30 avril 2024"),
        (pd.Timestamp("2024-05-01"), "", "1er mai 2024"),
        ("d'accord", "", "d’accord"),
        ("[faible]", "%", "[faible]"),
    ],
)
def test_cells(value: object, unit: str, expected: str) -> None:
    assert format_cell(value, unit) == expected


def test_table_is_accessible() -> None:
    frame = pd.DataFrame({"école": ["EDP-01"], "exercice": [2023], "durée": [3.5], "part": [0.5]})
    soup = BeautifulSoup(
        html_table(frame, id="t", caption="Titre", units={"part": "%", "durée": "mois"}), "html.parser"
    )
    assert soup.caption is not None and soup.caption.get_text() == "Titre"
    assert [(cell["scope"], cell.get_text()) for cell in soup.find_all("th")] == [
        ("col", "École"),
        ("col", "Exercice"),
        ("col", "Durée (mois)"),
        ("col", "Part"),
        ("row", "EDP-01"),
    ]
    assert [cell.get_text() for cell in soup.find_all("td")] == ["2023", "3,5", "50\u00a0%"]
    wrapper = soup.div
    assert wrapper is not None and (wrapper["role"], wrapper["tabindex"]) == ("region", "0")
    assert wrapper["aria-labelledby"] == soup.caption["id"]


def test_a_column_for_specialists_is_not_in_the_page() -> None:
    """It stays in the table that the CSV file is made of; the same column without that unit would be shown."""
    frame = pd.DataFrame({"école": ["EDP-01"], "part": [0.5], "p": [0.03]})
    for units, shown in (
        ({"part": "%", "p": ANNEX}, ["École", "Part"]),
        ({"part": "%"}, ["École", "Part", "Valeur p"]),
    ):
        soup = BeautifulSoup(html_table(frame, id="t", caption="Titre", units=units), "html.parser")
        assert [cell.get_text() for cell in soup.find_all("th", scope="col")] == shown


def test_text_is_escaped() -> None:
    html = html_table(pd.DataFrame({"<b>": ["<script>alert</script>"]}), id="t", caption="x")
    assert "<script>" not in html and "<b>" not in html


def test_a_named_index_becomes_the_row_headings() -> None:
    frame = pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="école"))
    assert list(tidy(frame).columns) == ["école", "n"]
    assert list(tidy(pd.DataFrame({"n": [1, 2]}).iloc[::-1]).columns) == ["n"]


def test_small_bases_lose_their_percentage() -> None:
    frame = pd.DataFrame({"groupe": ["a", "b"], "nombre": [9, 10], "effectif": [19, 20], "part": [9 / 19, 0.5]})
    masked = mask_weak(frame, {"part": "%"}, None, 20)
    assert masked["part"].tolist() == ["[faible]", 0.5]
    assert masked["effectif"].tolist() == [19, 20]
    untouched = frame.rename(columns={"nombre": "filles"})  # « effectif » alone may be a numerator
    assert mask_weak(untouched, {"part": "%"}, None, 20)["part"].tolist() == [9 / 19, 0.5]


def test_the_table_behind_indicators(share_of: Callable[..., Indicator]) -> None:
    frame, units = indicator_frame([share_of(134, 246), share_of(9, 19), share_of(0, 0)], 20)
    assert list(frame.columns) == ["Libellé", "Effectif", "Base", "Part", "De", "À", "Remarque"]
    assert frame["Part"].isna().tolist() == [False, True, True]
    assert frame["Remarque"].tolist() == ["", "[faible]", "non calculable (aucun enregistrement dans le champ)"]
    assert units == {"Part": "%", "De": "%", "À": "%"}


def test_a_column_that_repeats_becomes_the_heading_of_its_rows() -> None:
    frame = pd.DataFrame(
        {"École": ["EDP-01", "EDP-01", "EDP-02"], "Exercice": ["a", "b", "a"], "Part": [0.1, 0.2, 0.3]}
    )
    soup = BeautifulSoup(html_table(frame, id="t", caption="x", units={"École": GROUP, "Part": "%"}), "html.parser")
    assert [cell.text for cell in soup.select("thead th")] == ["Exercice", "Part"]
    found = [[cell.text for cell in body.select("[scope=rowgroup], [scope=row]")] for body in soup.select("tbody")]
    assert found == [["EDP-01", "a", "b"], ["EDP-02", "a"]]
    assert {cell["colspan"] for cell in soup.select("[scope=rowgroup]")} == {"2"}
    assert soup.select("td")[-1].text == "30\xa0%"


def test_a_heading_does_not_say_its_unit_twice() -> None:
    frame = pd.DataFrame({"École": ["EDP-01"], "Jours de trésorerie": [9.0], "Durée": [3.0]})
    html = html_table(frame, id="t", caption="x", units={"Jours de trésorerie": "jours", "Durée": "mois"})
    headings = [cell.text for cell in BeautifulSoup(html, "html.parser").select("thead th")]
    assert headings == ["École", "Jours de trésorerie", "Durée (mois)"]


def test_an_address_may_be_cut_after_its_marks_a_word_never() -> None:
    cells = ["france3-regions.francetvinfo.fr, 2012", "anticonstitutionnellement"]
    html = html_table(pd.DataFrame({"n": [1, 2], "Source": cells}), id="t", caption="x")
    found = BeautifulSoup(html, "html.parser").select("td")
    assert [cell.text for cell in found] == cells
    assert [len(cell.select("wbr")) for cell in found] == [2, 0]
