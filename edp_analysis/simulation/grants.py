"""The Région's own tables: schools and grants, clean and as it keeps them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes, load_schema
from edp_analysis.simulation.accounts_plan import Story
from edp_analysis.simulation.head_counts import counting_years, head_count
from edp_analysis.simulation.settings import SimulationSettings
from edp_analysis.simulation.truth import records, typed

__all__ = ["grants_file", "schools_file", "simulate_grants", "simulate_schools"]

_REGION = "Région Normandie"
_STATE = "Fédération (fonds de l’État)"
_COMPANIES = "Entreprises (solde de la taxe d’apprentissage)"
_PATRONS = "Mécènes et fondations"
_COLUMNS = ["ecole", "financeur", "nature_financeur", "objet", "exercice", "montant"]


def simulate_schools(settings: SimulationSettings) -> pd.DataFrame:
    """Return the clean `ecoles` table."""
    rows = [(s.code, s.domain, s.department, s.opening, s.funding) for s in settings.schools]
    columns = ["ecole", "domaine", "departement", "date_ouverture", "mode_financement"]
    return typed(pd.DataFrame(rows, columns=columns), load_schema("ecoles"))


def simulate_grants(
    campaign: Campaign, settings: SimulationSettings, learners: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the clean `financements` table; amounts in euros.

    The table covers the years of the head-counts that pay the campaign's exercises: it begins a year early when a
    school closes its books in summer. Each lump-sum school receives, for each of these years, the campaign's lump sum
    times its head-count on the counting day. State money (public, whatever the federation that hands it on), the
    apprenticeship tax and patrons follow with the head-count; the rest is written in the campaign file.
    """
    rows: list[tuple[object, ...]] = []
    years = counting_years(campaign, Story.of(campaign).ends.values())
    # The campaign's own exercises first: an earlier year must not move their draws.
    for exercise in sorted(years, key=lambda year: (year not in campaign.exercises, year)):
        rows.append((None, _REGION, "PUBLIC", "ANIMATION", exercise, settings.delegate))
        for school in settings.schools:
            heads = head_count(learners, school.code, date(exercise, *campaign.counting_day))
            if not heads:
                continue
            if school.funding == "FORFAIT":
                rows.append((school.code, _REGION, "PUBLIC", "FONCTIONNEMENT", exercise, heads * campaign.lump_sum))
            state = heads * settings.state_per_learner
            rows.append((school.code, _STATE, "PUBLIC", "FONCTIONNEMENT", exercise, _rounded(state, 0.05, rng)))
            tax = _rounded(heads * 1450, 0.35, rng)
            rows.append((school.code, _COMPANIES, "PRIVE", "TAXE_APPRENTISSAGE", exercise, tax))
            if rng.random() < 0.7:
                gift = _rounded(6000 + heads * 700, 0.6, rng)
                rows.append((school.code, _PATRONS, "PRIVE", "MECENAT", exercise, gift))
    rows += [(g.school, g.funder, g.nature, g.purpose, g.exercise, g.amount) for g in settings.regional_grants]
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    frame = frame.sort_values(["exercice", "ecole", "objet", "financeur"], kind="stable", na_position="first")
    frame.insert(0, "id_financement", range(1, len(frame) + 1))
    return typed(frame, load_schema("financements"))


def _rounded(amount: float, spread: float, rng: np.random.Generator) -> float:
    """Return the amount, up to `spread` more or less, to fifty euros."""
    return 50.0 * round(amount * (1 + spread * (2 * rng.random() - 1)) / 50)


def schools_file(schools: pd.DataFrame) -> bytes:
    """Return ``ecoles.csv`` as the Région keeps it: `;`, UTF-8 with BOM, wordings instead of codes."""
    domains, fundings = load_codes("domaine").labels, load_codes("mode_financement").labels
    lines = ["Code école;Domaine;Département;Date d’ouverture;Mode de financement"]
    lines += [
        f"{r.ecole};{domains[r.domaine]};{r.departement};{r.date_ouverture:%d/%m/%Y};{fundings[r.mode_financement]}"
        for r in records(schools)
    ]
    return _encode(lines)


def grants_file(grants: pd.DataFrame) -> bytes:
    """Return ``financements.csv`` as the Région keeps it: `;`, UTF-8 with BOM, amounts as « 75 000,00 »."""
    natures, purposes = load_codes("nature_financeur").labels, load_codes("objet_financement").labels
    lines = ["École;Financeur;Nature;Objet;Exercice;Montant (€)"]
    for r in records(grants):
        school = "" if pd.isna(r.ecole) else r.ecole
        amount = f"{r.montant:,.2f}".replace(",", "\u00a0").replace(".", ",")
        nature, purpose = natures[r.nature_financeur], purposes[r.objet]
        lines.append(f"{school};{r.financeur};{nature};{purpose};{r.exercice};{amount}")
    return _encode(lines)


def _encode(lines: list[str]) -> bytes:
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")
