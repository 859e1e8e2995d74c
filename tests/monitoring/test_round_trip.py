"""What a school writes in the template is what the project reads: cell by cell, and nothing to report."""

from __future__ import annotations

from collections.abc import Callable

import openpyxl
import pandas as pd
import pytest

from edp_analysis.campaign import Campaign
from edp_analysis.cleaning.annual import clean_annual
from edp_analysis.cleaning.learners import clean_learners
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.prepare import prepare
from edp_analysis.contract import load_schema
from edp_analysis.contract.template import LEARNERS_SHEET, NOTICE_SHEET, SCHOOL_SHEET
from edp_analysis.intake.check import check_paths
from edp_analysis.intake.files import read_sheets
from edp_analysis.monitoring import write_templates
from edp_analysis.monitoring.kit import template_name
from edp_analysis.monitoring.workbook import HEADING_ROW
from edp_analysis.problems import Problem, Severity
from edp_analysis.simulation.truth import read_truth, truth_folder

from .conftest import ROOT, place_of

Fill = Callable[..., openpyxl.Workbook]
# Questions about the youths themselves (twins, a first name rare for a sex): the template cannot answer them.
ABOUT_PEOPLE = {"jeunes-ressemblants", "prenom-et-sexe"}


def send(project: Campaign, book: openpyxl.Workbook, school: str) -> str:
    name = template_name(project, school)
    book.save(project.raw / "ecoles" / name)
    return name


def of_the_form(problems: tuple[Problem, ...]) -> list[str]:
    return [str(problem) for problem in problems if problem.rule not in ABOUT_PEOPLE]


def test_ten_filled_templates_give_the_truth_cell_by_cell(project: Campaign, fill: Fill) -> None:
    """378 enrolments, 32 columns, against the truth kept beside the tests, which was written before any template."""
    truth = read_truth(truth_folder(ROOT, "2024"), "apprenants")
    schools = sorted(truth["ecole"].unique())
    for school in schools:
        send(project, fill(school), school)
    found = clean_learners(project)
    key = list(load_schema("apprenants").primary_key)
    pd.testing.assert_frame_equal(
        found.frame.sort_values(key, ignore_index=True), truth.sort_values(key, ignore_index=True)
    )
    assert of_the_form(found.problems) == []
    assert {problem.severity for problem in found.problems} <= {Severity.CHECK}
    sheets = [sheet for path in sorted((project.raw / "ecoles").iterdir()) for sheet in read_sheets(path)[0]]
    counted = {
        (sheet.file, sheet.name): [i + 1 for i in range(len(sheet.rows)) if not sheet.blank_row(i)] for sheet in sheets
    }
    both = [*found.lines, *clean_annual(project, found.frame).lines]
    Ledger(sorted(both, key=lambda line: (line.file, line.sheet, line.row))).check_closes(counted)
    assert {line.reason for line in both if line.sheet == NOTICE_SHEET} == {"notice du modèle"}


def test_the_comparison_can_fail(project: Campaign, fill: Fill) -> None:
    """Planted fault: one exit situation changed in the file."""
    book = fill("EDP-08")
    book[LEARNERS_SHEET].cell(HEADING_ROW + 1, place_of(project, "sexe"), "Fille")
    book[LEARNERS_SHEET].cell(HEADING_ROW + 2, place_of(project, "sexe"), "Fille")
    send(project, book, "EDP-08")
    truth = read_truth(truth_folder(ROOT, "2024"), "apprenants")
    girls = (truth.loc[truth["ecole"] == "EDP-08", "sexe"] == "F").sum()
    assert (clean_learners(project).frame["sexe"] == "F").sum() != girls


def test_check_recognises_a_filled_template_and_has_nothing_to_say(project: Campaign, fill: Fill) -> None:
    send(project, fill("EDP-04"), "EDP-04")
    report = check_paths([project.raw / "ecoles"], project)
    assert [file.table for file in report.files] == ["apprenants"]
    assert of_the_form(report.problems) == [] and report.exit_code == 0


def test_an_unfilled_template_is_said_not_to_have_any_row(project: Campaign) -> None:
    write_templates(project, project.raw / "ecoles", ["EDP-04"])
    report = check_paths([project.raw / "ecoles"], project)
    (problem,) = report.problems
    assert (problem.rule, problem.severity, problem.where.sheet) == ("table-sans-ligne", Severity.CHECK, LEARNERS_SHEET)
    assert report.exit_code == 0
    tables = prepare(project)
    assert tables.apprenants.empty and tables.annuel.empty
    assert [p.rule for p in tables.problems if p.where.file.startswith("EDP-04")] == ["table-sans-ligne"]


def test_an_added_column_a_retyped_option_and_a_broken_date_are_named_with_their_cell(
    project: Campaign, fill: Fill
) -> None:
    book = fill("EDP-04", rows=6)
    sheet = book[LEARNERS_SHEET]
    added, retyped, broken = (
        sheet.max_column + 1,
        place_of(project, "derniere_classe"),
        place_of(project, "date_entree"),
    )
    sheet.cell(HEADING_ROW, added, "Remarques")
    sheet.cell(HEADING_ROW + 1, added, "suivi par la mission")
    sheet.cell(HEADING_ROW + 2, retyped, "3e génerall")
    sheet.cell(HEADING_ROW + 3, broken, "31/02/2022")
    name = send(project, book, "EDP-04")
    found = {p.rule: p for p in check_paths([project.raw / "ecoles"], project).problems if p.rule not in ABOUT_PEOPLE}
    assert {"colonne-inconnue", "code-inconnu", "date-inexistante"} <= set(found)
    cells = {rule: found[rule].where.cell for rule in ("colonne-inconnue", "code-inconnu", "date-inexistante")}
    assert cells == {
        "colonne-inconnue": sheet.cell(HEADING_ROW, added).coordinate,
        "code-inconnu": sheet.cell(HEADING_ROW + 2, retyped).coordinate,
        "date-inexistante": sheet.cell(HEADING_ROW + 3, broken).coordinate,
    }
    assert "« 3e générale »" in found["code-inconnu"].expected
    assert found["date-inexistante"].severity is Severity.BLOCKING and found["date-inexistante"].where.file == name
    cleaned = clean_learners(project)
    assert len(cleaned.frame) == 5, "the other rows are read"
    assert sum(line.fate is Fate.SET_ASIDE and line.row == HEADING_ROW + 3 for line in cleaned.lines) >= 1


def test_damaged_headings_block_the_sheet_and_not_the_notice(project: Campaign, fill: Fill) -> None:
    book = fill("EDP-04", rows=2)
    for place in range(1, book[LEARNERS_SHEET].max_column + 1):
        book[LEARNERS_SHEET].cell(HEADING_ROW, place, f"colonne {place}")
    send(project, book, "EDP-04")
    report = check_paths([project.raw / "ecoles"], project)
    assert [(p.rule, p.where.sheet) for p in report.problems] == [("en-tete-introuvable", LEARNERS_SHEET)]


def year(project: Campaign, fill: Fill, places: object, presents: object) -> openpyxl.Workbook:
    """Fill the line of 2022-2023 of EDP-04: 20 youths were present on 31 December 2022, by their dates."""
    book = fill("EDP-04")
    sheet = book[SCHOOL_SHEET]
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == "2022-2023")
    sheet.cell(line, 2, places)
    sheet.cell(line, 3, presents)
    return book


def present_by_hand(people: pd.DataFrame) -> int:
    """Count who was in EDP-04 on 31 December 2022, from the true dates."""
    own, day = people[people["ecole"] == "EDP-04"], pd.Timestamp("2022-12-31")
    return int(((own["date_entree"] <= day) & (own["date_sortie"].isna() | (own["date_sortie"] >= day))).sum())


def test_the_yearly_sheet_is_read_and_blank_years_say_nothing(
    project: Campaign, fill: Fill, people: pd.DataFrame
) -> None:
    present = present_by_hand(people)
    send(project, year(project, fill, 28, present), "EDP-04")
    tables = prepare(project)
    assert tables.annuel.to_dict("records") == [
        {"ecole": "EDP-04", "annee_scolaire": "2022-2023", "places": 28, "presents": present}
    ]
    own = [line for line in tables.ledger.lines if line.table == "annuel"]
    assert sum(line.fate is Fate.KEPT for line in own) == 1
    assert {line.reason for line in own if line.fate is Fate.SET_ASIDE} == {
        "année du modèle laissée vide", "ligne de titres", "ligne au-dessus du tableau",
    }  # fmt: skip
    assert of_the_form(tuple(p for p in tables.problems if p.where.file.startswith("EDP-04"))) == []
    assert "annuel" not in tables.missing


@pytest.mark.parametrize("checked", [True, False], ids=["edp check", "edp run"])
def test_a_declared_head_count_that_the_dates_contradict_is_named(
    project: Campaign, fill: Fill, people: pd.DataFrame, checked: bool
) -> None:
    present = present_by_hand(people)
    send(project, year(project, fill, 28, present + 3), "EDP-04")
    problems = check_paths([project.raw / "ecoles"], project).problems if checked else prepare(project).problems
    (problem,) = [p for p in problems if p.rule == "effectif-declare"]
    assert (problem.where.sheet, problem.where.cell) == (SCHOOL_SHEET, "C7")
    assert problem.expected == f"{present} le 31/12/2022" and problem.severity is Severity.CHECK


def test_a_year_that_is_not_a_number_is_named(project: Campaign, fill: Fill) -> None:
    send(project, year(project, fill, "une trentaine", None), "EDP-04")
    (problem,) = [p for p in check_paths([project.raw / "ecoles"], project).problems if p.rule not in ABOUT_PEOPLE]
    assert (problem.where.sheet, problem.where.cell, problem.where.column) == (SCHOOL_SHEET, "B7", "places")
    assert problem.value == "une trentaine"
