"""Charts of distributions: answers on a scale (diverging bars) and shares of a whole (stacked bars)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import NBSP, of_total, percent, typeset
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import mask_weak, tidy
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_likert", "plot_stacked"]

_POSITIVE = {1: ("s1",), 2: ("s1", "s2"), 3: ("s1", "s2", "s3")}
_NEGATIVE = {1: ("s5",), 2: ("s4", "s5"), 3: ("s3", "s4", "s5")}
_CATEGORIES = (("c1", "fond"), ("k2", "txt"), ("k3", "fond"), ("k4", "txt"), ("gris", "fond"))
"""Colour of each category, and of the figures written on it."""
_FITS = 36
"""Narrowest segment, in pixels, that holds its percentage."""


@dataclass(frozen=True)
class _Segment:
    start: float
    width: float
    colour: str
    ink: str


@dataclass(frozen=True)
class _Row:
    """One bar: label, segments, texts at both ends, remark; `silent` when it may not carry percentages."""

    label: str
    segments: tuple[_Segment, ...]
    left: str = ""
    right: str = ""
    remark: str = ""
    silent: bool = False


def _draw(rows: Sequence[_Row]) -> Draw:
    """Draw rows of segments, each label above its bar, the percentage in the segments that can hold it."""

    def draw(width: int) -> Figure:
        wide = width == WIDE
        room_left = max(text_width(row.left, bold=True) for row in rows) + (8 if any(row.left for row in rows) else 0)
        room_right = max(text_width(row.right, bold=True) for row in rows) + 8
        labels = [wrap(f"{row.label}\n" if wide else row.label, width) for row in rows]
        labels = [
            f"{label} – {row.remark}" if wide and row.remark else f"{label}\n{row.remark}" if row.remark else label
            for label, row in zip(labels, rows, strict=True)
        ]
        bar, heads = 24, [LINE * (label.count("\n") + 1) for label in labels]
        tops = [sum(heads[:rank]) + (bar + 18) * rank for rank in range(len(rows))]
        height = sum(heads) + (bar + 18) * len(rows)
        figure, axes = canvas(width, height, room_left, room_right, 0, 0)
        low = min(segment.start for row in rows for segment in row.segments)
        high = max(segment.start + segment.width for row in rows for segment in row.segments)
        axes.set(xlim=(min(low, 0), max(high, 0) or 1), ylim=(height, 0))
        axes.set_xticks([])
        axes.set_yticks([])
        scale = (width - room_left - room_right) / (max(high, 0) - min(low, 0) or 1)
        for row, label, top, head in zip(rows, labels, tops, heads, strict=True):
            middle = top + head + 6 + bar / 2
            for segment in row.segments:
                axes.barh(
                    middle, segment.width, bar, segment.start, color=LIGHT[segment.colour], edgecolor=LIGHT["fond"],
                    linewidth=1.5, clip_on=False,
                )  # fmt: skip
                if not row.silent and segment.width * scale >= _FITS:
                    axes.text(
                        segment.start + segment.width / 2, middle, percent(segment.width), ha="center", va="center",
                        color=LIGHT[segment.ink],
                    )  # fmt: skip
            ends = (row.segments[0].start, row.segments[-1].start + row.segments[-1].width) if row.segments else (0, 0)
            for text, end, shift, align in ((row.left, ends[0], -6, "right"), (row.right, ends[1], 6, "left")):
                axes.annotate(
                    text, (end, middle), (shift, 0), textcoords="offset points", ha=align, va="center",
                    fontweight="bold",
                )  # fmt: skip
            axes.annotate(
                label, (0, top + head), (-room_left, 0), ("axes fraction", "data"), "offset points",
                va="bottom", linespacing=1.15,
            )  # fmt: skip
            if low < 0:
                axes.plot([0, 0], [middle - bar / 2 - 4, middle + bar / 2 + 4], color=LIGHT["txt"], linewidth=1)
        return figure

    return draw


def _key(entries: Sequence[tuple[str, str]]) -> str:
    items = "".join(
        f'<li><span style="background:var(--{colour})"></span>{escape(typeset(name), quote=False)}</li>'
        for name, colour in entries
    )
    return f'<ul class="cle">{items}</ul>'


def plot_likert(
    frame: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,
    positive: Sequence[str] | None = None,
    negative: Sequence[str] | None = None,
    apart: Sequence[str] | None = None,
    questions: dict[str, str] | None = None,
) -> Plot:
    """Draw the answers to questions on a scale: disagreement left, agreement right, no opinion apart.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a question and answer: ``question``, ``modalite``, ``effectif``, ``part`` (in [0, 1]), ``base``.
        Answers stand in the order of the scale, the most favourable first.
    id, title : str
        Of the exhibit.
    threshold : int
        Smallest base that may carry a percentage, persons.
    positive, negative, apart : sequence of str, optional
        Answers of each side, most favourable first. By default the last of an odd number is apart, and the first half
        of the others is favourable.
    questions : dict of str to str, optional
        Wording of each question, by what ``question`` holds.
    """
    frame = tidy(frame)
    columns = [column(frame, name, 0, id) for name in ("question", "modalite", "effectif", "part", "base")]
    table = frame[columns].copy()
    if questions:
        table["question"] = table["question"].map(lambda code: questions.get(str(code), str(code)))
    units = {"part": "%"}
    masked = mask_weak(table, units, "base", threshold)
    if table.empty or not table["base"].gt(0).any():
        return Plot(nothing_to_show("aucune réponse"), masked, units)
    answers = list(dict.fromkeys(table["modalite"]))
    positive, negative, apart = _sides(answers, positive, negative, apart, id)
    colours = dict(zip(positive, _POSITIVE.get(len(positive), ()), strict=False))
    colours |= dict(zip(negative, _NEGATIVE.get(len(negative), ()), strict=False))
    if set(colours) != {*positive, *negative}:
        raise UserError(f"Figure « {id} » : trois réponses au plus de chaque côté de l'échelle.", "En regrouper.")
    rows = []
    for question, group in table.groupby("question", sort=False):
        counts = group.set_index("modalite")["effectif"].reindex(answers).fillna(0)
        base = int(group["base"].iloc[0])
        if base:
            rows.append(_likert_row(str(question), counts, base, threshold, positive, negative, apart, colours))
    rows.sort(key=lambda row: -row[0])
    ends = [f"{row.label} : {row.right} favorables, {row.left} défavorables" for _, row in rows]
    alt = alternative("Barres divergentes", title, ends)
    graphic = render_svg(_draw([row for _, row in rows]), id=id, alt=alt)
    key = _key([(name, colours[name]) for name in (*reversed(negative), *reversed(positive))])
    return Plot(key + graphic, masked, units, alt)


def _sides(
    answers: list[str],
    positive: Sequence[str] | None,
    negative: Sequence[str] | None,
    apart: Sequence[str] | None,
    id: str,
) -> tuple[list[str], list[str], list[str]]:
    if positive is None or negative is None:
        scale = answers[:-1] if apart is None and len(answers) % 2 else [a for a in answers if a not in (apart or ())]
        half = len(scale) // 2
        positive, negative = scale[:half], scale[half:]
    apart = [answer for answer in answers if answer not in {*positive, *negative}]
    absent = sorted({*positive, *negative} - set(answers))
    if absent:
        raise UserError(f"Figure « {id} » : réponse « {absent[0]} » absente du tableau.", "La corriger.")
    return list(positive), list(negative), apart


def _likert_row(
    question: str,
    counts: pd.Series,
    base: int,
    threshold: int,
    positive: Sequence[str],
    negative: Sequence[str],
    apart: Sequence[str],
    colours: dict[str, str],
) -> tuple[float, _Row]:
    shares = counts / base
    start, segments = -float(shares[list(negative)].sum()), []
    for answer in (*reversed(negative), *reversed(positive)):
        width = float(shares[answer])
        if width > 0:
            segments.append(_Segment(start, width, colours[answer], "fond"))
        start += width
    weak = base < threshold

    def total(names: Sequence[str]) -> str:
        number = int(counts[list(names)].sum())
        return of_total(number, base) if weak else percent(number, base)

    remark = " ; ".join(f"{answer.lower()}{NBSP}: {total([answer])}" for answer in apart)
    if weak:
        remark = f"{remark} [faible]".strip()
    return float(shares[list(positive)].sum()), _Row(
        typeset(question), tuple(segments), total(negative), total(positive), typeset(remark), weak
    )


def plot_stacked(
    frame: pd.DataFrame,
    *,
    id: str,
    title: str,
    threshold: int,  # noqa: ARG001  # shares of euros or of whole tables: there is no base to compare it with
    label: str | None = None,
    category: str | None = None,
    value: str | None = None,
) -> Plot:
    """Draw shares of a whole as stacked bars, in the order received.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a bar and category: by default the first column names the bar, the second the category, the third
        holds the share, in [0, 1].
    id, title : str
        Of the exhibit.
    label, category, value : str, optional
        Names of these columns.

    Raises
    ------
    UserError
        More than five categories, or a negative share.
    """
    table = tidy(frame)
    label, category, value = (column(table, name, rank, id) for rank, name in enumerate((label, category, value)))
    units = {value: "%"}
    kept = table[table[value].notna()]
    if kept.empty:
        return Plot(nothing_to_show("aucune part calculable"), table, units)
    names = list(dict.fromkeys(kept[category]))
    if len(names) > len(_CATEGORIES) or (kept[value] < 0).any():
        raise UserError(
            f"Figure « {id} » : cinq catégories au plus, et des parts positives, pour des barres empilées.",
            "Regrouper les catégories, ou montrer un tableau.",
        )
    rows = []
    for name, group in kept.groupby(label, sort=False):
        parts = group.groupby(category)[value].sum().reindex(names).fillna(0)
        start, segments = 0.0, []
        for rank, part in enumerate(parts):
            if part > 0:
                segments.append(_Segment(start, float(part), *_CATEGORIES[rank]))
            start += float(part)
        rows.append(_Row(typeset(str(name)), tuple(segments)))
    alt = alternative("Barres empilées", title, [])
    key = _key([(str(name), _CATEGORIES[rank][0]) for rank, name in enumerate(names)])
    return Plot(key + render_svg(_draw(rows), id=id, alt=alt), table, units, alt)
