"""Simulated interviews: who, when, what was coded by whom, and invented quotations, with the truth beside them.

Nobody said any of it: every quotation says so in its own text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.checks import typed
from edp_analysis.contract.codebook import SIMULATED_VOICE, family_of_structures, theme_of
from edp_analysis.contract.schema import load_schema
from edp_analysis.problems import UserError
from edp_analysis.simulation.interview_story import (
    POLARITIES,
    InterviewSettings,
    StoryLine,
    apportion,
    read_rows,
    read_story,
)
from edp_analysis.simulation.second_reading import Mentions, read_again

__all__ = ["SimulatedInterviews", "draw_interviews"]

_PREFIXES = {
    "ECOLE": "ECO", "ENTREPRISE": "ENT", "FEDERATION": "FED", "MISSION_LOCALE": "MIL", "FINANCEUR": "FIN",
    "REGION": "REG", "DREETS": "DRE", "CESER": "CES", "EDUCATION_NATIONALE": "EDU", "GROUPE_JEUNES": "JEU",
}  # fmt: skip
_WITH_SCHOOL = ("ECOLE", "GROUPE_JEUNES")
_CODERS = ("C1", "C2")


@dataclass(frozen=True)
class SimulatedInterviews:
    """The clean tables that cleaning must give back.

    Attributes
    ----------
    interviews, codings, quotations : pandas.DataFrame
        Clean tables ``entretiens``, ``codages``, ``citations``.
    double : tuple of str
        Interviews coded twice.
    """

    interviews: pd.DataFrame
    codings: pd.DataFrame
    quotations: pd.DataFrame
    double: tuple[str, ...]


def draw_interviews(campaign: Campaign, schools: pd.DataFrame, rng: np.random.Generator) -> SimulatedInterviews:
    """Draw the interviews of a campaign from its ``[simulation.entretiens]`` section.

    Parameters
    ----------
    campaign : Campaign
    schools : pandas.DataFrame
        Clean table ``ecoles``.
    rng : numpy.random.Generator

    Raises
    ------
    UserError
        A setting is missing or contradicts another, a file of the story is absent, or an interview would raise
        nothing at all.
    """
    settings = InterviewSettings.of(campaign)
    interviews = _interviews(settings, list(schools["ecole"]), rng)
    mentions = _mentions(interviews, read_story(campaign.root, settings.recit), rng)
    silent = sorted(set(interviews["id_entretien"]) - {interview for interview, _ in mentions})
    if silent:
        raise UserError(f"[simulation.entretiens] : {silent[0]} ne dirait rien.", "Relever les parts du récit.")
    double = _double(interviews, settings.doubles, rng)
    again = read_again(mentions, double, settings, rng)
    quotations, sources = _quotations(campaign, settings, interviews, mentions, rng)
    codings = _codings(interviews, mentions, double, again, sources, rng)
    return SimulatedInterviews(interviews, codings, quotations, double)


def _interviews(settings: InterviewSettings, schools: list[str], rng: np.random.Generator) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for kind, number in settings.interlocuteurs.items():
        distinct = settings.structures.get(kind, number)
        for rank in range(number):
            place = rank % (len(schools) if kind in _WITH_SCHOOL else distinct)
            school = schools[place] if kind in _WITH_SCHOOL else None
            rows.append(
                {
                    "famille_acteurs": family_of_structures()[kind],
                    "type_structure": kind,
                    "structure": f"{_PREFIXES[kind]}-{place + 1:02d}",
                    "ecole": school,
                }
            )
    _sizes(rows, settings.collectifs, rng)
    days = pd.bdate_range(settings.debut, settings.fin)
    chosen = np.sort(rng.integers(0, len(days), len(rows)))
    chosen[0], chosen[-1] = 0, len(days) - 1
    for row, rank in zip([rows[i] for i in rng.permutation(len(rows))], range(len(rows)), strict=True):
        row["id_entretien"] = f"E{rank + 1:02d}"
        row["date_entretien"] = days[chosen[rank]].date()
    frame = pd.DataFrame(rows, columns=list(load_schema("entretiens").names), dtype=object)
    return typed(frame.sort_values("id_entretien", ignore_index=True), "entretiens")


def _sizes(rows: list[dict[str, object]], collective: int, rng: np.random.Generator) -> None:
    """Make the groups of youths collective, then others drawn at random; give each its number of persons."""
    groups = [place for place, row in enumerate(rows) if row["type_structure"] == "GROUPE_JEUNES"]
    others = [place for place in range(len(rows)) if place not in groups]
    drawn = rng.choice(len(others), size=collective - len(groups), replace=False)
    together = {*groups, *(others[int(place)] for place in drawn)}
    for place, row in enumerate(rows):
        youths = place in groups
        size = int(rng.integers(4, 9) if youths else rng.integers(2, 5)) if place in together else 1
        row |= {"mode_entretien": "COLLECTIF" if place in together else "INDIVIDUEL", "nombre_personnes": size}


def _mentions(interviews: pd.DataFrame, story: tuple[StoryLine, ...], rng: np.random.Generator) -> Mentions:
    """Say which interviews raise which code, and how it is judged: the counts of the story, persons at random."""
    found: Mentions = {}
    for line in story:
        known = list(interviews.loc[interviews["type_structure"] == line.kind, "id_entretien"])
        counts = line.counts(len(known))
        drawn = rng.permutation(len(known))[: sum(counts)]
        judged = [name for name, number in zip(POLARITIES, counts, strict=True) for _ in range(number)]
        for place, polarity in zip(drawn, judged, strict=True):
            found[known[int(place)], line.code] = polarity
    return found


def _double(interviews: pd.DataFrame, number: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Draw the interviews coded twice, each family in proportion."""
    sizes = interviews["famille_acteurs"].value_counts().sort_index()
    chosen: list[str] = []
    for family, wanted in zip(sizes.index, apportion(number, list(sizes)), strict=True):
        known = list(interviews.loc[interviews["famille_acteurs"] == family, "id_entretien"])
        chosen += [known[int(place)] for place in rng.choice(len(known), size=wanted, replace=False)]
    return tuple(sorted(chosen))


def _codings(
    interviews: pd.DataFrame,
    mentions: Mentions,
    double: tuple[str, ...],
    again: Mentions,
    sources: dict[tuple[str, str], tuple[str, str | None]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Write both readings; a coder works alone on half of the interviews that are coded once."""
    alone = {name: _CODERS[rank % 2] for rank, name in enumerate(interviews["id_entretien"]) if name not in double}
    order = {code: rank for rank, code in enumerate(load_codes("codes_entretiens").labels)}
    rows = []
    for reading, found in ((1, mentions), (2, again)):
        for (name, code), polarity in sorted(found.items(), key=lambda item: (item[0][0], order[item[0][1]])):
            quotation, document = sources.get((name, code), (None, None)) if reading == 1 else (None, None)
            rows.append(
                {
                    "id_entretien": name,
                    "codeur": alone.get(name, _CODERS[reading - 1]),
                    "lecture": reading,
                    "theme": theme_of()[code],
                    "code": code,
                    "polarite": polarity,
                    "intensite": int(rng.integers(1, 4)),
                    "id_citation": quotation,
                    "id_document": document,
                }
            )
    return typed(pd.DataFrame(rows, columns=list(load_schema("codages").names), dtype=object), "codages")


def _quotations(
    campaign: Campaign,
    settings: InterviewSettings,
    interviews: pd.DataFrame,
    mentions: Mentions,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, dict[tuple[str, str], tuple[str, str | None]]]:
    """Give each invented quotation to an interview that says so; some are not approved, fewer than half are public."""
    kinds = dict(zip(interviews["id_entretien"], interviews["type_structure"], strict=True))
    sources: dict[tuple[str, str], tuple[str, str | None]] = {}
    rows: list[dict[str, object]] = []
    for row in read_rows(campaign.root, settings.citations):
        fits = [
            (name, code)
            for (name, code), polarity in sorted(mentions.items())
            if (code, kinds[name], polarity) == (row["code"], row["type_structure"], row["polarite"])
            and (name, code) not in sources
        ]
        if not fits:
            continue
        chosen = fits[int(rng.integers(len(fits)))]
        document = row["id_document"] or None
        sources[chosen] = (f"Q{len(rows) + 1:03d}", document)
        rows.append(
            {
                "id_citation": sources[chosen][0],
                "id_entretien": chosen[0],
                "texte": f"{row['texte']} {SIMULATED_VOICE}",
                "approuvee": True,
                "diffusion": "PUBLIC" if rng.random() < 0.5 else "INTERNE",
                "id_document": document,
            }
        )
    if settings.non_approuvees > len(rows):
        raise UserError("[simulation.entretiens] : « non_approuvees » dépasse le nombre de citations.", "Le baisser.")
    for place in rng.choice(len(rows), size=settings.non_approuvees, replace=False):
        rows[int(place)]["approuvee"] = False
    frame = pd.DataFrame(rows, columns=list(load_schema("citations").names), dtype=object)
    return typed(frame, "citations"), sources
