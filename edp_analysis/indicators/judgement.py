"""What a measure allows to say of a criterion: its judgement, how much it bears, what simulated data leave of it."""

from __future__ import annotations

from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.power import target_status
from edp_analysis.statistics.proportions import Interval

__all__ = ["GROUNDS", "judgement", "narrowly", "scope", "strength"]

GROUNDS = ("calibrage", "données", "voix", "source", "hypothèses")
"""What a measure rests on: data that a simulation was set to give, other data, interviews, published sources,
declared conventions."""
_SIMULATED = {
    "calibrage": "reproduit par construction",
    "données": "données simulées : n’établit rien des vraies écoles",
    "voix": "voix simulées : personne ne l’a dit",
    "hypothèses": "données simulées : n’établit rien des vraies écoles",
}
_WITHOUT_SAMPLING = {
    "voix": "entretiens comptés, non un échantillon",
    "source": "recherche de sources, non exhaustive",
    "hypothèses": "tient aux conventions",
}


def judgement(measure: Indicator | None, sense: str, target: float) -> str:
    """Judge a measure against a target, by the whole of its interval.

    Parameters
    ----------
    measure : Indicator or None
    sense : {"au moins", "au plus", ""}
        Empty where there is no target.
    target : float
        In the unit of the measure; percentage points for a share.

    Returns
    -------
    str
        « atteint », « non atteint », « indéterminé », « mesuré, sans cible », « non jugé », « non calculable ».

    Examples
    --------
    >>> pupils = Indicator("t", "T", 0.5, "%", "jeunes", interval=Interval(0.45, 0.55, 0.95, ""))
    >>> judgement(pupils, "au moins", 40), judgement(pupils, "au moins", 50), judgement(None, "", 0)
    ('atteint', 'indéterminé', 'non jugé')
    """
    if measure is None:
        return "non jugé"
    if measure.value is None:
        return "non calculable"
    if not sense:
        return "mesuré, sans cible"
    scale = 100 if measure.unit == "%" else 1
    span = measure.interval or Interval(measure.value, measure.value, 1.0, "valeur exacte")
    return str(target_status(span, target / scale, at_least=sense == "au moins"))


def narrowly(measure: Indicator | None, sense: str, target: float) -> str:
    r"""Say that the limit which decides is so near to the target that both are written alike once rounded.

    « Entre 35 et 47 % », against « au plus 35 % », is *non atteint* when the limit is 35.1: a reader who only sees
    rounded numbers would conclude otherwise. Empty when the rounded limit and the target differ.

    Parameters
    ----------
    measure, sense, target
        As :func:`judgement`.

    Examples
    --------
    >>> leavers = Indicator("t", "T", 0.41, "%", "jeunes", interval=Interval(0.3512, 0.47, 0.95, ""))
    >>> narrowly(leavers, "au plus", 35), narrowly(leavers, "au plus", 40)
    (', de peu (borne : 35,1\xa0%)', '')
    """
    if measure is None or measure.interval is None or not sense or measure.unit != "%":
        return ""
    for limit in (100 * measure.interval.low, 100 * measure.interval.high):
        if f"{limit:.0f}" == f"{target:.0f}" and abs(limit - target) > 1e-9:
            return f", de peu (borne : {limit:.1f}".replace(".", ",") + "\u00a0%)"
    return ""


def strength(measure: Indicator | None, precision: float, ground: str) -> str:
    """Say how much a measure bears: the half-width of its interval against the precision asked, in points.

    What was not drawn has no interval to be judged by: the word then says what the number is.

    Examples
    --------
    >>> wide = Indicator("t", "T", 0.5, "%", "jeunes", interval=Interval(0.42, 0.58, 0.95, ""))
    >>> strength(wide, 5, "données"), strength(wide, 8, "données"), strength(wide, 5, "voix")
    ('moyenne', 'forte', 'entretiens comptés, non un échantillon')
    """
    if measure is None or measure.value is None:
        return "aucune"
    if ground in _WITHOUT_SAMPLING:
        return _WITHOUT_SAMPLING[ground]
    if measure.interval is None:
        return "dénombrement complet de ce qui est reçu"
    half = 50 * (measure.interval.high - measure.interval.low)
    return "forte" if half <= precision else "moyenne" if half <= 2 * precision else "faible"


def scope(ground: str, simulated: bool) -> str:
    """Say what simulated data leave of a judgement; empty where the data are received, or the ground is published.

    Examples
    --------
    >>> scope("calibrage", True), scope("calibrage", False), scope("source", True)
    ('reproduit par construction', '', '')
    """
    return _SIMULATED.get(ground, "") if simulated else ""
