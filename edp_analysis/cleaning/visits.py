"""The clean table of the visits: one row a school and a day, with what was observed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.corrections import Correction, load_corrections
from edp_analysis.cleaning.reading import Reading, read_table
from edp_analysis.cleaning.reference import SCHOOL_EXPECTED, find_school, school_codes
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.rows import Rows
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import empty_frame
from edp_analysis.intake.files import list_files
from edp_analysis.intake.records import Record

__all__ = ["clean_visit_files", "clean_visits"]

_FOLDER = "visites"


def clean_visits(campaign: Campaign) -> Cleaned:
    """Clean the visits of a campaign: every file of ``<raw>/visites``."""
    paths, notes = list_files(campaign.raw / _FOLDER)
    schools = school_codes(campaign)
    cleaned = clean_visit_files(paths, campaign.extraction_date, load_corrections(campaign.raw), schools)
    return replace(cleaned, problems=(*notes, *cleaned.problems))


def clean_visit_files(
    paths: Iterable[Path],
    last_day: date | None = None,
    corrections: Sequence[Correction] = (),
    schools: Sequence[str] = (),
) -> Cleaned:
    """Clean observation grids of visits.

    A visit of a school that the campaign does not have is set aside. The same school on the same day, observed the
    same, is one visit written twice; observed otherwise, the second row is set aside.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Read in the order given.
    last_day : datetime.date, optional
        Later visits are signalled.
    corrections : sequence of Correction
    schools : sequence of str, optional
        Codes of the campaign's schools; not checked when empty.
    """
    reading = Reading()
    schema = load_schema("visites-recu")
    for path in paths:
        reading.extend(read_table(path, schema, corrections))
    if not reading.non_empty and not reading.problems:
        return Cleaned(empty_frame("visites"))
    rows = Rows("visites", reading)
    for record in reading.records:
        _take(record, rows, last_day, schools)
    return rows.cleaned()


def _take(record: Record, rows: Rows, last_day: date | None, schools: Sequence[str]) -> None:
    text = str(record.values["ecole"])
    school = find_school(text, tuple(schools))
    if not school:
        what = "cette école n'est pas dans la table des écoles"
        rows.refuse(record, "ecole", "ecole-inconnue", what, SCHOOL_EXPECTED)
        return
    day = record.values["date_visite"]
    key = f"{school} {day}"
    kept = set(load_schema("visites").names)
    values = {name: value for name, value in {**record.values, "ecole": school}.items() if name in kept}
    if key in rows.kept and rows.kept[key] == values:
        rows.merge(record, key, "ecole", "visite-en-double", "cette visite est écrite deux fois")
    elif key in rows.kept:
        what = "une autre visite de cette école ce jour-là est déjà dans la grille"
        rows.refuse(record, "ecole", "visite-en-double", what, "une ligne par visite")
    else:
        rows.keep(record, key, values)
        if last_day is not None and isinstance(day, date) and day > last_day:
            what = "visite datée d'après la date d'extraction de la campagne"
            expected = f"au plus tard {last_day}"
            rows.warn(record, "date_visite", "date-hors-periode", what, expected, "Vérifier la date.")
