"""Time to exit: survival, cumulative incidence of competing exits, and their comparison.

The estimators are written out from the counts. ``statsmodels``' ``CumIncidenceRight`` gives the same estimates, but
its standard error is missing, with a warning, as soon as all those still present leave on one date: the last day of
a two-year course. The package usually recommended draws at random to separate exits that share a date; nothing is
random here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, finite_vector, labels, same_length
from edp_analysis.statistics.log_rank import durations, follow_up

__all__ = ["Duration", "cumulative_incidence", "kaplan_meier", "survival_quantile"]

Vector = npt.NDArray[np.float64]
AT_RISK = 20
"""Below this number of persons still followed, a curve is not shown (people could be recognised, and it is noise)."""


@dataclass(frozen=True)
class _Steps:
    """Step functions: `incidence` and `error` have shape (causes, times); `survival` shape (times,)."""

    times: Vector
    at_risk: Vector
    survival: Vector
    incidence: Vector
    error: Vector


def kaplan_meier(
    duration: npt.ArrayLike,
    event: npt.ArrayLike,
    grid: Sequence[float],
    level: float = 0.95,
    minimum_at_risk: int = AT_RISK,
) -> pd.DataFrame:
    r"""Kaplan–Meier share of persons still present, on a fixed grid.

    Greenwood's standard error; log-log limits :math:`S^{\exp(\pm z\, se/(S \ln S))}` (Kalbfleisch and Prentice 2002,
    1.4). Where S is still 1 or already 0 its standard error is nil: the limit is then the exact binomial one for the
    persons at risk.

    Parameters
    ----------
    duration : array_like, shape (n,)
        Time from entry to exit or to the end of follow-up, not negative, in any unit (months).
    event : array_like of 0/1 or bool, shape (n,)
        Whether the exit was seen; otherwise the person was still present (censored).
    grid : sequence of float
        Increasing times at which to read the curve, same unit.
    level : float, default 0.95
    minimum_at_risk : int, default 20
        The grid stops before the first time at which fewer persons are followed. At least 1.

    Returns
    -------
    pandas.DataFrame
        ``duree``, ``a_risque`` (followed up to that time), ``survie``, ``erreur_type``, ``bas``, ``haut`` (shares).

    Raises
    ------
    ValueError
        Missing or negative durations, events other than 0 and 1, different lengths, or a grid that does not increase.

    Examples
    --------
    >>> curve = kaplan_meier([6, 6, 12, 24, 24], [1, 0, 1, 0, 0], [6, 12], minimum_at_risk=1)
    >>> curve["survie"].round(4).tolist()
    [0.8, 0.5333]
    """
    check_level(level)
    time, seen = follow_up(duration, event)
    steps = _steps(time, seen.astype(int) - 1, 1)
    points = _grid(time, grid, minimum_at_risk)
    rows = []
    for when in points:
        at_risk = int((time >= when).sum())
        survival, error = _read(steps.times, steps.survival, when, 1.0), _read(steps.times, steps.error[0], when, 0.0)
        low, high = _log_log(survival, error, at_risk, level)
        rows.append((when, at_risk, survival, error, low, high))
    return pd.DataFrame(rows, columns=["duree", "a_risque", "survie", "erreur_type", "bas", "haut"])


def cumulative_incidence(
    duration: npt.ArrayLike,
    status: npt.ArrayLike,
    causes: Sequence[str],
    censored: str,
    grid: Sequence[float],
    level: float = 0.95,
    minimum_at_risk: int = AT_RISK,
) -> pd.DataFrame:
    r"""Share of persons gone for each reason, on a fixed grid, when the reasons exclude each other.

    Aalen–Johansen estimate (Aalen and Johansen 1978), delta-method standard error, log-log limits
    :math:`F^{\exp(\pm z\, se/(F \ln F))}`; equal to R's ``survfit``, ties included. Where F is still 0 or already 1,
    the exact binomial limit for those still at risk or gone before, for whatever reason. One minus a Kaplan–Meier
    curve per reason would count exits for the other reasons as if they could still happen, and is always higher.

    Parameters
    ----------
    duration : array_like, shape (n,)
        Time from entry to exit or to the end of follow-up, not negative.
    status : array_like of str, shape (n,)
        Reason of exit, or `censored`.
    causes : sequence of str
        The reasons, in the order of the result. One that nobody has gives 0, with a limit.
    censored : str
        Status of those still present.
    grid, level, minimum_at_risk
        As :func:`kaplan_meier`.

    Returns
    -------
    pandas.DataFrame, one row a cause and time
        ``cause``, ``duree``, ``a_risque``, ``incidence``, ``erreur_type``, ``bas``, ``haut``.

    Raises
    ------
    ValueError
        As :func:`kaplan_meier`, or a status that is neither a cause nor `censored`, or a cause named twice.

    Examples
    --------
    >>> curve = cumulative_incidence([6, 6, 12, 24], ["abandon", "suivi", "emploi", "suivi"], ["abandon", "emploi"],
    ...                              "suivi", [6, 12], minimum_at_risk=1)
    >>> curve["incidence"].tolist()
    [0.25, 0.25, 0.0, 0.375]
    """
    check_level(level)
    time, reason = durations(duration), labels(status, "situation")
    same_length(durée=time, situation=reason)
    names = list(causes)
    if not names or len(set(names)) != len(names) or censored in names:
        raise ValueError(f"motifs de sortie {names} : des noms différents, sans « {censored} », sont attendus")
    unknown = sorted({str(value) for value in reason} - {*names, censored})
    if unknown:
        raise ValueError(f"situation inconnue : {', '.join(unknown)} ; attendu {', '.join([*names, censored])}")
    index = {name: position for position, name in enumerate(names)}
    steps = _steps(time, np.array([index.get(str(value), -1) for value in reason]), len(names))
    rows = []
    for position, name in enumerate(names):
        for when in _grid(time, grid, minimum_at_risk):
            at_risk = int((time >= when).sum())
            incidence = _read(steps.times, steps.incidence[position], when, 0.0)
            error = _read(steps.times, steps.error[position], when, 0.0)
            # Who left before for another reason is known never to leave for this one.
            known = at_risk + int(((time < when) & (reason != censored)).sum())
            low, high = _log_log(incidence, error, known, level)
            rows.append((name, when, at_risk, incidence, error, low, high))
    return pd.DataFrame(rows, columns=["cause", "duree", "a_risque", "incidence", "erreur_type", "bas", "haut"])


@dataclass(frozen=True)
class Duration:
    """A quantile of the time to exit.

    Attributes
    ----------
    value, low, high : float or None
        Time and its limits, in the unit of the durations; ``None`` when follow-up is too short to reach it.
    level : float
        Confidence level.
    method : str
        In French.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    method: str


def survival_quantile(
    duration: npt.ArrayLike, event: npt.ArrayLike, share: float = 0.5, level: float = 0.95
) -> Duration:
    """Time by which `share` of the persons have left (0.5: the median), with its interval.

    The first time at which the Kaplan–Meier curve is at 1 − `share` or below; the limits are where its log-log band
    crosses that line (Brookmeyer and Crowley 1982).

    Parameters
    ----------
    duration, event
        As :func:`kaplan_meier`.
    share : float, default 0.5
        In (0, 1).
    level : float, default 0.95

    Raises
    ------
    ValueError
        As :func:`kaplan_meier`, or `share` outside (0, 1).

    Examples
    --------
    >>> survival_quantile([3, 6, 9, 12, 15, 18], [1, 1, 1, 1, 1, 1]).value
    9.0
    """
    check_level(level)
    if not 0 < share < 1:
        raise ValueError(f"part {share} hors de ]0 ; 1[")
    time, seen = follow_up(duration, event)
    steps = _steps(time, seen.astype(int) - 1, 1)
    gone = steps.incidence[0] > 0
    times, curve = steps.times[gone], steps.survival[gone]
    band = np.array(
        [
            _log_log(survival, error, int(at_risk), level)
            for survival, error, at_risk in zip(curve, steps.error[0][gone], steps.at_risk[gone], strict=True)
        ]
    ).reshape(-1, 2)

    def crossing(values: Vector) -> float | None:
        # A hair of tolerance: 1 - 1/2 - 1/4 is not always exactly a quarter.
        below = np.flatnonzero(values <= 1 - share + 1e-9)
        return float(times[below[0]]) if below.size else None

    return Duration(crossing(curve), crossing(band[:, 0]), crossing(band[:, 1]), level, "Kaplan-Meier, log-log")


def _steps(time: Vector, cause: npt.NDArray[np.int_], causes: int) -> _Steps:
    """Count exits at each time (cause −1: censored) and build the estimates and their standard errors."""
    times, position = np.unique(time, return_inverse=True)
    exits = np.zeros((causes, len(times)))
    np.add.at(exits, (cause[cause >= 0], position[cause >= 0]), 1)
    at_risk = np.cumsum(np.bincount(position)[::-1])[::-1].astype(float)
    left = exits.sum(axis=0)
    survival = np.cumprod(1 - left / at_risk)
    before = np.concatenate([[1.0], survival[:-1]])
    incidence = np.cumsum(before * exits / at_risk, axis=1)
    # When the last ones leave together the factor is infinite, but what it multiplies is exactly nil: nothing follows.
    stay = at_risk - left
    hazard_variance = np.divide(left, at_risk * stay, out=np.zeros_like(left), where=stay > 0)
    error = np.empty_like(incidence)
    for row in range(causes):
        gap = np.tril(incidence[row][:, None] - incidence[row][None, :])
        earlier = np.tril(np.ones_like(gap))
        variance = gap**2 @ hazard_variance
        variance += earlier @ (before**2 * (at_risk - exits[row]) * exits[row] / at_risk**3)
        variance -= 2 * gap @ (before * exits[row] / at_risk**2)
        error[row] = np.sqrt(np.maximum(0.0, variance))
    return _Steps(times, at_risk, survival, incidence, error)


def _grid(time: Vector, grid: Sequence[float], minimum_at_risk: int) -> list[float]:
    points = finite_vector(list(grid), "grille")
    if (np.diff(points) <= 0).any() or points[0] < 0:
        raise ValueError("grille : des durées croissantes, positives ou nulles, sont attendues")
    if minimum_at_risk < 1:
        raise ValueError("grille : au moins une personne doit être suivie à chaque point")
    return [float(point) for point in points if (time >= point).sum() >= minimum_at_risk]


def _read(times: Vector, values: Vector, when: float, start: float) -> float:
    position = int(np.searchsorted(times, when, side="right")) - 1
    return start if position < 0 else float(values[position])


def _log_log(share: float, error: float, known: int, level: float) -> tuple[float, float]:
    """Return log-log limits; at 0 and 1, where there is no standard error, the exact limit for the persons known."""
    edge = ((1 - level) / 2) ** (1 / known)
    if share <= 1e-12:
        return 0.0, 1 - edge
    if share >= 1 - 1e-12:
        return edge, 1.0
    power = NormalDist().inv_cdf((1 + level) / 2) * error / (share * math.log(share))
    return share ** math.exp(-power), share ** math.exp(power)
