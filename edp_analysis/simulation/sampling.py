"""Draws that keep totals exact: tilted probabilities, systematic selection, dealing of a pack.

Totals are published figures, so nothing here draws independently: each draw is without replacement and the
probabilities say only *who*, never *how many*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["choose", "deal", "systematic", "tilt"]


def tilt(log_odds: ArrayLike, total: int) -> NDArray[np.float64]:
    """Shift log-odds by one constant so that the probabilities sum to `total`.

    Differences of log-odds, hence odds ratios, are kept; that is how a planted effect survives an exact total.

    Parameters
    ----------
    log_odds : array_like of float
        ``+inf`` and ``-inf`` stand for certain and impossible.
    total : int
        Sum wanted, between the number of certain and the number of possible ones.

    Examples
    --------
    >>> p = tilt([0.0, 0.0, np.log(3.0)], 1)
    >>> round(float(p.sum()), 9), round(float(p[2] / (1 - p[2]) / (p[0] / (1 - p[0]))), 6)
    (1.0, 3.0)
    """
    values = np.asarray(log_odds, dtype=float)
    fixed: NDArray[np.float64] = np.where(np.isposinf(values), 1.0, 0.0)
    free = np.isfinite(values)
    rest = total - fixed.sum()
    if not 0 <= rest <= free.sum():
        raise ValueError(f"total {total} hors de portée : {int(fixed.sum())} certains, {int(free.sum())} possibles")
    if rest == 0:
        return fixed
    if rest == free.sum():
        return np.asarray(fixed + free, dtype=float)
    low, high = -60.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if _expit(values[free] + middle).sum() < rest else (low, middle)
    fixed[free] = _expit(values[free] + high)
    return fixed


def systematic(probabilities: ArrayLike, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Select exactly ``sum(probabilities)`` items, each with its probability, evenly along their order.

    Madow's systematic sampling: items ordered by school are selected in each school in proportion, those ordered
    by age at each age, with next to no chance variation.

    Parameters
    ----------
    probabilities : array_like of float
        In [0, 1], with a whole sum.

    Examples
    --------
    >>> systematic([0.5] * 8, np.random.default_rng(1)).sum()
    np.int64(4)
    """
    p = np.asarray(probabilities, dtype=float)
    total = round(float(p.sum()))
    if not p.size or total == 0:
        return np.zeros(p.size, dtype=bool)
    edges = np.concatenate([[0.0], np.cumsum(p)])
    edges *= total / edges[-1]
    marks = np.floor(edges - rng.uniform(1e-9, 1 - 1e-9))
    # A certain item is as long as the step between two marks; rounding must not let a mark fall beside it.
    marks[-1] = marks[0] + total
    return np.diff(marks) >= 1


def deal(counts: Mapping[str, int], rng: np.random.Generator) -> list[str]:
    """Return each value as many times as it counts, shuffled.

    Examples
    --------
    >>> sorted(deal({"a": 2, "b": 1}, np.random.default_rng(0)))
    ['a', 'a', 'b']
    """
    pack = [value for value, count in counts.items() for _ in range(count)]
    return [pack[i] for i in rng.permutation(len(pack))]


def choose(weights: Mapping[str, float] | Sequence[str], rng: np.random.Generator) -> str:
    """Draw one value, by weight where weights are given.

    Examples
    --------
    >>> choose({"a": 0.0, "b": 1.0}, np.random.default_rng(0))
    'b'
    """
    if isinstance(weights, Mapping):
        values = list(weights)
        p = np.array([weights[value] for value in values], dtype=float)
        return values[int(rng.choice(len(values), p=p / p.sum()))]
    return weights[int(rng.integers(len(weights)))]


def _expit(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 / (1.0 + np.exp(-x)))
