"""Questions where several answers may be ticked: shares of those shown the item, comparison of groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level, labels, zero_one
from edp_analysis.statistics.proportions import wilson
from edp_analysis.statistics.results import HypothesisTest

__all__ = ["MultiselectTest", "compare_items", "item_shares"]

Matrix = npt.NDArray[np.float64]


def item_shares(items: pd.DataFrame, level: float = 0.95) -> pd.DataFrame:
    """Share of respondents who ticked each item, among those who were shown it.

    The shares add up to more than 100 % by design: each is a share of persons, not of ticks.

    Parameters
    ----------
    items : pandas.DataFrame, shape (n, c)
        One row a respondent, one column an item: 1 (or ``True``) ticked, 0 not, missing when the item was not shown.
    level : float, default 0.95

    Returns
    -------
    pandas.DataFrame
        ``option``, ``choisi``, ``base`` (persons), ``part``, ``bas``, ``haut`` (shares; Wilson). An item shown to
        nobody keeps its row with a base of 0 and no share.

    Raises
    ------
    ValueError
        No column, no row, or values other than 0, 1 and missing.

    Examples
    --------
    >>> items = pd.DataFrame({"outils": [1, 1, 0, None], "repas": [0, 1, 1, 1]})
    >>> item_shares(items)[["option", "choisi", "base"]].values.tolist()
    [['outils', 2, 3], ['repas', 3, 4]]
    """
    check_level(level)
    ticked = _items(items)
    rows = []
    for name, column in zip(items.columns, ticked.T, strict=True):
        base, chosen = int(np.isfinite(column).sum()), int(np.nansum(column))
        share, low, high = np.nan, np.nan, np.nan
        if base:
            interval = wilson(chosen, base, level)
            share, low, high = chosen / base, interval.low, interval.high
        rows.append((str(name), chosen, base, share, low, high))
    return pd.DataFrame(rows, columns=["option", "choisi", "base", "part", "bas", "haut"])


@dataclass(frozen=True)
class MultiselectTest:
    """Comparison of groups on all the items of a question.

    Attributes
    ----------
    test : HypothesisTest
        That no item is chosen more in one group than in another: sum of the items' Pearson chi-squares with
        second-order Rao–Scott correction; ``statistic`` is the corrected one.
    degrees : float
        Its degrees of freedom, which are seldom whole.
    raw : float
        Sum of the items' Pearson chi-squares, before correction.
    items : pandas.DataFrame
        ``option``, ``base``, ``khi2``, ``p_brute``, ``p_ajustee`` (Bonferroni).
    left_out : tuple of str
        Items that all or none ticked: they say nothing of the groups.
    """

    test: HypothesisTest
    degrees: float
    raw: float
    items: pd.DataFrame
    left_out: tuple[str, ...]


def compare_items(items: pd.DataFrame, group: npt.ArrayLike) -> MultiselectTest:
    r"""Test whether groups tick differently (multiple marginal independence).

    A chi-square over the stacked ticks counts a person several times and forgets who ticked nothing. Here each item has
    its own Pearson :math:`X^2_j`, and their sum is referred to the chi-square that has its mean and variance:
    :math:`X^2_c = (r-1)c\,\sum_j X^2_j / \sum \lambda^2` with :math:`((r-1)c)^2 / \sum \lambda^2` degrees of freedom,
    where the :math:`\lambda` are the eigenvalues of the covariance of the standardised deviations (Bilder, Loughin and
    Nettleton 2000, appendix A; Rao and Scott 1984). Same as ``MI.test(type = "rs2")`` of the R package MRCV, which
    however adds 0.5 to empty cells. With items not shown to all, each item keeps its own base.

    Parameters
    ----------
    items : pandas.DataFrame, shape (n, c)
        As :func:`item_shares`.
    group : array_like, shape (n,)
        Group of each respondent.

    Raises
    ------
    ValueError
        As :func:`item_shares`; missing groups; fewer than two groups; an item shown to nobody in a group; no item that
        some ticked and others not; groups within which everybody answered alike.

    Examples
    --------
    >>> items = pd.DataFrame({"outils": [1, 1, 0, 1, 0, 0, 1, 0], "repas": [0, 1, 1, 1, 0, 1, 0, 0]})
    >>> found = compare_items(items, ["f", "f", "f", "f", "g", "g", "g", "g"])
    >>> round(found.raw, 2), round(found.test.statistic, 2), round(found.degrees, 2)
    (4.0, 6.4, 3.2)
    """
    from scipy.stats import chi2

    ticked, where = _items(items), labels(group, "groupe")
    if len(where) != len(ticked):
        raise ValueError(f"colonnes de longueurs différentes (réponses : {len(ticked)}, groupe : {len(where)})")
    names = [str(name) for name in items.columns]
    groups = np.unique(where)
    if len(groups) < 2:
        raise ValueError("un seul groupe : rien à comparer")
    base = np.array([np.isfinite(ticked[where == one]).sum(axis=0) for one in groups], dtype=float)
    unseen = [names[j] for j in np.flatnonzero((base == 0).any(axis=0))]
    if unseen:
        raise ValueError(f"option(s) que personne n'a vue(s) dans un des groupes : {', '.join(unseen)}")
    overall = np.nansum(ticked, axis=0) / base.sum(axis=0)
    useful = (overall > 0) & (overall < 1)
    left_out = tuple(name for name, keep in zip(names, useful, strict=True) if not keep)
    if not useful.any():
        raise ValueError("aucune option cochée par certains et pas par d'autres : rien à comparer")
    ticked, base, overall = ticked[:, useful], base[:, useful], overall[useful]
    share = np.array([np.nansum(ticked[where == one], axis=0) for one in groups]) / base
    scale = overall * (1 - overall)
    chi_squares = (base * (share - overall) ** 2).sum(axis=0) / scale
    weights = _eigenvalues(ticked, where, groups, base, share, scale)
    full = (len(groups) - 1) * len(overall)
    spread = float((weights**2).sum())
    if not spread > 0:
        raise ValueError("dans chaque groupe tous ont répondu pareil : les effectifs disent tout, rien à tester")
    statistic, degrees = full * float(chi_squares.sum()) / spread, full**2 / spread
    raw = chi2.sf(chi_squares, len(groups) - 1)
    table = pd.DataFrame(
        {
            "option": [name for name, keep in zip(names, useful, strict=True) if keep],
            "base": base.sum(axis=0).astype(int),
            "khi2": chi_squares,
            "p_brute": raw,
            "p_ajustee": np.minimum(1.0, len(raw) * raw),
        }
    )
    test = HypothesisTest(statistic, float(chi2.sf(statistic, degrees)), "khi-deux par option, correction de Rao-Scott")
    return MultiselectTest(test, degrees, float(chi_squares.sum()), table, left_out)


def _eigenvalues(
    ticked: Matrix, where: npt.NDArray[np.object_], groups: Matrix, base: Matrix, share: Matrix, scale: Matrix
) -> Matrix:
    """Eigenvalues of the covariance of √n_ij (p_ij − p_j)/√(p_j(1 − p_j)), groups outside and items inside."""
    count, width = base.shape
    covariance = np.zeros((count * width, count * width))
    for i, one in enumerate(groups):
        residual = np.where(np.isfinite(ticked), ticked - share[i], 0.0)[where == one] / base[i]
        place = slice(i * width, (i + 1) * width)
        covariance[place, place] = residual.T @ residual
    mean = np.tile(np.eye(width), (count, 1)) @ np.hstack([np.diag(row) for row in base / base.sum(axis=0)])
    deviation = (np.sqrt(base / scale)).ravel()[:, None] * (np.eye(count * width) - mean)
    return np.asarray(np.linalg.eigvalsh(deviation @ covariance @ deviation.T))


def _items(items: pd.DataFrame) -> Matrix:
    if items.shape[0] == 0 or items.shape[1] == 0:
        raise ValueError(f"question à choix multiples : tableau vide {items.shape}")
    columns = []
    for name in items.columns:
        column = items[name].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        seen = np.isfinite(column)
        if seen.any():
            zero_one(column[seen], f"option « {name} »")
        columns.append(column)
    return np.column_stack(columns)
