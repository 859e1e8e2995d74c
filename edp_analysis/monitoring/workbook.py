"""The template as a workbook: a notice, one row a youth, one row a year, and the lists behind the drop-downs.

No formula: a workbook that no spreadsheet has calculated would come back with cells that the reader refuses. No
protection: whatever a school adds or retypes is read again on arrival and named cell by cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from edp_analysis.campaign import Campaign
from edp_analysis.contract import load_schema
from edp_analysis.contract.template import LEARNERS_SHEET, LISTS_SHEET, NOTICE_SHEET, SCHOOL_SHEET, TITLE
from edp_analysis.monitoring.columns import (
    MUST,
    Column,
    learner_columns,
    school_columns,
    school_years,
)
from edp_analysis.monitoring.notice import notice_lines
from edp_analysis.ooxml import frozen

__all__ = ["HEADING_ROW", "LAST_ROW", "template_bytes"]

HEADING_ROW = 3
"""Line of the headings in the sheet of the youths: the moment and the demand are written above."""
LAST_ROW = 400
"""Last line with drop-downs: a school has a few dozen youths."""
_TEXT, _DATE = "@", "dd/mm/yyyy"
_PROMPT, _PROMPT_TITLE = 255, 32
"""Characters that a spreadsheet shows of an input message and of its title."""
_NARROW, _WIDE = 12.0, 26.0
_INK, _PAPER, _BAND, _STRONG = "FF1B1F24", "FFFFFFFF", "FFE8EEF2", "FF0B4A6F"


@dataclass(frozen=True)
class _Sheet:
    """A sheet of rows to fill in: its columns, the line of its headings, and the last line it expects."""

    columns: tuple[Column, ...]
    heading_row: int
    last_row: int


def template_bytes(campaign: Campaign, school: str) -> bytes:
    """Return the workbook that one school fills in; the same bytes for the same campaign, contract and school.

    Parameters
    ----------
    campaign : Campaign
        Its period bounds the dates and says which codes are offered.
    school : str
        Code of the school.

    Raises
    ------
    UserError
        The campaign's list of what must be reported, or its section ``[suivi]``, does not read.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    learners = _Sheet(learner_columns(campaign), HEADING_ROW, LAST_ROW)
    years = school_years(campaign)
    yearly = _Sheet(school_columns(), 2, 2 + len(years))
    _write_notice(book.create_sheet(NOTICE_SHEET), campaign, school, learners.columns)
    lists = _write_lists(book, learners.columns)
    sheet = book.create_sheet(LEARNERS_SHEET, 1)
    _write_headings(sheet, learners)
    _add_rules(sheet, learners, campaign, lists)
    _lay_out(sheet, learners, f"{school} – {LEARNERS_SHEET} – campagne {campaign.code}", frozen_columns=2)
    own = book.create_sheet(SCHOOL_SHEET, 2)
    _write_years(own, yearly, years)
    _add_rules(own, yearly, campaign, {})
    _lay_out(own, yearly, f"{school} – {SCHOOL_SHEET} – campagne {campaign.code}", frozen_columns=1)
    schema = load_schema("apprenants-recu")
    day = campaign.extraction_date
    book.properties.creator = "edp"
    book.properties.title = f"{TITLE} – {school}"
    book.properties.identifier = f"{schema.name}@{schema.version}"
    book.properties.created = datetime(day.year, day.month, day.day)
    buffer = BytesIO()
    book.save(buffer)
    return frozen(buffer.getvalue(), day)


def _write_notice(sheet: Any, campaign: Campaign, school: str, columns: Sequence[Column]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 96
    wrapped = Alignment(wrap_text=True, vertical="top")
    for rank, (label, text) in enumerate(notice_lines(campaign, school, columns), 1):
        heading = not text
        first = sheet.cell(rank, 1, label)
        first.font = Font(bold=True, size=14 if rank == 1 else 11, color=_STRONG if heading else _INK)
        first.alignment = Alignment(wrap_text=not heading, vertical="top")
        if text:
            sheet.cell(rank, 2, text).alignment = wrapped
    sheet.sheet_view.showGridLines = False
    _print_on_a4(sheet, landscape=False, footer=f"{school} – {NOTICE_SHEET} – campagne {campaign.code}")


def _write_lists(book: Any, columns: Sequence[Column]) -> dict[str, str]:
    """Write each list once in a hidden sheet; return, by list, the range that holds it."""
    sheet = book.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "hidden"
    ranges: dict[str, str] = {}
    for column in columns:
        name = column.field.codes
        if not column.choices or name in ranges:
            continue
        place = len(ranges) + 1
        sheet.cell(1, place, name)
        for rank, choice in enumerate(column.choices, 2):
            cell = sheet.cell(rank, place, choice)
            cell.data_type = "s"  # a wording that begins with « = » would otherwise be a formula
        letter = sheet.cell(1, place).column_letter
        ranges[name] = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(column.choices) + 1}"
    return ranges


def _write_headings(sheet: Any, shape: _Sheet) -> None:
    from openpyxl.styles import Font

    former = ""
    for place, column in enumerate(shape.columns, 1):
        if column.moment != former:
            sheet.cell(1, place, column.moment or "Si vous les avez").font = Font(bold=True, color=_STRONG)
            former = column.moment
        sheet.cell(2, place, column.demand).font = Font(italic=column.demand != MUST, bold=column.demand == MUST)
        _heading(sheet.cell(shape.heading_row, place), column)


def _write_years(sheet: Any, shape: _Sheet, years: Sequence[str]) -> None:
    from openpyxl.styles import Font

    words = "Une ligne par année scolaire, déjà écrite : laisser vide ce qui n’est pas connu."
    sheet.cell(1, 1, words).font = Font(italic=True)
    for place, column in enumerate(shape.columns, 1):
        _heading(sheet.cell(shape.heading_row, place), column)
    for rank, year in enumerate(years, shape.heading_row + 1):
        sheet.cell(rank, 1, year)


def _heading(cell: Any, column: Column) -> None:
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    strong = column.demand == MUST
    cell.value = column.heading
    cell.font = Font(bold=True, color=_PAPER if strong else _INK)
    cell.fill = PatternFill("solid", start_color=_STRONG if strong else _BAND)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    cell.border = Border(bottom=Side("medium", color=_INK), right=Side("thin", color=_PAPER))


def _add_rules(sheet: Any, shape: _Sheet, campaign: Campaign, lists: dict[str, str]) -> None:
    """Give each column its format, its control, and the message shown when a cell is entered."""
    from openpyxl.worksheet.datavalidation import DataValidation

    first = shape.heading_row + 1
    letters = {column.field.name: sheet.cell(1, place).column_letter for place, column in enumerate(shape.columns, 1)}
    for column in shape.columns:
        letter = letters[column.field.name]
        sheet.column_dimensions[letter].number_format = _DATE if column.field.type == "date" else _format(column)
        control, wanted = _control(column, campaign, lists, letters, first)
        rule = DataValidation(**control, allow_blank=True, showInputMessage=True, showErrorMessage=bool(wanted))
        rule.promptTitle, rule.prompt = column.field.title[:_PROMPT_TITLE], _message(column)
        if wanted:
            rule.errorTitle, rule.error = column.field.title[:_PROMPT_TITLE], wanted[:_PROMPT]
        rule.add(f"{letter}{first}:{letter}{shape.last_row}")
        sheet.add_data_validation(rule)


def _format(column: Column) -> str:
    return "0" if column.field.type == "integer" else _TEXT


def _control(
    column: Column, campaign: Campaign, lists: dict[str, str], letters: dict[str, str], first: int
) -> tuple[dict[str, Any], str]:
    """Return how a column is controlled, and what is said of a value that is refused (nothing: all are taken)."""
    field = column.field
    if field.codes in lists:
        blank = "" if column.demand == MUST else ", ou laisser vide"
        return {"type": "list", "formula1": lists[field.codes]}, f"Choisir dans la liste{blank}."
    if field.type == "date":
        low, high = _bounds(field.name, campaign, letters, first)
        return (
            {"type": "date", "operator": "between", "formula1": low, "formula2": high},
            f"Une date JJ/MM/AAAA, jusqu’au {_last_day(field.name, campaign):%d/%m/%Y}"
            + (", pas avant l’entrée." if field.name == "date_sortie" else "."),
        )
    if field.type == "integer":
        least, most = field.constraints.get("minimum", 0), field.constraints.get("maximum", 10**6)
        return (
            {"type": "whole", "operator": "between", "formula1": str(least), "formula2": str(most)},
            f"Un nombre entier de {least} à {most}, sans unité.",
        )
    return {"type": None}, ""


def _bounds(name: str, campaign: Campaign, letters: dict[str, str], first: int) -> tuple[str, str]:
    ages = load_schema("apprenants")["age_entree"].constraints
    start, last = campaign.start, _last_day(name, campaign)
    low = _day(start)
    if name == "date_naissance":
        low = _day(start.replace(year=start.year - ages["maximum"] - 1))
    elif name == "date_sortie":
        low = f"${letters['date_entree']}{first}"
    return low, _day(last)


def _last_day(name: str, campaign: Campaign) -> date:
    """Return the last day that a date may be: nobody is born so late as to be too young at the extraction."""
    if name != "date_naissance":
        return campaign.extraction_date
    youngest = load_schema("apprenants")["age_entree"].constraints["minimum"]
    return date(campaign.extraction_date.year - youngest, 12, 31)


def _day(day: date) -> str:
    return f"DATE({day.year},{day.month},{day.day})"


def _message(column: Column) -> str:
    """Return what is shown when a cell is entered: the definition, the unit, the demand, and what it serves for."""
    field = column.field
    parts = [field.description.rstrip(".") + "."]
    parts += [f"En {field.unit}."] if field.unit else []
    parts += [f"{column.demand[:1].upper()}{column.demand[1:]}."]
    parts += [f"Sert à : {column.purpose[:1].lower()}{column.purpose[1:]}."] if column.purpose else []
    text = " ".join(parts)
    return text if len(text) <= _PROMPT else text[: _PROMPT - 1] + "…"


def _lay_out(sheet: Any, shape: _Sheet, footer: str, frozen_columns: int) -> None:
    """Set widths, keep headings and names in sight, and print on A4 with the headings on each sheet of paper."""
    for place, column in enumerate(shape.columns, 1):
        longest = max((len(choice) for choice in column.choices), default=0)
        width = min(max(_NARROW, longest + 2, len(column.heading) * 0.8), _WIDE)
        sheet.column_dimensions[sheet.cell(1, place).column_letter].width = width
    sheet.row_dimensions[shape.heading_row].height = 32
    sheet.freeze_panes = sheet.cell(shape.heading_row + 1, frozen_columns + 1)
    sheet.print_title_rows = f"1:{shape.heading_row}"
    _print_on_a4(sheet, landscape=True, footer=footer)


def _print_on_a4(sheet: Any, landscape: bool, footer: str) -> None:
    setup = sheet.page_setup
    setup.paperSize = sheet.PAPERSIZE_A4
    setup.orientation = "landscape" if landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.left.text = footer
    sheet.oddFooter.right.text = "&P / &N"
