"""Strips: one group among others that nothing names, its interval, the target of each measure."""

from __future__ import annotations

import pandas as pd
import pytest

from edp_analysis.exhibits.strips import plot_strips
from edp_analysis.indicators.result import Indicator, amount, share
from edp_analysis.problems import UserError


def part(count: int, total: int, label: str = "Certifiés", name: str = "x") -> Indicator:
    answers = pd.Series([True] * count + [False] * (total - count), dtype=bool)
    return share(name, label, answers, "jeunes sortis")


OTHERS = (part(6, 20, "EDP-07"), part(8, 20, "EDP-08"), part(15, 25, "EDP-09"))
SMALL = (part(0, 19, "EDP-10"), part(19, 19, "EDP-11"))


def wide(graphic: str) -> str:
    """The wide drawing, without the narrow one."""
    return graphic.split("<svg")[1]


def test_the_others_are_a_range_and_a_number_never_named() -> None:
    """Lowest 6 of 20, highest 15 of 25; Wilson of 25 of 40 is 47.0 to 75.8 %."""
    plot = plot_strips({"Certifiés": (part(25, 40), OTHERS, 0.55)}, id="position", title="T", threshold=20)
    assert plot.table.to_dict("records") == [
        {"Libellé": "Certifiés", "Effectif": 25, "Base": 40, "Part": 0.625, "De": pytest.approx(0.4703, abs=1e-4),
         "À": pytest.approx(0.7578, abs=1e-4), "Cible": 0.55, "Autres écoles": "3",
         "Autres, la plus basse": 0.3, "Autres, la plus haute": 0.6}
    ]  # fmt: skip
    assert "EDP-" not in plot.graphic + plot.alt
    assert "Certifiés 25 sur 40, cible 55 %, autres écoles de 30 % à 60 %" in plot.alt.replace("\u00a0", " ")


def test_a_school_under_the_threshold_is_not_among_the_others() -> None:
    """Planted fault: two schools of nineteen, at 0 and 100 %, would stretch the range over the whole axis."""
    drawn = [
        plot_strips({"Certifiés": (part(25, 40), others, None)}, id="a", title="T", threshold=20)
        for others in (OTHERS, (*OTHERS, *SMALL))
    ]
    assert drawn[0].graphic == drawn[1].graphic and drawn[0].table.equals(drawn[1].table)


def test_two_other_schools_make_no_range() -> None:
    plot = plot_strips({"Certifiés": (part(25, 40), (*OTHERS[:2], *SMALL), 0.55)}, id="a", title="T", threshold=20)
    row = plot.table.iloc[0]
    assert row["Autres écoles"].replace("\u00a0", " ") == "moins de 3"
    assert row["Autres, la plus basse"] == row["Autres, la plus haute"] == "–" and "autres écoles de" not in plot.alt


def test_a_share_under_the_threshold_keeps_its_counts_and_has_no_mark() -> None:
    """Nineteen leavers: neither point nor interval; the same row with twenty has both."""
    strong = {"Reprises": (part(25, 40), (), 0.4)}
    few, enough = (
        plot_strips({**strong, "Certifiés": (part(6, total), (), None)}, id="a", title="T", threshold=20)
        for total in (19, 20)
    )
    marks = [wide(plot.graphic).count("var(--c1)") for plot in (few, enough)]
    assert marks[0] == wide(plot_strips(strong, id="a", title="T", threshold=20).graphic).count("var(--c1)") < marks[1]
    assert "Certifiés 6 sur 19 [faible]" in few.alt.replace("\u00a0", " ") and "moins de 20 jeunes" in few.note
    assert few.table["Part"].isna().tolist() == [False, True] and "[faible]" not in enough.note


def test_a_figure_with_no_mark_left_is_not_drawn() -> None:
    few = plot_strips({"Certifiés": (part(6, 9), OTHERS, 0.55)}, id="a", title="T", threshold=20)
    assert "<svg" not in few.graphic and "moins de 20 personnes" in few.graphic and len(few.table) == 1
    none = Indicator("y", "Reprises", None, "%", "jeunes sortis", reason="aucun sortant")
    both = plot_strips(
        {"Certifiés": (part(25, 40), (), None), "Reprises": (none, (), 0.4)}, id="a", title="T", threshold=20
    )
    assert "Reprises" not in both.alt and len(both.table) == 2


def test_only_shares_are_drawn() -> None:
    with pytest.raises(UserError, match="« Coût » n'est pas une part"):
        plot_strips({"Coût": (amount("z", "Coût", 3.0, "€", "écoles"), (), None)}, id="a", title="T", threshold=20)


def test_two_drawings_give_the_same_bytes() -> None:
    data = {"Certifiés": (part(25, 40), OTHERS, 0.55)}
    first, second = (plot_strips(data, id="a", title="T", threshold=20).graphic for _ in range(2))
    assert first == second
