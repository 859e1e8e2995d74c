"""What a future comparison can show: detectable change, non-inferiority, targets."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_level
from edp_analysis.statistics.comparisons import newcombe
from edp_analysis.statistics.proportions import Interval

__all__ = [
    "DetectableChange",
    "NonInferiority",
    "TargetStatus",
    "minimum_detectable_change",
    "non_inferiority",
    "non_inferiority_power",
    "target_status",
]


@dataclass(frozen=True)
class DetectableChange:
    """Smallest changes of a share that a two-sided test would see.

    Attributes
    ----------
    rise, fall : float or None
        In shares, `fall` negative; ``None`` when even 100 % (or 0 %) would not be seen.
    power, level, design_effect : float
        What they were computed for.
    """

    rise: float | None
    fall: float | None
    power: float
    level: float
    design_effect: float


def minimum_detectable_change(
    share: float, n1: int, n2: int, power: float = 0.8, level: float = 0.95, design_effect: float = 1.0
) -> DetectableChange:
    """Smallest change between two independent campaigns that a two-sided test sees with the given power.

    Inverts ``statsmodels.stats.proportion.power_proportions_2indep`` (pooled variance under the null, as R's
    ``power.prop.test``). The design effect divides both sizes.

    Parameters
    ----------
    share : float
        Baseline, in (0, 1).
    n1, n2 : int
        Persons in the baseline and in the new campaign.
    power : float, default 0.8
        In (0, 1).
    level : float, default 0.95
    design_effect : float, default 1
        At least 1: clustering by school, weights.

    Raises
    ------
    ValueError
        A value outside its range.

    Examples
    --------
    >>> change = minimum_detectable_change(0.54, 246, 246)
    >>> round(100 * change.rise, 1), round(100 * change.fall, 1)
    (12.3, -12.6)
    """
    from scipy.optimize import brentq
    from statsmodels.stats.proportion import power_proportions_2indep

    _check_share(share)
    check_level(level)
    if not (n1 > 0 and n2 > 0):
        raise ValueError(f"effectifs {n1} et {n2} : ils doivent être positifs")
    if not 1 - level < power < 1:
        raise ValueError(f"puissance {power} : elle doit être entre {1 - level:.2f} et 1")
    if not design_effect >= 1:
        raise ValueError(f"effet de plan {design_effect} : il doit être au moins 1")

    def lacking(change: float) -> float:
        found = power_proportions_2indep(
            change, share, n2 / design_effect, ratio=n1 / n2, alpha=1 - level, return_results=False
        )
        return float(found) - power

    def smallest(furthest: float) -> float | None:
        # Not quite to 0 or 1, where the variance vanishes and the formula with it.
        end = furthest * (1 - 1e-9)
        return float(brentq(lacking, furthest * 1e-6, end, xtol=1e-12)) if lacking(end) > 0 else None

    return DetectableChange(smallest(1 - share), smallest(-share), power, level, design_effect)


@dataclass(frozen=True)
class NonInferiority:
    """Whether a new share is shown not to be worse than the old one by the margin or more.

    Attributes
    ----------
    shown : bool
    interval : Interval
        Of new minus old (Newcombe).
    margin : float
        In shares.
    """

    shown: bool
    interval: Interval
    margin: float


def non_inferiority(
    x_new: int, n_new: int, x_old: int, n_old: int, margin: float, *, higher_is_better: bool = True, level: float = 0.90
) -> NonInferiority:
    """Non-inferiority by the Newcombe interval: two-sided 90 %, so a one-sided test at 5 %.

    Parameters
    ----------
    x_new, n_new, x_old, n_old : int
        Cases and persons in the new campaign and in the baseline.
    margin : float
        Largest loss that would still be accepted, in (0, 1); agreed before the new campaign.
    higher_is_better : bool, default True
        ``False`` for a share one wants low (negative exits).
    level : float, default 0.90

    Raises
    ------
    ValueError
        Impossible counts, margin or level.

    Examples
    --------
    >>> non_inferiority(130, 246, 134, 246, 0.10).shown
    True
    """
    _check_share(margin, "marge")
    interval = newcombe(x_new, n_new, x_old, n_old, level)
    shown = interval.low > -margin if higher_is_better else interval.high < margin
    return NonInferiority(bool(shown), interval, margin)


def non_inferiority_power(
    share: float, n_old: int, n_new: int, margin: float, change: float = 0.0, level: float = 0.90
) -> float:
    """Chance that :func:`non_inferiority` is shown, by adding up every possible pair of counts.

    Parameters
    ----------
    share : float
        True baseline share, in (0, 1), of a quantity one wants high.
    n_old, n_new : int
        Persons in each campaign.
    margin : float
        In (0, 1).
    change : float, default 0
        True change; `share` + `change` in (0, 1).
    level : float, default 0.90

    Raises
    ------
    ValueError
        A value outside its range.

    Examples
    --------
    >>> round(non_inferiority_power(0.54, 246, 246, 0.10), 2)
    0.72
    """
    from scipy.stats import binom

    _check_share(share)
    _check_share(share + change, "part après changement")
    _check_share(margin, "marge")
    check_level(level)
    if not (n_old > 0 and n_new > 0):
        raise ValueError(f"effectifs {n_old} et {n_new} : ils doivent être positifs")
    new, old = np.arange(n_new + 1)[:, None], np.arange(n_old + 1)[None, :]
    low_new, _ = _wilson(new, n_new, level)
    _, high_old = _wilson(old, n_old, level)
    gap = new / n_new - old / n_old
    # Newcombe's method 10 for every pair of counts at once.
    lower = gap - np.sqrt((new / n_new - low_new) ** 2 + (high_old - old / n_old) ** 2)
    chance = binom.pmf(new, n_new, share + change) * binom.pmf(old, n_old, share)
    return float(chance[lower > -margin].sum())


class TargetStatus(StrEnum):
    """Where an indicator stands against its target. The values are the only words users read."""

    MET = "atteint"
    MISSED = "non atteint"
    UNDECIDED = "indéterminé"


def target_status(interval: Interval, target: float, *, at_least: bool = True) -> TargetStatus:
    """Judge a target from the interval, never from the point estimate.

    Parameters
    ----------
    interval : Interval
        Of the indicator, same unit as `target`.
    target : float
    at_least : bool, default True
        ``False`` when the target is a ceiling.

    Returns
    -------
    TargetStatus
        *atteint* when the whole interval is on the right side (the limit itself included), *non atteint* when the whole
        of it is on the wrong side, *indéterminé* otherwise.

    Raises
    ------
    ValueError
        A missing target or limit, or limits in the wrong order.

    Examples
    --------
    >>> from edp_analysis.statistics.proportions import wilson
    >>> [str(target_status(wilson(134, 246), target)) for target in (0.40, 0.50, 0.70)]
    ['atteint', 'indéterminé', 'non atteint']
    """
    if not all(map(math.isfinite, (interval.low, interval.high, target))) or interval.low > interval.high:
        raise ValueError(f"cible {target} et intervalle [{interval.low} ; {interval.high}] : valeurs impossibles")
    low, high = (interval.low, interval.high) if at_least else (-interval.high, -interval.low)
    goal = target if at_least else -target
    if low >= goal:
        return TargetStatus.MET
    return TargetStatus.MISSED if high < goal else TargetStatus.UNDECIDED


def _wilson(
    count: npt.NDArray[np.int_], total: int, level: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Wilson limits of an array of counts (:func:`edp_analysis.statistics.proportions.wilson`, vectorised)."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (count + z * z / 2) / (total + z * z)
    half = z * np.sqrt(count * (total - count) / total + z * z / 4) / (total + z * z)
    return centre - half, centre + half


def _check_share(share: float, name: str = "part") -> None:
    if not 0 < share < 1:
        raise ValueError(f"{name} {share} hors de ]0 ; 1[")
