"""What losing part of what a school lives on would do to the last exercise, and which loss would bring it to zero.

Each origin of revenue is tried alone, charges unchanged, on the last exercises read under the declared model
(:mod:`edp_analysis.indicators.break_even`). Nothing here says how likely a loss is, nor tries two at a time.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from edp_analysis.indicators.break_even import Economics
from edp_analysis.indicators.hypotheses import Hypotheses
from edp_analysis.indicators.regional_funding import subventions_region
from edp_analysis.indicators.result import Indicator
from edp_analysis.indicators.triptych import legs

__all__ = ["baisse_forfait", "deficits_apres_perte", "resultat_reuni", "sensibilite"]

_NO_ACCOUNTS = "aucun compte reçu"
_LEGS = {
    "sales": "Ventes", "public": "Subventions publiques",
    "private_with_tax": "Contributions privées, taxe d’apprentissage comprise",
}  # fmt: skip


def sensibilite(found: Sequence[Economics], assumed: Hypotheses) -> pd.DataFrame:
    """Take the same share off each leg of the triptych in turn, charges unchanged, on the last exercises.

    Returns
    -------
    pandas.DataFrame
        One row a leg: ``origine``, ``montant``, ``perte``, ``resultat_apres`` (€, schools together),
        ``deficits_apres`` (schools), ``perte_nulle`` (share of the leg whose loss brings the result of the schools
        together to zero; missing when that result is not positive). Empty without accounts.
    """
    loss, result = assumed.value("variation_jambe"), sum(e.result for e in found)
    rows = []
    for name, label in _LEGS.items():
        amounts = _amounts(found, name)
        total = sum(amounts)
        after = [e.result - loss * amount for e, amount in zip(found, amounts, strict=True)]
        nil = result / total if total > 0 and result > 0 else None
        rows.append((label, total, loss * total, sum(after), sum(one < 0 for one in after), nil))
    columns = ["origine", "montant", "perte", "resultat_apres", "deficits_apres", "perte_nulle"]
    return pd.DataFrame(rows if found else [], columns=columns).astype({"perte_nulle": "float64"})


def resultat_reuni(found: Sequence[Economics]) -> Indicator:
    """Return the result of the last exercises, schools together."""
    return Indicator(
        "resultat_reuni", "Résultat des écoles réunies", sum(e.result for e in found) if found else None, "€",
        _words(found), method="somme des résultats nets", reason="" if found else _NO_ACCOUNTS,
        rows=tuple(e.exercise.key for e in found),
    )  # fmt: skip


def deficits_apres_perte(found: Sequence[Economics], assumed: Hypotheses, leg: str = "public") -> Indicator:
    """Count the schools in deficit once the declared share of one leg is lost.

    Parameters
    ----------
    found : sequence of Economics
    assumed : Hypotheses
        ``variation_jambe``.
    leg : {'sales', 'public', 'private_with_tax'}
    """
    loss = assumed.value("variation_jambe")
    short = [e for e, amount in zip(found, _amounts(found, leg), strict=True) if e.result - loss * amount < 0]
    return Indicator(
        f"deficits_apres_{leg}", f"Écoles en déficit après la perte : {_LEGS[leg]}",
        float(len(short)) if found else None, "écoles", _words(found), len(short), len(found),
        method="résultat − perte sur une origine, charges inchangées", reason="" if found else _NO_ACCOUNTS,
        rows=tuple(e.exercise.key for e in short),
    )  # fmt: skip


def baisse_forfait(found: Sequence[Economics]) -> Indicator:
    """Return the cut in the lump sum per learner that brings the result of the schools together to zero.

    Shared between the learners of the schools to which the Région granted operating money in the exercise.
    """
    paid = [e for e in found if _operating(e) > 0]
    heads, result = sum(e.exercise.heads or 0 for e in paid), sum(e.result for e in found)
    reason = "" if heads else ("aucune école au forfait" if found else _NO_ACCOUNTS)
    if not reason and result <= 0:
        reason = "le résultat n’est pas positif"
    return Indicator(
        "baisse_forfait", "Baisse du forfait par apprenant qui annulerait le résultat",
        None if reason else result / heads, "€", _words(found), None if reason else result, heads,
        method="résultat des écoles réunies / apprenants présents", reason=reason,
        rows=tuple(e.exercise.key for e in paid),
    )  # fmt: skip


def _operating(e: Economics) -> float:
    if e.exercise.grants is None:
        return 0.0
    rows = subventions_region(e.exercise.grants)
    return float(rows.loc[rows["objet"] == "FONCTIONNEMENT", "montant"].sum())


def _amounts(found: Sequence[Economics], leg: str) -> list[float]:
    return [getattr(legs(e.exercise), leg) / 100 for e in found]


def _words(found: Sequence[Economics]) -> str:
    return f"{len(found)} écoles ayant remis leurs comptes, dernier exercice"
