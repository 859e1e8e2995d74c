"""Small multiples: one panel a group, the same scales everywhere, the other groups in the background."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from edp_analysis.exhibits.figure import WIDE, Draw, canvas, nothing_to_show, render_svg, text_width
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import TEXT, format_cell, tidy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_lines"]

_PANEL = 150
"""Height of a panel, pixels."""


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
        Unit of `y`.
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
        ends.append(
            f"{name} de {format_cell(float(known.iloc[0]), unit)} en {known.index[0]} "
            f"à {format_cell(float(known.iloc[-1]), unit)} en {known.index[-1]}"
        )
    alt = alternative("Courbes, une par groupe", title, ends)
    return Plot(render_svg(_draw(wide, unit), id=id, alt=alt), table, units, alt)


def _draw(wide: pd.DataFrame, unit: str) -> Draw:
    """Draw one panel a column of `wide`, indexed by date."""

    def draw(width: int) -> Figure:
        groups, steps = list(wide.columns), range(len(wide))
        across = min(len(groups), 3) if width == WIDE else 1
        down = math.ceil(len(groups) / across)
        values = wide.to_numpy(dtype="float64")
        low, high = min(0.0, float(pd.Series(values.ravel()).min())), max(0.0, float(pd.Series(values.ravel()).max()))
        margin = (high - low or 1) * 0.12
        texts = [format_cell(float(wide[name].dropna().iloc[-1]), unit) for name in groups]
        room = max(text_width(text, bold=True) for text in texts) + 10
        figure, first = canvas(width, _PANEL * down, 0, 0, 0, 0)
        first.remove()
        for rank, (name, text) in enumerate(zip(groups, texts, strict=True)):
            row, place = divmod(rank, across)
            cell = width / across
            left = (place * cell + 8) / width
            axes = figure.add_axes(
                (left, 1 - (row * _PANEL + _PANEL - 26) / (_PANEL * down),
                 (cell - room - 8) / width, (_PANEL - 52) / (_PANEL * down))
            )  # fmt: skip
            for side in axes.spines.values():
                side.set_visible(False)
            axes.set(xlim=(0, max(len(wide) - 1, 1)), ylim=(low - margin, high + margin))
            axes.axhline(0, color=LIGHT["mut"], linewidth=1)
            for other in groups:
                if other != name:
                    axes.plot(steps, wide[other], color=LIGHT["ligne"], linewidth=1.2, clip_on=False, zorder=1)
            axes.plot(steps, wide[name], color=LIGHT["c1"], linewidth=2.5, marker="o", markersize=5, clip_on=False)
            end = max(step for step in steps if pd.notna(wide[name].iloc[step]))
            axes.annotate(
                text, (end, float(wide[name].iloc[end])), (8, 0), textcoords="offset points",
                va="center", fontweight="bold", color=LIGHT["c1"],
            )  # fmt: skip
            axes.annotate(str(name), (0, 1), (0, 8), "axes fraction", "offset points", fontweight="bold")
            axes.set_yticks([])
            axes.set_xticks([])
            for step, align in ((0, "left"), (len(wide) - 1, "right"))[: len(wide)]:
                axes.annotate(
                    str(wide.index[step]), (step, 0), (-6 if align == "left" else 6, -16), ("data", "axes fraction"),
                    "offset points", ha=align, color=LIGHT["mut"],
                )  # fmt: skip
        return figure

    return draw
