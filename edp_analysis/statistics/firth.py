"""Logistic regression that stays finite when events are few or separated: Firth's penalised likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from edp_analysis.statistics.checks import check_level

__all__ = ["Firth", "firth"]

Matrix = npt.NDArray[np.float64]
_STEPS = 500
_CLOSE = 1e-9


@dataclass(frozen=True)
class Firth:
    """A logit fitted by Firth's penalised likelihood.

    Attributes
    ----------
    coefficients, standard_errors : numpy.ndarray, shape (k,)
        Log odds; the constant is the first if the design has it first.
    low, high : numpy.ndarray, shape (k,)
        Profile penalised likelihood limits.
    pvalues : numpy.ndarray, shape (k,)
        Penalised likelihood ratio tests that each coefficient is nil.
    covariance : numpy.ndarray, shape (k, k)
        Inverse of the information.
    log_likelihood : float
        Penalised.
    """

    coefficients: Matrix
    standard_errors: Matrix
    low: Matrix
    high: Matrix
    pvalues: Matrix
    covariance: Matrix
    log_likelihood: float


def firth(design: Matrix, outcome: Matrix, level: float = 0.95) -> Firth:
    r"""Fit a logit by maximising :math:`\ell(\beta) + \frac12 \log |X'WX|` (Firth 1993; Heinze and Schemper 2002).

    The penalty removes the first-order bias and keeps estimates finite under separation. Newton steps on the modified
    score :math:`X'(y - \pi + h(\frac12 - \pi))`, *h* the diagonal of the hat matrix, halved when they overshoot.
    Intervals and tests are of the profile penalised likelihood: Wald's are poor precisely where Firth is needed. Same
    as ``logistf`` and ``brglm2`` in R.

    Parameters
    ----------
    design : numpy.ndarray, shape (n, k)
        Finite, of full rank, the column of ones included.
    outcome : numpy.ndarray, shape (n,)
        0 and 1.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Sizes that differ, an outcome that does not vary, a design not of full rank or with missing values, or no
        convergence.

    Examples
    --------
    One event among five of a group, none among five of the other: 2 × 2 tables get 0.5 in each cell.

    >>> design = np.column_stack([np.ones(10), np.repeat([0, 1], 5)])
    >>> found = firth(design, np.array([0.0] * 9 + [1.0]))
    >>> bool(abs(found.coefficients[1] - np.log(1.5 * 5.5 / (4.5 * 0.5))) < 1e-8)
    True
    """
    from scipy.stats import chi2

    check_level(level)
    x, y = _checked(design, outcome)
    # Newton's path does not depend on the units of the columns, but floating point does.
    scale = np.abs(x).max(axis=0)
    x = x / scale
    best, top = _maximise(x, y, np.zeros(x.shape[1]), None)
    weights = _shares(x, best) * (1 - _shares(x, best))
    covariance = np.linalg.inv(x.T * weights @ x)
    drop = float(chi2.ppf(level, 1)) / 2
    errors = np.sqrt(np.diag(covariance))
    limits = [[_limit(x, y, best, top, covariance, j, side * drop) for j in range(len(best))] for side in (-1, 1)]
    nulls = [_maximise(x, y, _pinned(best, covariance, j, 0.0), j)[1] for j in range(len(best))]
    pvalues = chi2.sf(np.maximum(0.0, 2 * (top - np.array(nulls))), 1)
    return Firth(
        best / scale,
        errors / scale,
        np.array(limits[0]) / scale,
        np.array(limits[1]) / scale,
        np.asarray(pvalues),
        covariance / np.outer(scale, scale),
        # The information of the scaled columns is smaller by their squares.
        top + float(np.log(scale).sum()),
    )


def _checked(design: Matrix, outcome: Matrix) -> tuple[Matrix, Matrix]:
    x, y = np.asarray(design, dtype=float), np.asarray(outcome, dtype=float)
    if x.ndim != 2 or y.ndim != 1 or len(x) != len(y) or x.shape[1] == 0:
        raise ValueError(f"régression de Firth : plan {x.shape} et résultat {y.shape} ne vont pas ensemble")
    if not (np.isfinite(x).all() and np.isin(y, (0.0, 1.0)).all()):
        raise ValueError("régression de Firth : valeurs manquantes, ou résultat autre que 0 et 1")
    if y.min() == y.max():
        raise ValueError("régression de Firth : le résultat est le même pour tous, rien à expliquer")
    if np.linalg.matrix_rank(x / np.maximum(np.abs(x).max(axis=0), 1e-300)) < x.shape[1]:
        raise ValueError("régression de Firth : une colonne se déduit des autres, ou est constante")
    return x, y


def _shares(x: Matrix, beta: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-np.clip(x @ beta, -700, 700))))


def _penalised(x: Matrix, y: Matrix, beta: Matrix) -> float:
    linear = x @ beta
    share = _shares(x, beta)
    sign, determinant = np.linalg.slogdet(x.T * (share * (1 - share)) @ x)
    if sign <= 0:
        return -np.inf
    return float(y @ linear - np.logaddexp(0, linear).sum() + determinant / 2)


def _slope(x: Matrix, y: Matrix, beta: Matrix) -> tuple[Matrix, Matrix]:
    """Information matrix and modified score."""
    share = _shares(x, beta)
    weights = share * (1 - share)
    information = x.T * weights @ x
    hat = weights * ((x @ np.linalg.inv(information)) * x).sum(axis=1)
    return information, x.T @ (y - share + hat * (0.5 - share))


def _pinned(best: Matrix, covariance: Matrix, place: int, value: float) -> Matrix:
    """Move one coefficient, and the others along the ridge, so that a profile starts near its top."""
    return np.asarray(best + covariance[:, place] / covariance[place, place] * (value - best[place]))


def _maximise(x: Matrix, y: Matrix, start: Matrix, pinned: int | None) -> tuple[Matrix, float]:
    """Maximise over all coefficients, or over all but `pinned`, which stays at its start.

    The penalty keeps the whole information matrix in both cases, as ``logistf`` does.
    """
    free = np.array([j != pinned for j in range(x.shape[1])])
    beta, value = start, _penalised(x, y, start)
    for _ in range(_STEPS):
        information, score = _slope(x, y, beta)
        step = np.zeros(len(beta))
        step[free] = np.linalg.solve(information[np.ix_(free, free)], score[free])
        longest = float(np.abs(x @ step).max())
        if longest < _CLOSE:
            return beta, value
        step /= max(1.0, longest / 5)
        tried = _penalised(x, y, beta + step)
        # Beyond the top the slope turns: stepping back by half avoids two points exchanged for ever.
        while tried < value - 1e-12 * abs(value) or _slope(x, y, beta + step)[1] @ step < -0.5 * (score @ step):
            step = step / 2
            if np.abs(x @ step).max() < _CLOSE:
                return beta, value
            tried = _penalised(x, y, beta + step)
        beta, value = beta + step, tried
    raise ValueError("régression de Firth : le calcul ne converge pas")


def _limit(x: Matrix, y: Matrix, best: Matrix, top: float, covariance: Matrix, place: int, drop: float) -> float:
    """Value of a coefficient, on the side of the sign of `drop`, where the profile has fallen by its size."""
    from scipy.optimize import brentq

    def excess(value: float) -> float:
        return top - _maximise(x, y, _pinned(best, covariance, place, value), place)[1] - abs(drop)

    inside, step = float(best[place]), float(np.copysign(np.sqrt(covariance[place, place]), drop))
    for _ in range(100):
        outside = inside + step
        if excess(outside) > 0:
            return float(brentq(excess, inside, outside, xtol=1e-8 * abs(step)))
        inside = outside
    raise ValueError("régression de Firth : la vraisemblance ne borne pas ce coefficient")
