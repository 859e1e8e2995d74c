"""The two proposals of the published evaluation for the economic model, put in figures under declared hypotheses.

Backing by another structure: what of the charges could be shared, between a low and a high bound. A contribution to the
association's funds with a right of recovery: what it does to the balance sheet while it is there, and when it goes.
Both are meant for schools that open; accounts are those of schools already there, and each function says which exercise
it reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from edp_analysis.indicators.break_even import Economics
from edp_analysis.indicators.exercises import Exercise, read_exercises
from edp_analysis.indicators.finance_notions import NOTIONS
from edp_analysis.indicators.hypotheses import Hypotheses, load_sharing, longest_prefix
from edp_analysis.indicators.result import Indicator

__all__ = [
    "adossement", "adossement_gain", "apport", "apport_frng_sous_zero", "apport_rendu", "apport_total",
]  # fmt: skip

_NOTIONS = {notion.id: notion for notion in NOTIONS}
_IN_TOP = {"autonomie": True, "autonomie_11a": True, "autonomie_11b": False}
"""Variants of autonomy: whether account 103, where the contribution is booked, counts in the numerator."""
_RANKS = {False: "Première année entière de l’école", True: "Année plus tardive : la première n’a pas été reçue"}
"""Which year of the school the contribution is worked out from: whether an earlier entire one is missing."""
_TOLERANCE = pd.Timedelta(days=31)
"""A school that opens in the first days of an exercise was open throughout."""


def adossement(found: Sequence[Economics], comptes: pd.DataFrame, root: Path | None = None) -> pd.DataFrame:
    """Say, school by school, which charges a host structure could share, and what the result would then be.

    Parameters
    ----------
    found : sequence of Economics
        See :func:`~edp_analysis.indicators.break_even.economics`.
    comptes : pandas.DataFrame
        Clean accounts.
    root : pathlib.Path, optional
        Where ``data/reference/adossement.csv`` is.

    Returns
    -------
    pandas.DataFrame
        ``ecole``, ``partage_bas``, ``partage_haut``, ``resultat``, ``resultat_bas``, ``resultat_haut``
        (€), ``seuil``, ``seuil_bas``, ``seuil_haut`` (learners, with the low and with the high sharing). What the
        host would ask in return is not known and not counted.
    """
    sharing = load_sharing(root).set_index("compte")
    rows = []
    for e in found:
        low, high = (_shared(e.exercise, comptes, sharing[column]) for column in ("partage_bas", "partage_haut"))
        rows.append(
            (
                e.exercise.school, low, high, e.result, e.result + low, e.result + high,
                e.break_even, _break_even_less(e, low), _break_even_less(e, high),
            )
        )  # fmt: skip
    columns = [
        "ecole", "partage_bas", "partage_haut", "resultat", "resultat_bas", "resultat_haut", "seuil",
        "seuil_bas", "seuil_haut",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "float64"))


def _shared(exercise: Exercise, comptes: pd.DataFrame, shares: pd.Series) -> float:
    at_end = pd.to_datetime(comptes["date_fin"]) == pd.Timestamp(exercise.end)
    rows = comptes[(comptes["ecole"] == exercise.school) & at_end]
    total = 0.0
    for account, cents in zip(rows["compte"], rows["solde_centimes"], strict=True):
        prefix = longest_prefix(str(account), shares.index)
        total += float(shares[prefix]) * int(cents) / 100 if prefix else 0.0
    return total


def _break_even_less(e: Economics, saved: float) -> float | None:
    if e.break_even is None or e.margin is None:
        return None
    return max(e.fixed_charges - saved - e.fixed_products, 0.0) / e.margin


def adossement_gain(table: pd.DataFrame, bound: str) -> Indicator:
    """Return the charges shared by all the schools of :func:`adossement`; `bound` is ``"bas"`` or ``"haut"``."""
    empty = table.empty
    words = {"bas": "basse", "haut": "haute"}[bound]
    return Indicator(
        f"adossement_{bound}", f"Charges partageables, hypothèse {words}",
        None if empty else float(table[f"partage_{bound}"].sum()), "€",
        f"{len(table)} écoles ayant remis leurs comptes, dernier exercice",
        method="charges × part partageable déclarée ; contrepartie de la structure d’appui non comptée",
        reason="aucun compte reçu" if empty else "", rows=tuple(map(str, table["ecole"])),
    )  # fmt: skip


def apport(comptes: pd.DataFrame, ecoles: pd.DataFrame, assumed: Hypotheses) -> pd.DataFrame:
    """Book, in the last balance sheet of each school, a contribution with a right of recovery (account 103).

    The amount is the declared share of the charges of the first exercise received in which the school was open
    throughout: an exercise it opened in the course of holds a few months of charges. The cash comes in full: it first
    extinguishes an overdraft, and what remains raises the total of the balance sheet.

    Whether it could be given back in time is read twice, on the self-financing of the last exercise kept as it is: with
    the loans repaid first, at the pace of that exercise and until they are paid off; and with nothing repaid. Equipment
    to be renewed is deducted from neither.

    Parameters
    ----------
    comptes, ecoles : pandas.DataFrame
        Clean tables.
    assumed : Hypotheses
        ``apport_part_charges`` and ``apport_duree``.

    Returns
    -------
    pandas.DataFrame
        One row a school that has such an exercise: ``ecole``, ``exercice`` (end of that exercise), ``rang`` (whether
        it is the first entire year of the school or a later one, in words), ``apport``, ``caf`` (€, last exercise),
        ``emprunts`` (€, still owed), ``remboursements`` (€, fall of the loans owed between the last two exercises;
        missing with one), ``reste`` (€ left over the duration, loans repaid first), ``rendu_dettes``, ``rendu``
        (whether it covers the contribution, loans repaid first or nothing repaid; the first is missing with
        ``remboursements``), ``frng``, ``frng_avec`` (€), then each variant of autonomy without and with it
        (``autonomie_11b``, ``autonomie_11b_avec``…, shares).
    """
    opened = dict(zip(ecoles["ecole"], pd.to_datetime(ecoles["date_ouverture"]), strict=True))
    received: dict[str, list[Exercise]] = {}
    for exercise in read_exercises(comptes):
        received.setdefault(exercise.school, []).append(exercise)
    rows = []
    for school, own in received.items():
        entire = [x for x in own if school in opened and pd.Timestamp(x.start) >= opened[school] - _TOLERANCE]
        if entire:
            rows.append(_with_contribution(own, entire[0], opened[school], assumed))
    amounts = ["apport", "caf", "emprunts", "remboursements", "reste"]
    last = ["frng", "frng_avec", *(name for id in _IN_TOP for name in (id, f"{id}_avec"))]
    columns = ["ecole", "exercice", "rang", *amounts, "rendu_dettes", "rendu", *last]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys([*amounts, *last], "float64"))
    return frame.astype({"rendu_dettes": "boolean", "rendu": "boolean"})


def _with_contribution(
    own: Sequence[Exercise], first: Exercise, opened: pd.Timestamp, assumed: Hypotheses
) -> dict[str, object]:
    last = own[-1]
    share, years = (assumed.value(code, last.school) for code in ("apport_part_charges", "apport_duree"))
    amount = share * _euros("charges", first) * 12 / first.months
    overdraft = sum(-item.cents for item in last.accounts if item.line.block == "TN" and item.cents < 0) / 100
    total, cash_flow, owed = (_euros(id, last) for id in ("total_bilan", "caf", "emprunts"))
    repaid = max(_euros("emprunts", own[-2]) - owed, 0.0) if len(own) > 1 else None
    left = None if repaid is None else cash_flow * years - min(repaid * years, owed)
    earlier = pd.Timestamp(first.start) - pd.DateOffset(years=1) >= opened - _TOLERANCE
    rank = _RANKS[earlier]
    row: dict[str, object] = {
        "ecole": last.school, "exercice": f"{first.end:%d/%m/%Y}", "rang": rank,
        "apport": amount, "caf": cash_flow, "emprunts": owed, "remboursements": repaid, "reste": left,
        "rendu_dettes": None if left is None else left >= amount, "rendu": cash_flow * years >= amount,
        "frng": _euros("frng", last), "frng_avec": _euros("frng", last) + amount,
    }  # fmt: skip
    larger = total + amount - min(amount, overdraft)
    for id, counted in _IN_TOP.items():
        top = _euros(id, last)
        row[id] = top / total if total > 0 else None
        row[f"{id}_avec"] = (top + amount * counted) / larger if larger > 0 else None
    return row


def _euros(id: str, exercise: Exercise) -> float:
    return float(_NOTIONS[id].top(exercise) or 0) / 100


def apport_total(table: pd.DataFrame) -> Indicator:
    """Return what the contributions of :func:`apport` would cost the Région while they are out."""
    return Indicator(
        "apport_total", "Apports avec droit de reprise", None if table.empty else float(table["apport"].sum()), "€",
        f"{len(table)} écoles ayant remis leurs comptes",
        method="part déclarée des charges du premier exercice entier reçu, ramenées à douze mois",
        reason="aucun compte reçu" if table.empty else "", rows=tuple(map(str, table["ecole"])),
    )  # fmt: skip


def apport_rendu(table: pd.DataFrame, dettes: bool) -> Indicator:
    """Count the schools whose self-financing, kept as it is, would give the contribution back in time.

    Parameters
    ----------
    table : pandas.DataFrame
        Of :func:`apport`.
    dettes : bool
        Whether loans are repaid first (only the schools of which two exercises are known then count).
    """
    told = table["rendu_dettes" if dettes else "rendu"]
    known, words = (
        table[told.notna()],
        "emprunts remboursés d’abord" if dettes else "rien n’étant remboursé ni renouvelé",
    )
    able = known.loc[told[told.notna()].astype(bool), "ecole"]
    return Indicator(
        "apport_rendu_dettes" if dettes else "apport_rendu",
        f"Écoles pouvant rendre l’apport à temps, {words}", None if known.empty else float(len(able)), "écoles",
        "écoles ayant remis leurs comptes, dernier exercice", len(able), len(known),
        method=f"capacité d’autofinancement du dernier exercice × durée ≥ apport, {words}",
        reason=("deux exercices sont nécessaires" if len(table) else "aucun compte reçu") if known.empty else "",
        rows=tuple(map(str, able)),
    )  # fmt: skip


def apport_frng_sous_zero(table: pd.DataFrame, avec: bool) -> Indicator:
    """Count the schools whose working capital is under zero in the last balance sheet, with the contribution or not."""
    below = table.loc[table["frng_avec" if avec else "frng"] < 0, "ecole"]
    words = "avec l’apport" if avec else "sans l’apport"
    return Indicator(
        f"apport_frng_{'avec' if avec else 'sans'}", f"Écoles au fonds de roulement sous zéro, {words}",
        None if table.empty else float(len(below)), "écoles", "écoles ayant remis leurs comptes, dernier exercice",
        len(below), len(table), method="ressources durables − emplois stables bruts, apport au compte 103",
        reason="aucun compte reçu" if table.empty else "", rows=tuple(map(str, below)),
    )  # fmt: skip
