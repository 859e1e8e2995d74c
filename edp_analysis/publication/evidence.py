"""The evidence that judgements cite: it must exist in this run, and a reader is told its name, not its identifier."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from html import escape
from typing import Any

from edp_analysis.campaign import Campaign
from edp_analysis.exhibits.french import NBSP, typeset
from edp_analysis.indicators.concordance import DOCUMENT, REGISTER
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.indicators.synthesis import preuves
from edp_analysis.problems import UserError
from edp_analysis.publication.register import RegisterEntry
from edp_analysis.wording import counted

__all__ = ["CITING", "check_evidence", "evidence_names", "name_evidence", "published_measures"]

CITING = frozenset({"concordance", "synthese"})
"""Pages that cite the others."""
_SHOWN = 8
_LINK = re.compile(r'(<a href="[^"]*") data-preuve="([^"]*)">[^<]*</a>')
_RANKED = {"figure": "figure", "table": "tableau"}


def check_evidence(
    campaign: Campaign,
    shown: Mapping[str, Collection[str]],
    figures: Collection[str],
    documents: Collection[str] = (),
) -> None:
    """Refuse evidence that nothing shows, once the notebooks are executed.

    Parameters
    ----------
    campaign : Campaign
    shown : mapping of str to collection of str
        By page of the site, the identifiers of its exhibits. Nothing is checked when none of :data:`CITING` is there.
    figures : collection of str
        Published figures of the register.
    documents : collection of str
        Numbers of the documents received.

    Raises
    ------
    UserError
        The rows and what they cite are named.
    """
    if CITING.isdisjoint(shown):
        return
    known = {**shown, REGISTER: figures, DOCUMENT: documents}
    lost = [(file, row, page, item) for file, row, page, item in preuves(campaign) if item not in known.get(page, ())]
    if not lost:
        return
    lines = [f"  {file}, {row} : {page}#{item}" for file, row, page, item in lost[:_SHOWN]]
    lines += [f"  et {len(lost) - _SHOWN} autres"] if len(lost) > _SHOWN else []
    absent = any(page not in known for _, _, page, _ in lost)
    remedy = "Relancer « edp run » sans --only, ou corriger la preuve." if absent else "Corriger la preuve."
    what = f"data/reference : {counted(len(lost), 'preuve citée', 'preuves citées')} que rien ne montre."
    raise UserError("\n".join([what, *lines]), remedy)


def published_measures(entries: Iterable[RegisterEntry]) -> dict[str, Indicator]:
    """Return, by published figure, what recomputing it gave; the reason takes the place of what is absent."""
    return {
        entry.id: entry.indicator or amount(entry.id, entry.statement, None, entry.unit, entry.base, reason=entry.note)
        for entry in entries
    }


def evidence_names(
    pages: Iterable[tuple[str, str, Iterable[Mapping[str, Any]]]],
    figures: Mapping[str, str],
    documents: Mapping[str, str],
) -> dict[str, str]:
    r"""Return, by reference (``page#element``), what a reader is told of it.

    Parameters
    ----------
    pages : iterable of (str, str, iterable of mapping)
        Name of each page, its title, the descriptions of its exhibits.
    figures, documents : mapping of str to str
        Published figures of the register and documents received: what each says, by identifier.

    Examples
    --------
    >>> shown = [{"id": "filles", "genre": "figure", "numero": 2, "titre": "…"}, {"id": "constat", "genre": "finding"}]
    >>> names = evidence_names([("profils", "Profils des jeunes", shown)], {"part_hommes": "Garçons"}, {})
    >>> names["profils#filles"], names["profils#constat"], names["registre#part_hommes"]
    ('Profils des jeunes, figure\xa02', 'Profils des jeunes', 'Chiffre publié\xa0: Garçons')
    """
    names = {f"{page}#{item['id']}": f"{title}{_within(item)}" for page, title, exhibits in pages for item in exhibits}
    names |= {f"{REGISTER}#{id}": typeset(f"Chiffre publié : {statement}") for id, statement in figures.items()}
    return names | {f"{DOCUMENT}#{id}": typeset(f"Document {id} : {title}") for id, title in documents.items()}


def _within(item: Mapping[str, Any]) -> str:
    kind = item["genre"]
    if kind == "finding":  # the heading of its page
        return ""
    if kind in _RANKED:
        return f", {_RANKED[kind]}{NBSP}{item['numero']}"
    if kind == "answer":
        return f", réponse à{NBSP}{item['question']}"
    return ", chiffres clés" if kind == "key_figures" else typeset(f" : « {item['titre']} »")


def name_evidence(html: str, names: Mapping[str, str]) -> str:
    """Replace the text of the links to evidence by the names of what they lead to.

    Examples
    --------
    >>> link = '<a href="a.html#b" data-preuve="a#b">a › b</a>'
    >>> name_evidence(link, {"a#b": "Une page, figure 1"}), name_evidence(link, {})
    ('<a href="a.html#b">Une page, figure 1</a>', '<a href="a.html#b">a › b</a>')
    """

    def named(match: re.Match[str]) -> str:
        start, reference = match.groups()
        told = escape(names[reference], quote=False) if reference in names else match.group().split(">", 1)[1][:-4]
        return f"{start}>{told}</a>"

    return _LINK.sub(named, html)
