"""Phase 2 of a simulated campaign: interviews, visits, documents, their files and their truth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.simulation.interview_files import PASTED_TWICE, grid_file
from edp_analysis.simulation.interviews import SimulatedInterviews, draw_interviews
from edp_analysis.simulation.second_reading import Mentions, pooled_agreement
from edp_analysis.simulation.truth import records
from edp_analysis.simulation.visits import documents_file, draw_documents, draw_visits, visits_file

__all__ = ["PhaseTwo", "simulate_phase_two"]


@dataclass(frozen=True)
class PhaseTwo:
    """What phase 2 adds to a simulated campaign.

    Attributes
    ----------
    files : mapping of str to bytes
        By path under the raw folder.
    truth : mapping of str to pandas.DataFrame
        Clean tables that cleaning must give back.
    planted : str
        ``verite-entretiens.toml``: the agreement of the coders, what must not come through.
    """

    files: Mapping[str, bytes]
    truth: Mapping[str, pd.DataFrame]
    planted: str


def simulate_phase_two(campaign: Campaign, schools: pd.DataFrame, rng: np.random.Generator) -> PhaseTwo:
    """Draw phase 2 and write its files.

    Parameters
    ----------
    campaign : Campaign
        Sections ``[simulation.entretiens]`` and ``[simulation.visites]``.
    schools : pandas.DataFrame
        Clean table ``ecoles``.
    rng : numpy.random.Generator
    """
    simulated = draw_interviews(campaign, schools, rng)
    visits = draw_visits(campaign, schools, rng)
    documents = draw_documents(campaign)
    day = campaign.extraction_date
    files = {
        "entretiens/grille-entretiens.xlsx": grid_file(simulated, day, rng),
        "visites/grille-visites.xlsx": visits_file(visits, day, rng),
        "documents.csv": documents_file(documents, rng),
    }
    truth = {
        "entretiens": simulated.interviews,
        "codages": simulated.codings,
        "citations": simulated.quotations,
        "visites": visits,
        "documents": documents,
    }
    return PhaseTwo(files, truth, _planted(simulated))


def _planted(simulated: SimulatedInterviews) -> str:
    readings: dict[int, Mentions] = {1: {}, 2: {}}
    for row in records(simulated.codings):
        if row.id_entretien in simulated.double:
            readings[row.lecture][row.id_entretien, row.code] = row.polarite
    counts = pooled_agreement(readings[1], readings[2], simulated.double)
    both, first, second, neither = (counts[name] for name in ("deux", "premier", "second", "aucun"))
    total = both + first + second + neither
    expected = ((both + first) * (both + second) + (second + neither) * (first + neither)) / total**2
    kappa = ((both + neither) / total - expected) / (1 - expected)
    refused = int((~simulated.quotations["approuvee"]).sum())
    lines = [
        "# Ce que la simulation a mis dans les entretiens : à retrouver par les tests, jamais lu par la chaîne.",
        f"codages_colles_deux_fois = {PASTED_TWICE}",
        f"citations_non_approuvees = {refused}",
        "",
        "[accord]  # décisions « ce code, dans cet entretien », sur les entretiens lus deux fois et tous les codes",
        f"entretiens = {len(simulated.double)}",
        *(f"{name} = {number}" for name, number in counts.items()),
        f"kappa = {kappa:.4f}  # les accords et désaccords ci-dessus, par la formule",
        "",
    ]
    return "\n".join(lines)
