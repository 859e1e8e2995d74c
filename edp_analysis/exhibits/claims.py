"""The claim guard: a sentence may only say what the interval of its indicator, or an exact account, supports.

A guarded word is checked against the indicator of the right kind that stands nearest to it in the same sentence:

========================================  =====================================================================
majorité, plupart                         a share: above one half, with the whole of its interval
hausse, augmente, améliore                a difference above zero, with the whole of its interval
baisse, diminue, dégrade                  a difference below zero, with the whole of its interval
écart, significatif                       a difference whose interval is on one side of zero
écart non établi                          a difference whose interval holds zero
stable                                    a difference whose whole interval is written « 0 », or exactly nil
plus … que, moins … que                   a difference, as for hausse and baisse; or two exact values, in order
double, deux fois plus                    a ratio (unit « fois ») of 2, or two exact values of which one is twice
                                          the other
========================================  =====================================================================

A *difference* is an indicator in « points », or one whose method begins with « Variation » or « Différence ». In
points it needs an interval. An amount or a count that has none is exact: the accounts of every school are read, none
is drawn at random, so a difference of euros is a fact and its sign decides.

A word that names what an indicator counts is not a claim: « le résultat s'améliore dans {n} écoles », where the label
of ``n`` says « dont le résultat s'améliore ». Nor is one inside guillemets that quote the label of an indicator of the
sentence: the wording of a question (« Aujourd'hui, je suis plus motivé(e) qu'avant »).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from edp_analysis.exhibits.french import between, number, percent, quantity
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

__all__ = ["ClaimError", "Piece", "check_claims"]

Verdict = Literal["hausse", "baisse", "nulle", "non établi"]
"""What a difference shows."""

_WORDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "non établi": r"écarts? non établis?",
        "majorité": r"\b(majorité|majoritaires?|majoritairement|plupart)\b",
        "hausse": r"\b(hausses?|augment(?:e|ent|ations?)|progress(?:e|ent|ions?)|amélior(?:e|ent|ations?))\b",
        "baisse": r"\b(baiss(?:e|es|ent)|diminu(?:e|ent|tion|tions)|recul(?:e|ent)|dégrad(?:e|ent|ation|ations))\b",
        "écart": r"\b(écarts?|significati(?:fs?|ves?|vement))\b",
        # « Emploi stable », « ressources stables » are terms of the field, not claims.
        "stable": r"(?<!emploi )(?<!emplois )(?<!contrat )(?<!contrats )(?<!ressources )\bstables?\b",
        "double": r"\b(?:le|du|au) double\b|\bdoubl(?:ent|é|ée|és|ées)\b|\bdeux fois (?:plus|moins)\b"
        r"|(?<!en )\bdouble\b(?=\s*(?:$|[,.;:!?\ufffc]|(?:en|entre|depuis)\b))",
        # Not the superlative (« la plus nette »), nor « au plus », « de plus », « d'autant plus que ».
        "plus": r"(?<!\ble )(?<!\bla )(?<!\bles )(?<!\bau )(?<!\bde )(?<!d['’]autant )\b(?:plus|davantage)\b"
        r"[^.,;:!?]{0,60}?\bqu(?:e\b|['’])",
        "moins": r"(?<!\ble )(?<!\bla )(?<!\bles )(?<!\bau )(?<!\bde )\bmoins\b[^.,;:!?]{0,60}?\bqu(?:e\b|['’])",
    }.items()
}
_ALLOWED: dict[str, frozenset[Verdict]] = {
    "hausse": frozenset({"hausse"}),
    "plus": frozenset({"hausse"}),
    "baisse": frozenset({"baisse"}),
    "moins": frozenset({"baisse"}),
    "écart": frozenset({"hausse", "baisse"}),
    "stable": frozenset({"nulle"}),
    "non établi": frozenset({"non établi"}),
}
_KNOWN: frozenset[Verdict] = frozenset({"hausse", "baisse", "nulle"})
_NEGATED = re.compile(
    r"(\bpas (?:une |la |de |d['’]|en )?|\bsans |\bni (?:une |la )?|\baucune? |\bn['’]|\bne (?:se |s['’])?)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?:\s|$)")
_DIFFERENCE = re.compile(r"(variation|différence)\b", re.IGNORECASE)
_ARGUMENT = "\ufffc"
"""Stands for an indicator in the text that is searched."""


class ClaimError(UserError):
    """A word says more, or something else, than the indicator behind it supports."""


@dataclass(frozen=True)
class Piece:
    """A part of a template: literal text, or the argument put there (an indicator or not)."""

    text: str
    indicator: Indicator | None = None


@dataclass(frozen=True)
class _Claim:
    """A guarded word: where it stands, whether it is denied, and the indicators of its sentence, nearest first."""

    word: str
    sense: str
    negated: bool
    near: tuple[Indicator, ...]
    in_order: tuple[Indicator, ...]


def check_claims(pieces: Sequence[Piece]) -> None:
    """Check every guarded word of a sentence; one beside a figure that is « non calculable » claims nothing.

    Parameters
    ----------
    pieces : sequence of Piece
        The template cut into literal texts and arguments, in order.

    Raises
    ------
    ClaimError
        A word is not supported; the message says which one would be.
    """
    for claim in _locate(pieces):
        if claim.sense == "majorité":
            _check_majority(claim)
        elif claim.sense == "double":
            _check_double(claim)
        else:
            _check_change(claim)


def _locate(pieces: Sequence[Piece]) -> list[_Claim]:
    text = "".join(piece.text if piece.indicator is None else _ARGUMENT for piece in pieces)
    given = [piece.indicator for piece in pieces if piece.indicator is not None]
    marks = (match.start() for match in re.finditer(_ARGUMENT, text))
    places = list(zip(marks, given, strict=False))
    ends = [match.start() for match in _SENTENCE_END.finditer(text)]
    claims = []
    for sense, word, start, stop in _guarded(text):
        low = max((end for end in ends if end < start), default=-1)
        high = min((end for end in ends if end >= stop), default=len(text))
        inside = [(position, indicator) for position, indicator in places if low < position < high]
        if _quoted(text, start) and any(word in indicator.label for _, indicator in inside):
            continue
        ranked = sorted(inside, key=lambda place, middle=start: abs(place[0] - middle))  # type: ignore[misc]
        claims.append(
            _Claim(
                word.replace(_ARGUMENT, "…"),
                sense,
                _NEGATED.search(text[:start]) is not None,
                tuple(indicator for _, indicator in ranked),
                tuple(indicator for _, indicator in inside),
            )
        )
    return claims


def _quoted(text: str, place: int) -> bool:
    return text.count("«", 0, place) > text.count("»", 0, place)


def _guarded(text: str) -> list[tuple[str, str, int, int]]:
    spans = [match.span() for match in _WORDS["non établi"].finditer(text)]
    return [
        (sense, match.group(), *match.span())
        for sense, pattern in _WORDS.items()
        for match in pattern.finditer(text)
        if sense == "non établi" or not any(start <= match.start() < end for start, end in spans)
    ]


def _refuse(claim: _Claim, near: Sequence[Indicator], wanted: str, remedy: str) -> None:
    """Refuse a word that nothing supports, unless the figure it speaks of is written « non calculable »."""
    if not any(indicator.value is None for indicator in near):
        raise ClaimError(f"« {claim.word} » n'est appuyé par aucun indicateur de la phrase : il faut {wanted}.", remedy)


def _check_majority(claim: _Claim) -> None:
    shares = [item for item in claim.near if item.unit == "%"]
    indicator = next((item for item in shares if item.value is not None), None)
    if indicator is None:
        _refuse(claim, shares, "une part (unité « % »)", "Ajouter l'indicateur, ou écrire les valeurs sans ce mot.")
        return
    value = float(indicator.value or 0.0)
    low = indicator.interval.low if indicator.interval else value
    high = indicator.interval.high if indicator.interval else value
    supported = value > 0.5 and low > 0.5
    if claim.negated:
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


# -- differences ---------------------------------------------------------------------------------------------------


def _check_change(claim: _Claim) -> None:
    about = [item for item in claim.near if _is_difference(item) or _names(claim, item)]
    known = [item for item in about if item.value is not None]
    if known and not _is_difference(known[0]):
        return  # the word is part of what the indicator counts
    if not known and claim.sense in {"plus", "moins"} and (pair := _exact_pair(claim)):
        _check_order(claim, *pair)
    elif not known:
        tail = " (« passe de … à … »)." if claim.sense in {"hausse", "baisse"} else "."
        _refuse(
            claim,
            about or [item for item in claim.near if claim.sense in {"plus", "moins"}],
            "une différence (unité « points ») et son intervalle",
            "Ajouter l'indicateur à la phrase, ou écrire les valeurs sans ce mot" + tail,
        )
    else:
        _check_difference(claim, known[0])


def _is_difference(indicator: Indicator) -> bool:
    return indicator.unit == "points" or _DIFFERENCE.match(indicator.method) is not None


def _names(claim: _Claim, indicator: Indicator) -> bool:
    """Say whether the word is part of what the indicator counts."""
    return _WORDS[claim.sense].search(indicator.label) is not None


def _check_difference(claim: _Claim, indicator: Indicator) -> None:
    if indicator.interval is None and indicator.unit in {"points", "%"}:
        raise ClaimError(
            f"« {claim.word} » demande un intervalle, « {indicator.label} » n'en a pas.",
            "Donner une différence calculée avec son intervalle, ou écrire « passe de … à … ».",
        )
    shown = _verdict(indicator)
    allowed = _KNOWN - _ALLOWED[claim.sense] if claim.negated else _ALLOWED[claim.sense]
    if shown not in allowed:
        measured = quantity(float(indicator.value or 0.0), indicator.unit)
        if indicator.interval:
            measured += f", {between(indicator.interval.low, indicator.interval.high, indicator.unit)}"
        raise ClaimError(
            f"« {claim.word} » contredit « {indicator.label} » : {measured}.", f"Écrire {_right(claim, shown)}."
        )


def _verdict(indicator: Indicator) -> Verdict:
    """Read a difference: its sign when it is exact, else when zero is outside its interval."""
    value = float(indicator.value or 0.0)
    low, high = (indicator.interval.low, indicator.interval.high) if indicator.interval else (value, value)
    if low == high == 0 or (indicator.interval and max(abs(low), abs(high)) < 0.5):
        return "nulle"  # every value of the interval is written « 0 »
    return "non établi" if low <= 0 <= high else "hausse" if low > 0 else "baisse"


def _right(claim: _Claim, shown: Verdict) -> str:
    if shown == "non établi":
        return "« écart non établi »"
    if shown == "nulle":
        return "« stable »"
    if claim.sense in {"plus", "moins"}:
        return "« plus … que »" if shown == "hausse" else "« moins … que »"
    return f"« {shown} » ou « écart »"


# -- exact values --------------------------------------------------------------------------------------------------


def _exact_pair(claim: _Claim) -> tuple[Indicator, Indicator] | None:
    """Return the first two values of one unit that have no interval, in the order of the sentence."""
    exact = [
        item for item in claim.in_order if item.interval is None and item.value is not None and item.unit != "fois"
    ]
    return next(((one, two) for one, two in combinations(exact, 2) if one.unit == two.unit != "points"), None)


def _check_order(claim: _Claim, first: Indicator, second: Indicator) -> None:
    gap = float(first.value or 0.0) - float(second.value or 0.0)
    supported = gap > 0 if claim.sense == "plus" else gap < 0
    if supported == claim.negated:
        right = "« autant que »" if gap == 0 else "« plus … que »" if gap > 0 else "« moins … que »"
        raise ClaimError(f"« {claim.word} » contredit les valeurs : {_both(first, second)}.", f"Écrire {right}.")


def _check_double(claim: _Claim) -> None:
    ratios = [item for item in claim.near if item.unit == "fois"]
    ratio = next((item for item in ratios if item.value is not None), None)
    pair = _exact_pair(claim)
    if ratio is not None:
        value, said = float(ratio.value or 0.0), f"{quantity(float(ratio.value or 0.0), 'fois')}"
        interval = ratio.interval
        supported = 1 < interval.low <= 2 <= interval.high if interval else _is_two(value)
        said += f", {between(interval.low, interval.high, 'fois')}" if interval else ""
    elif pair is not None:
        values = sorted(abs(float(item.value or 0.0)) for item in pair)
        value = values[1] / values[0] if values[0] else 0.0
        supported, said = _is_two(value), _both(*pair)
    else:
        wanted = "un rapport (unité « fois ») et son intervalle, ou deux valeurs exactes"
        _refuse(claim, ratios or claim.near, wanted, "Écrire les deux valeurs (« passe de … à … »).")
        return
    if supported == claim.negated:
        right = "« double »" if claim.negated else f"« multiplié par {number(value, 1)} » ou « passe de … à … »"
        raise ClaimError(f"« {claim.word} » contredit les valeurs : {said}.", f"Écrire {right}.")


def _is_two(ratio: float) -> bool:
    return 1.95 <= ratio < 2.05  # what is written « 2,0 »


def _both(first: Indicator, second: Indicator) -> str:
    return " et ".join(quantity(float(item.value or 0.0), item.unit) for item in (first, second))
