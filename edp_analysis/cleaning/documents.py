"""The clean table of the documents analysed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.contacts import without_contacts
from edp_analysis.cleaning.corrections import Correction, apply_corrections, load_corrections
from edp_analysis.cleaning.reading import Reading, take_sheets
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.rows import Rows
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import empty_frame
from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.records import Record

__all__ = ["FILE_NAME", "clean_document_file", "clean_documents"]

FILE_NAME = "documents.csv"
_KEY = "id_document"


def clean_documents(campaign: Campaign) -> Cleaned:
    """Clean the list of documents of a campaign (``documents.csv`` in the raw folder)."""
    path = campaign.raw / FILE_NAME
    if not path.is_file():
        return Cleaned(empty_frame("documents"))
    return clean_document_file(path, campaign.extraction_date, load_corrections(campaign.raw))


def clean_document_file(path: Path, last_day: date | None = None, corrections: Sequence[Correction] = ()) -> Cleaned:
    """Clean a list of documents.

    A document listed twice in the same words is read once; two documents under one number: the second is set aside.

    Parameters
    ----------
    path : pathlib.Path
    last_day : datetime.date, optional
        Later documents are signalled.
    corrections : sequence of Correction
    """
    schema = load_schema("documents-recu")
    sheets, problems = read_sheets(path)
    sheets, applied, stale = apply_corrections(sheets, corrections)
    reading = Reading(problems=[*problems, *stale])
    reading.extend(take_sheets(sheets, schema, applied, lambda row: without_contacts(row, schema)))
    rows = Rows("documents", reading)
    for record in reading.records:
        _take(record, rows, last_day)
    return rows.cleaned()


def _take(record: Record, rows: Rows, last_day: date | None) -> None:
    key, day = str(record.values[_KEY]), record.values["date_document"]
    if key in rows.kept and rows.kept[key] == dict(record.values):
        rows.merge(record, key, _KEY, "document-en-double", "ce document est écrit deux fois")
    elif key in rows.kept:
        what = "un autre document porte déjà ce numéro"
        rows.refuse(record, _KEY, "document-en-double", what, "un numéro par document")
    else:
        rows.keep(record, key, record.values)
        if last_day is not None and isinstance(day, date) and day > last_day:
            what = "document daté d'après la date d'extraction de la campagne"
            expected = f"au plus tard {last_day}"
            rows.warn(record, "date_document", "date-hors-periode", what, expected, "Vérifier la date.")
