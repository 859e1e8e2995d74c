"""Plausible answers to the questionnaire, for the simulated survey."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from edp_analysis.contract.questionnaire import Question, Questionnaire

__all__ = ["draw_answers"]

_SATISFACTION = "satisfait"

# Shares of the answers from the most favourable to the least, then without opinion. Invented; being more skilled is
# said a little more often than being more motivated.
_SHARES: Mapping[str, tuple[float, ...]] = {
    "utilite": (0.42, 0.40, 0.10, 0.04, 0.04),
    "adaptee": (0.36, 0.44, 0.12, 0.05, 0.03),
    "motive": (0.33, 0.38, 0.17, 0.08, 0.04),
    "competent": (0.44, 0.41, 0.09, 0.03, 0.03),
}
_ANY_SHARES = (0.35, 0.40, 0.15, 0.06, 0.04)
_TICKED: Mapping[str, float] = {
    "choix_pratique": 0.62,
    "choix_metier": 0.48,
    "choix_petit_groupe": 0.37,
    "choix_lycee_refuse": 0.44,
    "choix_diplome": 0.35,
    "choix_sans_contrat": 0.30,
    "choix_sans_place": 0.14,
    "choix_conseil": 0.26,
    "sourcing_etablissement": 0.34,
    "sourcing_cio": 0.14,
    "sourcing_mission_locale": 0.16,
    "sourcing_famille": 0.38,
    "sourcing_ancien": 0.12,
    "sourcing_internet": 0.23,
    "sourcing_salon": 0.15,
    "sourcing_employeur": 0.40,
}
_ANY_TICKED = 0.2
_NO_ANSWER = 0.03


def draw_answers(
    people: pd.DataFrame, questionnaire: Questionnaire, rng: np.random.Generator, satisfied: int
) -> list[dict[str, object]]:
    """Draw the answers of each person: one common mood, a school effect, and a part of its own per question.

    Parameters
    ----------
    people : pandas.DataFrame
        Rows of the clean table ``apprenants``, one a respondent.
    questionnaire : Questionnaire
    rng : numpy.random.Generator
    satisfied : int
        Exact number of favourable answers to the satisfaction question, to which all answer.

    Returns
    -------
    list of dict
        By clean column; ``None`` is no answer, or, for a tick box, not shown.
    """
    size = len(people)
    schools = sorted(people["ecole"].unique())
    effects = dict(zip(schools, rng.normal(0, 0.35, len(schools)), strict=True))
    mood = rng.normal(0, 1, size) + people["ecole"].map(effects).to_numpy(dtype=float)
    columns: dict[str, list[object]] = {}
    for question in questionnaire.questions:
        if question.profile:
            columns[question.column] = _profile(people, question, rng)
        elif question.type == "multiple":
            columns |= _boxes(question, columns, size, rng, questionnaire)
        else:
            latent = 0.75 * mood + 0.66 * rng.normal(0, 1, size)
            exact = satisfied if question.column == _SATISFACTION else None
            columns[question.column] = _scale(question, latent, rng, exact)
    return [{name: values[index] for name, values in columns.items()} for index in range(size)]


def _profile(people: pd.DataFrame, question: Question, rng: np.random.Generator) -> list[object]:
    values: list[object] = people[question.column].tolist()
    if question.type == "texte":
        return values
    silent = rng.random(len(values)) < _NO_ANSWER / 2
    return [None if quiet else value for value, quiet in zip(values, silent, strict=True)]


def _boxes(
    question: Question,
    known: Mapping[str, list[object]],
    size: int,
    rng: np.random.Generator,
    questionnaire: Questionnaire,
) -> dict[str, list[object]]:
    silent = rng.random(size) < _NO_ANSWER
    keys = {key: item.column for key, _, item in questionnaire.boxes()}
    boxes: dict[str, list[object]] = {}
    for item in question.items:
        if item.code == "other":
            boxes[item.column] = [False] * size
            continue
        ticked = (rng.random(size) < _TICKED.get(item.column, _ANY_TICKED)) & ~silent
        condition = {**known, **boxes}.get(keys[item.condition]) if item.condition else None
        shown = [True] * size if condition is None else [value is True for value in condition]
        boxes[item.column] = [bool(t) if s else None for t, s in zip(ticked, shown, strict=True)]
    # Whoever answers the question ticks at least one box: the most common of those shown to all.
    usual = max((i.column for i in question.items if not i.condition), key=lambda c: _TICKED.get(c, 0))
    for index in range(size):
        if not silent[index] and not any(values[index] for values in boxes.values()):
            boxes[usual][index] = True
    return boxes


def _scale(
    question: Question, latent: NDArray[np.float64], rng: np.random.Generator, exact: int | None
) -> list[object]:
    """Cut the ranks of `latent` into the answers of the scale, the most favourable first."""
    if question.scale is None:
        raise ValueError(f"{question.code} : une échelle est attendue")
    codes = list(question.scale.answers.values())
    ordered = [code for code in codes if code not in question.scale.no_opinion]
    favourable = [code for code in ordered if code in question.scale.favourable]
    adverse = [code for code in ordered if code not in question.scale.favourable]
    size = len(latent)
    ranks = np.argsort(np.argsort(-latent, kind="stable"), kind="stable")
    shares = _SHARES.get(question.column, _ANY_SHARES)
    if exact is None:
        bounds = np.cumsum(shares[: len(ordered) - 1]) / sum(shares[: len(ordered)]) * size
        answers: list[object] = [ordered[int(np.searchsorted(bounds, rank, side="right"))] for rank in ranks]
        opinionless, silent = rng.random(size) < shares[-1], rng.random(size) < _NO_ANSWER
        answers = [question.scale.no_opinion[0] if o else a for o, a in zip(opinionless, answers, strict=True)]
        return [None if s else a for s, a in zip(silent, answers, strict=True)]
    # Those just below the favourable ones have no opinion; all answer.
    undecided = (size - exact) // 5
    adverse_from = exact + undecided
    exact_answers: list[object] = []
    for rank in ranks.tolist():
        if rank < exact:
            exact_answers.append(favourable[rank * len(favourable) // exact])
        elif rank < adverse_from:
            exact_answers.append(question.scale.no_opinion[0])
        else:
            exact_answers.append(adverse[(rank - adverse_from) * len(adverse) // (size - adverse_from)])
    return exact_answers
