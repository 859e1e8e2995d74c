"""Small declared tables of ``data/reference``: facts with their source, conventions with their status."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import find_root
from edp_analysis.problems import UserError

__all__ = ["READINGS", "note_reading", "read_declared"]

_FOLDER = Path("data/reference")
READINGS: list[tuple[str, str]] = []
"""Every reading of a reference file by this process, in order: its path in the project, its SHA-256."""


def note_reading(path: Path, shown: str) -> None:
    """Remember that a reference file was read: what a page shows afterwards is traced to it."""
    READINGS.append((shown, hashlib.sha256(path.read_bytes()).hexdigest()))


def read_declared(
    name: str,
    columns: Sequence[str],
    filled: Sequence[str],
    numbers: Sequence[str] = (),
    root: Path | None = None,
) -> pd.DataFrame:
    """Read one table, semicolon-separated, and refuse what could not be published.

    Parameters
    ----------
    name : str
        Name of the file in ``data/reference``.
    columns : sequence of str
        Columns expected, in this order.
    filled : sequence of str
        Columns that no row may leave empty (a fact without a source is not a fact).
    numbers : sequence of str, optional
        Columns read as numbers; an empty cell is missing.
    root : pathlib.Path, optional
        Project root; found when not given.

    Returns
    -------
    pandas.DataFrame
        In the order of the file; the other columns are text, empty where nothing is written.

    Raises
    ------
    UserError
        The file is absent or cannot be read, its columns are others, a cell is empty that must not be or is not a
        number.
    """
    path = (root or find_root()) / _FOLDER / name
    shown = (_FOLDER / name).as_posix()
    if not path.is_file():
        raise UserError(f"{shown} manque.", "Le reprendre du dépôt du projet.")
    frame = _read(path, shown)
    note_reading(path, shown)
    if tuple(frame.columns) != tuple(columns):
        raise UserError(f"{shown} : colonnes inattendues.", f"Colonnes attendues : {', '.join(columns)}.")
    for column in filled:
        empty = frame.index[frame[column].str.strip() == ""]
        if len(empty):
            raise UserError(f"{shown}, ligne {empty[0] + 2} : « {column} » manque.", "La compléter ou ôter la ligne.")
    for column in numbers:
        frame[column] = _numbers(frame[column], shown)
    return frame


def _read(path: Path, shown: str) -> pd.DataFrame:
    # Not pandas.read_csv: a row with one field too many would silently become an index.
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle, delimiter=";", strict=True))
    except (csv.Error, UnicodeDecodeError) as error:
        raise UserError(f"{shown} ne se lit pas : {error}.", "L’enregistrer en UTF-8, séparateur « ; ».") from error
    for place, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            remedy = "Mettre entre guillemets un texte qui contient un « ; »."
            raise UserError(f"{shown}, ligne {place} : {len(row)} champs au lieu de {len(rows[0])}.", remedy)
    return pd.DataFrame(rows[1:], columns=rows[0] if rows else [], dtype="str")


def _numbers(texts: pd.Series, shown: str) -> pd.Series:
    values = pd.to_numeric(texts.mask(texts.str.strip() == "", None), errors="coerce")
    wrong = texts.index[values.isna() & (texts.str.strip() != "")]
    if len(wrong):
        what = f"{shown}, ligne {wrong[0] + 2} : « {texts[wrong[0]]} » n’est pas un nombre."
        raise UserError(what, "L’écrire avec un point décimal, sans espace ni unité.")
    return values.astype("float64")
