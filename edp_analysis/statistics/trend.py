"""Trend of a share over ordered periods, overall and within groups."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_count, check_level, finite_vector, labels, same_length, zero_one
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.results import HypothesisTest

__all__ = ["WithinSlope", "cochran_armitage", "permutation_within", "within_slope"]

Vector = npt.NDArray[np.float64]


def cochran_armitage(counts: npt.ArrayLike, totals: npt.ArrayLike, scores: npt.ArrayLike) -> HypothesisTest:
    """Cochran–Armitage test of a linear trend in shares, two-sided, without continuity correction.

    Same as R ``prop.trend.test`` and SAS. ``statsmodels``' linear-by-linear test divides by N − 1 (Mantel's form): its
    z is multiplied here by √(N/(N − 1)), and ``shift_zeros`` is off, for it would add 0.5 to every cell.

    Parameters
    ----------
    counts, totals : array_like of int, shape (k,)
        Successes and trials of each period, persons. A period without anybody adds nothing and is left out.
    scores : array_like, shape (k,)
        Position of each period, e.g. the year; only their spacing matters.

    Returns
    -------
    HypothesisTest
        The statistic is z, positive when the share rises with the score; R prints its square.

    Raises
    ------
    ValueError
        Impossible counts, different lengths, fewer than two periods, or everybody or nobody a success: no trend exists.

    Examples
    --------
    R's smokers: X-squared = 8.2249, p = 0.004132, downwards.

    >>> test = cochran_armitage([83, 90, 129, 70], [86, 93, 136, 82], [1, 2, 3, 4])
    >>> round(test.statistic**2, 4), round(test.pvalue, 6), test.statistic < 0
    (8.2249, 0.004132, True)
    """
    from statsmodels.stats.contingency_tables import Table

    count, total, score = (
        finite_vector(values, name)
        for values, name in ((counts, "comptes"), (totals, "effectifs"), (scores, "périodes"))
    )
    same_length(comptes=count, effectifs=total, périodes=score)
    if (count > 0)[total == 0].any() or (total < 0).any():
        raise ValueError("effectifs : une période sans personne ne peut avoir de compte")
    count, total, score = count[total > 0], total[total > 0], score[total > 0]
    for one, whole in zip(count, total, strict=True):
        check_count(one, whole)
    if len(np.unique(score)) < 2:
        raise ValueError("tendance : il faut au moins deux périodes différentes")
    if count.sum() in (0, total.sum()):
        raise ValueError("tendance : tout le monde ou personne n'est dans le cas étudié, la part ne varie pas")
    size = float(total.sum())
    table = Table(np.column_stack([count, total - count]), shift_zeros=False)
    # Centred scores: years near 2000 would lose digits in the variance.
    found = table.test_ordinal_association(row_scores=score - score.mean(), col_scores=np.array([1, 0]))
    z = float(found.zscore) * math.sqrt(size / (size - 1))
    return HypothesisTest(z, 2 * NormalDist().cdf(-abs(z)), "Cochran-Armitage")


@dataclass(frozen=True)
class WithinSlope:
    """Change of the odds for one unit of the score, among members of the same group.

    Attributes
    ----------
    log_odds, standard_error : float
        Slope on the logit scale and its standard error.
    odds_ratio : float
        exp(`log_odds`), for one unit of the score (one year).
    interval : Interval
        Of the odds ratio (Wald on the logit scale).
    pvalue : float
        Two-sided, that the slope is nil.
    groups, observations : int
        Groups and records that inform the slope: those of groups where both the outcome and the score vary.
    """

    log_odds: float
    standard_error: float
    odds_ratio: float
    interval: Interval
    pvalue: float
    groups: int
    observations: int


def within_slope(
    outcome: npt.ArrayLike, score: npt.ArrayLike, group: npt.ArrayLike, level: float = 0.95
) -> WithinSlope:
    """Trend within groups by conditional logistic regression: each group is compared with itself only.

    Schools that open, close or grow cannot make it move. Exact conditional likelihood, as R's
    ``clogit(outcome ~ score + strata(group), method = "exact")``; computed by ``ConditionalLogit`` of statsmodels.

    Parameters
    ----------
    outcome : array_like of 0/1 or bool, shape (n,)
    score : array_like, shape (n,)
        Period of each record (the year of entry).
    group : array_like, shape (n,)
        Group of each record (the school).
    level : float, default 0.95

    Raises
    ------
    ValueError
        Missing values, different lengths, no group where both vary, or separation (in every group all successes come
        before, or all after, the failures: the slope is infinite).

    Examples
    --------
    >>> slope = within_slope([0, 1, 0, 1, 0, 0, 1, 1], [1, 1, 2, 2, 1, 2, 1, 2], ["a"] * 4 + ["b"] * 4)
    >>> round(slope.odds_ratio, 3), slope.groups
    (1.0, 2)
    """
    from statsmodels.discrete.conditional_models import ConditionalLogit

    check_level(level)
    success, when, where = _records(outcome, score, group)
    keep = _informative(success, when, where)
    if not keep.any():
        raise ValueError("tendance dans les groupes : aucun groupe où le résultat et la période varient tous deux")
    success, when, where = success[keep], when[keep], where[keep]
    _refuse_separation(success, when, where)
    scale = when.std()
    model = ConditionalLogit(success, ((when - when.mean()) / scale)[:, None], groups=where)
    # The default, BFGS, stops early (fourth digit), and the results do not say so; the slope of the likelihood does.
    fitted = model.fit(method="newton", disp=0)
    if not abs(float(model.score(fitted.params)[0])) < 1e-6:
        raise ValueError("tendance dans les groupes : l'ajustement ne converge pas")
    slope, error = float(fitted.params[0] / scale), float(fitted.bse[0] / scale)
    half = NormalDist().inv_cdf((1 + level) / 2) * error
    return WithinSlope(
        slope,
        error,
        math.exp(slope),
        Interval(math.exp(slope - half), math.exp(slope + half), level, "logit conditionnel (Wald)"),
        2 * NormalDist().cdf(-abs(slope / error)),
        len(np.unique(where)),
        len(success),
    )


def permutation_within(
    outcome: npt.ArrayLike, score: npt.ArrayLike, group: npt.ArrayLike, seed: int, resamples: int = 9999
) -> HypothesisTest:
    """Small-sample check of :func:`within_slope`: periods are shuffled among the members of each group.

    The statistic is the sum of the scores of the successes, the score statistic of the conditional logit; two-sided by
    its distance to its mean; p = (1 + as far or farther) / (1 + resamples), so never 0 (Phipson and Smyth 2010).

    Parameters
    ----------
    outcome, score, group
        As :func:`within_slope`.
    seed : int
        Seed of the permutations.
    resamples : int, default 9999

    Returns
    -------
    HypothesisTest
        The statistic is the sum of the scores of the successes minus its mean under permutation.

    Raises
    ------
    ValueError
        Missing values, different lengths, or no group where both vary.

    Examples
    --------
    >>> permutation_within([0, 0, 1, 1], [1, 1, 2, 2], ["a"] * 4, seed=1).statistic
    1.0
    """
    success, when, where = _records(outcome, score, group)
    keep = _informative(success, when, where)
    if not keep.any():
        raise ValueError("tendance dans les groupes : aucun groupe où le résultat et la période varient tous deux")
    rng = np.random.default_rng(seed)
    observed, drawn = 0.0, np.zeros(resamples)
    for name in np.unique(where[keep]):
        inside = where == name
        centred, chosen = when[inside] - when[inside].mean(), success[inside]
        observed += float(centred @ chosen)
        drawn += rng.permuted(np.tile(centred, (resamples, 1)), axis=1) @ chosen
    as_far = int((np.abs(drawn) >= abs(observed) - 1e-9).sum())
    return HypothesisTest(observed, (1 + as_far) / (1 + resamples), f"{resamples} permutations dans les groupes")


def _records(
    outcome: npt.ArrayLike, score: npt.ArrayLike, group: npt.ArrayLike
) -> tuple[Vector, Vector, npt.NDArray[Any]]:
    success, when, where = zero_one(outcome, "résultat"), finite_vector(score, "période"), labels(group, "groupe")
    same_length(résultat=success, période=when, groupe=where)
    return success, when, where


def _informative(success: Vector, when: Vector, where: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Mark the records of groups where both the outcome and the score vary; the others carry no information."""
    keep = np.zeros(len(where), dtype=bool)
    for name in np.unique(where):
        inside = where == name
        keep |= inside & bool(np.ptp(success[inside]) > 0 and np.ptp(when[inside]) > 0)
    return keep


def _refuse_separation(success: Vector, when: Vector, where: npt.NDArray[Any]) -> None:
    """Refuse data whose sufficient statistic is at an end of its conditional range: no finite slope maximises."""
    observed = lowest = highest = 0.0
    for name in np.unique(where):
        inside = where == name
        ordered, chosen = np.sort(when[inside]), int(success[inside].sum())
        observed += float(when[inside] @ success[inside])
        lowest += float(ordered[:chosen].sum())
        highest += float(ordered[-chosen:].sum())
    if min(observed - lowest, highest - observed) < 1e-9:
        raise ValueError(
            "tendance dans les groupes : séparation parfaite, dans chaque groupe tous les cas sont avant (ou après) "
            "les autres ; la pente est infinie, voir le test par permutation"
        )
