"""What the youths say: satisfaction, agreement, choices.

Bases, decided once. A share of agreement is « favourable answers over **those who answered the question** », where
« sans opinion » counts as an answer that is not favourable: leaving it out would raise the share of a question that
many avoid. ``base="exprimees"`` gives the other convention, to be shown beside. A share of a tick box is over those
**who were shown the box**, ticked or not; shares of one question may add up to more than 100 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from edp_analysis.contract.questionnaire import Question, Scale, load_questionnaire
from edp_analysis.indicators.participation import NO_ANSWER, champ_enquete
from edp_analysis.indicators.result import Indicator, share
from edp_analysis.statistics.finite import korn_graubard

__all__ = [
    "Base",
    "accord",
    "accords",
    "choix",
    "montrees_a_tous",
    "repartition",
    "repartitions",
    "satisfaction",
]

Base = Literal["reponses", "exprimees"]
_SATISFACTION = "satisfait"


def satisfaction(enquete: pd.DataFrame, base: Base = "reponses", inscrits: int | None = None) -> Indicator:
    """Share of respondents satisfied by their school: « tout à fait » or « plutôt d'accord ».

    Parameters
    ----------
    enquete : pandas.DataFrame
        Clean responses.
    base : {"reponses", "exprimees"}
        See :func:`accord`.
    inscrits : int, optional
        See :func:`accord`.

    Examples
    --------
    >>> answers = pd.DataFrame({"id_reponse": ["1", "2", "3"], "satisfait": ["PLUTOT", "PAS_DU_TOUT", None]})
    >>> result = satisfaction(answers)
    >>> result.numerator, result.denominator
    (1, 2)
    """
    result = accord(enquete, _SATISFACTION, base, inscrits)
    name = result.id.replace(_SATISFACTION, "satisfaction")
    return replace(result, id=name, label="Jeunes satisfaits de leur école")


def accord(enquete: pd.DataFrame, question: str, base: Base = "reponses", inscrits: int | None = None) -> Indicator:
    """Share of favourable answers to a question asked on a scale.

    Parameters
    ----------
    enquete : pandas.DataFrame
        Clean responses.
    question : str
        Code or column of the question: ``"Q5"`` or ``"motive"``.
    base : {"reponses", "exprimees"}
        ``"reponses"``: those who answered the question, « sans opinion » included; ``"exprimees"``: without them.
    inscrits : int, optional
        Learners enrolled when the survey ran. Given, and not smaller than the answers, the interval is
        Korn–Graubard's with finite population correction; otherwise it is Wilson's.

    Raises
    ------
    KeyError
        No such question.
    ValueError
        The question is not asked on a scale of opinion, or ``base`` is unknown.

    Examples
    --------
    >>> answers = pd.DataFrame({"id_reponse": list("abcd"),
    ...     "motive": ["TOUT_A_FAIT", "SANS_OPINION", "PLUTOT_PAS", None]})
    >>> [accord(answers, "Q5", base).denominator for base in ("reponses", "exprimees")]
    [3, 2]
    """
    asked, scale = _opinion(question)
    if base not in ("reponses", "exprimees"):
        raise ValueError(f"base « {base} » inconnue : « reponses » ou « exprimees »")
    answered = enquete[enquete[asked.column].notna()]
    aside = " ou ".join(f"« {scale.codes.labels[code]} »" for code in scale.no_opinion)
    words = f"ayant répondu à la question, {aside} compris" if aside else "ayant répondu à la question"
    if base == "exprimees":
        answered = answered[~answered[asked.column].isin(scale.no_opinion)]
        words = "ayant exprimé un avis"
    labels = [scale.codes.labels[code].lower() for code in scale.favourable]
    result = share(
        asked.column if base == "reponses" else f"{asked.column}_exprimees",
        asked.wording.rstrip("…"),
        _by_response(answered, answered[asked.column].isin(scale.favourable)),
        f"{champ_enquete(enquete)}, {words}",
        f"réponses « {' » ou « '.join(labels)} » rapportées aux jeunes {words}",
    )
    return _finite(_absent(result, enquete), inscrits)


def repartition(enquete: pd.DataFrame, question: str) -> pd.DataFrame:
    """Return the distribution of the answers to a question asked on a scale.

    Returns
    -------
    pandas.DataFrame
        One row an answer of the scale, in its order, those nobody gave included: ``question`` (code), ``code``,
        ``modalite``, ``effectif`` (respondents), ``part`` (of ``base``, in [0, 1]), ``base`` (those who answered,
        « sans opinion » included), ``non_reponse`` (those who did not).

    Examples
    --------
    >>> table = repartition(pd.DataFrame({"motive": ["PLUTOT", "PLUTOT", "SANS_OPINION", None]}), "Q5")
    >>> list(table["effectif"]), list(table["base"])[0], list(table["non_reponse"])[0]
    ([0, 2, 0, 0, 1], 3, 1)
    """
    asked = load_questionnaire()[question]
    if asked.scale is None:
        raise ValueError(f"{question} n'est pas posée sur une échelle")
    answers = enquete[asked.column].dropna()
    codes = list(asked.scale.answers.values())
    counts = [int((answers == code).sum()) for code in codes]
    base = len(answers)
    return pd.DataFrame(
        {
            "question": asked.code,
            "code": codes,
            "modalite": [asked.scale.codes.labels[code] for code in codes],
            "effectif": counts,
            "part": [number / base if base else None for number in counts],
            "base": base,
            "non_reponse": len(enquete) - base,
        }
    )


def accords(enquete: pd.DataFrame, inscrits: int | None = None) -> dict[str, Indicator]:
    """Share of favourable answers to each question of opinion, by question code, in the questionnaire's order."""
    asked = [question for scale in _opinion_scales() for question in _on_scale(scale)]
    return {question.code: accord(enquete, question.code, inscrits=inscrits) for question in asked}


def repartitions(enquete: pd.DataFrame, echelle: str) -> pd.DataFrame:
    """Stack the distributions of all the questions asked on one scale; ``question`` holds their wording.

    Raises
    ------
    ValueError
        No question of opinion is asked on this scale.
    """
    asked = _on_scale(echelle)
    if not asked:
        raise ValueError(f"aucune question d'opinion sur l'échelle « {echelle} » ; échelles : {_opinion_scales()}")
    tables = [repartition(enquete, item.code).assign(question=item.wording.rstrip("…")) for item in asked]
    return pd.concat(tables, ignore_index=True)


def choix(enquete: pd.DataFrame, question: str, inscrits: int | None = None) -> list[Indicator]:
    """Share of respondents who ticked each box of a question, one indicator a box.

    Each share stands alone, on those who were shown that box; the boxes of one person are not independent, so their
    ticks are never stacked into one table of answers.

    Parameters
    ----------
    enquete : pandas.DataFrame
        Clean responses.
    question : str
        Code or column of the question: ``"Q1"``.
    inscrits : int, optional
        See :func:`accord`.

    Raises
    ------
    ValueError
        The question has no boxes.

    Examples
    --------
    >>> boxes = load_questionnaire()["Q2"].columns
    >>> answers = pd.DataFrame({column: pd.array([True, None, False], dtype="boolean") for column in boxes})
    >>> answers["id_reponse"] = list("abc")
    >>> [(i.numerator, i.denominator) for i in choix(answers, "Q2")][0]
    (1, 2)
    """
    asked = _boxes(question)
    results = []
    for item in asked.items:
        shown = enquete[enquete[item.column].notna()]
        seen = "à qui l’option a été montrée" if item.condition else "à qui la question a été montrée"
        found = share(
            item.column,
            item.label,
            _by_response(shown, shown[item.column].astype("boolean")),
            f"{champ_enquete(enquete)}, {seen}",
            "plusieurs réponses possibles : les parts d’une même question peuvent dépasser 100 % en tout",
        )
        results.append(_finite(_absent(found, enquete), inscrits))
    return results


def montrees_a_tous(boxes: Sequence[Indicator]) -> tuple[list[Indicator], str]:
    """Set apart the boxes shown to some only: their shares do not rank with those of the boxes shown to all.

    Parameters
    ----------
    boxes : sequence of Indicator
        From :func:`choix`.

    Returns
    -------
    list of Indicator
        The boxes shown to as many as the box shown most.
    str
        A note on the others, with their counts; empty when there are none.

    Examples
    --------
    >>> def box(label, ticked, shown):
    ...     return Indicator(label, label, ticked / shown, "%", "", ticked, shown)
    >>> kept, note = montrees_a_tous([box("Ma famille", 48, 100), box("Un CFA", 12, 33)])
    >>> [item.label for item in kept], note
    (['Ma famille'], 'Case montrée à une partie des jeunes, et non comparable aux autres : « Un CFA », cochée par 12 \
jeunes sur 33.')
    """
    most = max((int(item.denominator or 0) for item in boxes), default=0)
    kept = [item for item in boxes if int(item.denominator or 0) == most]
    apart = [
        f"« {item.label} », cochée par {int(item.numerator or 0)} jeunes sur {int(item.denominator or 0)}"
        for item in boxes
        if item not in kept
    ]
    if not apart:
        return kept, ""
    word = "Case montrée" if len(apart) == 1 else "Cases montrées"
    return kept, f"{word} à une partie des jeunes, et non comparable aux autres : {' ; '.join(apart)}."


def _on_scale(name: str) -> list[Question]:
    questions = load_questionnaire().questions
    return [item for item in questions if item.scale and item.scale.favourable and item.scale.name == name]


def _opinion_scales() -> list[str]:
    questions = load_questionnaire().questions
    return list(dict.fromkeys(item.scale.name for item in questions if item.scale and item.scale.favourable))


def _opinion(question: str) -> tuple[Question, Scale]:
    asked = load_questionnaire()[question]
    if asked.scale is None or not asked.scale.favourable:
        raise ValueError(f"{question} n'est pas posée sur une échelle d'opinion")
    return asked, asked.scale


def _boxes(question: str) -> Question:
    asked = load_questionnaire()[question]
    if not asked.items:
        raise ValueError(f"{question} n'est pas une question à choix multiple")
    return asked


def _by_response(answers: pd.DataFrame, selected: pd.Series) -> pd.Series:
    return selected.set_axis(answers["id_reponse"].astype("str"))


def _absent(result: Indicator, answers: pd.DataFrame) -> Indicator:
    return replace(result, reason=NO_ANSWER) if answers.empty else result


def _finite(result: Indicator, enrolled: int | None) -> Indicator:
    if enrolled is None or result.numerator is None or result.denominator is None:
        return result
    if not 2 <= result.denominator <= enrolled:
        return result
    return replace(result, interval=korn_graubard(int(result.numerator), int(result.denominator), enrolled))
