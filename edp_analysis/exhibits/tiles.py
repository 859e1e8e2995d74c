"""The tile map: one tile a département, placed roughly where it lies, with its value."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from edp_analysis.contract.codes import load_codes
from edp_analysis.exhibits.figure import LINE, WIDE, Draw, canvas, nothing_to_show, render_svg, text_width, wrap
from edp_analysis.exhibits.french import NBSP, enumeration, quantity
from edp_analysis.exhibits.plots import Plot, alternative, column
from edp_analysis.exhibits.sentence import weak, write_indicator
from edp_analysis.exhibits.style import LIGHT
from edp_analysis.exhibits.table import Indicators, decimals_of, format_cell, indicator_frame, labelled, mask_weak, tidy
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_tiles"]

_TILES = Path(__file__).parent.parent / "contract" / "tuiles_departement.csv"
_PAD = 7
"""Space between the edge of a tile and its texts, pixels."""
_STRONGEST = 0.45
"""Opacity of the tile with the greatest value: the text keeps its contrast on it, in both themes."""


@dataclass(frozen=True)
class _Tile:
    """One département: its place, name, the text of its value, its shade in [0, 1], whether it stands on few."""

    x: int
    y: int
    name: str
    text: str
    shade: float | None
    weak: bool = False


@cache
def _places() -> dict[str, tuple[int, int]]:
    with _TILES.open(encoding="utf-8", newline="") as handle:
        return {row["code"]: (int(row["colonne"]), int(row["rangee"])) for row in csv.DictReader(handle, delimiter=";")}


def plot_tiles(
    data: pd.DataFrame | Indicators,
    *,
    id: str,
    title: str,
    threshold: int,
    label: str | None = None,
    value: str | None = None,
    base: str | None = None,
    unit: str = "",
) -> Plot:
    """Draw a value by département on a map of tiles (places: ``contract/tuiles_departement.csv``).

    Parameters
    ----------
    data : DataFrame, or mapping of Indicator by département
        Départements are named by their code (``"14"``) or their name.
    id, title : str
        Of the exhibit.
    threshold : int
        Smallest base that may carry a percentage, persons.
    label, value : str, optional
        Columns of the table: the first and the second by default.
    base : str, optional
        Column of denominators: see :func:`edp_analysis.exhibits.table.mask_weak`.
    unit : str
        Unit of `value`; ``"%"`` expects shares in [0, 1].

    Raises
    ------
    UserError
        A département has no place on the map, is there twice, or has a negative value.
    """
    names = load_codes("departement").labels
    indicators: tuple[Indicator, ...] = ()
    if isinstance(data, pd.DataFrame):
        frame = tidy(data)
        label, value = column(frame, label, 0, id), column(frame, value, 1, id)
        codes = [_code(name, id) for name in frame[label]]
        table = frame.assign(**{label: [names[code] for code in codes]})
        units = {value: unit}
        few = [False] * len(frame) if base is None else list(frame[column(frame, base, 0, id)] < threshold)
        table = mask_weak(table, units, base, threshold)
        values = [None if pd.isna(number) else float(number) for number in frame[value]]
        texts = [_written(cell, unit, decimals_of(frame[value], unit)) for cell in table[value]]
    else:
        given = labelled(data)
        codes = [_code(item.label, id) for item in given]
        indicators = labelled({names[code]: item for code, item in zip(codes, given, strict=True)})
        table, units = indicator_frame(indicators, threshold)
        values = [item.value for item in indicators]
        texts = ["n.c." if item.value is None else write_indicator(item, threshold=threshold) for item in indicators]
        few = [weak(item, threshold) for item in indicators]
    if len(set(codes)) < len(codes):
        raise UserError(f"Figure « {id} » : un département y est deux fois.", "Regrouper ses rangées.")
    if all(number is None for number in values):
        return Plot(nothing_to_show("aucune valeur par département"), table, units, indicators=indicators)
    if any(number is not None and number < 0 for number in values):
        raise UserError(f"Figure « {id} » : une valeur négative ne se lit pas sur une carte.", "Montrer un tableau.")
    shown = dict(zip(codes, zip(values, texts, few, strict=True), strict=True))
    tiles = _tiles(shown, names)
    alt = alternative("Carte en tuiles des départements", title, [f"{tile.name} {tile.text}" for tile in tiles])
    return Plot(_key(tiles) + render_svg(_draw(tiles), id=id, alt=alt), table, units, alt, indicators)


def _written(cell: object, unit: str, decimals: int | None) -> str:
    """Write a value with its unit, which a table writes in its heading."""
    if isinstance(cell, int | float) and pd.notna(cell):
        return quantity(cell, unit, decimals)
    return format_cell(cell, unit)


def _key(tiles: Sequence[_Tile]) -> str:
    """Return the key of the shades: the lowest and the greatest value, each beside its shade."""
    shaded = sorted(
        (tile for tile in tiles if tile.shade is not None and not tile.weak), key=lambda tile: tile.shade or 0
    )
    if not shaded or shaded[0].shade == shaded[-1].shade:
        return ""
    items = "".join(
        f'<li><span class="teinte"><span style="opacity:{_STRONGEST * (tile.shade or 0):.3f}"></span></span>'
        f"{word}{NBSP}: {escape(tile.text, quote=False)}</li>"
        for word, tile in (("le plus bas", shaded[0]), ("le plus élevé", shaded[-1]))
    )
    return f'<ul class="cle">{items}</ul>'


def _code(name: object, id: str) -> str:
    found = load_codes("departement").find(name)
    if found is None or found.code not in _places():
        known = enumeration(list(_places()))
        raise UserError(
            f"Figure « {id} » : le département « {name} » n'a pas de place sur la carte ({known}).",
            "Corriger la donnée, ou ajouter sa tuile dans contract/tuiles_departement.csv.",
        )
    return found.code


def _tiles(shown: Mapping[str, tuple[float | None, str, bool]], names: Mapping[str, str]) -> list[_Tile]:
    """Return a tile for each place of the map, in the order of the codes; one without a value says so."""
    most = max((value for value, *_ in shown.values() if value is not None), default=0) or 1
    tiles = []
    for code, (x, y) in sorted(_places().items()):
        value, text, few = shown.get(code, (None, "n.c.", False))
        tiles.append(_Tile(x, y, names[code], text, None if value is None else value / most, few))
    return tiles


def _draw(tiles: Sequence[_Tile]) -> Draw:
    def draw(width: int) -> Figure:
        wide = width == WIDE
        gap = 8
        across, down = max(tile.x for tile in tiles) + 1, max(tile.y for tile in tiles) + 1
        side = min((width - 6 - gap * (across - 1)) / across, 230 if wide else width)
        names = [wrap(tile.name, side - 2 * _PAD) for tile in tiles]
        values = [_lines(tile.text, side - 2 * _PAD) for tile in tiles]
        high = 26 + LINE * (max(name.count("\n") for name in names) + 1 + max(map(len, values)))
        figure, axes = canvas(width, down * (high + gap) - gap + 4, 2, 2, 2, 2)
        axes.set(xlim=(0, width - 4), ylim=(down * (high + gap) - gap, 0), xticks=[], yticks=[])
        for tile, name, lines in zip(tiles, names, values, strict=True):
            x, y = tile.x * (side + gap), tile.y * (high + gap)
            _tile(axes, x, y, side, high, tile)
            axes.text(x + _PAD, y + 8, name, va="top", linespacing=1.15)
            for rank, (line, bold) in enumerate(reversed(lines)):
                weight = "bold" if bold else "normal"
                axes.text(x + _PAD, y + high - 8 - LINE * rank, line, va="bottom", fontweight=weight)
        return figure

    return draw


def _lines(text: str, room: float) -> list[tuple[str, bool]]:
    """Cut a value into lines, and say which are bold: all of it where it fits, else its number above its unit."""
    if text_width(text, bold=True) <= room or NBSP not in text:
        return [(line, True) for line in wrap(text, room, bold=True).split("\n")]
    value, _, unit = text.partition(NBSP)
    return [(value, True), *((line, False) for line in wrap(unit, room).split("\n"))]


def _tile(axes: Axes, x: float, y: float, width: float, height: float, tile: _Tile) -> None:
    from matplotlib.patches import Rectangle

    line = "dashed" if tile.shade is None else "solid"
    if tile.shade and not tile.weak:
        axes.add_patch(
            Rectangle((x, y), width, height, facecolor=LIGHT["c1"], alpha=_STRONGEST * tile.shade, linewidth=0)
        )
    axes.add_patch(
        Rectangle(
            (x, y), width, height, fill=False, clip_on=False, linewidth=1.5, edgecolor=LIGHT["gris"], linestyle=line
        )
    )
