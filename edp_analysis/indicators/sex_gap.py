"""Young women and young men: the same results? The comparisons listed in advance, with their adjustment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.exits import reprise_etudes, sorties_negatives
from edp_analysis.indicators.gaps import attempt, gap, p_words
from edp_analysis.indicators.outcomes import certification_cursus_complet, certification_sortants, sortie_anticipee
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.comparisons import boschloo, mantel_haenszel, newcombe
from edp_analysis.statistics.multiplicity import adjust

__all__ = ["UNITS", "Comparison", "ecarts_filles_garcons", "synthese_ecarts", "tableau_ecarts"]

_ODDS = "Rapport de cotes à école égale"
UNITS = dict.fromkeys((_ODDS, "p", "p ajustée"), "csv")
"""Units of :func:`tableau_ecarts`: what only the CSV file holds."""


@dataclass(frozen=True)
class Comparison:
    """One comparison of young women with young men.

    Attributes
    ----------
    name : str
        Of the share compared, in French.
    women, men : Indicator
        The share in each.
    difference : Indicator
        Women minus men, in points, with Newcombe's interval.
    odds_ratio : Indicator
        Of the women, within schools (Mantel–Haenszel).
    p : float or None
        Boschloo's test; ``None`` when nothing is compared.
    p_adjusted : float or None
        Holm, over all the comparisons of the question.
    """

    name: str
    women: Indicator
    men: Indicator
    difference: Indicator
    odds_ratio: Indicator
    p: float | None
    p_adjusted: float | None = None

    @property
    def established(self) -> bool:
        """Whether the difference stands after adjustment for the number of comparisons."""
        return self.p_adjusted is not None and self.p_adjusted <= 0.05

    @property
    def reading(self) -> str:
        """« Écart établi », « écart non établi » or « non calculable »."""
        if self.p_adjusted is None:
            return "non calculable"
        return "écart établi" if self.established else "écart non établi"


def ecarts_filles_garcons(apprenants: pd.DataFrame, campaign: Campaign) -> tuple[Comparison, ...]:
    """Compare young women with young men on five shares, listed in advance.

    A comparison needs as many persons on each side as a percentage does (threshold of the campaign).

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners.
    campaign : Campaign
        Gives the threshold and the version of the mapping of exits.
    """
    version = campaign.definitions["sorties"]
    shares: dict[str, Callable[[pd.DataFrame], Indicator]] = {
        "Certifiés parmi les sortants": certification_sortants,
        "Certifiés après un cursus complet": certification_cursus_complet,
        "Sorties anticipées parmi les sortants": sortie_anticipee,
        "Reprises d’études parmi les sortants": lambda part: reprise_etudes(part, version),
        "Sorties négatives parmi les sortants": lambda part: sorties_negatives(part, version),
    }
    found = [_compare(name, apprenants, measure, campaign.thresholds.percentage) for name, measure in shares.items()]
    raw = {item.name: item.p for item in found if item.p is not None}
    if not raw:
        return tuple(found)
    adjusted = adjust(raw).set_index("comparaison")["p_ajustee"]
    return tuple(
        Comparison(
            item.name, item.women, item.men, item.difference, item.odds_ratio, item.p,
            float(adjusted[item.name]) if item.name in adjusted.index else None,
        )
        for item in found
    )  # fmt: skip


def _compare(
    name: str, apprenants: pd.DataFrame, measure: Callable[[pd.DataFrame], Indicator], minimum: int
) -> Comparison:
    women, men = (measure(apprenants[apprenants["sexe"] == sex]) for sex in ("F", "H"))
    counts = [int(value or 0) for item in (women, men) for value in (item.numerator, item.denominator)]
    id, label, words = f"ecart_{women.id}", f"{name} : filles moins garçons", women.population
    few = min(counts[1], counts[3]) < minimum

    def difference() -> Indicator:
        if few:
            raise ValueError(f"moins de {minimum} filles ou moins de {minimum} garçons")
        gaps = counts[0] / counts[1] - counts[2] / counts[3]
        return gap(id, label, gaps, newcombe(*counts), words, "Newcombe", (*women.rows, *men.rows))

    def ratio() -> Indicator:
        if few:
            raise ValueError(f"moins de {minimum} filles ou moins de {minimum} garçons")
        pooled = mantel_haenszel(_tables(apprenants, measure))
        return Indicator(f"{id}_rapport_cotes", label, pooled.odds_ratio, "", words, interval=pooled.interval,
                         method="Mantel-Haenszel, par école")  # fmt: skip

    return Comparison(
        name,
        women,
        men,
        attempt(id, label, "points", words, difference),
        attempt(f"{id}_rapport_cotes", label, "", words, ratio),
        None if few else boschloo(*counts).pvalue,
    )


def _tables(apprenants: pd.DataFrame, measure: Callable[[pd.DataFrame], Indicator]) -> np.ndarray:
    """Count successes and failures of women and men in each school, shape (schools, 2, 2)."""
    tables = []
    for school in sorted(apprenants["ecole"].astype("str").unique()):
        part = apprenants[apprenants["ecole"] == school]
        sides = [measure(part[part["sexe"] == sex]) for sex in ("F", "H")]
        counts = [(float(side.numerator or 0), float(side.denominator or 0)) for side in sides]
        tables.append([[success, total - success] for success, total in counts])
    return np.array(tables)


def synthese_ecarts(found: tuple[Comparison, ...]) -> str:
    """Say which comparisons stand after adjustment, as a title may.

    Examples
    --------
    >>> synthese_ecarts(())
    'rien ne peut être comparé'
    """
    if all(item.p_adjusted is None for item in found):
        return "rien ne peut être comparé"
    names = [item.name[:1].lower() + item.name[1:] for item in found if item.established]
    return f"différence établie pour : {', '.join(names)}" if names else "aucune différence établie"


def tableau_ecarts(found: tuple[Comparison, ...]) -> pd.DataFrame:
    """Lay comparisons out: both shares, their difference, what is established; odds ratios and p for the CSV.

    Units: :data:`UNITS`.
    """
    return pd.DataFrame(
        {
            "Comparaison": [item.name for item in found],
            "Filles": [item.women for item in found],
            "Garçons": [item.men for item in found],
            "Écart": [item.difference for item in found],
            "Conclusion": [item.reading for item in found],
            _ODDS: [item.odds_ratio for item in found],
            "p": ["" if item.p is None else p_words(item.p) for item in found],
            "p ajustée": ["" if item.p_adjusted is None else p_words(item.p_adjusted) for item in found],
        }
    )
