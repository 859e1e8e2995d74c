"""Key-figure cards: the value, its label, its counts and interval, its population."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from edp_analysis.exhibits.figure import nothing_to_show
from edp_analysis.exhibits.french import NNBSP, euros, number, typeset
from edp_analysis.exhibits.sentence import few, write_indicator
from edp_analysis.indicators.result import Indicator

__all__ = ["cards_html", "reading"]

_WITH_UNIT = ("%", "points", "€", "ans", "jours", "mois")
"""Units written beside the figure; another one (« jeunes ») is said by the label."""


def cards_html(indicators: Iterable[Indicator], threshold: int) -> str:
    """Return the list of cards, or a sentence when there is none.

    Parameters
    ----------
    indicators : iterable of Indicator
    threshold : int
        Smallest denominator that may carry a percentage, persons.
    """
    cards = "".join(_card(item, threshold) for item in indicators)
    return f'<ul class="cartes">{cards}</ul>' if cards else nothing_to_show("aucun indicateur")


def reading(indicators: Iterable[Indicator]) -> str:
    """Say what stands under the rates of the cards, empty when none is a rate with its counts.

    Examples
    --------
    >>> reading([Indicator("n", "Écoles", 10, "écoles", "écoles suivies")])
    ''
    """
    rates = [item for item in indicators if item.unit == "%" and item.value is not None and item.denominator]
    interval = ", puis l'intervalle de confiance à 95 % quand il y en a un" if any(i.interval for i in rates) else ""
    return f"Sous chaque taux : l'effectif{interval}." if rates else ""


def _counts(item: Indicator) -> str:
    """Return what the value is out of, or made of: « 134 sur 246 », « sur 18 », « 2 500 000 € divisés par 500 »."""
    if item.numerator is None or not item.denominator:
        return ""
    if item.unit == "%":
        return write_indicator(item, "compte")
    if item.numerator == item.value:
        return f"sur {number(item.denominator)}"
    if item.unit.startswith("€"):
        return f"{euros(item.numerator)} divisés par {number(item.denominator, 0 if item.denominator % 1 == 0 else 1)}"
    return ""


def _card(item: Indicator, threshold: int) -> str:
    details = []
    if item.value is None:
        value = "n.c."
        details.append(f"non calculable ({item.reason or 'donnée absente'})")
    else:
        value = write_indicator(item, "" if item.unit.startswith(_WITH_UNIT) else "nombre", threshold)
        if not few(item, threshold):
            details += [counts] if (counts := _counts(item)) else []
            details += [write_indicator(item, "intervalle")] if item.interval else []
    lines = [f"{NNBSP}; ".join(details), typeset(item.population)]
    extra = "".join(f'<span class="ki">{escape(line)}</span>' for line in lines if line)
    return (
        f'<li><span class="kf">{escape(value)}</span> <span class="kl">{escape(typeset(item.label))}</span>{extra}</li>'
    )
