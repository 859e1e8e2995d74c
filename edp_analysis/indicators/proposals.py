"""The two proposals of the published evaluation for the economic model, put in figures under declared hypotheses.

Backing by another structure: what of the charges could be shared, between a low and a high bound. A contribution to the
association's funds with a right of recovery: what it does to the balance sheet while it is there, and when it goes.
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

__all__ = ["adossement", "adossement_gain", "apport", "apport_rendu", "apport_total"]

_NOTIONS = {notion.id: notion for notion in NOTIONS}
_AUTONOMY = {
    "autonomie": "Fonds propres",
    "autonomie_11a": "Hors subventions d'équipement",
    "autonomie_11b": "Hors apports à rendre aussi",
    "autonomie_11c": "Avec fonds dédiés",
    "autonomie_11d": "Avec prêts participatifs",
}
_IN_TOP = {"autonomie": True, "autonomie_11a": True, "autonomie_11b": False, "autonomie_11c": True,
           "autonomie_11d": True}  # fmt: skip
"""Whether account 103, where the contribution is booked, counts in the numerator."""


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
        ``ecole``, ``exercice``, ``partage_bas``, ``partage_haut``, ``resultat``, ``resultat_bas``, ``resultat_haut``
        (€), ``seuil``, ``seuil_bas``, ``seuil_haut`` (learners, with the low and with the high sharing). What the
        host would ask in return is not known and not counted.
    """
    sharing = load_sharing(root).set_index("compte")
    rows = []
    for e in found:
        low, high = (_shared(e.exercise, comptes, sharing[column]) for column in ("partage_bas", "partage_haut"))
        rows.append(
            (
                e.exercise.school, e.exercise.end.year, low, high, e.result, e.result + low, e.result + high,
                e.break_even, _break_even_less(e, low), _break_even_less(e, high),
            )
        )  # fmt: skip
    columns = [
        "ecole", "exercice", "partage_bas", "partage_haut", "resultat", "resultat_bas", "resultat_haut", "seuil",
        "seuil_bas", "seuil_haut",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[2:], "float64"))


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


def apport(comptes: pd.DataFrame, assumed: Hypotheses) -> pd.DataFrame:
    """Book, in the last balance sheet of each school, a contribution with a right of recovery (account 103).

    The amount is the declared share of the charges of the first exercise known, brought to twelve months. The cash
    comes in full: it first extinguishes an overdraft, and what remains raises the total of the balance sheet.

    Parameters
    ----------
    comptes : pandas.DataFrame
        Clean accounts.
    assumed : Hypotheses
        ``apport_part_charges`` and ``apport_duree``.

    Returns
    -------
    pandas.DataFrame
        One row a school: ``ecole``, ``exercice``, ``apport``, ``fonds_propres``, ``fonds_propres_avec``, ``frng``,
        ``frng_avec`` (€), then each variant of autonomy without and with it (``autonomie_11b``,
        ``autonomie_11b_avec``…, shares), ``caf`` (€, last exercise), ``annees_caf`` (years of that self-financing to
        give the amount back; missing when it is not positive), ``rendu`` (whether `apport_duree` years are enough).
    """
    first: dict[str, Exercise] = {}
    last: dict[str, Exercise] = {}
    for exercise in read_exercises(comptes):
        first.setdefault(exercise.school, exercise)
        last[exercise.school] = exercise
    rows = [_with_contribution(first[school], last[school], assumed) for school in last]
    columns = ["ecole", "exercice", "apport", "fonds_propres", "fonds_propres_avec", "frng", "frng_avec"]
    columns += [name for id in _AUTONOMY for name in (id, f"{id}_avec")] + ["caf", "annees_caf", "rendu"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({**dict.fromkeys(columns[2:-1], "float64"), "rendu": "bool"})


def _with_contribution(first: Exercise, last: Exercise, assumed: Hypotheses) -> dict[str, object]:
    share, years = (assumed.value(code, last.school) for code in ("apport_part_charges", "apport_duree"))
    amount = share * _euros("charges", first) * 12 / first.months
    overdraft = sum(-item.cents for item in last.accounts if item.line.block == "TN" and item.cents < 0) / 100
    total, cash_flow = _euros("total_bilan", last), _euros("caf", last)
    row: dict[str, object] = {"ecole": last.school, "exercice": last.end.year, "apport": amount}
    for id in ("fonds_propres", "frng"):
        row |= {id: _euros(id, last), f"{id}_avec": _euros(id, last) + amount}
    larger = total + amount - min(amount, overdraft)
    for id in _AUTONOMY:
        top = _euros(id, last)
        row[id] = top / total if total > 0 else None
        row[f"{id}_avec"] = (top + amount * _IN_TOP[id]) / larger if larger > 0 else None
    row |= {"caf": cash_flow, "annees_caf": amount / cash_flow if cash_flow > 0 else None}
    return {**row, "rendu": cash_flow * years >= amount}


def _euros(id: str, exercise: Exercise) -> float:
    return float(_NOTIONS[id].top(exercise) or 0) / 100


def apport_total(table: pd.DataFrame) -> Indicator:
    """Return what the contributions of :func:`apport` would cost the Région while they are out."""
    return Indicator(
        "apport_total", "Apports avec droit de reprise", None if table.empty else float(table["apport"].sum()), "€",
        f"{len(table)} écoles ayant remis leurs comptes",
        method="part déclarée des charges du premier exercice connu, ramenées à douze mois",
        reason="aucun compte reçu" if table.empty else "", rows=tuple(map(str, table["ecole"])),
    )  # fmt: skip


def apport_rendu(table: pd.DataFrame) -> Indicator:
    """Count the schools whose self-financing, kept as it is, would give the contribution back in time."""
    able = table.loc[table["rendu"], "ecole"]
    return Indicator(
        "apport_rendu", "Écoles pouvant rendre l’apport sur leur autofinancement",
        None if table.empty else float(len(able)), "écoles", "écoles ayant remis leurs comptes, dernier exercice",
        len(able), len(table), method="capacité d’autofinancement du dernier exercice × durée ≥ apport",
        reason="aucun compte reçu" if table.empty else "", rows=tuple(map(str, able)),
    )  # fmt: skip
