"""The words in which a target is judged, from the interval of what was measured."""

from __future__ import annotations

from edp_analysis.campaign import Thresholds
from edp_analysis.indicators.result import Indicator
from edp_analysis.monitoring.targets import Target
from edp_analysis.statistics.power import TargetStatus, target_status
from edp_analysis.statistics.proportions import Interval

__all__ = ["CLOSE", "MET", "MISSED", "NOT_KNOWN", "TOO_FEW", "VERDICTS", "state"]

MET, MISSED, NOT_KNOWN = "atteinte", "non atteinte", "non calculable"
TOO_FEW, CLOSE = "trop peu de jeunes pour conclure", "on ne peut pas conclure"
"""What cannot be told: the base is under the threshold of percentages; it is not, and the interval holds the target."""
VERDICTS = {
    "atteintes": (MET,),
    "manquees": (MISSED,),
    "non_calculables": (NOT_KNOWN,),
    "indecises": (TOO_FEW, CLOSE),
}
"""The states that a finding counts together, by the name of its argument; each target is in one of them."""
_NO_TARGET = "pas de cible"


def state(found: Indicator, target: Target | None, thresholds: Thresholds) -> str:
    """Say whether a target is met, from the interval and never from the point alone.

    Parameters
    ----------
    found : Indicator
        One without an interval is a census: its value decides.
    target : Target or None
    thresholds : Thresholds
        Under that of percentages a target is never judged, whatever the interval: what is too weak to be written as
        a percentage is too weak to condemn, or to praise.

    Examples
    --------
    Twenty of twenty certified against a floor of 80 %: Wilson's interval begins at 84 %. Nineteen are too few.

    >>> from edp_analysis.statistics.proportions import wilson
    >>> certified = [Indicator("c", "Certifiés", 1.0, "%", "sortants", n, n, wilson(n, n)) for n in (20, 19)]
    >>> [state(found, Target(0.80, True), Thresholds(20, 5)) for found in certified]
    ['atteinte', 'trop peu de jeunes pour conclure']
    """
    if target is None:
        return _NO_TARGET
    if found.value is None:
        return NOT_KNOWN
    if not found.census and (found.denominator or 0) < thresholds.percentage:
        return TOO_FEW
    span = found.interval or Interval(found.value, found.value, 1.0, "valeur exacte")
    status = target_status(span, target.share, at_least=target.at_least)
    if status is TargetStatus.UNDECIDED:
        return CLOSE
    return MET if status is TargetStatus.MET else MISSED
