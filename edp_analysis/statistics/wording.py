"""Words for what a model of observed data can say: « associé à », never a cause."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

__all__ = ["association_sentence"]


def association_sentence(factor: str, outcome: str, difference: float, low: float, high: float) -> str:
    """Say an association in French, as an association.

    Parameters
    ----------
    factor : str
        What is compared, as a noun group, e.g. ``"une entrée après 18 ans"``.
    outcome : str
        Event of the risk, e.g. ``"sortie anticipée"``.
    difference, low, high : float
        Difference of risk and its limits, in shares.

    Raises
    ------
    ValueError
        Missing numbers, or a difference outside its interval.

    Examples
    --------
    >>> print(association_sentence("une entrée après 18 ans", "sortie anticipée", 0.124, 0.03, 0.21))
    À caractéristiques observées égales, le risque de sortie anticipée associé à une entrée après 18 ans est plus \
élevé de 12 points (entre 3 et 21) ; une association n'est pas une cause.
    """
    if not low <= difference <= high:
        raise ValueError(f"écart {difference} hors de son intervalle [{low} ; {high}]")
    start, risk = "À caractéristiques observées égales,", f"le risque {_of(outcome)}"
    if low <= 0 <= high:
        return (
            f"{start} aucune association établie entre {factor} et {risk} : "
            f"l'écart est compris entre {_points(low)} et {_points(high)} points."
        )
    way = "plus élevé" if difference > 0 else "moins élevé"
    near, far = sorted((abs(low), abs(high)))
    size = _points(abs(difference))
    unit = "point" if abs(int(size)) < 2 else "points"
    return (
        (
            f"{start} {risk} associé à {factor} est {way} de {size} {unit} "
            f"(entre {_points(near)} et {_points(far)}) ; une association n'est pas une cause."
        )
        .replace(" à le ", " au ")
        .replace(" à les ", " aux ")
    )


def _of(noun: str) -> str:
    return f"d'{noun}" if noun[:1].lower() in "aàâeéèêiîoôuhy" else f"de {noun}"


def _points(share: float) -> str:
    rounded = Decimal(repr(float(share) * 100)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{rounded + 0:f}".replace("-", "−")
