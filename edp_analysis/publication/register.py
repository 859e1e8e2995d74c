"""The register: every figure that was published, recomputed from the data, with a verdict.

The published figures are a file (``data/reference/…``, named by the campaign). Each is bound here to the function
that recomputes it; the comparison is of numbers as printed — rounded half up from exact fractions to the decimals of
the publication.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pandas as pd

from edp_analysis.cleaning.result import Tables
from edp_analysis.indicators.result import Indicator
from edp_analysis.publication.bindings import BINDINGS, Binding, split_year
from edp_analysis.publication.reference import PublishedFigure, read_reference
from edp_analysis.publication.rounding import exact_value, round_half_up

__all__ = ["RegisterEntry", "Verdict", "as_json", "recompute", "to_frame", "worst_verdict"]


_DECLARED = "Lu dans le fichier de la campagne, écrit d’après la publication : aucune donnée ne le mesure."


class Verdict(StrEnum):
    """What the recomputation says, gravest first. The values are what French users read."""

    DIFFERENT = "différent"
    NOT_RECOMPUTABLE = "non recalculable"
    CONTRADICTORY = "contradictoire (attendu)"
    FOUND = "retrouvé"


@dataclass(frozen=True)
class RegisterEntry:
    """One published figure and what recomputing it gave.

    Attributes
    ----------
    id, statement, place : str
        Identifier, the figure in words, and where it is printed.
    published : Decimal
        Value as printed, in ``unit``.
    unit : str
    decimals : int
        Decimals of the printed value.
    base : str
        Base as the publication gives it; empty when it is not a share.
    indicator : Indicator or None
        What was recomputed; ``None`` when an input is absent.
    recomputed : Decimal or None
        Its value, rounded as printed.
    verdict : Verdict
    note : str
        What a reader must know: the reservation, the contradiction, or the input that is absent.
    declared : bool
        Read in the file of the campaign: found again, and measured by nothing.
    """

    id: str
    statement: str
    place: str
    published: Decimal
    unit: str
    decimals: int
    base: str
    indicator: Indicator | None
    recomputed: Decimal | None
    verdict: Verdict
    note: str
    declared: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary, French keys."""
        return {
            "id": self.id,
            "enonce": self.statement,
            "lieu": self.place,
            "publie": _number(self.published),
            "recalcule": None if self.recomputed is None else _number(self.recomputed),
            "unite": self.unit,
            "decimales": self.decimals,
            "base": self.base,
            "verdict": str(self.verdict),
            "note": self.note,
            "declare": self.declared,
            "indicateur": None if self.indicator is None else self.indicator.as_dict(),
        }


def recompute(tables: Tables) -> tuple[RegisterEntry, ...]:
    """Recompute every published figure of a campaign.

    Parameters
    ----------
    tables : Tables
        Clean tables; the campaign says which publication is to be found again.

    Returns
    -------
    tuple of RegisterEntry
        In the order of the reference file; empty when the campaign has no publication to find again.

    Raises
    ------
    UserError
        The reference file is absent or ill-formed, or holds a figure that nothing recomputes.
    """
    path = tables.campaign.reference
    if path is None:
        return ()
    return tuple(_entry(figure, tables) for figure in read_reference(path, BINDINGS))


def _entry(figure: PublishedFigure, tables: Tables) -> RegisterEntry:
    name, year = split_year(figure.id)
    if figure.cited:
        return _build(figure, None, None, Verdict.NOT_RECOMPUTABLE, "Fait cité par la publication, pas une mesure.")
    binding = BINDINGS[name]
    absent = _absent(binding, tables)
    if absent:
        note = f"Donnée absente : {', '.join(absent)}."
        return _build(figure, None, None, Verdict.NOT_RECOMPUTABLE, note)
    indicator = binding.compute(tables, year or tables.campaign.last_counting_date.year)
    exact = exact_value(indicator)
    if exact is None:
        return _build(figure, indicator, None, Verdict.NOT_RECOMPUTABLE, f"Non calculable : {indicator.reason}.")
    rounded = round_half_up(exact, figure.decimals)
    why = _DECLARED if binding.declared else ""
    return _build(figure, indicator, rounded, _verdict(figure, exact, rounded), why, binding.declared)


def _absent(binding: Binding, tables: Tables) -> list[str]:
    return [table for table in binding.needs if table in tables.missing]


def _verdict(figure: PublishedFigure, exact: Fraction, rounded: Decimal) -> Verdict:
    if figure.expected is not None:
        return Verdict.CONTRADICTORY if rounded == figure.expected else Verdict.DIFFERENT
    if figure.lower_bound:
        return Verdict.FOUND if exact > Fraction(figure.value) else Verdict.DIFFERENT
    return Verdict.FOUND if rounded == figure.value else Verdict.DIFFERENT


def _build(
    figure: PublishedFigure,
    indicator: Indicator | None,
    rounded: Decimal | None,
    verdict: Verdict,
    why: str,
    declared: bool = False,
) -> RegisterEntry:
    return RegisterEntry(
        id=figure.id,
        statement=figure.statement,
        place=figure.place,
        published=figure.value,
        unit=figure.unit,
        decimals=figure.decimals,
        base=figure.base,
        indicator=indicator,
        recomputed=rounded,
        verdict=verdict,
        note=f"{why} {figure.note}".strip(),
        declared=declared,
    )


def worst_verdict(entries: Iterable[RegisterEntry]) -> Verdict | None:
    """Return the gravest verdict among `entries`, ``None`` when there are none."""
    found = {entry.verdict for entry in entries}
    return next((verdict for verdict in Verdict if verdict in found), None)


def to_frame(entries: Iterable[RegisterEntry]) -> pd.DataFrame:
    """Lay the register out, one row a published figure.

    Returns
    -------
    pandas.DataFrame
        Columns ``id``, ``enonce``, ``lieu``, ``publie``, ``recalcule``, ``unite``, ``base``, ``numerateur``,
        ``denominateur``, ``verdict``, ``note``; ``publie`` and ``recalcule`` are text, as printed (decimal comma).
    """
    columns = ["id", "enonce", "lieu", "publie", "recalcule", "unite", "base", "numerateur", "denominateur"]
    rows = [
        (
            entry.id,
            entry.statement,
            entry.place,
            _printed(entry.published),
            _printed(entry.recomputed),
            entry.unit,
            entry.base,
            entry.indicator.numerator if entry.indicator else None,
            entry.indicator.denominator if entry.indicator else None,
            str(entry.verdict),
            entry.note,
        )
        for entry in entries
    ]
    return pd.DataFrame(rows, columns=[*columns, "verdict", "note"])


def as_json(entries: Iterable[RegisterEntry]) -> str:
    """Return the register as JSON text (UTF-8 as it is, same bytes for the same register)."""
    return json.dumps([entry.as_dict() for entry in entries], ensure_ascii=False, indent=2)


def _printed(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}".replace(".", ",")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
