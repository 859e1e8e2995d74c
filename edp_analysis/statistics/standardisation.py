"""Direct standardisation: the rate a population would have with the mix of another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt

from edp_analysis.statistics.checks import check_level, finite_vector, same_length
from edp_analysis.statistics.proportions import Interval

__all__ = ["Standardised", "standardise"]


@dataclass(frozen=True)
class Standardised:
    """A directly standardised rate.

    Attributes
    ----------
    crude, rate : float
        Rate of the population as it is, and with the standard mix (events per person).
    interval : Interval
        Of `rate`.
    """

    crude: float
    rate: float
    interval: Interval


def standardise(
    counts: npt.ArrayLike, totals: npt.ArrayLike, standard: npt.ArrayLike, level: float = 0.95
) -> Standardised:
    r"""Directly standardised rate with the gamma interval of Fay and Feuer (1997).

    :math:`\sum w_i x_i / n_i` with :math:`w_i` the standard's shares. The interval treats events as Poisson: it is
    right for rare events and cautious for shares; it holds with few events, 0 included. Same as ``ageadjust.direct`` of
    R's epitools.

    Parameters
    ----------
    counts, totals : array_like, shape (k,)
        Events and persons (or person-time) in each stratum.
    standard : array_like, shape (k,)
        Size of each stratum in the standard population; only proportions matter.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Negative or missing values, different lengths, a stratum without anybody but with a weight in the standard
        (merge it with another), or a standard population of nobody.

    Examples
    --------
    >>> result = standardise([5, 20], [50, 50], [80, 20])
    >>> round(result.crude, 2), round(result.rate, 2)
    (0.25, 0.16)
    """
    from scipy.stats import gamma

    check_level(level)
    count, total, weight = (
        finite_vector(values, name)
        for values, name in ((counts, "comptes"), (totals, "effectifs"), (standard, "population type"))
    )
    same_length(**{"comptes": count, "effectifs": total, "population type": weight})
    if (count < 0).any() or (total < 0).any() or (weight < 0).any():
        raise ValueError("standardisation : des comptes et des effectifs positifs ou nuls sont attendus")
    if weight.sum() == 0 or total.sum() == 0:
        raise ValueError("standardisation : la population, ou la population type, est vide")
    if ((total == 0) & ((weight > 0) | (count > 0))).any():
        raise ValueError("standardisation : une strate sans personne a un poids dans la population type, la regrouper")
    crude = float(count.sum() / total.sum())
    used = total > 0
    count, total, share = count[used], total[used], (weight / weight.sum())[used]
    per_event = share / total
    rate, variance = float(per_event @ count), float(per_event**2 @ count)
    tail, largest = (1 - level) / 2, float(per_event.max())
    # The lower limit is the gamma law with the moments of the rate, the upper one adds an event of the largest weight.
    low = float(gamma.ppf(tail, rate**2 / variance, scale=variance / rate)) if rate > 0 else 0.0
    mean, spread = rate + largest, variance + largest**2
    high = float(gamma.ppf(1 - tail, mean**2 / spread, scale=spread / mean))
    if (count <= total).all():
        high = min(1.0, high)
    return Standardised(crude, rate, Interval(low, high, level, "Fay-Feuer (gamma)"))
