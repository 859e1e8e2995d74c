"""Strips: where one group stands on each measure, among others that are not named, with the target of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import percent
from edp_analysis.exhibits.plots import Plot, alternative
from edp_analysis.exhibits.sentence import weak, write_indicator
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import indicator_frame, labelled
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_strips"]

_OTHERS = "Autres"
_TARGET = "Cible"


@dataclass(frozen=True)
class _Strip:
    """One measure: its name, the group's value and interval, the counts at its end, the others, the target."""

    label: str
    value: float
    low: float | None
    high: float | None
    text: str
    weak: bool
    others: tuple[float, ...]
    target: float | None


def plot_strips(
    data: Mapping[str, tuple[Indicator, Sequence[Indicator], float | None]],
    *,
    id: str,
    title: str,
    threshold: int,
    least: int = 0,
) -> Plot:
    """Draw a strip a measure, from 0 to 100 %: one group and its interval, the others unnamed, the target.

    The others are in the picture only: the table behind it says how many they are, and nothing of each.

    Parameters
    ----------
    data : mapping of str to (Indicator, sequence of Indicator, float or None)
        By label: the group's share, those of the others, the target in [0, 1].
    id, title : str
        Of the exhibit.
    threshold : int
        Below this denominator the group's dot is hollow and its text gives counts only.
    least : int
        Smallest denominator of another that is drawn, persons.

    Raises
    ------
    UserError
        A measure that is not a share.
    """
    own = labelled({label: indicator for label, (indicator, _, _) in data.items()})
    wrong = next((item for item in own if item.unit != "%"), None)
    if wrong is not None:
        raise UserError(f"Figure « {id} » : « {wrong.label} » n'est pas une part.", "Ne donner que des parts.")
    shown = {
        label: [item for item in others if item.value is not None and (item.denominator or 0) >= least]
        for label, (_, others, _) in data.items()
    }
    table, units = indicator_frame(own, threshold)
    table[_TARGET] = [target for _, _, target in data.values()]
    table[_OTHERS] = [len(others) for others in shown.values()]
    units |= {_TARGET: "%"}
    strips = [
        _Strip(
            item.label,
            float(item.value),
            item.interval.low if item.interval else None,
            item.interval.high if item.interval else None,
            write_indicator(item, "compte", threshold),
            weak(item, threshold),
            tuple(float(other.value or 0.0) for other in shown[item.label]),
            data[item.label][2],
        )
        for item in own
        if item.value is not None
    ]
    if not strips:
        return Plot(nothing_to_show("aucun enregistrement dans le champ"), table, units, indicators=own)
    alt = alternative("Bandes de points", title, [f"{strip.label} {strip.text}" for strip in strips])
    note = f"[faible] et point creux : moins de {threshold} personnes." if any(s.weak for s in strips) else ""
    return Plot(render_svg(_draw(strips), id=id, alt=alt), table, units, alt, own, note)


def _draw(strips: Sequence[_Strip]) -> Draw:
    def draw(width: int) -> Figure:
        wide = width == WIDE
        gutter = min(0.42 * width, max(text_width(strip.label) for strip in strips) + 14) if wide else 12
        room = max(text_width(strip.text) for strip in strips) + 20 if wide else 22
        space = gutter - 10 if wide else width - 4
        labels = [wrap(strip.label if wide else f"{strip.label} : {strip.text}", space) for strip in strips]
        lines = max(label.count("\n") + 1 for label in labels)
        pitch = max(30, LINE * lines + 8) if wide else LINE * lines + 26
        above = 0 if wide else LINE * lines - 6
        figure, axes = canvas(width, pitch * len(strips) + 28 + above, gutter, room, 2 + above, 26)
        axes.set(xlim=(0, 1), ylim=(len(strips) - 0.5, -0.5))
        ticks = [step / 4 for step in range(5)]
        axes.set_xticks(ticks, [percent(tick) for tick in ticks])
        axes.set_yticks([])
        for tick in ticks:
            axes.axvline(tick, color=LIGHT["ligne"], linewidth=1, zorder=0)
        for rank, strip in enumerate(strips):
            _strip(axes, rank, strip)
            if wide:
                axes.annotate(
                    labels[rank], (0, rank), (-10, 0), ("axes fraction", "data"), "offset points", ha="right",
                    va="center",
                )  # fmt: skip
                axes.annotate(
                    strip.text, (1, rank), (room - 2, 0), ("axes fraction", "data"), "offset points", ha="right",
                    va="center", color=LIGHT["mut"],
                )  # fmt: skip
            else:
                axes.annotate(
                    labels[rank], (0, rank), (-10, 12), ("axes fraction", "data"), "offset points", va="bottom",
                    bbox={"facecolor": LIGHT["fond"], "linewidth": 0, "pad": 0.5}, zorder=5,
                )  # fmt: skip
        return figure

    return draw


def _strip(axes: Axes, rank: int, strip: _Strip) -> None:
    if strip.others:
        axes.scatter(
            strip.others, [rank] * len(strip.others), s=36, color="none", edgecolor=LIGHT["gris"], linewidth=1.4,
            zorder=2, clip_on=False,
        )  # fmt: skip
    if strip.target is not None:
        axes.plot(
            [strip.target, strip.target], [rank - 0.36, rank + 0.36], color=LIGHT["c2"], linewidth=3, zorder=3,
            clip_on=False,
        )  # fmt: skip
    if strip.low is not None and strip.high is not None:
        axes.plot([strip.low, strip.high], [rank, rank], color=LIGHT["c1"], linewidth=2.5, zorder=3, clip_on=False)
    face = LIGHT["fond"] if strip.weak else LIGHT["c1"]
    axes.scatter([strip.value], [rank], s=90, color=face, edgecolor=LIGHT["c1"], linewidth=2, zorder=4, clip_on=False)
