"""Key-figure cards: the value, its label, its counts and interval, its population."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from edp_analysis.exhibits.figure import nothing_to_show
from edp_analysis.exhibits.french import NNBSP, typeset
from edp_analysis.exhibits.sentence import few, write_indicator
from edp_analysis.indicators.result import Indicator

__all__ = ["cards_html"]

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


def _card(item: Indicator, threshold: int) -> str:
    details = []
    if item.value is None:
        value = "n.c."
        details.append(f"non calculable ({item.reason or 'donnée absente'})")
    else:
        value = write_indicator(item, "" if item.unit.startswith(_WITH_UNIT) else "nombre", threshold)
        if not few(item, threshold):
            details += [write_indicator(item, "compte")] if item.unit == "%" and item.denominator else []
            details += [write_indicator(item, "intervalle")] if item.interval else []
    lines = [f"{NNBSP}; ".join(details), typeset(item.population)]
    extra = "".join(f'<span class="ki">{escape(line)}</span>' for line in lines if line)
    return (
        f'<li><span class="kf">{escape(value)}</span> <span class="kl">{escape(typeset(item.label))}</span>{extra}</li>'
    )
