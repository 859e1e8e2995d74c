"""Agreement between the persons who code interviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from edp_analysis.statistics.checks import check_level
from edp_analysis.statistics.proportions import Interval, wilson

__all__ = ["Agreement", "CodeAgreement", "cohen_kappa", "krippendorff_alpha", "positive_agreement"]

Matrix = npt.NDArray[np.float64]
_KAPPA = {"none": None, "linear": "linear", "quadratic": "quadratic"}


@dataclass(frozen=True)
class Agreement:
    """A coefficient of agreement: 1 is perfect, 0 what chance gives.

    Attributes
    ----------
    value : float
    interval : Interval or None
        ``None`` when the data have no variation to estimate one from (perfect agreement, a coder who never changes).
    units : int
        Passages coded by at least two persons.
    method : str
        In French.
    """

    value: float
    interval: Interval | None
    units: int
    method: str


def krippendorff_alpha(
    codes: npt.ArrayLike,
    measurement: Literal["nominal", "ordinal", "interval"] = "nominal",
    order: Sequence[object] | None = None,
    seed: int = 0,
    resamples: int = 2000,
    level: float = 0.95,
) -> Agreement:
    """Krippendorff's alpha, with a bootstrap interval over units (Krippendorff 2011).

    Any number of coders, cells may be missing. Computed by the ``krippendorff`` package, which gives no interval: units
    are resampled here, and the interval is made of percentiles. Resamples where a single code is left have no alpha
    and are set aside; when they are more than half, there is no interval.

    Parameters
    ----------
    codes : array_like, shape (coders, units)
        Codes; missing (``None``, NaN) where a coder did not code a unit.
    measurement : {"nominal", "ordinal", "interval"}
        Nature of the codes. ``"interval"`` needs numbers.
    order : sequence, optional
        Ordered codes, lowest first, when they are texts on an ordinal scale.
    seed : int
        Of the bootstrap.
    resamples : int, default 2000
    level : float, default 0.95

    Raises
    ------
    ValueError
        No unit coded twice, a single code used (nothing could disagree), texts without `order` on an ordinal scale,
        codes outside `order`, numbers expected.

    Examples
    --------
    >>> found = krippendorff_alpha([["a", "a", "b", "b", None], ["a", "b", "b", "b", "a"]], seed=1)
    >>> round(found.value, 3), found.units
    (0.533, 4)
    """
    import krippendorff

    check_level(level)
    counts, domain = _value_counts(codes, measurement, order)
    if len(domain) < 2:
        raise ValueError("alpha de Krippendorff : un seul code a été utilisé, aucun désaccord n'était possible")

    def alpha(rows: Matrix) -> float:
        return float(
            krippendorff.alpha(value_counts=rows, value_domain=domain.tolist(), level_of_measurement=measurement)
        )

    rng = np.random.default_rng(seed)
    picked = rng.integers(0, len(counts), (resamples, len(counts)))
    draws = [alpha(rows) for rows in (counts[pick] for pick in picked) if (rows.sum(axis=0) > 0).sum() > 1]
    interval = None
    if len(draws) > resamples / 2 and len(set(np.round(draws, 12))) > 1:
        low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
        interval = Interval(float(low), float(high), level, f"bootstrap sur les unités ({resamples} tirages)")
    return Agreement(alpha(counts), interval, len(counts), f"alpha de Krippendorff ({_LEVELS[measurement]})")


_LEVELS = {"nominal": "codes sans ordre", "ordinal": "codes ordonnés", "interval": "codes numériques"}


def cohen_kappa(
    table: npt.ArrayLike, weights: Literal["none", "linear", "quadratic"] = "none", level: float = 0.95
) -> Agreement:
    """Cohen's kappa of two coders, weighted or not, with its large-sample interval (Fleiss, Cohen and Everitt 1969).

    Computed by ``statsmodels.stats.inter_rater.cohens_kappa``; limits are kept between −1 and 1. When a code is rare,
    kappa may be near 0 although the coders nearly always agree: print :func:`positive_agreement` beside it.

    Parameters
    ----------
    table : array_like of int, shape (k, k)
        Units; rows are the codes of the first coder, columns those of the second, in the same order.
    weights : {"none", "linear", "quadratic"}
        How far codes are from one another; weights need ordered codes.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Not a square table of non-negative whole counts, no unit, or both coders used one and the same code only.

    Examples
    --------
    >>> found = cohen_kappa([[44, 5, 1], [7, 20, 3], [9, 5, 6]])
    >>> round(found.value, 4), found.units
    (0.4915, 100)
    """
    from scipy.stats import norm
    from statsmodels.stats.inter_rater import cohens_kappa

    check_level(level)
    if weights not in _KAPPA:
        raise ValueError(f"pondération « {weights} » inconnue : none, linear ou quadratic")
    counts = _square(table)
    if np.count_nonzero(counts) == 1 and np.trace(counts) > 0:
        raise ValueError("kappa de Cohen : un seul code a été utilisé, aucun désaccord n'était possible")
    name = "kappa de Cohen" if weights == "none" else f"kappa de Cohen (pondération {_WEIGHTS[weights]})"
    lines = (counts.sum(axis=1) > 0).sum(), (counts.sum(axis=0) > 0).sum()
    if min(lines) == 1:
        # A coder who never changes: agreement is that of chance, exactly.
        return Agreement(0.0, None, int(counts.sum()), name)
    found = cohens_kappa(counts, wt=_KAPPA[weights])
    interval = None
    if np.trace(counts) < counts.sum():
        half = float(norm.ppf((1 + level) / 2)) * float(found.std_kappa)
        low, high = max(-1.0, found.kappa - half), min(1.0, found.kappa + half)
        interval = Interval(float(low), float(high), level, "Fleiss, Cohen et Everitt")
    return Agreement(float(found.kappa), interval, int(counts.sum()), name)


_WEIGHTS = {"linear": "linéaire", "quadratic": "quadratique"}


@dataclass(frozen=True)
class CodeAgreement:
    """Agreement of two coders on one code (put or not), without correction for chance.

    Attributes
    ----------
    raw : float
        Share of units on which they agree.
    raw_interval : Interval
        Wilson.
    positive : float or None
        Among units where either put the code, weighted as in 2a/(2a + b + c); ``None`` if neither ever did.
    negative : float or None
        The same for the absence of the code.
    prevalence : float
        Mean share of units with the code.
    """

    raw: float
    raw_interval: Interval
    positive: float | None
    negative: float | None
    prevalence: float


def positive_agreement(both: int, first: int, second: int, neither: int, level: float = 0.95) -> CodeAgreement:
    """Give raw, positive and negative agreement (Cicchetti and Feinstein 1990), for rare codes.

    Parameters
    ----------
    both, first, second, neither : int
        Units where both coders put the code, the first only, the second only, neither.
    level : float, default 0.95

    Raises
    ------
    ValueError
        Negative counts or no unit.

    Examples
    --------
    >>> found = positive_agreement(1, 2, 2, 95)
    >>> round(found.raw, 2), round(found.positive, 2), round(found.negative, 2)
    (0.96, 0.33, 0.98)
    """
    counts = _square([[both, first], [second, neither]])
    total = int(counts.sum())
    concerned, others = 2 * both + first + second, 2 * neither + first + second
    return CodeAgreement(
        (both + neither) / total,
        wilson(both + neither, total, level),
        2 * both / concerned if concerned else None,
        2 * neither / others if others else None,
        concerned / (2 * total),
    )


def _square(table: npt.ArrayLike) -> Matrix:
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.shape[0] < 2:
        raise ValueError(
            f"un tableau carré est attendu, mêmes codes en ligne et en colonne ; forme reçue {counts.shape}"
        )
    if not np.isfinite(counts).all() or (counts < 0).any() or (counts != np.round(counts)).any():
        raise ValueError("effectifs : des comptes entiers, positifs ou nuls, sont attendus")
    if counts.sum() == 0:
        raise ValueError("aucune unité codée par les deux personnes")
    return counts


def _value_counts(codes: npt.ArrayLike, measurement: str, order: Sequence[object] | None) -> tuple[Matrix, Matrix]:
    """Units × codes counts, of the units coded at least twice, and the number that stands for each code."""
    if measurement not in _LEVELS:
        raise ValueError(f"nature des codes « {measurement} » inconnue : nominal, ordinal ou interval")
    table = np.asarray(codes, dtype=object)
    if table.ndim != 2 or table.shape[0] < 2:
        raise ValueError(f"un tableau codeurs × unités est attendu, deux codeurs au moins ; forme reçue {table.shape}")
    known = ~pd.isna(table)
    paired = known.sum(axis=0) >= 2
    if not paired.any():
        raise ValueError("alpha de Krippendorff : aucune unité codée par deux personnes")
    used = list(dict.fromkeys(table[:, paired][known[:, paired]].tolist()))
    ranked = _ranked(used, measurement, order)
    place = {code: column for column, code in enumerate(ranked)}
    counts = np.zeros((int(paired.sum()), len(ranked)))
    for row, unit in enumerate(table[:, paired].T):
        for code in unit[~pd.isna(unit)]:
            counts[row, place[code]] += 1
    domain = np.array(ranked, dtype=float) if measurement == "interval" else np.arange(len(ranked), dtype=float)
    return counts, domain


def _ranked(used: list[object], measurement: str, order: Sequence[object] | None) -> list[object]:
    numeric = all(isinstance(code, int | float | np.number) and not isinstance(code, bool) for code in used)
    if measurement == "interval" and not numeric:
        raise ValueError("alpha de Krippendorff : des nombres sont attendus pour des codes numériques")
    if measurement == "nominal":
        return sorted(used, key=str)
    if order is None:
        if not numeric:
            raise ValueError("alpha de Krippendorff : donner l'ordre des codes (du plus bas au plus haut)")
        return sorted(used, key=lambda code: float(str(code)))
    strange = sorted(str(code) for code in used if code not in order)
    if strange:
        raise ValueError(f"alpha de Krippendorff : code(s) absent(s) de l'ordre donné ({', '.join(strange)})")
    return [code for code in order if code in used]
