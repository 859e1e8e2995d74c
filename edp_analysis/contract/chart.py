"""The chart of accounts: where each account stands in the balance sheet, the result and the funding triptych.

The mapping is data (``mappings/plan_comptable.csv``), one line a prefix; the longest prefix that fits wins. It is
rewritten from the numbers and official names of the associations' chart (règlement ANC 2018-06) and of the general
chart before and after 1 January 2025 (règlement ANC 2022-06), which gives three prefixes (649, 657, 757) another
meaning: those are keyed by regime.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from edp_analysis.contract.codes import load_codes

__all__ = ["ChartLine", "chart_lines", "find_account", "regime_on"]

_FILE = Path(__file__).parent / "mappings" / "plan_comptable.csv"
_ANY_REGIME = "tous"
_ALLOWED = {
    "regime": {_ANY_REGIME, "2018", "2025"},
    "cote": {"ACTIF", "PASSIF", "SOLDE", "CHARGE", "PRODUIT", "HORS"},
    "bloc": {"RD", "ES", "BFR", "TN", "RESULTAT", "HORS"},
    "section": {"", "EXPLOITATION", "FINANCIER", "EXCEPTIONNEL", "IMPOT"},
    "caf": {"", "oui", "non"},
    "decaissable": {"", "oui", "non"},
    "jambe": {"", "CA", "SUBVENTIONS", "PRIVE", "AUTRES"},
    "sens": {"", "D", "C"},
}


@dataclass(frozen=True)
class ChartLine:
    """What accounts that begin with one prefix are.

    Attributes
    ----------
    prefix : str
        First digits of the account.
    regime : str
        ``"2018"``, ``"2025"`` or ``"tous"``.
    side : str
        ``ACTIF`` or ``PASSIF``: always on that side, counted with its sign; ``SOLDE``: on the side of its balance;
        ``CHARGE``, ``PRODUIT``; ``HORS``: neither in the balance sheet nor in the result (class 8).
    block : str
        Functional block: ``RD`` stable resources, ``ES`` stable uses (gross), ``BFR``, ``TN`` cash; ``RESULTAT`` for
        classes 6 and 7; ``HORS``.
    line : str
        Line of the balance sheet or of the income statement, e.g. ``"SUBVENTIONS_A_RECEVOIR"``.
    section : str
        Level of the result: ``EXPLOITATION``, ``FINANCIER``, ``EXCEPTIONNEL``, ``IMPOT``.
    in_cash_flow : bool
        Counts in the self-financing capacity (CAF).
    paid_out : bool
        A charge that is paid in cash (days of cash).
    leg : str
        Leg of the triptych, for class 7: ``CA``, ``SUBVENTIONS``, ``PRIVE`` or ``AUTRES``.
    sign : str
        Side where the balance is expected, ``"D"`` or ``"C"``; empty when both are usual.
    label : str
        French wording.
    """

    prefix: str
    regime: str
    side: str
    block: str
    line: str
    section: str
    in_cash_flow: bool
    paid_out: bool
    leg: str
    sign: str
    label: str


@cache
def chart_lines() -> tuple[ChartLine, ...]:
    """Read the mapping, in the order of its file.

    Raises
    ------
    ValueError
        A value outside its list, or one prefix given twice for one regime: a defect of the mapping.
    """
    with _FILE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    seen: set[tuple[str, str]] = set()
    for row in rows:
        for column, allowed in _ALLOWED.items():
            if row[column] not in allowed:
                raise ValueError(f"plan_comptable.csv : {column} = « {row[column]} » pour {row['prefixe']}")
        regimes = ("2018", "2025") if row["regime"] == _ANY_REGIME else (row["regime"],)
        keys = {(row["prefixe"], regime) for regime in regimes}
        if keys & seen:
            raise ValueError(f"plan_comptable.csv : le préfixe {row['prefixe']} est donné deux fois")
        seen |= keys
    return tuple(_line(row) for row in rows)


def _line(row: dict[str, str]) -> ChartLine:
    return ChartLine(
        prefix=row["prefixe"],
        regime=row["regime"],
        side=row["cote"],
        block=row["bloc"],
        line=row["poste"],
        section=row["section"],
        in_cash_flow=row["caf"] == "oui",
        paid_out=row["decaissable"] == "oui",
        leg=row["jambe"],
        sign=row["sens"],
        label=row["libelle"],
    )


@cache
def _index(regime: str) -> dict[str, ChartLine]:
    return {line.prefix: line for line in chart_lines() if line.regime in (_ANY_REGIME, regime)}


@cache
def find_account(account: str, regime: str) -> ChartLine | None:
    """Return the line of the chart for an account: the one with the longest prefix, ``None`` when there is none.

    Parameters
    ----------
    account : str
        Account number, digits only.
    regime : str
        ``"2018"`` or ``"2025"``.

    Examples
    --------
    >>> find_account("6570", "2018").line, find_account("6570", "2025").line
    ('AIDES_FINANCIERES', 'VALEUR_COMPTABLE_CESSIONS')
    >>> find_account("999", "2018") is None
    True
    """
    index = _index(regime)
    return next((index[account[:n]] for n in range(len(account), 0, -1) if account[:n] in index), None)


def regime_on(first_day: date) -> str:
    """Return the chart in force for an exercise opened on `first_day` (code list ``regime_plan``).

    An exercise opened before the first regime of the list (2018-2019, while the former chart was being replaced) is
    read with that first regime.

    Examples
    --------
    >>> regime_on(date(2024, 9, 1)), regime_on(date(2025, 1, 1)), regime_on(date(2019, 9, 1))
    ('2018', '2025', '2018')
    """
    codes = load_codes("regime_plan").codes
    return next((item.code for item in codes if item.valid_on(first_day)), codes[0].code)
