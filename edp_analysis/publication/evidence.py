"""The evidence that judgements cite must exist: an element of a page of this run, or a published figure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from edp_analysis.campaign import Campaign
from edp_analysis.indicators.concordance import REGISTER
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.indicators.synthesis import preuves
from edp_analysis.problems import UserError
from edp_analysis.publication.register import RegisterEntry

__all__ = ["CITING", "check_evidence", "published_measures"]

CITING = frozenset({"concordance", "synthese"})
"""Pages that cite the others."""
_SHOWN = 8


def check_evidence(campaign: Campaign, shown: Mapping[str, Collection[str]], figures: Collection[str]) -> None:
    """Refuse evidence that nothing shows, once the notebooks are executed.

    Parameters
    ----------
    campaign : Campaign
    shown : mapping of str to collection of str
        By page of the site, the identifiers of its exhibits. Nothing is checked when none of :data:`CITING` is there.
    figures : collection of str
        Published figures of the register.

    Raises
    ------
    UserError
        The rows and what they cite are named.
    """
    if CITING.isdisjoint(shown):
        return
    known = {**shown, REGISTER: figures}
    lost = [(file, row, page, item) for file, row, page, item in preuves(campaign) if item not in known.get(page, ())]
    if not lost:
        return
    lines = [f"  {file}, {row} : {page}#{item}" for file, row, page, item in lost[:_SHOWN]]
    lines += [f"  et {len(lost) - _SHOWN} autres"] if len(lost) > _SHOWN else []
    absent = any(page not in known for _, _, page, _ in lost)
    remedy = "Relancer « edp run » sans --only, ou corriger la preuve." if absent else "Corriger la preuve."
    what = f"data/reference : {len(lost)} preuve(s) citée(s) que rien ne montre."
    raise UserError("\n".join([what, *lines]), remedy)


def published_measures(entries: Iterable[RegisterEntry]) -> dict[str, Indicator]:
    """Return, by published figure, what recomputing it gave; the reason takes the place of what is absent."""
    return {
        entry.id: entry.indicator or amount(entry.id, entry.statement, None, entry.unit, entry.base, reason=entry.note)
        for entry in entries
    }
