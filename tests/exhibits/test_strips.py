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


OTHERS = (part(3, 10, "EDP-07"), part(8, 10, "EDP-08"), part(1, 2, "EDP-09"))


def test_the_others_are_drawn_and_counted_but_not_named() -> None:
    plot = plot_strips({"Certifiés": (part(25, 40), OTHERS, 0.55)}, id="position", title="T", threshold=20, least=5)
    assert plot.table.to_dict("records") == [
        {"Libellé": "Certifiés", "Effectif": 25, "Base": 40, "Part": 0.625, "De": pytest.approx(0.4703, abs=1e-4),
         "À": pytest.approx(0.7578, abs=1e-4), "Cible": 0.55, "Autres": 2}
    ]  # fmt: skip
    assert "EDP-0" not in plot.graphic + plot.alt and "Certifiés 25 sur 40" in plot.alt


def circles(graphic: str) -> int:
    """Dots of the wide drawing: each is one use of a marker, or one path of a collection."""
    wide = graphic.split("<svg")[1]
    return wide.count("<use")


def test_one_mark_a_group_that_has_enough_persons() -> None:
    """Planted fault: with no least, the school of two youths is drawn too."""
    data = {"Certifiés": (part(25, 40), OTHERS, None)}
    all_of_them = plot_strips(data, id="a", title="T", threshold=20).graphic
    assert circles(all_of_them) == circles(plot_strips(data, id="a", title="T", threshold=20, least=5).graphic) + 1


def test_a_weak_share_has_counts_and_no_percentage() -> None:
    plot = plot_strips({"Certifiés": (part(6, 9), (), 0.55)}, id="a", title="T", threshold=20)
    assert "Part" not in plot.table and list(plot.table["Remarque"]) == ["[faible]"]
    assert "6 sur 9 [faible]" in plot.alt.replace("\u00a0", " ") and "moins de 20 personnes" in plot.note


def test_a_measure_without_a_value_has_no_strip() -> None:
    none = Indicator("y", "Reprises", None, "%", "jeunes sortis", reason="aucun sortant")
    both = plot_strips(
        {"Certifiés": (part(6, 9), (), None), "Reprises": (none, (), 0.4)}, id="a", title="T", threshold=20
    )
    assert "Reprises" not in both.alt and len(both.table) == 2
    assert "Aucune donnée" in plot_strips({"Reprises": (none, (), 0.4)}, id="a", title="T", threshold=20).graphic


def test_only_shares_are_drawn() -> None:
    with pytest.raises(UserError, match="« Coût » n'est pas une part"):
        plot_strips({"Coût": (amount("z", "Coût", 3.0, "€", "écoles"), (), None)}, id="a", title="T", threshold=20)


def test_two_drawings_give_the_same_bytes() -> None:
    data = {"Certifiés": (part(25, 40), OTHERS, 0.55)}
    first, second = (plot_strips(data, id="a", title="T", threshold=20).graphic for _ in range(2))
    assert first == second
