"""A page on empty tables: what exhibits need, without reading any file of data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.cleaning.result import Tables
from edp_analysis.exhibits import Page
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import Problem
from edp_analysis.statistics.proportions import Interval, wilson


@pytest.fixture
def campaign() -> Campaign:
    return replace(load_campaign("2024"), simulated=True)


@pytest.fixture
def make_page(campaign: Campaign) -> Callable[..., Page]:
    def build(
        name: str = "profils", problems: tuple[Problem, ...] = (), missing: tuple[str, ...] = (), simulated: bool = True
    ) -> Page:
        empty = pd.DataFrame()
        chosen = replace(campaign, simulated=simulated)
        tables = Tables(chosen, empty, empty, empty, empty, empty, Ledger(), problems, (), missing)
        return Page(chosen, tables, name)

    return build


@pytest.fixture
def page(make_page: Callable[..., Page]) -> Page:
    return make_page()


@pytest.fixture
def share_of() -> Callable[..., Indicator]:
    def build(
        count: int, total: int, id: str = "part", label: str = "Part", population: str = "des jeunes"
    ) -> Indicator:
        if total == 0:
            return Indicator(id, label, None, "%", population, 0, 0, reason="aucun enregistrement dans le champ")
        return Indicator(id, label, count / total, "%", population, count, total, wilson(count, total))

    return build


@pytest.fixture
def points() -> Callable[[float, float, float], Indicator]:
    def build(value: float, low: float, high: float) -> Indicator:
        return Indicator("d", "Différence", value, "points", "x", interval=Interval(low, high, 0.95, "score"))

    return build
