"""What full classes would bring, and the sales that would pay for the workshop.

Both read the last exercise again under the declared model (:mod:`edp_analysis.indicators.break_even`): youths to fill
the classes and orders to fill the workshop are taken for granted.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from edp_analysis.indicators.break_even import Economics
from edp_analysis.indicators.result import Indicator

__all__ = ["ateliers", "ecoles_sous_seuil_atelier", "effet_classes_pleines"]

_NO_ACCOUNTS = "aucun compte reçu"


def ateliers(found: Sequence[Economics]) -> pd.DataFrame:
    """Lay out, school by school, what full classes and the workshop would take.

    Returns
    -------
    pandas.DataFrame
        ``ecole``, ``presents``, ``places``, ``resultat``, ``resultat_plein`` (every place taken, the staff growing as
        the learners do), ``ventes``, ``ventes_seuil`` (€; the sales that would cover the share of the fixed charges
        that production bears, see :attr:`~edp_analysis.indicators.break_even.Economics.workshop_sales`).
    """
    rows = [
        (
            e.exercise.school, e.exercise.heads, e.capacity, e.result, e.full_result_staffed, e.sales, e.workshop_sales
        )
        for e in found
    ]  # fmt: skip
    columns = ["ecole", "presents", "places", "resultat", "resultat_plein", "ventes", "ventes_seuil"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "float64"))


def ecoles_sous_seuil_atelier(found: Sequence[Economics]) -> Indicator:
    """Count the schools whose sales do not cover the part of the fixed charges that production bears."""
    known = [e for e in found if e.workshop_sales is not None]
    below = [e for e in known if e.sales < (e.workshop_sales or 0.0)]
    reason = "" if known else ("aucun seuil calculable" if found else _NO_ACCOUNTS)
    return Indicator(
        "ecoles_sous_seuil_atelier", "Écoles dont les ventes sont sous le seuil d’atelier",
        float(len(below)) if known else None, "écoles", "écoles ayant remis leurs comptes, dernier exercice",
        len(below), len(known),
        method="part de production des charges fixes / taux de marge brute, selon le modèle déclaré", reason=reason,
        rows=tuple(e.exercise.key for e in below),
    )  # fmt: skip


def effet_classes_pleines(found: Sequence[Economics], encadrement: bool) -> Indicator:
    """Return what full classes would add to the result of all the schools with accounts.

    Parameters
    ----------
    found : sequence of Economics
    encadrement : bool
        Whether the staff grows as the learners do, or stays as it is: then one master has more than the eight youths of
        the convention of the trade, and the figure is no more than a bound.
    """
    full = [(e, e.full_result_staffed if encadrement else e.full_result) for e in found]
    known = [(e, value) for e, value in full if value is not None]
    reason = "" if known else ("aucune capacité connue" if found else _NO_ACCOUNTS)
    words = "personnel proportionnel à l’effectif" if encadrement else "personnel inchangé"
    return Indicator(
        f"effet_classes_pleines_{'encadre' if encadrement else 'libre'}", f"Effet de classes pleines, {words}",
        sum(value - e.result for e, value in known) if known else None, "€",
        f"{len(known)} écoles ayant remis leurs comptes, dernier exercice",
        method=f"marge par apprenant × places libres, classes inchangées, {words}", reason=reason,
        rows=tuple(e.exercise.key for e, _ in known),
    )  # fmt: skip
