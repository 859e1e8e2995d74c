"""What the reader would lose or die of is seen before it opens the file."""

import io
import re
import zipfile

import pytest

from edp_analysis.intake.files import read_sheets
from edp_analysis.intake.prescan import NOT_CALCULATED, UnsafeError, scan_ods, scan_xlsx

SHEET = "xl/worksheets/sheet1.xml"


def put_row(cells: str):
    def change(xml: bytes) -> bytes:
        return re.sub(rb"<sheetData>.*</sheetData>", f"<sheetData>{cells}</sheetData>".encode(), xml, flags=re.DOTALL)

    return change


def test_error_cells_and_formulas_never_calculated_are_named_with_their_addresses(xlsx, edit_archive):
    """A2 is in error, B2 was never calculated, C2 is a formula whose result is the empty text: only it is fine."""
    cells = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B2"><f>1+1</f></c>'
        '<c r="C2" t="str"><f>""</f><v></v></c><c r="D2"><f>1+1</f><v>2</v></c></row>'
    )
    path = edit_archive(xlsx(S=[["x"]]), SHEET, put_row(cells))
    assert scan_xlsx(path.read_bytes()).sheets["S"].unreadable == {(1, 0): "#DIV/0!", (1, 1): NOT_CALCULATED}
    sheets, problems = read_sheets(path)
    assert sheets[0].rows[1][:4] == ("#DIV/0!", NOT_CALCULATED, None, 2.0)
    assert {(p.rule, p.where.cell) for p in problems} == {("cellule-en-erreur", "A2"), ("formule-non-calculee", "B2")}
    assert "A2 (#DIV/0!)" in str(problems[0])


def test_a_cell_at_the_end_of_the_sheet_is_refused_before_it_kills_the_process(xlsx, edit_archive):
    path = edit_archive(xlsx(S=[["x"]]), SHEET, put_row('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'))
    sheets, problems = read_sheets(path)
    assert sheets == ()
    assert [(p.rule, p.value) for p in problems] == [("cellule-lointaine", "XFD1048576")]


def test_cells_that_are_only_formatted_do_not_extend_a_sheet(xlsx, edit_archive):
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    sheets, problems = read_sheets(edit_archive(xlsx(S=[["x"]]), SHEET, put_row(cells)))
    assert problems == []
    assert sheets[0].rows == ((1.0,),)


def test_an_archive_that_explodes_is_refused(tmp_path):
    """60 MiB of zeros pack a thousandfold, beyond the ratio of 150 that no honest sheet reaches."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(60 * 2**20))
    path = tmp_path / "bombe.xlsx"
    path.write_bytes(buffer.getvalue())
    sheets, problems = read_sheets(path)
    assert sheets == ()
    assert [(p.rule, p.value) for p in problems] == [("archive-demesuree", "60 Mio")]


def test_repeated_ods_cells_count_for_what_they_become(ods, edit_archive):
    def repeat(xml: bytes) -> bytes:
        return xml.replace(b"<table:table-row>", b'<table:table-row table:number-rows-repeated="1000000">').replace(
            b"<table:table-cell ", b'<table:table-cell table:number-columns-repeated="1000" '
        )

    path = edit_archive(ods(S=[["x"]]), "content.xml", repeat)
    with pytest.raises(UnsafeError):
        scan_ods(path.read_bytes())


def test_a_million_blank_ods_rows_are_nothing(ods, edit_archive):
    def repeat(xml: bytes) -> bytes:
        blank = b'<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
        return xml.replace(b"</table:table>", blank + b"</table:table>")

    sheets, problems = read_sheets(edit_archive(ods(S=[["x"]]), "content.xml", repeat))
    assert problems == []
    assert sheets[0].rows == (("x",),)
