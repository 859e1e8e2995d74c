"""The claim guard: a sentence may only say what the interval of its indicator supports.

A guarded word is checked against the indicator of the right unit that stands nearest to it in the same sentence:
a share for « majorité », a difference in points for « hausse » or « écart ».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from edp_analysis.exhibits.french import between, percent, quantity
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["ClaimError", "Piece", "check_claims"]

_NOT_ESTABLISHED = re.compile(r"écarts? non établis?", re.IGNORECASE)
_MAJORITY = re.compile(r"\b(majorité|majoritaires?|majoritairement|plupart)\b", re.IGNORECASE)
_UP = re.compile(r"\b(hausses?|augment(?:e|ent|ation|ations)|progress(?:e|ent|ion|ions))\b", re.IGNORECASE)
_DOWN = re.compile(r"\b(baiss(?:e|es|ent)|diminu(?:e|ent|tion|tions)|recul(?:e|ent))\b", re.IGNORECASE)
_GAP = re.compile(r"\b(écarts?|significati(?:fs?|ves?|vement))\b", re.IGNORECASE)
_NEGATED = re.compile(r"(\bpas (?:une |la |de |en )?|\bsans |\bni (?:une |la )?|\baucune )$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


class ClaimError(UserError):
    """A word says more, or something else, than the indicator behind it supports."""


@dataclass(frozen=True)
class Piece:
    """A part of a template: literal text, or the argument put there (an indicator or not)."""

    text: str
    indicator: Indicator | None = None


@dataclass(frozen=True)
class _Claim:
    word: str
    sense: str
    start: int
    sentence: int
    before: str


def check_claims(pieces: Sequence[Piece]) -> None:
    """Check every guarded word of a sentence.

    Parameters
    ----------
    pieces : sequence of Piece
        The template cut into literal texts and arguments, in order.

    Raises
    ------
    ClaimError
        A word is not supported; the message says which one would be.
    """
    claims, places = _locate(pieces)
    for claim in claims:
        unit = "%" if claim.sense == "majorité" else "points"
        about = [
            (abs(start - claim.start), order, indicator)
            for order, (start, sentence, indicator) in enumerate(places)
            if sentence == claim.sentence and indicator.unit == unit
        ]
        near = [place for place in about if place[2].value is not None]
        if about and not near:  # the sentence says « non calculable » in the place of the figure
            continue
        if not near:
            kind = "une part (unité « % »)" if unit == "%" else "une différence (unité « points ») et son intervalle"
            raise ClaimError(
                f"« {claim.word} » n'est appuyé par aucun indicateur de la phrase : il faut {kind}.",
                "Ajouter l'indicateur à la phrase, ou écrire les valeurs sans ce mot"
                + (" (« passe de … à … »)." if claim.sense in {"hausse", "baisse"} else "."),
            )
        indicator = min(near, key=lambda item: item[:2])[2]
        if claim.sense == "majorité":
            _check_majority(claim, indicator)
        else:
            _check_difference(claim, indicator)


def _locate(pieces: Sequence[Piece]) -> tuple[list[_Claim], list[tuple[int, int, Indicator]]]:
    """Find the guarded words and the indicators, with their position and the rank of their sentence."""
    claims: list[_Claim] = []
    places: list[tuple[int, int, Indicator]] = []
    position, sentence = 0, 0
    for piece in pieces:
        if piece.indicator is not None:
            places.append((position, sentence, piece.indicator))
        else:
            ends = [match.start() for match in _SENTENCE_END.finditer(piece.text)]
            for word, sense, start in _guarded(piece.text):
                rank = sentence + sum(end < start for end in ends)
                claims.append(_Claim(word, sense, position + start, rank, piece.text[:start]))
            sentence += len(ends)
            position += len(piece.text)
    return claims, places


def _guarded(text: str) -> list[tuple[str, str, int]]:
    found = [(match.group(), "non établi", match.start()) for match in _NOT_ESTABLISHED.finditer(text)]
    spans = [match.span() for match in _NOT_ESTABLISHED.finditer(text)]
    for sense, pattern in (("majorité", _MAJORITY), ("hausse", _UP), ("baisse", _DOWN), ("écart", _GAP)):
        for match in pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in spans):
                found.append((match.group(), sense, match.start()))
    return found


def _check_majority(claim: _Claim, indicator: Indicator) -> None:
    value = float(indicator.value or 0.0)
    low = indicator.interval.low if indicator.interval else value
    high = indicator.interval.high if indicator.interval else value
    supported = value > 0.5 and low > 0.5
    if _NEGATED.search(claim.before):
        supported = not supported
        right = "« la majorité »"
    elif value > 0.5:
        right = "« un peu plus de la moitié » ou « environ la moitié »"
    elif high > 0.5:
        right = "« environ la moitié » ou « près de la moitié »"
    else:
        right = (
            "« moins de la moitié », « une minorité », ou « l'issue la plus fréquente » si c'est la plus grande part"
        )
    if not supported:
        raise ClaimError(
            f"« {claim.word} » n'est pas permis pour « {indicator.label} » : "
            f"{percent(value)}, {between(low, high, '%')} (la moitié est à 50 %).",
            f"Écrire {right}.",
        )


def _check_difference(claim: _Claim, indicator: Indicator) -> None:
    if indicator.interval is None:
        raise ClaimError(
            f"« {claim.word} » demande un intervalle, « {indicator.label} » n'en a pas.",
            "Donner une différence calculée avec son intervalle, ou écrire « passe de … à … ».",
        )
    low, high = indicator.interval.low, indicator.interval.high
    right = "écart non établi" if low <= 0 <= high else "hausse" if low > 0 else "baisse"
    supported = {
        "non établi": right == "écart non établi",
        "écart": right != "écart non établi",
        "hausse": right == "hausse",
        "baisse": right == "baisse",
    }[claim.sense]
    if not supported:
        measured = f"{quantity(float(indicator.value or 0.0), 'points')}, {between(low, high, 'points')}"
        right = f"« {right} »" if right == "écart non établi" else f"« {right} » ou « écart »"
        raise ClaimError(f"« {claim.word} » contredit « {indicator.label} » : {measured}.", f"Écrire {right}.")
