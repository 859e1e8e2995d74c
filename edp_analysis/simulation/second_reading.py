"""The second coder: what the first one wrote, with disagreements put in on purpose and counted."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from edp_analysis.contract import load_codes
from edp_analysis.simulation.interview_story import InterviewSettings

__all__ = ["Mentions", "pooled_agreement", "read_again"]

Mentions = dict[tuple[str, str], str]
"""Polarity by interview and code."""

_STEPS = {"POSITIF": "NEUTRE", "NEUTRE": "NEGATIF", "NEGATIF": "NEUTRE"}


def read_again(
    mentions: Mentions, double: Collection[str], settings: InterviewSettings, rng: np.random.Generator
) -> Mentions:
    """Return the second reading of the interviews coded twice.

    Some codes are left out, others (that the first coder did not put) are added, and some judgements move one step;
    the numbers are exact, the places are drawn.

    Parameters
    ----------
    mentions : dict
        First reading of all the interviews.
    double : collection of str
        Interviews read again.
    settings : InterviewSettings
    rng : numpy.random.Generator
    """
    first = sorted(key for key in mentions if key[0] in double)
    used = sorted({code for _, code in first})
    absent = [(name, code) for name in sorted(double) for code in used if (name, code) not in mentions]
    left_out = _drawn(first, settings.omissions * len(first), rng)
    added = _drawn(absent, settings.ajouts * len(first), rng)
    shared = [key for key in first if key not in left_out]
    moved = _drawn(shared, settings.glissements * len(shared), rng)
    second = {key: _STEPS[mentions[key]] if key in moved else mentions[key] for key in shared}
    return second | dict.fromkeys(sorted(added), "NEUTRE")


def _drawn(keys: list[tuple[str, str]], number: float, rng: np.random.Generator) -> set[tuple[str, str]]:
    size = min(len(keys), int(number + 0.5))
    return {keys[int(place)] for place in rng.choice(len(keys), size=size, replace=False)} if size else set()


def pooled_agreement(mentions: Mentions, again: Mentions, double: Collection[str]) -> dict[str, int]:
    """Count the decisions « this code, in this interview » of both coders, over the whole codebook.

    Returns
    -------
    dict of str to int
        ``deux`` (both put it), ``premier``, ``second`` (one of them alone), ``aucun``; and, among ``deux``,
        ``meme_polarite``.
    """
    counts = dict.fromkeys(("deux", "premier", "second", "aucun", "meme_polarite"), 0)
    for name in double:
        for code in load_codes("codes_entretiens").labels:
            one, two = mentions.get((name, code)), again.get((name, code))
            cell = "deux" if one and two else "premier" if one else "second" if two else "aucun"
            counts[cell] += 1
            counts["meme_polarite"] += one is not None and one == two
    return counts
