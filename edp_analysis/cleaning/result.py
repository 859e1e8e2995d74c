"""What cleaning gives: for one table, and for the campaign as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.ledger import Ledger, LedgerLine
from edp_analysis.contract.checks import empty_frame
from edp_analysis.problems import Problem

__all__ = ["Cleaned", "InputFile", "Tables"]


@dataclass(frozen=True)
class InputFile:
    """One received file: its path under the raw folder (POSIX), its SHA-256, and the table it feeds."""

    path: str
    sha256: str
    table: str


@dataclass(frozen=True)
class Cleaned:
    """One clean table and the account of how it came about.

    Attributes
    ----------
    frame : pandas.DataFrame
        Satisfies the clean contract; empty, with all its columns, when nothing was received.
    lines : tuple of LedgerLine
        The fate of every non-empty raw row.
    non_empty : mapping of (file, sheet) to line numbers
        Non-empty rows as the readers counted them.
    problems : tuple of Problem
    """

    frame: pd.DataFrame
    lines: tuple[LedgerLine, ...] = ()
    non_empty: Mapping[tuple[str, str], tuple[int, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Tables:
    """A campaign's clean tables, ready for the indicators.

    A table whose input was not received, or of which a fault let nothing be used, is empty, with all its columns, and
    named in ``missing``: indicators then answer « non calculable » and the rest goes on.
    """

    campaign: Campaign
    apprenants: pd.DataFrame
    enquete: pd.DataFrame
    comptes: pd.DataFrame
    ecoles: pd.DataFrame
    financements: pd.DataFrame
    ledger: Ledger
    problems: tuple[Problem, ...]
    inputs: tuple[InputFile, ...]
    missing: tuple[str, ...]
    entretiens: pd.DataFrame = field(default_factory=partial(empty_frame, "entretiens"))
    codages: pd.DataFrame = field(default_factory=partial(empty_frame, "codages"))
    citations: pd.DataFrame = field(default_factory=partial(empty_frame, "citations"))
    visites: pd.DataFrame = field(default_factory=partial(empty_frame, "visites"))
    documents: pd.DataFrame = field(default_factory=partial(empty_frame, "documents"))
    annuel: pd.DataFrame = field(default_factory=partial(empty_frame, "annuel"))
