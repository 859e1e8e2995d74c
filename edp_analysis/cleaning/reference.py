"""The Région's own tables: schools and grants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.corrections import load_corrections
from edp_analysis.cleaning.ledger import Fate
from edp_analysis.cleaning.reading import Reading, ledger_line, read_table
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.intake.records import Record, gather
from edp_analysis.problems import Problem, Severity

__all__ = ["SCHOOL_EXPECTED", "clean_grants", "clean_schools", "find_school", "school_codes", "unknown_school"]

_SCHOOLS = "ecoles.csv"
_GRANTS = "financements.csv"
SCHOOL_EXPECTED = f"un code de {_SCHOOLS}"
"""What is expected of a cell that names a school."""


def find_school(text: str, schools: tuple[str, ...]) -> str:
    """Return the code of the one school that `text` (a cell, a file name) names; empty when there is none or several.

    Parameters
    ----------
    text : str
    schools : tuple of str
        Codes of the campaign; without them (the table was not received), any code of the contract's form is one.

    Examples
    --------
    >>> find_school("Suivi EDP-03", ()), find_school("edp 03", ())
    ('EDP-03', 'EDP-03')
    >>> find_school("Suivi_edp 03 (v2).xlsx", ("EDP-01", "EDP-03"))
    'EDP-03'
    >>> find_school("EDP-031", ("EDP-03",))
    ''
    """
    if not schools:
        return _any_school(text.upper())
    found = []
    for code in schools:
        parts = [re.escape(part) for part in re.split(r"[-_ ]", code)]
        if re.search(rf"(?<![A-Za-z0-9]){'[-_. ]?'.join(parts)}(?![0-9])", text, re.IGNORECASE):
            found.append(code)
    return found[0] if len(found) == 1 else ""


def _any_school(text: str) -> str:
    """Return the one code of the contract's form in `text`; written loosely (« EDP 03 ») when there is no exact one."""
    for pattern in (_pattern(), _pattern().replace(r"-\d", r"[-_. ]?\d")):
        found = {match[0] for match in re.finditer(rf"(?<![A-Z0-9]){pattern}(?![0-9])", text)}
        if found:
            return re.sub(r"[-_. ]?(\d+)$", r"-\1", found.pop()) if len(found) == 1 else ""
    return ""


def _pattern() -> str:
    return str(load_schema("ecoles")["ecole"].constraints["pattern"]).strip("^$")


def clean_schools(campaign: Campaign) -> Cleaned:
    """Clean the table of schools (``ecoles.csv`` in the raw folder).

    A school given twice is read once: its later rows are set aside and named.
    """
    path = campaign.raw / _SCHOOLS
    if not path.is_file():
        return Cleaned(empty_frame("ecoles"))
    schema = load_schema("ecoles-recu")
    reading = read_table(path, schema, load_corrections(campaign.raw))
    rows: dict[str, dict[str, object]] = {}
    for record in reading.records:
        code = str(record.values["ecole"]).upper()
        if not re.fullmatch(_pattern(), code):
            _refuse(
                record,
                reading,
                "ecoles",
                "code-ecole",
                "ce code d'école n'a pas la forme attendue",
                "par exemple EDP-01",
            )
        elif code in rows:
            _refuse(
                record,
                reading,
                "ecoles",
                "ecole-en-double",
                "cette école est déjà dans la table",
                "une ligne par école",
            )
        else:
            rows[code] = {**record.values, "ecole": code}
            reading.lines.append(ledger_line(record, "ecoles", Fate.KEPT, target=code, notes=reading.notes))
    return _cleaned("ecoles", list(rows.values()), reading)


def school_codes(campaign: Campaign) -> tuple[str, ...]:
    """Return the codes of the campaign's schools, in the order of the table; none when it was not received."""
    return tuple(clean_schools(campaign).frame["ecole"])


def unknown_school(record: Record, schools: Sequence[str]) -> Problem:
    """Say of a row why its school is not known: that named by the file is not listed, or the file names none."""
    name = Path(record.row.file).stem
    written = find_school(name, ())
    if written and schools:
        what = f"l'école du nom de ce fichier n'est pas dans {_SCHOOLS}"
        remedy = f"L'ajouter à {_SCHOOLS}, ou renommer le fichier. Ligne non reprise."
    else:
        written, what = name, "l'école n'est ni dans le nom du fichier ni sur la ligne"
        remedy = "Nommer le fichier par le code de l'école. Ligne non reprise."
    expected = ", ".join(schools) or "un code d'école, par exemple EDP-01"
    return Problem("ecole-inconnue", what, record.place("ecole"), written, expected, remedy, Severity.BLOCKING)


def clean_grants(campaign: Campaign) -> Cleaned:
    """Clean the table of grants (``financements.csv`` in the raw folder).

    Grants are numbered from 1 in the order of the file. A school that is not in the table of schools is named, and
    the grant is set aside: it could not be counted for any school. A line written twice is named, and kept: two grants
    may be alike.
    """
    path = campaign.raw / _GRANTS
    if not path.is_file():
        return Cleaned(empty_frame("financements"))
    schools = school_codes(campaign)
    reading = read_table(path, load_schema("financements-recu"), load_corrections(campaign.raw))
    rows: list[dict[str, object]] = []
    for record in reading.records:
        text = record.values["ecole"]
        school = find_school(str(text), schools) if text is not None else None
        if school == "":
            what = "cette école n'est pas dans la table des écoles"
            _refuse(record, reading, "financements", "ecole-inconnue", what, SCHOOL_EXPECTED)
            continue
        number = len(rows) + 1
        reading.problems += _twice(record, school, [row for row in rows if row["ecole"] == school])
        rows.append({**record.values, "ecole": school, "id_financement": number})
        reading.lines.append(ledger_line(record, "financements", Fate.KEPT, target=str(number), notes=reading.notes))
    return _cleaned("financements", rows, reading)


def _twice(record: Record, school: str | None, rows: list[dict[str, object]]) -> list[Problem]:
    if not any(all(row[name] == value for name, value in record.values.items() if name != "ecole") for row in rows):
        return []
    what = "cette ligne est déjà dans la table : même école, même financeur, même objet, même exercice, même montant"
    remedy = "La retirer si c'est le même financement."
    return [Problem("financement-en-double", what, record.place("montant"), school or "", "", remedy)]


def _refuse(record: Record, reading: Reading, table: str, rule: str, what: str, expected: str = "") -> None:
    value = str(record.row.value("ecole") or "")
    remedy = "Corriger la cellule. Ligne non reprise."
    reading.problems.append(Problem(rule, what, record.place("ecole"), value, expected, remedy, Severity.BLOCKING))
    reading.lines.append(ledger_line(record, table, Fate.SET_ASIDE, reason=what))


def _cleaned(name: str, rows: list[dict[str, object]], reading: Reading) -> Cleaned:
    columns = load_schema(name).names
    frame = typed(pd.DataFrame(rows, columns=list(columns), dtype=object), name) if rows else empty_frame(name)
    if name == "ecoles":
        frame = frame.sort_values("ecole", ignore_index=True)
    return Cleaned(frame, tuple(reading.lines), reading.non_empty, tuple(gather(reading.problems)))
