"""Simulated visits and documents: what was observed in each school, what each document establishes."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.checks import typed
from edp_analysis.contract.schema import load_schema
from edp_analysis.problems import UserError
from edp_analysis.simulation.interview_files import varied_date
from edp_analysis.simulation.interview_story import VisitSettings, apportion, read_rows
from edp_analysis.simulation.truth import records
from edp_analysis.simulation.wordings import accepted_wordings
from edp_analysis.simulation.workbooks import Grid, csv_bytes, xlsx_bytes

__all__ = ["documents_file", "draw_documents", "draw_visits", "visits_file"]

_ANSWERS = ("OUI", "PARTIEL", "NON", "SANS_OBJET")
_REMARKS = ("Accueil chaleureux.", "À revoir au printemps.", "", "Visite avec deux classes.")


def draw_visits(campaign: Campaign, schools: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the visits of ``[simulation.visites]``: one whole day a school, the story's counts of what was observed.

    Returns
    -------
    pandas.DataFrame
        Clean table ``visites``, by day.
    """
    settings = VisitSettings.of(campaign)
    strange = sorted(set(settings.ecoles) - set(schools["ecole"]))
    if strange:
        raise UserError(f"[simulation.visites] : « {strange[0]} » n'est pas une école.", "Le corriger.")
    days = pd.bdate_range(settings.debut, settings.fin)
    if len(days) < len(settings.ecoles):
        raise UserError("[simulation.visites] : moins de jours ouvrés que d'écoles.", "Élargir la période.")
    chosen = np.sort(rng.choice(len(days), size=len(settings.ecoles), replace=False))
    order = rng.permutation(len(settings.ecoles))
    columns: dict[str, list[object]] = {
        "ecole": [settings.ecoles[int(place)] for place in order],
        "date_visite": [days[int(place)].date() for place in chosen],
        "duree_jours": [1.0] * len(order),
    }
    for row in read_rows(campaign.root, settings.recit):
        counts = apportion(len(order), [int(row[answer]) for answer in _ANSWERS])
        seen = [answer for answer, number in zip(_ANSWERS, counts, strict=True) for _ in range(number)]
        columns[row["colonne"]] = [seen[int(place)] for place in rng.permutation(len(seen))]
    return typed(pd.DataFrame(columns, dtype=object), "visites")


def visits_file(visits: pd.DataFrame, day: date, rng: np.random.Generator) -> bytes:
    """Return the observation grid: titles above, wordings, a free remark and who visited (neither may come through)."""
    fields = [field for field in load_schema("visites-recu").fields if field.name in visits.columns]
    headings: list[object] = [field.title for field in fields]
    rows: list[list[object]] = [["Visites d’écoles (données simulées)"], [], [*headings, "Visiteur", "Remarques"]]
    for rank, row in enumerate(records(visits)):
        cells: list[object] = [row.ecole.replace("-", " ") if rng.random() < 0.3 else row.ecole]
        cells += [varied_date(row.date_visite, rng), 1 if rng.random() < 0.7 else "1,0"]
        for field in fields[3:]:
            words = accepted_wordings("observation", getattr(row, field.name))
            cells.append(words[int(rng.integers(len(words)))])
        rows.append([*cells, f"équipe {1 + rank % 2}", _REMARKS[rank % len(_REMARKS)]])
    return xlsx_bytes([Grid("Grille de visite", rows, headings=(2,))], day)


def draw_documents(campaign: Campaign) -> pd.DataFrame:
    """Return the documents of the story: public texts with their source, the others invented and titled so."""
    rows = [
        {name: value or None for name, value in row.items()}
        for row in read_rows(campaign.root, VisitSettings.of(campaign).documents)
    ]
    return typed(pd.DataFrame(rows, columns=list(load_schema("documents").names), dtype=object), "documents")


def documents_file(documents: pd.DataFrame, rng: np.random.Generator) -> bytes:
    """Return ``documents.csv`` as the evaluators keep it: `;`, UTF-8 with BOM, days first, wordings."""
    rows: list[list[object]] = [["N°", "Titre", "Émetteur", "Date", "Type de document", "Ce qu’il établit", "Source"]]
    for row in records(documents):
        words = accepted_wordings("type_document", row.type_document)
        blank = "" if pd.isna(row.source) else row.source
        day = "" if pd.isna(row.date_document) else f"{row.date_document:%d/%m/%Y}"
        kind = (
            words[int(rng.integers(len(words)))]
            if rng.random() < 0.3
            else load_codes("type_document").labels[row.type_document]
        )
        rows.append([row.id_document, row.titre, row.emetteur, day, kind, row.etablit, blank])
    return csv_bytes(Grid("", rows), "utf-8-sig")
