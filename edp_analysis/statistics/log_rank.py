"""Comparing the pace at which groups leave."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import finite_vector, labels, same_length, zero_one
from edp_analysis.statistics.results import HypothesisTest

__all__ = ["durations", "follow_up", "log_rank"]

Vector = npt.NDArray[np.float64]


def durations(duration: npt.ArrayLike) -> Vector:
    """Return follow-up times as an array; refuse missing and negative ones with a ``ValueError``.

    Examples
    --------
    >>> durations([3, 6])
    array([3., 6.])
    """
    time = finite_vector(duration, "durées")
    if (time < 0).any():
        raise ValueError(f"durées : {int((time < 0).sum())} valeur(s) négative(s)")
    return time


def follow_up(duration: npt.ArrayLike, event: npt.ArrayLike) -> tuple[Vector, Vector]:
    """Return follow-up times and whether the exit was seen (0/1), of the same length; ``ValueError`` otherwise.

    Examples
    --------
    >>> follow_up([3, 6], [True, False])
    (array([3., 6.]), array([1., 0.]))
    """
    time, seen = durations(duration), zero_one(event, "sorties")
    same_length(durées=time, sorties=seen)
    return time, seen


def log_rank(
    duration: npt.ArrayLike, event: npt.ArrayLike, group: npt.ArrayLike, strata: npt.ArrayLike | None = None
) -> HypothesisTest:
    """Log-rank test that groups leave at the same pace (Mantel 1966), stratified if asked.

    For one reason of exit among several, give `event` as "left for that reason" (cause-specific). Computed by
    ``statsmodels.duration.survfunc.survdiff``.

    Parameters
    ----------
    duration, event
        As :func:`edp_analysis.statistics.survival.kaplan_meier`.
    group : array_like, shape (n,)
        Two groups or more.
    strata : array_like, shape (n,), optional
        Compare within these only (schools).

    Returns
    -------
    HypothesisTest
        Chi-square with groups − 1 degrees of freedom.

    Raises
    ------
    ValueError
        Follow-up refused by :func:`follow_up`, fewer than two groups, no exit at all, or a group never followed beside
        another when someone leaves.

    Examples
    --------
    >>> test = log_rank([2, 4, 6, 8, 9, 11], [1, 1, 1, 1, 1, 0], ["a", "a", "a", "b", "b", "b"])
    >>> round(test.pvalue, 3)
    0.025
    """
    from statsmodels.duration.survfunc import survdiff

    time, seen = follow_up(duration, event)
    groups = labels(group, "groupe")
    layers = np.zeros(len(time)) if strata is None else labels(strata, "strate")
    same_length(durée=time, groupe=groups, strate=layers)
    size = len(np.unique(groups))
    if size < 2:
        raise ValueError("test du log-rank : il faut au moins deux groupes")
    if not seen.any():
        raise ValueError("test du log-rank : aucune sortie observée")
    kept = _compared(seen, groups, layers)
    if len(np.unique(groups[kept])) < size:
        raise ValueError("test du log-rank : un groupe n'est jamais comparé à un autre (aucune strate commune)")
    group_code = np.unique(groups[kept], return_inverse=True)[1]
    layer_code = np.unique(layers[kept], return_inverse=True)[1]
    alone = "test du log-rank : un groupe n'est jamais suivi en même temps qu'un autre quand une sortie a lieu"
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            chi_square, pvalue = survdiff(
                time[kept], seen[kept].astype(int), group_code, strata=None if strata is None else layer_code
            )
    except np.linalg.LinAlgError as error:
        raise ValueError(alone) from error
    if not math.isfinite(float(chi_square)):
        raise ValueError(alone)
    return HypothesisTest(float(chi_square), float(pvalue), "log-rank", size - 1)


def _compared(seen: Vector, groups: npt.NDArray[Any], layers: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Mark the strata with an exit and two groups; the others add nothing and make the variance singular."""
    kept = np.zeros(len(seen), dtype=bool)
    for layer in np.unique(layers):
        inside = layers == layer
        kept |= inside & bool(seen[inside].any() and len(np.unique(groups[inside])) > 1)
    return kept
