from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits.table import ANNEX, GROUP, format_cell, html_table, indicator_frame, mask_weak, tidy
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.proportions import Interval


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


def test_an_address_is_cut_between_its_parts_a_word_never() -> None:
    """In its path, or between the two long names of its host; never before « .fr »."""
    cells = ["france3-regions.francetvinfo.fr, 2012", "choisirlanormandie.fr/emploi_2023", "anticonstitutionnellement"]
    html = html_table(pd.DataFrame({"n": [1, 2, 3], "Source": cells}), id="t", caption="x")
    found = BeautifulSoup(html, "html.parser").select("td")
    assert [cell.text for cell in found] == cells
    assert [len(cell.select("wbr")) for cell in found] == [1, 2, 0]


def test_the_number_of_an_article_is_not_cut() -> None:
    html = html_table(pd.DataFrame({"n": [1], "Texte": ["Code, article L313-7"]}), id="t", caption="x")
    assert "L313\u20117" in html


def test_a_column_has_one_number_of_decimals() -> None:
    """8 stands under 7,2; shares keep their own rule, which looks at one value."""
    frame = pd.DataFrame({"d": ["a", "b"], "Taux": [8.0, 7.2], "Part": [0.54, 0.003]})
    cells = BeautifulSoup(html_table(frame, id="t", caption="x", units={"Part": "%"}), "html.parser").select("td")
    assert [cell.text for cell in cells] == ["8,0", "54\u00a0%", "7,2", "0,3\u00a0%"]


def test_one_mark_says_that_there_is_nothing() -> None:
    """An empty text, a typed dash; a value that is not known says « n.c. » instead."""
    frame = pd.DataFrame({"n": ["a", "b", "c"], "Remarque": ["", "—", "vu"], "Jours": [1.0, None, 2.0]})
    cells = BeautifulSoup(html_table(frame, id="t", caption="x"), "html.parser").select("td")
    assert [cell.text for cell in cells] == ["–", "1", "–", "n.c.", "vu", "2"]


def test_an_interval_that_is_not_estimated_is_not_unknown() -> None:
    costs = [
        Indicator("a", "Coût par jeune", 5000.0, "€ par jeune", "jeunes", 575000, 115),
        Indicator("b", "Coût par certifié", 18672.0, "€ par jeune", "jeunes", 2502000, 134,
                  Interval(15765.0, 22285.0, 0.95, "poisson")),
    ]  # fmt: skip
    frame, units = indicator_frame(costs, 20)
    assert frame[["Somme", "Base"]].to_numpy().tolist() == [[575000, 115], [2502000, 134]]
    first = BeautifulSoup(html_table(frame, id="t", caption="x", units=units), "html.parser").select("tbody tr")[0]
    assert [cell.text for cell in first.select("td")][-2:] == ["–", "–"]


def test_a_count_out_of_a_total_gives_both() -> None:
    frame, _ = indicator_frame([Indicator("a", "Entretiens", 13, "entretiens", "écoles", 13, 18)], 20)
    assert frame[["Effectif", "Base", "Valeur"]].to_numpy().tolist() == [[13, 18, 13]]


@pytest.mark.parametrize(
    ("frame", "blocks"),
    [
        (pd.DataFrame({"École": ["EDP-01"], "Base": [38]}), False),  # fits a phone
        (pd.DataFrame({f"Intitulé{rank}": ["documentation, lue le 12 mai par un codeur"] for rank in range(7)}), True),
        (pd.DataFrame({f"Intitulé{rank}": [1] for rank in range(6)}), True),
        (pd.DataFrame({f"Intitulé{rank}": [1] for rank in range(9)}), False),  # a grid: it scrolls
    ],
)
def test_a_table_too_wide_for_a_phone_becomes_blocks(frame: pd.DataFrame, blocks: bool) -> None:
    """Six headings of 9 letters with their margins take 66 letters; a line holds 43."""
    soup = BeautifulSoup(html_table(frame, id="t", caption="x"), "html.parser")
    assert bool(soup.select(".blocs")) is blocks
    assert all(cell.get("role") == "cell" and cell.get("data-t") for cell in soup.select(".blocs td"))
