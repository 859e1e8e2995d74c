"""``edp check``: what is wrong with received files, before they are used, one by one or by whole folders.

The table that a file holds is guessed from its headings, so that a school can check its file without saying what it
is. One bad file never hides another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.ledger import Fate
from edp_analysis.contract import load_schema, normalise_text
from edp_analysis.intake.fec import is_fec
from edp_analysis.intake.files import FOLDERS, MISNAMED, duplicates, file_digest, list_files, read_sheets, sniff
from edp_analysis.intake.headers import find_header
from edp_analysis.intake.raw import RawSheet
from edp_analysis.problems import Place, Problem, Severity, UserError, worst

if TYPE_CHECKING:
    from edp_analysis.cleaning.result import Cleaned

__all__ = ["CheckReport", "CheckedFile", "check_paths", "guess_table"]

_GRID = ("entretiens", "codages", "citations")
_TABLES = ("apprenants", "comptes", "financements", "ecoles", *_GRID, "visites", "documents")
_SURVEY_HEADINGS = ("submitdate", "date de soumission")
_CODE_AND_TEXT = re.compile(r"[A-Za-z]\w*(?:\[\w+\])?\. \S")  # « Q3[SQ1]. Wording », as survey tools export
_NOT_DATA = frozenset({".toml", ".md"})
_SEARCHED = 30
_NEEDS = {
    "apprenants": ("l'école", "la période", "les présents déclarés"),
    _GRID[0]: ("l'école", "la période"),
    "visites": ("l'école", "la période"),
    "documents": ("la période",),
}
"""What is checked of each table only when the campaign is known."""


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
    used : int
        Rows that the tables keep; the others are titles, notes, or rows with a fault.
    problems : tuple of Problem
    """

    path: Path
    table: str
    rows: int
    used: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class CheckReport:
    """All the files of one check.

    Attributes
    ----------
    files : tuple of CheckedFile
    notes : tuple of Problem
        What does not belong to one file: files ignored, received twice, not found; for the whole raw folder of a
        campaign, what crosses its files too.
    unchecked : tuple of str
        Checks that were left out, in French.
    """

    files: tuple[CheckedFile, ...]
    notes: tuple[Problem, ...]
    unchecked: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, notes first, then file by file."""
        return (*self.notes, *(problem for file in self.files for problem in file.problems))

    @property
    def exit_code(self) -> int:
        """2 when there was nothing to check, 1 when a problem is blocking, 0 otherwise."""
        return int(worst(self.problems) is Severity.BLOCKING) if self.files else 2

    def as_dict(self) -> dict[str, object]:
        """Return a JSON-ready dictionary, French keys."""
        return {
            "fichiers": [
                {
                    "fichier": file.path.name,
                    "table": file.table,
                    "lignes": file.rows,
                    "lignes_lues": file.used,
                    "problemes": [problem.as_dict() for problem in file.problems],
                }
                for file in self.files
            ],
            "remarques": [problem.as_dict() for problem in self.notes],
            "non_verifie": list(self.unchecked),
            "gravites": {str(level): sum(p.severity is level for p in self.problems) for level in Severity},
        }


def check_paths(paths: Sequence[Path], campaign: Campaign | None = None) -> CheckReport:
    """Check files, and all the files of folders and their sub-folders.

    Parameters
    ----------
    paths : sequence of pathlib.Path
    campaign : Campaign, optional
        Gives the period and the list of schools; checks that need them are left out, and named, without it.
    """
    files, notes = _expand(paths)
    readable = [path for path in files if path.is_file()]
    notes += duplicates((path.name, file_digest(path)) for path in readable)
    listed = _listed_documents(readable, campaign)
    checked = tuple(_check(path, campaign, listed) for path in readable)
    unchecked = _unchecked(checked, campaign, listed)
    if campaign is not None and any(path.resolve() == campaign.raw.resolve() for path in paths):
        said = {(p.rule, p.where) for p in (*notes, *(problem for file in checked for problem in file.problems))}
        try:
            notes += [problem for problem in _of_the_whole(campaign) if (problem.rule, problem.where) not in said]
        except UserError as error:  # no key yet: the files are checked one by one all the same
            unchecked.append(f"ce qui croise les fichiers ({error.what.rstrip('.')})")
    return CheckReport(checked, tuple(notes), tuple(unchecked))


def _of_the_whole(campaign: Campaign) -> tuple[Problem, ...]:
    """Return every problem that ``edp run`` finds, of which some need all the files."""
    from edp_analysis.cleaning.prepare import prepare

    return prepare(campaign).problems


def _unchecked(files: Iterable[CheckedFile], campaign: Campaign | None, documents: tuple[str, ...] | None) -> list[str]:
    tables = [file.table for file in files]
    needs = [need for table in tables for need in _NEEDS.get(table, ())] if campaign is None else []
    cited = ["les documents cités"] if documents is None and _GRID[0] in tables else []
    return list(dict.fromkeys([*needs, *cited]))


def _expand(paths: Iterable[Path]) -> tuple[list[Path], list[Problem]]:
    files: list[Path] = []
    notes: list[Problem] = []
    for path in paths:
        if path.is_dir() and not any(item.is_file() for item in path.rglob("*")):
            what, remedy = (
                "c'est un dossier, et il ne contient aucun fichier",
                "Y déposer les fichiers reçus, ou corriger le chemin.",
            )
            notes.append(Problem("dossier-vide", what, Place(str(path)), "", "", remedy, Severity.BLOCKING))
        elif path.is_dir():
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
        problems, used = _examine(path, "comptes", campaign, documents)
        return CheckedFile(path, "comptes", used, used, tuple(problems))
    sheets, problems = read_sheets(path)
    rows = sum(not sheet.blank_row(row) for sheet in sheets for row in range(len(sheet.rows)))
    table = guess_table(sheets) or FOLDERS.get(path.parent.name, "")
    used = 0
    if sheets and table:
        problems, used = _examine(path, table, campaign, documents)
    elif sheets:
        problems = [_unknown_table(path, problems), *(p for p in problems if p.rule != MISNAMED)]
    return CheckedFile(path, table if sheets else "", rows, used, tuple(problems))


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


def _unknown_table(path: Path, problems: Iterable[Problem]) -> Problem:
    """Say that no table was found; first, where the file is not what its name says, that this is why."""
    cause = next((problem.what.split(" ; ")[0] for problem in problems if problem.rule == MISNAMED), "")
    what = "aucune table connue n'a été reconnue aux titres de colonnes de ce fichier"
    return Problem(
        "table-inconnue",
        f"{cause} ; {what}" if cause else what,
        Place(path.name),
        expected="apprenants, enquête, comptes (balance, FEC), écoles, financements, entretiens, visites ou documents",
        remedy="Envoyer le fichier d'origine." if cause else "Reprendre les titres du modèle, au-dessus des données.",
        severity=Severity.BLOCKING,
    )


def _examine(
    path: Path, table: str, campaign: Campaign | None, documents: tuple[str, ...] | None
) -> tuple[list[Problem], int]:
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
        return _account_for(clean_account_files([path], corrections=corrections))
    if table == "enquete":
        return _account_for(clean_survey_files([path], corrections=corrections))
    last_day = campaign.extraction_date if campaign is not None else None
    schools = school_codes(campaign) if campaign is not None else ()
    if table == "entretiens":
        found = clean_interview_files([path], last_day, corrections, schools, documents)
        return _account_for(*found.values())
    if table == "visites":
        return _account_for(clean_visit_files([path], last_day, corrections, schools))
    if table == "documents":
        return _account_for(clean_document_file(path, last_day, corrections))
    reading = read_table(path, load_schema(f"{table}-recu"), corrections)
    return gather(reading.problems), len(reading.records)


def _account_for(*tables: Cleaned) -> tuple[list[Problem], int]:
    """Return the problems of cleaned tables, and how many received rows are in them."""
    used = sum(line.fate is not Fate.SET_ASIDE for table in tables for line in table.lines)
    return [problem for table in tables for problem in table.problems], used
