"""The simulated learners: the clean table `apprenants` as it should come out of cleaning, and who they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.pseudonym import enrolment_id, pseudonymise
from edp_analysis.contract import load_schema
from edp_analysis.intake.dates import school_year
from edp_analysis.simulation import background, outcomes
from edp_analysis.simulation.core import OLD, RECENT, read_core, solve_core, solve_shares
from edp_analysis.simulation.days import course_end, draw_day
from edp_analysis.simulation.people import invent_people
from edp_analysis.simulation.sampling import choose
from edp_analysis.simulation.settings import SimulationSettings
from edp_analysis.simulation.truth import records, typed

__all__ = ["Learners", "core_table", "period_sizes", "simulate_learners"]

_LEVELS = {"5": 3, "4": 4}  # first digit of the diploma code: former level V is level 3, IV is 4
_LICENCES = {"oui": 12.0, "en_cours": 38.0, "non": 50.0}
_HOUSING = {"FAMILLE": 74.0, "INTERNAT": 18.0, "AUTONOME": 5.0, "AUTRE": 3.0}


@dataclass(frozen=True)
class Learners:
    """Simulated learners.

    Attributes
    ----------
    clean : pandas.DataFrame
        Columns and types of the contract ``apprenants``; sorted by school, entry, identifier.
    people : pandas.DataFrame
        ``id_inscription, nom, prenom, date_naissance``: what only the schools' files hold.
    """

    clean: pd.DataFrame
    people: pd.DataFrame


def period_sizes(campaign: Campaign, settings: SimulationSettings) -> dict[str, int]:
    """Return the number of enrolments whose two-year course has ended at the extraction, and of the others."""
    sizes = {OLD: 0, RECENT: 0}
    for school in settings.schools:
        for intake in school.intakes:
            sizes[_period(intake.day, campaign)] += intake.size
    return sizes


def core_table(campaign: Campaign, settings: SimulationSettings) -> pd.DataFrame:
    """Return the core of a campaign: the committed table if the campaign names one, else a solved one."""
    sizes = period_sizes(campaign, settings)
    if settings.core_file:
        return read_core(campaign.root / settings.core_file, settings, sizes)
    return solve_core(settings, sizes, _girls(campaign, settings, sizes))


def _girls(campaign: Campaign, settings: SimulationSettings, sizes: Mapping[str, int]) -> dict[str, float]:
    expected = {OLD: 0.0, RECENT: 0.0}
    for school in settings.schools:
        for intake in school.intakes:
            expected[_period(intake.day, campaign)] += intake.size * school.girls
    scale = (settings.enrolments - settings.men) / sum(expected.values())
    return {period: scale * expected[period] / max(sizes[period], 1) for period in expected}


def _period(entry: date, campaign: Campaign) -> str:
    return OLD if course_end(entry) <= campaign.extraction_date else RECENT


def simulate_learners(campaign: Campaign, settings: SimulationSettings, rng: np.random.Generator) -> Learners:
    """Simulate the learners of a campaign.

    Parameters
    ----------
    campaign : Campaign
    settings : SimulationSettings
    rng : numpy.random.Generator
        Who gets what; the published counts do not depend on it.

    Raises
    ------
    UserError
        The settings contradict one another.
    """
    origins = solve_shares(settings.enrolments, settings.origins)
    frame = _entries(campaign, settings, rng)
    frame = background.add_origins(frame, origins, settings, rng)
    frame = background.add_ages(frame, rng)
    frame = outcomes.add_statuses(frame, campaign, settings, rng)
    frame = outcomes.add_core(frame, core_table(campaign, settings), settings, rng)
    frame = outcomes.add_exit_days(frame, campaign, rng)
    frame = outcomes.add_situations(frame, rng)
    frame = outcomes.add_follow_up(frame, campaign, rng)
    frame = background.add_past(frame, settings, rng)
    frame = background.add_places(frame, settings, rng)
    frame = _add_rest(frame, campaign, settings, rng)
    people = invent_people(frame, rng)
    return _finish(frame, people, campaign)


def _entries(campaign: Campaign, settings: SimulationSettings, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for school in settings.schools:
        for intake in school.intakes:
            for _ in range(intake.size):
                late = intake.day + timedelta(days=int(rng.integers(1, 17))) if rng.random() < 0.15 else intake.day
                last = min(late + timedelta(days=4), campaign.extraction_date)
                entry = draw_day(late, last, rng) if late != intake.day else late
                rows.append((school.code, intake.day, entry, _period(intake.day, campaign), school.diploma(entry)))
    return pd.DataFrame(rows, columns=["ecole", "promotion", "date_entree", "periode", "diplome_prepare"])


def _add_rest(
    frame: pd.DataFrame, campaign: Campaign, settings: SimulationSettings, rng: np.random.Generator
) -> pd.DataFrame:
    counting = campaign.last_counting_date
    exits = list(frame["date_sortie"])
    licences: list[str | None] = []
    for row in records(frame):
        years = ((row.date_sortie or campaign.extraction_date) - row.date_entree).days / 365.25
        adult = row.age_entree + years >= 18
        weights = _LICENCES if adult else {"en_cours": 30.0, "non": 70.0}
        licences.append(choose(weights, rng) if rng.random() < 0.8 else None)
    done = frame.assign(
        annee_scolaire_entree=[school_year(day) for day in frame["date_entree"]],
        niveau=[_LEVELS[code[0]] for code in frame["diplome_prepare"]],
        cursus_complet=frame["statut"].map({"FIN_DE_FORMATION": True, "SORTIE_ANTICIPEE": False}),
        presente_examen=[result not in {"", "ABSENT"} for result in frame["resultat_examen"]],
        resultat_examen=frame["resultat_examen"].astype(object).replace({"": None}),
        presence_jour_comptage=[
            entry <= counting and (left is None or left >= counting)
            for entry, left in zip(frame["date_entree"], exits, strict=True)
        ],
        permis=pd.Series(licences, dtype=object),
        hebergement=pd.Series([choose(_HOUSING, rng) if rng.random() < 0.85 else None for _ in exits], dtype=object),
    )
    for school in settings.schools:
        done.loc[done["ecole"] == school.code, list(school.without)] = None
    return done


def _finish(frame: pd.DataFrame, people: pd.DataFrame, campaign: Campaign) -> Learners:
    key = campaign.simulation_key.encode("utf-8")
    pseudonyms = [pseudonymise(p.nom, p.prenom, p.date_naissance, key) for p in records(people)]
    identifiers = [
        enrolment_id(pseudonym, row.ecole, row.date_entree)
        for pseudonym, row in zip(pseudonyms, records(frame), strict=True)
    ]
    full = frame.assign(id_jeune=pseudonyms, id_inscription=identifiers)
    full = full.sort_values(["ecole", "date_entree", "id_inscription"], kind="stable")
    people = people.assign(id_inscription=identifiers).loc[full.index]
    return Learners(
        clean=typed(full, load_schema("apprenants")),
        people=people[["id_inscription", "nom", "prenom", "date_naissance"]].reset_index(drop=True),
    )
