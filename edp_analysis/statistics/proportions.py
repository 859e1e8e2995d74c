"""Intervals for a proportion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

__all__ = ["Interval", "wilson"]


@dataclass(frozen=True)
class Interval:
    """A confidence interval.

    Attributes
    ----------
    low, high : float
        Limits, in the unit of the estimate (a share lies in [0, 1]).
    level : float
        Confidence level.
    method : str
        Name of the method, in French, as printed under a figure.
    """

    low: float
    high: float
    level: float
    method: str


def wilson(count: int, total: int, level: float = 0.95) -> Interval:
    r"""Wilson score interval for a proportion.

    Inverts the score test: the limits are the roots of
    :math:`|\hat p - p| = z \sqrt{p(1-p)/n}` (Wilson 1927; Newcombe 1998, method 3, without continuity correction).
    It has a limit for 0 and for n, unlike the Wald interval.

    Parameters
    ----------
    count, total : int
        Successes and trials, persons.
    level : float, default 0.95
        Confidence level, in (0, 1).

    Raises
    ------
    ValueError
        ``total`` is not positive, ``count`` is outside [0, total], or ``level`` outside (0, 1).

    Examples
    --------
    Newcombe (1998), table I: 81 of 263 gives 0.2553 to 0.3662.

    >>> interval = wilson(81, 263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2553, 0.3662)
    """
    if total <= 0:
        raise ValueError(f"effectif nul ou négatif ({total}) : pas d'intervalle sans observation")
    if not 0 <= count <= total:
        raise ValueError(f"{count} réponses sur {total} : le compte doit être entre 0 et l'effectif")
    if not 0 < level < 1:
        raise ValueError(f"niveau de confiance {level} hors de ]0 ; 1[")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = count / total
    centre = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    # At 0 and at n a limit is exactly the bound; floating point would leave it a hair outside.
    low = 0.0 if count == 0 else max(0.0, centre - half)
    high = 1.0 if count == total else min(1.0, centre + half)
    return Interval(low, high, level, "Wilson")
