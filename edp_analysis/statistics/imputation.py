"""Multiple imputation of an unordered category (the origin of a learner), and Rubin's rules."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, finite_vector, same_length
from edp_analysis.statistics.design import build_design

__all__ = ["Pooled", "impute_shares", "pool"]

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Pooled:
    """Estimates of several imputed tables put together.

    Attributes
    ----------
    estimate, standard_error : float
    degrees : float
        Of the *t* distribution to use (Barnard and Rubin).
    increase : float
        Relative increase of variance due to the missing.
    missing_information : float
        Share of the information that is missing.
    """

    estimate: float
    standard_error: float
    degrees: float
    increase: float
    missing_information: float


def pool(estimates: npt.ArrayLike, variances: npt.ArrayLike, observations: int) -> Pooled:
    """Combine estimates by Rubin's rules, degrees of freedom of Barnard and Rubin (1999).

    Same as ``mice::pool.scalar(Q, U, n)`` in R.

    Parameters
    ----------
    estimates, variances : array_like, shape (m,)
        Of each imputed table, m at least 2.
    observations : int
        Persons, at least 2.

    Raises
    ------
    ValueError
        Fewer than two estimates, different lengths, negative variances, fewer than two persons.

    Examples
    --------
    >>> found = pool([0.55, 0.57], [0.0007, 0.0007], 378)
    >>> round(found.estimate, 3), round(found.standard_error, 4)
    (0.56, 0.0316)
    """
    value, inside = finite_vector(estimates, "estimations"), finite_vector(variances, "variances")
    same_length(estimations=value, variances=inside)
    if len(value) < 2 or (inside < 0).any() or observations < 2:
        raise ValueError("règles de Rubin : au moins deux tirages, des variances positives et deux personnes")
    within, between = float(inside.mean()), float(value.var(ddof=1)) * (1 + 1 / len(value))
    total = within + between
    complete = observations - 1.0
    if between <= 1e-15 * max(total, 1e-300):
        increase, degrees = 0.0, complete * (complete + 1) / (complete + 3)
    else:
        increase, part = between / within if within > 0 else math.inf, between / total
        observed = (complete + 1) / (complete + 3) * complete * (1 - part)
        few = (len(value) - 1) / part**2
        degrees = few * observed / (few + observed) if observed > 0 else 0.0
    lost = 1.0 if math.isinf(increase) else (increase + 2 / (degrees + 3)) / (increase + 1)
    return Pooled(float(value.mean()), math.sqrt(total), degrees, increase, lost)


def impute_shares(
    category: npt.ArrayLike, covariates: pd.DataFrame, seed: int, draws: int = 20, level: float = 0.95
) -> pd.DataFrame:
    """Share of each category when some are missing, by multiple imputation given covariates.

    Each draw resamples the known (so that the uncertainty of the model counts), fits a multinomial logit, and draws a
    category for each missing person. Shares are pooled by :func:`pool`, with Wilson-type intervals (Lott and Reiter
    2020), which stay between 0 and 1. Right if, given the covariates, the missing are like the known: an assumption
    that no data can check, so show the bounds of :func:`~edp_analysis.statistics.missing.missing_shares` beside.

    ``statsmodels``' ``MICE`` matches on a predicted mean of codes, which has no meaning for unordered categories.

    Parameters
    ----------
    category : array_like, shape (n,)
        Missing where unknown.
    covariates : pandas.DataFrame, shape (n, k)
        Numbers, texts or categories, without missing value.
    seed : int
    draws : int, default 20
    level : float, default 0.95

    Returns
    -------
    pandas.DataFrame
        ``modalite`` (alphabetical), ``part``, ``erreur_type``, ``bas``, ``haut``, ``part_des_connus``,
        ``information_manquante``.

    Raises
    ------
    ValueError
        Fewer than two known categories, fewer than two draws, missing covariates, different lengths.

    Examples
    --------
    >>> origin = ["collège"] * 30 + ["lycée"] * 20 + [None] * 10
    >>> found = impute_shares(origin, pd.DataFrame({"sexe": ["F", "M"] * 30}), seed=1)
    >>> found["modalite"].tolist(), round(float(found["part"].sum()), 6)
    (['collège', 'lycée'], 1.0)
    """
    check_level(level)
    values = pd.Series(np.asarray(category, dtype=object))
    known = values.notna().to_numpy()
    names = sorted(values[known].astype(str).unique())
    if len(names) < 2 or draws < 2:
        raise ValueError(f"imputation : {len(names)} modalité(s) connue(s) et {draws} tirage(s), il en faut au moins 2")
    design = build_design(covariates).matrix
    same_length(modalités=values.to_numpy(), covariables=design)
    spread = design[:, 1:].std(axis=0)
    useful = np.flatnonzero(spread > 0)
    standard = (design[:, 1:][:, useful] - design[:, 1:][:, useful].mean(axis=0)) / spread[useful]
    x = np.column_stack([np.ones(len(values)), standard])
    code = pd.Index(names).get_indexer(pd.Index(values.fillna("").astype(str)))
    rng = np.random.default_rng(seed)
    shares = np.empty((draws, len(names)))
    for draw in range(draws):
        filled = code.copy()
        if not known.all():
            filled[~known] = _impute(code[known], x[known], x[~known], rng)
        shares[draw] = np.bincount(filled, minlength=len(names)) / len(values)
    rows = []
    for place, name in enumerate(names):
        share = shares[:, place]
        pooled = pool(share, share * (1 - share) / len(values), len(values))
        low, high = _wilson(pooled, len(values), level)
        complete = float((code[known] == place).mean())
        rows.append((name, pooled.estimate, pooled.standard_error, low, high, complete, pooled.missing_information))
    titles = ["modalite", "part", "erreur_type", "bas", "haut", "part_des_connus", "information_manquante"]
    return pd.DataFrame(rows, columns=titles)


def _impute(
    code: npt.NDArray[np.intp], known: Matrix, missing: Matrix, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    from statsmodels.discrete.discrete_model import MNLogit

    picked = rng.integers(0, len(code), len(code))
    present, place = np.unique(code[picked], return_inverse=True)
    if len(present) == 1:
        return np.full(len(missing), present[0])
    with warnings.catch_warnings():
        # A category that a group never gives sends a coefficient to infinity; its probability tends to 0, as it should.
        warnings.simplefilter("ignore")
        fitted = MNLogit(place, known[picked]).fit(method="bfgs", maxiter=300, disp=0, skip_hessian=True)
    chances = _chances(missing, np.asarray(fitted.params, dtype=float))
    steps = chances.cumsum(axis=1)
    drawn = (rng.random(len(missing))[:, None] > steps[:, :-1]).sum(axis=1)
    return np.asarray(present[drawn])


def _chances(design: Matrix, coefficients: Matrix) -> Matrix:
    """Probability of each category; the largest predictor is taken off first, so that no exponential overflows."""
    predictors = np.column_stack([np.zeros(len(design)), design @ coefficients])
    if not np.isfinite(predictors).all():
        raise ValueError("le modèle d'imputation n'a pas de solution finie : regrouper les modalités rares")
    odds = np.exp(predictors - predictors.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def _wilson(pooled: Pooled, observations: int, level: float) -> tuple[float, float]:
    """Wilson's interval with *t* for *z* and the variance multiplied by (1 + r)."""
    from scipy.stats import t

    if math.isinf(pooled.increase):
        return 0.0, 1.0
    width = float(t.ppf((1 + level) / 2, pooled.degrees)) ** 2 * (1 + pooled.increase) / observations
    share = pooled.estimate
    centre, half = share + width / 2, math.sqrt(width * share * (1 - share) + width**2 / 4)
    return max(0.0, (centre - half) / (1 + width)), min(1.0, (centre + half) / (1 + width))
