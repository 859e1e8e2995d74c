"""School origins read together, and what lies behind the blanks."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from edp_analysis.contract.mappings import load_origins
from edp_analysis.indicators.breakdown import breakdown
from edp_analysis.indicators.derived import origine_scolaire, par_cle, periode, premieres_inscriptions
from edp_analysis.indicators.gaps import p_words
from edp_analysis.indicators.profiles import origine
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.statistics.imputation import impute_shares
from edp_analysis.statistics.missing import blank_patterns
from edp_analysis.statistics.proportions import Interval, simultaneous
from edp_analysis.statistics.trend import permutation_within

__all__ = ["Blanks", "blancs", "origine_imputee", "origine_simultanee"]

_SEED = 1
"""Seed of Fisher's random tables."""
_BLANK = "Non renseignée"
"""What the published chart calls « (vide) »."""
_FEWEST = 10
"""A category with fewer youths is imputed with the other rare ones."""
_FACTORS = {"ecole": "l’école", "annee_scolaire_entree": "l’année d’entrée"}


def origine_simultanee(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of each school origin, with intervals that hold together at 95 % (Goodman).

    Ten intervals at 95 % each would miss one share of the table, or more, four times in ten.

    Examples
    --------
    >>> learners = pd.DataFrame({"id_inscription": ["a", "b"], "id_jeune": ["a", "b"],
    ...     "derniere_classe": ["1023", None], "pays_dernier_etablissement": ["FR", None],
    ...     "dispositif_specialise": [None, None],
    ...     "date_entree": pd.to_datetime(["2019-09-01"] * 2), "annee_scolaire_entree": ["2019-2020"] * 2})
    >>> found = origine_simultanee(learners)["college"]
    >>> found.value, found.interval.method
    (0.5, 'Goodman (simultanés)')
    """
    found = {
        code: replace(item, label=_BLANK) if code == "vide" else item for code, item in origine(apprenants).items()
    }
    if any(item.value is None for item in found.values()):
        return found
    limits = simultaneous([int(item.numerator or 0) for item in found.values()])
    return {code: replace(item, interval=limit) for (code, item), limit in zip(found.items(), limits, strict=True)}


def origine_imputee(apprenants: pd.DataFrame) -> dict[str, Indicator]:
    """Share of each school origin if the unknown are like the known of the same sex, age and year of entry.

    Multiple imputation (multinomial logit, Rubin's rules). The assumption cannot be checked: to be read beside the
    share of the known and the bounds, never instead of them.

    Returns
    -------
    dict of str to Indicator
        By category code, « vide » and the rare categories left out (fewer than ten youths: no model), in the order of
        the published chart; without counts, since nobody is counted there.
    """
    youths = premieres_inscriptions(apprenants)
    codes = origine_scolaire(youths)
    sizes = codes.value_counts()
    known = codes.mask(codes.map(sizes) < _FEWEST, "rares").mask(codes == "vide")
    years = youths["annee_scolaire_entree"].astype("str").str[:4].astype("Float64")
    factors = youths[["sexe"]].assign(age=youths["age_entree"].astype("Float64"), annee=years)
    complete = factors.notna().all(axis=1)
    factors = factors[complete].astype({"age": float, "annee": float})
    factors = factors.loc[:, factors.nunique() > 1]
    words = f"jeunes {periode(apprenants)}, origines inconnues imputées"
    categories = [category for category in load_origins() if category.code != "vide"]
    try:
        if factors.empty:
            raise ValueError("ni le sexe, ni l’âge, ni l’année ne varient")
        found = impute_shares(known[complete].to_numpy(dtype=object), factors, _SEED).set_index("modalite")
    except ValueError as error:
        reason = str(error)
        return {
            item.code: Indicator(f"{item.published_id}_imputee", item.label, None, "%", words, reason=reason)
            for item in categories
        }
    rows = tuple(youths.loc[complete, "id_inscription"].astype("str"))
    return {
        item.code: Indicator(
            f"{item.published_id}_imputee", item.label, float(found["part"][item.code]), "%", words,
            interval=Interval(float(found["bas"][item.code]), float(found["haut"][item.code]), 0.95, "Rubin, Wilson"),
            method="Imputation multiple, vingt tirages", rows=rows,
        )
        for item in categories if item.code in found.index
    }  # fmt: skip


@dataclass(frozen=True)
class Blanks:
    """Where the unknown origins come from.

    Attributes
    ----------
    by_school : dict of str to Indicator
        Share of unknown origins among the youths of each school.
    most : Indicator
        The school that has the most of them, and its share of all the unknown.
    tests : pandas.DataFrame
        ``comparaison`` (« l’école », « l’année d’entrée »), ``p_brute``, ``p_ajustee``, ``etabli``; empty when nothing
        can be compared.
    p_year_within : float or None
        p-value that blanks follow the year inside the schools: a school that opens late and does not fill the column in
        would make the year count without it.
    reason : str
        Why nothing can be compared.
    """

    by_school: dict[str, Indicator]
    most: Indicator
    tests: pd.DataFrame
    p_year_within: float | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        """What the unknown follow, as the end of a sentence: « suivent l’école »."""
        if self.tests.empty:
            return f"ne se comparent pas ({self.reason})"
        followed = self.tests.loc[self.tests["etabli"], "comparaison"].tolist()
        if not followed:
            return "ne suivent, autant qu’on le voie, ni l’école ni l’année d’entrée"
        if len(followed) > 1 and (self.p_year_within is None or self.p_year_within > 0.05):
            return "suivent l’école ; l’année d’entrée n’y ajoute rien d’établi"
        return f"suivent {' et '.join(followed)}"

    def p(self, factor: str) -> str:
        """Return the Holm-adjusted p-value of « l’école » or « l’année d’entrée », in words."""
        if self.tests.empty or factor not in self.tests["comparaison"].tolist():
            return "non calculable"
        return p_words(float(self.tests.set_index("comparaison")["p_ajustee"][factor]))


def blancs(apprenants: pd.DataFrame) -> Blanks:
    """Ask whether the unknown origins follow the school or the year of entry.

    One school that does not fill the column in is a practice to mend, not a trait of its youths; then the known of the
    other schools say little about the unknown of that one.
    """
    youths = premieres_inscriptions(apprenants)
    youths = youths.assign(blanc=origine_scolaire(youths).eq("vide").to_numpy())
    words = f"jeunes d’origine inconnue, {periode(youths)}"

    def of_school(part: pd.DataFrame) -> Indicator:
        label = "Origine scolaire inconnue"
        return share("origine_inconnue", label, par_cle(part, part["blanc"]), f"jeunes {periode(youths)}")

    by_school = breakdown(youths, "ecole", of_school, "école")
    blank = youths[youths["blanc"]]
    name = max(by_school, key=lambda school: by_school[school].numerator or 0, default="aucune école")
    most = share("origine_inconnue_ecole", name, par_cle(blank, blank["ecole"].astype("str") == name), words)
    factors = youths[list(_FACTORS)].astype("str").rename(columns=_FACTORS)
    factors = factors.loc[:, factors.nunique() > 1]
    blank_or_not = youths["blanc"].to_numpy(dtype=float)
    try:
        if factors.empty:
            raise ValueError("une seule école et une seule année, ou aucun jeune")
        tests = blank_patterns(blank_or_not, factors, _SEED)
    except ValueError as error:
        return Blanks(by_school, most, pd.DataFrame(), reason=str(error))
    years = youths["annee_scolaire_entree"].astype("str").str[:4].astype(float)
    try:
        within = permutation_within(blank_or_not, years, youths["ecole"].astype("str"), _SEED).pvalue
    except ValueError:  # no school where both vary: the year says nothing that the school does not
        within = None
    return Blanks(by_school, most, tests, within)
