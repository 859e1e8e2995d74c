"""Comparing shares between groups: report the interval first, the test beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_count, check_level, labels, same_length, zero_one
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.results import HypothesisTest

__all__ = ["PooledOdds", "boschloo", "fisher", "mantel_haenszel", "newcombe", "stratified_tables"]

Table = npt.NDArray[np.float64]


def newcombe(x1: int, n1: int, x2: int, n2: int, level: float = 0.95) -> Interval:
    """Newcombe's hybrid score interval for the first share minus the second (Newcombe 1998, method 10).

    Combines the two Wilson intervals; computed by ``confint_proportions_2indep(method="newcomb")``.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Successes and trials of each group, persons.
    level : float, default 0.95

    Returns
    -------
    Interval
        Of the difference, in [−1, 1]; multiply by 100 for points.

    Raises
    ------
    ValueError
        Impossible counts or level.

    Examples
    --------
    >>> interval = newcombe(56, 70, 48, 80)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0524, 0.3339)
    """
    from statsmodels.stats.proportion import confint_proportions_2indep

    check_count(x1, n1)
    check_count(x2, n2)
    check_level(level)
    low, high = confint_proportions_2indep(x1, n1, x2, n2, method="newcomb", compare="diff", alpha=1 - level)
    # Floating point can leave a limit a hair outside.
    return Interval(max(-1.0, float(low)), min(1.0, float(high)), level, "Newcombe")


def boschloo(x1: int, n1: int, x2: int, n2: int) -> HypothesisTest:
    """Boschloo's exact test that two shares are equal: uniformly more powerful than Fisher's (Boschloo 1970).

    Two-sided as in ``scipy.stats.boschloo_exact``: twice the smaller one-sided p-value.

    Parameters
    ----------
    x1, n1, x2, n2 : int
        Successes and trials of each group, persons.

    Returns
    -------
    HypothesisTest
        The statistic is the one-sided Fisher p-value. When nobody or everybody succeeded, p = 1: nothing is compared.

    Raises
    ------
    ValueError
        Impossible counts.

    Examples
    --------
    >>> round(boschloo(7, 10, 1, 9).pvalue, 4)
    0.0108
    """
    from scipy.stats import boschloo_exact

    check_count(x1, n1)
    check_count(x2, n2)
    if x1 + x2 in (0, n1 + n2):
        return HypothesisTest(1.0, 1.0, "Boschloo (exact)")
    # scipy fixes the column sums: one column a group.
    found = boschloo_exact([[x1, x2], [n1 - x1, n2 - x2]])
    return HypothesisTest(float(found.statistic), min(1.0, float(found.pvalue)), "Boschloo (exact)")


def fisher(table: npt.ArrayLike, seed: int, resamples: int = 9999) -> HypothesisTest:
    """Fisher–Freeman–Halton test of independence of an r × c table, by random tables of the same margins, seeded.

    ``scipy.stats.fisher_exact`` draws at random without a seed when the table is larger than 2 × 2: the p-value would
    change at each run. Here the seed is required. A 2 × 2 table is exact. Empty rows and columns are left out.

    Parameters
    ----------
    table : array_like of int, shape (r, c)
        Persons; one row a group, one column an answer.
    seed : int
        Seed of the draws.
    resamples : int, default 9999
        Random tables; the standard error of p is √(p(1 − p)/resamples), its smallest value 1/(resamples + 1).

    Returns
    -------
    HypothesisTest
        The statistic is the probability of the table given its margins (2 × 2: the odds ratio). One answer only: p = 1.

    Raises
    ------
    ValueError
        Not a table of non-negative whole counts, or fewer than two non-empty groups.

    Examples
    --------
    >>> fisher([[10, 2, 1], [3, 9, 4]], seed=1).pvalue == fisher([[10, 2, 1], [3, 9, 4]], seed=1).pvalue
    True
    """
    from scipy.stats import MonteCarloMethod, fisher_exact

    counts = _counts(table)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if counts.shape[0] < 2:
        raise ValueError("test de Fisher : il faut au moins deux groupes non vides")
    if counts.shape[1] == 1:
        return HypothesisTest(1.0, 1.0, "Fisher (exact)")
    if counts.shape == (2, 2):
        found = fisher_exact(counts.astype(int))
        return HypothesisTest(float(found.statistic), float(found.pvalue), "Fisher (exact)")
    # Drawing tables, not shuffling persons: the same law, forty times faster.
    draws = MonteCarloMethod(n_resamples=resamples, rng=np.random.default_rng(seed))
    found = fisher_exact(counts.astype(int), method=draws)
    return HypothesisTest(float(found.statistic), float(found.pvalue), f"Fisher ({resamples} tableaux tirés)")


@dataclass(frozen=True)
class PooledOdds:
    """Mantel–Haenszel comparison of two groups within strata.

    Attributes
    ----------
    odds_ratio : float
        Common odds ratio of success, first row against second.
    interval : Interval
        Of the odds ratio (Robins, Breslow and Greenland variance).
    null : HypothesisTest
        That the common odds ratio is 1 (chi-square without continuity correction, 1 degree of freedom).
    homogeneity : HypothesisTest or None
        That the odds ratio is the same in every stratum (Breslow–Day with Tarone's correction); ``None`` with one
        informative stratum.
    strata, informative : int
        Strata given, and those with both groups and both outcomes, which alone count.
    """

    odds_ratio: float
    interval: Interval
    null: HypothesisTest
    homogeneity: HypothesisTest | None
    strata: int
    informative: int


def mantel_haenszel(tables: npt.ArrayLike, level: float = 0.95) -> PooledOdds:
    """Compare two groups within strata (schools, years) and pool (Mantel and Haenszel 1959).

    Computed by ``statsmodels.stats.contingency_tables.StratifiedTable``. Strata where a row or a column is empty add
    exactly nothing to the pooled ratio; they are left out before the tests, which cannot use them.

    Parameters
    ----------
    tables : array_like of int, shape (strata, 2, 2)
        Persons; rows are the two groups, columns success and failure. See :func:`stratified_tables`.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Wrong shape, negative or missing counts, no informative stratum, or a pooled ratio of 0 or infinity (in every
        stratum one group has no success, or no failure): an exact method is then needed.

    Examples
    --------
    >>> pooled = mantel_haenszel([[[12, 5], [8, 9]], [[6, 4], [5, 9]]])
    >>> round(pooled.odds_ratio, 2), pooled.informative
    (2.7, 2)
    """
    from scipy.stats import chi2
    from statsmodels.stats.contingency_tables import StratifiedTable

    check_level(level)
    array = np.asarray(tables, dtype=float)
    if array.ndim != 3 or array.shape[1:] != (2, 2) or len(array) == 0:
        raise ValueError(f"des tableaux 2 × 2 sont attendus, un par strate ; forme reçue {array.shape}")
    if not np.isfinite(array).all() or (array < 0).any():
        raise ValueError("effectifs : des comptes positifs ou nuls, sans valeur manquante, sont attendus")
    kept = array[(array.sum(axis=1) > 0).all(axis=1) & (array.sum(axis=2) > 0).all(axis=1)]
    if len(kept) == 0:
        raise ValueError("aucune strate ne contient à la fois les deux groupes et les deux résultats")
    total = kept.sum(axis=(1, 2))
    if (kept[:, 0, 0] * kept[:, 1, 1] / total).sum() == 0 or (kept[:, 0, 1] * kept[:, 1, 0] / total).sum() == 0:
        raise ValueError("rapport de cotes commun nul ou infini : aucun intervalle, utiliser une méthode exacte")
    pooled = StratifiedTable(list(kept))
    low, high = pooled.oddsratio_pooled_confint(alpha=1 - level)
    null = pooled.test_null_odds(correction=False)
    homogeneity = _breslow_day_tarone(kept, float(pooled.oddsratio_pooled)) if len(kept) > 1 else None
    return PooledOdds(
        float(pooled.oddsratio_pooled),
        Interval(float(low), float(high), level, "Mantel-Haenszel"),
        HypothesisTest(float(null.statistic), float(chi2.sf(null.statistic, 1)), "Mantel-Haenszel", 1),
        homogeneity,
        len(array),
        len(kept),
    )


def stratified_tables(group: npt.ArrayLike, outcome: npt.ArrayLike, stratum: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Count persons by stratum, group and outcome, for :func:`mantel_haenszel`.

    Parameters
    ----------
    group, outcome : array_like of 0/1 or bool, shape (n,)
        Row (1 is the first row) and column (1 is the first column).
    stratum : array_like, shape (n,)
        Stratum labels.

    Returns
    -------
    numpy.ndarray, shape (strata, 2, 2)
        Strata in sorted order.

    Raises
    ------
    ValueError
        Missing values, values other than 0 and 1, or different lengths.

    Examples
    --------
    >>> stratified_tables([1, 1, 0, 0], [1, 0, 0, 0], ["a", "a", "a", "a"]).tolist()
    [[[1.0, 1.0], [0.0, 2.0]]]
    """
    rows, columns = zero_one(group, "groupe"), zero_one(outcome, "résultat")
    strata = labels(stratum, "strate")
    same_length(groupe=rows, résultat=columns, strate=strata)
    names, code = np.unique(strata, return_inverse=True)
    tables = np.zeros((len(names), 2, 2))
    np.add.at(tables, (code, 1 - rows.astype(int), 1 - columns.astype(int)), 1)
    return tables


def _breslow_day_tarone(tables: Table, odds_ratio: float) -> HypothesisTest:
    """Test that strata share `odds_ratio` (Breslow and Day 1980; Tarone 1985).

    Written out: ``StratifiedTable.test_equal_odds`` divides by zero, and answers NaN, when the common ratio is 1.
    """
    from scipy.stats import chi2

    first = tables[:, 0, 0]
    row, column, total = tables[:, 0].sum(axis=1), tables[:, :, 0].sum(axis=1), tables.sum(axis=(1, 2))
    rest = total - row - column
    # Expected first cell e: e (rest + e) = odds_ratio (row − e)(column − e), a quadratic a e² + b e − c = 0.
    a, b, c = 1 - odds_ratio, odds_ratio * (row + column) + rest, odds_ratio * row * column
    root = np.sqrt(b**2 + 4 * a * c)
    # The form of the root that neither divides by a near 0 nor subtracts near-equal numbers; b < 0 only away from 1.
    expected = np.where(b >= 0, 2 * c / np.where(b >= 0, b + root, 1), (root - b) / (2 * a if a else 1))
    variance = 1 / (1 / expected + 1 / (row - expected) + 1 / (column - expected) + 1 / (rest + expected))
    gap = first - expected
    statistic = max(0.0, float((gap**2 / variance).sum() - gap.sum() ** 2 / variance.sum()))
    degrees = len(tables) - 1
    return HypothesisTest(statistic, float(chi2.sf(statistic, degrees)), "Breslow-Day-Tarone", degrees)


def _counts(table: npt.ArrayLike) -> Table:
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.size == 0:
        raise ValueError(f"un tableau à deux dimensions est attendu, forme reçue {counts.shape}")
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.round(counts)).any():
        raise ValueError("effectifs : des comptes entiers, positifs ou nuls, sans valeur manquante, sont attendus")
    return counts
