"""What a printed page cites: each reference found among the executed pages, or refused; how it is named."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from edp_analysis.campaign import Campaign
from edp_analysis.exhibits.french import NBSP, typeset
from edp_analysis.problems import UserError
from edp_analysis.publication.excerpts import Excerpt, excerpts
from edp_analysis.publication.selection import FILE, Block, Reference, Selection

if TYPE_CHECKING:
    from edp_analysis.publication.portal import PageInfo
from edp_analysis.wording import counted

__all__ = ["Citation", "Library", "code"]

_SHOWN = 8
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# By kind of exhibit: its name on screen, and in print.
_NAMES = {
    "figure": (f"figure{NBSP}{{number}}", f"fig.{NBSP}{{number}}"),
    "table": (f"tableau{NBSP}{{number}}", f"tab.{NBSP}{{number}}"),
    "answer": ("réponse à {question}", f"rép.{NBSP}{{question}}"),
    "finding": ("constat", "constat"),
    "key_figures": ("chiffres clés", "chiffres"),
}
_OTHER = (f"phrase «{NBSP}{{id}}{NBSP}»", "phrase")
_WANTED = {"figure": "figure", "lignes": "table"}
"""What a block of a kind can only show."""
_HOISTED = frozenset({"finding", "header"})
"""Kinds that become the top of their page, without an anchor."""


@dataclass(frozen=True)
class Citation:
    """Where a piece comes from: an address and its wording on screen; in print, the letter of its page and its rank."""

    href: str
    label: str
    letter: str
    rank: str


def code(cites: Iterable[Citation]) -> str:
    r"""Write citations as in print: the letters of the pages, then what is cited on them.

    Examples
    --------
    >>> code([Citation("", "", "A", "constat"), Citation("", "", "B", "constat"), Citation("", "", "B", "fig. 1")])
    'A B, constat\u202f; B, fig. 1'
    """
    letters: dict[str, list[str]] = {}
    for cite in cites:
        letters.setdefault(cite.rank, []).append(cite.letter)
    return typeset(" ; ".join(f"{' '.join(pages)}, {rank}" for rank, pages in letters.items()))


class Library:
    """The exhibits that a page to print may use: those of this run, let through for its audience.

    Parameters
    ----------
    campaign : Campaign
    audience : str
    pages : sequence of PageInfo
        Pages of the notebooks executed.
    known : collection of str
        Pages of all the notebooks of the project, executed or not.
    """

    def __init__(self, campaign: Campaign, audience: str, pages: Sequence[PageInfo], known: Collection[str]) -> None:
        self._campaign = campaign
        self._audience = audience
        self._pages = {page.name: page for page in pages}
        self._shown = {page.name: excerpts(page.notebook) for page in pages}
        self._known = known
        self._cited: list[str] = []

    def check(self, selection: Selection) -> None:
        """Refuse a selection that cites what does not exist, or what did not pass the gate for this audience.

        A page that exists but was not executed is no fault: its place says so.

        Raises
        ------
        UserError
            The blocks and what they cite are named, or the question that the campaign does not ask.
        """
        blocks = [selection.opening, *(block for sheet in selection.sheets for block in sheet)]
        lost = [
            f"  {block.where} : {reference}{self._hint(block, reference)}"
            for block in blocks
            for reference in block.references
            if self._is_lost(reference) or self._is_other(block, reference)
        ]
        if lost:
            more = [f"  et {len(lost) - _SHOWN} autres"] if len(lost) > _SHOWN else []
            what = f"{FILE.as_posix()} : {counted(len(lost), 'élément cité', 'éléments cités')} que rien ne montre."
            raise UserError("\n".join([what, *lost[:_SHOWN], *more]), "Corriger la référence.")
        asked = {question.code for question in self._campaign.questions}
        for block in blocks:
            if block.question and block.question not in asked:
                what = f"{FILE.as_posix()}, {block.where} : question « {block.question} » absente de la campagne."
                raise UserError(what, f"Questions posées : {', '.join(sorted(asked)) or 'aucune'}.")
        for block in blocks:
            self._check_stamps(block)

    def find(self, reference: Reference) -> Excerpt | None:
        """Return what a reference names; ``None`` when its page was not executed."""
        return self._shown.get(reference.page, {}).get(reference.element)

    def title(self, page: str) -> str:
        """Return the title of a page; its name when it was not executed."""
        return self._pages[page].title if page in self._pages else page

    def cite(self, references: Iterable[Reference]) -> tuple[Citation, ...]:
        """Name where pieces come from, each place once; pages take their letters in the order they are first cited."""
        found: dict[Citation, None] = {}
        for reference in references:
            excerpt = self.find(reference)
            if excerpt is None:
                continue
            if reference.page not in self._cited:
                self._cited.append(reference.page)
            item = excerpt.item
            words = {"number": item["numero"], "question": item["question"], "id": item["id"]}
            label, rank = (form.format(**words) for form in _NAMES.get(item["genre"], _OTHER))
            page = self._pages[reference.page]
            href = page.href + ("" if item["genre"] in _HOISTED else f"#{item['id']}")
            found[Citation(href, f"{page.title}, {label}", self._letter(reference.page), rank)] = None
        return tuple(found)

    def key(self) -> tuple[tuple[str, str], ...]:
        """Return the letter and the title of each page cited so far."""
        return tuple((self._letter(page), self._pages[page].title) for page in self._cited)

    def _letter(self, page: str) -> str:
        return _LETTERS[self._cited.index(page) % len(_LETTERS)]

    def _is_lost(self, reference: Reference) -> bool:
        if reference.page not in self._shown:
            return reference.page not in self._known
        excerpt = self.find(reference)
        if excerpt is None:
            return True
        return bool(reference.indicator) and excerpt.indicator(reference.indicator) is None

    def _is_other(self, block: Block, reference: Reference) -> bool:
        """Say whether a block asks of an exhibit what only another kind can give."""
        excerpt = self.find(reference)
        return excerpt is not None and _WANTED.get(block.kind, excerpt.item["genre"]) != excerpt.item["genre"]

    def _hint(self, block: Block, reference: Reference) -> str:
        """Suggest the nearest name of what is not found: the page, else the exhibit, else the indicator."""
        excerpt = self.find(reference)
        if self._is_other(block, reference):
            return f" (un bloc « {block.kind} » attend un élément d'un autre genre)"
        if reference.page not in self._shown:
            word, known = reference.page, list(self._known)
        elif excerpt is None:
            word, known = reference.element, list(self._shown[reference.page])
        else:
            word, known = reference.indicator, [flat["id"] for flat in excerpt.item["indicateurs"]]
        near = difflib.get_close_matches(word, known, n=1)
        return f" (peut-être « {near[0]} » ?)" if near else ""

    def _check_stamps(self, block: Block) -> None:
        for reference in block.references:
            excerpt = self.find(reference)
            if excerpt is None:
                continue
            stamp: Any = excerpt.item["passage"] or {}
            if (stamp.get("audience"), stamp.get("campagne")) != (self._audience, self._campaign.code):
                raise UserError(
                    f"{FILE.as_posix()}, {block.where} : « {reference} » n'est pas passé par la porte de diffusion "
                    f"pour ce public ({self._audience}) et cette campagne ({self._campaign.code}).",
                    "Relancer « edp run » sans --only, ou retirer cet élément.",
                )
