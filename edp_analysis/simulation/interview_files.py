"""The interview grid as it is kept by several hands: titles above the table, variants, signs, dates as text.

Names and addresses are in the file, as in a real one; they are invented, and nothing of them may come through.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from edp_analysis.contract import load_codes
from edp_analysis.simulation.interviews import SimulatedInterviews
from edp_analysis.simulation.people import invent_people
from edp_analysis.simulation.truth import records
from edp_analysis.simulation.wordings import accepted_wordings
from edp_analysis.simulation.workbooks import Grid, xlsx_bytes

__all__ = ["PASTED_TWICE", "grid_file", "varied_date"]

PASTED_TWICE = 2
"""Codings that stand twice in the file, word for word."""

_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_SIGNS = {"POSITIF": (1, "+", "++"), "NEUTRE": (0, "0", "neutre"), "NEGATIF": (-1, "-", "--")}
_NOTICE = (
    "Grille d’entretiens (données simulées : personne n’a tenu ces propos)",
    "Une ligne par entretien ; une ligne par sujet relevé et par codeur ; les citations à part.",
    "C1 écrit les sujets en toutes lettres, C2 écrit les codes.",
)


def grid_file(simulated: SimulatedInterviews, day: date, rng: np.random.Generator) -> bytes:
    """Return the workbook of the interviews: a notice, then the list, the codings and the quotations.

    Parameters
    ----------
    simulated : SimulatedInterviews
    day : datetime.date
        Day of creation written in the workbook.
    rng : numpy.random.Generator
    """
    notice = Grid("Lisez-moi", [[line] for line in _NOTICE])
    grids = [notice, _interviews(simulated.interviews, rng), _codings(simulated.codings, rng)]
    return xlsx_bytes([*grids, _quotations(simulated.quotations, rng)], day)


def _interviews(frame: pd.DataFrame, rng: np.random.Generator) -> Grid:
    names = _names(frame, rng)
    headings = ["N° entretien", "Date", "Famille d’acteurs", "Type de structure", "Code structure"]
    headings += ["Personne rencontrée", "Courriel", "Individuel / collectif", "Nb de personnes", "École concernée"]
    rows: list[list[object]] = [["Liste des entretiens"], [], [*headings]]
    for row, (first, last) in zip(records(frame), names, strict=True):
        met = "" if row.type_structure == "GROUPE_JEUNES" else f"{first} {last}"
        flat = f"{first}.{last}".lower().replace(" ", "").replace("’", "")
        rows.append(
            [
                _untidy(row.id_entretien, rng),
                varied_date(row.date_entretien, rng),
                _wording("famille_acteurs", row.famille_acteurs, rng),
                _wording("type_structure", row.type_structure, rng),
                row.structure,
                met,
                f"{flat}@exemple.fr" if met and rng.random() < 0.3 else None,
                _wording("mode_entretien", row.mode_entretien, rng),
                row.nombre_personnes if rng.random() < 0.8 else str(row.nombre_personnes),
                None if pd.isna(row.ecole) else row.ecole.replace("-", " ") if rng.random() < 0.3 else row.ecole,
            ]
        )
    rows += [[], ["Total", None, f"{len(frame)} entretiens"]]
    return Grid("Entretiens", rows, headings=(2,))


def _names(frame: pd.DataFrame, rng: np.random.Generator) -> list[tuple[str, str]]:
    people = pd.DataFrame(
        {
            "ecole": frame["id_entretien"],  # all different: no twins among those met
            "sexe": ["F" if rank % 2 else "H" for rank in range(len(frame))],
            "age_entree": 40,
            "date_entree": frame["date_entretien"].dt.date,
        }
    )
    found = invent_people(people, rng)
    return list(zip(found["prenom"], found["nom"], strict=True))


def _codings(frame: pd.DataFrame, rng: np.random.Generator) -> Grid:
    headings: list[object] = [
        "Entretien",
        "Codeur",
        "Thème",
        "Code",
        "Polarité",
        "Intensité",
        "Citation",
        "Document cité",
    ]
    labels = load_codes("themes").labels
    lines: list[list[object]] = []
    for row in records(frame):
        words = row.codeur == "C1"
        signs = _SIGNS[row.polarite]
        lines.append(
            [
                _untidy(row.id_entretien, rng),
                row.codeur if rng.random() < 0.8 else f"codeur {row.codeur[1]}",
                labels[row.theme] if words else None,
                _wording("codes_entretiens", row.code, rng) if words else row.code,
                _wording("polarite", row.polarite, rng) if words else signs[int(rng.integers(len(signs)))],
                row.intensite,
                None if pd.isna(row.id_citation) else row.id_citation.lower(),
                None if pd.isna(row.id_document) else row.id_document,
            ]
        )
    pasted = [list(lines[int(place)]) for place in rng.choice(len(lines), size=PASTED_TWICE, replace=False)]
    middle = len(lines) // 2
    return Grid("Codages", [headings, *lines[:middle], headings, *lines[middle:], *pasted], headings=(0, middle + 1))


def _quotations(frame: pd.DataFrame, rng: np.random.Generator) -> Grid:
    headings = ["N° citation", "Entretien", "Verbatim", "Approuvée (oui/non)", "Diffusion", "Document"]
    rows: list[list[object]] = [[*headings]]
    for row in records(frame):
        answers = ("oui", "Oui", "X") if row.approuvee else ("non", "Non", "N")
        unsaid = row.diffusion == "INTERNE" and rng.random() < 0.2
        rows.append(
            [
                row.id_citation,
                _untidy(row.id_entretien, rng),
                row.texte.replace(" ; ", "\u00a0; "),
                answers[int(rng.integers(len(answers)))],
                None if unsaid else _wording("diffusion", row.diffusion, rng),
                None if pd.isna(row.id_document) else row.id_document,
            ]
        )
    return Grid("Citations", rows, headings=(0,))


def _wording(codes: str, code: str, rng: np.random.Generator) -> str:
    words = accepted_wordings(codes, code)
    text = words[int(rng.integers(len(words)))]
    return f"{text}\u00a0" if rng.random() < 0.15 else text


def _untidy(text: str, rng: np.random.Generator) -> str:
    draw = rng.random()
    return text.lower() if draw < 0.1 else f" {text}\u00a0" if draw < 0.2 else text


def varied_date(day: pd.Timestamp, rng: np.random.Generator) -> object:
    """Return a day as a date, or as the text that someone typed."""
    if pd.isna(day):
        return None
    draw = rng.random()
    if draw < 0.6:
        return day.date()
    return f"{day:%d/%m/%Y}" if draw < 0.85 else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
