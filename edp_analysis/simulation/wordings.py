"""How a school writes one value: every form produced here is one that the contract accepts."""

from __future__ import annotations

import unicodedata
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from edp_analysis.contract import Field, load_codes
from edp_analysis.simulation.layouts import Layout

__all__ = ["accepted_wordings", "respelt", "write_value"]

_EPOCH = date(1899, 12, 30)
_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")
_DATE_STYLES_OF_BIRTHS = {"court": "texte", "serie": "texte"}


@cache
def accepted_wordings(codes: str, code: str, encoding: str = "") -> tuple[str, ...]:
    """Return the wordings of a code that lead back to it, and to it alone, in the order of its list.

    Bare figures are left out (a « 1 » alone tells nobody anything), and what `encoding` cannot write.

    Examples
    --------
    >>> accepted_wordings("sexe", "F")[:3]
    ('Fille', 'femme', 'féminin')
    """
    found = load_codes(codes)
    item = next(item for item in found.codes if item.code == code)
    texts = [text for text in (item.label, *item.variants) if not text.isdigit() and len(text) > 1]
    back = [text for text in texts if (hit := found.find(text)) is not None and hit.code == code]
    return tuple(text for text in back if not encoding or _encodable(text, encoding))


def _encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def respelt(text: str) -> str:
    """Return a name as another hand writes it: capitals, no accents.

    Examples
    --------
    >>> respelt("Le Trévœuf-Baldière")
    'LE TREVŒUF-BALDIERE'
    """
    flat = unicodedata.normalize("NFKD", text)
    return "".join(c for c in flat if not unicodedata.combining(c)).upper()


def write_value(value: Any, field: Field, layout: Layout, rng: np.random.Generator, *, diploma: str = "") -> object:
    """Return a clean value as the school writes it: text, number, date, or ``None`` for an empty cell.

    Parameters
    ----------
    value : object
        Clean value; missing allowed where the field is not required.
    field : Field
        Of the « -recu » schema.
    layout : Layout
    rng : numpy.random.Generator
    diploma : str
        Diploma prepared, for schools that name it in the result (« RICS obtenu »).
    """
    if pd.isna(value):
        return _blank(field, layout, rng)
    if field.type == "date":
        return _date(value, field, layout, rng)
    if field.type == "boolean":
        return layout.booleans[0 if value else 1]
    if field.type == "integer":
        return int(value) if layout.container != "csv" and rng.random() < 0.9 else str(int(value))
    if field.name == "sexe":
        return layout.sexes[0 if value == "H" else 1]
    if field.name == "resultat_examen" and layout.results:
        return _result(str(value), layout, diploma)
    if field.codes:
        return _code(str(value), field, layout, rng)
    text = str(value)
    if text.isdigit() and (layout.as_numbers or layout.container == "ods"):
        return int(text)
    return _with_noise(text, layout, rng, keep_case=True)


def _blank(field: Field, layout: Layout, rng: np.random.Generator) -> str | None:
    # « inconnu » is an answer where the list of codes has it, and not a blank.
    known = load_codes(field.codes) if field.codes else None
    blanks = [text for text in layout.blanks if not text or known is None or known.find(text) is None]
    return blanks[int(rng.integers(len(blanks)))]


def _date(value: Any, field: Field, layout: Layout, rng: np.random.Generator) -> object:
    day = date(value.year, value.month, value.day)
    style = layout.dates[int(rng.integers(len(layout.dates)))]
    if field.direct_identifier:
        style = _DATE_STYLES_OF_BIRTHS.get(style, style)
    if style == "vraie":
        return day
    if style == "serie":
        return (day - _EPOCH).days
    if style == "lettres":
        first = "1er" if day.day == 1 else str(day.day)
        return _with_noise(f"{first} {_MONTHS[day.month - 1]} {day.year}", layout, rng, keep_case=True)
    return f"{day:%Y-%m-%d}" if style == "iso" else f"{day:%d/%m/%y}" if style == "court" else f"{day:%d/%m/%Y}"


def _result(code: str, layout: Layout, diploma: str) -> str | int:
    written = layout.results[code]
    if written != "obtenu":
        return written
    named = [text for text in accepted_wordings("resultat_examen", code) if text.endswith(" obtenu")]
    titles = {text: load_codes("diplome").find(text.removesuffix(" obtenu")) for text in named}
    return next((text for text, title in titles.items() if title is not None and title.code == diploma), written)


def _code(code: str, field: Field, layout: Layout, rng: np.random.Generator) -> object:
    if field.name in layout.coded:
        return int(code) if layout.as_numbers else code
    wordings = accepted_wordings(field.codes, code, layout.encoding)
    return _with_noise(wordings[int(rng.integers(len(wordings)))], layout, rng)


def _with_noise(text: str, layout: Layout, rng: np.random.Generator, *, keep_case: bool = False) -> str:
    draw = rng.random()
    if "casse" in layout.noise and not keep_case and draw < 0.2:
        text = text.upper()
    if "mojibake" in layout.noise and not keep_case and draw < 0.1:
        text = _damaged(text)
    if "nbsp" in layout.noise and draw < 0.3:
        text = text.replace(" ", "\u00a0")
    if "espaces" in layout.noise and draw > 0.85:
        text = f"{text} "
    return unicodedata.normalize("NFD", text) if "nfd" in layout.noise else text


def _damaged(text: str) -> str:
    """Return a text whose accents a change of encoding damaged, when the damage can be undone."""
    try:
        damaged = text.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return text
    # A no-break space among the damage would be levelled with the others, and the accent lost for good.
    return damaged if " ".join(damaged.split()) == damaged else text
