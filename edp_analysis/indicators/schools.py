"""Schools side by side, never ranked: what chance allows, and rates that borrow strength from one another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from edp_analysis.indicators.breakdown import breakdown
from edp_analysis.indicators.derived import par_cle
from edp_analysis.indicators.gaps import p_words
from edp_analysis.indicators.outcomes import certification_cursus_complet
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.statistics.comparisons import fisher
from edp_analysis.statistics.funnel import Funnel, false_alarm, funnel, funnel_limits
from edp_analysis.statistics.pooling import partial_pooling
from edp_analysis.statistics.proportions import Interval, wilson

__all__ = ["UNITS", "SchoolRates", "certification", "school_rates", "sortie_anticipee_dans_l_annee"]

_SEED = 1
"""Seed of Fisher's random tables."""
_RESAMPLES = 9999
_STEPS = 60
"""Sizes at which the limits are drawn, at most."""
_LOW, _HIGH, _SMOOTHED = "Limite basse du hasard", "Limite haute du hasard", "Taux lissé"
UNITS = {_LOW: "%", _HIGH: "%", _SMOOTHED: "csv"}
"""Units of :meth:`SchoolRates.to_frame`: what only the CSV file holds, and the limits."""


@dataclass(frozen=True)
class SchoolRates:
    """One rate in each school.

    Attributes
    ----------
    raw : dict of str to Indicator
        Rate of each school that has somebody in the base, in alphabetical order.
    smoothed : dict of str to Indicator
        The same, drawn towards the overall rate the more, the smaller the school; empty where it cannot be computed.
    funnel : Funnel or None
        Limits of chance around the overall rate.
    p_value : float or None
        Fisher's test that all the schools share one rate.
    reason : str
        Why something above is missing; empty otherwise.
    """

    raw: dict[str, Indicator]
    smoothed: dict[str, Indicator]
    funnel: Funnel | None
    p_value: float | None
    reason: str

    @property
    def outside(self) -> tuple[str, ...]:
        """Schools beyond the limits of 99.8 %: more than chance, whichever side."""
        return self._beyond("signal")

    @property
    def alert(self) -> tuple[str, ...]:
        """Schools beyond the limits of 95 %, those beyond 99.8 % included."""
        return self._beyond("alerte")

    def _beyond(self, limits: str) -> tuple[str, ...]:
        if self.funnel is None:
            return ()
        table = self.funnel.table
        beyond = (table["taux"] < table[f"bas_{limits}"]) | (table["taux"] > table[f"haut_{limits}"])
        return tuple(table.loc[beyond, "groupe"])

    @property
    def together(self) -> Indicator:
        """The rate of all these schools together, labelled « Ensemble » as on the funnel."""
        first = next(iter(self.raw.values()), None)
        if first is None:
            return Indicator("ensemble", "Ensemble", None, "%", "écoles", reason="aucune école dans le champ")
        count = sum(int(item.numerator or 0) for item in self.raw.values())
        total = sum(int(item.denominator or 0) for item in self.raw.values())
        words = first.population.rsplit(", école : ", 1)[0]
        rows = tuple(row for item in self.raw.values() for row in item.rows)
        id = f"{first.id.rsplit('_', 1)[0]}_ecoles"
        return Indicator(id, "Ensemble", count / total, "%", words, count, total, wilson(count, total), rows=rows)

    @property
    def chart(self) -> pd.DataFrame:
        """The table that ``page.funnel`` draws; empty when there is no funnel."""
        columns = ["groupe", "compte", "effectif", "bas_alerte", "haut_alerte", "bas_signal", "haut_signal"]
        return pd.DataFrame(columns=columns) if self.funnel is None else self.funnel.table

    @property
    def words(self) -> str:
        """What the funnel (each school alone) and Fisher's test at 5 % (all together) say: one sentence, never two.

        Schools may all stand inside the limits and yet vary more, taken together, than one rate for all allows.
        """
        if self.funnel is None or self.p_value is None:
            return f"les écoles ne se comparent pas ({self.reason})"
        if self.outside:
            return f"hors de ce que le seul hasard permet : {', '.join(self.outside)}"
        if self.p_value <= 0.05:
            return (
                "aucune école ne se détache seule, mais leur dispersion d’ensemble n’arriverait par hasard qu’une fois "
                "sur vingt au plus"
            )
        return "rien n’établit que les écoles diffèrent"

    @property
    def sentence(self) -> str:
        """The same, with its capital."""
        return f"{self.words[:1].upper()}{self.words[1:]}"

    @property
    def limits(self) -> pd.DataFrame | None:
        """The four limits at sizes from the smallest school to the largest, to draw them smooth."""
        if self.funnel is None:
            return None
        sizes = self.funnel.table["effectif"]
        steps = sorted({round(float(size)) for size in np.geomspace(sizes.min(), sizes.max(), _STEPS)})
        rows = [
            (size, *(limit for level in (0.95, 0.998) for limit in funnel_limits(size, self.funnel.centre, level)))
            for size in steps
        ]
        return pd.DataFrame(rows, columns=["effectif", "bas_alerte", "haut_alerte", "bas_signal", "haut_signal"])

    @property
    def p(self) -> str:
        """The p-value of Fisher's test, in words."""
        return "non calculable" if self.p_value is None else p_words(self.p_value)

    @property
    def chance(self) -> Indicator:
        """Chance that one ordinary school at least stands outside the limits of 95 %."""
        words = "écoles du tableau"
        if not self.raw:
            return Indicator("fausse_alerte", "Fausse alerte", None, "%", words, reason="aucune école dans le champ")
        return Indicator("fausse_alerte", "Fausse alerte", false_alarm(len(self.raw)), "%", words)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a school: rate (an Indicator), limits at 99.8 %, what they say; smoothed rate for the CSV.

        Units: :data:`UNITS`.
        """
        limits = None if self.funnel is None else self.funnel.table.set_index("groupe")
        return pd.DataFrame(
            {
                "École": list(self.raw),
                "Taux observé": list(self.raw.values()),
                _LOW: [None if limits is None else limits["bas_signal"][name] for name in self.raw],
                _HIGH: [None if limits is None else limits["haut_signal"][name] for name in self.raw],
                "Conclusion": [self._reading(name) for name in self.raw],
                _SMOOTHED: [self.smoothed.get(name) for name in self.raw],
            }
        )

    def _reading(self, name: str) -> str:
        if self.funnel is None:
            return "non calculable"
        return "hors des limites" if name in self.outside else "dans les limites"


def school_rates(
    apprenants: pd.DataFrame, indicator: Callable[[pd.DataFrame], Indicator], resamples: int = _RESAMPLES
) -> SchoolRates:
    """Compute a share in each school, its funnel and its smoothed value.

    Parameters
    ----------
    apprenants : pandas.DataFrame
        Clean learners, or any records with ``ecole``.
    indicator : callable
        Computes the share on the records of one school. Schools where its base is empty are left out.
    resamples : int
        Permutations of Fisher's test.
    """
    found = breakdown(apprenants, "ecole", indicator, "école")
    raw = {name: item for name, item in found.items() if item.denominator}
    names = list(raw)
    counts = [int(item.numerator or 0) for item in raw.values()]
    totals = [int(item.denominator or 0) for item in raw.values()]
    reasons: dict[str, None] = {}
    chart, smoothed, p = None, {}, None
    try:
        chart = funnel(names, counts, totals)
        p = fisher([[k, n - k] for k, n in zip(counts, totals, strict=True)], seed=_SEED, resamples=resamples).pvalue
        smoothed = _smoothed(raw, partial_pooling(names, counts, totals).table)
    except ValueError as error:
        reasons[str(error)] = None
    return SchoolRates(raw, smoothed, chart, p, " ; ".join(reasons))


def _smoothed(raw: Mapping[str, Indicator], table: pd.DataFrame) -> dict[str, Indicator]:
    return {
        name: replace(
            raw[name], id=f"{raw[name].id}_lisse", label=f"{raw[name].label}, lissé", value=float(rate),
            numerator=None, denominator=None, interval=Interval(float(low), float(high), 0.95, "bêta-binomiale"),
            method="Loi bêta-binomiale, vraisemblance marginale",
        )
        for name, rate, low, high in zip(
            table["groupe"], table["taux_lisse"], table["bas"], table["haut"], strict=True
        )
    }  # fmt: skip


def certification(apprenants: pd.DataFrame, resamples: int = _RESAMPLES) -> SchoolRates:
    """Rates of certification of full courses in each school.

    On full courses: among all leavers, a school opened lately has only early leavers, and its rate would say its age.
    """
    return school_rates(apprenants, certification_cursus_complet, resamples)


def sortie_anticipee_dans_l_annee(paths: pd.DataFrame, months: int = 12, resamples: int = _RESAMPLES) -> SchoolRates:
    """Rates of early exit within `months` of entry, among those who entered at least that long ago, in each school.

    The same window for all: schools of different ages can be set side by side.

    Parameters
    ----------
    paths : pandas.DataFrame
        From :func:`edp_analysis.indicators.durations.parcours`.
    months : int, default 12
    resamples : int
    """

    def early(part: pd.DataFrame) -> Indicator:
        gone = part["issue"].str.startswith("ANTICIPEE") & (part["duree"] <= months)
        words = f"jeunes entrés depuis {months} mois au moins"
        label = f"Sortis avant le terme dans les {months} mois"
        return share(f"sortie_anticipee_{months}_mois", label, par_cle(part, gone), words)

    return school_rates(paths[paths["recul"] >= months], early, resamples)
