"""The funnel: the rate of each school against its size, within what chance alone allows. Nothing is ranked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor
from typing import TYPE_CHECKING

import pandas as pd

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import number, percent, typeset
from edp_analysis.exhibits.layout import Box, around, spread
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.sentence import weak, write_indicator
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import mask_weak, tidy
from edp_analysis.indicators.result import Indicator

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_funnel"]

_LIMITS = ("bas_alerte", "haut_alerte", "bas_signal", "haut_signal")
_STYLES = {"alerte": "solid", "signal": (0, (6, 4))}
_HEIGHT = 380
_STEP = 4
"""A limit is cut into boxes of so many pixels, that labels keep off."""


@dataclass(frozen=True)
class _Point:
    label: str
    size: float
    rate: float
    weak: bool
    signal: bool


def plot_funnel(
    data: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,
    reference: Indicator | None = None,
    limits: pd.DataFrame | None = None,
    levels: tuple[str, str] = ("95\u00a0%", "99,8\u00a0%"),
    axis: str | None = None,
    label: str | None = None,
    count: str | None = None,
    total: str | None = None,
) -> Plot:
    """Draw rates against sizes, with the limits of chance.

    Parameters
    ----------
    data : pandas.DataFrame
        One row a group, and its limits at its own size, ``bas_alerte``, ``haut_alerte``, ``bas_signal`` and
        ``haut_signal`` (shares in [0, 1]): the table of :func:`edp_analysis.statistics.funnel.funnel`.
    id, title : str
        Of the exhibit.
    threshold : int
        Under this size the dot is hollow, and the table gives no percentage.
    reference : Indicator, optional
        Overall rate, drawn as a line.
    limits : pandas.DataFrame, optional
        The same four limits at other sizes (column of the same name as `total`), to draw smoother lines.
    levels : (str, str)
        What the alert and the signal limits are called.
    axis : str, optional
        What the sizes count: « Nombre d'entrants »; by default the name of their column.
    label, count, total : str, optional
        Columns of `data`: the first, the second and the third by default.

    Raises
    ------
    UserError
        A column is missing.
    """
    frame = tidy(data)
    label, count, total = (column(frame, name, rank, id) for rank, name in enumerate((label, count, total)))
    lines = frame if limits is None else tidy(limits)
    for name in _LIMITS:
        column(frame, name, 0, id)
        column(lines, name, 0, id)
    lines = lines[[column(lines, total, 0, id), *_LIMITS]].drop_duplicates(total).sort_values(total)
    kept = frame[frame[total].gt(0)]
    table, units = _table(frame, label, count, total, levels, threshold)
    if kept.empty:
        return Plot(nothing_to_show("aucun effectif"), table, units)
    rates = kept[count] / kept[total]
    outside = (rates < kept["bas_signal"]) | (rates > kept["haut_signal"])
    points = [
        _Point(str(name), float(size), float(rate), bool(size < threshold), bool(far))
        for name, size, rate, far in zip(kept[label], kept[total], rates, outside, strict=True)
    ]
    centre = None
    if reference is not None and reference.value is not None:
        centre = (reference.value, f"{reference.label}\n{write_indicator(reference, threshold=threshold)}")
    graphic = render_svg(
        _draw(points, lines, levels, centre, typeset(axis or total.capitalize())), id=id, alt=_alt(title, points)
    )
    note = (
        f"Un point hors des limites à {levels[1]} s'explique mal par le seul hasard ; à l'intérieur, rien ne distingue "
        "cette école, prise seule, de l'ensemble."
    )
    if any(point.weak for point in points):
        note += f" [faible] et point creux : moins de {threshold} personnes."
    shown = () if reference is None or weak(reference, threshold) else (reference,)
    return Plot(graphic, table, units, _alt(title, points), shown, note, int(kept[total].sum()))


def _table(
    frame: pd.DataFrame, label: str, count: str, total: str, levels: tuple[str, str], threshold: int
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the figures behind the picture: counts, rate, limits, alphabetical."""
    sizes = pd.to_numeric(frame[total]).astype("float64")
    table = frame[[label, count, total]].assign(Taux=(frame[count] / sizes.where(sizes > 0)))
    names = [f"{side} à {level}" for level in levels for side in ("Limite basse", "Limite haute")]
    for name, source in zip(names, _LIMITS, strict=True):
        table[name] = frame[source]
    units = dict.fromkeys(("Taux", *names), "%")
    table = table.sort_values(label, ignore_index=True, key=lambda texts: texts.astype(str))
    return mask_weak(table, {"Taux": "%"}, total, threshold), units


def _alt(title: str, points: Sequence[_Point]) -> str:
    values = [
        f"{point.label} {'[faible]' if point.weak else percent(point.rate)}, effectif {number(point.size)}"
        f"{', hors des limites' if point.signal else ''}"
        for point in sorted(points, key=lambda point: point.label)
    ]
    return alternative("Entonnoir : taux selon l'effectif, et limites du hasard", title, values)


def _draw(
    points: Sequence[_Point],
    lines: pd.DataFrame,
    levels: tuple[str, str],
    centre: tuple[float, str] | None,
    axis: str,
) -> Draw:
    def draw(width: int) -> Figure:
        names = (f"limites\nà {levels[0]}", f"limites\nà {levels[1]}")
        right = max(text_width(line) for name in names for line in name.split("\n")) + 12
        named = (centre[0], _fitted(centre[1], 0.3 * width)) if centre else None
        if named:
            right = max(right, text_width(named[1], bold=True) + 8)
        left, top, bottom = 46, 12, 2 * LINE + 12
        inner, high = width - left - right, _HEIGHT - top - bottom
        figure, axes = canvas(width, _HEIGHT, left, right, top, bottom)
        sizes = lines.iloc[:, 0].astype(float)
        last = 1.06 * max(float(sizes.max()), *(point.size for point in points))
        low, span = _scale(points, lines)
        axes.set(xlim=(0, last), ylim=(low, low + span))
        _axes(axes, last, axis, 8 if width == WIDE else 4, (low, low + span))

        def down(rate: float) -> float:
            return (low + span - rate) / span * high

        _lines(axes, sizes, lines, names, named, last, high, down)
        dots = [(point.size / last * inner, down(point.rate)) for point in points]
        for point in points:
            axes.scatter(
                [point.size], [point.rate], s=70, marker="D" if point.signal else "o", zorder=3, linewidth=2,
                color=LIGHT["fond"] if point.weak else LIGHT["c1"], edgecolor=LIGHT["c1"], clip_on=False,
            )  # fmt: skip
        drawn = [(sizes / last * inner, lines[name].map(down)) for name in _LIMITS]
        crossed = [box for line in drawn for box in _along(*line)] + (
            [Box(inner / 2, down(centre[0]), inner, 3)] if centre else []
        )
        labels = [(text_width(point.label, point.signal), float(LINE)) for point in points]
        boxes = around(dots, labels, inner, high, lines=crossed)
        for point, (x, y), box in zip(points, dots, boxes, strict=True):
            if abs(box.y - y) > LINE + 6 or abs(box.x - x) > box.width / 2 + 12:  # far: tie the label to its dot
                end = (min(max(x, box.x - box.width / 2), box.x + box.width / 2), box.y)
                axes.plot(
                    [x / inner * last, end[0] / inner * last], [low + span * (1 - at / high) for at in (y, end[1])],
                    color=LIGHT["gris"], linewidth=1, zorder=1,
                )  # fmt: skip
            axes.text(
                box.x / inner * last, low + span * (1 - box.y / high), point.label, ha="center", va="center_baseline",
                fontweight="bold" if point.signal else "normal", zorder=4,
                bbox={"facecolor": LIGHT["fond"], "alpha": 0.75, "linewidth": 0, "pad": 0.5},
            )  # fmt: skip
        return figure

    return draw


def _fitted(text: str, width: float) -> str:
    """Cut each line of a label to fit `width` pixels."""
    return "\n".join(wrap(line, width, bold=True) for line in text.split("\n"))


def _scale(points: Sequence[_Point], lines: pd.DataFrame) -> tuple[float, float]:
    """Return where the rates begin, and how far they go, by quarters: room for the dots and the alert limits."""
    low = min(*(point.rate for point in points), float(lines["bas_alerte"].min()))
    high = max(*(point.rate for point in points), float(lines["haut_alerte"].max()))
    start, end = floor(4 * low) / 4, ceil(4 * high) / 4
    return start, max(end - start, 0.25)


def _along(across: pd.Series, down: pd.Series) -> Iterator[Box]:
    """Cut a curve into small boxes."""
    for (x, y), (to_x, to_y) in pairwise(zip(across, down, strict=True)):
        parts = max(1, ceil(max(abs(to_x - x), abs(to_y - y)) / _STEP))
        for part in range(parts):
            share = (part + 0.5) / parts
            yield Box(x + share * (to_x - x), y + share * (to_y - y), _STEP, 3)


def _axes(axes: Axes, last: float, title: str, count: int, rates: tuple[float, float]) -> None:
    from matplotlib.ticker import MaxNLocator

    sizes = [float(size) for size in MaxNLocator(nbins=count, integer=True).tick_values(0, last) if size <= last]
    axes.set_xticks(sizes, [number(size) for size in sizes])
    steps = range(round(4 * rates[0]), round(4 * rates[1]) + 1)
    axes.set_yticks([step / 4 for step in steps], [percent(step, 4) for step in steps])
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=LIGHT["ligne"], linewidth=1)
    axes.axhline(rates[0], color=LIGHT["mut"], linewidth=1)
    axes.annotate(title, (1, 0), (0, -2 * LINE - 8), "axes fraction", "offset points", ha="right", color=LIGHT["mut"])


def _lines(
    axes: Axes,
    sizes: pd.Series,
    lines: pd.DataFrame,
    levels: tuple[str, str],
    centre: tuple[float, str] | None,
    last: float,
    high: float,
    down: Callable[[float], float],
) -> None:
    """Draw the limits and the centre, named at their right end."""
    labels = []
    for kind, name in zip(("signal", "alerte"), reversed(levels), strict=True):
        for side in ("haut", "bas"):
            axes.plot(sizes, lines[f"{side}_{kind}"], color=LIGHT["gris"], linewidth=1.5, linestyle=_STYLES[kind])
        labels.append((float(lines[f"haut_{kind}"].iloc[-1]), name, "mut", name.count("\n") + 1))
    if centre:
        axes.plot([0, last], [centre[0]] * 2, color=LIGHT["c2"], linewidth=2, linestyle=(0, (5, 3)), zorder=1)
        labels.append((centre[0], centre[1], "c2", centre[1].count("\n") + 1))
    wanted = [down(value) for value, *_ in labels]
    places = spread(wanted, [LINE * count for *_, count in labels], 0, high)
    for (_, text, colour, _), place in zip(labels, places, strict=True):
        axes.annotate(
            text, (1, 1 - place / high), (6, 0), "axes fraction", "offset points", va="center", color=LIGHT[colour],
            fontweight="bold" if colour == "c2" else "normal", linespacing=1.15,
        )  # fmt: skip
