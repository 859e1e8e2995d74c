"""A page, its executed notebook and the site's tables, made without running a kernel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import nbformat
import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine
from edp_analysis.cleaning.result import Tables
from edp_analysis.exhibits import Exhibit, Page
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.proportions import wilson


@pytest.fixture
def tables() -> Tables:
    campaign = replace(load_campaign("2024"), simulated=True)
    lines = [LedgerLine("EDP-01.xlsx", "F", row, "apprenants", Fate.KEPT, str(row)) for row in range(2, 42)]
    lines.append(LedgerLine("EDP-01.xlsx", "F", 42, "apprenants", Fate.SET_ASIDE, reason="ligne de total"))
    empty = pd.DataFrame()
    return Tables(campaign, empty, empty, empty, empty, empty, Ledger(lines), (), (), ())


@pytest.fixture
def share_of() -> Callable[..., Indicator]:
    def build(count: int, total: int, id: str = "part", label: str = "Sortants certifiés") -> Indicator:
        interval = wilson(count, total)
        return Indicator(id, label, count / total, "%", "sortants au 30 avril", count, total, interval)

    return build


@pytest.fixture
def page(tables: Tables) -> Page:
    return Page(tables.campaign, tables, "profils")


@pytest.fixture
def make_notebook() -> Callable[[Sequence[Exhibit | str]], Any]:
    """Make an executed notebook: texts become Markdown cells, exhibits the outputs of code cells."""

    def build(parts: Sequence[Exhibit | str]) -> Any:
        new = nbformat.v4
        cells = []
        for place, part in enumerate(parts):
            if isinstance(part, str):
                cells.append(new.new_markdown_cell(part, id=f"c{place}"))
            else:
                output = new.new_output("execute_result", data=part._repr_mimebundle_(), execution_count=place)
                cells.append(new.new_code_cell("page.f()", outputs=[output], id=f"c{place}"))
        return new.new_notebook(cells=cells)

    return build


@pytest.fixture
def notebook(page: Page, share_of: Callable[..., Indicator], make_notebook: Callable[..., Any]) -> Any:
    certified = share_of(134, 246, "certification_sortants")
    frame = pd.DataFrame({"école": ["EDP-01", "=2+3"], "résultat": [12345.5, None]})
    return make_notebook(
        [
            "# Profils et résultats",
            page.header(),
            page.finding("{x} des sortants sont certifiés", x=certified),
            page.key_figures([certified]),
            "## Les résultats : d'où viennent-ils ?\n\nVoir [la méthode](methode.html).",
            page.answer("Q1", "{x:complet} des sortants sont certifiés.", x=certified),
            page.dots({"EDP-01": share_of(20, 36)}, id="ecoles", title="Par école", lecture="l", champ="c"),
            "#### Les comptes\n\n| a | b |\n|---|---|\n| x | y |",
            page.table(frame, id="comptes", title="Comptes", lecture="l", champ="c", units={"résultat": "€"}),
        ]
    )
