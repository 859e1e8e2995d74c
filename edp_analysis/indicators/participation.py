"""Who answered the survey, of how many, and which questions they left blank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from edp_analysis.cleaning.presence import present_on
from edp_analysis.contract.questionnaire import load_questionnaire
from edp_analysis.indicators.result import Indicator, count

__all__ = [
    "NO_ANSWER",
    "champ_enquete",
    "enquete_repondants",
    "inscrits_a_la_date",
    "lecture",
    "non_reponse",
    "participation",
    "repondants_par_ecole",
]

NO_ANSWER = "aucune réponse d’enquête reçue"
"""Why nothing of the survey can be computed when it is absent."""
_UNKNOWN = "Non renseigné"


def champ_enquete(enquete: pd.DataFrame) -> str:
    """Return who answered, and when, for a *Champ*.

    Examples
    --------
    >>> champ_enquete(pd.DataFrame({"date_reponse": pd.to_datetime(["2024-03-15", "2024-02-05"])}))
    'jeunes ayant envoyé une réponse du 05/02/2024 au 15/03/2024'
    """
    dates = enquete["date_reponse"].dropna() if "date_reponse" in enquete.columns else pd.Series(dtype="object")
    if dates.empty:
        return "jeunes ayant envoyé une réponse"
    return f"jeunes ayant envoyé une réponse du {dates.min():%d/%m/%Y} au {dates.max():%d/%m/%Y}"


def enquete_repondants(enquete: pd.DataFrame) -> Indicator:
    """Count the complete responses.

    Examples
    --------
    >>> enquete_repondants(pd.DataFrame({"id_reponse": ["9-1", "9-2"]})).value
    2.0
    """
    method = "réponses envoyées ; une réponse commencée ou envoyée deux fois ne compte pas"
    rows = pd.Index(enquete["id_reponse"])
    found = count(
        "enquete_repondants", "Jeunes ayant répondu à l’enquête", rows, "jeunes", champ_enquete(enquete), method
    )
    # No answer at all is a survey that was not received, not a survey of which nobody wanted.
    return found if len(rows) else replace(found, value=None, reason=NO_ANSWER)


def lecture(participation: Indicator) -> dict[str, int | None]:
    """Return the answers and the persons who could answer, for :meth:`~edp_analysis.exhibits.page.Page.readings`.

    Parameters
    ----------
    participation : Indicator
        As :func:`participation` gives it; both numbers are ``None`` where it could not be computed.

    Examples
    --------
    >>> lecture(Indicator("participation_enquete", "", 0.5, "%", "", 1, 2))
    {'total': 1, 'population': 2}
    """
    if participation.value is None or participation.numerator is None or participation.denominator is None:
        return {"total": None, "population": None}
    return {"total": int(participation.numerator), "population": int(participation.denominator)}


def non_reponse(enquete: pd.DataFrame) -> pd.DataFrame:
    """Return, question by question, how many did not answer.

    A question with boxes is unanswered when none of the boxes shown is ticked.

    Returns
    -------
    pandas.DataFrame
        ``question`` (code), ``enonce``, ``montree`` (respondents who were shown it), ``sans_reponse``, ``part``.
    """
    rows = []
    for asked in load_questionnaire().questions:
        if asked.items:
            boxes = enquete[list(asked.columns)].astype("boolean")
            shown = boxes.notna().any(axis=1)
            silent = shown & ~boxes.fillna(False).any(axis=1)
        else:
            shown = pd.Series(True, index=enquete.index)
            silent = enquete[asked.column].isna()
        total, missing = int(shown.sum()), int(silent.sum())
        rows.append((asked.code, asked.wording, total, missing, missing / total if total else None))
    return pd.DataFrame(rows, columns=["question", "enonce", "montree", "sans_reponse", "part"])


def inscrits_a_la_date(apprenants: pd.DataFrame, day: date) -> pd.DataFrame:
    """Keep one enrolment for each youth present on `day` (see :func:`~edp_analysis.cleaning.presence.is_present`).

    Examples
    --------
    >>> learners = pd.DataFrame({"id_jeune": ["a", "b", "a"], "statut": ["INSCRIT", "SORTIE_ANTICIPEE", "INSCRIT"],
    ...     "date_entree": pd.to_datetime(["2022-09-01"] * 3),
    ...     "date_sortie": pd.to_datetime([None, "2024-03-14", None])})
    >>> list(inscrits_a_la_date(learners, date(2024, 3, 15))["id_jeune"])
    ['a']
    """
    return present_on(apprenants, day).drop_duplicates("id_jeune")


def participation(enquete: pd.DataFrame, apprenants: pd.DataFrame, day: date | None = None) -> Indicator:
    """Share of the learners enrolled when the survey ran who answered it.

    The survey is anonymous: this compares two counts, it does not follow persons.

    Parameters
    ----------
    enquete, apprenants : pandas.DataFrame
        Clean tables.
    day : datetime.date, optional
        Day on which the enrolled are counted; that of the last response when not given.

    Examples
    --------
    >>> learners = pd.DataFrame({"id_jeune": ["a", "b"], "date_entree": pd.to_datetime(["2022-09-01"] * 2),
    ...                          "date_sortie": pd.to_datetime([None, None]), "statut": ["INSCRIT"] * 2})
    >>> answers = pd.DataFrame({"id_reponse": ["9-1"], "date_reponse": pd.to_datetime(["2024-03-15"])})
    >>> result = participation(answers, learners)
    >>> result.value, result.population
    (0.5, 'jeunes inscrits le 15/03/2024')
    """
    name, label = "participation_enquete", "Jeunes inscrits ayant répondu"
    method = "réponses complètes rapportées aux jeunes inscrits ce jour-là ; enquête anonyme, sans suivi des personnes"
    dates = enquete["date_reponse"].dropna()
    if day is None and dates.empty:
        reason = NO_ANSWER if enquete.empty else "aucune date de réponse : le jour de l’enquête n’est pas connu"
        return Indicator(name, label, None, "%", "jeunes inscrits pendant l’enquête", method=method, reason=reason)
    chosen = day or dates.max().date()
    enrolled, answers = len(inscrits_a_la_date(apprenants, chosen)), len(enquete)
    population = f"jeunes inscrits le {chosen:%d/%m/%Y}"
    reason = ""
    if enrolled == 0:
        reason = "aucun jeune inscrit ce jour-là"
    elif answers > enrolled:
        reason = f"plus de réponses ({answers}) que de jeunes inscrits ({enrolled})"
    value = None if reason else answers / enrolled
    rows = tuple(enquete["id_reponse"].astype("str"))
    return Indicator(name, label, value, "%", population, answers, enrolled, None, method, reason, rows)


def repondants_par_ecole(
    enquete: pd.DataFrame, apprenants: pd.DataFrame | None = None, day: date | None = None
) -> pd.DataFrame:
    """Count the respondents of each school, beside its learners when they are given.

    Returns
    -------
    pandas.DataFrame
        ``ecole`` (in alphabetical order, « Non renseigné » last), ``repondants``; with ``apprenants`` and ``day``,
        also ``inscrits`` that day and ``part`` (missing where there is no enrolled).
    """
    counts = enquete["ecole"].value_counts()
    enrolled = pd.Series(dtype="int64")
    if apprenants is not None and day is not None:
        enrolled = inscrits_a_la_date(apprenants, day)["ecole"].value_counts()
    schools = sorted({*counts.index, *enrolled.index})
    numbers = [int(counts.get(name, 0)) for name in schools]
    if unknown := int(enquete["ecole"].isna().sum()):
        schools, numbers = [*schools, _UNKNOWN], [*numbers, unknown]
    table = pd.DataFrame({"ecole": schools, "repondants": numbers})
    if apprenants is None or day is None:
        return table
    present = table["ecole"].map(enrolled).fillna(0).astype("int64")
    return table.assign(inscrits=present, part=(table["repondants"] / present.where(present > 0)))
