"""The schools' files: every announced kind of mess is really there."""

import re
import unicodedata
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.campaign import find_root
from edp_analysis.contract import load_codes, load_schema
from edp_analysis.intake.raw import Cell, RawRow
from edp_analysis.intake.values import parse_cell
from edp_analysis.problems import Severity
from edp_analysis.simulation.layouts import LAYOUTS
from edp_analysis.simulation.wordings import accepted_wordings, respelt, write_value
from edp_analysis.simulation.workbooks import Grid, csv_bytes, ods_bytes, xlsx_bytes

FOLDER = find_root() / "data" / "raw" / "2024" / "ecoles"
RECEIVED = load_schema("apprenants-recu")


def sheets(path):
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.fixture(scope="module")
def books():
    return {path.name: sheets(path) for path in sorted(FOLDER.iterdir()) if path.suffix != ".csv"}


@pytest.fixture(scope="module")
def values(books):
    return {name: [v for rows in book.values() for row in rows for v in row if v != ""] for name, book in books.items()}


def test_ten_files_of_four_formats():
    suffixes = sorted(path.suffix for path in FOLDER.iterdir())
    assert suffixes == [".csv"] * 2 + [".ods"] + [".xlsx"] * 7


def test_layouts_differ_from_one_another(books):
    """No two workbooks share their first heading row (the first row of more than ten texts)."""
    headings = []
    for book in books.values():
        rows = next(iter(book.values()))
        headings.append(tuple(next(row for row in rows if sum(isinstance(v, str) and v != "" for v in row) > 10)))
    assert len(set(headings)) == len(headings)


def test_text_files_have_the_two_encodings():
    texts = {path.name: path.read_bytes() for path in sorted(FOLDER.glob("*.csv"))}
    assert sum(raw.startswith(b"\xef\xbb\xbf") for raw in texts.values()) == 1
    other = next(raw for raw in texts.values() if not raw.startswith(b"\xef\xbb\xbf"))
    with pytest.raises(UnicodeDecodeError):
        other.decode("utf-8")
    assert "é" in other.decode("cp1252")
    assert all(raw.count(b";") > 100 for raw in texts.values())
    assert "Ã©" in next(raw for raw in texts.values() if raw.startswith(b"\xef\xbb\xbf")).decode("utf-8-sig")


def test_sheet_per_cohort(books):
    assert max(len(book) for book in books.values()) == 6


def test_titles_totals_and_notes(values):
    texts = [v for found in values.values() for v in found if isinstance(v, str)]
    assert any(v.startswith("TOTAL") for v in texts)
    assert any(v.startswith("Moyenne") for v in texts)
    assert any(v.startswith("Promotion 2018") for v in texts)
    assert any(v.startswith("* RQTH") for v in texts)
    assert any(v.startswith("À renvoyer") for v in texts)


def test_merged_headings_on_two_lines():
    ranges = {}
    for path in sorted(FOLDER.glob("*.xlsx")):
        with ZipFile(path) as archive:
            ranges[path.name] = archive.read("xl/worksheets/sheet1.xml").count(b"<mergeCell ")
    assert sorted(ranges.values())[-1] >= 5


def test_ways_of_writing(values):
    found = [v for column in values.values() for v in column]
    texts = [v for v in found if isinstance(v, str)]
    assert {"H", "F", "M", "garçon", "Garçon"} <= {unicodedata.normalize("NFC", v) for v in texts}
    assert {1.0, 2.0} <= {v for v in found if isinstance(v, float)}
    assert any(isinstance(v, date | datetime) for v in found)
    assert any(isinstance(v, float) and 40000 < v < 46000 for v in found)
    assert any(re.fullmatch(r"\d{1,2}(er)?\s\w+\.?\s\d{4}", unicodedata.normalize("NFC", v)) for v in texts)
    assert any(re.fullmatch(r"\d\d/\d\d/\d{4}", v) for v in texts)
    assert any("\u00a0" in v for v in texts)
    assert any(v.endswith(" ") for v in texts)
    assert any(v != unicodedata.normalize("NFC", v) for v in texts)
    assert {"oui", "RICS obtenu", "Admis"} <= set(texts)
    assert {"NC", "?", "-", "(vide)", "inconnu"} <= set(texts)


def test_two_digit_years_are_never_birth_dates():
    text = (FOLDER / "EDP-04.csv").read_bytes().decode("cp1252").splitlines()
    heading = text[0].split(";")
    births, entries = heading.index("Naissance"), heading.index("Début de formation")
    rows = [line.split(";") for line in text[1:] if line.count(";") > 5]
    assert any(re.fullmatch(r"\d\d/\d\d/\d\d", row[entries]) for row in rows)
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", row[births]) for row in rows)


def test_leading_zeros_are_lost(books):
    """The diploma held at entry, « 01 » in the contract, is the number 1 in one file."""
    rows = books["EDP-06.xlsx"]["Données"]
    column = rows[0].index("Diplôme obtenu")
    assert 1.0 in {row[column] for row in rows[1:]}


@pytest.mark.parametrize("name", sorted(LAYOUTS))
@pytest.mark.parametrize("field", [field for field in RECEIVED.fields if field.codes and field.type == "string"])
def test_each_written_code_is_read_back(name, field):
    """Whatever the layout, each code is written in a form that the readers take back to it, without a refusal."""
    rng = np.random.default_rng(1)
    layout = LAYOUTS[name]
    for code in load_codes(field.codes).labels:
        for _ in range(4):
            written = write_value(code, field, layout, rng, diploma="50025437")
            row = RawRow("f.xlsx", "s", 1)
            parsed = parse_cell(Cell(written, "A1"), field, row, RECEIVED.missing_values)
            assert parsed.value == code
            assert parsed.problem is None or parsed.problem.severity is not Severity.BLOCKING


@settings(max_examples=60)
@given(
    name=st.sampled_from(sorted(LAYOUTS)),
    field=st.sampled_from([f for f in RECEIVED.fields if f.type == "date"]),
    day=st.dates(date(1996, 1, 1), date(2029, 12, 31)),
    seed=st.integers(0, 999),
)
def test_each_written_date_is_read_back(name, field, day, seed):
    written = write_value(day, field, LAYOUTS[name], np.random.default_rng(seed))
    parsed = parse_cell(Cell(written, "A1"), field, RawRow("f.xlsx", "s", 1), RECEIVED.missing_values)
    assert parsed.value == day


@pytest.mark.parametrize("name", sorted(LAYOUTS))
@pytest.mark.parametrize("field", [field for field in RECEIVED.fields if not field.required])
def test_each_written_blank_is_read_back_as_missing(name, field):
    rng = np.random.default_rng(2)
    for _ in range(6):
        written = write_value(None, field, LAYOUTS[name], rng)
        parsed = parse_cell(Cell(written, "A1"), field, RawRow("f.xlsx", "s", 1), RECEIVED.missing_values)
        assert parsed.value is None
        assert parsed.problem is None


def test_wordings_follow_the_encoding():
    """« CDD ≥ 6 mois » cannot be written in Windows-1252."""
    assert "CDD ≥ 6 mois" in accepted_wordings("situation", "CDD_6M_PLUS")
    assert "CDD ≥ 6 mois" not in accepted_wordings("situation", "CDD_6M_PLUS", "cp1252")


def test_respelt():
    assert respelt("D’Éléonore-Ünal") == "D’ELEONORE-UNAL"


def test_workbook_bytes_do_not_depend_on_the_clock():
    grid = Grid("Feuille", [["a", None, 1], [date(2024, 2, 29), 2.5, "é"]], [(0, 0, 0, 1)], (0,))
    first = xlsx_bytes([grid], date(2024, 4, 30))
    assert first == xlsx_bytes([grid], date(2024, 4, 30))
    with ZipFile(BytesIO(first)) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {(1980, 1, 1)}
        assert archive.read("docProps/core.xml").count(b"2024-04-30T00:00:00Z") == 2


def test_ods_is_read_by_two_readers(tmp_path):
    """calamine, which the project uses, and odfpy, which it does not."""
    import pandas as pd

    path = tmp_path / "a.ods"
    path.write_bytes(ods_bytes([Grid("A & B", [["é<", 3, date(2024, 1, 2)], [None, "x", None]])]))
    assert sheets(path) == {"A & B": [["é<", 3.0, date(2024, 1, 2)], ["", "x", ""]]}
    other = pd.read_excel(path, engine="odf", header=None)
    assert other.iloc[0, 0] == "é<"
    assert other.iloc[0, 1] == 3


def test_csv_quotes_the_separator():
    assert csv_bytes(Grid("", [["a;b", None, date(2024, 1, 2)]]), "cp1252") == b'"a;b";;02/01/2024\r\n'
