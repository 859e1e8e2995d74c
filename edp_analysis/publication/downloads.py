"""The figures behind each exhibit, as CSV files that a French Excel opens by a double click."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from edp_analysis.exhibits.french import number, rounded_percent
from edp_analysis.exhibits.table import ANNEX, EVIDENCE, GROUP, TEXT
from edp_analysis.publication.notebook import exhibits

__all__ = ["csv_bytes", "csv_name", "file_size", "frame_bytes", "write_csvs"]

_BOM = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_name(exhibit: Mapping[str, Any]) -> str:
    """Return the name of an exhibit's file: ``<page>-<id>.csv``.

    Examples
    --------
    >>> csv_name({"page": "profils", "id": "origine"})
    'profils-origine.csv'
    """
    return f"{exhibit['page']}-{exhibit['id']}.csv"


def csv_bytes(exhibit: Mapping[str, Any]) -> bytes:
    """Write the table behind an exhibit: UTF-8 with BOM, semicolons, decimal commas, CRLF.

    Shares are written in percent, with two decimals at most. A text that a spreadsheet would take for a formula gets
    an apostrophe before it.

    Parameters
    ----------
    exhibit : mapping
        As it travels in the notebook (see :meth:`edp_analysis.exhibits.Exhibit.as_dict`).
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    columns, units = exhibit["colonnes"], exhibit["unites"]
    writer.writerow([_heading(column, units.get(column, "")) for column in columns])
    for row in exhibit["lignes"]:
        writer.writerow([_cell(row.get(column), units.get(column, "")) for column in columns])
    return (_BOM + buffer.getvalue()).encode("utf-8")


def frame_bytes(frame: pd.DataFrame) -> bytes:
    r"""Write a table of texts in the same form as :func:`csv_bytes`.

    Examples
    --------
    >>> frame_bytes(pd.DataFrame({"Colonne": ["sexe"]}))
    b'\xef\xbb\xbfColonne\r\nsexe\r\n'
    """
    columns = [str(column) for column in frame.columns]
    return csv_bytes({"colonnes": columns, "unites": {}, "lignes": frame.to_dict("records")})


def _heading(column: str, unit: str) -> str:
    return _safe(f"{column} ({unit})" if unit not in {"", TEXT, EVIDENCE, GROUP, ANNEX} else column)


def _cell(value: Any, unit: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int | float):
        if unit == "%":
            return _plain(rounded_percent(value, 1, 2))
        return _plain(Decimal(str(value)))
    return _safe(str(value))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def file_size(data: bytes) -> str:
    r"""Write a size in French, in thousands of bytes.

    Examples
    --------
    >>> file_size(b"x" * 342)
    '0,3\xa0ko'
    """
    return f"{number(max(len(data) / 1000, 0.1), 1)}\u00a0ko"


def write_csvs(notebook: Any, folder: Path) -> tuple[Path, ...]:
    """Write the table behind each exhibit of an executed notebook.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    folder : pathlib.Path
        Created when absent.

    Returns
    -------
    tuple of pathlib.Path
        Files written, in reading order; an exhibit without table (a sentence) has none.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for exhibit in exhibits(notebook):
        if exhibit["lignes"] and exhibit["genre"] in {"figure", "table", "key_figures"}:
            path = folder / csv_name(exhibit)
            path.write_bytes(csv_bytes(exhibit))
            written.append(path)
    return tuple(written)
