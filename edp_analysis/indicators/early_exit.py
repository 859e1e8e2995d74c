"""What goes with leaving before the end: a small model fixed in advance. Associations, not causes.

Sex, age at entry, school origin in four groups, time since entry in three groups, and one constant a school: youths are
compared with youths of their own school. Nobody was assigned to an age or an origin: a factor may stand for something
that was not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.derived import origine_scolaire, periode, premieres_inscriptions
from edp_analysis.indicators.durations import EARLY, parcours
from edp_analysis.indicators.gaps import gap, p_words
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.factors import FactorModel, fit_factors, risk_differences
from edp_analysis.statistics.multiplicity import adjust
from edp_analysis.statistics.proportions import Interval

__all__ = ["UNITS", "EarlyExit", "covariates", "early_exit"]

UNITS = dict.fromkeys(("p", "p ajustée", "Vérification, erreurs par école"), "csv")
"""Units of :meth:`EarlyExit.to_frame`: what only the CSV file holds."""

_ORIGINS = {
    "college": "Collège",
    "lgt": "Lycée",
    "lp_niveau3": "Lycée",
    "lp_niveau4": "Lycée",
    "vide": "Origine inconnue",
}
_OTHER = "Autre origine connue"
_TIMES = {24: "Entrés depuis deux ans ou plus", 12: "Entrés depuis un à deux ans", 0: "Entrés depuis moins d’un an"}
_SEXES = {"H": "Garçon", "F": "Fille"}
_CONTROL = "Recul"
"""Not a factor of interest: those who entered lately have had less time to leave."""
_FACTORS = ("Sexe", "Âge", "Origine", _CONTROL)
_IDS = {"Sexe": "sexe", "Âge": "age", "Origine": "origine"}


@dataclass(frozen=True)
class EarlyExit:
    """The model of early exit.

    Attributes
    ----------
    differences : dict of str to Indicator
        Average difference of risk in points between youths of a same school, all else alike, by level (« Fille »…).
        Empty when the model cannot be computed.
    by_school : dict of str to Indicator
        The same without the constants of schools, with intervals that count the schools and not the youths (CR3): a
        check, severe with few schools of unequal sizes. Empty when it cannot be computed.
    pvalues : pandas.DataFrame
        ``comparaison``, ``p_brute``, ``p_ajustee``, ``etabli``: Holm over the levels of interest.
    events, observations : int
        Early exits, youths.
    method, by_school_method : str
        In French.
    reason : str
        Why there is no model; empty otherwise.
    """

    differences: dict[str, Indicator]
    by_school: dict[str, Indicator]
    pvalues: pd.DataFrame
    events: int
    observations: int
    method: str
    by_school_method: str
    reason: str

    def established(self, level: str) -> bool:
        """Say whether an association stands after Holm's adjustment and its interval leaves out zero."""
        found = self.differences.get(level)
        if found is None or found.interval is None:
            return False
        kept = self.pvalues.set_index("comparaison")["etabli"]
        return bool(kept[level]) and not found.interval.low <= 0 <= found.interval.high

    def words(self, level: str) -> str:
        """Say in words what the model supports about a level: never more than « associé à »."""
        if not self.established(level):
            return "sans association établie avec les sorties anticipées"
        more = float(self.differences[level].value or 0.0) > 0
        return f"associé à {'davantage' if more else 'moins'} de sorties anticipées"

    @property
    def summary(self) -> str:
        """Which associations stand, as a title."""
        if not self.differences:
            return f"Ce qui va avec un départ avant le terme ne peut être calculé ({self.reason})"
        names = [level[:1].lower() + level[1:] for level in self.differences if self.established(level)]
        if not names:
            return "Rien n’est associé de façon établie aux départs avant le terme"
        rest = " ; rien d’établi pour le reste" if len(names) < len(self.differences) else ""
        return f"Associé aux départs avant le terme : {', '.join(names)}{rest}"

    def difference(self, level: str) -> Indicator:
        """Return the difference of risk of a level, or an indicator that says why there is none."""
        missing = Indicator("sortie_anticipee_facteur", level, None, "points", "jeunes entrés", reason=self.reason)
        return self.differences.get(level, missing)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a level: difference of risk and what it supports; for the CSV, p-values and the check.

        Units: :data:`UNITS`.
        """
        tested = self.pvalues.set_index("comparaison")
        return pd.DataFrame(
            [
                (
                    level,
                    item.label,
                    item,
                    p_words(tested["p_brute"][level]),
                    p_words(tested["p_ajustee"][level]),
                    "association établie" if self.established(level) else "non établie",
                    self.by_school.get(level),
                )
                for level, item in self.differences.items()
            ],
            columns=[
                "Facteur",
                "Par rapport à",
                "Écart de risque à école égale",
                "p",
                "p ajustée",
                "Association",
                "Vérification, erreurs par école",
            ],
        )


def covariates(apprenants: pd.DataFrame, campaign: Campaign) -> pd.DataFrame:
    """Return what the model is made of, one row a youth whose sex, age and path are known.

    Returns
    -------
    pandas.DataFrame
        Index ``id_inscription``: ``anticipee`` (bool), ``ecole``, ``Sexe``, ``Âge``, ``Origine``, ``Recul`` (texts, the
        reference first; the age is in years).
    """
    first = premieres_inscriptions(apprenants).assign(Origine=lambda frame: origine_scolaire(frame))
    paths = parcours(apprenants, campaign).set_index("id_inscription")
    first = first.set_index(first["id_inscription"].astype("str")).reindex(paths.index)
    origins = [*dict.fromkeys(_ORIGINS.values())]
    origins.insert(-1, _OTHER)
    groups = np.select([paths["recul"] >= months for months in _TIMES], list(_TIMES.values()), default="")
    table = pd.DataFrame(
        {
            "anticipee": paths["issue"].isin(EARLY),
            "ecole": first["ecole"].astype("str"),
            "Sexe": pd.Categorical(first["sexe"].map(_SEXES), list(_SEXES.values())),
            "Âge": first["age_entree"].astype("Float64"),
            "Origine": pd.Categorical(first["Origine"].map(lambda code: _ORIGINS.get(code, _OTHER)), origins),
            _CONTROL: pd.Categorical(groups, list(_TIMES.values())),
        },
        index=paths.index,
    )
    return table.dropna().astype({"Âge": float})


def early_exit(apprenants: pd.DataFrame, campaign: Campaign) -> EarlyExit:
    """Fit the model of early exit and read it as differences of risk.

    Logit with one constant a school; Firth's method below ten events a parameter or under separation, as is usual with
    ten schools; marginal differences by g-computation. Beside, without the constants: errors by school (CR3, *t* with
    G − 1 degrees of freedom).

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    campaign : Campaign
    """
    table, minimum = covariates(apprenants, campaign), campaign.thresholds.percentage
    words = f"jeunes {periode(apprenants)}, dont le sexe, l’âge et le parcours sont connus"
    try:
        model = _fit(table, (*_FACTORS, "ecole"), minimum)
        found = risk_differences(model)
    except ValueError as error:
        empty = pd.DataFrame(columns=["comparaison", "p_brute", "p_ajustee", "etabli"])
        return EarlyExit({}, {}, empty, int(table["anticipee"].sum()), len(table), "", "", str(error))
    differences = _indicators(found, words, table, "")
    raw = {_level(row): float(p) for (_, row), p in zip(found.iterrows(), model.table["p"], strict=True)}
    check, check_method = _by_school(table, words, minimum)
    method = f"{model.method}, une constante par école" + (f" ({model.reason})" if model.reason else "")
    pvalues = adjust({level: raw[level] for level in differences})
    return EarlyExit(differences, check, pvalues, model.events, model.observations, method, check_method, "")


def _fit(table: pd.DataFrame, names: tuple[str, ...], minimum: int) -> FactorModel:
    if table.empty:
        raise ValueError("aucun jeune dont le sexe, l’âge et le parcours soient connus")
    events = int(table["anticipee"].sum())
    if min(events, len(table) - events) < minimum:
        raise ValueError(f"moins de {minimum} sorties anticipées, ou moins de {minimum} autres jeunes")
    # A factor that takes a single value is left out: a campaign without girls still has ages.
    used = table[[name for name in names if table[name].nunique() > 1]].copy()
    for name in used.columns[used.dtypes == "category"]:
        used[name] = used[name].cat.remove_unused_categories()
    return fit_factors(table["anticipee"].to_numpy(), used)


def _by_school(table: pd.DataFrame, words: str, minimum: int) -> tuple[dict[str, Indicator], str]:
    """Fit again with errors by school; « non calculable » leaves the column empty and the method says why."""
    try:
        model = _fit(table, _FACTORS, minimum)
        found = risk_differences(model, cluster=table["ecole"])
    except ValueError as error:
        return {}, f"non calculable ({error})"
    return _indicators(found, words, table, "_par_ecole"), str(found["methode"][0])


def _level(row: pd.Series) -> str:
    return "Un an de plus à l’entrée" if row["facteur"] == "Âge" else str(row["modalite"])


def _indicators(found: pd.DataFrame, words: str, table: pd.DataFrame, suffix: str) -> dict[str, Indicator]:
    kept = found[~found["facteur"].isin([_CONTROL, "ecole"])]
    return {
        _level(row): gap(
            f"sortie_anticipee_{_IDS[row['facteur']]}_{rank}{suffix}",
            str(row["reference"]) or "un an de moins",
            float(row["difference"]),
            Interval(float(row["bas"]), float(row["haut"]), 0.95, str(row["methode"])),
            words,
            str(row["methode"]),
            table.index,
        )
        for rank, (_, row) in enumerate(kept.iterrows())
    }
