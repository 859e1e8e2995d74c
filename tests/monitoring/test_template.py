"""The template follows the contract: headings, demands, drop-downs, controls; and never covers what a school filled."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from edp_analysis.campaign import Campaign
from edp_analysis.cli import main
from edp_analysis.contract import codes as codes_module
from edp_analysis.contract import load_codes, load_schema
from edp_analysis.contract.schema import normalise_text
from edp_analysis.contract.template import LEARNERS_SHEET, LISTS_SHEET, NOTICE_SHEET, SCHOOL_SHEET
from edp_analysis.intake.headers import known_titles
from edp_analysis.monitoring import read_monitoring, write_templates
from edp_analysis.monitoring.columns import learner_columns, wordings
from edp_analysis.monitoring.kit import template_name
from edp_analysis.monitoring.workbook import HEADING_ROW, template_bytes
from edp_analysis.problems import UserError

from .conftest import place_of


def book_of(campaign: Campaign, school: str = "EDP-01") -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(template_bytes(campaign, school)))


def rule_of(book: openpyxl.Workbook, campaign: Campaign, name: str) -> Any:
    """Return the control of a column of the sheet of the youths."""
    first = book[LEARNERS_SHEET].cell(HEADING_ROW + 1, place_of(campaign, name)).coordinate
    (found,) = [rule for rule in book[LEARNERS_SHEET].data_validations.dataValidation if first in rule.sqref]
    return found


def choices(book: openpyxl.Workbook, campaign: Campaign, name: str) -> list[str]:
    """Return what a drop-down offers, read from the range that it names."""
    sheet, cells = rule_of(book, campaign, name).formula1.rsplit("!", 1)
    assert sheet.strip("'") == LISTS_SHEET
    return [row[0].value for row in book[LISTS_SHEET][cells.replace("$", "")]]


def test_every_column_of_the_contract_is_asked_once_but_what_the_file_says(campaign: Campaign) -> None:
    sheet = book_of(campaign)[LEARNERS_SHEET]
    known = known_titles(load_schema("apprenants-recu"))
    read = [known[normalise_text(cell.value)] for cell in sheet[HEADING_ROW]]
    assert sorted(read) == sorted(set(load_schema("apprenants-recu").names) - {"ecole", "annee_scolaire"})
    assert read[:2] == ["nom", "prenom"]


def test_what_is_mandatory_is_marked_by_a_star_and_a_word_and_not_by_colour_alone(campaign: Campaign) -> None:
    sheet = book_of(campaign)[LEARNERS_SHEET]
    required = {field.title for field in load_schema("apprenants-recu").fields if field.required}
    starred = {cell.value.removesuffix(" *") for cell in sheet[HEADING_ROW] if cell.value.endswith(" *")}
    worded = {sheet.cell(HEADING_ROW, cell.column).value.removesuffix(" *") for cell in sheet[2]
              if cell.value == "obligatoire"}  # fmt: skip
    assert starred == worded == required


def test_what_must_be_reported_comes_from_the_reference_file(campaign: Campaign, project: Campaign) -> None:
    asked = {column.field.name: column for column in learner_columns(campaign)}
    assert (asked["situation_12m"].demand, asked["situation_12m"].moment) == ("à transmettre", "Douze mois après")
    assert asked["permis"].demand == "facultatif"
    path = project.root / "data" / "reference" / "transmission-2024.csv"
    path.write_text(path.read_text(encoding="utf-8") + "permis;À la sortie;Mobilité\n", encoding="utf-8")
    permit = next(column for column in learner_columns(project) if column.field.name == "permis")
    assert (permit.demand, permit.moment, permit.purpose) == ("à transmettre", "À la sortie", "Mobilité")


def test_a_campaign_without_such_a_list_still_asks_what_the_contract_wants(project: Campaign) -> None:
    (project.root / "data" / "reference" / "transmission-2024.csv").unlink()
    demands = {column.field.name: column.demand for column in learner_columns(project)}
    assert (demands["nom"], demands["statut"], demands["situation_6m"]) == (
        "obligatoire", "à transmettre", "facultatif",
    )  # fmt: skip


def test_each_drop_down_offers_the_wordings_of_its_list_and_each_is_read_back_as_its_code(campaign: Campaign) -> None:
    book = book_of(campaign)
    assert book[LISTS_SHEET].sheet_state == "hidden"
    for column in learner_columns(campaign):
        if column.field.codes:
            offered = choices(book, campaign, column.field.name)
            codes = load_codes(column.field.codes)
            assert [codes.find(text).label for text in offered if codes.find(text)] == offered
    longest = ",".join(choices(book, campaign, "derniere_classe"))
    assert len(longest) > 255, "too long to be written in the rule itself"


@pytest.fixture
def own_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the code lists, which a test may change."""
    folder = tmp_path / "codes"
    shutil.copytree(codes_module._FOLDER, folder)
    monkeypatch.setattr(codes_module, "_FOLDER", folder)
    load_codes.cache_clear()
    yield folder
    load_codes.cache_clear()


def test_a_code_added_to_a_list_appears_in_the_drop_down(campaign: Campaign, own_codes: Path) -> None:
    path = own_codes / "motif_sortie.csv"
    path.write_text(path.read_text(encoding="utf-8") + "VOYAGE;Tour du monde;;;;essai\n", encoding="utf-8")
    assert choices(book_of(campaign), campaign, "motif_sortie")[-1] == "Tour du monde"


@pytest.mark.parametrize(
    ("start", "end", "offered"),
    [("", "", True), ("", "2018-08-31", False), ("", "2018-09-01", True), ("2024-04-30", "", True),
     ("2024-05-01", "", False)],
)  # fmt: skip
def test_a_code_is_offered_if_one_day_of_the_campaign_had_it(
    campaign: Campaign, own_codes: Path, start: str, end: str, offered: bool
) -> None:
    """Campaign 2024 runs from 1 September 2018 to 30 April 2024, both in."""
    path = own_codes / "diplome.csv"
    path.write_text(path.read_text(encoding="utf-8") + f"50099999;CAP essai;;{start};{end};essai\n", encoding="utf-8")
    field = load_schema("apprenants-recu")["diplome_prepare"]
    assert ("CAP essai" in wordings(field, campaign.start, campaign.extraction_date)) is offered


def test_dates_numbers_and_texts_are_controlled(campaign: Campaign) -> None:
    book = book_of(campaign)
    sheet = book[LEARNERS_SHEET]
    entry = rule_of(book, campaign, "date_entree")
    assert (entry.type, entry.formula1, entry.formula2) == ("date", "DATE(2018,9,1)", "DATE(2024,4,30)")
    left = rule_of(book, campaign, "date_sortie")
    assert left.formula1 == f"${sheet.cell(1, place_of(campaign, 'date_entree')).column_letter}{HEADING_ROW + 1}"
    assert rule_of(book, campaign, "sexe").error == "Choisir dans la liste."
    assert rule_of(book, campaign, "motif_sortie").error == "Choisir dans la liste, ou laisser vide."
    months = rule_of(book, campaign, "mois_hors_scolarite")
    assert (months.type, months.formula1, months.formula2) == ("whole", "0", "120")
    formats = {
        name: sheet.column_dimensions[sheet.cell(1, place_of(campaign, name)).column_letter].number_format
        for name in ("date_entree", "code_postal", "mois_hors_scolarite")
    }
    assert formats == {"date_entree": "dd/mm/yyyy", "code_postal": "@", "mois_hors_scolarite": "0"}


def test_every_column_tells_its_definition_within_what_a_spreadsheet_shows(campaign: Campaign) -> None:
    book = book_of(campaign)
    for name in (LEARNERS_SHEET, SCHOOL_SHEET):
        rules = book[name].data_validations.dataValidation
        assert len(rules) == len(list(book[name].iter_cols()))
        assert all(0 < len(rule.prompt) <= 255 and 0 < len(rule.promptTitle) <= 32 for rule in rules)
        assert all(len(rule.error or "") <= 255 for rule in rules)
    assert rule_of(book, campaign, "rqth").prompt.startswith("Reconnaissance de la qualité de travailleur handicapé.")


def test_headings_stay_in_sight_and_are_printed_on_each_sheet_of_paper(campaign: Campaign) -> None:
    sheet = book_of(campaign)[LEARNERS_SHEET]
    assert sheet.freeze_panes == "C4" and sheet.print_title_rows == "$1:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToWidth == 1 and sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_notice_says_what_to_do_by_when_and_what_not_to_write(campaign: Campaign) -> None:
    settings = {**campaign.settings, "suivi": {"remise": date(2024, 10, 15), "destinataire": "service du suivi"}}
    book = book_of(replace(campaign, settings=settings), "EDP-07")
    lines = [[cell.value for cell in row] for row in book[NOTICE_SHEET].iter_rows(min_row=1, max_row=5)]
    assert lines[0][0] == "Fichier de suivi d’une école de production – EDP-07"
    labels = [line[0] for line in lines[1:]]
    assert labels == ["À faire", "À rendre", "Protéger les données", "Garder le modèle"]
    assert "Avant le 15/10/2024, à service du suivi." in lines[2][1]
    assert all(word in lines[3][1] for word in ("pseudonyme", "adresse", "santé", "commentaire"))
    assert "À la date dite par le message" in [row[1].value for row in book_of(campaign)[NOTICE_SHEET].iter_rows()][2]


def test_the_years_are_those_whose_counting_day_has_come(campaign: Campaign) -> None:
    sheet = book_of(campaign)[SCHOOL_SHEET]
    assert [cell.value for cell in sheet[2]] == ["Année scolaire *", "Places ouvertes", "Présents au jour de comptage"]
    assert [row[0].value for row in sheet.iter_rows(min_row=3)] == [
        "2018-2019", "2019-2020", "2020-2021", "2021-2022", "2022-2023", "2023-2024",
    ]  # fmt: skip


def test_two_writings_give_the_same_bytes_and_no_formula(campaign: Campaign) -> None:
    first = template_bytes(campaign, "EDP-01")
    assert first == template_bytes(campaign, "EDP-01") != template_bytes(campaign, "EDP-02")
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert not any(b"<f>" in sheet for sheet in sheets)
        assert b"2024-04-30" in archive.read("docProps/core.xml")
    assert openpyxl.load_workbook(BytesIO(first)).properties.identifier == "apprenants-recu@1.0.0"


def test_a_filled_template_is_never_covered(
    project: Campaign, fill: Callable[..., openpyxl.Workbook], tmp_path: Path
) -> None:
    folder = tmp_path / "envoi"
    assert len(write_templates(project, folder).written) == 10
    again = write_templates(project, folder)
    assert again.written == () and len(again.unchanged) == 10
    path = folder / template_name(project, "EDP-04")
    fill("EDP-04", rows=1).save(path)
    before = path.read_bytes()
    (folder / template_name(project, "EDP-01")).unlink()
    with pytest.raises(UserError, match="une école l'a peut-être rempli"):
        write_templates(project, folder)
    assert path.read_bytes() == before
    assert not (folder / template_name(project, "EDP-01")).exists(), "all or nothing"


def test_an_empty_template_of_a_former_contract_is_written_again(
    project: Campaign, tmp_path: Path, own_codes: Path
) -> None:
    folder = tmp_path / "envoi"
    write_templates(project, folder, ["EDP-04"])
    path = own_codes / "motif_sortie.csv"
    path.write_text(path.read_text(encoding="utf-8") + "VOYAGE;Tour du monde;;;;essai\n", encoding="utf-8")
    load_codes.cache_clear()
    assert [item.name for item in write_templates(project, folder, ["EDP-04"]).written] == ["EDP-04_suivi_2024.xlsx"]


def test_a_year_filled_in_alone_is_not_covered_either(project: Campaign, tmp_path: Path) -> None:
    folder = tmp_path / "envoi"
    (path,) = write_templates(project, folder, ["EDP-04"]).written
    book = openpyxl.load_workbook(path)
    book[SCHOOL_SHEET]["B3"] = 24
    book.save(path)
    with pytest.raises(UserError, match="une école l'a peut-être rempli"):
        write_templates(project, folder, ["EDP-04"])


def test_a_damaged_file_of_that_name_is_not_covered(project: Campaign, tmp_path: Path) -> None:
    folder = tmp_path / "envoi"
    folder.mkdir()
    (folder / template_name(project, "EDP-04")).write_bytes(b"PK\x03\x04 incomplet")
    with pytest.raises(UserError, match="existe déjà"):
        write_templates(project, folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"suivi": {"delai": 3}}, "« delai » inconnu"),
        ({"suivi": {"remise": "15/10/2024"}}, "remise vaut « 15/10/2024 »"),
        ({"suivi": {"destinataire": ""}}, "destinataire vaut"),
        ({"suivi": "2024"}, "n'est pas une section"),
    ],
)
def test_a_section_that_does_not_read_is_named(campaign: Campaign, change: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        read_monitoring(replace(campaign, settings={**campaign.settings, **change}))


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(words)
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_the_command_writes_and_says_where(
    project: Campaign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EDP_PROJET", str(project.root))
    folder = str(tmp_path / "envoi")
    code, out, err = run(capsys, "template", "2024", "--dossier", folder, "--ecole", "EDP-01", "--ecole", "EDP-03")
    assert code == 0 and err == "" and "2 modèles écrits" in out and "EDP-03_suivi_2024.xlsx" in out
    code, out, _ = run(capsys, "template", "2024", "--ecole", "EDP-01")
    assert code == 0 and (project.reports / "modeles" / "EDP-01_suivi_2024.xlsx").is_file()
    code, out, err = run(capsys, "template", "2024", "--ecole", "EDP-11")
    assert code == 2 and out == "" and err.startswith("ERREUR  École « EDP-11 » inconnue. Peut-être :")
    (project.raw / "ecoles.csv").unlink()
    code, _, err = run(capsys, "template", "2024")
    assert code == 2 and "aucune école connue" in err
