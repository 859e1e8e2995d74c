"""Templates filled in as a school would, with the learners of the simulated campaign: their names, dates and codes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.contract import load_codes, load_schema
from edp_analysis.contract.template import LEARNERS_SHEET
from edp_analysis.monitoring.columns import learner_columns
from edp_analysis.monitoring.workbook import HEADING_ROW, template_bytes
from edp_analysis.simulation.learners import simulate_learners
from edp_analysis.simulation.settings import read_settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return load_campaign("2024", ROOT)


@pytest.fixture(scope="session")
def people(campaign: Campaign) -> pd.DataFrame:
    """The simulated learners with their names and birth dates, which only the schools' files hold."""
    settings = read_settings(campaign)
    learners = simulate_learners(campaign, settings, np.random.default_rng([settings.seed, 1]))
    return learners.clean.merge(learners.people, on="id_inscription")


def written(value: Any, name: str) -> Any:
    """Write a true value as a school does in the template: the wording of the list, a true date, a text."""
    field = load_schema("apprenants-recu")[name]
    if pd.isna(value):
        return None
    if field.type == "boolean":
        return "Oui" if value else "Non"
    if field.codes:
        return load_codes(field.codes).labels[str(value)]
    if field.type == "date":
        return pd.Timestamp(value).date()
    return int(value) if field.type == "integer" else str(value)


@pytest.fixture
def fill(campaign: Campaign, people: pd.DataFrame) -> Callable[..., openpyxl.Workbook]:
    """Give the function that fills the template of a school with its true rows."""

    def filled(school: str, rows: int | None = None) -> openpyxl.Workbook:
        book = openpyxl.load_workbook(BytesIO(template_bytes(campaign, school)))
        sheet = book[LEARNERS_SHEET]
        own = people[people["ecole"] == school]
        for line, (_, person) in enumerate(own.head(len(own) if rows is None else rows).iterrows(), HEADING_ROW + 1):
            for place, column in enumerate(learner_columns(campaign), 1):
                sheet.cell(line, place, written(person[column.field.name], column.field.name))
        return book

    return filled


@pytest.fixture
def project(tmp_path: Path, campaign: Campaign) -> Campaign:
    """A copy of the campaign without any learner file nor correction: what the schools send back goes there."""
    for name in ("campaigns", "data/reference"):
        shutil.copytree(ROOT / name, tmp_path / name)
    raw = tmp_path / "data" / "raw" / "2024"
    (raw / "ecoles").mkdir(parents=True)
    for name in ("ORIGIN.toml", "ecoles.csv"):
        shutil.copyfile(campaign.raw / name, raw / name)
    return load_campaign("2024", tmp_path)


def place_of(campaign: Campaign, name: str) -> int:
    """Return the column, from 1, of a field in the sheet of the youths."""
    return next(n for n, column in enumerate(learner_columns(campaign), 1) if column.field.name == name)
