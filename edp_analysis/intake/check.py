"""``edp check``: what is wrong with received files, before they are used, one by one or by whole folders.

The table that a file holds is guessed from its headings, so that a school can check its file without saying what it
is. One bad file never hides another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_schema, normalise_text
from edp_analysis.intake.fec import is_fec
from edp_analysis.intake.files import FOLDERS, duplicates, file_digest, list_files, read_sheets, sniff
from edp_analysis.intake.headers import find_header
from edp_analysis.intake.raw import RawSheet
from edp_analysis.problems import Place, Problem, Severity, worst

__all__ = ["CheckReport", "CheckedFile", "check_paths", "guess_table"]

_GRID = ("entretiens", "codages", "citations")
_TABLES = ("apprenants", "comptes", "financements", "ecoles", *_GRID, "visites", "documents")
_SURVEY_HEADINGS = ("submitdate", "date de soumission")
_CODE_AND_TEXT = re.compile(r"[A-Za-z]\w*(?:\[\w+\])?\. \S")  # « Q3[SQ1]. Wording », as survey tools export
_NOT_DATA = frozenset({".toml", ".md"})
_SEARCHED = 30


@dataclass(frozen=True)
class CheckedFile:
    """One file, checked.

    Attributes
    ----------
    path : pathlib.Path
    table : str
        Table it was taken for (``"apprenants"``, ``"enquete"``, ``"comptes"``…); empty when it could not be told.
    rows : int
        Non-empty rows.
    problems : tuple of Problem
    """

    path: Path
    table: str
    rows: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class CheckReport:
    """All the files of one check.

    Attributes
    ----------
    files : tuple of CheckedFile
    notes : tuple of Problem
        What does not belong to one file: files ignored, received twice, not found.
    """

    files: tuple[CheckedFile, ...]
    notes: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, notes first, then file by file."""
        return (*self.notes, *(problem for file in self.files for problem in file.problems))

    @property
    def exit_code(self) -> int:
        """1 when a problem is blocking, 0 otherwise."""
        return int(worst(self.problems) is Severity.BLOCKING)

    def as_dict(self) -> dict[str, object]:
        """Return a JSON-ready dictionary, French keys."""
        return {
            "fichiers": [
                {
                    "fichier": file.path.name,
                    "table": file.table,
                    "lignes": file.rows,
                    "problemes": [problem.as_dict() for problem in file.problems],
                }
                for file in self.files
            ],
            "remarques": [problem.as_dict() for problem in self.notes],
            "gravites": {str(level): sum(p.severity is level for p in self.problems) for level in Severity},
        }


def check_paths(paths: Sequence[Path], campaign: Campaign | None = None) -> CheckReport:
    """Check files, and all the files of folders and their sub-folders.

    Parameters
    ----------
    paths : sequence of pathlib.Path
    campaign : Campaign, optional
        Gives the period and the list of schools; checks that need them are left out without it.
    """
    files, notes = _expand(paths)
    readable = [path for path in files if path.is_file()]
    notes += duplicates((path.name, file_digest(path)) for path in readable)
    listed = _listed_documents(readable, campaign)
    return CheckReport(tuple(_check(path, campaign, listed) for path in readable), tuple(notes))


def _expand(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    files: list[Path] = []
    notes: list[Problem] = []
    for path in paths:
        if path.is_dir():
            folders = [path, *sorted(item for item in path.rglob("*") if item.is_dir())]
            for folder in folders:
                found, ignored = list_files(folder)
                files += [item for item in found if item.suffix.lower() not in _NOT_DATA]
                notes += [note for note in ignored if Path(note.where.file).suffix.lower() not in _NOT_DATA]
        elif path.is_file():
            files.append(path)
        else:
            what = "ce fichier ou ce dossier n'existe pas"
            remedy = "Vérifier son nom et le dossier où l'on se trouve."
            notes.append(Problem("fichier-introuvable", what, Place(str(path)), "", "", remedy, Severity.BLOCKING))
    return list(dict.fromkeys(files)), notes


def _listed_documents(files: Iterable[Path], campaign: Campaign | None) -> tuple[str, ...] | None:
    """Return the numbers that interviews may cite: those of the lists beside the files, or one folder above.

    Without any, those of the campaign; ``None`` when there is no list, so that nothing is held against it.
    """
    from edp_analysis.cleaning.documents import FILE_NAME, clean_document_file

    own = [campaign.raw / FILE_NAME] if campaign is not None else []
    near = {folder / FILE_NAME for path in files for folder in (path.parent, path.parent.parent)}
    found = [path for path in sorted(near) if path.is_file()] or [path for path in own if path.is_file()]
    numbers = {str(number) for path in found for number in clean_document_file(path).frame["id_document"]}
    return tuple(sorted(numbers)) or None


def _check(path: Path, campaign: Campaign | None, documents: tuple[str, ...] | None) -> CheckedFile:
    if _kind(path) == "gzip":  # only accounts are received compressed
        return CheckedFile(path, "comptes", 0, tuple(_examine(path, "comptes", campaign, documents)))
    sheets, problems = read_sheets(path)
    rows = sum(not sheet.blank_row(row) for sheet in sheets for row in range(len(sheet.rows)))
    table = guess_table(sheets) or FOLDERS.get(path.parent.name, "")
    if sheets and table:
        problems = _examine(path, table, campaign, documents)
    elif sheets:
        problems = [*problems, _unknown_table(path)]
    return CheckedFile(path, table if sheets else "", rows, tuple(problems))


def _kind(path: Path) -> str:
    try:
        return sniff(path.read_bytes())
    except OSError:  # said by the reader, with the place
        return ""


def guess_table(sheets: Sequence[RawSheet]) -> str:
    """Return the table that the headings of a file announce; empty when they announce none.

    A file of entries (FEC) is known by its eighteen columns, a survey export by its date of sending or by headings
    of the form « code. wording »; otherwise the table of which a sheet names the most columns.
    """
    if any(is_fec(sheet) for sheet in sheets):
        return "comptes"
    if any(_is_survey(sheet) for sheet in sheets):
        return "enquete"
    found = {}
    for table in _TABLES:
        headers = [find_header(sheet, load_schema(f"{table}-recu")) for sheet in sheets]
        found[table] = max((header.known for header in headers if header is not None), default=0)
    best = max(_TABLES, key=lambda table: found[table])
    if best in _GRID:
        return _GRID[0]  # one workbook, three tables
    return best if found[best] else ""


def _is_survey(sheet: RawSheet) -> bool:
    rows = [[value for value in row if isinstance(value, str) and value.strip()] for row in sheet.rows[:_SEARCHED]]
    if any(normalise_text(value).startswith(_SURVEY_HEADINGS) for row in rows for value in row):
        return True
    headings = next((row for row in rows if row), [])
    return len(headings) > 2 and sum(bool(_CODE_AND_TEXT.match(text)) for text in headings) > len(headings) / 2


def _unknown_table(path: Path) -> Problem:
    return Problem(
        "table-inconnue",
        "aucune table connue n'a été reconnue aux titres de colonnes de ce fichier",
        Place(path.name),
        expected="apprenants, enquête, comptes (balance, FEC), écoles, financements, entretiens, visites ou documents",
        remedy="Reprendre les titres du modèle, au-dessus des données.",
        severity=Severity.BLOCKING,
    )


def _examine(path: Path, table: str, campaign: Campaign | None, documents: tuple[str, ...] | None) -> list[Problem]:
    # The cleaners stand to the right of this room: they are called, never depended upon at import.
    from edp_analysis.cleaning.accounts import clean_account_files
    from edp_analysis.cleaning.corrections import load_corrections
    from edp_analysis.cleaning.documents import clean_document_file
    from edp_analysis.cleaning.interviews import clean_interview_files
    from edp_analysis.cleaning.learners import examine
    from edp_analysis.cleaning.reading import read_table
    from edp_analysis.cleaning.reference import school_codes
    from edp_analysis.cleaning.survey import clean_survey_files
    from edp_analysis.cleaning.visits import clean_visit_files
    from edp_analysis.intake.records import gather

    if table == "apprenants":
        return examine(path, campaign)
    own = campaign is not None and path.resolve().is_relative_to(campaign.raw.resolve())
    corrections = load_corrections(campaign.raw) if campaign is not None and own else ()
    if table == "comptes":
        return list(clean_account_files([path], corrections=corrections).problems)
    if table == "enquete":
        return list(clean_survey_files([path], corrections=corrections).problems)
    last_day = campaign.extraction_date if campaign is not None else None
    if table == "entretiens":
        schools = school_codes(campaign) if campaign is not None else ()
        found = clean_interview_files([path], last_day, corrections, schools, documents)
        return [problem for cleaned in found.values() for problem in cleaned.problems]
    if table == "visites":
        return list(clean_visit_files([path], last_day, corrections).problems)
    if table == "documents":
        return list(clean_document_file(path, last_day, corrections).problems)
    return gather(read_table(path, load_schema(f"{table}-recu"), corrections).problems)
