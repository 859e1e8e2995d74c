"""The survey's respondents brought back to the profile of the learners enrolled, and what those who were silent change.

The survey is voluntary: it is not a probability sample. Weights mend what the registry can see (sex, school, year of
entry) and nothing else; the scenarios on non-respondents show how far the rest could move the figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from edp_analysis.contract.codes import load_codes
from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.indicators.merging import merge_small
from edp_analysis.indicators.participation import NO_ANSWER, inscrits_a_la_date
from edp_analysis.indicators.result import Indicator, amount
from edp_analysis.indicators.satisfaction import accords
from edp_analysis.statistics.proportions import Interval
from edp_analysis.statistics.weighting import Raking, rake, raked_share

__all__ = [
    "MARGINS",
    "Weighting",
    "cote_a_cote",
    "deplacement",
    "distance_profil",
    "effet_ponderation",
    "ponderer",
    "sensibilite",
]

MARGINS = {"sexe": "Sexe", "ecole": "École", "annee_scolaire_entree": "Année d’entrée"}
"""Variables on which the respondents are weighted, and their French names; years are merged with their neighbours."""
_ORDERED = frozenset({"annee_scolaire_entree"})
_UNKNOWN = "Non renseigné"
_SMALLEST = 5
_PROFILE = ["Variable", "Groupe", "Répondants", "Part des répondants", "Part des inscrits"]


@dataclass(frozen=True)
class Weighting:
    """Weights of the respondents, or the reason why there are none.

    Attributes
    ----------
    raking : Raking or None
        ``None`` when it cannot be done; ``reason`` then says why.
    profile : pandas.DataFrame
        One row a category, after merging: ``Variable``, ``Groupe``, ``Répondants``, ``Part des
        répondants``, ``Part des inscrits`` (among those whose category is known).
    enrolled : int
        Learners enrolled on the day of the last answer; 0 when unknown.
    reason : str
    """

    raking: Raking | None
    profile: pd.DataFrame
    enrolled: int
    reason: str = ""


def ponderer(enquete: pd.DataFrame, apprenants: pd.DataFrame, minimum: int = _SMALLEST) -> Weighting:
    """Rake the respondents to the learners enrolled when the survey closed: sex, school, year of entry.

    Categories with fewer than `minimum` respondents are merged, schools with the smallest others, years with their
    neighbour. Who left a question of profile unanswered keeps a neutral weight on it. Weights are trimmed between one
    third and three times their mean (:func:`edp_analysis.statistics.weighting.rake`).

    Parameters
    ----------
    enquete, apprenants : pandas.DataFrame
        Clean tables.
    minimum : int, default 5
        Respondents that a category needs.

    Examples
    --------
    >>> from edp_analysis.contract.checks import empty_frame
    >>> ponderer(empty_frame("enquete"), empty_frame("apprenants")).reason
    'aucune réponse d’enquête reçue'
    """
    nothing = pd.DataFrame(columns=_PROFILE)
    if enquete.empty:
        return Weighting(None, nothing, 0, NO_ANSWER)
    days = enquete["date_reponse"].dropna()
    if days.empty:
        return Weighting(None, nothing, 0, "le jour de l’enquête n’est pas connu")
    enrolled = inscrits_a_la_date(apprenants, days.max().date())
    if len(enrolled) < len(enquete):
        reason = f"{len(enquete)} réponses pour {len(enrolled)} jeunes inscrits ce jour-là"
        return Weighting(None, nothing, len(enrolled), reason)
    sample, margins, rows = {}, {}, []
    for column in MARGINS:
        answers, totals = _margin(enquete[column], enrolled[column], minimum, column in _ORDERED)
        if len(set(answers) - {_UNKNOWN}) > 1:
            rows += _profile(column, answers, totals)
            sample[column], margins[column] = answers, totals
    profile = pd.DataFrame(rows, columns=_PROFILE)
    if not margins:
        return Weighting(None, profile, len(enrolled), "trop peu de réponses pour distinguer des groupes")
    try:
        # Categories are already merged; « Non renseigné » may be small, its weight is neutral.
        raking = rake(pd.DataFrame(sample), margins, minimum=1)
    except ValueError as error:
        return Weighting(None, profile, len(enrolled), str(error))
    return Weighting(raking, profile, len(enrolled))


def effet_ponderation(weights: Weighting) -> Indicator:
    """Kish's design effect: by how much unequal weights inflate the variance."""
    method = "effet de plan de Kish : n Σw² / (Σw)²"
    value = weights.raking.design_effect if weights.raking else None
    name = "Effet de la pondération sur la variance"
    return amount("effet_ponderation", name, value, "", "répondants", method, weights.reason)


def distance_profil(weights: Weighting) -> Indicator:
    """Largest distance, in points, between the share of a group among the respondents and among the enrolled."""
    name, label = "distance_profil", "Distance entre les répondants et les inscrits"
    if weights.profile.empty:
        return amount(name, label, None, "points", "répondants", reason=weights.reason)
    gaps = (weights.profile["Part des répondants"] - weights.profile["Part des inscrits"]).abs()
    return amount(name, label, 100 * float(gaps.max()), "points", "répondants", "la plus grande, en valeur absolue")


def deplacement(side_by_side: pd.DataFrame) -> Indicator:
    """Largest move, in points, that weighting makes in a table of :func:`cote_a_cote`."""
    name, label = "deplacement_ponderation", "Déplacement des parts par la pondération"
    moves = side_by_side["Différence"].abs().dropna()
    if moves.empty:
        reasons = [item.reason for item in side_by_side["Avec pondération"] if item.reason]
        return amount(name, label, None, "points", "répondants", reason=reasons[0] if reasons else NO_ANSWER)
    return amount(name, label, float(moves.max()), "points", "répondants", "le plus grand, en valeur absolue")


def cote_a_cote(enquete: pd.DataFrame, weights: Weighting) -> pd.DataFrame:
    """Lay out the favourable share of each question on a scale, unweighted beside weighted.

    Returns
    -------
    pandas.DataFrame
        ``Question``, ``Sans pondération``, ``Avec pondération`` (indicators, with their intervals), ``Différence``
        (weighted minus unweighted, points; missing where there are no weights).
    """
    questionnaire, rows = load_questionnaire(), []
    for code, plain in accords(enquete, inscrits=weights.enrolled or None).items():
        asked = questionnaire[code]
        weighted = _weighted(plain, enquete[asked.column], asked.scale.favourable if asked.scale else (), weights)
        known = plain.value is not None and weighted.value is not None
        gap = 100 * (float(weighted.value or 0) - float(plain.value or 0)) if known else None
        rows.append((plain.label, plain, weighted, gap))
    frame = pd.DataFrame(rows, columns=["Question", "Sans pondération", "Avec pondération", "Différence"])
    return frame.assign(Différence=pd.to_numeric(frame["Différence"]))


def sensibilite(result: Indicator, enrolled: int, gaps: tuple[float, ...] = (0.1, 0.2)) -> dict[str, Indicator]:
    """Say what the share of all the enrolled would be, were the silent less satisfied.

    The answers are kept as they are; each scenario gives a share to those who did not answer. The last two are bounds
    that assume nothing (Manski 1989).

    Parameters
    ----------
    result : Indicator
        Share among those who answered.
    enrolled : int
        Learners enrolled when the survey ran.
    gaps : tuple of float
        How much lower the share of the silent is, in each scenario.

    Returns
    -------
    dict of str to Indicator
        By scenario, in French; the value is missing where `result` is, or where nobody is known to be silent.

    Examples
    --------
    80 of 100 satisfied among 150: were 70 % of the 50 silent satisfied, 115 of 150 would be.

    >>> result = Indicator("satisfaction", "Satisfaits", 0.8, "%", "répondants", 80, 100)
    >>> {name: round(100 * item.value, 1) for name, item in sensibilite(result, 150, (0.1,)).items()}
    {'aussi satisfaits que les autres': 80.0, '10 points de moins': 76.7, 'aucun satisfait': 53.3, \
'tous satisfaits': 86.7}
    """
    usable = result.value is not None and result.numerator is not None and 0 < (result.denominator or 0) <= enrolled
    chosen, answered = float(result.numerator or 0), float(result.denominator or 0)
    own = float(result.value or 0)
    scenarios = {"aussi satisfaits que les autres": own}
    scenarios |= {f"{round(100 * gap)} points de moins": max(0.0, own - gap) for gap in gaps}
    scenarios |= {"aucun satisfait": 0.0, "tous satisfaits": 1.0}
    found = {}
    for rank, (name, silent) in enumerate(scenarios.items()):
        found[name] = Indicator(
            f"{result.id}_scenario_{rank}",
            f"{result.label}, {name}",
            (chosen + silent * (enrolled - answered)) / enrolled if usable else None,
            "%",
            "jeunes inscrits pendant l’enquête",
            denominator=enrolled if usable else None,
            method=f"part des jeunes qui n’ont pas répondu fixée à {100 * silent:.0f} %",
            reason="" if usable else result.reason or "nombre de jeunes inscrits inconnu",
        )
    return found


def _margin(
    answers: pd.Series, enrolled: pd.Series, minimum: int, ordered: bool
) -> tuple[pd.Series, Mapping[str, float]]:
    """Return the merged category of each respondent, and the persons of each category, adding up to the enrolled."""
    groups = merge_small(answers.dropna(), enrolled.dropna(), minimum, ordered)
    merged = answers.map(groups).fillna(_UNKNOWN)
    counts = enrolled.map(groups).dropna().value_counts().sort_index()
    silent = float((merged == _UNKNOWN).mean())
    totals = {str(name): float(number) * len(enrolled) * (1 - silent) / counts.sum() for name, number in counts.items()}
    if silent and totals:
        totals[_UNKNOWN] = len(enrolled) * silent
    return merged, totals


def _profile(column: str, answers: pd.Series, totals: Mapping[str, float]) -> list[dict[str, object]]:
    known, population = answers[answers != _UNKNOWN], sum(n for name, n in totals.items() if name != _UNKNOWN)
    labels = load_codes("sexe").labels if column == "sexe" else {}
    rows = []
    for name, number in totals.items():
        if name != _UNKNOWN:
            found = int((known == name).sum())
            rows.append(
                {
                    "Variable": MARGINS[column],
                    "Groupe": labels.get(name, name),
                    "Répondants": found,
                    "Part des répondants": found / len(known),
                    "Part des inscrits": number / population,
                }
            )
    return rows


def _weighted(plain: Indicator, answers: pd.Series, favourable: tuple[str, ...], weights: Weighting) -> Indicator:
    blank = replace(plain, id=f"{plain.id}_pondere", numerator=None, interval=None, rows=())
    if plain.value is None:
        return blank
    if weights.raking is None:
        return replace(blank, value=None, reason=weights.reason)
    values = np.where(answers.isna(), np.nan, answers.isin(favourable))
    try:
        row = raked_share(values, weights.raking).iloc[1]
    except ValueError as error:
        return replace(blank, value=None, reason=str(error))
    interval = Interval(float(row["bas"]), float(row["haut"]), 0.95, f"{row['methode']}, pondéré")
    return replace(blank, value=float(row["part"]), interval=interval)
