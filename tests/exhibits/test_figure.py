from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.exhibits.distributions import plot_likert, plot_stacked
from edp_analysis.exhibits.plots import Plot, plot_bars, plot_dots
from edp_analysis.exhibits.trends import plot_lines
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

Share = Callable[..., Indicator]
SCALE = ["Tout à fait", "Plutôt", "Plutôt pas", "Pas du tout", "Sans opinion"]


def answers(counts: dict[str, tuple[int, ...]]) -> pd.DataFrame:
    return pd.DataFrame(
        {"question": q, "modalite": name, "effectif": k, "part": k / sum(row), "base": sum(row)}
        for q, row in counts.items()
        for name, k in zip(SCALE, row, strict=True)
    )


def results() -> pd.DataFrame:
    values = {"EDP-01": (-40000, -12000, 25000), "EDP-02": (12000, -30000, None)}
    return pd.DataFrame(
        {"ecole": school, "exercice": year, "resultat": value}
        for school, row in values.items()
        for year, value in zip((2021, 2022, 2023), row, strict=True)
    )


def sources() -> pd.DataFrame:
    return pd.DataFrame({"ecole": ["EDP-01"] * 3, "source": ["Ventes", "Aides", "Privé"], "part": [0.35, 0.5, 0.15]})


@pytest.fixture
def drawings(share_of: Share) -> dict[str, Callable[[], Plot]]:
    groups = {"EDP-01": share_of(20, 36), "EDP-02": share_of(9, 17)}
    common = {"id": "essai", "title": "Un constat"}
    return {
        "bars": lambda: plot_bars(groups, threshold=20, highlight="EDP-01", **common),
        "dots": lambda: plot_dots(groups, threshold=20, reference=share_of(134, 246, label="Ensemble"), **common),
        "likert": lambda: plot_likert(answers({"Q": (47, 37, 8, 5, 3)}), threshold=20, **common),
        "stacked": lambda: plot_stacked(sources(), threshold=20, **common),
        "lines": lambda: plot_lines(results(), threshold=20, **common),
    }


@pytest.mark.parametrize("kind", ["bars", "dots", "likert", "stacked", "lines"])
def test_every_drawing_is_adaptive_and_deterministic(drawings: dict[str, Callable[[], Plot]], kind: str) -> None:
    first, second = drawings[kind](), drawings[kind]()
    assert first.graphic == second.graphic
    soup = BeautifulSoup(first.graphic, "html.parser")
    drawn = soup.find_all("svg")
    assert [svg["class"] for svg in drawn] == [["large"], ["etroit"]]
    for svg, width in zip(drawn, (700, 300), strict=True):
        assert svg["role"] == "img" and "Un constat" in str(svg["aria-label"])
        assert str(svg["viewbox"]).startswith(f"0 0 {width} ")
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(set(ids)) == len(ids) and all(id.startswith("essai-") for id in ids)
    assert not re.search(r"#[0-9a-f]{6}", first.graphic), "a colour escaped the theme"
    assert "font-family" not in first.graphic and "<style" not in first.graphic and "<metadata" not in first.graphic
    assert re.search(r"var\(--c1\)|var\(--s1\)", first.graphic)
    texts = " ".join(text.get_text() for text in soup.find_all("text"))
    assert not re.search(r"\d\.\d|\d%", texts)


def test_bars_show_the_values_they_stand_for(share_of: Share) -> None:
    plot = plot_bars({"b": share_of(1, 378), "a": share_of(181, 378)}, id="o", title="t", threshold=20, highlight="a")
    texts = [text.get_text() for text in BeautifulSoup(plot.graphic, "html.parser").find_all("text")]
    assert {"48\u00a0%", "0,3\u00a0%", "a", "b"} <= set(texts)
    assert "a 48\u00a0%\u202f; b 0,3\u00a0%" in plot.alt  # the greatest first


def test_a_label_over_the_reference_line_masks_it(share_of: Callable[..., Indicator]) -> None:
    """Beside the marks nothing crosses a label; above them, in the narrow drawing, the grid and the reference do."""
    drawn = plot_dots({"EDP-02": share_of(20, 36)}, id="o", title="t", threshold=20).graphic
    wide, narrow = drawn.split('class="etroit"')
    assert "fill: var(--fond)" not in wide
    for words in (">EDP-02<", ">20 sur 36<"):
        before = narrow[: narrow.index(words)]
        assert before.rindex("fill: var(--fond)") > before.rindex("stroke: var(--ligne)")  # under the words, over lines


def test_a_weak_share_gives_counts_and_a_hollow_dot(share_of: Share) -> None:
    plot = plot_dots({"EDP-02": share_of(9, 17)}, id="o", title="t", threshold=20)
    assert "9 sur 17 [faible]" in plot.graphic and "fill: var(--fond)" in plot.graphic
    assert plot.table["Part"].isna().all() if "Part" in plot.table else True
    strong = plot_dots({"EDP-02": share_of(20, 36)}, id="o", title="t", threshold=20)
    assert "fill: var(--fond)" not in strong.graphic.split('class="etroit"')[0]


def test_each_line_gives_its_zero_its_first_and_its_last_value() -> None:
    """Rates as published, in percents: 9,3 then 8,0; the other panels' lines stay visible behind."""
    rates = pd.DataFrame({"d": ["Eure", "Eure", "Orne", "Orne"], "a": [2019, 2023] * 2, "t": [9.3, 8.0, 7.6, 6.8]})
    plot = plot_lines(rates, id="o", title="t", threshold=20, unit="en %")
    shown = [tag.get_text() for tag in BeautifulSoup(plot.graphic, "html.parser").find_all("text")]
    assert {"9,3\u00a0%", "8,0\u00a0%", "7,6\u00a0%", "6,8\u00a0%", "0"} <= set(shown)
    assert "Eure de 9,3\u00a0% en 2019 à 8,0\u00a0% en 2023" in plot.alt
    assert "stroke: var(--gris)" in plot.graphic


def test_crowded_ticks_keep_the_ends_within_the_narrow_drawing() -> None:
    """Sums of euros: six ticks of eight characters do not fit 300 pixels; the first, a middle and the last do."""
    costs = [Indicator(str(rank), "Coût", value, "€", "écoles") for rank, value in enumerate((17939.0, 57346.0))]
    narrow = plot_dots(costs, id="o", title="t", threshold=20).graphic.split('class="etroit"')[1]
    ticks = [
        tag for tag in BeautifulSoup(narrow, "html.parser").find_all("text") if "000" in tag.text or tag.text[0] == "0"
    ]
    assert len(ticks) == 3
    assert ["text-anchor: start" in str(ticks[0]), "text-anchor: end" in str(ticks[-1])] == [True, True]


def test_a_long_label_never_runs_into_its_value(share_of: Share) -> None:
    """« Contrat d'engagement jeune » and « 109 sur 378 » take 26 and 11 letters of the 38 that 300 pixels hold."""
    plot = plot_dots({"Contrat d'engagement jeune": share_of(109, 378)}, id="o", title="t", threshold=20)
    narrow = plot.graphic.split('class="etroit"')[1]
    lines = [tag.text for tag in BeautifulSoup(narrow, "html.parser").find_all("text")]
    assert "Contrat d’engagement" in " ".join(lines) and "Contrat d’engagement jeune" not in lines


def test_likert_puts_each_side_on_its_side() -> None:
    """84 = 47 + 37 favourable, 13 = 8 + 5 unfavourable, of 100 answers; the three without opinion stand apart."""
    plot = plot_likert(answers({"Q": (47, 37, 8, 5, 3)}), id="q", title="t", threshold=20)
    assert "Q\u00a0: 84\u00a0% favorables, 13\u00a0% défavorables" in plot.alt
    assert "sans opinion\u00a0: 3\u00a0%" in plot.graphic
    keys = [item.get_text() for item in BeautifulSoup(plot.graphic, "html.parser").select("ul.cle li")]
    assert keys == ["Pas du tout", "Plutôt pas", "Plutôt", "Tout à fait"]


def test_a_long_wording_takes_no_room_from_the_other_rows() -> None:
    """By hand, in the narrow picture: a line is 17 px, and each row adds 42 px of bar and air to its own lines.

    « Q » has two lines (it and the share without opinion); the long one is cut in three, and has four in all.
    """
    counts = (47, 37, 8, 5, 3)
    long = "Une affirmation que sa longueur oblige, sur un petit écran, à tenir sur trois lignes bien remplies"
    plot = plot_likert(answers({"Q": counts, long: counts}), id="q", title="t", threshold=20)
    drawn = BeautifulSoup(plot.graphic, "html.parser").select_one("svg.etroit")
    assert drawn is not None and float(str(drawn["viewbox"]).split()[3]) == 17 * (2 + 4) + 42 * 2


def test_likert_writes_no_percentage_on_a_small_base() -> None:
    plot = plot_likert(answers({"Q": (8, 6, 2, 1, 0)}), id="q", title="t", threshold=20)
    assert "14 sur 17" in plot.graphic and "[faible]" in plot.graphic
    assert "%" not in re.sub(r'style="[^"]*"', "", plot.graphic)


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_bars([], id="v", title="t", threshold=20),
        lambda: plot_bars(pd.DataFrame({"a": [], "b": []}), id="v", title="t", threshold=20),
        lambda: plot_dots([], id="v", title="t", threshold=20),
        lambda: plot_likert(answers({"Q": (1, 0, 0, 0, 0)}).iloc[:0], id="v", title="t", threshold=20),
        lambda: plot_stacked(sources().iloc[:0], id="v", title="t", threshold=20),
        lambda: plot_lines(results().iloc[:0], id="v", title="t", threshold=20),
    ],
)
def test_nothing_to_draw_is_said_in_words(draw: Callable[[], Plot]) -> None:
    graphic = draw().graphic
    assert graphic.startswith('<p class="vide">Aucune donnée\u00a0: ') and "<svg" not in graphic


def test_what_is_asked_for_must_exist(share_of: Share) -> None:
    with pytest.raises(UserError, match="rien ne s'appelle « c »"):
        plot_bars({"a": share_of(1, 30)}, id="o", title="t", threshold=20, highlight="c")
    with pytest.raises(UserError, match="colonne « montant » absente"):
        plot_lines(results(), id="o", title="t", threshold=20, y="montant")
    with pytest.raises(UserError, match="réponse « Oui » absente"):
        plot_likert(
            answers({"Q": (1, 1, 1, 1, 1)}), id="o", title="t", threshold=20, positive=["Oui"], negative=["Plutôt"]
        )
