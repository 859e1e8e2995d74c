"""Strips: one school on each measure, the proposed target, and how far the other schools spread, none of them shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import NBSP, percent, typeset
from edp_analysis.exhibits.plots import Plot, alternative
from edp_analysis.exhibits.sentence import few, weak, write_indicator
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import indicator_frame, labelled
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_strips"]

_OWN, _OTHERS, _TARGET = "Cette école", "Autres écoles", "Cible"
_LOWEST, _HIGHEST = "Autres, la plus basse", "Autres, la plus haute"
_FEWEST = 3
"""Other schools that a band needs: with two, each end would be one of them and the two ends both."""
_NONE = "–"
_GAP = 14
"""Pixels between the columns of text beside the strips, and between two rows of the narrow drawing."""


@dataclass(frozen=True)
class _Strip:
    """One measure: its name, the counts, the school's mark, the others' band and their number, the target.

    `value` is ``None`` where the school has too few persons: the row then keeps its counts, without a mark.
    """

    label: str
    counts: str
    weak: bool
    value: float | None
    low: float | None
    high: float | None
    band: tuple[float, float] | None
    schools: int
    target: float | None

    @property
    def others(self) -> str:
        """How many other schools there are, as written beside the strip."""
        return str(self.schools) if self.band else f"moins de {_FEWEST}".replace(" ", NBSP)

    @property
    def words(self) -> str:
        """The row in words, for the text alternative."""
        parts = [f"{self.label} {self.counts}"]
        parts += [] if self.target is None else [f"cible {percent(self.target)}"]
        parts += [f"autres écoles de {percent(self.band[0])} à {percent(self.band[1])}"] if self.band else []
        return ", ".join(parts)


def plot_strips(
    data: Mapping[str, tuple[Indicator, Sequence[Indicator], float | None]], *, id: str, title: str, threshold: int
) -> Plot:
    """Draw a strip a measure, from 0 to 100 %: one school and its interval, the target, the range of the others.

    Under the threshold nothing is placed on the axis, neither the school nor another one. The others are a band, from
    the lowest to the highest, where at least three reach the threshold: no mark is one of them.

    Parameters
    ----------
    data : mapping of str to (Indicator, sequence of Indicator, float or None)
        By label: the school's share, those of the others, the target in [0, 1].
    id, title : str
        Of the exhibit.
    threshold : int
        Smallest denominator that is placed on the axis, persons.

    Raises
    ------
    UserError
        A measure that is not a share.
    """
    own = labelled({label: indicator for label, (indicator, _, _) in data.items()})
    wrong = next((item for item in own if item.unit != "%"), None)
    if wrong is not None:
        raise UserError(f"Figure « {id} » : « {wrong.label} » n'est pas une part.", "Ne donner que des parts.")
    strips = [_strip(item, *data[item.label][1:], threshold) for item in own]
    table, units = indicator_frame(own, threshold)
    table[_TARGET] = [_NONE if strip.target is None else strip.target for strip in strips]
    table[_OTHERS] = [strip.others for strip in strips]
    for rank, name in enumerate((_LOWEST, _HIGHEST)):
        table[name] = [strip.band[rank] if strip.band else _NONE for strip in strips]
    units |= dict.fromkeys((_TARGET, _LOWEST, _HIGHEST), "%")
    if all(strip.value is None for strip in strips):
        return Plot(nothing_to_show(f"moins de {threshold} personnes"), table, units, indicators=own)
    shown = [strip for strip in strips if strip.counts]
    alt = alternative("Bandes et points", title, [strip.words for strip in shown])
    note = f"Étendue : de la plus basse à la plus haute, si {_FEWEST} écoles ont {threshold} jeunes ou plus."
    if any(strip.weak for strip in shown):
        note += f" [faible] : moins de {threshold} jeunes, l'école n'est pas placée sur l'échelle."
    return Plot(_key() + render_svg(_draw(shown), id=id, alt=alt), table, units, alt, own, note)


def _strip(own: Indicator, others: Sequence[Indicator], target: float | None, threshold: int) -> _Strip:
    values = [float(item.value) for item in others if item.value is not None and (item.denominator or 0) >= threshold]
    band = (min(values), max(values)) if len(values) >= _FEWEST else None
    placed = own.value is not None and not few(own, threshold)
    return _Strip(
        own.label,
        "" if own.value is None else write_indicator(own, "compte", threshold),
        weak(own, threshold),
        own.value if placed else None,
        own.interval.low if placed and own.interval else None,
        own.interval.high if placed and own.interval else None,
        band,
        len(values),
        target,
    )


def _key() -> str:
    """Return what each mark is, over the drawing."""
    entries = (
        ("border-radius:50%;background:var(--c1)", f"{_OWN}, et son intervalle"),
        ("width:.25em;background:var(--c2)", "Cible proposée"),
        ("background:var(--ligne);border:1px solid var(--gris)", "Étendue des autres écoles"),
    )
    items = "".join(
        f'<li><span style="{style}"></span>{escape(typeset(text), quote=False)}</li>' for style, text in entries
    )
    return f'<ul class="cle">{items}</ul>'


def _draw(strips: Sequence[_Strip]) -> Draw:
    return lambda width: _wide(strips) if width == WIDE else _narrow(strips, width)


def _wide(strips: Sequence[_Strip]) -> Figure:
    """Draw labels on the left of the strips, counts on their right, each column of text under its name."""
    gutter = 0.36 * WIDE
    labels = [wrap(strip.label, gutter - 10) for strip in strips]
    counts = [strip.counts.replace(" ", NBSP) for strip in strips]
    heads = [name.replace(" ", "\n") for name in (_OWN, _OTHERS)]
    columns = [max(map(text_width, (head, *texts))) for head, texts in
               zip(heads, (counts, [strip.others for strip in strips]), strict=True)]  # fmt: skip
    room = sum(columns) + 2 * _GAP
    heights = [max(22, LINE * max(text.count("\n") + 1 for text in pair) + 3)
               for pair in zip(labels, counts, strict=True)]  # fmt: skip
    top = 2 * LINE + 6
    figure, axes = canvas(WIDE, sum(heights) + top + 26, gutter, room, top, 26)
    _axis(axes, sum(heights))
    ends = (_GAP + columns[0], room)
    for head, end in zip(heads, ends, strict=True):
        axes.annotate(head, (1, 1), (end, 4), "axes fraction", textcoords="offset points", ha="right", va="bottom",
                      color=LIGHT["mut"])  # fmt: skip
    for rank, strip in enumerate(strips):
        middle = sum(heights[:rank]) + heights[rank] / 2
        _marks(axes, middle, strip)
        for text, place, shift, colour in (
            (labels[rank], 0, -10, "txt"), (counts[rank], 1, ends[0], "txt"), (strip.others, 1, ends[1], "mut"),
        ):  # fmt: skip
            axes.annotate(
                text, (place, middle), (shift, 0), ("axes fraction", "data"), "offset points", ha="right",
                va="center", color=LIGHT[colour],
            )  # fmt: skip
    return figure


def _narrow(strips: Sequence[_Strip], width: int) -> Figure:
    """Draw each strip under its label and counts."""
    edge = 12
    texts = [
        wrap(f"{strip.label}{NBSP}: {strip.counts.replace(' ', NBSP)}, autres écoles{NBSP}: {strip.others}", width - 4)
        for strip in strips
    ]
    written = [LINE * (text.count("\n") + 1) for text in texts]
    heights = [height + 22 + _GAP for height in written]
    figure, axes = canvas(width, sum(heights) + 26, edge, 22, 0, 26)
    _axis(axes, sum(heights))
    for rank, strip in enumerate(strips):
        above = sum(heights[:rank])
        _marks(axes, above + written[rank] + 13, strip)
        axes.annotate(
            texts[rank], (0, above), (2 - edge, 0), ("axes fraction", "data"), "offset points", va="top",
            bbox={"facecolor": LIGHT["fond"], "linewidth": 0, "pad": 0.5}, zorder=5,
        )  # fmt: skip
    return figure


def _axis(axes: Axes, height: float) -> None:
    """Set an axis from 0 to 100 %, its rows measured in pixels from the top."""
    axes.set(xlim=(0, 1), ylim=(height, 0))
    ticks = [step / 4 for step in range(5)]
    axes.set_xticks(ticks, [percent(tick) for tick in ticks])
    axes.set_yticks([])
    for tick in ticks:
        axes.axvline(tick, color=LIGHT["ligne"], linewidth=1, zorder=0)


def _marks(axes: Axes, middle: float, strip: _Strip) -> None:
    from matplotlib.patches import Rectangle

    if strip.band is not None:
        low, high = strip.band
        axes.add_patch(
            Rectangle((low, middle - 7), high - low, 14, facecolor=LIGHT["ligne"], edgecolor=LIGHT["gris"],
                      linewidth=1, zorder=1, clip_on=False)
        )  # fmt: skip
    if strip.target is not None:
        axes.plot([strip.target] * 2, [middle - 9, middle + 9], color=LIGHT["c2"], linewidth=3, zorder=3,
                  clip_on=False)  # fmt: skip
    if strip.low is not None and strip.high is not None:
        axes.plot([strip.low, strip.high], [middle] * 2, color=LIGHT["c1"], linewidth=2.5, zorder=4, clip_on=False)
    if strip.value is not None:
        axes.scatter([strip.value], [middle], s=80, color=LIGHT["c1"], linewidth=0, zorder=5, clip_on=False)
