"""From indicators or a table to a drawn chart: what the page shows, the figures behind it, its text alternative."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from edp_analysis.exhibits.charts import Bar, Dot, bars, dots
from edp_analysis.exhibits.figure import nothing_to_show, render_svg
from edp_analysis.exhibits.french import NBSP, enumeration, percent, quantity, typeset
from edp_analysis.exhibits.sentence import weak, write_indicator
from edp_analysis.exhibits.table import Indicators, format_cell, indicator_frame, labelled, mask_weak, tidy
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["Plot", "alternative", "column", "plot_bars", "plot_dots", "plot_table"]


@dataclass(frozen=True)
class Plot:
    """A drawn chart: its inner HTML, the table behind it and its units, its text alternative, its indicators.

    `note` is what the chart needs said under it; `size` the number of persons in it, where it counts each once;
    `under` the columns of the table that are written in the cells of another.
    """

    graphic: str
    table: pd.DataFrame
    units: dict[str, str] = field(default_factory=dict)
    alt: str = ""
    indicators: tuple[Indicator, ...] = ()
    note: str = ""
    size: int | None = None
    under: dict[str, str] = field(default_factory=dict)


def alternative(kind: str, title: str, values: Sequence[str]) -> str:
    """Return a text alternative: the kind of chart, what it shows, its values when they are few."""
    detail = f" Valeurs : {' ; '.join(values)}." if 0 < len(values) <= 15 else " Les valeurs sont dans le tableau."
    return typeset(f"{kind}. {title.rstrip('.')}.{detail}")


def column(frame: pd.DataFrame, name: str | None, rank: int, id: str) -> str:
    """Return the name of a column: the one asked for, else the one at `rank`.

    Raises
    ------
    UserError
        The table has no such column; those it has are named.
    """
    if name is None and rank < len(frame.columns):
        return str(frame.columns[rank])
    if name is None or name not in frame.columns:
        known = enumeration([f"« {item} »" for item in frame.columns])
        raise UserError(f"Figure « {id} » : colonne « {name} » absente du tableau ({known}).", "La corriger.")
    return name


def plot_table(
    data: pd.DataFrame | Indicators,
    *,
    id: str,
    title: str,  # noqa: ARG001  # every exhibit is made from the same three words
    threshold: int,
    units: Mapping[str, str] | None = None,
    base: str | None = None,
    under: Mapping[str, str] | None = None,
) -> Plot:
    """Lay out a table; its first column (or its named index) gives the row headings.

    Parameters
    ----------
    data : DataFrame, or mapping or iterable of Indicator
        Cells may be numbers, words, dates or indicators.
    id, title : str
        Of the exhibit.
    threshold : int
        Smallest denominator that may carry a percentage.
    units : mapping of str to str, optional
        ``"%"`` (shares in [0, 1]), ``"€"``, ``"points"``, ``"texte"`` or any unit, by column.
    base : str, optional
        Column of denominators: see :func:`edp_analysis.exhibits.table.mask_weak`.
    under : mapping of str to str, optional
        For a table of words: columns written in the cells of another, under its text, so that the table holds in the
        page; on a narrow screen each row becomes a block. ``{"Limite": "Critère"}``.

    Raises
    ------
    UserError
        A unit is given for a column that the table does not have, or one is put under a column that cannot hold it.
    """
    indicators: tuple[Indicator, ...] = ()
    if isinstance(data, pd.DataFrame):
        shown, given = tidy(data), dict(units or {})
        unknown = sorted(set(given) - set(shown.columns))
        if unknown:
            raise UserError(f"Tableau « {id} » : unité d'une colonne absente, « {unknown[0]} ».", "La corriger.")
        shown = mask_weak(shown, given, base, threshold)
    else:
        indicators = labelled(data)
        shown, given = indicator_frame(indicators, threshold)
    nested = dict(under or {})
    for child, parent in nested.items():
        if {child, parent} - set(shown.columns) or parent in nested:
            what = f"Tableau « {id} » : « {child} » ne peut pas aller sous « {parent} »."
            raise UserError(what, "Nommer deux colonnes du tableau, dont la seconde n'est elle-même sous aucune.")
    graphic = nothing_to_show("le tableau est vide") if shown.empty else ""
    return Plot(graphic, shown, given, indicators=indicators, under=nested)


def plot_bars(
    data: pd.DataFrame | Indicators,
    *,
    id: str,
    title: str,
    threshold: int,
    highlight: str | None = None,
    sort: bool = True,
    label: str | None = None,
    value: str | None = None,
    unit: str = "%",
) -> Plot:
    """Draw horizontal bars, from indicators or from two columns of a table.

    Parameters
    ----------
    data : DataFrame, or mapping or iterable of Indicator
    id, title : str
        Of the exhibit.
    threshold : int
        Smallest denominator that may carry a percentage.
    highlight : str, optional
        Label, or indicator id, of the bar to bring out.
    sort : bool
        Greatest value first; otherwise the order received.
    label, value : str, optional
        Columns of the table: the first and the second by default.
    unit : str
        Unit of `value`; ``"%"`` expects shares in [0, 1].
    """
    if isinstance(data, pd.DataFrame):
        table = tidy(data)
        indicators: tuple[Indicator, ...] = ()
        label = column(table, label, 0, id)
        value = column(table, value, 1, id)
        units = {value: unit}
        kept = table[table[value].notna()]
        items = [
            Bar(str(name), float(number), format_cell(float(number), unit), highlighted=str(name) == highlight)
            for name, number in zip(kept[label], kept[value], strict=True)
        ]
    else:
        indicators = labelled(data)
        table, units = indicator_frame(indicators, threshold)
        items = [
            Bar(
                item.label,
                float(item.value),
                write_indicator(item, threshold=threshold),
                weak(item, threshold),
                highlight in (item.id, item.label),
            )
            for item in indicators
            if item.value is not None
        ]
    if not items:
        return Plot(nothing_to_show(_reason(indicators)), table, units, indicators=indicators)
    if highlight is not None and not any(item.highlighted for item in items):
        raise UserError(f"Figure « {id} » : rien ne s'appelle « {highlight} » à mettre en valeur.", "Le corriger.")
    if sort:
        items = sorted(items, key=lambda item: -item.value)
    alt = alternative("Diagramme en barres", title, [f"{item.label} {item.text}" for item in items])
    return Plot(render_svg(bars(items), id=id, alt=alt), table, units, alt, indicators)


def plot_dots(data: Indicators, *, id: str, title: str, threshold: int, reference: Indicator | None = None) -> Plot:
    """Draw a dot and its interval per indicator, in the order given (schools: alphabetical, never ranked).

    Parameters
    ----------
    data : mapping or iterable of Indicator
        All in the same unit.
    id, title : str
        Of the exhibit.
    threshold : int
        Below this denominator the dot is hollow and its text gives counts only.
    reference : Indicator, optional
        Value drawn as a line.
    """
    indicators = labelled(data)
    table, units = indicator_frame((*indicators, reference) if reference else indicators, threshold)
    shown = [item for item in indicators if item.value is not None]
    if not shown:
        return Plot(nothing_to_show(_reason(indicators)), table, units, indicators=indicators)
    if len({item.unit for item in shown}) > 1:
        raise UserError(f"Figure « {id} » : les indicateurs n'ont pas la même unité.", "Les séparer.")
    unit = shown[0].unit
    has_counts = all(item.numerator is not None and item.denominator for item in shown)
    items = [
        Dot(
            item.label,
            float(item.value or 0.0),
            item.interval.low if item.interval else None,
            item.interval.high if item.interval else None,
            write_indicator(item, "compte" if unit == "%" and has_counts else "", threshold),
            weak(item, threshold),
        )
        for item in shown
    ]
    line = None
    if reference is not None and reference.value is not None:
        line = (reference.value, f"{reference.label}{NBSP}: {write_indicator(reference, threshold=threshold)}")
    alt = alternative("Points et intervalles", title, [f"{item.label} {item.text}" for item in items])
    graphic = render_svg(dots(items, _ticks(items, unit, line), line), id=id, alt=alt)
    note = f"[faible] et point creux : moins de {threshold} personnes." if any(item.weak for item in items) else ""
    return Plot(graphic, table, units, alt, indicators, note)


def _reason(indicators: Sequence[Indicator]) -> str:
    reasons = dict.fromkeys(item.reason for item in indicators if item.reason)
    return enumeration(list(reasons)) or "aucun enregistrement dans le champ"


def _ticks(items: Sequence[Dot], unit: str, line: tuple[float, str] | None) -> list[tuple[float, str]]:
    if unit == "%":
        return [(step / 4, percent(step, 4)) for step in range(5)]
    from matplotlib.ticker import MaxNLocator

    values = [bound for item in items for bound in (item.low, item.value, item.high) if bound is not None]
    values += [line[0]] if line else []
    found = MaxNLocator(nbins=4).tick_values(min(values), max(values))
    return [(float(tick), quantity(float(tick), unit)) for tick in found]
