"""Proportional-odds regression of ordered answers, and the binary regressions that check it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, finite_vector
from edp_analysis.statistics.separation import independent_columns, separating_direction

__all__ = ["OrderedLogit", "binary_logits", "ordered_logit"]

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OrderedLogit:
    """A proportional-odds model.

    Attributes
    ----------
    coefficients : pandas.DataFrame
        One row a covariate: ``variable``, ``coefficient`` (log odds of a higher answer for one unit), ``erreur_type``,
        ``rapport_de_cotes``, ``bas``, ``haut``, ``p``.
    thresholds : tuple of float
        Cut points, in the units of the covariates, as R's ``polr`` prints them: logit P(Y ≤ k) = threshold k − Xβ.
    log_likelihood : float
    observations : int
    level : float
    """

    coefficients: pd.DataFrame
    thresholds: tuple[float, ...]
    log_likelihood: float
    observations: int
    level: float


def ordered_logit(answers: npt.ArrayLike, covariates: pd.DataFrame, level: float = 0.95) -> OrderedLogit:
    """Fit a proportional-odds logit (McCullagh 1980), equal to R's ``MASS::polr``.

    Computed by ``statsmodels``' ``OrderedModel``. The covariates are standardised before fitting: on raw ages the
    optimiser stops early and says it has converged. Estimates and thresholds are given back in the original units.

    Parameters
    ----------
    answers : array_like of int, shape (n,)
        Ranks of the answers; only their order matters. No missing value.
    covariates : pandas.DataFrame, shape (n, k)
        Numbers or booleans, at most two or three for a hundred answers.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Missing values, a single answer, a constant or redundant covariate, perfect separation, or no convergence.

    Examples
    --------
    >>> ages = pd.DataFrame({"âge": [15, 16, 16, 17, 15, 18, 17, 16, 18, 15, 17, 18]})
    >>> found = ordered_logit([1, 1, 2, 2, 1, 3, 3, 2, 2, 2, 1, 3], ages)
    >>> round(float(found.coefficients["coefficient"][0]), 2), [round(cut, 1) for cut in found.thresholds]
    (1.35, [21.2, 23.9])
    """
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    check_level(level)
    rank, design = _inputs(answers, covariates)
    names = tuple(str(name) for name in covariates.columns)
    mean, spread = design.mean(axis=0), design.std(axis=0)
    standard = (design - mean) / spread
    if separating_direction(_cumulative_rows(rank, standard)) is not None:
        raise ValueError(
            "régression ordinale : les covariables séparent parfaitement les réponses, pas d'estimation finie"
        )
    model = OrderedModel(rank, standard, distr="logit")
    with warnings.catch_warnings():
        # Convergence is judged below from the slope of the likelihood, not from the optimiser's word.
        warnings.simplefilter("ignore")
        fitted = model.fit(method="bfgs", disp=0, maxiter=1000, gtol=1e-7)
    if not np.abs(model.score(np.asarray(fitted.params))).max() < 1e-3 * len(rank):
        raise ValueError("régression ordinale : l'ajustement ne converge pas")
    width = design.shape[1]
    slopes, errors = np.asarray(fitted.params[:width]), np.asarray(fitted.bse[:width])
    cuts = np.asarray(model.transform_threshold_params(fitted.params))[1:-1] + slopes @ (mean / spread)
    return OrderedLogit(
        _coefficients(names, slopes / spread, errors / spread, level),
        tuple(float(cut) for cut in cuts),
        float(fitted.llf),
        len(rank),
        level,
    )


def binary_logits(answers: npt.ArrayLike, covariates: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Fit one logit for each cut of the scale (« at least 2 », « at least 3 »…), on the same covariates.

    Under proportional odds they all estimate the coefficient of :func:`ordered_logit`: printed beside it, they replace
    Brant's test, which no library here provides.

    Parameters
    ----------
    answers, covariates, level
        As :func:`ordered_logit`.

    Returns
    -------
    pandas.DataFrame
        ``seuil`` (lowest answer counted as « yes »), then the columns of :attr:`OrderedLogit.coefficients`, and
        ``remarque``. Where the covariates separate the answers at a cut, the numbers are empty and ``remarque``
        says so.

    Raises
    ------
    ValueError
        As :func:`ordered_logit`, except separation.

    Examples
    --------
    >>> ages = pd.DataFrame({"âge": [15, 16, 16, 17, 15, 18, 17, 16, 18, 15, 17, 18]})
    >>> binary_logits([1, 1, 2, 2, 1, 3, 3, 2, 2, 2, 1, 3], ages)[["seuil", "coefficient"]].round(2).values.tolist()
    [[2.0, 1.08], [3.0, 2.07]]
    """
    from statsmodels.discrete.discrete_model import Logit

    check_level(level)
    rank, design = _inputs(answers, covariates)
    names = tuple(str(name) for name in covariates.columns)
    mean, spread = design.mean(axis=0), design.std(axis=0)
    full = np.column_stack([np.ones(len(rank)), (design - mean) / spread])
    tables = []
    for cut in np.unique(rank)[1:]:
        above = (rank >= cut).astype(float)
        if separating_direction(full * (2 * above - 1)[:, None]) is None:
            fitted = Logit(above, full).fit(disp=0, method="newton", maxiter=100)
            table = _coefficients(names, fitted.params[1:] / spread, fitted.bse[1:] / spread, level)
            tables.append(table.assign(remarque=""))
        else:
            empty = np.full(len(names), np.nan)
            table = _coefficients(names, empty, empty, level)
            tables.append(table.assign(remarque="séparation parfaite : non estimable"))
        tables[-1].insert(0, "seuil", cut)
    return pd.concat(tables, ignore_index=True)


def _inputs(answers: npt.ArrayLike, covariates: pd.DataFrame) -> tuple[Matrix, Matrix]:
    rank = finite_vector(answers, "réponses")
    if covariates.shape[1] == 0 or len(covariates) != len(rank):
        raise ValueError(f"{len(rank)} réponses pour un tableau de covariables {covariates.shape}")
    names = tuple(str(name) for name in covariates.columns)
    columns = [finite_vector(covariates[name], str(name)) for name in covariates.columns]
    if len(np.unique(rank)) < 2:
        raise ValueError("régression ordinale : une seule réponse observée, rien ne varie")
    design = np.column_stack(columns)
    independent_columns(design, names)
    return rank, design


def _cumulative_rows(rank: Matrix, design: Matrix) -> Matrix:
    """Rows whose sign must be positive for everybody to stand between the two cuts of the answer given."""
    place = np.unique(rank, return_inverse=True)[1]
    cuts = np.eye(place.max() + 2)
    above = np.column_stack([design, -cuts[place]])[place > 0]
    below = np.column_stack([-design, cuts[place + 1]])[place < place.max()]
    # The outer cuts do not exist: their columns are never used.
    return np.delete(np.vstack([above, below]), [design.shape[1], -1], axis=1)


def _coefficients(names: tuple[str, ...], slopes: Matrix, errors: Matrix, level: float) -> pd.DataFrame:
    normal = NormalDist()
    half = normal.inv_cdf((1 + level) / 2) * errors
    return pd.DataFrame(
        {
            "variable": names,
            "coefficient": slopes,
            "erreur_type": errors,
            "rapport_de_cotes": np.exp(slopes),
            "bas": np.exp(slopes - half),
            "haut": np.exp(slopes + half),
            "p": [np.nan if np.isnan(z) else 2 * normal.cdf(-abs(z)) for z in slopes / errors],
        }
    )
