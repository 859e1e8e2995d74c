"""Accounts as accountants send them: trial balances of any layout, and the legal file of entries (FEC)."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from edp_analysis.intake.balances import read_balances
from edp_analysis.intake.fec import is_fec, read_fec
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.raw import RawSheet
from edp_analysis.intake.statements import Statement
from edp_analysis.intake.text import read_text
from edp_analysis.problems import Place, Problem, Severity

__all__ = ["ReceivedAccounts", "read_account_sheets", "read_accounts", "recognise_accounts"]

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class ReceivedAccounts:
    """What one file holds: its sheets, the statements found in them, and what is wrong with the file itself."""

    sheets: tuple[RawSheet, ...]
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]


def read_accounts(path: Path) -> ReceivedAccounts:
    """Read a file of accounts: a workbook or text holding balances, or a FEC, compressed by gzip or not.

    Parameters
    ----------
    path : pathlib.Path

    Returns
    -------
    ReceivedAccounts
        One statement a sheet that holds something. A file that cannot be used gives no statement and a blocking
        problem; nothing is raised.
    """
    sheets, problems = read_account_sheets(path)
    return ReceivedAccounts(sheets, recognise_accounts(sheets), tuple(problems))


def read_account_sheets(path: Path) -> tuple[tuple[RawSheet, ...], list[Problem]]:
    """Read the sheets of a file of accounts, compressed by gzip or not, before anything is understood."""
    try:
        data = path.read_bytes()
    except OSError:  # said by read_sheets
        data = b""
    return _read_compressed(data, path) if data.startswith(_GZIP) else read_sheets(path)


def recognise_accounts(sheets: Sequence[RawSheet]) -> tuple[Statement, ...]:
    """Recognise the statements in the sheets of one file: a FEC when it has one sheet that is one, else balances."""
    return (read_fec(sheets[0]),) if len(sheets) == 1 and is_fec(sheets[0]) else read_balances(sheets)


def _read_compressed(data: bytes, path: Path) -> tuple[tuple[RawSheet, ...], list[Problem]]:
    try:
        content = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        problem = Problem(
            "fichier-endommage",
            "cette archive est endommagée ou incomplète",
            Place(path.name),
            remedy="Demander de nouveau le fichier.",
            severity=Severity.BLOCKING,
        )
        return (), [problem]
    sheet, problems = read_text(content, path.name)
    return (sheet,), problems
