"""What an indicator returns: a value that never travels without its counts, its population and its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from edp_analysis.statistics.proportions import Interval, wilson

__all__ = ["Indicator", "amount", "count", "share"]


@dataclass(frozen=True)
class Indicator:
    """One measured notion.

    Attributes
    ----------
    id : str
        Stable identifier, e.g. ``"certification_sortants"``; the one of the published register where there is one.
    label : str
        What it measures, in French, as on a card: « Sortants certifiés ».
    value : float or None
        A share in [0, 1] when ``unit`` is ``"%"``, otherwise in ``unit``; ``None`` when it cannot be computed.
    unit : str
        ``"%"``, ``"jeunes"``, ``"€"``, ``"jours"``…
    numerator, denominator : float or None
        Counts (or euros) behind the value; ``None`` for a plain count or amount.
    interval : Interval or None
        Uncertainty; ``None`` where a census needs none.
    population : str
        *Champ*: who or what is counted, in French words, with the date or period.
    method : str
        Formula or convention, in French.
    reason : str
        Why ``value`` is ``None``; empty otherwise.
    rows : tuple of str
        Keys of the clean records counted in the denominator (or summed), for provenance.
    census : bool
        The denominator is a complete list of things that are neither persons nor their answers (the départements of
        the région, the exercises received). Nothing is estimated from it and nobody is recognised in it: when it is
        short the counts are given without a percentage, and without « [faible] ».
    """

    id: str
    label: str
    value: float | None
    unit: str
    population: str
    numerator: float | None = None
    denominator: float | None = None
    interval: Interval | None = None
    method: str = ""
    reason: str = ""
    rows: tuple[str, ...] = field(default=(), repr=False)
    census: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary, without the rows (their number is kept)."""
        return {
            "id": self.id,
            "libelle": self.label,
            "valeur": self.value,
            "unite": self.unit,
            "numerateur": self.numerator,
            "denominateur": self.denominator,
            "intervalle": [self.interval.low, self.interval.high] if self.interval else None,
            "methode": self.method,
            "champ": self.population,
            "raison": self.reason,
            "lignes": len(self.rows),
            **({"recensement": True} if self.census else {}),
        }


def share(id: str, label: str, selected: pd.Series, population: str, method: str = "") -> Indicator:
    """Build the share of the records of `selected` that are true, with its Wilson interval.

    Parameters
    ----------
    id, label, population, method : str
        See :class:`Indicator`.
    selected : pandas.Series of bool
        One value a record of the population, indexed by the record's key; no missing value.

    Examples
    --------
    >>> result = share("x", "Certifiés", pd.Series([True, False, True, True]), "4 sortants")
    >>> result.numerator, result.denominator, result.value
    (3, 4, 0.75)
    >>> share("x", "Certifiés", pd.Series([], dtype=bool), "aucun sortant").reason
    'aucun enregistrement dans le champ'
    """
    if selected.isna().any():
        raise ValueError(f"{id} : {int(selected.isna().sum())} valeur(s) manquante(s), décider de leur sort avant")
    total, chosen = len(selected), int(selected.astype(bool).sum())
    rows = tuple(str(key) for key in selected.index)
    if total == 0:
        return Indicator(
            id, label, None, "%", population, 0, 0, method=method, reason="aucun enregistrement dans le champ"
        )
    return Indicator(
        id, label, chosen / total, "%", population, chosen, total, wilson(chosen, total), method, rows=rows
    )


def count(id: str, label: str, rows: pd.Index, unit: str, population: str, method: str = "") -> Indicator:
    """Build a plain count of records.

    Examples
    --------
    >>> count("n", "Jeunes suivis", pd.Index(["a", "b"]), "jeunes", "inscriptions").value
    2.0
    """
    return Indicator(id, label, float(len(rows)), unit, population, method=method, rows=tuple(map(str, rows)))


def amount(
    id: str, label: str, value: float | None, unit: str, population: str, method: str = "", reason: str = ""
) -> Indicator:
    """Build an amount or a ratio that has no sampling interval; `reason` says why `value` is ``None``."""
    return Indicator(id, label, value, unit, population, method=method, reason=reason)
