"""Curves over time since entry: who is still present, who has left and why, where enough persons are followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import number, percent, quantity, typeset
from edp_analysis.exhibits.layout import spread
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import mask_weak, tidy
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_curves"]

_COLOURS = ("c1", "k2", "k3", "k4", "gris")
_DASHES = ("solid", (0, (7, 3)), (0, (2, 2)), (0, (7, 3, 2, 3)), (0, (4, 2)))
"""Lines differ by their dashes as well as by their colour."""
_STARTS = {"survie": 1.0, "incidence": 0.0}
"""Value at time zero, by definition of what is measured."""
_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
"""Spacings of the time axis."""
_HEIGHT = 340


@dataclass(frozen=True)
class _Curve:
    """One curve: its name, times, values, and limits (empty where there are none)."""

    name: str
    times: tuple[float, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


def plot_curves(
    data: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,
    x: str = "duree",
    y: str | None = None,
    group: str | None = None,
    stacked: bool = False,
    rest: str = "",
    unit: str = "mois",
) -> Plot:
    """Draw curves read on a grid of durations, with their intervals, or stack exits that exclude each other.

    Parameters
    ----------
    data : pandas.DataFrame
        One row a curve and duration, shares in [0, 1]: what :mod:`edp_analysis.statistics.survival` gives, that is
        ``duree``, ``a_risque``, ``survie`` or ``incidence``, ``bas``, ``haut``, and ``cause`` or ``groupe`` where
        there are several curves. ``a_risque``, ``bas`` and ``haut`` may be absent.
    id, title : str
        Of the exhibit.
    threshold : int
        A curve ends before the first duration at which fewer persons are followed.
    x : str, default "duree"
        Column of durations, in `unit`.
    y : str, optional
        Column of shares; ``survie`` or ``incidence`` by default.
    group : str, optional
        Column of curves; ``cause`` or ``groupe`` by default, where the table has it.
    stacked : bool, default False
        Stack the shares as areas; the intervals are then in the table only.
    rest : str, optional
        What the share above the areas is made of (« Encore présents »); unnamed by default.
    unit : str, default "mois"
        Unit of `x`.

    Raises
    ------
    UserError
        A column is missing, there are more than five curves, or stacked shares exceed the whole.
    """
    frame = tidy(data)
    x = column(frame, x, 0, id)
    y = column(frame, y or next((name for name in _STARTS if name in frame), "incidence"), 0, id)
    group = group or next((name for name in ("cause", "groupe") if name in frame), None)
    if group is not None:
        column(frame, group, 0, id)
    shown = [name for name in (group, x, "a_risque", y, "bas", "haut") if name is not None and name in frame]
    units = {name: "%" for name in (y, "bas", "haut") if name in frame}
    table = mask_weak(frame[shown], units, "a_risque" if "a_risque" in frame else None, threshold)
    curves = _curves(frame, x, y, group, threshold)
    if not curves:
        return Plot(nothing_to_show(f"moins de {threshold} personnes suivies"), table, units)
    if len(curves) > len(_COLOURS):
        raise UserError(f"Figure « {id} » : cinq courbes au plus.", "En regrouper, ou montrer un tableau.")
    if stacked:
        curves = _stack(curves, id)
    names = ("Aires empilées" if stacked else "Courbes", "selon la durée")
    ends = [_end(curve, unit, _own(curves, rank) if stacked else curve.values[-1]) for rank, curve in enumerate(curves)]
    alt = alternative(" ".join(names), title, ends)
    graphic = render_svg(_draw(curves, stacked, rest, unit, _STARTS.get(y)), id=id, alt=alt)
    note = f"Les courbes s'arrêtent là où moins de {threshold} personnes sont encore suivies."
    if "bas" in frame:
        note += " Intervalles de confiance à 95 % : " + ("dans le tableau." if stacked else "les bandes claires.")
    size = None
    if "a_risque" in frame and group in {None, "cause"} and frame[x].eq(0).any():  # causes share their persons
        size = int(frame.loc[frame[x].eq(0), "a_risque"].max())
    elif "suivis" in frame:  # outcomes of the same persons, followed long enough
        size = int(frame["suivis"].max())
    return Plot(graphic, table, units, alt, note=note if "a_risque" in frame else "", size=size)


def _curves(frame: pd.DataFrame, x: str, y: str, group: str | None, threshold: int) -> list[_Curve]:
    """Cut the table into curves, in the order received, each ending where too few are followed."""
    groups = [("", frame)] if group is None else frame.groupby(group, sort=False)
    found = []
    for name, rows in groups:
        rows = rows.sort_values(x)
        enough = rows["a_risque"].ge(threshold).cummin() if "a_risque" in rows else rows[y].notna()
        rows = rows[enough & rows[y].notna()]
        if rows.empty:
            continue
        limits = (tuple(rows["bas"]), tuple(rows["haut"])) if {"bas", "haut"} <= set(rows) else ((), ())
        found.append(_Curve(typeset(str(name)), tuple(rows[x].astype(float)), tuple(rows[y].astype(float)), *limits))
    return found


def _stack(curves: Sequence[_Curve], id: str) -> list[_Curve]:
    """Add each curve to those before it, on the durations they share."""
    shared = set.intersection(*(set(curve.times) for curve in curves))
    times = tuple(time for time in curves[0].times if time in shared)
    total, stacked = [0.0] * len(times), []
    for curve in curves:
        own = dict(zip(curve.times, curve.values, strict=True))
        total = [value + own[time] for value, time in zip(total, times, strict=True)]
        stacked.append(_Curve(curve.name, times, tuple(total)))
    if not times or max(total) > 1 + 1e-6:
        raise UserError(
            f"Figure « {id} » : les parts empilées ne forment pas un tout (leur somme dépasse 100 %).",
            "Donner des sorties qui s'excluent, ou tracer des courbes sans stacked=True.",
        )
    return stacked


def _own(curves: Sequence[_Curve], rank: int) -> float:
    """Return the last share of a stacked curve alone."""
    return curves[rank].values[-1] - (curves[rank - 1].values[-1] if rank else 0.0)


def _end(curve: _Curve, unit: str, value: float) -> str:
    return f"{curve.name} {percent(value)} à {quantity(curve.times[-1], unit)}".strip()


def _draw(curves: Sequence[_Curve], stacked: bool, rest: str, unit: str, start: float | None) -> Draw:
    def draw(width: int) -> Figure:
        wide = width == WIDE
        labels = _labels(curves, stacked, rest, 170 if wide else 96)
        left, top, bottom = 50, 10, 2 * LINE + 8
        right = max(text_width(text, bold=True) for text, _ in labels) + 26
        heights = [LINE * (text.count("\n") + 1) + 4 for text, _ in labels]
        inner = max(_HEIGHT - top - bottom, sum(heights))  # a narrow picture is made taller for its labels
        figure, axes = canvas(width, inner + top + bottom, left, right, top, bottom)
        last = max(curve.times[-1] for curve in curves)
        high = max(max(curve.values + curve.high) for curve in curves)
        top_value = 1.0 if stacked or start == 1 else next(step / 4 for step in range(1, 5) if high <= step / 4 + 1e-9)
        axes.set(xlim=(0, last), ylim=(0, top_value))
        _axes(axes, last, top_value, unit, 8 if wide else 4)
        if stacked:
            _areas(axes, curves)
        else:
            _strokes(axes, curves, start)
        wanted = [(1 - value / top_value) * inner for _, value in labels]
        for rank, ((text, value), place) in enumerate(zip(labels, spread(wanted, heights, 0, inner), strict=True)):
            colour = LIGHT[_COLOURS[rank]] if rank < len(curves) else LIGHT["mut"]
            axes.annotate(
                "", (1, value / top_value), (18, (1 - place / inner - value / top_value) * inner), "axes fraction",
                "offset points", arrowprops={"arrowstyle": "-", "color": colour, "linewidth": 2, "shrinkA": 0,
                                             "shrinkB": 0},
            )  # fmt: skip
            axes.annotate(
                text, (1, 1 - place / inner), (22, 0), "axes fraction", "offset points", va="center",
                linespacing=1.15, fontweight="bold",
            )  # fmt: skip
        return figure

    return draw


def _labels(curves: Sequence[_Curve], stacked: bool, rest: str, room: float) -> list[tuple[str, float]]:
    """Return the text of each curve and the value it points at: its end, or the middle of its area."""
    labels = []
    for rank, curve in enumerate(curves):
        value = _own(curves, rank) if stacked else curve.values[-1]
        at = curve.values[-1] - value / 2 if stacked else value
        labels.append((f"{wrap(curve.name, room, bold=True)}\n{percent(value)}".strip(), at))
    if stacked and rest:
        left = 1 - curves[-1].values[-1]
        labels.append((f"{wrap(typeset(rest), room, bold=True)}\n{percent(left)}", 1 - left / 2))
    return labels


def _axes(axes: Axes, last: float, top: float, unit: str, count: int) -> None:
    step = next((step for step in _STEPS if last / step <= count), last)
    ticks = [rank * step for rank in range(int(last / step) + 1)]
    axes.set_xticks(ticks, [number(tick) for tick in ticks])
    axes.annotate(unit, (1, 0), (0, -2 * LINE - 4), "axes fraction", "offset points", ha="right", color=LIGHT["mut"])
    shares = [rank / 4 * top for rank in range(5)] if top == 1 else [rank / 4 for rank in range(round(top * 4) + 1)]
    axes.set_yticks(shares, [percent(share) for share in shares])
    axes.set_axisbelow(True)
    axes.grid(axis="y", color=LIGHT["ligne"], linewidth=1)
    axes.axhline(0, color=LIGHT["mut"], linewidth=1, clip_on=False)


def _areas(axes: Axes, curves: Sequence[_Curve]) -> None:
    head = () if curves[0].times[0] == 0 else (0.0,)  # nobody has left at time zero
    times = (*head, *curves[0].times)
    below: Sequence[float] = [0.0] * len(times)
    for curve, colour in zip(curves, _COLOURS, strict=False):
        values = (*head, *curve.values)
        axes.fill_between(
            times, below, values, color=LIGHT[colour], edgecolor=LIGHT["fond"], linewidth=1.5, clip_on=False
        )
        below = values


def _strokes(axes: Axes, curves: Sequence[_Curve], start: float | None) -> None:
    for curve, colour, dashes in zip(curves, _COLOURS, _DASHES, strict=False):
        head = () if start is None or curve.times[0] == 0 else (start,)
        times = (*(0.0 for _ in head), *curve.times)
        if curve.low:
            low, high = (*head, *curve.low), (*head, *curve.high)
            axes.fill_between(times, low, high, color=LIGHT[colour], alpha=0.16, linewidth=0)
        axes.plot(times, (*head, *curve.values), color=LIGHT[colour], linewidth=2.5, linestyle=dashes, clip_on=False)
