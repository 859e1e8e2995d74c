"""Regressions on persons grouped in few schools: errors that count ten schools, and not four hundred persons."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, finite_vector, labels, same_length, zero_one
from edp_analysis.statistics.results import HypothesisTest
from edp_analysis.statistics.separation import independent_columns, separating_direction

__all__ = ["cluster_linear", "cluster_logit", "logit_cr3", "wild_bootstrap"]

Matrix = npt.NDArray[np.float64]
_MOST_ENUMERATED = 16


def cluster_linear(
    outcome: npt.ArrayLike, covariates: pd.DataFrame, cluster: npt.ArrayLike, level: float = 0.95, kind: str = "CR2"
) -> pd.DataFrame:
    r"""Linear (probability) model with the small-sample cluster-robust errors of Bell and McCaffrey (2002).

    Residuals of each cluster are adjusted by :math:`(I - H_{gg})^{-1/2}` (CR2, with Satterthwaite's degrees of freedom,
    one set a coefficient) or :math:`(I - H_{gg})^{-1}` (CR3, *t* with G − 1 degrees of freedom). Same as
    ``clubSandwich`` in R. A coefficient carried by one or two clusters shows by its few degrees of freedom: below 4,
    the p-value is not to be trusted (Pustejovsky and Tipton 2018).

    Parameters
    ----------
    outcome : array_like, shape (n,)
        0/1 or numbers; with 0/1, coefficients are differences of probability.
    covariates : pandas.DataFrame, shape (n, k)
        Numbers or booleans, without the constant.
    cluster : array_like, shape (n,)
        School of each person.
    level : float, default 0.95
    kind : {"CR2", "CR3"}

    Returns
    -------
    pandas.DataFrame
        ``variable``, ``coefficient``, ``erreur_type``, ``ddl``, ``bas``, ``haut``, ``p``, ``methode``, without the
        constant.

    Raises
    ------
    ValueError
        Missing values, constant or redundant covariates, an outcome that does not vary, fewer than three clusters, or a
        coefficient whose variance the clusters cannot estimate.

    Examples
    --------
    >>> data = pd.DataFrame({"âge": [15, 16, 17, 16, 15, 18, 17, 15, 16, 18]})
    >>> found = cluster_linear([0, 0, 1, 0, 1, 1, 1, 0, 0, 1], data, list("aabbccddee"))
    >>> round(float(found["coefficient"][0]), 3), round(float(found["ddl"][0]), 2)
    (0.289, 2.87)
    """
    from scipy.stats import t

    check_level(level)
    if kind not in ("CR2", "CR3"):
        raise ValueError(f"correction « {kind} » inconnue : CR2 ou CR3")
    y, x, names, groups = _inputs(outcome, covariates, cluster)
    bread = np.asarray(np.linalg.inv(x.T @ x), dtype=float)
    residual = y - x @ (bread @ (x.T @ y))
    # One row a cluster: the contribution of its adjusted residuals to each coefficient.
    adjusted = [_adjust(x[g] @ bread @ x[g].T, -0.5 if kind == "CR2" else -1.0) @ x[g] @ bread for g in groups]
    pushes = np.array([a.T @ residual[g] for a, g in zip(adjusted, groups, strict=True)])
    errors = np.sqrt((pushes**2).sum(axis=0))
    if (errors <= 1e-12 * np.abs(y).max()).any():
        raise ValueError("variance nulle pour un coefficient : les écoles ne permettent pas de l'estimer")
    if kind == "CR2":
        degrees = np.array([_satterthwaite(x, bread, adjusted, groups, j) for j in range(x.shape[1])])
    else:
        degrees = np.full(x.shape[1], len(groups) - 1.0)
    slopes = bread @ (x.T @ y)
    half = t.ppf((1 + level) / 2, degrees) * errors
    name = "CR2, Satterthwaite" if kind == "CR2" else "CR3, t(G − 1)"
    table = pd.DataFrame(
        {
            "variable": ("constante", *names),
            "coefficient": slopes,
            "erreur_type": errors,
            "ddl": degrees,
            "bas": slopes - half,
            "haut": slopes + half,
            "p": 2 * t.sf(np.abs(slopes / errors), degrees),
            "methode": name,
        }
    )
    return table.iloc[1:].reset_index(drop=True)


def cluster_logit(
    outcome: npt.ArrayLike, covariates: pd.DataFrame, cluster: npt.ArrayLike, level: float = 0.95
) -> pd.DataFrame:
    """Logit with bias-reduced cluster-robust errors (CR3) and *t* with G − 1 degrees of freedom.

    Errors by :func:`logit_cr3`. statsmodels prints normal p-values and intervals, too short with ten schools: they are
    computed again here.

    Parameters
    ----------
    outcome : array_like of 0/1, shape (n,)
    covariates : pandas.DataFrame, shape (n, k)
        Numbers or booleans, without the constant.
    cluster : array_like, shape (n,)
    level : float, default 0.95

    Returns
    -------
    pandas.DataFrame
        As :func:`cluster_linear`, with ``rapport_de_cotes``; ``bas`` and ``haut`` are limits of the odds ratio.

    Raises
    ------
    ValueError
        As :func:`cluster_linear`; separation.

    Examples
    --------
    >>> data = pd.DataFrame({"âge": [15, 16, 17, 16, 15, 18, 17, 15, 16, 18, 17, 15]})
    >>> found = cluster_logit([0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0], data, list("aabbccddeeff"))
    >>> round(float(found["rapport_de_cotes"][0]), 1), float(found["ddl"][0])
    (3.9, 5.0)
    """
    from scipy.stats import t

    check_level(level)
    y, x, names, groups = _inputs(zero_one(outcome, "résultat"), covariates, cluster)
    mean, spread = x[:, 1:].mean(axis=0), x[:, 1:].std(axis=0)
    standard = np.column_stack([np.ones(len(y)), (x[:, 1:] - mean) / spread])
    if separating_direction(standard * (2 * y - 1)[:, None]) is not None:
        raise ValueError("les covariables séparent parfaitement les résultats : utiliser la régression de Firth")
    found, covariance = logit_cr3(standard, y, cluster)
    slopes, errors = found[1:] / spread, np.sqrt(np.diag(covariance))[1:] / spread
    degrees = len(groups) - 1
    half = t.ppf((1 + level) / 2, degrees) * errors
    return pd.DataFrame(
        {
            "variable": names,
            "coefficient": slopes,
            "erreur_type": errors,
            "ddl": float(degrees),
            "rapport_de_cotes": np.exp(slopes),
            "bas": np.exp(slopes - half),
            "haut": np.exp(slopes + half),
            "p": 2 * t.sf(np.abs(slopes / errors), degrees),
            "methode": "équations d'estimation, biais réduit, t(G − 1)",
        }
    )


def logit_cr3(design: Matrix, outcome: Matrix, cluster: npt.ArrayLike) -> tuple[Matrix, Matrix]:
    """Coefficients of a logit and their CR3 covariance.

    ``GEE(..., cov_struct=Independence()).fit(cov_type="bias_reduced")`` of statsmodels (Mancl and DeRouen 2001), equal
    to CR3 of ``clubSandwich`` in R.

    Parameters
    ----------
    design : numpy.ndarray, shape (n, k)
        With the column of ones; near standardised columns converge best.
    outcome : numpy.ndarray, shape (n,)
        0 and 1, not separated by the design.
    cluster : array_like, shape (n,)

    Returns
    -------
    coefficients : numpy.ndarray, shape (k,)
    covariance : numpy.ndarray, shape (k, k)

    Examples
    --------
    >>> design = np.column_stack([np.ones(6), [0, 1, 0, 1, 0, 1]])
    >>> found, covariance = logit_cr3(design, np.array([0, 1, 0, 1, 1, 0.0]), list("aabbcc"))
    >>> found.round(3).tolist(), covariance.shape
    ([-0.693, 1.386], (2, 2))
    """
    from statsmodels.genmod.cov_struct import Independence
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    code = pd.factorize(pd.Index(labels(cluster, "école")), sort=True)[0]
    order = np.argsort(code, kind="stable")
    model = GEE(outcome[order], design[order], groups=code[order], family=Binomial(), cov_struct=Independence())
    fitted = model.fit(cov_type="bias_reduced", maxiter=200, ctol=1e-10)
    return np.asarray(fitted.params), np.asarray(fitted.cov_params())


def wild_bootstrap(
    outcome: npt.ArrayLike, covariates: pd.DataFrame, cluster: npt.ArrayLike, variable: str
) -> HypothesisTest:
    """Wild cluster bootstrap test that one linear coefficient is nil, every sign vector enumerated.

    Residuals of the model without `variable` change sign school by school (Rademacher), in all 2^G ways: the p-value is
    the share of |t| at least as large as the one observed (Cameron, Gelbach and Miller 2008). No random draw. Its
    smallest value is 2/2^G.

    Parameters
    ----------
    outcome, covariates, cluster
        As :func:`cluster_linear`.
    variable : str
        Column of `covariates`.

    Returns
    -------
    HypothesisTest
        The statistic is *t* without small-sample factor; the factor would cancel in the p-value.

    Raises
    ------
    ValueError
        As :func:`cluster_linear`; unknown variable; more than 16 clusters (65 536 vectors), where
        :func:`cluster_linear` is enough.

    Examples
    --------
    >>> data = pd.DataFrame({"âge": [15, 16, 17, 16, 15, 18, 17, 15, 16, 18]})
    >>> wild_bootstrap([0, 0, 1, 0, 1, 1, 1, 0, 0, 1], data, list("aabbccddee"), "âge").pvalue
    0.0625
    """
    y, x, names, groups = _inputs(outcome, covariates, cluster)
    if variable not in names:
        raise ValueError(f"variable « {variable} » inconnue ; colonnes : {', '.join(names)}")
    count = len(groups)
    if count > _MOST_ENUMERATED:
        raise ValueError(f"{count} groupes, au plus {_MOST_ENUMERATED} pour énumérer les signes : CR2 suffit")
    place = 1 + names.index(variable)
    others = np.delete(x, place, axis=1)
    restricted = y - others @ np.linalg.lstsq(others, y, rcond=None)[0]
    projector = np.linalg.pinv(x)
    row = projector[place]
    # Everything is linear in the signs: one column a cluster whose residuals are kept, the others at zero.
    alone = np.zeros((len(y), count))
    for column, rows in enumerate(groups):
        alone[rows, column] = restricted[rows]
    moves = row @ alone
    left = alone - x @ (projector @ alone)
    scores = np.array([row[rows] @ left[rows] for rows in groups])
    signs = 1 - 2 * ((np.arange(2**count)[:, None] >> np.arange(count)) & 1)
    spread = np.sqrt(((signs @ scores.T) ** 2).sum(axis=1))
    flat = 1e-10 * max(1.0, float(np.abs(moves).max()))
    if (spread <= flat).any():
        raise ValueError(f"« {variable} » : variance nulle pour certains signes, trop peu d'écoles la portent")
    values = np.abs(signs @ moves) / spread
    observed = float(moves.sum() / spread[0])
    share = float((values >= abs(observed) * (1 - 1e-9) - 1e-12).mean())
    return HypothesisTest(observed, share, f"bootstrap sauvage par école ({2**count} tirages énumérés)")


def _inputs(
    outcome: npt.ArrayLike, covariates: pd.DataFrame, cluster: npt.ArrayLike
) -> tuple[Matrix, Matrix, tuple[str, ...], list[npt.NDArray[np.intp]]]:
    y, where = finite_vector(outcome, "résultat"), labels(cluster, "école")
    names = tuple(str(name) for name in covariates.columns)
    if not names:
        raise ValueError("aucune covariable")
    columns = [finite_vector(covariates[name], str(name)) for name in covariates.columns]
    same_length(résultat=y, école=where, covariables=columns[0])
    if y.min() == y.max():
        raise ValueError("le résultat est le même pour tous, rien à expliquer")
    design = np.column_stack(columns)
    independent_columns(design, names)
    code = pd.factorize(pd.Index(where), sort=True)[0]
    groups = [np.flatnonzero(code == one) for one in range(code.max() + 1)]
    if len(groups) < 3:
        raise ValueError(f"{len(groups)} école(s) : il en faut au moins trois pour estimer une variance entre écoles")
    return y, np.column_stack([np.ones(len(y)), design]), names, groups


def _adjust(hat: Matrix, power: float) -> Matrix:
    """(I − H_gg) to a negative power; directions that the cluster alone determines are left out (pseudo-inverse)."""
    values, vectors = np.linalg.eigh(np.eye(len(hat)) - hat)
    kept = values > 1e-10
    return np.asarray((vectors[:, kept] * values[kept] ** power) @ vectors[:, kept].T)


def _satterthwaite(
    x: Matrix, bread: Matrix, adjusted: list[Matrix], groups: list[npt.NDArray[np.intp]], place: int
) -> float:
    """Degrees of freedom of one CR2 variance under independent errors of equal variance."""
    columns = []
    for one, rows in zip(adjusted, groups, strict=True):
        push = np.zeros(len(x))
        push[rows] = one[:, place]
        columns.append(push - x @ (bread @ (x.T @ push)))
    inner = np.array(columns) @ np.array(columns).T
    return float(np.trace(inner) ** 2 / (inner**2).sum())
