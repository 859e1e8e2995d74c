"""What each kind of chart shows, refuses, and leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from edp_analysis.contract.codes import load_codes
from edp_analysis.exhibits import Page
from edp_analysis.exhibits.alluvial import plot_alluvial
from edp_analysis.exhibits.curves import plot_curves
from edp_analysis.exhibits.funnel import plot_funnel
from edp_analysis.exhibits.plots import Plot
from edp_analysis.exhibits.tiles import plot_tiles
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

Share = Callable[..., Indicator]
GIVEN = {"id": "essai", "title": "Un constat", "threshold": 20}


def schools() -> pd.DataFrame:
    """Four schools; limits typed by hand: only EDP-03, at 10 of 40, is under its 99.8 % limit of 0.28."""
    return pd.DataFrame(
        {
            "groupe": ["EDP-03", "EDP-01", "EDP-02", "EDP-04"],
            "compte": [10, 20, 6, 0],
            "effectif": [40, 36, 12, 0],
            "bas_alerte": [0.38, 0.37, 0.25, 0.0],
            "haut_alerte": [0.70, 0.71, 0.83, 1.0],
            "bas_signal": [0.28, 0.27, 0.1, 0.0],
            "haut_signal": [0.78, 0.80, 0.95, 1.0],
        }
    )


def exits() -> pd.DataFrame:
    """Two exits; at 18 months only 15 are still followed."""
    rows = [
        ("Sortie anticipée", 6, 60, 0.10), ("Sortie anticipée", 12, 40, 0.20), ("Sortie anticipée", 18, 15, 0.40),
        ("Fin de formation", 6, 60, 0.00), ("Fin de formation", 12, 40, 0.30), ("Fin de formation", 18, 15, 0.50),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["cause", "duree", "a_risque", "incidence"])
    return frame.assign(bas=frame["incidence"] * 0.8, haut=frame["incidence"] * 1.2 + 0.01)


def presence() -> pd.DataFrame:
    return pd.DataFrame({"duree": [6, 12], "a_risque": [60, 40], "survie": [0.9, 0.5], "bas": [0.8, 0.4],
                         "haut": [0.95, 0.6]})  # fmt: skip


def paths() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Statut": ["Cursus complet", "Cursus complet", "Sortie anticipée", "Sortie anticipée"],
            "Situation": ["Études", "Emploi", "Études", "Emploi"],
            "Effectif": [30, 10, 5, 7],
        }
    )


def counts() -> pd.DataFrame:
    return pd.DataFrame({"departement": ["14", "76"], "ecoles": [3, 1]})


DRAWINGS: dict[str, Callable[[], Plot]] = {
    "funnel": lambda: plot_funnel(schools(), **GIVEN),
    "curves": lambda: plot_curves(exits(), **GIVEN),
    "presence": lambda: plot_curves(presence(), **GIVEN),
    "stacked": lambda: plot_curves(exits(), stacked=True, rest="Encore présents", **GIVEN),
    "alluvial": lambda: plot_alluvial(paths(), **GIVEN),
    "tiles": lambda: plot_tiles(counts(), unit="écoles", **GIVEN),
}


def texts(plot: Plot, width: str = "large") -> list[str]:
    drawn = BeautifulSoup(plot.graphic, "html.parser").select_one(f"svg.{width}")
    assert drawn is not None
    return [text.get_text() for text in drawn.find_all("text")]


@pytest.mark.parametrize("kind", DRAWINGS)
def test_every_drawing_is_adaptive_deterministic_and_themed(kind: str) -> None:
    first = DRAWINGS[kind]()
    assert first.graphic == DRAWINGS[kind]().graphic
    drawn = BeautifulSoup(first.graphic, "html.parser").find_all("svg")
    assert [svg["class"] for svg in drawn] == [["large"], ["etroit"]]
    for svg, width in zip(drawn, (700, 300), strict=True):
        assert svg["role"] == "img" and "Un constat" in str(svg["aria-label"])
        assert str(svg["viewbox"]).startswith(f"0 0 {width} ")
    assert not re.search(r"#[0-9a-f]{6}", first.graphic), "a colour escaped the theme"
    assert not re.search(r"\d\.\d|\d%", " ".join(texts(first)))
    assert len(first.graphic) < 40_000


@pytest.mark.parametrize("kind", DRAWINGS)
@pytest.mark.parametrize(("width", "pixels"), [("large", 700), ("etroit", 300)])
def test_no_text_leaves_the_picture(kind: str, width: str, pixels: int) -> None:
    """Texts are taken 0.5 em wide, less than what the layout allows for, in the direction they are anchored."""
    drawn = BeautifulSoup(DRAWINGS[kind]().graphic, "html.parser").select_one(f"svg.{width}")
    assert drawn is not None
    for text in drawn.find_all("text"):
        place = re.search(r"translate\(([-\d.]+)", str(text.get("transform") or text.parent.get("transform") or ""))
        x = float(str(text["x"])) if text.get("x") else float(place.group(1)) if place else 0.0
        length = 0.5 * 14 * len(text.get_text())
        anchor = re.search(r"text-anchor: (\w+)", str(text.get("style")))
        start = x - {"end": length, "middle": length / 2}.get(anchor.group(1) if anchor else "start", 0.0)
        assert start >= -1 and start + length <= pixels + 1, text.get_text()


# -- funnel ------------------------------------------------------------------------------------------------------


def test_a_funnel_is_alphabetical_and_says_who_is_outside() -> None:
    plot = plot_funnel(schools(), **GIVEN)
    assert plot.table["groupe"].tolist() == ["EDP-01", "EDP-02", "EDP-03", "EDP-04"]
    assert "EDP-03 25\u00a0%, effectif 40, hors des limites" in plot.alt
    assert plot.alt.count("hors des limites") == 1
    assert plot.table["Limite basse à 99,8\u00a0%"].tolist() == [0.27, 0.1, 0.28, 0.0]
    assert not any("rang" in name.lower() for name in plot.table)


def test_a_small_school_has_a_hollow_dot_and_no_percentage() -> None:
    plot = plot_funnel(schools(), **GIVEN)
    assert plot.table.set_index("groupe")["Taux"].to_dict()["EDP-02"] == "[faible]"
    assert "EDP-02 [faible], effectif 12" in plot.alt and "point creux" in plot.note
    large = plot_funnel(schools().query("effectif >= 20"), **GIVEN)
    assert "fill: var(--fond); stroke" in plot.graphic and "fill: var(--fond); stroke" not in large.graphic


def test_a_school_without_anybody_is_in_the_table_only() -> None:
    plot = plot_funnel(schools(), **GIVEN)
    assert "EDP-04" not in plot.graphic and "EDP-04" in plot.table["groupe"].tolist()


def test_the_overall_rate_and_the_levels_are_named_on_the_picture(share_of: Share) -> None:
    plot = plot_funnel(schools(), reference=share_of(134, 246, label="Ensemble"), **GIVEN)
    assert {"Ensemble", "54\u00a0%", "limites", "à 95\u00a0%", "à 99,8\u00a0%"} <= set(texts(plot))


def test_a_long_name_of_the_overall_rate_leaves_room_for_the_funnel(share_of: Callable[..., Indicator]) -> None:
    long = share_of(134, 246, label="Ensemble des écoles de production de la Région, toutes promotions réunies")
    plot = plot_funnel(schools(), reference=long, **GIVEN)
    assert "de production" not in " ".join(re.findall(r">([^<]*Ensemble[^<]*)<", plot.graphic))  # cut into lines
    assert "promotions" in plot.graphic


def test_a_funnel_without_its_limits_is_refused() -> None:
    with pytest.raises(UserError, match="« haut_signal » absente"):
        plot_funnel(schools().drop(columns="haut_signal"), **GIVEN)


# -- curves ------------------------------------------------------------------------------------------------------


def test_a_curve_ends_where_too_few_are_followed() -> None:
    """At 18 months 15 are followed: the ends shown are those of 12 months, 20 and 30 %."""
    plot = plot_curves(exits(), **GIVEN)
    assert "Sortie anticipée 20\u00a0% à 12\u00a0mois" in plot.alt
    assert "40\u00a0%" not in " ".join(texts(plot)) and "moins de 20" in plot.note
    hidden = plot.table[plot.table["duree"] == 18]
    assert (hidden[["incidence", "bas", "haut"]] == "[faible]").all().all()


def test_stacked_exits_are_named_with_what_is_left() -> None:
    """20 % gone early and 30 % at the end of the course: half are still there."""
    shown = texts(plot_curves(exits(), stacked=True, rest="Encore présents", **GIVEN))
    assert {"Sortie anticipée", "20\u00a0%", "Fin de formation", "30\u00a0%", "Encore présents", "50\u00a0%"} <= set(
        shown
    )


def test_shares_that_do_not_make_a_whole_are_not_stacked() -> None:
    double = exits().assign(incidence=lambda frame: frame["incidence"] * 3)
    with pytest.raises(UserError, match="leur somme dépasse"):
        plot_curves(double, stacked=True, **GIVEN)


def test_nobody_followed_is_said_in_words() -> None:
    plot = plot_curves(exits().assign(a_risque=3), **GIVEN)
    assert plot.graphic.startswith('<p class="vide">Aucune donnée\u00a0: moins de 20 personnes suivies')


# -- alluvial ----------------------------------------------------------------------------------------------------


def test_each_ribbon_bears_its_number_and_each_group_its_share() -> None:
    """52 youths: 40 of a full course (77 %), of whom 30 in studies, which 35 (67 %) join in all."""
    plot = plot_alluvial(paths(), **GIVEN)
    shown = texts(plot)
    assert {"30", "10", "5", "7"} <= set(shown)
    assert {"40\u00a0(77\u00a0%)", "35\u00a0(67\u00a0%)"} <= set(shown)
    assert "Cursus complet puis Études, 30" in plot.alt
    assert plot.table["Part du groupe"].tolist() == [0.75, 0.25, "[faible]", "[faible]"]  # 12 early exits


def test_a_ribbon_thinner_than_a_line_of_text_leaves_its_number_to_the_table() -> None:
    """By hand: 320 px less a gap of 16, over 200 youths, are 1.52 px a youth; 8 make 12.2 px, under a line of 15."""
    plot = plot_alluvial(paths().assign(Effectif=[150, 30, 8, 12]), **GIVEN)
    assert {"150", "30", "12"} <= set(texts(plot)) and "8" not in texts(plot)
    assert "trop minces" in plot.note and plot_alluvial(paths(), **GIVEN).note == ""
    assert plot.table["Effectif"].tolist() == [150, 30, 8, 12]


@pytest.mark.parametrize("width", ["large", "etroit"])
def test_each_line_of_a_label_on_the_left_is_anchored_at_its_end(width: str) -> None:
    """Where the font is not the one that measured it, lines placed from their start would be ragged at the bar."""
    drawn = BeautifulSoup(plot_alluvial(paths(), **GIVEN).graphic, "html.parser").select_one(f"svg.{width}")
    assert drawn is not None
    left = [text for text in drawn.find_all("text") if text.get_text() in {"anticipée", "complet", "12 sur 52"}]
    left += [text for text in drawn.find_all("text") if "77" in text.get_text()]
    assert left and all("text-anchor: end" in str(text["style"]) for text in left)
    assert not any("\n" in text.get_text().strip() for text in drawn.find_all("text"))


def test_under_the_threshold_groups_bear_counts_only() -> None:
    few = paths().assign(Effectif=[3, 1, 0, 2])
    shown = texts(plot_alluvial(few, **GIVEN))
    assert "4 sur 6" in shown and not any("%" in text for text in shown)


def test_a_narrow_picture_of_three_stages_shows_the_middle_one_twice() -> None:
    three = paths().assign(Origine="Collège")[["Origine", "Statut", "Situation", "Effectif"]]
    plot = plot_alluvial(three, **GIVEN)
    assert texts(plot).count("Statut") == 1 and texts(plot, "etroit").count("Statut") == 2


def test_ribbons_that_could_not_be_followed_are_refused() -> None:
    five = pd.DataFrame({"a": ["x"] * 5, "b": list("pqrst"), "n": 3})
    with pytest.raises(UserError, match="5 groupes à l'étape « b »"):
        plot_alluvial(five, **GIVEN)
    with pytest.raises(UserError, match="deux ou trois attendues"):
        plot_alluvial(five[["b", "n"]], **GIVEN)


def test_an_unknown_group_is_shown_as_such() -> None:
    blank = paths().assign(Situation=["Études", None, "Études", None])
    assert "non connu" in texts(plot_alluvial(blank, **GIVEN))


# -- tiles -------------------------------------------------------------------------------------------------------


def test_every_departement_has_one_place_on_the_map() -> None:
    plot = plot_tiles(counts(), unit="écoles", **GIVEN)
    shown = texts(plot)
    assert set(load_codes("departement").labels.values()) <= set(shown)
    assert {"3\u00a0écoles", "1\u00a0école"} <= set(shown) and shown.count("n.c.") == 3
    assert "Calvados 3\u00a0écoles" in plot.alt
    assert plot.table["departement"].tolist() == ["Calvados", "Seine-Maritime"]


def test_the_key_gives_the_lowest_and_the_greatest_value() -> None:
    """5.3 and 8.0: shades 0.45 × 5.3 / 8.0 = 0.298 and 0.45; one value alone needs no key."""
    rates = pd.DataFrame({"d": ["14", "50", "76"], "taux": [6.6, 5.3, 8.0]})
    plot = plot_tiles(rates, unit="% des actifs", **GIVEN)
    key = BeautifulSoup(plot.graphic, "html.parser").select(".cle li")
    assert [item.get_text() for item in key] == [
        "le plus bas\u00a0: 5,3\u00a0% des actifs", "le plus élevé\u00a0: 8,0\u00a0% des actifs",
    ]  # fmt: skip
    assert ["opacity:0.298" in str(key[0]), "opacity:0.450" in str(key[1])] == [True, True]
    assert "cle" not in plot_tiles(rates.iloc[:1], unit="% des actifs", **GIVEN).graphic


def test_a_weak_share_has_no_shade_and_no_percentage(share_of: Share) -> None:
    weak = plot_tiles({"14": share_of(9, 17)}, **GIVEN)
    assert "9 sur 17" in " ".join(texts(weak)) and "opacity: 0.45" not in weak.graphic
    assert "opacity: 0.45" in plot_tiles({"14": share_of(20, 36)}, **GIVEN).graphic


def test_a_departement_without_a_place_is_named() -> None:
    with pytest.raises(UserError, match="le département « 35 » n'a pas de place"):
        plot_tiles(pd.DataFrame({"d": ["35"], "n": [1]}), **GIVEN)
    with pytest.raises(UserError, match="y est deux fois"):
        plot_tiles(pd.DataFrame({"d": ["14", "Calvados"], "n": [1, 2]}), **GIVEN)


# -- common ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "draw",
    [
        lambda: plot_funnel(schools().iloc[:0], **GIVEN),
        lambda: plot_curves(exits().iloc[:0], **GIVEN),
        lambda: plot_alluvial(paths().iloc[:0], **GIVEN),
        lambda: plot_tiles(counts().iloc[:0], **GIVEN),
        lambda: plot_tiles({}, **GIVEN),
    ],
)
def test_nothing_to_draw_is_said_in_words(draw: Callable[[], Plot]) -> None:
    graphic = draw().graphic
    assert graphic.startswith('<p class="vide">Aucune donnée\u00a0: ') and "<svg" not in graphic


def test_the_population_says_how_many_each_chart_counts(page: Page) -> None:
    """88 youths in schools, 52 paths; at entry everybody is followed; past it, nobody knows how many there were."""
    words = {"title": "Un constat", "lecture": "Une lecture.", "champ": "des jeunes"}
    entry = exits().assign(duree=lambda frame: frame["duree"] - 6)
    assert page.funnel(schools(), id="a", **words).champ == "Des jeunes\u202f; n\u00a0=\u00a088."
    assert page.alluvial(paths(), id="b", **words).champ == "Des jeunes\u202f; n\u00a0=\u00a052."
    assert page.curves(entry, id="c", **words).champ == "Des jeunes\u202f; n\u00a0=\u00a060."
    assert page.curves(exits(), id="d", **words).champ == "Des jeunes."


def test_a_narrow_picture_grows_for_its_labels() -> None:
    six = pd.concat([exits().assign(cause=f"Une cause assez longue à lire, {rank}", incidence=0.1) for rank in "abcde"])
    drawn = BeautifulSoup(plot_curves(six.drop_duplicates(["cause", "duree"]), **GIVEN).graphic, "html.parser")
    heights = [float(str(svg["viewbox"]).split()[3]) for svg in drawn.find_all("svg")]
    assert heights[1] > heights[0]


def test_a_value_too_long_for_its_tile_has_its_unit_under_it() -> None:
    plot = plot_tiles(counts().assign(ecoles=[30, 16]), unit="apprenants", **GIVEN)
    assert "30\u00a0apprenants" in texts(plot)
    assert {"30", "apprenants"} <= set(texts(plot, "etroit"))


def test_each_is_a_figure_of_the_page(page: Page) -> None:
    words = {"title": "Un constat", "lecture": "Une lecture.", "champ": "des jeunes"}
    figures = [
        page.funnel(schools(), id="a", **words),
        page.curves(exits(), id="b", stacked=True, note="Une remarque.", **words),
        page.alluvial(paths(), id="c", **words),
        page.tiles(counts(), id="d", unit="écoles", **words),
    ]
    assert [figure.number for figure in figures] == [1, 2, 3, 4]
    assert figures[1].note.startswith("Une remarque. Les courbes s’arrêtent")
    assert all(not figure.table.empty and figure.stamp for figure in figures)
