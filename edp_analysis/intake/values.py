"""One cell in, one typed value out: with the correction that was needed, or the problem that prevented it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from edp_analysis.contract import Code, Field, load_codes, normalise_text
from edp_analysis.intake.dates import DateError, read_date
from edp_analysis.intake.numbers import NumberError, as_code, read_number
from edp_analysis.intake.raw import Cell, RawRow
from edp_analysis.intake.suggestions import accepted, nearest_labels
from edp_analysis.problems import Place, Problem, Severity

__all__ = [
    "MASKED",
    "Parsed",
    "parse_boolean",
    "parse_cell",
    "parse_code",
    "parse_date",
    "parse_integer",
    "parse_number",
    "parse_text",
]

MASKED = "(masqué)"
"""What stands for the value of a direct identifier in messages and in the ledger."""

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_MOJIBAKE = re.compile(r"[ÃÂâ][\u0080-\u00ff€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_UNREADABLE = re.compile(r"#(?:DIV/0!|N/A|REF!|NAME\?|NULL!|NUM!|VALUE!|NOM\?|VALEUR!|NON CALCULÉ|ERREUR)|Err:\d+")


@dataclass(frozen=True)
class Parsed:
    """What a cell gave.

    Attributes
    ----------
    value : object
        ``str``, ``int``, ``float``, ``bool``, ``datetime.date``, or ``None`` when missing or refused.
    problem : Problem or None
        Blocking when the row cannot be used.
    correction : str
        What was normalised, in French; empty when the cell was as expected.
    """

    value: object = None
    problem: Problem | None = None
    correction: str = ""


def parse_cell(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read a cell by the type and the code list of its field.

    A value that cannot be read blocks its row only where the field is required, or where a blank has a meaning.

    Parameters
    ----------
    cell : Cell
    field : Field
        Of a « -recu » schema.
    row : RawRow
        For the place named in messages.
    missing_values : iterable of str
        Texts that stand for « missing » in this table, beside the empty cell.
    """
    if field.type == "boolean":
        return parse_boolean(cell, field, row, missing_values)
    if field.codes:
        return parse_code(cell, field, row, missing_values)
    parsers = {"date": parse_date, "number": parse_number, "integer": parse_integer, "string": parse_text}
    return parsers[field.type](cell, field, row, missing_values)


def parse_date(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read a date (see :func:`~edp_analysis.intake.dates.read_date`)."""
    if (early := _early(cell, field, row, missing_values)) is not None:
        return early
    try:
        found = read_date(cell.value, field.pivot, row.date1904)
    except DateError as error:
        expected = "une date qui existe, au format JJ/MM/AAAA"
        mend = "Corriger au format JJ/MM/AAAA."
        return Parsed(problem=_refused(error.rule, error.what, cell, field, row, expected, mend))
    if not found.rule:
        return Parsed(found.value)
    correction = _correction(field, cell.value, f"{found.value:%d/%m/%Y}", found.rule)
    if not found.doubtful:
        return Parsed(found.value, correction=correction)
    what = f"date lue par une règle à confirmer ({found.rule})"
    read = "" if field.direct_identifier else f"Lue comme {found.value:%d/%m/%Y}. "
    remedy = f"{read}Vérifier la date, ou l'écrire JJ/MM/AAAA."
    return Parsed(found.value, _problem("date-a-confirmer", what, cell, field, row, "", remedy), correction)


def parse_number(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read a number (see :func:`~edp_analysis.intake.numbers.read_number`)."""
    if (early := _early(cell, field, row, missing_values)) is not None:
        return early
    try:
        value = read_number(cell.value, field.unit)
    except NumberError as error:
        whole = field.type == "integer"
        expected = "un nombre entier" if whole else "un nombre, par exemple 1234,50"
        mend = "Écrire le nombre en entier, sans unité ni commentaire."
        return Parsed(problem=_refused(error.rule, error.what, cell, field, row, expected, mend))
    if (bounds := _out_of_bounds(value, field)) is not None:
        what = "ce nombre est hors des bornes"
        return Parsed(problem=_refused("nombre-hors-bornes", what, cell, field, row, bounds))
    plain = not isinstance(cell.value, str) or re.fullmatch(r"-?\d+(?:[.,]\d+)?", cell.value) is not None
    return Parsed(value, correction="" if plain else _correction(field, cell.value, _shown(value), "nombre"))


def parse_integer(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read a whole number."""
    parsed = parse_number(cell, field, row, missing_values)
    if not isinstance(parsed.value, float):
        return parsed
    if parsed.value != int(parsed.value):
        what = "ce nombre n'est pas entier"
        return Parsed(problem=_refused("nombre-non-entier", what, cell, field, row, "un nombre entier"))
    return Parsed(int(parsed.value), parsed.problem, parsed.correction)


def parse_code(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read a code, its wording or a declared variant.

    An unknown text is refused with the nearest wordings. A leading zero lost to the spreadsheet is restored when one
    code only can have lost it.
    """
    if (early := _early(cell, field, row, missing_values)) is not None:
        return early
    codes = load_codes(field.codes)
    text, mended = _mend(as_code(cell.value))
    found, repaired = codes.find(text), False
    if found is None and text.isdigit():
        zeroes = [item for item in codes.codes if item.code.isdigit() and item.code.lstrip("0") == text]
        found, repaired = (zeroes[0], True) if len(zeroes) == 1 else (None, False)
    if found is None:
        near = nearest_labels(text, codes)
        expected = f"{' ou '.join(f'« {label} »' for label in near)}, peut-être" if near else accepted(codes)
        what = "cette valeur n'est pas dans la liste"
        return Parsed(problem=_refused("code-inconnu", what, cell, field, row, expected))
    return _found_code(found, cell, field, row, repaired, mended)


def _found_code(found: Code, cell: Cell, field: Field, row: RawRow, repaired: bool, mended: bool) -> Parsed:
    correction = "" if cell.value == found.code else _correction(field, cell.value, found.code, "liste de codes")
    if repaired:
        problem = _problem(
            "zero-initial-perdu", "un zéro initial perdu a été rétabli", cell, field, row, f"« {found.code} »",
            "Mettre la colonne au format texte.", Severity.FIXED,
        )  # fmt: skip
        return Parsed(found.code, problem, correction)
    return Parsed(found.code, _mended_problem(cell, field, row, found.label) if mended else None, correction)


def parse_boolean(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read yes or no; an empty cell is neither."""
    if (early := _early(cell, field, row, missing_values)) is not None:
        return early
    if isinstance(cell.value, bool):
        return Parsed(cell.value)
    found = load_codes(field.codes or "oui_non").find(as_code(cell.value))
    if found is None:
        what = "cette valeur n'est ni oui ni non"
        return Parsed(problem=_refused("oui-non-illisible", what, cell, field, row, "oui ou non"))
    plain = cell.value == found.code
    correction = "" if plain else _correction(field, cell.value, found.code, "oui/non")
    return Parsed(found.code == "oui", correction=correction)


def parse_text(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed:
    """Read a text: spaces levelled, invisible characters removed, damaged accents mended, pattern checked.

    Where the pattern asks for one more digit than was read, a leading zero lost to the spreadsheet is restored.
    """
    if (early := _early(cell, field, row, missing_values)) is not None:
        return early
    raw = as_code(cell.value)
    text, mended = _mend(unicodedata.normalize("NFC", " ".join(raw.translate(_INVISIBLE).split())))
    problem = _mended_problem(cell, field, row, text) if mended else None
    pattern = field.constraints.get("pattern")
    if pattern and not re.fullmatch(pattern, text):
        if text.isdigit() and re.fullmatch(pattern, f"0{text}"):
            text = f"0{text}"
            what, remedy = "un zéro initial perdu a été rétabli", "Mettre la colonne au format texte."
            problem = _problem("zero-initial-perdu", what, cell, field, row, f"« {text} »", remedy, Severity.FIXED)
        elif re.fullmatch(pattern, text.upper()):
            text = text.upper()
        else:
            what = "cette valeur n'a pas la forme attendue"
            return Parsed(problem=_refused("forme-inattendue", what, cell, field, row, field.description.rstrip(".")))
    as_read = cell.value if isinstance(cell.value, str) else raw
    if text == as_read and not isinstance(cell.value, int | float):
        return Parsed(text, problem)
    rule = "texte" if isinstance(cell.value, str) else "nombre lu comme un code"
    if pattern and problem is None and isinstance(cell.value, int | float):
        what, remedy = "ce code est enregistré comme un nombre", "Mettre la colonne au format texte."
        problem = _problem("code-en-nombre", what, cell, field, row, f"le texte « {text} »", remedy, Severity.FIXED)
    return Parsed(text, problem, _correction(field, cell.value, text, rule))


def _early(cell: Cell, field: Field, row: RawRow, missing_values: Iterable[str]) -> Parsed | None:
    """Settle the cells that hold no value: blank, declared missing, or in error."""
    if cell.blank:
        return Parsed()
    if not isinstance(cell.value, str):
        return None
    text = " ".join(cell.value.translate(_INVISIBLE).split())
    if _means_missing(text, field, missing_values):
        return Parsed(correction=_correction(field, text, "non renseigné", "valeur manquante"))
    if _UNREADABLE.fullmatch(text):
        what = "cette cellule est en erreur, ou sa formule n'a jamais été calculée"
        mend = "Corriger la formule ou saisir la valeur."
        return Parsed(problem=_refused("cellule-en-erreur", what, cell, field, row, "une valeur", mend))
    return None


def _means_missing(text: str, field: Field, missing_values: Iterable[str]) -> bool:
    """Compare with the declared missing values; a code list that has the same word (« inconnu ») wins."""
    if field.codes and load_codes(field.codes).find(text) is not None:
        return False
    flat = normalise_text(text)
    return any(text.casefold() == value.casefold() or flat == normalise_text(value) != "" for value in missing_values)


def _mend(text: str) -> tuple[str, bool]:
    """Undo UTF-8 read as Windows-1252 (« Ã© » for « é »), when the whole text allows it."""
    if not _MOJIBAKE.search(text):
        return text, False
    try:
        return text.encode("cp1252").decode("utf-8"), True
    except UnicodeError:
        return text, False


def _mended_problem(cell: Cell, field: Field, row: RawRow, text: str) -> Problem:
    what = "accents abîmés par un changement d'encodage, rétablis"
    read = "" if field.direct_identifier else f"Lu comme « {text} ». "
    return _problem("accents-retablis", what, cell, field, row, "", f"{read}Vérifier le texte.")


def _out_of_bounds(value: float, field: Field) -> str | None:
    """Return the bounds of a field, in words, when a number is outside them."""
    low, high = field.constraints.get("minimum"), field.constraints.get("maximum")
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    parts = [f"au moins {_shown(low)}"] if low is not None else []
    parts += [f"au plus {_shown(high)}"] if high is not None else []
    return " et ".join(parts) + (f" {field.unit}" if field.unit else "")


def _shown(value: float) -> str:
    return f"{value:.15g}".replace(".", ",")


def _correction(field: Field, before: object, after: str, rule: str) -> str:
    if field.direct_identifier:
        return f"{field.name} : {MASKED} ({rule})"
    shown = before if isinstance(before, str) else as_code(before)
    return f"{field.name} : « {shown} » → {after} ({rule})"


def _refused(
    rule: str, what: str, cell: Cell, field: Field, row: RawRow, expected: str, mend: str = "Corriger la cellule."
) -> Problem:
    """Return the problem of a value that cannot be read.

    It is left missing, and the rest of the row is used; it blocks the row where the value is required, or where a
    blank would say something of its own.
    """
    if field.required:
        return _problem(rule, what, cell, field, row, expected, f"{mend} Ligne non reprise.", Severity.BLOCKING)
    if field.blank_means:
        remedy = f"{mend} Ligne non reprise : une cellule vide voudrait dire « {field.blank_means} »."
        return _problem(rule, what, cell, field, row, expected, remedy, Severity.BLOCKING)
    return _problem(rule, what, cell, field, row, expected, f"{mend} Valeur laissée vide.")


def _problem(
    rule: str, what: str, cell: Cell, field: Field, row: RawRow, expected: str, remedy: str,
    severity: Severity = Severity.CHECK,
) -> Problem:  # fmt: skip
    value = MASKED if field.direct_identifier else as_code(cell.value)
    expected = "" if field.direct_identifier and severity is Severity.FIXED else expected
    return Problem(rule, what, Place(row.file, row.sheet, cell.ref, field.name), value, expected, remedy, severity)
