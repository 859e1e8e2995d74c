"""What every statistic verifies of its inputs before computing, with messages an analyst can act on."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["check_count", "check_level", "finite_vector", "labels", "same_length", "zero_one"]

Vector = npt.NDArray[np.float64]


def check_level(level: float) -> None:
    """Refuse a confidence level outside the open interval (0, 1).

    Raises
    ------
    ValueError
        See above.

    Examples
    --------
    >>> check_level(0.95)
    """
    if not 0 < level < 1:
        raise ValueError(f"niveau de confiance {level} hors de ]0 ; 1[")


def check_count(count: float, total: float) -> None:
    """Refuse a count that is not between 0 and a positive total (persons).

    Raises
    ------
    ValueError
        ``total`` is not a positive number, or ``count`` is outside [0, total] or not a number.

    Examples
    --------
    >>> check_count(7, 20)
    """
    if not (total > 0 and math.isfinite(total)):
        raise ValueError(f"effectif nul, négatif ou manquant ({total}) : rien à estimer sans observation")
    if not 0 <= count <= total:
        raise ValueError(f"{count} sur {total} : le compte doit être entre 0 et l'effectif")


def finite_vector(values: npt.ArrayLike, name: str) -> Vector:
    """Return `values` as a non-empty one-dimensional array of finite floats.

    Parameters
    ----------
    values : array_like, shape (n,)
    name : str
        What the values are, in French, for the message.

    Raises
    ------
    ValueError
        Empty, of more than one dimension, not numeric, or with a missing or infinite value.

    Examples
    --------
    >>> finite_vector([1, 2], "durées")
    array([1., 2.])
    """
    try:
        vector = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} : des nombres sont attendus, sans valeur manquante") from error
    if vector.ndim != 1 or vector.size == 0:
        raise ValueError(f"{name} : une liste non vide de nombres est attendue, forme reçue {vector.shape}")
    missing = int((~np.isfinite(vector)).sum())
    if missing:
        raise ValueError(f"{name} : {missing} valeur(s) manquante(s) ou infinie(s), décider de leur sort avant")
    return vector


def zero_one(values: npt.ArrayLike, name: str) -> Vector:
    """Return `values` as an array of 0.0 and 1.0; booleans are accepted.

    Raises
    ------
    ValueError
        As :func:`finite_vector`, or a value other than 0 and 1.

    Examples
    --------
    >>> zero_one([True, False], "certifié")
    array([1., 0.])
    """
    vector = finite_vector(values, name)
    if not np.isin(vector, (0.0, 1.0)).all():
        raise ValueError(f"{name} : seuls 0 et 1 (non, oui) sont attendus")
    return vector


def labels(values: npt.ArrayLike, name: str) -> npt.NDArray[Any]:
    """Return group labels as a one-dimensional array without missing value.

    Raises
    ------
    ValueError
        Empty, of more than one dimension, or with a missing label.

    Examples
    --------
    >>> labels(["EDP-01", "EDP-02"], "école").tolist()
    ['EDP-01', 'EDP-02']
    """
    import pandas as pd

    array = np.asarray(values)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} : une liste non vide est attendue, forme reçue {array.shape}")
    missing = int(pd.isna(array).sum())
    if missing:
        raise ValueError(f"{name} : {missing} valeur(s) manquante(s), décider de leur sort avant")
    return array


def same_length(**columns: npt.NDArray[Any]) -> None:
    """Refuse columns of different lengths; keywords are the names to print.

    Raises
    ------
    ValueError
        See above.

    Examples
    --------
    >>> same_length(durée=np.array([1.0]), situation=np.array([0]))
    """
    sizes = {name: len(column) for name, column in columns.items()}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{name} : {size}" for name, size in sizes.items())
        raise ValueError(f"colonnes de longueurs différentes ({listed})")
