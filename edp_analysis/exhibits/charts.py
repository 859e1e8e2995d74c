"""The charts: each takes plain values and returns a drawing for a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from edp_analysis.exhibits.figure import WIDE, Draw, canvas, text_width, wrap
from edp_analysis.exhibits.style import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MASK", "Bar", "Dot", "bars", "dots"]


@dataclass(frozen=True)
class Bar:
    """One horizontal bar: its label, value, the text at its end, and whether it is weak or the highlighted one."""

    label: str
    value: float
    text: str
    weak: bool = False
    highlighted: bool = False


@dataclass(frozen=True)
class Dot:
    """One dot with its interval (``None`` where there is none); `weak` makes it hollow."""

    label: str
    value: float
    low: float | None
    high: float | None
    text: str
    weak: bool = False


def _longest(texts: Sequence[str]) -> float:
    return max(map(text_width, texts), default=0)


MASK: Final = {"facecolor": LIGHT["fond"], "linewidth": 0, "pad": 0.5}
"""Under a text that lines would cross: the colour of the page."""


def _side_labels(axes: Axes, labels: Sequence[str], wide: bool, offset: float) -> None:
    """Write the labels left of the axes when there is room, otherwise above each mark, masking the lines there."""
    for rank, label in enumerate(labels):
        if wide:
            axes.annotate(
                label, (0, rank), (-10, 0), ("axes fraction", "data"), "offset points", ha="right", va="center"
            )
        else:
            axes.annotate(
                label, (0, rank), (0, offset), ("axes fraction", "data"), "offset points", va="bottom", zorder=4,
                bbox=MASK,
            )  # fmt: skip


def bars(items: Sequence[Bar]) -> Draw:
    """Draw horizontal bars from zero, each with its value at its end; one may be highlighted.

    Parameters
    ----------
    items : sequence of Bar
        In the order shown, top first.
    """

    def draw(width: int) -> Figure:
        import seaborn as sns

        wide = width == WIDE
        gutter = min(0.42 * width, _longest([item.label for item in items]) + 14) if wide else 2
        labels = [wrap(item.label, gutter - 10 if wide else width) for item in items]
        lines = max(label.count("\n") + 1 for label in labels)
        room = 1.17 * _longest([item.text for item in items]) + 12  # the highlighted one is bold
        negative = min(item.value for item in items) < 0
        pitch = max(30, 17 * lines + 10) if wide else 17 * lines + 32
        top = 4 if wide else 8.5 * lines + 2
        figure, axes = canvas(width, pitch * len(items) + top, gutter + (room if negative else 0), room, top, 0)
        colours = [LIGHT["c1"] if item.highlighted else LIGHT["gris"] for item in items]
        ranks = [str(rank) for rank in range(len(items))]
        sns.barplot(
            x=[item.value for item in items], y=ranks, hue=ranks, palette=colours, orient="h", errorbar=None,
            width=20 / pitch, saturation=1, legend=False, ax=axes,
        )  # fmt: skip
        for patch, item in zip(axes.patches, items, strict=True):
            patch.set(clip_on=False, linewidth=0)
            if item.weak:  # hollow: the share stands on few persons
                patch.set(fill=False, linewidth=1.5, edgecolor=patch.get_facecolor())
        values = [item.value for item in items]
        axes.set(xlim=(min(0, *values), max(0, *values) or 1), ylim=(len(items) - 0.5, -0.5), xlabel="", ylabel="")
        axes.set_xticks([])
        axes.set_yticks([])
        axes.axvline(0, color=LIGHT["mut"], linewidth=1, clip_on=False)
        for rank, item in enumerate(items):
            side = -1 if item.value < 0 else 1
            axes.annotate(
                item.text, (item.value, rank), (6 * side, 0), textcoords="offset points", va="center",
                ha="left" if side > 0 else "right", fontweight="bold" if item.highlighted else "normal",
            )  # fmt: skip
        shift = -room if negative else 0
        for rank, label in enumerate(labels):
            offset, align = (-10 + shift, "right") if wide else (5 + shift, "left")
            axes.annotate(
                label, (0, rank), (offset, 0 if wide else 13), ("axes fraction", "data"), "offset points",
                ha=align, va="center" if wide else "bottom",
            )  # fmt: skip
        return figure

    return draw


def _tick_texts(axes: Axes, ticks: Sequence[tuple[float, str]], pitch: float) -> None:
    """Name the ticks, every other one where they would touch; the first and the last stay within the drawing."""
    crowded = _longest([text for _, text in ticks]) + 4 > pitch
    kept = [rank for rank in range(len(ticks)) if not crowded or rank in {0, len(ticks) // 2, len(ticks) - 1}]
    axes.set_xticks([ticks[rank][0] for rank in kept], [ticks[rank][1] for rank in kept])
    if crowded:
        names = axes.get_xticklabels()
        names[0].set_horizontalalignment("left")
        names[-1].set_horizontalalignment("right")


def dots(items: Sequence[Dot], ticks: Sequence[tuple[float, str]], reference: tuple[float, str] | None = None) -> Draw:
    """Draw a dot and its interval per group, in the order given, against a reference line.

    Parameters
    ----------
    items : sequence of Dot
    ticks : sequence of (float, str)
        Positions and texts of the axis; the first and the last bound it.
    reference : (float, str), optional
        Value and label of the line.
    """

    def draw(width: int) -> Figure:
        wide = width == WIDE
        gutter = min(0.36 * width, _longest([item.label for item in items]) + 14) if wide else 12
        room = _longest([item.text for item in items]) + 18 if wide else 22
        labels = [wrap(item.label, gutter - 10 if wide else width - _longest([item.text]) - 26) for item in items]
        lines = max(label.count("\n") + 1 for label in labels)
        pitch = max(32, 17 * lines + 10) if wide else 17 * lines + 28
        above = 0 if wide else 8.5 * lines  # what the first label, above its mark, takes over the axes
        top = (26 if reference else 4) + above
        figure, axes = canvas(width, pitch * len(items) + top + 26, gutter, room, top, 26)
        low, high = ticks[0][0], ticks[-1][0]
        axes.set(xlim=(low, high), ylim=(len(items) - 0.5, -0.5))
        _tick_texts(axes, ticks, (width - gutter - room) / len(ticks))
        axes.set_yticks([])
        for value, _ in ticks:
            axes.axvline(value, color=LIGHT["ligne"], linewidth=1, zorder=0)
        if reference:
            value, text = reference
            axes.axvline(value, color=LIGHT["c2"], linewidth=2, linestyle=(0, (5, 3)), zorder=1)
            share = (value - low) / (high - low)
            axes.annotate(
                text, (value, 1), (0, 8 + above), ("data", "axes fraction"), "offset points",
                ha="left" if share < 0.25 else "right" if share > 0.75 else "center", color=LIGHT["c2"],
                fontweight="bold",
            )  # fmt: skip
        for rank, item in enumerate(items):
            if item.low is not None and item.high is not None:
                axes.plot([item.low, item.high], [rank, rank], color=LIGHT["c1"], linewidth=2.5, clip_on=False)
            face = LIGHT["fond"] if item.weak else LIGHT["c1"]
            axes.scatter(
                [item.value], [rank], s=80, color=face, edgecolor=LIGHT["c1"], linewidth=2, zorder=3, clip_on=False
            )
        _side_labels(axes, labels, wide, 12)
        for rank, item in enumerate(items):
            axes.annotate(
                item.text, (1, rank), (room - 2, 0 if wide else 12), ("axes fraction", "data"), "offset points",
                ha="right", va="center" if wide else "bottom", color=LIGHT["mut"], zorder=4,
                bbox=None if wide else MASK,
            )  # fmt: skip
        return figure

    return draw
