"""Ordered answers (satisfaction items): compared as ordered, never through a mean of their codes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_level, finite_vector
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.results import HypothesisTest

__all__ = ["OrdinalComparison", "compare_ordered", "kruskal"]


@dataclass(frozen=True)
class OrdinalComparison:
    """Comparison of two groups on an ordered scale.

    Attributes
    ----------
    superiority : float
        Probability that someone of the first group answers higher than someone of the second, ties counting one half:
        0.5 is no difference.
    interval : Interval
        Of `superiority`.
    test : HypothesisTest
        That `superiority` is 0.5 (Brunner–Munzel).
    totals : tuple of int
        Persons in each group.
    """

    superiority: float
    interval: Interval
    test: HypothesisTest
    totals: tuple[int, int]


def compare_ordered(first: npt.ArrayLike, second: npt.ArrayLike, level: float = 0.95) -> OrdinalComparison:
    r"""Compare two groups on an ordered scale by P(first > second) + ½ P(equal) (Brunner and Munzel 2000).

    Uses only the order of the categories, and lets the spreads differ. Computed by
    ``statsmodels.stats.nonparametric.rank_compare_2ordinal``; t quantile with Satterthwaite's degrees of freedom.
    The interval is taken on the logit scale, so that it stays between 0 and 1.

    Parameters
    ----------
    first, second : array_like of int, shape (k,)
        Persons in each category, from the lowest to the highest, the same categories in both.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Different scales, impossible counts, fewer than 2 answers in a group, or no overlap to estimate a variance from
        (everybody gave the same answer, or every answer of a group is above every answer of the other): the counts
        themselves then say all there is.

    Examples
    --------
    >>> found = compare_ordered([2, 5, 20, 13], [6, 12, 15, 7])
    >>> round(found.superiority, 3), found.totals
    (0.657, (40, 40))
    """
    from scipy.stats import t
    from statsmodels.stats.nonparametric import rank_compare_2ordinal

    check_level(level)
    one, two = _scale(first, "premier groupe"), _scale(second, "second groupe")
    if len(one) != len(two):
        raise ValueError(f"échelles différentes : {len(one)} et {len(two)} modalités")
    if min(one.sum(), two.sum()) < 2:
        raise ValueError("comparaison ordinale : il faut au moins deux réponses dans chaque groupe")
    low, high = np.flatnonzero(one), np.flatnonzero(two)
    if low.min() > high.max() or high.min() > low.max():
        raise ValueError("comparaison ordinale : les réponses ne se chevauchent pas, donner les effectifs")
    if len(np.union1d(low, high)) == 1:
        raise ValueError("comparaison ordinale : tous ont donné la même réponse, rien à comparer")
    found = rank_compare_2ordinal(one, two)
    superiority, error, degrees = float(found.prob1), math.sqrt(found.var_prob), float(found.df)
    half = float(t.ppf((1 + level) / 2, degrees)) * error / (superiority * (1 - superiority))
    centre = math.log(superiority / (1 - superiority))
    lower, upper = (1 / (1 + math.exp(-(centre + side * half))) for side in (-1, 1))
    null = found.test_prob_superior(0.5)
    test = HypothesisTest(float(null.statistic), float(null.pvalue), "Brunner-Munzel")
    return OrdinalComparison(
        superiority, Interval(lower, upper, level, "Brunner-Munzel (logit)"), test, (int(one.sum()), int(two.sum()))
    )


def kruskal(table: npt.ArrayLike) -> HypothesisTest:
    """Kruskal–Wallis test that several groups answer alike on an ordered scale, corrected for ties.

    Parameters
    ----------
    table : array_like of int, shape (groups, k)
        Persons; one row a group, one column a category from the lowest to the highest. Groups without answer are left
        out.

    Returns
    -------
    HypothesisTest
        The statistic is H, chi-square with (groups − 1) degrees of freedom. Everybody in one category: H = 0, p = 1.

    Raises
    ------
    ValueError
        Impossible counts, or fewer than two groups that answered.

    Examples
    --------
    >>> found = kruskal([[2, 5, 20, 13], [6, 12, 15, 7], [1, 3, 9, 9]])
    >>> round(found.statistic, 2), found.degrees
    (8.93, 2)
    """
    from scipy.stats import kruskal as kruskal_wallis

    rows = np.asarray(table, dtype=float)
    if rows.ndim != 2:
        raise ValueError(f"un tableau groupes × modalités est attendu, forme reçue {rows.shape}")
    groups = [row for row in (_scale(row, "groupe") for row in rows) if row.sum() > 0]
    if len(groups) < 2:
        raise ValueError("Kruskal-Wallis : il faut au moins deux groupes qui ont répondu")
    if np.count_nonzero(np.sum(groups, axis=0)) == 1:
        return HypothesisTest(0.0, 1.0, "Kruskal-Wallis", len(groups) - 1)
    found = kruskal_wallis(*(np.repeat(np.arange(len(row)), row.astype(int)) for row in groups))
    return HypothesisTest(float(found.statistic), float(found.pvalue), "Kruskal-Wallis", len(groups) - 1)


def _scale(counts: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
    row = finite_vector(counts, name)
    if len(row) < 2:
        raise ValueError(f"{name} : une seule modalité, aucun ordre à comparer")
    if (row < 0).any() or (row != np.round(row)).any():
        raise ValueError(f"{name} : des comptes entiers, positifs ou nuls, sont attendus")
    return row
