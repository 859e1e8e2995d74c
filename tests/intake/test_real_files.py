"""Awkward files of the real world, where EDP_REAL_FILES says they are."""

import os
from pathlib import Path

import pytest

from edp_analysis.intake.check import check_paths
from edp_analysis.intake.files import read_sheets

pytestmark = [
    pytest.mark.fichiers_reels,
    pytest.mark.skipif(not os.environ.get("EDP_REAL_FILES"), reason="EDP_REAL_FILES n'est pas définie"),
]


@pytest.fixture
def folder():
    return Path(os.environ["EDP_REAL_FILES"])


READ = {
    "date_1904.xlsx": ["Sheet1"],
    "errors.xlsx": ["Feuil1", "Feuil2", "Feuil3"],
    "has_x000D_.xlsx": ["Sheet1"],
    "merged_cells.ods": ["Sheet1"],
    "missing-first-column.xlsx": ["Sheet1", "Sheet2", "Sheet3"],
    "texty-dates-xlsx.xlsx": ["Sheet1"],
    "whitespace_trim.xlsx": ["inlineStr", "SharedStrings"],
    "with-annotation.ods": ["table1"],
}


@pytest.mark.parametrize("name", READ)
def test_awkward_workbooks_are_read(folder, name):
    sheets, problems = read_sheets(folder / "excel-quirks" / name)
    assert [sheet.name for sheet in sheets] == READ[name]
    assert {problem.rule for problem in problems} <= {"cellule-en-erreur"}


@pytest.mark.parametrize(
    ("name", "rule"), [("empty_sheet.xlsx", "classeur-vide"), ("pass_protected.xlsx", "mot-de-passe")]
)
def test_unusable_workbooks_are_refused_with_their_reason(folder, name, rule):
    sheets, problems = read_sheets(folder / "excel-quirks" / name)
    assert sheets == ()
    assert [problem.rule for problem in problems] == [rule]


def test_dates_of_the_1904_system_and_first_column_missing(folder):
    """The first file's A1 shows 1 January 2021 in a spreadsheet; the second's data start in column B."""
    quirks = folder / "excel-quirks"
    assert f"{read_sheets(quirks / 'date_1904.xlsx')[0][0].rows[0][0]:%d/%m/%Y}" == "01/01/2021"
    assert read_sheets(quirks / "missing-first-column.xlsx")[0][0].rows[0] == (None, 1.0)


def test_the_seven_errors_are_named_with_their_addresses(folder):
    _, problems = read_sheets(folder / "excel-quirks" / "errors.xlsx")
    assert problems[0].what == "7 cellules en erreur"
    for cell in ("A1 (#DIV/0!)", "A5 (#REF!)", "A7 (#N/A)"):
        assert cell in problems[0].value


def test_the_state_template_is_read_and_its_inconsistent_example_is_named(folder):
    """Its example row has a post code stored as a number, « Gaston » of sex F, and an end on the day of entry."""
    report = check_paths([folder / "modele-import-cfa-29012025.xlsx"])
    assert report.files[0].table == "apprenants"
    found = {(problem.rule, problem.where.cell) for problem in report.problems}
    assert {("code-en-nombre", "H2"), ("prenom-et-sexe", "D2"), ("sortie-le-jour-de-l-entree", "AF2")} <= found
    assert ("colonne-absente", "1") in found
    assert report.exit_code == 1
    for problem in report.problems:
        assert "Gaston" not in str(problem)
        assert "24/01/1998" not in str(problem)
