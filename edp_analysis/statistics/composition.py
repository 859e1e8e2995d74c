"""What a change owes to a changing mix of groups, and what to change within the groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_count, finite_vector, labels, same_length, zero_one

__all__ = ["MixSplit", "TrendSplit", "composition_effect", "kitagawa"]


@dataclass(frozen=True)
class TrendSplit:
    """A raw trend split in two, in shares per unit of the score; ``raw = within + composition`` exactly.

    Attributes
    ----------
    raw : float
        Least-squares slope of the outcome on the score.
    within : float
        The same slope with one intercept a group.
    composition : float
        *Effet de composition*: what the raw slope owes to the changing mix of groups.
    """

    raw: float
    within: float
    composition: float


def composition_effect(outcome: npt.ArrayLike, score: npt.ArrayLike, group: npt.ArrayLike) -> TrendSplit:
    """Split the raw trend of a share into the trend within groups and the effect of their changing mix.

    The Kitagawa idea for a slope: ``composition`` is the sum over groups of (level of the group at equal score) ×
    (change of its weight per unit of score), the omitted-variable formula of least squares (Gelbach 2016). Linear
    probabilities, because log odds do not add up.

    Parameters
    ----------
    outcome : array_like of 0/1 or bool, shape (n,)
    score : array_like, shape (n,)
        Period of each record (the year of entry).
    group : array_like, shape (n,)
        Group of each record (the school).

    Returns
    -------
    TrendSplit
        In shares per unit of score; times 100, points a year.

    Raises
    ------
    ValueError
        Missing values, different lengths, or no group seen at two different scores.

    Examples
    --------
    One group of a third, one of two thirds, both constant; the second grows:

    >>> outcome = [0, 0, 1] * 2 + [0, 1, 1] + [0, 0, 1] + [0, 1, 1] * 2
    >>> split = composition_effect(outcome, [1] * 9 + [2] * 9, ["a"] * 6 + ["b"] * 3 + ["a"] * 3 + ["b"] * 6)
    >>> round(split.raw, 4), round(abs(split.within), 4), round(split.composition, 4)
    (0.1111, 0.0, 0.1111)
    """
    success, when, where = zero_one(outcome, "résultat"), finite_vector(score, "période"), labels(group, "groupe")
    same_length(résultat=success, période=when, groupe=where)
    residual_when, residual_success = when.copy(), success.copy()
    for name in np.unique(where):
        inside = where == name
        residual_when[inside] -= when[inside].mean()
        residual_success[inside] -= success[inside].mean()
    if (residual_when**2).sum() <= 1e-12 * max(1.0, float((when**2).sum())):
        raise ValueError("effet de composition : aucun groupe n'est observé à deux périodes différentes")
    within = float(residual_when @ residual_success / (residual_when @ residual_when))
    centred = when - when.mean()
    raw = float(centred @ success / (centred @ centred))
    return TrendSplit(raw, within, raw - within)


@dataclass(frozen=True)
class MixSplit:
    """A difference between two rates split in two; ``total = rates + mix`` exactly.

    Attributes
    ----------
    total : float
        Second overall rate minus the first.
    rates : float
        Part due to the rates of the groups, at the average mix.
    mix : float
        *Effet de composition*: part due to the mix of the groups, at the average rates.
    """

    total: float
    rates: float
    mix: float


def kitagawa(first: Mapping[str, tuple[float, float]], second: Mapping[str, tuple[float, float]]) -> MixSplit:
    r"""Split the difference between two overall rates into rates and mix (Kitagawa 1955).

    :math:`\sum \bar w_g (r_{2g} - r_{1g}) + \sum \bar r_g (w_{2g} - w_{1g})`, bars being averages of the two.

    Parameters
    ----------
    first, second : mapping of group to (count, total)
        Cases and persons of each group in each population. Both name the same groups.

    Returns
    -------
    MixSplit
        In shares; times 100, points.

    Raises
    ------
    ValueError
        Different groups, or a group without anybody in one population: it has no rate there. Merge it with another.

    Examples
    --------
    Rates of 20 % and 60 % that do not move, the second group growing from half to three quarters:

    >>> split = kitagawa({"a": (10, 50), "b": (30, 50)}, {"a": (5, 25), "b": (45, 75)})
    >>> round(split.total, 4), round(split.rates, 4), round(split.mix, 4)
    (0.1, 0.0, 0.1)
    """
    if set(first) != set(second) or not first:
        raise ValueError(f"les deux populations n'ont pas les mêmes groupes : {sorted(set(first) ^ set(second))}")
    rate, weight = np.empty((2, len(first))), np.empty((2, len(first)))
    for row, population in enumerate((first, second)):
        counts, totals = np.array([population[group] for group in first], dtype=float).T
        for group, count, total in zip(first, counts, totals, strict=True):
            try:
                check_count(count, total)
            except ValueError as error:
                raise ValueError(f"groupe {group} : {error}") from error
        rate[row], weight[row] = counts / totals, totals / totals.sum()
    rates = float(weight.mean(axis=0) @ (rate[1] - rate[0]))
    mix = float(rate.mean(axis=0) @ (weight[1] - weight[0]))
    return MixSplit(rates + mix, rates, mix)
