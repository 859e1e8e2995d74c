"""Is the share of young women rising? Overall, within the schools, and what the opening of schools explains.

The overall trend mixes two things: schools that take in more young women, and schools with many of them that open or
grow. Only the first is feminisation; it is the headline. The difference between the two is the *effet de composition*.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from edp_analysis.indicators.derived import periode, premieres_inscriptions
from edp_analysis.indicators.gaps import attempt, gap, p_words
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.trend import cochran_armitage, permutation_within, within_slope

__all__ = ["Feminisation", "feminisation"]

_SEED = 1
"""Seed of the permutations: any will do, the same one always."""
_RAW = ("feminisation_brute", "Variation annuelle de la part des filles")
_WITHIN = ("feminisation_ecole_egale", "Variation annuelle de la part des filles, à école égale")
_ODDS = ("feminisation_rapport_cotes", "Rapport de cotes par an, à école égale")


@dataclass(frozen=True)
class Feminisation:
    """The trend of the share of young women, in points a year.

    Attributes
    ----------
    within : Indicator
        Among the entrants of a same school: the headline.
    raw : Indicator
        All schools together.
    composition : Indicator
        ``raw`` minus ``within``: what the changing mix of schools adds. A split of the two, without interval.
    odds_ratio : Indicator
        Of being a young woman, one year later in the same school.
    p_raw, p_within : str
        p-values in words: Cochran–Armitage, and permutation of the years within schools; « non calculable » if so.
    """

    within: Indicator
    raw: Indicator
    composition: Indicator
    odds_ratio: Indicator
    p_raw: str
    p_within: str

    def to_frame(self) -> pd.DataFrame:
        """Return one row a reading of the trend: ``lecture``, ``variation_annuelle`` (Indicator), ``p``."""
        return pd.DataFrame(
            {
                "lecture": ["À école égale", "Toutes écoles réunies", "Dont effet de composition"],
                "variation_annuelle": [self.within, self.raw, self.composition],
                "p": [self.p_within, self.p_raw, ""],
            }
        )


def feminisation(apprenants: pd.DataFrame, level: float = 0.95) -> Feminisation:
    """Measure the trend of the share of young women among entrants, by school year of entry.

    Overall: least-squares slope, with the interval that inverts the Cochran–Armitage test (variance p(1 − p)/Σ(t − t̄)²,
    so that it holds 0 exactly when the test does not reject). Within schools: conditional logit, one stratum a school;
    its slope is put in points by p(1 − p), averaged over the entrants of the schools that inform it.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners; each youth counts once, at the first enrolment.
    level : float, default 0.95

    Examples
    --------
    Two schools, half girls in one and none in the other, which shrinks: nothing moves within them.

    >>> rows = [("EDP-01", year, sex) for year in ("2021-2022", "2022-2023") for sex in "FFHH"]
    >>> rows += [("EDP-02", "2021-2022", "H")] * 4 + [("EDP-02", "2022-2023", "H")]
    >>> learners = pd.DataFrame(rows, columns=["ecole", "annee_scolaire_entree", "sexe"])
    >>> learners = learners.assign(id_inscription=range(13), id_jeune=range(13), date_entree=pd.Timestamp("2021-09-01"))
    >>> found = feminisation(learners)
    >>> round(found.raw.value, 1), abs(round(found.within.value, 1)), round(found.composition.value, 1)
    (15.0, 0.0, 15.0)
    """
    youths = premieres_inscriptions(apprenants)
    youths = youths[youths["sexe"].notna() & youths["annee_scolaire_entree"].notna()]
    words = f"jeunes {periode(apprenants)}"
    women = (youths["sexe"] == "F").to_numpy(dtype=float)
    years = youths["annee_scolaire_entree"].astype("str").str[:4].astype(float).to_numpy()
    schools = youths["ecole"].astype("str").to_numpy()
    rows = youths["id_inscription"].astype("str")

    def overall() -> Indicator:
        cochran_armitage(*_by_year(women, years))  # refuses what has no trend
        spread = float(((years - years.mean()) ** 2).sum())
        slope = float((years - years.mean()) @ women) / spread
        half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(women.mean() * (1 - women.mean()) / spread)
        limits = Interval(slope - half, slope + half, level, "Cochran-Armitage inversé")
        return gap(*_RAW, slope, limits, words, "Pente des moindres carrés, toutes écoles réunies", rows)

    def inside() -> Indicator:
        found = within_slope(women, years, schools, level)
        factor = _points_per_log_odds(women, years, schools)
        low, high = (factor * math.log(limit) for limit in (found.interval.low, found.interval.high))
        limits = Interval(low, high, level, found.interval.method)
        return gap(*_WITHIN, factor * found.log_odds, limits, words, "Logit conditionnel, une strate par école", rows)

    def ratio() -> Indicator:
        found = within_slope(women, years, schools, level)
        return Indicator(*_ODDS, found.odds_ratio, "", words, interval=found.interval, method="Logit conditionnel")

    raw = attempt(*_RAW, "points", words, overall)
    within = attempt(*_WITHIN, "points", words, inside)
    return Feminisation(
        within,
        raw,
        _composition(raw, within, words),
        attempt(*_ODDS, "", words, ratio),
        _p(lambda: cochran_armitage(*_by_year(women, years)).pvalue),
        _p(lambda: permutation_within(women, years, schools, seed=_SEED).pvalue),
    )


def _composition(raw: Indicator, within: Indicator, words: str) -> Indicator:
    id, label = "feminisation_composition", "Effet de composition"
    if raw.value is None or within.value is None:
        reason = raw.reason or within.reason
        return Indicator(id, label, None, "points", words, reason=reason)
    return gap(id, label, (raw.value - within.value) / 100, None, words, "Variation brute − variation à école égale")


def _by_year(women: np.ndarray, years: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    periods = np.unique(years)
    counts = np.array([women[years == year].sum() for year in periods])
    return counts, np.array([(years == year).sum() for year in periods]), periods


def _points_per_log_odds(women: np.ndarray, years: np.ndarray, schools: np.ndarray) -> float:
    """Average p(1 − p) over the entrants of schools where both sex and year vary, p being the school's share."""
    weights = []
    for school in np.unique(schools):
        inside = schools == school
        share = women[inside].mean()
        if 0 < share < 1 and np.ptp(years[inside]) > 0:
            weights += [share * (1 - share)] * int(inside.sum())
    return float(np.mean(weights))


def _p(compute: Callable[[], float]) -> str:
    try:
        return p_words(compute())
    except ValueError:
        return "non calculable"
