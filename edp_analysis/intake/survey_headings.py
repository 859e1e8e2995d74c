"""Headings of a survey export: taken apart, and matched with the questionnaire."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from edp_analysis.contract.questionnaire import Questionnaire
from edp_analysis.contract.schema import normalise_text

__all__ = ["Heading", "HeadingIndex", "split_heading"]

_CODE = re.compile(r"^([A-Za-z]\w*)((?:\[[^\]]*\])*)(?:\.\s+(.+))?$", re.DOTALL)
_OPTION = re.compile(r"^(.*?)\s*\[([^\[\]]*)\]$", re.DOTALL)
_LIKENESS = 0.7  # below, a suggestion puzzles more than it helps


@dataclass(frozen=True)
class Heading:
    """One column heading of an export, taken apart.

    Attributes
    ----------
    raw : str
        As received, without the spaces around it.
    code, sub : str
        Question code and what the brackets after it hold; empty in a full-text heading.
    text, option : str
        Wording of the question, and of the option that ends it in brackets; empty in a code heading.
    """

    raw: str
    code: str = ""
    sub: str = ""
    text: str = ""
    option: str = ""


def split_heading(text: object) -> Heading:
    """Take a heading apart into codes and texts.

    Examples
    --------
    >>> split_heading("Q1[SQ001]").sub
    'SQ001'
    >>> split_heading("Q4. Cette école est adaptée").text
    'Cette école est adaptée'
    >>> heading = split_heading("outil[multi]. Quels outils ? [Un tour]")
    >>> heading.code, heading.sub, heading.text, heading.option
    ('outil', 'multi', 'Quels outils ?', 'Un tour')
    """
    raw = "" if text is None else str(text).strip()
    found = _CODE.match(raw)
    code, brackets, words = (found.group(1), found.group(2), found.group(3) or "") if found else ("", "", raw)
    option = _OPTION.match(words)
    sub = brackets[1:-1].replace("][", "_")
    return Heading(raw, code, sub, *(option.groups() if option else (words, "")))


@dataclass(frozen=True)
class HeadingIndex:
    """What the headings of an export may stand for. Build it with :meth:`build`.

    Attributes
    ----------
    keys : mapping of str to frozenset of str
        Normalised heading → technical names or question keys; several when the heading is ambiguous.
    personal_texts : frozenset of str
        Normalised headings of the columns that designate a person.
    personal_pattern, timing_pattern : re.Pattern
        Headings that designate a person; headings of answering times.
    """

    keys: Mapping[str, frozenset[str]]
    personal_texts: frozenset[str]
    personal_pattern: re.Pattern[str]
    timing_pattern: re.Pattern[str]

    @classmethod
    def build(cls, questionnaire: Questionnaire) -> HeadingIndex:
        """Index the questionnaire's codes and wordings."""
        keys: dict[str, set[str]] = defaultdict(set)
        for name, headings in questionnaire.meta.items():
            for text in headings:
                keys[normalise_text(text)].add(name)
        for question in questionnaire.questions:
            if not question.items:
                for text in (question.code, question.wording):
                    keys[normalise_text(text)].add(question.code)
            for item in question.items:
                labels = questionnaire.other_headings if item.code == "other" else (item.code, item.label)
                for label in labels:
                    for text in (f"{question.code} {label}", f"{question.wording} {label}"):
                        keys[normalise_text(text)].add(f"{question.code}[{item.code}]")
        return cls(
            {text: frozenset(found) for text, found in keys.items()},
            frozenset(normalise_text(text) for text in questionnaire.personal),
            re.compile("|".join(questionnaire.personal_patterns), re.IGNORECASE),
            re.compile("|".join(questionnaire.timings), re.IGNORECASE),
        )

    def find(self, heading: Heading) -> frozenset[str]:
        """Return the keys a heading may stand for: none, one, or several when it is ambiguous."""
        for text in (
            f"{heading.code} {heading.sub}" if heading.code else "",
            f"{heading.code} {heading.option}" if heading.code and heading.option else "",
            f"{heading.text} {heading.option}",
            heading.raw,
        ):
            if found := self.keys.get(normalise_text(text)):
                return found
        return frozenset()

    def nearest(self, heading: Heading) -> str:
        """Return the key whose heading is most like this one, empty when none is."""
        near = difflib.get_close_matches(normalise_text(heading.raw), list(self.keys), n=1, cutoff=_LIKENESS)
        return min(self.keys[near[0]]) if near else ""

    def personal(self, heading: Heading) -> bool:
        """Say whether the column designates a person."""
        texts = {heading.code, heading.text, heading.raw} - {""}
        return any(
            normalise_text(text) in self.personal_texts or self.personal_pattern.fullmatch(text) for text in texts
        )

    def timing(self, heading: Heading) -> bool:
        """Say whether the column holds an answering time."""
        return any(self.timing_pattern.fullmatch(text) for text in (heading.code, heading.raw) if text)
