"""Find a table in a sheet: its header row, its columns by the contract's synonyms, and what is not data.

A row counts as the header when at least 60 % of its headings are known, or when it names most of the mandatory
columns, within the first 30 rows. Headings on two lines (« Situation » over « à 6 mois ») are joined.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from edp_analysis.cleaning.ledger import Fate, LedgerLine
from edp_analysis.contract import Field, TableSchema, normalise_text
from edp_analysis.contract.template import is_template_notice
from edp_analysis.intake.headers import Header, find_header
from edp_analysis.intake.raw import Cell, RawRow, RawSheet, column_letters
from edp_analysis.problems import Place, Problem, Severity
from edp_analysis.wording import counted

__all__ = ["Recognised", "non_empty_rows", "recognise", "recognise_file"]

_SHOWN = 10
_TOTAL = re.compile(r"(?:total|totaux|sous total|moyenne|somme|ensemble|effectifs?|nombre|nb|σ)\b")


@dataclass(frozen=True)
class Recognised:
    """A table found in a sheet.

    Attributes
    ----------
    rows : tuple of RawRow
        Data rows, in order.
    lines : tuple of LedgerLine
        Non-empty rows that are not data, each set aside with its reason.
    problems : tuple of Problem
    header_row : int or None
        Line number of the (last) header line, from 1; ``None`` when no header was found.
    columns : mapping of str to int
        Column of each field found, from 0.
    unusable : tuple of RawRow
        Data rows that a missing mandatory column prevents from being used; they can still be checked.
    """

    rows: tuple[RawRow, ...]
    lines: tuple[LedgerLine, ...]
    problems: tuple[Problem, ...]
    header_row: int | None
    columns: Mapping[str, int]
    unusable: tuple[RawRow, ...] = ()


def non_empty_rows(sheet: RawSheet) -> tuple[int, ...]:
    """Return the line numbers (from 1) of the rows that hold something: what the ledger must account for."""
    return tuple(index + 1 for index in range(len(sheet.rows)) if not sheet.blank_row(index))


def recognise_file(sheets: Sequence[RawSheet], schema: TableSchema) -> tuple[Recognised, ...]:
    """Find the table in each sheet of a file.

    A sheet without a recognisable header (a legend, another table) blocks nothing as long as another sheet of the
    file holds the table: it is then only « à vérifier ». A sheet of sentences, one a row, and the notice of our own
    template are nothing at all.
    """
    found = tuple(_without_own_notice(recognise(sheet, schema), sheet) for sheet in sheets)
    if all(item.header_row is None for item in found):
        return found
    return tuple(
        item if item.header_row is not None else _as_notice(item, sheet)
        for item, sheet in zip(found, sheets, strict=True)
    )


def _without_own_notice(item: Recognised, sheet: RawSheet) -> Recognised:
    first = sheet.rows[0][0] if sheet.rows and sheet.rows[0] else None
    if item.header_row is not None or not is_template_notice(sheet.name, first):
        return item
    return Recognised((), tuple(replace(line, reason="notice du modèle") for line in item.lines), (), None, {})


def _as_notice(item: Recognised, sheet: RawSheet) -> Recognised:
    rows = [[value for value in row if value is not None and str(value).strip()] for row in sheet.rows]
    if all(len(row) < 2 and all(isinstance(value, str) for value in row) for row in rows):
        return Recognised((), tuple(replace(line, reason="feuille de texte") for line in item.lines), (), None, {})
    problems = tuple(
        Problem(p.rule, p.what, p.where, p.value, p.expected, "Vérifier que cette feuille n'est pas à reprendre.")
        for p in item.problems
    )
    return Recognised(item.rows, item.lines, problems, item.header_row, item.columns)


def recognise(sheet: RawSheet, schema: TableSchema) -> Recognised:
    """Find the table of a schema in a sheet.

    Parameters
    ----------
    sheet : RawSheet
    schema : TableSchema
        A « -recu » schema: its synonyms name the columns, ``column_severity`` what a missing one costs.

    Returns
    -------
    Recognised
        Without data rows when no header is found or a mandatory column is missing: every row is then set aside.
    """
    filled = non_empty_rows(sheet)
    if not filled:
        return Recognised((), (), (), None, {})
    header = find_header(sheet, schema)
    table = schema.name.removesuffix("-recu")
    if header is None:
        problem = _no_header(sheet, schema)
        lines = tuple(_aside(sheet, row, table, "feuille sans en-tête reconnu") for row in filled)
        return Recognised((), lines, (problem,), None, {})
    problems = [*_column_problems(sheet, schema, header)]
    blocked = [problem.where.column for problem in problems if problem.severity is Severity.BLOCKING]
    rows, lines_out, row_problems = _split_rows(sheet, schema, header, table)
    if blocked:
        reason = f"colonne obligatoire absente ou en double : {', '.join(blocked)}"
        lines = tuple(_aside(sheet, row, table, reason) for row in filled)
        found = (*problems, *row_problems)
        return Recognised((), lines, found, header.last, header.columns, unusable=tuple(rows))
    if not rows:
        row_problems.append(_no_row(sheet, header))
    return Recognised(tuple(rows), tuple(lines_out), (*problems, *row_problems), header.last, header.columns)


def _no_row(sheet: RawSheet, header: Header) -> Problem:
    what, remedy = "il n'y a aucune ligne de données sous les titres", "Vérifier que le bon fichier a été envoyé."
    return Problem("table-sans-ligne", what, Place(sheet.file, sheet.name, str(header.last)), remedy=remedy)


def _aside(sheet: RawSheet, row: int, table: str, reason: str) -> LedgerLine:
    return LedgerLine(sheet.file, sheet.name, row, table, Fate.SET_ASIDE, reason=reason)


def _no_header(sheet: RawSheet, schema: TableSchema) -> Problem:
    wanted = ", ".join(field.title for field in schema.fields if field.column_severity == "bloquant")
    return Problem(
        "en-tete-introuvable",
        "aucune ligne de titres de colonnes n'a été reconnue dans les 30 premières lignes",
        Place(sheet.file, sheet.name),
        expected=f"une ligne de titres avec : {wanted}",
        remedy="Écrire les titres du modèle au-dessus des données, ou retirer ce fichier s'il n'en est pas.",
        severity=Severity.BLOCKING,
    )


def _column_problems(sheet: RawSheet, schema: TableSchema, header: Header) -> list[Problem]:
    problems = []
    for field in schema.fields:
        places = header.duplicates.get(field.name)
        if places:
            problems.append(_duplicate(sheet, header, field, places))
        elif field.name not in header.columns and field.column_severity:
            problems.append(_missing(sheet, header, field))
    if header.unknown:
        names = [f"« {text} » ({column_letters(column)}{header.last})" for column, text in header.unknown.items()]
        names = [*names[:_SHOWN], "…"] if len(names) > _SHOWN + 1 else names
        first = next(iter(header.unknown))
        count = len(header.unknown)
        what = f"{count} colonnes inconnues, non lues" if count > 1 else "colonne inconnue, non lue"
        where = Place(sheet.file, sheet.name, f"{column_letters(first)}{header.last}")
        remedy = "Reprendre un titre du modèle si la colonne doit être lue, la retirer sinon."
        problems.append(Problem("colonne-inconnue", what, where, ", ".join(names), "les titres du modèle", remedy))
    untitled = [column for column in header.untitled if _has_data(sheet, column, header.last)]
    if untitled:
        letters = ", ".join(column_letters(column) for column in untitled)
        where = Place(sheet.file, sheet.name, f"{column_letters(untitled[0])}{header.last}")
        words = "colonnes sans titre, non lues" if len(untitled) > 1 else "colonne sans titre, non lue"
        what = f"{words} : {letters}"
        problems.append(Problem("colonne-sans-titre", what, where, remedy="Donner un titre, ou retirer la colonne."))
    return problems


def _duplicate(sheet: RawSheet, header: Header, field: Field, places: Sequence[int]) -> Problem:
    cells = " et ".join(f"{column_letters(column)}{header.last}" for column in places)
    blocking = field.column_severity == "bloquant"
    what = f"plusieurs colonnes disent la même chose ({cells})" + ("" if blocking else " ; aucune n'a été lue")
    where = Place(sheet.file, sheet.name, f"{column_letters(places[0])}{header.last}", field.name)
    severity = Severity.BLOCKING if blocking else Severity.CHECK
    remedy = "N'en garder qu'une, ou préciser les titres."
    return Problem("colonne-en-double", what, where, "", f"une seule colonne « {field.title} »", remedy, severity)


def _missing(sheet: RawSheet, header: Header, field: Field) -> Problem:
    names = {normalise_text(text): (column, text) for column, text in header.unknown.items()}
    words = [normalise_text(word) for word in (field.title, *field.synonyms)]
    near = [name for word in words for name in difflib.get_close_matches(word, list(names), n=1, cutoff=0.75)]
    hint = ""
    if near:
        column, text = names[near[0]]
        hint = f" Serait-ce « {text} » ({column_letters(column)}{header.last}) ?"
    severity = Severity(field.column_severity)
    blocking = severity is Severity.BLOCKING
    what = f"la colonne obligatoire « {field.title} » manque" if blocking else f"la colonne « {field.title} » manque"
    expected = f"un titre comme : {', '.join((field.title, *field.synonyms)[:4])}"
    remedy = f"L'ajouter, même vide.{hint}" if not field.required else f"L'ajouter et la remplir.{hint}"
    where = Place(sheet.file, sheet.name, str(header.last), field.name)
    return Problem("colonne-absente", what, where, "", expected, remedy, severity)


def _has_data(sheet: RawSheet, column: int, header_line: int) -> bool:
    return any(
        len(row) > column and row[column] is not None and str(row[column]).strip() for row in sheet.rows[header_line:]
    )


def _split_rows(
    sheet: RawSheet, schema: TableSchema, header: Header, table: str
) -> tuple[list[RawRow], list[LedgerLine], list[Problem]]:
    rows: list[RawRow] = []
    reasons: dict[int, str] = {}
    short: list[int] = []
    long: list[int] = []
    problems: list[Problem] = []
    required = [field.name for field in schema.fields if field.required and field.name in header.columns]
    for number in non_empty_rows(sheet):
        values = sheet.rows[number - 1]
        row = _row(sheet, header, number)
        if number <= header.last:
            reasons[number] = "ligne de titres" if number >= header.first else "ligne au-dessus du tableau"
        elif reason := _not_data(sheet, row, header, required):
            reasons[number] = reason
        elif sheet.separator and _overflows(values, header.width):
            reasons[number] = "trop de champs sur la ligne"
            problems.append(_overflow(sheet, number, len(values), header.width))
        else:
            rows.append(row)
            if sheet.separator and len(values) < header.width:
                short.append(number)
            if sheet.separator and len(values) > header.width:
                long.append(number)
    if short:
        count = counted(len(short), "ligne a", "lignes ont")
        what = f"{count} moins de champs que l'en-tête ; les champs absents sont lus comme vides"
        where = Place(sheet.file, sheet.name, str(short[0]))
        remedy = "Vérifier ces lignes (une valeur a pu être coupée)."
        problems.append(Problem("champs-manquants", what, where, "", f"{header.width} champs", remedy))
    # A separator at the end of every line is a habit; on a few lines only, it is a value cut in two.
    if long and len(long) < len(rows):
        count = counted(len(long), "ligne a", "lignes ont")
        what = f"{count} plus de champs que l'en-tête, le dernier vide : les valeurs sont peut-être décalées"
        where = Place(sheet.file, sheet.name, str(long[0]))
        remedy = "Vérifier qu'aucune valeur ne contient le séparateur ; la mettre entre guillemets."
        problems.append(Problem("champs-decales", what, where, _listed(long), f"{header.width} champs", remedy))
    aside = {number: reason for number, reason in reasons.items() if number > header.last}
    problems += _aside_problems(sheet, {n: r for n, r in aside.items() if "champs" not in r})
    return rows, [_aside(sheet, number, table, reason) for number, reason in reasons.items()], problems


def _row(sheet: RawSheet, header: Header, number: int) -> RawRow:
    values = sheet.rows[number - 1]
    cells = {
        name: Cell(values[column] if column < len(values) else None, f"{column_letters(column)}{number}")
        for name, column in header.columns.items()
    }
    return RawRow(sheet.file, sheet.name, number, cells, sheet.date1904)


def _not_data(sheet: RawSheet, row: RawRow, header: Header, required: Sequence[str]) -> str:
    """Say why a row below the header is not data; empty when it is."""
    values = [value for value in sheet.rows[row.number - 1] if value is not None and str(value).strip()]
    titles = [normalise_text(value) for value in values]
    known = sum(title in header.titles for title in titles)
    if known >= max(2, 0.6 * len(titles)):
        return "en-tête répété"
    filled = [name for name in required if not row.cells[name].blank]
    first = titles[0] if titles else ""
    if (len(required) < 2 or len(filled) < len(required)) and _TOTAL.match(first) and isinstance(values[0], str):
        return "ligne de total ou de moyenne"
    if not filled:
        return "ligne sans valeur obligatoire (note, légende, total ou séparateur)"
    if len(required) > 2 and len(values) <= 2 and len(filled) < len(required) / 2:
        return "titre intermédiaire, note ou signature"
    return ""


def _overflows(values: Sequence[object], width: int) -> bool:
    return any(value is not None and str(value).strip() for value in values[width:])


def _overflow(sheet: RawSheet, number: int, found: int, width: int) -> Problem:
    return Problem(
        "champs-en-trop",
        f"la ligne {number} a {found} champs au lieu de {width}",
        Place(sheet.file, sheet.name, str(number)),
        expected=f"{width} champs, comme l'en-tête",
        remedy="Mettre entre guillemets la valeur qui contient le séparateur. Ligne non reprise.",
        severity=Severity.BLOCKING,
    )


def _listed(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:_SHOWN])) + (" …" if len(numbers) > _SHOWN else "")
    return f"ligne{'s' if len(numbers) > 1 else ''} {shown}"


def _aside_problems(sheet: RawSheet, reasons: Mapping[int, str]) -> list[Problem]:
    problems = []
    for reason in sorted(set(reasons.values())):
        numbers = [number for number, text in reasons.items() if text == reason]
        one, many = "ligne sous l'en-tête n'est pas une donnée", "lignes sous l'en-tête ne sont pas des données"
        what = f"{counted(len(numbers), one, many)} ({reason})"
        where = Place(sheet.file, sheet.name, str(numbers[0]))
        remedy = "Vérifier qu'aucune n'est à reprendre." if len(numbers) > 1 else "Vérifier s'il faut la reprendre."
        problems.append(Problem("ligne-hors-donnees", what, where, _listed(numbers), remedy=remedy))
    return problems
