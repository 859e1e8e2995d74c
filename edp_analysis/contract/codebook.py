"""The codebook of the interviews: themes, codes, what each one covers, and an invented example.

The codes are also ordinary code lists (``themes``, ``codes_entretiens``), with the variants accepted in grids. They
are meant to be exhaustive (one code receives what no other covers) and exclusive (a definition a passage).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from edp_analysis.contract.codes import load_codes

__all__ = ["SIMULATED_VOICE", "Topic", "family_of_structures", "load_codebook", "theme_of"]

SIMULATED_VOICE = "[voix simulée]"
"""What every invented quotation ends with, in the files and wherever it is shown."""

_FOLDER = Path(__file__).parent / "codes"


@dataclass(frozen=True)
class Topic:
    """One code of the codebook.

    Attributes
    ----------
    code, label : str
    theme : str
        Code of its theme.
    definition, example : str
        What it covers, and an invented passage that it would receive.
    """

    code: str
    label: str
    theme: str
    definition: str
    example: str


@cache
def load_codebook() -> tuple[Topic, ...]:
    """Read the codebook, in the order of its file.

    Raises
    ------
    ValueError
        A code names a theme that is not in the list of themes, or lacks its definition or example.

    Examples
    --------
    >>> load_codebook()[0].code, load_codebook()[0].theme
    ('FED_ANIMATION', 'FEDERATION')
    """
    themes = load_codes("themes")
    topics = []
    for row in _rows("codes_entretiens"):
        if row["theme"] not in themes or not row["definition"] or not row["exemple"]:
            raise ValueError(f"livre de codes : « {row['code']} » n'a pas de thème connu, de définition ou d'exemple")
        topics.append(Topic(row["code"], row["libelle"], row["theme"], row["definition"], row["exemple"]))
    return tuple(topics)


@cache
def theme_of() -> Mapping[str, str]:
    """Return the theme of each code.

    Examples
    --------
    >>> theme_of()["PRO_DELAIS"]
    'PRODUCTION'
    """
    return MappingProxyType({topic.code: topic.theme for topic in load_codebook()})


@cache
def family_of_structures() -> Mapping[str, str]:
    """Return the stakeholder family to which each type of structure belongs.

    Examples
    --------
    >>> family_of_structures()["DREETS"]
    'INSTITUTION'
    """
    return MappingProxyType({row["code"]: row["famille"] for row in _rows("type_structure")})


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))
