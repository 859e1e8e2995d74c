"""The alluvial: where groups of persons go, in two or three stages, coloured by where they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import pandas as pd

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import number, of_total, percent, typeset
from edp_analysis.exhibits.layout import spread
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import mask_weak, tidy
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_alluvial"]

_COLOURS = ("c1", "k2", "k3", "gris")
_START, _SHARE = "Groupe de départ", "Part du groupe"
"""Columns added to the table: persons in the first group of the path, and the path's share of them."""
_MOST = 4
"""Greatest number of groups at a stage: beyond, ribbons can no longer be followed."""
_HEIGHT, _HEAD = 320, LINE + 20
_GAP, _NODE = 16, 10
"""Height of a panel and of the names above it, gap between its nodes, width of a node, pixels."""
_NUMBERED = LINE - 2
"""Thinnest ribbon that bears its number, pixels: on a thinner one it would stand on its neighbours too."""
_THIN = "Les flux trop minces pour porter leur nombre l'ont dans le tableau des données."


@dataclass(frozen=True)
class _Ribbon:
    """A flow between two stages: its groups, its outcome (which gives the colour) and its number of persons."""

    source: str
    target: str
    outcome: str
    size: float


@dataclass(frozen=True)
class _Panel:
    """Two consecutive stages: their groups in order with their sizes, and the ribbons between them."""

    left: Mapping[str, float]
    right: Mapping[str, float]
    ribbons: tuple[_Ribbon, ...]
    names: tuple[str, str]


def plot_alluvial(
    data: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,
    stages: Sequence[str] | None = None,
    value: str | None = None,
) -> Plot:
    """Draw the flows of persons from group to group, each ribbon with its number where it can hold it.

    Parameters
    ----------
    data : pandas.DataFrame
        One row a path: a group at each stage, then the number of persons. Groups are shown in the order received (that
        of the categories, for a categorical column).
    id, title : str
        Of the exhibit.
    threshold : int
        Smallest group whose shares may be given, persons.
    stages : sequence of str, optional
        Two or three columns, in order; by default all but the last.
    value : str, optional
        Column of numbers of persons; by default the last.

    Raises
    ------
    UserError
        A column is missing, there are not two or three stages, or more than four groups at one.
    """
    frame = tidy(data)
    value = column(frame, value, len(frame.columns) - 1, id)
    stages = [column(frame, name, 0, id) for name in (stages or [name for name in frame.columns if name != value])]
    if not 2 <= len(stages) <= 3:
        raise UserError(f"Figure « {id} » : {len(stages)} étape(s), deux ou trois attendues.", "Donner stages=.")
    orders = {stage: _order(frame[stage]) for stage in stages}
    paths = frame.assign(**{stage: frame[stage].map(_word) for stage in stages})
    paths = paths.groupby(stages, sort=False)[value].sum().reset_index()
    paths = paths[paths[value] > 0]
    for stage in stages:
        present = [name for name in orders[stage] if name in set(paths[stage])]
        if len(present) > _MOST:
            raise UserError(
                f"Figure « {id} » : {len(present)} groupes à l'étape « {stage} », {_MOST} au plus.",
                "En regrouper, ou montrer un tableau.",
            )
        orders[stage] = present
        paths[stage] = pd.Categorical(paths[stage].astype("str"), present)
    paths = paths.sort_values(stages, ignore_index=True).astype(dict.fromkeys(stages, "str"))
    starts = paths.groupby(stages[0])[value].transform("sum")
    table = paths.assign(**{_START: starts, _SHARE: paths[value] / starts})
    units = {_SHARE: "%"}
    table = mask_weak(table, units, _START, threshold)
    if paths.empty:
        return Plot(nothing_to_show("aucun parcours"), table, units)
    colours = dict(zip(orders[stages[-1]], _COLOURS, strict=False))
    panels = [_panel(paths, pair, stages[-1], orders, value) for pair in pairwise(stages)]
    values = [f"{' puis '.join(row[:-1])}, {number(row[-1])}" for row in paths.itertuples(index=False)]
    alt = alternative("Diagramme de flux", title, values)
    graphic = render_svg(_draw(panels, colours, threshold), id=id, alt=alt)
    thin = any(ribbon.size * _scale(panel) < _NUMBERED for panel in panels for ribbon in panel.ribbons)
    return Plot(graphic, table, units, alt, note=_THIN if thin else "", size=int(paths[value].sum()))


def _word(value: object) -> str:
    return "non connu" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _order(stage: pd.Series) -> list[str]:
    if isinstance(stage.dtype, pd.CategoricalDtype):
        return [*map(str, stage.cat.categories), *(["non connu"] if stage.isna().any() else [])]
    return list(dict.fromkeys(stage.map(_word)))


def _panel(
    paths: pd.DataFrame, pair: tuple[str, str], outcome: str, orders: Mapping[str, Sequence[str]], value: str
) -> _Panel:
    left, right = pair
    keys = list(dict.fromkeys((left, right, outcome)))
    flows = paths.groupby(keys, sort=False)[value].sum().reset_index()
    ribbons = tuple(
        _Ribbon(source, target, end, float(size))
        for source, target, end, size in zip(flows[left], flows[right], flows[outcome], flows[value], strict=True)
    )

    def sizes(stage: str) -> dict[str, float]:
        totals = paths.groupby(stage)[value].sum()
        return {name: float(totals[name]) for name in orders[stage]}

    return _Panel(sizes(left), sizes(right), ribbons, (typeset(left), typeset(right)))


def _draw(panels: Sequence[_Panel], colours: Mapping[str, str], threshold: int) -> Draw:
    """Draw the panels side by side in a wide picture, one above the other in a narrow one."""

    def draw(width: int) -> Figure:
        # Side by side, the labels of the middle stage stand between the two panels and serve both.
        beside = width == WIDE and len(panels) > 1
        most = 140 if width == WIDE and not beside else 112 if beside else 84
        labels = [[_labels(nodes, most, threshold) for nodes in (panel.left, panel.right)] for panel in panels]
        rooms = [[max(text_width(text, bold=True) for text in side) + 10 for side in pair] for pair in labels]
        pitch = 0 if beside else _HEIGHT + _HEAD
        height = _HEAD + _HEIGHT + pitch * (len(panels) - 1) + 4
        figure, first = canvas(width, height, 0, 0, 0, 0)
        first.remove()
        taken = rooms[0][0] + sum(right for _, right in rooms)
        inner = (width - taken) / len(panels) if beside else 0
        left = rooms[0][0]
        for rank, (panel, room) in enumerate(zip(panels, rooms, strict=True)):
            if not beside:
                left, inner = room[0], width - sum(room)
            bottom = height - _HEAD - _HEIGHT - pitch * rank
            axes = figure.add_axes((left / width, bottom / height, inner / width, _HEIGHT / height))
            for spine in axes.spines.values():
                spine.set_visible(False)
            axes.set(xlim=(0, inner), ylim=(_HEIGHT, 0), xticks=[], yticks=[])
            _flows(axes, panel, colours, [None if beside and rank else labels[rank][0], labels[rank][1]])
            left += inner + room[1]
        return figure

    return draw


def _flows(axes: Axes, panel: _Panel, colours: Mapping[str, str], labels: Sequence[Sequence[str] | None]) -> None:
    """Draw the nodes, the ribbons with their numbers, and the labels of the sides that have some."""
    width = axes.get_xlim()[1]
    scale = _scale(panel)
    tops = [_stack(nodes, scale) for nodes in (panel.left, panel.right)]
    cursors = [dict(stack) for stack in tops]
    for ribbon in panel.ribbons:
        start, thick = cursors[0][ribbon.source], ribbon.size * scale
        cursors[0][ribbon.source] += thick
        # Arriving ribbons are stacked in the order of where they come from.
        end = cursors[1][ribbon.target]
        cursors[1][ribbon.target] += thick
        _ribbon(axes, _NODE, start, width - _NODE, end, thick, LIGHT[colours[ribbon.outcome]])
    _numbers(axes, panel, tops[0], scale)
    for side, nodes in enumerate((panel.left, panel.right)):
        x = 0 if side == 0 else width - _NODE
        for name, size in nodes.items():
            colour = LIGHT[colours[name]] if side and name in colours else LIGHT["txt"]
            axes.fill_between(
                [x, x + _NODE], tops[side][name], tops[side][name] + size * scale, color=colour, linewidth=0
            )
        texts = labels[side]
        if texts is not None:
            middles = [tops[side][name] + size * scale / 2 for name, size in nodes.items()]
            heights = [LINE * (text.count("\n") + 1) + 4 for text in texts]
            align: Literal["left", "right"] = "left" if side else "right"
            for text, place in zip(texts, spread(middles, heights, 0, _HEIGHT), strict=True):
                _label(axes, width + 8 if side else -8, place, text, align)
            axes.annotate(
                panel.names[side], (side, 1), (8 if side else -8, 12), "axes fraction", "offset points", ha=align,
                color=LIGHT["mut"],
            )  # fmt: skip


def _scale(panel: _Panel) -> float:
    """Return the height of a person, pixels."""
    most = max(len(panel.left), len(panel.right))
    return (_HEIGHT - _GAP * (most - 1)) / sum(panel.left.values())


def _label(axes: Axes, x: float, middle: float, text: str, align: Literal["left", "right"]) -> None:
    """Write a label a line at a time, each anchored at `x`: whatever the reader's font, all end at the same edge."""
    lines = text.split("\n")
    for rank, line in enumerate(lines):
        place = middle + LINE * (rank - (len(lines) - 1) / 2)
        axes.text(x, place, line, ha=align, va="center_baseline", fontweight="bold")


def _stack(nodes: Mapping[str, float], scale: float) -> dict[str, float]:
    """Return the top of each node, the whole centred."""
    total = sum(nodes.values()) * scale + _GAP * (len(nodes) - 1)
    top, tops = (_HEIGHT - total) / 2, {}
    for name, size in nodes.items():
        tops[name] = top
        top += size * scale + _GAP
    return tops


def _ribbon(axes: Axes, x0: float, y0: float, x1: float, y1: float, thick: float, colour: str) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    middle = (x0 + x1) / 2
    points = [
        (x0, y0), (middle, y0), (middle, y1), (x1, y1),
        (x1, y1 + thick), (middle, y1 + thick), (middle, y0 + thick), (x0, y0 + thick), (x0, y0),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    # The edge, of full colour, keeps a ribbon of two or three persons visible on a dark page.
    axes.add_patch(PathPatch(Path(points, codes), facecolor=to_rgba(colour, 0.42), edgecolor=colour, linewidth=0.7))


def _numbers(axes: Axes, panel: _Panel, tops: Mapping[str, float], scale: float) -> None:
    """Write each ribbon's number where it leaves its node, if it is thick enough for its text."""
    cursor = dict(tops)
    for ribbon in panel.ribbons:
        thick = ribbon.size * scale
        if thick >= _NUMBERED:
            axes.text(_NODE + 7, cursor[ribbon.source] + thick / 2, number(ribbon.size), va="center_baseline")
        cursor[ribbon.source] += thick


def _labels(nodes: Mapping[str, float], room: float, threshold: int) -> list[str]:
    """Return the name of each node, its number of persons and, when enough stand behind it, its share."""
    total = sum(nodes.values())
    return [
        f"{wrap(typeset(name), room, bold=True)}\n"
        + (f"{number(size)}\u00a0({percent(size, total)})" if total >= threshold else of_total(size, total))
        for name, size in nodes.items()
    ]
