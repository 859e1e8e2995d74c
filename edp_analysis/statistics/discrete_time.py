"""Discrete-time model of exit: one row a person and term, a logit on those rows."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, finite_vector, labels, zero_one
from edp_analysis.statistics.separation import separating_direction

__all__ = ["discrete_time_logit", "person_period"]


def person_period(
    frame: pd.DataFrame, duration: str, event: str, *, entry: str | None = None, period: str = "periode"
) -> pd.DataFrame:
    """Repeat each person once per term followed; the event is 1 only in the term of the exit.

    Parameters
    ----------
    frame : pandas.DataFrame, one row a person
    duration : str
        Column: number of terms followed, whole, from 1; the exit, if any, is in the last.
    event : str
        Column of 0/1: whether the exit was seen.
    entry : str, optional
        Column: number of terms already spent when follow-up began (delayed entry), whole, from 0. Those are left out.
    period : str, default "periode"
        Name of the column that will number the terms, from 1.

    Returns
    -------
    pandas.DataFrame
        The columns of `frame` (with `event` replaced), and `period`; the index repeats that of `frame`.

    Raises
    ------
    ValueError
        A column is missing or `period` already exists; durations that are not whole numbers from 1; entry at or after
        the end; events other than 0 and 1.

    Examples
    --------
    >>> people = pd.DataFrame({"terme": [2, 3], "sortie": [1, 0], "age": [16, 17]})
    >>> person_period(people, "terme", "sortie")[["periode", "sortie", "age"]].values.tolist()
    [[1, 0, 16], [2, 1, 16], [1, 0, 17], [2, 0, 17], [3, 0, 17]]
    """
    absent = [name for name in (duration, event, entry) if name is not None and name not in frame.columns]
    if absent or period in frame.columns:
        raise ValueError(f"colonnes absentes : {absent}" if absent else f"la colonne « {period} » existe déjà")
    terms, exit_seen = finite_vector(frame[duration], duration), zero_one(frame[event], event)
    start = np.zeros(len(frame)) if entry is None else finite_vector(frame[entry], str(entry))
    if (terms < 1).any() or (terms != np.round(terms)).any() or (start < 0).any() or (start != np.round(start)).any():
        raise ValueError(f"{duration} : des nombres entiers de périodes sont attendus, à partir de 1")
    if (start >= terms).any():
        raise ValueError(f"{entry} : {int((start >= terms).sum())} entrée(s) à la fin du suivi ou après")
    followed = (terms - start).astype(int)
    rows = np.repeat(np.arange(len(frame)), followed)
    number = np.concatenate(
        [np.arange(int(first) + 1, int(last) + 1) for first, last in zip(start, terms, strict=True)]
    )
    result = frame.iloc[rows].copy()
    result[event] = ((exit_seen[rows] == 1) & (number == terms[rows])).astype(int)
    result[period] = number
    return result


def discrete_time_logit(frame: pd.DataFrame, formula: str, cluster: str, level: float = 0.95) -> pd.DataFrame:
    r"""Logit of exit in a term, with standard errors robust to the clustering of persons in schools.

    Sandwich variance by cluster times G/(G − 1) · (N − 1)/(N − k), as R's ``sandwich::vcovCL(type = "HC1")``; tests and
    intervals use Student's t with G − 1 degrees of freedom, for a normal law is too sure of itself with ten schools.
    An association, not a cause.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of :func:`person_period`, without missing value in the columns used.
    formula : str
        E.g. ``"sortie ~ C(periode) + age + femme"``.
    cluster : str
        Column of the clusters (schools).
    level : float, default 0.95

    Returns
    -------
    pandas.DataFrame, one row a coefficient
        ``terme``, ``coefficient`` (log odds), ``erreur_type``, ``rapport_cotes``, ``bas``, ``haut`` (limits of the odds
        ratio), ``p``, ``ddl`` (degrees of freedom).

    Raises
    ------
    ValueError
        Missing values, fewer than two clusters, a constant outcome, columns that determine each other (a constant
        one), or separation (a level without any exit or without any stay): merge levels, or use Firth's estimate.

    Examples
    --------
    >>> rows = pd.DataFrame({"sortie": [0, 1, 0, 1, 1, 0, 0, 1], "age": [15, 16, 17, 18, 15, 16, 17, 18],
    ...                      "ecole": list("aabbccdd")})
    >>> discrete_time_logit(rows, "sortie ~ age", "ecole")[["terme", "ddl"]].values.tolist()
    [['Intercept', 3], ['age', 3]]
    """
    import statsmodels.api as sm
    import statsmodels.formula.api as smf
    from scipy.stats import t as student

    check_level(level)
    if cluster not in frame.columns:
        raise ValueError(f"colonne des grappes absente : {cluster}")
    groups = np.unique(labels(frame[cluster], cluster), return_inverse=True)[1]
    count = int(groups.max()) + 1
    if count < 2:
        raise ValueError(f"{cluster} : une seule grappe, aucune variance entre grappes ne s'estime")
    # Positions as index: persons are repeated, and a repeated index would hide rows dropped for a missing value.
    model = smf.glm(formula, data=frame.reset_index(drop=True), family=sm.families.Binomial())
    if len(model.endog) < len(frame):
        raise ValueError(
            f"{len(frame) - len(model.endog)} ligne(s) avec une valeur manquante, décider de leur sort avant"
        )
    _refuse_unfit(model.exog, model.endog, list(model.exog_names))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fitted = model.fit(cov_type="cluster", cov_kwds={"groups": groups}, tol=1e-12, maxiter=200)
    coefficient, error = np.asarray(fitted.params, dtype=float), np.asarray(fitted.bse, dtype=float)
    half = float(student.ppf((1 + level) / 2, count - 1)) * error
    return pd.DataFrame(
        {
            "terme": list(model.exog_names),
            "coefficient": coefficient,
            "erreur_type": error,
            "rapport_cotes": np.exp(coefficient),
            "bas": np.exp(coefficient - half),
            "haut": np.exp(coefficient + half),
            "p": 2 * student.sf(np.abs(coefficient / error), count - 1),
            "ddl": count - 1,
        }
    )


def _refuse_unfit(design: npt.NDArray[np.float64], outcome: npt.NDArray[np.float64], names: list[str]) -> None:
    if outcome.min() == outcome.max():
        raise ValueError("modèle de sortie : tous les résultats sont identiques")
    scale = np.abs(design).max(axis=0)
    if (scale == 0).any() or np.linalg.matrix_rank(design / scale) < design.shape[1]:
        raise ValueError(f"modèle de sortie : des colonnes se déterminent entre elles ({', '.join(names)})")
    if separating_direction(design * (2 * outcome - 1)[:, None]) is not None:
        raise ValueError(
            "modèle de sortie : séparation parfaite (une modalité sans aucune sortie, ou sans aucun maintien) ; "
            "regrouper des modalités ou employer l'estimation de Firth"
        )
