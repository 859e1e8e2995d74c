"""Small multiples: one panel a group, the same scales everywhere, the other groups in the background."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from edp_analysis.exhibits.charts import MASK
from edp_analysis.exhibits.figure import WIDE, Draw, canvas, nothing_to_show, render_svg, text_width
from edp_analysis.exhibits.french import NBSP, number, quantity
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import TEXT, decimals_of, tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_lines"]

_PANEL, _HEAD, _FOOT, _LEFT = 176, 46, 32, 22
"""Height of a panel, of its heading, of its dates; room for the zero, pixels."""


def plot_lines(
    frame: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,  # noqa: ARG001  # amounts and counts, no share
    x: str | None = None,
    y: str | None = None,
    panel: str | None = None,
    unit: str = "€",
) -> Plot:
    """Draw one line a group over time, each in its own panel, in the order received.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a group and date.
    id, title : str
        Of the exhibit.
    x, y, panel : str, optional
        Columns of dates (years), values and groups; by default the second, the third and the first.
    unit : str
        Unit of `y`; « en % » for percentages as published (8.0 is written « 8,0 % »).
    """
    table = tidy(frame)
    panel, x, y = (column(table, name, rank, id) for rank, name in enumerate((panel, x, y)))
    units = {x: TEXT, y: unit}
    kept = table[table[y].notna()]
    if kept.empty:
        return Plot(nothing_to_show("aucune valeur calculable"), table, units)
    wide = table.pivot_table(index=x, columns=panel, values=y, aggfunc="sum", sort=False, min_count=1).sort_index()
    wide = wide[[name for name in dict.fromkeys(table[panel]) if name in wide.columns]]
    ends = []
    for name in wide.columns:
        known = wide[name].dropna()
        first, last = _written(known.iloc[[0, -1]], table[y], unit)
        ends.append(f"{name} de {first} en {known.index[0]} à {last} en {known.index[-1]}")
    alt = alternative("Courbes, une par groupe", title, ends)
    return Plot(render_svg(_draw(wide, unit), id=id, alt=alt), table, units, alt)


def _written(values: pd.Series, among: pd.Series, unit: str) -> list[str]:
    """Write values with their unit (« en % » gives « 8,0 % »), with as many decimals as the others have."""
    written = unit.removeprefix("en ")
    if written == "%" != unit:  # already in points
        return [f"{number(value, decimals_of(among, '') or 0)}{NBSP}%" for value in values]
    return [quantity(float(value), written, decimals_of(among, written)) for value in values]


def _draw(wide: pd.DataFrame, unit: str) -> Draw:
    """Draw one panel a column of `wide`, indexed by date."""

    def draw(width: int) -> Figure:
        groups, steps = list(wide.columns), range(len(wide))
        across = min(len(groups), 3) if width == WIDE else 1
        down = math.ceil(len(groups) / across)
        values = wide.to_numpy(dtype="float64")
        low, high = min(0.0, float(pd.Series(values.ravel()).min())), max(0.0, float(pd.Series(values.ravel()).max()))
        margin = (high - low or 1) * 0.12
        whole = pd.Series(values.ravel())
        texts = [_written(wide[name].dropna().iloc[[0, -1]], whole, unit) for name in groups]
        room = max(text_width(text, bold=True) for _, text in texts) + 10
        figure, first = canvas(width, _PANEL * down, 0, 0, 0, 0)
        first.remove()
        for rank, (name, (start, text)) in enumerate(zip(groups, texts, strict=True)):
            row, place = divmod(rank, across)
            cell = width / across
            left = (place * cell + _LEFT) / width
            axes = figure.add_axes(
                (left, 1 - (row * _PANEL + _PANEL - _FOOT) / (_PANEL * down),
                 (cell - room - _LEFT) / width, (_PANEL - _HEAD - _FOOT) / (_PANEL * down))
            )  # fmt: skip
            for side in axes.spines.values():
                side.set_visible(False)
            axes.set(xlim=(0, max(len(wide) - 1, 1)), ylim=(low - margin, high + margin))
            axes.axhline(0, color=LIGHT["mut"], linewidth=1)
            axes.annotate("0", (0, 0), (-10, 0), textcoords="offset points", ha="right", va="center",
                          color=LIGHT["mut"])  # fmt: skip
            for other in groups:
                if other != name:
                    axes.plot(steps, wide[other], color=LIGHT["gris"], linewidth=1, clip_on=False, zorder=1)
            axes.plot(steps, wide[name], color=LIGHT["c1"], linewidth=2.5, marker="o", markersize=5, clip_on=False)
            end = max(step for step in steps if pd.notna(wide[name].iloc[step]))
            axes.annotate(
                text, (end, float(wide[name].iloc[end])), (8, 0), textcoords="offset points",
                va="center", fontweight="bold", color=LIGHT["c1"],
            )  # fmt: skip
            known = wide[name].dropna()
            if len(known) > 1:  # the first value, on the side that the curve leaves free
                above = known.iloc[1] <= known.iloc[0]
                begin = next(step for step in steps if pd.notna(wide[name].iloc[step]))
                axes.annotate(
                    start, (begin, float(known.iloc[0])), (-5, 9 if above else -9), textcoords="offset points",
                    va="bottom" if above else "top", color=LIGHT["c1"], bbox=MASK, zorder=4,
                )  # fmt: skip
            axes.annotate(str(name), (0, 1), (-5, 26), "axes fraction", "offset points", fontweight="bold")
            axes.set_yticks([])
            axes.set_xticks([])
            for step, align in ((0, "left"), (len(wide) - 1, "right"))[: len(wide)]:
                axes.annotate(
                    str(wide.index[step]), (step, 0), (-5 if align == "left" else 5, -22), ("data", "axes fraction"),
                    "offset points", ha=align, color=LIGHT["mut"],
                )  # fmt: skip
        return figure

    return draw
