"""A simulated survey, as the survey tool would export it, with the truth beside it.

The answers are anonymous, as in the real survey: nothing in the export leads back to a learner. Only the counts set
in ``[simulation.enquete]`` of the campaign file are exact; the rest is a plausible draw.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract.checks import typed
from edp_analysis.contract.questionnaire import Questionnaire, load_questionnaire
from edp_analysis.contract.schema import load_schema
from edp_analysis.problems import UserError
from edp_analysis.simulation.limesurvey import answer_cells, export_bytes
from edp_analysis.simulation.survey_answers import draw_answers

__all__ = ["simulate_survey"]

_OTHER_TEXTS = (
    'Je voulais "du concret" ; pas rester assis',
    "L’atelier :\nc’est grand et il y a des machines",
    "=D j’aime fabriquer",
    "Je ne sais plus ; peut-être une affiche",
    "- rien d’autre",
    "Pour travailler plus vite",
)


@dataclass(frozen=True)
class _Settings:
    """Section ``[simulation.enquete]``: number of the survey, counts of responses, first and last day."""

    numero: int
    complets: int
    partiels: int
    satisfaits: int
    debut: date
    fin: date


@dataclass
class _Response:
    """One started response: technical columns, answers by clean column, free texts by export key."""

    start: datetime
    end: datetime | None
    last_page: int
    seed: int
    values: dict[str, object]
    texts: dict[str, str] = field(default_factory=dict)
    number: int = 0


def simulate_survey(
    campaign: Campaign, learners: pd.DataFrame, rng: np.random.Generator
) -> tuple[dict[str, bytes], pd.DataFrame]:
    """Draw a survey of the learners present and write it as a LimeSurvey export.

    Parameters
    ----------
    campaign : Campaign
        Its ``[simulation.enquete]`` section gives ``numero`` (of the survey), ``complets``, ``partiels``,
        ``satisfaits`` (favourable answers to the satisfaction question among the complete ones), ``debut``, ``fin``.
    learners : pandas.DataFrame
        Clean table ``apprenants``.
    rng : numpy.random.Generator

    Returns
    -------
    files : dict of str to bytes
        Relative path → content: UTF-8 with BOM, ``;``, every value quoted, a value that was never shown empty,
        CRLF, one blank line at the end. Two rows are the same response sent twice.
    truth : pandas.DataFrame
        The clean table ``enquete`` expected of it, one row a complete response, in the order of the file.

    Raises
    ------
    UserError
        The section is missing or incomplete, or fewer learners are present than responses are asked for.
    """
    settings = _settings(campaign)
    questionnaire = load_questionnaire()
    chosen = _respondents(learners, settings, rng)
    complete = _complete(chosen.iloc[: settings.complets], settings, questionnaire, rng)
    partial = _partial(chosen.iloc[settings.complets :], settings, questionnaire, rng)
    responses = sorted([*complete, *partial], key=lambda response: response.start)
    for index, response in enumerate(responses):
        response.number = 3 + index + index // 9  # numbers of deleted trials are never given again
    truth = _truth([r for r in responses if r.end is not None], settings.numero)
    twice = complete[len(complete) // 2]
    again = _Response(
        twice.start,
        (twice.end or twice.start) + timedelta(seconds=41),
        twice.last_page,
        twice.seed,
        twice.values,
        twice.texts,
        responses[-1].number + 1,
    )
    content = export_bytes(_rows([*responses, again], questionnaire))
    return {f"enquete/results-survey{settings.numero}.csv": content}, truth


def _settings(campaign: Campaign) -> _Settings:
    place = f"campaigns/{campaign.code}.toml"
    section = campaign.settings.get("simulation", {}).get("enquete", {})
    missing = [item.name for item in fields(_Settings) if item.name not in section]
    if missing:
        raise UserError(
            f"{place} : il manque {', '.join(missing)} dans [simulation.enquete].",
            "Compléter cette section sur le modèle d'une autre campagne.",
        )
    settings = _Settings(**{item.name: section[item.name] for item in fields(_Settings)})
    if not 0 <= settings.satisfaits <= settings.complets:
        raise UserError(
            f"{place} : {settings.satisfaits} satisfaits pour {settings.complets} réponses complètes.",
            "Donner à « satisfaits » un nombre entre 0 et « complets ».",
        )
    if not settings.debut <= settings.fin <= campaign.extraction_date:
        raise UserError(
            f"{place} : debut, fin de [simulation.enquete] et date_extraction ne se suivent pas.",
            "Mettre l'enquête avant l'extraction.",
        )
    return settings


def _respondents(learners: pd.DataFrame, settings: _Settings, rng: np.random.Generator) -> pd.DataFrame:
    """Draw distinct learners present during the whole survey; schools answer more or less."""
    entry, leaving = pd.to_datetime(learners["date_entree"]), pd.to_datetime(learners["date_sortie"])
    present = learners[
        (entry <= pd.Timestamp(settings.debut)) & (leaving.isna() | (leaving >= pd.Timestamp(settings.fin)))
    ]
    present = present.drop_duplicates("id_jeune").sort_values("id_inscription", ignore_index=True)
    wanted = settings.complets + settings.partiels
    if len(present) < wanted:
        raise UserError(
            f"[simulation.enquete] demande {wanted} réponses ; {len(present)} jeunes sont présents à ces dates.",
            "Baisser « complets » ou « partiels », ou changer les dates.",
        )
    schools = sorted(present["ecole"].unique())
    keenness = dict(zip(schools, rng.uniform(0.6, 1.4, len(schools)), strict=True))
    weights = present["ecole"].map(keenness).to_numpy(dtype=float)
    drawn = rng.choice(len(present), size=wanted, replace=False, p=weights / weights.sum())
    return present.iloc[drawn].reset_index(drop=True)


def _complete(
    people: pd.DataFrame, settings: _Settings, questionnaire: Questionnaire, rng: np.random.Generator
) -> list[_Response]:
    answers = draw_answers(people, questionnaire, rng, satisfied=settings.satisfaits)
    moments = _moments(settings.debut, settings.fin, len(people), rng)
    durations = rng.integers(130, 900, len(people))
    responses = [
        _Response(start, start + timedelta(seconds=int(seconds)), questionnaire.pages, _seed(rng), values)
        for start, seconds, values in zip(moments, durations, answers, strict=True)
    ]
    _free_texts(responses, questionnaire)
    return responses


def _partial(
    people: pd.DataFrame, settings: _Settings, questionnaire: Questionnaire, rng: np.random.Generator
) -> list[_Response]:
    """Responses that were never sent; the last ones were answered to the end, but for the « Envoyer » button."""
    answers = draw_answers(people, questionnaire, rng, satisfied=len(people) // 2)
    moments = _moments(settings.debut, settings.fin, len(people), rng)
    pages = [1 + index * questionnaire.pages // max(len(people), 1) for index in range(len(people))]
    return [
        _Response(start, None, page, _seed(rng), {**values, **_other_boxes(questionnaire)})
        for start, page, values in zip(moments, pages, answers, strict=True)
    ]


def _moments(first: date, last: date, size: int, rng: np.random.Generator) -> list[datetime]:
    """Draw moments of school days, between 8 h and 17 h, each different so that their order is certain."""
    days = pd.bdate_range(first, last)
    if not len(days):
        raise UserError(f"Aucun jour ouvré du {first} au {last} pour l'enquête simulée.", "Élargir la période.")
    seconds = rng.choice(len(days) * 9 * 3600, size=size, replace=False)
    return [
        (days[int(second) // (9 * 3600)] + pd.Timedelta(hours=8, seconds=int(second) % (9 * 3600))).to_pydatetime()
        for second in seconds
    ]


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(100_000_000, 999_999_999))


def _other_boxes(questionnaire: Questionnaire) -> dict[str, object]:
    return {item.column: False for _, _, item in questionnaire.boxes() if item.code == "other"}


def _free_texts(responses: list[_Response], questionnaire: Questionnaire) -> None:
    """Spread the invented free texts over the « other » boxes, every ninth response."""
    others = [(key, item.column) for key, _, item in questionnaire.boxes() if item.code == "other"]
    if not others:
        return
    for index, text in enumerate(_OTHER_TEXTS * 2):
        position = 4 + 9 * index
        if position >= len(responses):
            return
        key, column = others[index % len(others)]
        responses[position].texts[key] = text
        responses[position].values[column] = True


def _truth(responses: list[_Response], survey: int) -> pd.DataFrame:
    ordered = sorted(responses, key=lambda response: response.number)
    records = [
        {
            "id_reponse": f"{survey}-{response.number}",
            "date_reponse": None if response.end is None else response.end.date(),
            **response.values,
        }
        for response in ordered
    ]
    return typed(pd.DataFrame(records, columns=list(load_schema("enquete").names)), "enquete")


def _rows(responses: list[_Response], questionnaire: Questionnaire) -> list[list[str | None]]:
    keys = [key for question in questionnaire.questions for key in question.keys]
    meta = ["id", "submitdate", "lastpage", "startlanguage", "seed", "startdate", "datestamp"]
    rows: list[list[str | None]] = [[*meta, *keys]]
    for response in responses:
        moments = [None if moment is None else moment.isoformat(" ") for moment in (response.end, response.start)]
        head = [str(response.number), moments[0], str(response.last_page), "fr", str(response.seed), moments[1]]
        rows.append(
            [
                *head,
                moments[0] or moments[1],
                *answer_cells(questionnaire, response.values, response.texts, response.last_page),
            ]
        )
    return rows
