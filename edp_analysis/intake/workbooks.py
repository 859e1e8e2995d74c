"""Workbooks (.xlsx, .xlsm, .xls, .ods) as plain rows with their true addresses."""

from __future__ import annotations

import io

from edp_analysis.contract.template import LISTS_SHEET
from edp_analysis.intake.prescan import DAMAGED, NOT_CALCULATED, Scan, SheetScan, UnsafeError, scan_ods, scan_xlsx
from edp_analysis.intake.raw import RawSheet, column_letters
from edp_analysis.problems import Place, Problem, Severity
from edp_analysis.wording import counted

__all__ = ["blocking", "read_workbook"]

_SHOWN = 10


def blocking(rule: str, name: str, what: str, remedy: str, value: str = "", expected: str = "") -> Problem:
    """Return the problem that makes a whole file unusable."""
    return Problem(rule, what, Place(name), value, expected, remedy, Severity.BLOCKING)


def _is_encrypted(data: bytes) -> bool:
    """Say whether an Office container holds an encrypted package instead of a workbook."""
    return not data.startswith(b"PK") and "EncryptedPackage".encode("utf-16-le") in data


def _damaged(name: str) -> Problem:
    remedy = "L'ouvrir, l'enregistrer sous un autre nom, puis l'envoyer de nouveau."
    return blocking("fichier-endommage", name, "ce classeur est endommagé ou incomplet", remedy)


def _protected(name: str) -> Problem:
    return blocking(
        "mot-de-passe",
        name,
        "ce classeur est protégé par un mot de passe",
        "Demander une copie sans mot de passe (Fichier > Informations > Protéger le classeur). "
        "Ne pas transmettre le mot de passe.",
    )


def read_workbook(data: bytes, name: str, kind: str) -> tuple[tuple[RawSheet, ...], list[Problem]]:
    """Read the visible sheets of a workbook.

    Parameters
    ----------
    data : bytes
    name : str
        File name, for the messages.
    kind : {"xlsx", "ods", "xls"}
        From the content of the file, not from its name.

    Returns
    -------
    sheets : tuple of RawSheet
        Empty when the file cannot be used. A cell in error holds the error's text (``"#DIV/0!"``), a formula that
        was never calculated holds :data:`~edp_analysis.intake.prescan.NOT_CALCULATED`: no parser accepts them.
    problems : list of Problem
    """
    if _is_encrypted(data):
        return (), [_protected(name)]
    try:
        scan = {"xlsx": scan_xlsx, "ods": scan_ods}.get(kind, lambda _: Scan())(data)
    except UnsafeError as refusal:
        remedy = "Copier le seul tableau dans un classeur neuf et renvoyer celui-ci."
        return (), [blocking(refusal.rule, name, refusal.what, remedy, refusal.value)]
    except DAMAGED:
        return (), [_damaged(name)]
    try:
        return _read(data, name, kind, scan)
    except BaseException as error:
        # The reader is written in Rust: on some damaged files it panics, which is not an Exception in Python.
        if type(error).__name__ != "PanicException":
            raise
        return (), [_damaged(name)]


def _read(data: bytes, name: str, kind: str, scan: Scan) -> tuple[tuple[RawSheet, ...], list[Problem]]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    problems: list[Problem] = []
    sheets: list[RawSheet] = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        if kind == "xls":
            problems.append(_old_format(name))
        for index, entry in enumerate(workbook.sheets_metadata):
            if entry.typ != SheetTypeEnum.WorkSheet:
                continue
            if entry.visible != SheetVisibleEnum.Visible:
                if entry.name != LISTS_SHEET:  # that of our own template holds only the wordings of its drop-downs
                    problems.append(_hidden_sheet(name, entry.name))
                continue
            sheet = workbook.get_sheet_by_index(index)
            rows: list[list[object]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
            found = scan.sheets.get(entry.name, SheetScan())
            _mark_unreadable(rows, found)
            merged = tuple((*start, *end) for start, end in sheet.merged_cell_ranges or ())
            plain = tuple(_plain(row) for row in rows)
            sheets.append(RawSheet(name, entry.name, plain, merged, date1904=scan.date1904))
            problems += _sheet_problems(sheets[-1], found)
    except PasswordError:
        return (), [_protected(name)]
    except CalamineError:
        return (), [_damaged(name)]
    if all(sheet.blank_row(row) for sheet in sheets for row in range(len(sheet.rows))):
        remedy = "Vérifier que le bon fichier a été envoyé."
        problems.append(blocking("classeur-vide", name, "aucune feuille visible ne contient de données", remedy))
        return (), problems
    return tuple(sheets), problems


def _plain(row: list[object]) -> tuple[object, ...]:
    """Make an absent cell ``None``: workbooks do not tell it from an empty text."""
    return tuple(None if value == "" else value for value in row)


def _mark_unreadable(rows: list[list[object]], scan: SheetScan) -> None:
    for (row, column), text in scan.unreadable.items():
        while len(rows) <= row:
            rows.append([])
        rows[row].extend([""] * (column + 1 - len(rows[row])))
        rows[row][column] = text


def _old_format(name: str) -> Problem:
    return Problem(
        "format-xls",
        "ancien format .xls, dont la lecture peut décaler les premières colonnes",
        Place(name),
        remedy="Vérifier les premières colonnes, ou enregistrer le classeur en .xlsx.",
    )


def _hidden_sheet(name: str, sheet: str) -> Problem:
    return Problem(
        "feuille-masquee",
        "cette feuille est masquée : elle n'a pas été lue",
        Place(name, sheet),
        remedy="L'afficher si elle doit être reprise, la supprimer sinon.",
    )


def _sheet_problems(sheet: RawSheet, scan: SheetScan) -> list[Problem]:
    problems = []
    errors = {key: text for key, text in scan.unreadable.items() if text != NOT_CALCULATED}
    formulas = {key: text for key, text in scan.unreadable.items() if text == NOT_CALCULATED}
    for rule, cells, words, remedy in (
        (
            "cellule-en-erreur",
            errors,
            ("cellule en erreur", "cellules en erreur"),
            "Corriger les formules, ou saisir les valeurs.",
        ),
        (
            "formule-non-calculee",
            formulas,
            ("formule sans résultat dans le fichier", "formules sans résultat dans le fichier"),
            "Ouvrir le classeur dans un tableur, l'enregistrer, puis le renvoyer.",
        ),
    ):
        if cells:
            places = sorted(cells)
            shown = [f"{column_letters(c)}{r + 1} ({cells[r, c]})" for r, c in places[:_SHOWN]]
            value = ", ".join(shown) + (" …" if len(places) > _SHOWN else "")
            first = f"{column_letters(places[0][1])}{places[0][0] + 1}"
            where = Place(sheet.file, sheet.name, first)
            problems.append(Problem(rule, counted(len(cells), *words), where, value, "une valeur", remedy))
    if scan.hidden_rows:
        words = "ligne masquée ou filtrée, lue", "lignes masquées ou filtrées, lues"
        what = f"{counted(scan.hidden_rows, *words)} comme les autres"
        remedy = "Supprimer ce qui ne doit pas être repris."
        problems.append(Problem("lignes-masquees", what, Place(sheet.file, sheet.name), remedy=remedy))
    return problems
