"""A page handed to one school names no file and no problem of another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from edp_analysis.cleaning.ledger import Fate, Ledger, LedgerLine
from edp_analysis.cleaning.result import InputFile
from edp_analysis.exhibits import Page
from edp_analysis.exhibits.own_school import account_of
from edp_analysis.problems import Place, Problem


def test_what_is_of_another_school_is_left_out(make_page: Callable[..., Page]) -> None:
    """Kept: the school's own file and problem, and what is of no school. « EDP-01 » is not « EDP-010 »."""
    problems = (
        Problem("a", "date illisible", Place("EDP-01_suivi.xlsx")),
        Problem("b", "date illisible", Place("EDP_suivi_EDP-02.xlsx")),
        Problem("c", "école sans apprenant", Place("ecoles"), "EDP-03"),
        Problem("d", "colonne inconnue", Place("results-survey.csv")),
    )
    files = ("ecoles/EDP-01_suivi.xlsx", "ecoles/EDP_suivi_EDP-02.xlsx", "ecoles.csv", "ecoles/EDP-010.xlsx")
    lines = [LedgerLine(path, "", 2, "apprenants", Fate.KEPT) for path in files]
    received = make_page().tables
    tables = replace(
        received,
        ecoles=pd.DataFrame({"ecole": ["EDP-01", "EDP-02", "EDP-03"]}),
        problems=problems,
        inputs=tuple(InputFile(path, "0" * 64, "apprenants") for path in files),
        ledger=Ledger(lines),
    )
    found = account_of(tables, "EDP-01")
    assert [problem.rule for problem in found.problems] == ["a", "d"]
    assert [item.path for item in found.inputs] == [path for path in files if "EDP-02" not in path]
    assert [line.file for line in found.ledger.lines] == [path for path in files if "EDP-02" not in path]
    assert len(found.ecoles) == 3, "the figures still compare with the others"


def test_a_campaign_of_one_school_keeps_all(make_page: Callable[..., Page]) -> None:
    tables = replace(make_page().tables, ecoles=pd.DataFrame({"ecole": ["EDP-01"]}))
    assert account_of(tables, "EDP-01") is tables
