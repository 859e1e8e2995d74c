"""Whether a model with finite coefficients exists, or some covariates predict the outcome perfectly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["independent_columns", "separating_direction"]

Matrix = npt.NDArray[np.float64]


def separating_direction(rows: Matrix) -> Matrix | None:
    r"""Find coefficients that put every observation on its side: the maximum likelihood estimate is then infinite.

    A binary or ordered logit has a finite estimate unless some :math:`b \neq 0` satisfies :math:`r_i'b \geq 0` for
    all rows, one of them strictly (Albert and Anderson 1984). Found by linear programming (Konis 2007):
    maximise :math:`\sum_i r_i'b` under :math:`r_i'b \geq 0` and :math:`-1 \leq b_j \leq 1`.

    Parameters
    ----------
    rows : numpy.ndarray, shape (m, k)
        For a binary outcome, the design with the rows of non-events multiplied by −1.

    Returns
    -------
    numpy.ndarray of shape (k,) or None
        A separating direction; ``None`` when there is none.

    Examples
    --------
    >>> separating_direction(np.array([[1.0, 0.0], [-1.0, 1.0]])) is None
    False
    >>> separating_direction(np.array([[1.0], [-1.0]])) is None
    True
    """
    from scipy.optimize import linprog

    scale = np.maximum(np.abs(rows).max(axis=0), 1e-300)
    scaled = rows / scale
    found = linprog(-scaled.sum(axis=0), A_ub=-scaled, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    if found.status != 0:
        raise ValueError(f"recherche d'une séparation : le calcul n'aboutit pas ({found.message})")
    return np.asarray(found.x / scale) if float(scaled.sum(axis=0) @ found.x) > 1e-7 * len(rows) else None


def independent_columns(design: Matrix, names: tuple[str, ...]) -> None:
    """Refuse a constant column and columns that are combinations of others.

    Parameters
    ----------
    design : numpy.ndarray, shape (n, k)
        Without the constant.
    names : tuple of str, length k
        Names of the columns, for the message.

    Raises
    ------
    ValueError
        See above; the columns at fault are named.

    Examples
    --------
    >>> independent_columns(np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 1.0], [0.0, 2.0]]), ("sexe", "âge"))
    """
    spread = design.std(axis=0)
    constant = [name for name, one in zip(names, spread, strict=True) if one == 0]
    if constant:
        raise ValueError(f"colonne(s) constante(s) : {', '.join(constant)} ; rien ne peut leur être associé")
    standard = (design - design.mean(axis=0)) / spread
    kept: list[int] = []
    for column in range(standard.shape[1]):
        if np.linalg.matrix_rank(standard[:, [*kept, column]], tol=1e-8 * len(design)) <= len(kept):
            raise ValueError(f"la colonne « {names[column]} » se déduit des précédentes : en retirer une")
        kept.append(column)
    if len(design) <= len(names) + 1:
        raise ValueError(f"{len(design)} observations pour {len(names) + 1} paramètres : le modèle est saturé")
