"""The clean tables of the interviews: the list, the codings, the quotations; and the fate of every row received."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.codings import clean_codings
from edp_analysis.cleaning.corrections import Correction, load_corrections
from edp_analysis.cleaning.documents import clean_documents
from edp_analysis.cleaning.interview_grid import GRID_TABLES, read_grid
from edp_analysis.cleaning.quotations import clean_quotations
from edp_analysis.cleaning.reference import SCHOOL_EXPECTED, find_school, school_codes
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.cleaning.rows import Rows
from edp_analysis.contract import load_codes
from edp_analysis.contract.checks import empty_frame
from edp_analysis.contract.codebook import family_of_structures
from edp_analysis.intake.files import list_files
from edp_analysis.intake.records import Record

__all__ = ["clean_interview_files", "clean_interviews"]

_FOLDER = "entretiens"
_KEY = "id_entretien"


def clean_interviews(campaign: Campaign) -> dict[str, Cleaned]:
    """Clean the interview grid of a campaign: every file of ``<raw>/entretiens``.

    See :func:`clean_interview_files` for the rules.

    Returns
    -------
    dict of str to Cleaned
        ``entretiens``, ``codages``, ``citations``; empty frames when nothing was received.
    """
    paths, notes = list_files(campaign.raw / _FOLDER)
    schools = school_codes(campaign)
    documents = clean_documents(campaign)
    listed = None if documents.frame.empty else tuple(documents.frame["id_document"])
    found = clean_interview_files(paths, campaign.extraction_date, load_corrections(campaign.raw), schools, listed)
    first = found[GRID_TABLES[0]]
    return {**found, GRID_TABLES[0]: replace(first, problems=(*notes, *first.problems))}


def clean_interview_files(
    paths: Iterable[Path],
    last_day: date | None = None,
    corrections: Sequence[Correction] = (),
    schools: Sequence[str] = (),
    documents: Collection[str] | None = None,
) -> dict[str, Cleaned]:
    """Clean interview grids.

    An interview without a stakeholder family is kept and signalled. A coding or a quotation of an interview that is
    not in the list is set aside. A person's name is read only to refuse the quotations that hold it.

    Parameters
    ----------
    paths : iterable of pathlib.Path
        Read in the order given.
    last_day : datetime.date, optional
        Later interviews are signalled.
    corrections : sequence of Correction
    schools : sequence of str, optional
        Codes of the campaign's schools; not checked when empty.
    documents : collection of str, optional
        Numbers of the documents listed; not checked when not given.

    Returns
    -------
    dict of str to Cleaned
        ``entretiens``, ``codages``, ``citations``.
    """
    files = list(paths)
    if not files:
        return {table: Cleaned(empty_frame(table)) for table in GRID_TABLES}
    readings = read_grid(files, corrections)
    interviews = Rows("entretiens", readings["entretiens"])
    names: dict[str, str] = {}
    records: dict[str, Record] = {}
    for record in interviews.reading.records:
        _take(record, interviews, last_day, schools)
        key = str(record.values[_KEY])
        records.setdefault(key, record)
        if record.values["personne"]:
            names[key] = f"{names.get(key, '')} {record.values['personne']}"
    quotations = clean_quotations(readings["citations"], interviews.kept, names, documents)
    sources = dict(zip(quotations.frame["id_citation"], quotations.frame[_KEY], strict=True))
    codings = clean_codings(readings["codages"], interviews.kept, sources, documents)
    coded = set(codings.frame[_KEY])
    for key in interviews.kept:
        if coded and key not in coded:
            what = "cet entretien n'a aucun codage : il compte dans la liste, et dans aucun sujet"
            interviews.warn(records[key], _KEY, "entretien-non-code", what, remedy="Le coder, ou vérifier son numéro.")
    return {"entretiens": interviews.cleaned(), "codages": codings, "citations": quotations}


def _take(record: Record, rows: Rows, last_day: date | None, schools: Sequence[str]) -> None:
    key = str(record.values[_KEY])
    values = {**record.values, "ecole": _school(record, rows, schools)}
    if key in rows.kept:
        shared = [name for name in rows.kept[key] if name not in ("personne", "contact")]
        if all(rows.kept[key][name] == values[name] for name in shared):
            rows.merge(record, key, _KEY, "entretien-en-double", "cet entretien est écrit deux fois")
        else:
            what = "un autre entretien porte déjà ce numéro"
            rows.refuse(record, _KEY, "entretien-en-double", what, "un numéro par entretien")
        return
    rows.keep(record, key, values)
    _check_family(record, rows)
    _check_size(record, rows)
    day = values["date_entretien"]
    if last_day is not None and isinstance(day, date) and day > last_day:
        what = "entretien daté d'après la date d'extraction de la campagne"
        rows.warn(record, "date_entretien", "date-hors-periode", what, f"au plus tard {last_day}", "Vérifier la date.")


def _school(record: Record, rows: Rows, schools: Sequence[str]) -> object:
    text = record.values["ecole"]
    if text is None:
        return None
    found = find_school(str(text), tuple(schools))
    if found:
        return found
    what = "cette école n'est pas dans la campagne ; elle est lue comme non renseignée"
    rows.warn(record, "ecole", "ecole-inconnue", what, SCHOOL_EXPECTED, "Vérifier le code.")
    return None


def _check_family(record: Record, rows: Rows) -> None:
    family, kind = record.values["famille_acteurs"], record.values["type_structure"]
    labels = load_codes("famille_acteurs").labels
    likely = labels[family_of_structures()[str(kind)]] if kind is not None else ""
    cell = record.row.cells.get("famille_acteurs")
    if family is None and (cell is None or cell.blank or not _has_problem(record, "famille_acteurs")):
        what = "cet entretien n'a pas de famille d'acteurs : il est compté à part, dans aucune famille"
        expected = f"peut-être « {likely} »" if likely else ", ".join(labels.values())
        rows.warn(record, "famille_acteurs", "entretien-sans-famille", what, expected, "La renseigner.")
    elif family is not None and likely and labels[str(family)] != likely:
        what = "la famille d'acteurs ne va pas avec le type de structure ; la famille est gardée"
        rows.warn(record, "famille_acteurs", "famille-incoherente", what, f"« {likely} »", "Vérifier les deux.")


def _has_problem(record: Record, column: str) -> bool:
    return any(problem.where.column == column for problem in record.problems)


def _check_size(record: Record, rows: Rows) -> None:
    mode, people = record.values["mode_entretien"], record.values["nombre_personnes"]
    if isinstance(people, int) and ((mode == "INDIVIDUEL" and people > 1) or (mode == "COLLECTIF" and people == 1)):
        what = "le nombre de personnes ne va pas avec le mode de l'entretien"
        expected = "une personne" if mode == "INDIVIDUEL" else "au moins deux personnes"
        rows.warn(record, "nombre_personnes", "nombre-incoherent", what, expected, "Vérifier les deux.")
