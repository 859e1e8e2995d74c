"""How far two persons code an interview the same way: code by code, and over the whole codebook."""

from __future__ import annotations

import numpy as np
import pandas as pd

from edp_analysis.contract import load_codes
from edp_analysis.contract.codebook import theme_of
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.agreement import Agreement, cohen_kappa, krippendorff_alpha, positive_agreement
from edp_analysis.statistics.proportions import Interval

__all__ = ["accord_global", "accord_par_code", "accord_polarite", "decisions", "double_lecture", "releves_communs"]

_ORDER = ("NEGATIF", "NEUTRE", "POSITIF")
_LEVEL = 0.95


def double_lecture(codages: pd.DataFrame) -> Indicator:
    """Return how many interviews were coded twice, of all those coded.

    Examples
    --------
    >>> codings = pd.DataFrame({"id_entretien": ["E01", "E01", "E02"], "lecture": [1, 2, 1]})
    >>> found = double_lecture(codings)
    >>> found.numerator, found.denominator
    (1, 2)
    """
    coded = codages["id_entretien"].unique()
    double = sorted(codages.loc[codages["lecture"] == 2, "id_entretien"].unique())
    value = len(double) / len(coded) if len(coded) else None
    reason = "" if len(coded) else "aucun entretien codé"
    label, population = "Entretiens qui portent deux codages", "entretiens codés"
    return Indicator(
        "double_lecture", label, value, "%", population, len(double), len(coded), reason=reason, rows=tuple(double)
    )


def decisions(codages: pd.DataFrame) -> pd.DataFrame:
    """Return what each of two readings decided: « this code, in this interview », for every code and every interview.

    Returns
    -------
    pandas.DataFrame
        One row an interview read twice and a code of the codebook: ``id_entretien``, ``code``, ``premiere``,
        ``seconde`` (whether the reading put it), ``polarite_1``, ``polarite_2`` (missing where it did not).
    """
    double = sorted(codages.loc[codages["lecture"] == 2, "id_entretien"].unique())
    codes = list(load_codes("codes_entretiens").labels)
    grid = pd.MultiIndex.from_product([double, codes], names=["id_entretien", "code"]).to_frame(index=False)
    for rank, name in ((1, "premiere"), (2, "seconde")):
        own = codages.loc[codages["lecture"] == rank, ["id_entretien", "code", "polarite"]]
        grid = grid.merge(own.rename(columns={"polarite": f"polarite_{rank}"}), how="left", on=["id_entretien", "code"])
        grid[name] = grid[f"polarite_{rank}"].notna()
    return grid[["id_entretien", "code", "premiere", "seconde", "polarite_1", "polarite_2"]]


def accord_par_code(codages: pd.DataFrame, seed: int = 0, resamples: int = 500) -> pd.DataFrame:
    """Measure agreement on each code; a unit is an interview read twice.

    When a code is rare, alpha and kappa may be near 0 although the coders nearly always agree: the raw and positive
    agreements are given beside them.

    Parameters
    ----------
    codages : pandas.DataFrame
        Clean table.
    seed, resamples : int
        Of the bootstrap over interviews.

    Returns
    -------
    pandas.DataFrame
        One row a code of the codebook: ``code``, ``theme``, ``entretiens`` (read twice), ``deux``, ``premier``,
        ``second``, ``aucun``, ``accord_brut``, ``accord_positif``, ``alpha``, ``alpha_bas``, ``alpha_haut``,
        ``kappa``, ``raison`` (why alpha and kappa are missing). Empty when no interview was read twice.
    """
    pairs = decisions(codages)
    rows = [_code_row(code, own, seed, resamples) for code, own in pairs.groupby("code", sort=False)]
    columns = ["code", "theme", "entretiens", "deux", "premier", "second", "aucun", "accord_brut", "accord_positif"]
    return pd.DataFrame(rows, columns=[*columns, "alpha", "alpha_bas", "alpha_haut", "kappa", "raison"])


def _code_row(code: object, own: pd.DataFrame, seed: int, resamples: int) -> tuple[object, ...]:
    both, first, second, neither = _four(own)
    plain = positive_agreement(both, first, second, neither)
    head = (code, theme_of()[str(code)], len(own), both, first, second, neither, plain.raw, plain.positive)
    if both + first + second == 0 or neither + first + second == 0:
        said = "jamais relevé" if both == 0 else "toujours relevé"
        return (*head, None, None, None, None, f"{said} par les deux codeurs : aucun désaccord n’était possible")
    readings = own[["premiere", "seconde"]].astype("int64").T.to_numpy()
    alpha = krippendorff_alpha(readings, seed=seed, resamples=resamples, level=_LEVEL)
    kappa = cohen_kappa([[both, first], [second, neither]], level=_LEVEL)
    low, high = (alpha.interval.low, alpha.interval.high) if alpha.interval else (None, None)
    return (*head, alpha.value, low, high, kappa.value, "")


def accord_global(codages: pd.DataFrame, seed: int = 0, resamples: int = 2000) -> Indicator:
    """Return Cohen's kappa over all the decisions « this code, in this interview ».

    Decisions of one interview go together: the interval comes from a bootstrap over interviews, not over decisions.

    Parameters
    ----------
    codages : pandas.DataFrame
        Clean table.
    seed, resamples : int
    """
    pairs = decisions(codages)
    double = tuple(pairs["id_entretien"].unique())
    label, population = "Accord entre codeurs (kappa)", f"{len(double)} entretiens lus deux fois, tous les codes"
    method = "kappa de Cohen sur les décisions « ce code, dans cet entretien » ; intervalle par tirage des entretiens"
    if not double:
        reason = "aucun entretien n’a été lu par deux codeurs"
        return Indicator("accord_codeurs", label, None, "", population, method=method, reason=reason)
    four = np.array([_four(own) for _, own in pairs.groupby("id_entretien", sort=False)], dtype=float)
    both, first, second, neither = (int(count) for count in four.sum(axis=0))
    if both + first + second == 0 or neither + first + second == 0:
        reason = "un seul code a été utilisé : aucun désaccord n’était possible"
        return Indicator("accord_codeurs", label, None, "", population, method=method, reason=reason, rows=double)
    value = cohen_kappa([[both, first], [second, neither]]).value
    interval = _bootstrap(four, seed, resamples)
    return Indicator("accord_codeurs", label, value, "", population, None, None, interval, method, rows=double)


def releves_communs(codages: pd.DataFrame) -> Indicator:
    """Return how often both codings of an interview raise a subject, of the times that one at least does.

    Easier to read than kappa, and not corrected for chance; without interval, the decisions of an interview going
    together (see :func:`accord_global`).

    Examples
    --------
    >>> codings = pd.DataFrame({"id_entretien": ["E01", "E01", "E01"], "lecture": [1, 2, 2], "polarite": ["NEUTRE"] * 3,
    ...                         "code": ["FED_ANIMATION", "FED_ANIMATION", "FED_TERRAIN"]})
    >>> found = releves_communs(codings)
    >>> found.numerator, found.denominator
    (1, 2)
    """
    pairs = decisions(codages)
    both, first, second, _ = _four(pairs)
    total = both + first + second
    return Indicator(
        "releves_communs", "Sujets relevés par les deux codages, sur ceux que l’un au moins relève",
        both / total if total else None, "%", "entretiens qui portent deux codages", both, total,
        method="sujets relevés par les deux codages / relevés par l’un au moins, entretien par entretien",
        reason="" if total else "aucun entretien n’a été lu par deux codeurs",
        rows=tuple(pairs["id_entretien"].unique()),
    )  # fmt: skip


def accord_polarite(codages: pd.DataFrame) -> Agreement | None:
    """Return the agreement on the judgement where both readings put the code (linear weighted kappa).

    ``None`` when they never put the same code, or used one judgement only.
    """
    shared = decisions(codages).dropna(subset=["polarite_1", "polarite_2"])
    table = pd.crosstab(shared["polarite_1"], shared["polarite_2"]).reindex(
        index=list(_ORDER), columns=list(_ORDER), fill_value=0
    )
    counts = table.to_numpy()
    if counts.sum() == 0 or (np.count_nonzero(counts) == 1 and np.trace(counts) > 0):
        return None
    return cohen_kappa(counts, "linear")


def _four(own: pd.DataFrame) -> tuple[int, int, int, int]:
    one, two = own["premiere"], own["seconde"]
    return int((one & two).sum()), int((one & ~two).sum()), int((~one & two).sum()), int((~one & ~two).sum())


def _bootstrap(four: np.ndarray, seed: int, resamples: int) -> Interval | None:
    """Resample interviews; each brings its four counts."""
    rng = np.random.default_rng(seed)
    drawn = four[rng.integers(0, len(four), (resamples, len(four)))].sum(axis=1)
    both, first, second, neither = drawn.T
    total = drawn.sum(axis=1)
    chance = ((both + first) * (both + second) + (second + neither) * (first + neither)) / total**2
    usable = chance < 1
    values = ((both + neither)[usable] / total[usable] - chance[usable]) / (1 - chance[usable])
    if usable.sum() < resamples / 2 or len(np.unique(np.round(values, 12))) < 2:
        return None
    low, high = np.quantile(values, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(low), float(high), _LEVEL, f"bootstrap sur les entretiens ({resamples} tirages)")
