"""Funnel of schools: how far a rate may be from the overall one by chance alone. Alphabetical, never ranked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_count, check_level, finite_vector, labels, same_length

__all__ = ["Funnel", "false_alarm", "funnel", "funnel_limits"]


def funnel_limits(total: int, centre: float, level: float = 0.95, inflation: float = 1.0) -> tuple[float, float]:
    r"""Exact binomial control limits of a rate, interpolated to fall smoothly with size.

    Lower limit of Spiegelhalter (2005, A.1.1): with r the (1 − `level`)/2 quantile of the binomial,
    :math:`(r - \alpha)/n`, :math:`\alpha = (P(R \le r) - p)/P(R = r)`, not below 0. The upper limit is the lower
    one of the complement, so that calling success failure only turns the funnel. A count strictly beyond a limit then
    has a tail probability of at most (1 − `level`)/2, on both sides.

    Parameters
    ----------
    total : int
        Persons in the denominator.
    centre : float
        Rate expected, in (0, 1).
    level : float, default 0.95
    inflation : float, default 1
        Multiplicative overdispersion φ ≥ 1: distances to the centre are multiplied by √φ.

    Returns
    -------
    tuple of float
        Lower and upper limit, in [0, 1].

    Raises
    ------
    ValueError
        `total` not positive, `centre` outside (0, 1), `inflation` below 1, impossible level.

    Examples
    --------
    >>> low, high = funnel_limits(20, 0.54)
    >>> round(low, 4), round(high, 4)
    (0.2959, 0.7841)
    """
    check_count(0, total)
    check_level(level)
    if not 0 < centre < 1:
        raise ValueError(f"taux de référence {centre} : il doit être strictement entre 0 et 1")
    if not inflation >= 1:
        raise ValueError(f"surdispersion {inflation} : elle doit être au moins 1")
    low, high = _lower(total, centre, level), 1 - _lower(total, 1 - centre, level)
    stretch = math.sqrt(inflation)
    return max(0.0, centre - stretch * (centre - low)), min(1.0, centre + stretch * (high - centre))


@dataclass(frozen=True)
class Funnel:
    """Funnel of a set of groups.

    Attributes
    ----------
    centre : float
        Overall rate.
    phi : float
        Overdispersion estimated: mean squared z score, the extreme tenths brought back (Spiegelhalter 2005, A.3).
        Near 1 when chance explains the differences; shown even when it is not used.
    applied : float
        Overdispersion used in the limits: 1, or max(1, `phi`) when asked.
    table : pandas.DataFrame, one row a group, in alphabetical order
        ``groupe``, ``compte``, ``effectif``, ``taux``, ``bas_alerte``, ``haut_alerte`` (95 %), ``bas_signal``,
        ``haut_signal`` (99.8 %), ``signal`` (bool: strictly outside the 99.8 % limits).
    """

    centre: float
    phi: float
    applied: float
    table: pd.DataFrame


def funnel(
    names: Sequence[str],
    counts: npt.ArrayLike,
    totals: npt.ArrayLike,
    *,
    overdispersion: bool = False,
    levels: tuple[float, float] = (0.95, 0.998),
) -> Funnel:
    """Place each group against what chance allows around the overall rate.

    Parameters
    ----------
    names : sequence of str, length k ≥ 2
        Different names of the groups (schools).
    counts, totals : array_like of int, shape (k,)
        Cases and persons of each group.
    overdispersion : bool, default False
        Widen the limits by √φ when φ is above 1.
    levels : tuple of float, default (0.95, 0.998)
        Levels of the alert and of the signal. Only the second is a signal: see :func:`false_alarm`.

    Raises
    ------
    ValueError
        Fewer than two groups, repeated names, impossible counts, or a rate of 0 or 1 overall: nothing varies.

    Examples
    --------
    >>> result = funnel(["EDP-02", "EDP-01", "EDP-03"], [5, 12, 14], [20, 24, 30])
    >>> result.table["groupe"].tolist(), result.table["signal"].any()
    (['EDP-01', 'EDP-02', 'EDP-03'], np.False_)
    """
    groups, count, total = (
        labels(names, "groupes"),
        finite_vector(counts, "comptes"),
        finite_vector(totals, "effectifs"),
    )
    same_length(groupes=groups, comptes=count, effectifs=total)
    if len(groups) < 2 or len(set(groups.tolist())) < len(groups):
        raise ValueError("entonnoir : il faut au moins deux groupes, de noms différents")
    for one, whole in zip(count, total, strict=True):
        check_count(one, whole)
    centre = float(count.sum() / total.sum())
    if centre in (0.0, 1.0):
        raise ValueError("entonnoir : tout le monde ou personne n'est dans le cas étudié, aucun taux ne varie")
    phi = _overdispersion(count, total, centre)
    applied = max(1.0, phi) if overdispersion else 1.0
    alert = [funnel_limits(int(n), centre, levels[0], applied) for n in total]
    signal = [funnel_limits(int(n), centre, levels[1], applied) for n in total]
    rate = count / total
    table = pd.DataFrame(
        {
            "groupe": groups,
            "compte": count.astype(int),
            "effectif": total.astype(int),
            "taux": rate,
            "bas_alerte": [low for low, _ in alert],
            "haut_alerte": [high for _, high in alert],
            "bas_signal": [low for low, _ in signal],
            "haut_signal": [high for _, high in signal],
            "signal": [not low <= one <= high for one, (low, high) in zip(rate, signal, strict=True)],
        }
    )
    return Funnel(centre, phi, applied, table.sort_values("groupe", ignore_index=True))


def false_alarm(groups: int, level: float = 0.95) -> float:
    """Chance that at least one of `groups` ordinary groups falls outside limits of `level`: 1 − level^groups.

    Raises
    ------
    ValueError
        No group, or an impossible level.

    Examples
    --------
    Ten schools: two times in five at 95 %, one in fifty at 99.8 %.

    >>> round(false_alarm(10), 2), round(false_alarm(10, 0.998), 2)
    (0.4, 0.02)
    """
    check_level(level)
    if groups < 1:
        raise ValueError(f"{groups} groupe : il en faut au moins un")
    return float(1 - level**groups)


def _lower(total: int, centre: float, level: float) -> float:
    from scipy.stats import binom

    tail = (1 - level) / 2
    quantile = int(binom.ppf(tail, total, centre))
    overshoot = (binom.cdf(quantile, total, centre) - tail) / binom.pmf(quantile, total, centre)
    return float(max(0.0, (quantile - overshoot) / total))


def _overdispersion(
    count: npt.NDArray[np.float64], total: npt.NDArray[np.float64], centre: float, tails: float = 0.1
) -> float:
    z = (count / total - centre) / np.sqrt(centre * (1 - centre) / total)
    low, high = np.quantile(z, [tails, 1 - tails])
    return float(np.mean(np.clip(z, low, high) ** 2))
