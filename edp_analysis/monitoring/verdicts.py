"""The words in which a target is judged, from the interval of what was measured."""

from __future__ import annotations

from edp_analysis.campaign import Thresholds
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.targets import Target
from edp_analysis.statistics.power import TargetStatus, target_status
from edp_analysis.statistics.proportions import Interval

__all__ = ["CLOSE", "MET", "MISSED", "TOO_FEW", "VERDICTS", "state"]

MET, MISSED = "atteinte", "non atteinte"
TOO_FEW, CLOSE = "trop peu pour dire", "ne peut se dire"
"""The interval holds the target: that of a base under the threshold of percentages, that of a larger one."""
VERDICTS = {"atteintes": (MET,), "manquees": (MISSED,), "indecises": (TOO_FEW, CLOSE)}
"""The states that a finding counts together, by the name of its argument."""
_NO_TARGET, _NOT_KNOWN, _NOTHING = "pas de cible", "non calculable", "rien à mesurer"


def state(found: Indicator, target: Target | None, thresholds: Thresholds) -> str:
    """Say whether a target is met, from the interval and never from the point alone.

    Parameters
    ----------
    found : Indicator
        One without an interval is a census: its value decides.
    target : Target or None
    thresholds : Thresholds
        Under the threshold of secrecy nothing is said, whatever the interval; under that of percentages, what cannot
        be said is put down to the number of youths.

    Examples
    --------
    Nine of nine certified against a floor of 55 %: the exact interval begins at 66 %.

    >>> from edp_analysis.statistics.proportions import clopper_pearson
    >>> nine = Indicator("c", "Certifiés", 1.0, "%", "sortants", 9, 9, clopper_pearson(9, 9))
    >>> state(nine, Target(0.55, True), Thresholds(20, 5))
    'atteinte'
    """
    base = found.denominator or 0
    if target is None:
        return _NO_TARGET
    if found.value is None:
        return _NOT_KNOWN if base or found.census else _NOTHING
    if not found.census and base < thresholds.secret:
        return TOO_FEW
    span = found.interval or Interval(found.value, found.value, 1.0, "valeur exacte")
    status = target_status(span, target.share, at_least=target.at_least)
    if status is TargetStatus.UNDECIDED:
        return TOO_FEW if base < thresholds.percentage else CLOSE
    return MET if status is TargetStatus.MET else MISSED
