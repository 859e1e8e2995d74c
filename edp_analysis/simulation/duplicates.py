"""Enrolments written twice, so that the stated merge gives the truth back.

The merge takes, field by field, the first value that is not missing, in the order of the file; rows that have an
exit date come first for what the exit says (status, result, reason, situations).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from edp_analysis.simulation.days import school_year_start
from edp_analysis.simulation.layouts import BLOCKS
from edp_analysis.simulation.wordings import respelt

__all__ = ["write_twice"]

_KEPT = frozenset((*BLOCKS["identite"], *BLOCKS["formation"], "date_sortie"))
_OF_EXIT = BLOCKS["sortie"]


def write_twice(rows: pd.DataFrame, count: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return the rows of a school as it writes them, `count` enrolments being written twice.

    Two ways in turn: re-enrolled for the second year, the first line never closed (still « présent », no exit);
    copied, the second line being the poorer.

    Parameters
    ----------
    rows : pandas.DataFrame
        Clean values and identities of one school, in the order of the file.
    count : int

    Returns
    -------
    list of dict
        One a line; ``rang`` orders them, ``copie`` says that the line repeats another, ``feuille`` which school
        year's sheet it belongs to (1 September of it).
    """
    lines: list[dict[str, Any]] = []
    for rank, row in enumerate(rows.to_dict("records")):
        line = {str(name): value for name, value in row.items()}
        lines.append({**line, "rang": float(rank), "copie": False, "feuille": school_year_start(row["date_entree"])})
    # Those who came back in September are the ones that schools write again.
    stayed = [n for n, line in enumerate(lines) if _second_year(line) and not line["jumeau"]]
    for turn, n in enumerate(sorted(rng.permutation(stayed)[:count].tolist())):
        first, again = lines[n], dict(lines[n])
        again |= {"copie": True, "nom": respelt(first["nom"]), "prenom": respelt(first["prenom"])}
        again["rang"] = first["rang"] + 1000
        again["feuille"] = again["feuille"].replace(year=again["feuille"].year + 1)
        if turn % 3 != 2 and not pd.isna(first["date_sortie"]):
            first |= dict.fromkeys(_OF_EXIT) | {"statut": "INSCRIT"}
        optional = [name for name in again if name in _optional() and name not in _OF_EXIT]
        again |= {name: None for name in optional if rng.random() < 0.5}
        lines.append(again)
    return lines


def _optional() -> frozenset[str]:
    return frozenset(name for block in BLOCKS.values() for name in block) - _KEPT


def _second_year(line: dict[str, Any]) -> bool:
    rentree = line["feuille"].replace(year=line["feuille"].year + 1)
    left = line["date_sortie"]
    return bool(pd.Timestamp(line["extraction"] if pd.isna(left) else left) > pd.Timestamp(rentree))
