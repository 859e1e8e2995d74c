"""Judgements counted in interviews, as mirrored bars: negative on the left, positive on the right, neutral apart.

Interviews are not a sample: bars are counts, never shares, and each bears its number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import NBSP, number, typeset
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import tidy
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_judgements"]

_TOTAL, _SIDES = "En parlent", ("Négatif", "Positif", "Neutre")
_COLOURS = {"Négatif": "s4", "Positif": "s1", "Neutre": "gris"}
_NUMBER = 28
"""Room kept for a count beyond the end of its bar, pixels."""
_HEADED = 66
"""Narrowest zone: its heading holds in it, pixels."""
_GAP, _BAR, _WIDEST = 14, 18, 26
"""Between the positive and the neutral bars; height of a bar; width of one interview at most, pixels."""


@dataclass(frozen=True)
class _Row:
    label: str
    said: str
    counts: dict[str, int]


def plot_judgements(
    frame: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,  # noqa: ARG001  # counts of interviews, of which no share is made
    label: str | None = None,
) -> Plot:
    """Draw how subjects are judged in interviews, the best judged first: negative left, positive right, neutral apart.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a subject (or an actor): its name, ``En parlent``, ``Positif``, ``Neutre``, ``Négatif`` (interviews;
        the last three sum to the second), and ``Entretiens`` where rows are not out of the same number.
    id, title : str
        Of the exhibit.
    label : str, optional
        Column that names the rows; the first by default.

    Raises
    ------
    UserError
        A column is absent, or the three judgements do not sum to the interviews that raise the subject.
    """
    table = tidy(frame)
    label = column(table, label, 0, id)
    for name in (_TOTAL, *_SIDES):
        column(table, name, 0, id)
    wrong = table[table[list(_SIDES)].sum(axis=1) != table[_TOTAL]]
    if len(wrong):
        raise UserError(
            f"Figure « {id} » : les jugements sur « {wrong[label].iloc[0]} » ne font pas le nombre d'entretiens.",
            "Compter chaque entretien une fois : positif, neutre ou négatif.",
        )
    # A subject that nobody raises has no balance: it stands last.
    rank = (table["Négatif"] - table["Positif"]).mask(table[_TOTAL] == 0)
    table = table.loc[rank.sort_values(kind="stable", na_position="last").index].reset_index(drop=True)
    if not table[_TOTAL].sum():
        return Plot(nothing_to_show("aucun entretien n'en parle"), table)
    rows = [_row(record, label) for record in table.to_dict("records")]
    ends = [f"{row.label}{NBSP}: {', '.join(f'{side.lower()} {row.counts[side]}' for side in _SIDES)}" for row in rows]
    alt = alternative("Barres opposées, en nombre d'entretiens", title, ends)
    return Plot(render_svg(_draw(rows), id=id, alt=alt), table, alt=alt)


def _row(record: Mapping[Any, Any], label: str) -> _Row:
    counts = {side: int(record[side]) for side in _SIDES}
    total = int(record[_TOTAL])
    whole = f" sur {number(int(record['Entretiens']))}" if "Entretiens" in record else ""
    said = f"{number(total)}{whole} en {'parlent' if total > 1 else 'parle'}" if total else "aucun n'en parle"
    return _Row(typeset(str(record[label])), typeset(said), counts)


def _zones(rows: Sequence[_Row], room: float) -> tuple[float, dict[str, float]]:
    """Return the width of one interview and that of each zone, headings and counts held, in `room` pixels."""
    most = {side: max(row.counts[side] for row in rows) for side in _SIDES}
    free = [side for side in _SIDES if most[side]]
    scale = 0.0
    while free:
        kept = room - _GAP - _HEADED * (len(_SIDES) - len(free)) - _NUMBER * len(free)
        scale = min(_WIDEST, kept / sum(most[side] for side in free))
        narrow = [side for side in free if most[side] * scale + _NUMBER < _HEADED]
        if not narrow:
            break
        free = [side for side in free if side not in narrow]
    # Once every zone is as narrow as its heading, the longest bar fills it.
    scale = scale if free else min(_WIDEST, (_HEADED - _NUMBER) / max(most.values()))
    return scale, {side: max(most[side] * scale + _NUMBER, _HEADED) for side in _SIDES}


def _draw(rows: Sequence[_Row]) -> Draw:
    def draw(width: int) -> Figure:
        wide = width == WIDE
        gutter = min(0.4 * width, max(text_width(row.label) for row in rows) + 14) if wide else 0
        labels = [wrap(row.label, gutter - 10 if wide else width) for row in rows]
        scale, zones = _zones(rows, width - gutter)
        zero = gutter + zones["Négatif"]
        starts = {"Négatif": zero, "Positif": zero, "Neutre": zero + zones["Positif"] + _GAP}
        lines = [label.count("\n") + 2 for label in labels]  # with what the row says under its label
        heights = [max(LINE * count, _BAR) + 14 if wide else LINE * count + _BAR + 20 for count in lines]
        top = LINE + 10
        figure, axes = canvas(width, top + sum(heights), 0, 0, 0, 0)
        axes.set(xlim=(0, width), ylim=(top + sum(heights), 0), xticks=[], yticks=[])
        for side in _SIDES:
            align = "right" if side == "Négatif" else "left"
            shift = -4 if side == "Négatif" else 4 if side == "Positif" else 0
            axes.text(starts[side] + shift, LINE, side, ha=align, va="baseline", fontweight="bold")
        y = float(top)
        for row, label, count, height in zip(rows, labels, lines, heights, strict=True):
            text = y + (height - LINE * count) / 2 if wide else y + 4
            axes.text(0, text, label, va="top", linespacing=1.15)
            axes.text(0, text + LINE * (count - 1), row.said, va="top", color=LIGHT["mut"])
            middle = y + height / 2 if wide else y + 8 + LINE * count + _BAR / 2
            _bars(axes, row, starts, middle, scale)
            reach = height / 2 if wide else _BAR / 2 + 3  # no line may cross the labels above the bars
            for start in (zero, starts["Neutre"]):
                axes.plot([start, start], [middle - reach, middle + reach], color=LIGHT["mut"], linewidth=1,
                          solid_capstyle="butt")  # fmt: skip
            y += height
        return figure

    return draw


def _bars(axes: Axes, row: _Row, starts: dict[str, float], middle: float, scale: float) -> None:
    """Draw the three bars of a row, each count at the end of its bar, a nil one in the shade."""
    for side in _SIDES:
        way = -1 if side == "Négatif" else 1
        count = row.counts[side]
        end = starts[side] + way * count * scale
        if count:
            axes.barh(
                middle, way * count * scale, _BAR, starts[side], color=LIGHT[_COLOURS[side]], linewidth=0,
            )  # fmt: skip
        axes.text(
            end + way * 6, middle, number(count), ha="right" if way < 0 else "left", va="center",
            color=LIGHT["txt" if count else "mut"], fontweight="bold" if count else "normal",
        )  # fmt: skip
