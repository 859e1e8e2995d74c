"""Factors associated with an outcome: a small model fixed in advance, read as differences of risk."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, same_length, zero_one
from edp_analysis.statistics.clusters import logit_cr3
from edp_analysis.statistics.design import Design, build_design, design_at
from edp_analysis.statistics.firth import firth
from edp_analysis.statistics.separation import independent_columns, separating_direction

__all__ = ["FactorModel", "fit_factors", "risk_differences"]

Matrix = npt.NDArray[np.float64]
_EVENTS_PER_PARAMETER = 10


@dataclass(frozen=True)
class FactorModel:
    """A logit of an outcome on a few factors.

    Attributes
    ----------
    table : pandas.DataFrame
        ``facteur``, ``modalite``, ``reference``, ``rapport_de_cotes``, ``bas``, ``haut``, ``p``; one row a level other
        than the reference, or a number.
    method : str
        In French, as printed under the table.
    reason : str
        Why Firth's method was chosen; empty otherwise.
    observations, events, parameters : int
        Persons, persons with the outcome, coefficients without the constant.
    saturated : bool
        The model has as many parameters as there are kinds of persons: its coefficients *are* the table of counts, and
        may not be published.
    coefficients, covariance : numpy.ndarray
        On the columns of `design`.
    outcome : numpy.ndarray, shape (n,)
    design : Design
    level : float
    """

    table: pd.DataFrame
    method: str
    reason: str
    observations: int
    events: int
    parameters: int
    saturated: bool
    coefficients: Matrix
    covariance: Matrix
    outcome: Matrix
    design: Design
    level: float


def fit_factors(
    outcome: npt.ArrayLike, covariates: pd.DataFrame, level: float = 0.95, method: str = "auto"
) -> FactorModel:
    """Fit the model: maximum likelihood, or Firth's when events are few or separated.

    Parameters
    ----------
    outcome : array_like of 0/1 or bool, shape (n,)
    covariates : pandas.DataFrame, shape (n, k)
        Factors chosen before looking: numbers, booleans, texts or categories (:func:`build_design`). No missing value:
        make it a level, or see :mod:`edp_analysis.statistics.missing`.
    level : float, default 0.95
    method : {"auto", "logit", "firth"}
        ``"auto"`` takes Firth under separation, or below ten events (or ten non-events) a parameter.

    Raises
    ------
    ValueError
        Missing values, an outcome that does not vary, constant or redundant columns, ``"logit"`` under separation.

    Examples
    --------
    >>> covariates = pd.DataFrame({"âge": [15, 16, 17, 18] * 30, "sexe": ["F", "M", "M"] * 40})
    >>> model = fit_factors(([0, 0, 1, 1] * 4 + [0, 1, 0, 1] * 2 + [1, 0, 1, 0]) * 4 + [0, 1] * 4, covariates.head(120))
    >>> model.table[["facteur", "modalite", "reference"]].values.tolist(), model.method
    ([['âge', '+ 1', ''], ['sexe', 'F', 'M']], 'régression logistique')
    """
    check_level(level)
    if method not in ("auto", "logit", "firth"):
        raise ValueError(f"méthode « {method} » inconnue : auto, logit ou firth")
    y = zero_one(outcome, "résultat")
    design = build_design(covariates)
    same_length(résultat=y, covariables=design.matrix)
    if y.min() == y.max():
        raise ValueError("le résultat est le même pour tous, rien à expliquer")
    x = design.matrix
    independent_columns(x[:, 1:], tuple(" ".join(pair).strip() for pair in design.columns))
    separated = separating_direction(x * (2 * y - 1)[:, None]) is not None
    if separated and method == "logit":
        raise ValueError("les facteurs séparent parfaitement les résultats : utiliser la méthode de Firth")
    reason = _why_firth(y, x.shape[1] - 1, separated)
    if method == "firth" or (method == "auto" and reason):
        found = firth(x, y, level)
        slopes, covariance = found.coefficients, found.covariance
        low, high, p, name = found.low, found.high, found.pvalues, "Firth, vraisemblance profilée"
    else:
        slopes, covariance, low, high, p = _maximum_likelihood(x, y, level)
        name, reason = "régression logistique", ""
    table = pd.DataFrame(
        {
            "facteur": [factor for factor, _ in design.columns],
            "modalite": [modality or "+ 1" for _, modality in design.columns],
            "reference": [design.levels[factor][0] if modality else "" for factor, modality in design.columns],
            "rapport_de_cotes": np.exp(slopes[1:]),
            "bas": np.exp(low[1:]),
            "haut": np.exp(high[1:]),
            "p": p[1:],
        }
    )
    saturated = len(np.unique(x, axis=0)) <= x.shape[1]
    return FactorModel(
        table, name, reason, len(y), int(y.sum()), x.shape[1] - 1, saturated, slopes, covariance, y, design, level
    )


def risk_differences(
    model: FactorModel, steps: dict[str, float] | None = None, cluster: npt.ArrayLike | None = None
) -> pd.DataFrame:
    r"""Average difference of risk for each factor, all else as observed (g-computation).

    Every person's risk is predicted with the level, then with the reference, and the two averages are compared (Lane
    and Nelder 1982). Standard errors by the delta method, covariates taken as they are. After Firth, whose predictions
    lean towards one half, the constant is fitted again so that predicted and observed events agree (FLIC; Puhr and
    others 2017).

    Parameters
    ----------
    model : FactorModel
    steps : dict of str to float, optional
        Increment of each number; 1 by default.
    cluster : array_like, shape (n,), optional
        School of each person: errors are then CR3 with *t* of G − 1 degrees of freedom. Not after Firth.

    Returns
    -------
    pandas.DataFrame
        ``facteur``, ``modalite``, ``reference``, ``risque``, ``risque_reference``, ``difference``, ``bas``, ``haut``
        (in shares; times 100, points), ``methode``.

    Raises
    ------
    ValueError
        An unknown factor in `steps`, fewer than three clusters, or clusters with a Firth model.

    Examples
    --------
    >>> covariates = pd.DataFrame({"groupe": ["a"] * 40 + ["b"] * 40})
    >>> model = fit_factors([1] * 10 + [0] * 30 + [1] * 20 + [0] * 20, covariates)
    >>> risk_differences(model)[["modalite", "risque", "risque_reference", "difference"]].round(3).values.tolist()
    [['b', 0.5, 0.25, 0.25]]
    """
    from scipy.stats import norm, t

    steps = steps or {}
    unknown = [name for name in steps if name not in model.design.levels]
    if unknown:
        raise ValueError(f"facteur(s) inconnu(s) : {', '.join(unknown)}")
    slopes, covariance, method = model.coefficients, model.covariance, "différence de risque marginale"
    quantile = float(norm.ppf((1 + model.level) / 2))
    if model.method.startswith("Firth"):
        if cluster is not None:
            raise ValueError(
                "erreurs par école : pas après la méthode de Firth, comparer avec le modèle linéaire (CR2)"
            )
        slopes = _refit_constant(model.design.matrix, model.outcome, slopes)
        method += ", Firth (FLIC)"
    elif cluster is not None:
        covariance, groups = _by_school(model, cluster)
        quantile = float(t.ppf((1 + model.level) / 2, groups - 1))
        method += ", erreurs par école (CR3, t(G − 1))"
    rows = []
    for factor, modality in model.design.columns:
        first, second = _contrast(model.design, factor, modality, steps.get(factor, 1.0))
        risk, base = _risk(first, slopes), _risk(second, slopes)
        gradient = _gradient(first, slopes) - _gradient(second, slopes)
        half = quantile * float(gradient @ covariance @ gradient) ** 0.5
        name = modality or f"+ {steps.get(factor, 1.0):g}".replace(".", ",")
        reference = model.design.levels[factor][0] if modality else ""
        rows.append((factor, name, reference, risk, base, risk - base, risk - base - half, risk - base + half, method))
    titles = ["facteur", "modalite", "reference", "risque", "risque_reference", "difference", "bas", "haut", "methode"]
    found = pd.DataFrame(rows, columns=titles)
    # A difference of risks has bounds that the delta method does not know.
    return found.assign(bas=found["bas"].clip(lower=-1), haut=found["haut"].clip(upper=1))


def _why_firth(y: Matrix, parameters: int, separated: bool) -> str:
    if separated:
        return "les facteurs séparent parfaitement certains résultats"
    fewest = int(min(y.sum(), len(y) - y.sum()))
    if fewest < _EVENTS_PER_PARAMETER * parameters:
        return f"moins de {_EVENTS_PER_PARAMETER} événements par paramètre ({fewest} pour {parameters})"
    return ""


def _maximum_likelihood(x: Matrix, y: Matrix, level: float) -> tuple[Matrix, Matrix, Matrix, Matrix, Matrix]:
    from scipy.stats import norm
    from statsmodels.discrete.discrete_model import Logit

    standard, back = _standardised(x)
    with warnings.catch_warnings():
        # What the library warns of is checked below, and is an error.
        warnings.simplefilter("ignore")
        fitted = Logit(y, standard).fit(disp=0, method="newton", maxiter=100, tol=1e-10)
    if not fitted.mle_retvals["converged"] or not np.isfinite(fitted.bse).all():
        raise ValueError("régression logistique : l'ajustement ne converge pas, utiliser la méthode de Firth")
    slopes = back @ fitted.params
    covariance = back @ np.asarray(fitted.cov_params()) @ back.T
    errors = np.sqrt(np.diag(covariance))
    half = float(norm.ppf((1 + level) / 2)) * errors
    return slopes, covariance, slopes - half, slopes + half, 2 * norm.sf(np.abs(slopes / errors))


def _standardised(x: Matrix) -> tuple[Matrix, Matrix]:
    """Centred and scaled columns (years near 2000 would stop Newton short), and the way back to the coefficients."""
    mean, spread = x[:, 1:].mean(axis=0), x[:, 1:].std(axis=0)
    back = np.diag(np.concatenate([[1.0], 1 / spread]))
    back[0, 1:] = -mean / spread
    return np.column_stack([x[:, 0], (x[:, 1:] - mean) / spread]), back


def _shares(linear: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-np.clip(linear, -700, 700))))


def _risk(x: Matrix, slopes: Matrix) -> float:
    return float(_shares(x @ slopes).mean())


def _gradient(x: Matrix, slopes: Matrix) -> Matrix:
    risk = _shares(x @ slopes)
    return np.asarray((x * (risk * (1 - risk))[:, None]).mean(axis=0))


def _contrast(design: Design, factor: str, modality: str, step: float) -> tuple[Matrix, Matrix]:
    if not modality:
        return design_at(design.frame.assign(**{factor: design.frame[factor] + step}), design.levels), design.matrix
    known = design.levels
    return (
        design_at(design.frame.assign(**{factor: modality}), known),
        design_at(design.frame.assign(**{factor: known[factor][0]}), known),
    )


def _refit_constant(x: Matrix, y: Matrix, slopes: Matrix) -> Matrix:
    from scipy.optimize import brentq

    offset = x[:, 1:] @ slopes[1:]
    wide = float(np.abs(offset).max()) + 40
    constant = brentq(lambda value: float(_shares(value + offset).sum() - y.sum()), -wide, wide, xtol=1e-12)
    return np.concatenate([[constant], slopes[1:]])


def _by_school(model: FactorModel, cluster: npt.ArrayLike) -> tuple[Matrix, int]:
    groups = len(pd.unique(pd.Series(np.asarray(cluster))))
    if len(np.asarray(cluster)) != model.observations or groups < 3:
        raise ValueError(f"écoles : une par personne et au moins trois sont attendues ({groups} reçue(s))")
    standard, back = _standardised(model.design.matrix)
    _, covariance = logit_cr3(standard, model.outcome, cluster)
    return back @ covariance @ back.T, groups
