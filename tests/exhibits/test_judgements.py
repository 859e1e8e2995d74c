"""Mirrored bars of judgements: each count on its side, none lost, none turned into a share."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from edp_analysis.exhibits import Page
from edp_analysis.exhibits.judgements import plot_judgements
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.problems import UserError

GIVEN = {"id": "j", "title": "Ce qu'en dit la grille", "threshold": 20}
ROWS = [("Transport", 5, 0, 1, 4), ("Silence", 0, 0, 0, 0), ("Animation", 16, 13, 2, 1)]


def frame(rows: list[tuple[object, ...]] = ROWS, *more: str) -> pd.DataFrame:  # type: ignore[assignment]
    return pd.DataFrame(rows, columns=["Sujet", "En parlent", "Positif", "Neutre", "Négatif", *more])


def drawing(graphic: str, name: str = "large") -> str:
    found = re.search(rf'<svg class="{name}".*?</svg>', graphic, re.DOTALL)
    assert found
    return found.group()


def bars(svg: str, colour: str) -> list[tuple[float, float]]:
    """Left and right edge of each filled bar of a colour."""
    paths = re.findall(rf'<path d="([^"]*)"[^>]*style="fill: var\(--{colour}\)"', svg)
    found = []
    for path in paths:
        xs = [float(x) for x in re.findall(r"[ML] ?([\d.]+) ", path)]
        found.append((min(xs), max(xs)))
    return found


def test_the_best_judged_is_first_and_what_nobody_raises_last() -> None:
    """Balances by hand: animation 13 − 1 = 12, transport 0 − 4 = −4, silence none."""
    assert plot_judgements(frame(), **GIVEN).table["Sujet"].tolist() == ["Animation", "Transport", "Silence"]


@pytest.mark.parametrize("width", ["large", "etroit"])
def test_negative_bars_end_where_positive_ones_begin(width: str) -> None:
    """One interview has one width: 13 positive are 13 times 1 negative, and 4 negative 4 times."""
    svg = drawing(plot_judgements(frame(), **GIVEN).graphic, width)
    (positive,), negative, neutral = bars(svg, "s1"), bars(svg, "s4"), bars(svg, "gris")
    assert [right for _, right in negative] == pytest.approx([positive[0]] * 2, abs=0.1)
    one = negative[0][1] - negative[0][0]
    assert positive[1] - positive[0] == pytest.approx(13 * one, rel=0.02)
    assert negative[1][1] - negative[1][0] == pytest.approx(4 * one, rel=0.02)
    assert len(neutral) == 2 and all(left > positive[1] for left, _ in neutral), "neutral stands apart"


@pytest.mark.parametrize("width", ["large", "etroit"])
def test_each_count_is_written_and_no_share(width: str) -> None:
    svg = drawing(plot_judgements(frame(), **GIVEN).graphic, width)
    texts = re.findall(r">([^<>]+)</text>", svg)
    assert {"13", "4", "2", "1", "0", "16 en parlent", "5 en parlent", "aucun n’en parle"} <= set(texts)
    assert "%" not in svg
    assert {"Négatif", "Positif", "Neutre"} <= set(texts)


def test_a_row_says_out_of_how_many_when_rows_differ() -> None:
    svg = drawing(plot_judgements(frame([("Région", 5, 0, 1, 4, 6)], "Entretiens"), **GIVEN).graphic)
    assert ">5 sur 6 en parlent<" in svg


def test_colours_follow_the_theme() -> None:
    graphic = plot_judgements(frame(), **GIVEN).graphic
    assert not re.search("#[0-9a-f]{6}", graphic) and {"s1", "s4", "gris"} <= set(LIGHT)


def test_nothing_runs_out_of_the_narrow_drawing() -> None:
    """Only neutral judgements: the two other zones keep the room of their headings, and all hold in 300 pixels."""
    svg = drawing(plot_judgements(frame([("S", 40, 0, 40, 0)]), **GIVEN).graphic, "etroit")
    ((left, right),) = bars(svg, "gris")
    assert 2 * 66 <= left < right <= 300


def test_the_alternative_gives_the_counts() -> None:
    assert "Animation : négatif 1, positif 13, neutre 2" in plot_judgements(frame(), **GIVEN).alt.replace("\u00a0", " ")


def test_the_drawing_is_the_same_twice() -> None:
    assert plot_judgements(frame(), **GIVEN).graphic == plot_judgements(frame(), **GIVEN).graphic


def test_judgements_that_do_not_sum_are_refused() -> None:
    with pytest.raises(UserError, match="« Transport » ne font pas"):
        plot_judgements(frame([("Transport", 5, 1, 1, 4)]), **GIVEN)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UserError, match="« Neutre » absente"):
        plot_judgements(frame().drop(columns="Neutre"), **GIVEN)


@pytest.mark.parametrize("rows", [[], [("Silence", 0, 0, 0, 0)]])
def test_nothing_said_is_written_in_words(rows: list[tuple[object, ...]]) -> None:
    assert plot_judgements(frame(rows), **GIVEN).graphic.startswith('<p class="vide">')


def test_the_page_shows_it_as_a_figure_with_its_table(page: Page) -> None:
    shown = page.judgements(frame(), id="j", title="t", lecture="l", champ="c")
    assert shown.kind == "figure" and shown.table.shape == (3, 5) and shown.alt
