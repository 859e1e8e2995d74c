"""Partial pooling of the rates of small groups: each borrows from all the others what it lacks in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_count, check_level, finite_vector, labels, same_length
from edp_analysis.statistics.proportions import wilson

__all__ = ["Pooled", "partial_pooling"]

_LARGEST = math.log(1e6)
"""Beyond this concentration the groups cannot be told apart: a Beta(a, b) with a + b of a million is a point."""


@dataclass(frozen=True)
class Pooled:
    """Rates of groups under a beta-binomial model.

    Attributes
    ----------
    alpha, beta : float
        Parameters of the distribution of the groups' true rates; infinite when the data show no more variation than
        chance: the rates are then all equal to the overall one.
    mean : float
        alpha/(alpha + beta), the rate of a typical group.
    table : pandas.DataFrame, one row a group, in alphabetical order
        ``groupe``, ``compte``, ``effectif``, ``taux`` (raw), ``taux_lisse`` (posterior mean), ``bas``, ``haut``.
    """

    alpha: float
    beta: float
    mean: float
    table: pd.DataFrame


def partial_pooling(names: Sequence[str], counts: npt.ArrayLike, totals: npt.ArrayLike, level: float = 0.95) -> Pooled:
    r"""Estimate the rates of groups together: beta-binomial model by maximum marginal likelihood.

    Counts are binomial, true rates Beta(α, β); α and β maximise the product of beta-binomial probabilities, and
    group j has the posterior Beta(α + y_j, β + n_j − y_j) (Gelman et al., *Bayesian Data Analysis*, 5.3). The
    intervals take α and β as known: with ten groups they are somewhat too narrow.

    Parameters
    ----------
    names : sequence of str, length k ≥ 3
        Different names of the groups (schools).
    counts, totals : array_like of int, shape (k,)
        Cases and persons of each group.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Fewer than three groups, repeated names, impossible counts, a rate of 0 or 1 overall, or rates that are all 0 or
        1 (no beta distribution fits).

    Notes
    -----
    When the groups vary no more than chance, the likelihood grows without end with α + β: the smoothed rate is then
    the overall one for all, with the Wilson interval of the overall rate.

    Examples
    --------
    >>> pooled = partial_pooling(["EDP-01", "EDP-02", "EDP-03"], [2, 10, 27], [20, 20, 30])
    >>> pooled.table["taux_lisse"].round(2).tolist()
    [0.14, 0.5, 0.88]
    """
    from scipy.stats import beta as beta_law

    groups, count, total = (
        labels(names, "groupes"),
        finite_vector(counts, "comptes"),
        finite_vector(totals, "effectifs"),
    )
    same_length(groupes=groups, comptes=count, effectifs=total)
    check_level(level)
    if len(groups) < 3 or len(set(groups.tolist())) < len(groups):
        raise ValueError("lissage : il faut au moins trois groupes, de noms différents")
    for one, whole in zip(count, total, strict=True):
        check_count(one, whole)
    if count.sum() in (0, total.sum()):
        raise ValueError("lissage : tout le monde ou personne n'est dans le cas étudié, aucun taux ne varie")
    if ((count == 0) | (count == total)).all():
        raise ValueError("lissage : tous les taux valent 0 ou 1, aucune loi bêta ne convient")
    alpha, beta = _fit(count, total)
    if math.isinf(alpha):
        overall = wilson(int(count.sum()), int(total.sum()), level)
        mean = float(count.sum() / total.sum())
        smoothed, low, high = (np.full(len(count), value) for value in (mean, overall.low, overall.high))
    else:
        mean = alpha / (alpha + beta)
        smoothed = (alpha + count) / (alpha + beta + total)
        low, high = (
            np.asarray(beta_law.ppf(tail, alpha + count, beta + total - count))
            for tail in ((1 - level) / 2, (1 + level) / 2)
        )
    table = pd.DataFrame(
        {
            "groupe": groups,
            "compte": count.astype(int),
            "effectif": total.astype(int),
            "taux": count / total,
            "taux_lisse": smoothed,
            "bas": low,
            "haut": high,
        }
    )
    return Pooled(alpha, beta, mean, table.sort_values("groupe", ignore_index=True))


def _fit(count: npt.NDArray[np.float64], total: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Maximise the beta-binomial likelihood over the logit of the mean and the log of the concentration."""
    from scipy.optimize import minimize
    from scipy.special import expit, logit
    from scipy.stats import betabinom

    overall = count.sum() / total.sum()

    def minus_log_likelihood(point: npt.NDArray[np.float64]) -> float:
        mean, concentration = expit(point[0]), math.exp(min(point[1], _LARGEST + 1))
        terms = betabinom.logpmf(count, total, mean * concentration, (1 - mean) * concentration)
        return -float(np.sum(terms))

    found = minimize(
        minus_log_likelihood,
        [float(logit(overall)), 2.0],
        method="Nelder-Mead",
        bounds=[(-15, 15), (-10, _LARGEST)],
        options={"xatol": 1e-9, "fatol": 1e-11, "maxiter": 4000},
    )
    # The likelihood flattens long before the bound: no gain over the bound itself means no finite optimum.
    at_bound = minus_log_likelihood(np.array([float(logit(overall)), _LARGEST]))
    if at_bound - found.fun < 1e-5:
        return math.inf, math.inf
    mean, concentration = float(expit(found.x[0])), math.exp(found.x[1])
    return mean * concentration, (1 - mean) * concentration
