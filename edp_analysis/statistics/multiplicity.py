"""Several tests at once: adjusted p-values, always beside the raw ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
import pandas as pd

from edp_analysis.statistics.checks import check_level, finite_vector

__all__ = ["adjust"]

_NAMES = {"holm": "Holm", "bh": "Benjamini-Hochberg"}


def adjust(pvalues: Mapping[str, float], method: Literal["holm", "bh"] = "holm", level: float = 0.95) -> pd.DataFrame:
    """Adjust p-values for the number of comparisons.

    Holm (1979) bounds the chance of one false positive or more: for the comparisons listed in advance for a question.
    Benjamini and Hochberg (1995) bounds the share of false positives: for exploratory grids.

    Parameters
    ----------
    pvalues : mapping of str to float
        Name of each comparison, in French, and its raw p-value in [0, 1].
    method : {"holm", "bh"}
    level : float, default 0.95
        One minus the error rate that is held.

    Returns
    -------
    pandas.DataFrame, one row a comparison in the order given
        ``comparaison``, ``p_brute``, ``p_ajustee``, ``etabli`` (bool: adjusted p at most 1 − `level`), ``methode``.

    Raises
    ------
    ValueError
        No p-value, one missing or outside [0, 1], an unknown method or an impossible level.

    Examples
    --------
    >>> adjust({"sexe": 0.01, "origine": 0.04})[["comparaison", "p_brute", "p_ajustee"]].values.tolist()
    [['sexe', 0.01, 0.02], ['origine', 0.04, 0.04]]
    """
    check_level(level)
    if method not in _NAMES:
        raise ValueError(f"ajustement « {method} » inconnu : attendu {', '.join(_NAMES)}")
    raw = finite_vector(list(pvalues.values()), "valeurs p")
    if ((raw < 0) | (raw > 1)).any():
        raise ValueError("valeurs p : toutes doivent être entre 0 et 1")
    # Written out: statsmodels' multipletests collects garbage at each call, fifty milliseconds for three lines.
    order, size = np.argsort(raw, kind="stable"), len(raw)
    if method == "holm":
        ranked = np.maximum.accumulate((size - np.arange(size)) * raw[order])
    else:
        ranked = np.minimum.accumulate((raw[order] * size / np.arange(1, size + 1))[::-1])[::-1]
    adjusted = np.empty(size)
    adjusted[order] = np.minimum(1.0, ranked)
    return pd.DataFrame(
        {
            "comparaison": list(pvalues),
            "p_brute": raw,
            "p_ajustee": adjusted,
            "etabli": adjusted <= 1 - level + 1e-12,
            "methode": _NAMES[method],
        }
    )
