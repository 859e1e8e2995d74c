"""From a table of covariates to the columns of a regression, and back to levels one can name."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import finite_vector, labels

__all__ = ["Design", "build_design", "design_at"]

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Design:
    """Columns of a regression.

    Attributes
    ----------
    matrix : numpy.ndarray, shape (n, k)
        The column of ones, then one column a number and one a level other than the reference.
    columns : tuple of (str, str)
        Factor and level of each column after the first; the level of a number is empty.
    levels : dict of str to tuple of str
        Levels of each categorical factor, the reference first; no level for a number.
    frame : pandas.DataFrame
        The covariates, levels as text.
    """

    matrix: Matrix
    columns: tuple[tuple[str, str], ...]
    levels: dict[str, tuple[str, ...]]
    frame: pd.DataFrame


def build_design(covariates: pd.DataFrame) -> Design:
    """Code covariates: numbers and booleans as they are, texts and categories by indicators.

    The reference of a text is its most frequent level (the first in alphabetical order if several are); of a
    categorical column, its first category among those present.

    Parameters
    ----------
    covariates : pandas.DataFrame, shape (n, k)

    Raises
    ------
    ValueError
        No covariate, missing values, or a text with a single level.

    Examples
    --------
    >>> design = build_design(pd.DataFrame({"sexe": ["F", "M", "M"], "âge": [15, 16, 15]}))
    >>> design.columns, design.levels["sexe"]
    ((('sexe', 'F'), ('âge', '')), ('M', 'F'))
    """
    if covariates.shape[0] == 0 or covariates.shape[1] == 0:
        raise ValueError(f"tableau de covariables vide {covariates.shape}")
    levels: dict[str, tuple[str, ...]] = {}
    frame = pd.DataFrame(index=range(len(covariates)))
    for name in covariates.columns:
        column = covariates[name].reset_index(drop=True)
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            frame[str(name)] = finite_vector(column.to_numpy(dtype=float, na_value=np.nan), str(name))
            levels[str(name)] = ()
        else:
            labels(column.to_numpy(dtype=object), str(name))
            text = column.astype(str)
            levels[str(name)] = _ordered(column, text)
            frame[str(name)] = text
    columns = tuple((name, level) for name, known in levels.items() for level in (known[1:] or ("",)))
    return Design(design_at(frame, levels), columns, levels, frame)


def design_at(frame: pd.DataFrame, levels: dict[str, tuple[str, ...]]) -> Matrix:
    """Code a table with given levels.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        As :attr:`Design.frame`.
    levels : dict of str to tuple of str
        As :attr:`Design.levels`.

    Examples
    --------
    >>> design_at(pd.DataFrame({"sexe": ["F", "M"]}), {"sexe": ("M", "F")}).tolist()
    [[1.0, 1.0], [1.0, 0.0]]
    """
    columns = [np.ones(len(frame))]
    for name, known in levels.items():
        if known:
            columns += [np.asarray(frame[name] == level, dtype=float) for level in known[1:]]
        else:
            columns.append(frame[name].to_numpy(dtype=float))
    return np.column_stack(columns)


def _ordered(column: pd.Series, text: pd.Series) -> tuple[str, ...]:
    present = sorted(set(text))
    if isinstance(column.dtype, pd.CategoricalDtype):
        present = [level for level in map(str, column.dtype.categories) if level in set(text)]
        reference = present[0]
    else:
        counts = text.value_counts()
        reference = min(present, key=lambda level: (-int(counts[level]), level))
    if len(present) < 2:
        raise ValueError(f"{column.name} : une seule modalité (« {reference} »), rien ne peut lui être associé")
    return (reference, *(level for level in present if level != reference))
