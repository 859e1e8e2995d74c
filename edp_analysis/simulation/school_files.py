"""The schools' files, as they would be received: one truth, as many layouts as schools."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_schema, normalise_text
from edp_analysis.intake.dates import school_year
from edp_analysis.intake.headers import known_titles
from edp_analysis.intake.raw import column_letters
from edp_analysis.problems import UserError
from edp_analysis.simulation.duplicates import write_twice
from edp_analysis.simulation.layouts import BLOCKS, LAYOUTS, Layout
from edp_analysis.simulation.learners import Learners
from edp_analysis.simulation.settings import SchoolSettings, SimulationSettings
from edp_analysis.simulation.wordings import write_value
from edp_analysis.simulation.workbooks import Grid, csv_bytes, ods_bytes, xlsx_bytes

__all__ = ["PlantedFiles", "write_school_files"]

_GROUPS = {"residence": "Résidence", "origine": "Scolarité antérieure", "formation": "Formation", "sortie": "Sortie"}
_SITUATIONS = {"situation_sortie": "à la sortie", "situation_6m": "à 6 mois", "situation_12m": "à 12 mois"}
_REMARKS = (None, None, None, "RAS", "à recontacter", "dossier complet")


@dataclass(frozen=True)
class PlantedFiles:
    """What was put into the files on purpose: enrolments written twice, by file; the wrong cell to be corrected."""

    duplicates: dict[str, int]
    correction: dict[str, str]


def write_school_files(
    learners: Learners, campaign: Campaign, settings: SimulationSettings, rng: np.random.Generator
) -> tuple[dict[str, bytes], PlantedFiles]:
    """Write the files of all schools, and the declared correction of the one wrong value they hold.

    Returns
    -------
    files : dict of str to bytes
        By path under the raw folder: ``ecoles/…`` and ``corrections.toml``.
    planted : PlantedFiles

    Raises
    ------
    UserError
        The campaign names an unknown layout.
    """
    people = learners.people.set_index("id_inscription")
    frame = learners.clean.join(people, on="id_inscription").assign(extraction=campaign.extraction_date)
    frame["jumeau"] = frame.duplicated(["nom", "date_naissance"], keep=False)
    files: dict[str, bytes] = {}
    duplicates: dict[str, int] = {}
    correction: dict[str, str] = {}
    for school in settings.schools:
        if school.layout not in LAYOUTS:
            raise UserError(
                f"[simulation] {school.code} : mise en page « {school.layout} » inconnue.",
                f"Choisir parmi : {', '.join(LAYOUTS)}.",
            )
        layout = LAYOUTS[school.layout]
        rows = frame[frame["ecole"] == school.code].sort_values(["date_entree", "nom", "prenom"], kind="stable")
        lines = write_twice(rows, school.duplicates, rng)
        grids, columns = _grids(lines, school, layout, campaign, rng)
        name = layout.file_name.format(ecole=school.code)
        if not correction and layout.container == "xlsx" and layout.dates == ("texte",):
            correction = _plant_wrong_birth(grids[0], columns, lines, name)
        files[f"ecoles/{name}"] = _bytes(grids, layout, campaign.extraction_date)
        duplicates[name] = school.duplicates
    if correction:
        files["corrections.toml"] = _corrections(correction, campaign.extraction_date)
    return files, PlantedFiles(duplicates, correction)


def _bytes(grids: list[Grid], layout: Layout, day: date) -> bytes:
    if layout.container == "csv":
        return csv_bytes(grids[0], layout.encoding)
    return ods_bytes(grids) if layout.container == "ods" else xlsx_bytes(grids, day)


def _columns(school: SchoolSettings, layout: Layout) -> list[str]:
    names = [name for block in layout.blocks for name in BLOCKS[block] if name not in school.without]
    names = ["annee_scolaire"] * layout.year_column + names
    return ["ecole"] * layout.school_column + names + list(layout.extras)


def heading_of(name: str, layout: Layout) -> str:
    """Return the heading that a layout gives to a field: one that the contract accepts."""
    schema = load_schema("apprenants-recu")
    if name not in schema.names:
        return name
    known = known_titles(schema)
    texts = [text for text in schema[name].synonyms if known[normalise_text(text)] == name]
    if layout.heading < 0:
        return next((text for text in reversed(texts) if "_" in text), name)
    plain = [text for text in texts if "_" not in text]
    text = plain[layout.heading % len(plain)]
    return f"{text[0].upper()}{text[1:]}"


def _heading_rows(columns: list[str], layout: Layout) -> tuple[list[list[object]], list[tuple[int, int, int, int]]]:
    """Return the heading lines and their merged ranges (rows counted from the first heading line)."""
    texts = [heading_of(name, layout) for name in columns]
    if not layout.two_lines:
        return [[f"{text} *" if "espaces" in layout.noise and n < 3 else text for n, text in enumerate(texts)]], []
    block_of = {name: block for block, names in BLOCKS.items() for name in names}
    upper: list[object] = []
    lower: list[object] = []
    for name, text in zip(columns, texts, strict=True):
        group = "Situation" if name in _SITUATIONS else _GROUPS.get(block_of.get(name, ""), "")
        upper.append(group or text)
        lower.append(_SITUATIONS.get(name, text) if group else None)
    merged, start = [], 0
    for n in range(1, len(columns) + 1):
        if n < len(columns) and upper[n] == upper[start] and lower[n] is not None:
            continue
        if n - start > 1:
            merged.append((0, start, 0, n - 1))
            upper[start + 1 : n] = [None] * (n - start - 1)
        elif lower[start] is None:
            merged.append((0, start, 1, start))
        start = n
    return [upper, lower], merged


def _grids(
    lines: list[dict[str, Any]], school: SchoolSettings, layout: Layout, campaign: Campaign, rng: np.random.Generator
) -> tuple[list[Grid], list[str]]:
    columns = _columns(school, layout)
    years = sorted({line["feuille"] for line in lines}) if layout.by_year else [None]
    grids = []
    for year in years:
        chosen = [line for line in lines if year is None or line["feuille"] == year]
        name = layout.sheet_name.format(annee=school_year(year)) if year else layout.sheet_name
        if year is None:
            chosen.sort(key=lambda line: (line["feuille"], line["rang"]))
        else:
            chosen.sort(key=lambda line: line["rang"])
        grids.append(_grid(name, chosen, columns, school, layout, campaign, rng))
    return grids, columns


def _grid(
    name: str,
    lines: list[dict[str, Any]],
    columns: list[str],
    school: SchoolSettings,
    layout: Layout,
    campaign: Campaign,
    rng: np.random.Generator,
) -> Grid:
    down, right = layout.at
    pad: list[object] = [None] * right
    grid = Grid(name, [[] for _ in range(down)])
    filled = {"ecole": school.code, "extraction": f"{campaign.extraction_date:%d/%m/%Y}"}
    grid.rows += [[*pad, title.format(**filled)] if title else [] for title in layout.titles]
    headings, merged = _heading_rows(columns, layout)
    top = len(grid.rows)
    grid.rows += [[*pad, *row] for row in headings]
    grid.merged = [(top + a, right + b, top + c, right + d) for a, b, c, d in merged]
    grid.headings = tuple(range(top, top + len(headings)))
    year, count = None, 0
    for n, line in enumerate(lines):
        if layout.separators and line["feuille"] != year:
            grid.rows.append([*pad, f"Promotion {school_year(line['feuille'])}"])
        year, count = line["feuille"], count + 1
        grid.rows.append([*pad, *_row(line, columns, school, layout, rng)])
        line["place"] = len(grid.rows)
        if layout.separators and layout.totals and (n + 1 == len(lines) or lines[n + 1]["feuille"] != year):
            grid.rows.append([*pad, f"Total promotion {school_year(year)}", count])
            count = 0
    if layout.totals:
        grid.rows.append([*pad, "TOTAL", len(lines)])
        grid.rows.append([*pad, "Moyenne d’âge", _mean_age(lines)])
    grid.rows += [[*pad, note] if note else [] for note in layout.notes]
    return grid


def _mean_age(lines: list[dict[str, Any]]) -> object:
    return round(float(np.mean([float(line["age_entree"]) for line in lines])), 1)


def _row(
    line: dict[str, Any], columns: list[str], school: SchoolSettings, layout: Layout, rng: np.random.Generator
) -> list[object]:
    schema = load_schema("apprenants-recu")
    cells: list[object] = []
    for name in columns:
        if name == "ecole":
            cells.append(school.code)
        elif name == "annee_scolaire":
            cells.append(school_year(line["date_entree"]))
        elif name in layout.extras:
            # Numbers reserved for fiction by the regulator.
            phone = f"06 39 98 {int(rng.integers(100)):02d} {int(rng.integers(100)):02d}"
            cells.append(phone if name.startswith("tel") else _REMARKS[int(rng.integers(len(_REMARKS)))])
        elif line["statut"] == "INSCRIT" and name in BLOCKS["sortie"]:
            cells.append(None)
        else:
            value = write_value(line[name], schema[name], layout, rng, diploma=line["diplome_prepare"])
            cells.append(value)
    return cells


def _plant_wrong_birth(grid: Grid, columns: list[str], lines: list[dict[str, Any]], file: str) -> dict[str, str]:
    """Give one learner an impossible birth year, and return the correction that a person would declare."""
    written = {line["id_inscription"] for line in lines if line["copie"]}
    line = next(line for line in lines if line["id_inscription"] not in written and not line["jumeau"])
    row = grid.rows[line["place"] - 1]
    column = len(row) - len(columns) + columns.index("date_naissance")
    right = str(row[column]).strip()
    wrong = f"{right[:6]}{int(right[6:]) + 54}"
    row[column] = wrong
    return {
        "fichier": file,
        "feuille": grid.name,
        "cellule": f"{column_letters(column)}{line['place']}",
        "champ": "date_naissance",
        "attendu": wrong,
        "nouveau": right,
    }


def _corrections(correction: dict[str, str], day: date) -> bytes:
    lines = [
        "# Décisions humaines sur une valeur reçue : qui, quand, pourquoi, et la valeur attendue dans le fichier.",
        "",
    ]
    lines += ["[[correction]]", *(f'{key} = "{value}"' for key, value in correction.items())]
    lines += ['qui = "chargé d’évaluation"', f"quand = {day:%Y-%m-%d}"]
    lines += ['pourquoi = "année de naissance impossible ; date confirmée par l’école au téléphone"', ""]
    return "\n".join(lines).encode("utf-8")
