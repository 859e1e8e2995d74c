"""A share when some answers are unknown: what is known, how much is not, and how far that could move it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from edp_analysis.indicators.result import Indicator, share

__all__ = ["Bounded", "bounded"]


@dataclass(frozen=True)
class Bounded:
    """One notion read five ways, because some records do not say.

    Attributes
    ----------
    known : Indicator
        Share among the records that say (unknown excluded).
    low, high : Indicator
        Share of all the records, were none, or all, of the unknown in. Whatever the unknown really are, the share
        of the whole population lies between the two, and so does `known`.
    unknown : Indicator
        Share of the records that do not say.
    """

    known: Indicator
    low: Indicator
    high: Indicator
    unknown: Indicator

    def to_frame(self) -> pd.DataFrame:
        """Return one row a reading: ``lecture``, ``nombre``, ``effectif``, ``part``."""
        readings = {
            "parmi les connus": self.known,
            "si aucun inconnu ne l’est": self.low,
            "si tous les inconnus le sont": self.high,
            "inconnus": self.unknown,
        }
        return pd.DataFrame(
            {
                "lecture": list(readings),
                "nombre": [item.numerator for item in readings.values()],
                "effectif": [item.denominator for item in readings.values()],
                "part": [item.value for item in readings.values()],
            }
        )


def bounded(id: str, label: str, selected: pd.Series, population: str, method: str = "") -> Bounded:
    """Build the readings of a share whose answers may be missing.

    Bounds that assume nothing about the unknown (Manski 1989): none of them in, then all of them in.

    Parameters
    ----------
    id, label, population, method : str
        See :class:`~edp_analysis.indicators.result.Indicator`.
    selected : pandas.Series of boolean
        One value a record, missing where it is unknown, indexed by the record's key.

    Examples
    --------
    Of four leavers, one has a job, one has none and two do not answer: 1 of 2, between 1 and 3 of 4.

    >>> answers = pd.Series([True, False, None, None], dtype="boolean", index=list("abcd"))
    >>> result = bounded("emploi", "En emploi", answers, "4 sortants")
    >>> result.known.value, result.low.value, result.high.value, result.unknown.value
    (0.5, 0.25, 0.75, 0.5)
    """
    selected = selected.astype("boolean")
    known = share(f"{id}_connus", label, selected.dropna(), f"{population}, réponses connues", method)
    if known.value is None and len(selected):
        known = replace(known, reason="aucune réponse connue")
    return Bounded(
        known=known,
        low=share(f"{id}_minimum", f"{label}, au moins", selected.fillna(False), population, method),
        high=share(f"{id}_maximum", f"{label}, au plus", selected.fillna(True), population, method),
        unknown=share(f"{id}_inconnus", f"{label} : inconnus", selected.isna(), population, method),
    )
