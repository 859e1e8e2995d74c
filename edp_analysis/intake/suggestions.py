"""What a value was perhaps meant to be: said only where the resemblance means something.

A number one digit away is another number, and two titles that share their first word are not alike: following such a
suggestion would replace one fault by a worse one.
"""

from __future__ import annotations

import difflib
import re

from edp_analysis.contract import CodeList, normalise_text

__all__ = ["accepted", "nearest_labels"]

_ALIKE = 0.75
_SHORTEST = 4
_SHOWN = 6
_PROPOSED = 3


def nearest_labels(text: str, codes: CodeList) -> list[str]:
    """Return the wordings that a text resembles, the nearest first; none rather than one without ground.

    What both begin with (« CAP », « 3e ») does not count, their numbers must be the same, and what is left must have
    at least four letters.

    Examples
    --------
    >>> from edp_analysis.contract import load_codes
    >>> nearest_labels("CAP primmeur", load_codes("diplome")), nearest_labels("CAP maraîchage", load_codes("diplome"))
    (['CAP Primeur'], [])
    >>> nearest_labels("codeur 17", load_codes("codeur"))
    []
    """
    asked = normalise_text(text).split()
    found: dict[str, float] = {}
    for item in codes.codes:
        for word in (item.label, *item.variants):
            score = _likeness(asked, normalise_text(word).split())
            if score >= _ALIKE:
                found[item.label] = max(score, found.get(item.label, 0.0))
    return sorted(found, key=lambda label: -found[label])[:_PROPOSED]


def _likeness(asked: list[str], known: list[str]) -> float:
    if re.findall(r"\d+", " ".join(asked)) != re.findall(r"\d+", " ".join(known)):
        return 0.0
    while asked and known and asked[0] == known[0]:
        asked, known = asked[1:], known[1:]
    left, right = " ".join(asked), " ".join(known)
    if min(len(left), len(right)) < _SHORTEST:
        return 0.0
    return difflib.SequenceMatcher(None, left, right).ratio()


def accepted(codes: CodeList) -> str:
    """Say what a list accepts: all of it when it is short, where to read it otherwise.

    Examples
    --------
    >>> from edp_analysis.contract import load_codes
    >>> accepted(load_codes("polarite"))
    'Négatif, Neutre, Positif'
    """
    labels = list(codes.labels.values())
    if len(labels) <= _SHOWN:
        return ", ".join(labels)
    rest = len(labels) - _SHOWN
    place = f"liste « {codes.name} » de docs/dictionnaire-des-donnees.md"
    return f"{', '.join(labels[:_SHOWN])}, ou une des {rest} autres ({place})"
