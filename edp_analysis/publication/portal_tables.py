"""What the portal shows in tables: the published figures recomputed, and what became of the rows received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from html import escape

import pandas as pd

from edp_analysis.contract.schema import load_schema
from edp_analysis.exhibits.french import enumeration, number, of_total, plural, quantity, typeset
from edp_analysis.exhibits.table import TEXT, html_table
from edp_analysis.exhibits.word_table import word_table
from edp_analysis.indicators.result import Indicator
from edp_analysis.publication.register import RegisterEntry

__all__ = ["received_summary", "received_table", "register_summary", "register_table"]


def register_table(entries: Sequence[RegisterEntry], id: str, title: str) -> str:
    """Return published figures beside what recomputing them gave; on a narrow screen each is a block."""
    frame = pd.DataFrame(
        [
            {
                "Énoncé": entry.statement,
                "Base": entry.base or "–",
                "Publié": _printed(entry.published, entry.unit, entry.decimals),
                "Recalculé": _printed(entry.recomputed, entry.unit, entry.decimals),
                "Effectifs": _counts(entry.indicator),
                "Verdict": str(entry.verdict),
                "Note": entry.note or "–",
            }
            for entry in entries
        ]
    )
    caption = f"<strong>{escape(title)}</strong>"
    under = {"Base": "Énoncé", "Recalculé": "Publié", "Effectifs": "Publié"}
    units = dict.fromkeys(frame.columns, TEXT)
    return word_table(frame, id=id, caption=caption, units=units, threshold=0, under=under)


def _printed(value: Decimal | None, unit: str, decimals: int) -> str:
    if value is None:
        return "–"
    return quantity(float(value / 100 if unit == "%" else value), unit, decimals)


def _counts(indicator: Indicator | None) -> str:
    if indicator is None or indicator.unit != "%" or indicator.numerator is None or not indicator.denominator:
        return "–"
    return of_total(indicator.numerator, indicator.denominator)


def register_summary(entries: Sequence[RegisterEntry]) -> str:
    """Count the published figures by verdict, in one sentence."""
    counts = Counter(str(entry.verdict) for entry in entries)
    words = [f"{verdict} : {number(count)}" for verdict, count in counts.most_common()]
    total = len(entries)
    declared = sum(entry.declared for entry in entries)
    read = (
        f" Parmi eux, {number(declared)} sont lus dans le fichier de la campagne : rien ne les mesure."
        if declared
        else ""
    )
    counted = f"{number(total)} {plural(total, 'chiffre publié', 'chiffres publiés')} – {' ; '.join(words)}."
    return typeset(f"{counted}{read}")


def received_table(balance: pd.DataFrame) -> str:
    """Return the rows read of each file by what became of them."""
    caption = "<strong>Lignes lues dans chaque fichier, et ce qu’elles sont devenues</strong>"
    named = balance.assign(table=[load_schema(name).title for name in balance["table"]])
    ordered = named[["fichier", "table", *(name for name in _FATES if name in named)]].rename(columns=_FATES)
    return html_table(ordered, id="donnees-table", caption=caption)


def received_summary(balance: pd.DataFrame) -> str:
    """Say in one sentence how many rows were read, and what became of them."""
    totals = balance.select_dtypes("number").sum()
    parts = [f"{quantity(totals[name], _ROWS[name])}" for name in _ROWS if name in totals]
    files = balance["fichier"].nunique()  # a workbook may fill several tables
    return typeset(f"{number(files)} {plural(files, 'fichier', 'fichiers')} : {enumeration(parts)}.")


_ROWS = {
    "lues": "lignes lues",
    "reprise": "lignes reprises",
    "fusionnée": "lignes fusionnées",
    "écartée": "lignes écartées",
}
_FATES = {
    "lues": "Lignes lues",
    "reprise": "Reprises",
    "fusionnée": "Fusionnées",
    "écartée": "Écartées",
    "corrigées": "Corrigées",
}
