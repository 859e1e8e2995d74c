"""Every bad file gets a clear French message naming it and what to do; none raises."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edp_analysis.intake.files import duplicates, list_files, read_sheets, sniff
from edp_analysis.problems import Severity

ROWS = (("Nom", "Prénom"), ("Véranec", "Maëlle"))


def only(problems):
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_an_empty_file(tmp_path):
    path = tmp_path / "vide.xlsx"
    path.write_bytes(b"")
    sheets, problems = read_sheets(path)
    assert sheets == ()
    assert str(only(problems)) == (
        "[bloquant] fichier « vide.xlsx » : ce fichier est vide. Vérifier l'envoi et le demander de nouveau."
    )


def test_a_truncated_workbook(xlsx):
    path = xlsx(Feuille=ROWS)
    path.write_bytes(path.read_bytes()[:1500])
    sheets, problems = read_sheets(path)
    assert sheets == ()
    assert str(only(problems)) == (
        "[bloquant] fichier « essai.xlsx » : ce classeur est endommagé ou incomplet. "
        "L'ouvrir, l'enregistrer sous un autre nom, puis l'envoyer de nouveau."
    )


def test_a_workbook_without_its_sheet(xlsx, edit_archive):
    path = edit_archive(xlsx(Feuille=ROWS), "xl/workbook.xml", lambda _: b"<workbook><sheets>")
    sheets, problems = read_sheets(path)
    assert sheets == ()
    assert only(problems).rule == "fichier-endommage"


def test_a_password_protected_workbook(xlsx, tmp_path):
    from msoffcrypto.format.ooxml import OOXMLFile

    path = tmp_path / "protégé.xlsx"
    with xlsx(Feuille=ROWS).open("rb") as plain, path.open("wb") as target:
        OOXMLFile(plain).encrypt("secret", target)
    sheets, problems = read_sheets(path)
    assert sheets == ()
    message = str(only(problems))
    assert message.startswith("[bloquant] fichier « protégé.xlsx » : ce classeur est protégé par un mot de passe.")
    assert "Demander une copie sans mot de passe" in message
    assert "Ne pas transmettre le mot de passe" in message


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("suivi.xlsx", b"%PDF-1.7 ...", "un document PDF"),
        ("suivi.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(50), "une image"),
        ("suivi.xls", b"<html><table><tr><td>Nom</td></tr></table></html>", "une page web"),
        ("suivi.xls", b"<?xml version='1.0'?><Workbook/>", "un fichier XML"),
        ("suivi.csv", b"\x1f\x8b\x08" + bytes(50), "une archive compressée"),
        ("suivi.csv", bytes(range(1, 32)) * 20, "ni un classeur ni du texte"),
    ],
)
def test_a_wrong_type(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    sheets, problems = read_sheets(path)
    problem = only(problems)
    assert sheets == ()
    assert problem.rule == "type-de-fichier"
    assert words in problem.what
    assert ".xlsx" in problem.expected
    assert problem.severity is Severity.BLOCKING


def test_a_word_processor_document(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    path = tmp_path / "suivi.xlsx"
    path.write_bytes(buffer.getvalue())
    assert "traitement de texte" in only(read_sheets(path)[1]).what


def test_text_named_as_a_workbook_is_read_and_said(tmp_path):
    path = tmp_path / "suivi.xlsx"
    path.write_text("nom;prénom\na;b\n", encoding="utf-8")
    sheets, problems = read_sheets(path)
    assert sheets[0].rows == (("nom", "prénom"), ("a", "b"))
    assert only(problems).rule == "extension-trompeuse"
    assert only(problems).severity is Severity.CHECK


def test_a_workbook_named_as_text_is_read_and_said(xlsx):
    sheets, problems = read_sheets(xlsx(name="suivi.csv", Feuille=ROWS))
    assert sheets[0].rows == ROWS
    assert only(problems).rule == "extension-trompeuse"


def test_a_file_that_is_not_there(tmp_path):
    sheets, problems = read_sheets(tmp_path / "absent.csv")
    assert sheets == ()
    assert only(problems).rule == "fichier-illisible"


def test_hidden_sheets_are_named_and_not_read(xlsx):
    import openpyxl

    path = xlsx(Visible=ROWS, Cachée=(("secret",),))
    workbook = openpyxl.load_workbook(path)
    workbook["Cachée"].sheet_state = "veryHidden"
    workbook.create_chartsheet("Graphique")
    workbook.save(path)
    sheets, problems = read_sheets(path)
    assert [sheet.name for sheet in sheets] == ["Visible"]
    assert only(problems).rule == "feuille-masquee"
    assert only(problems).where.sheet == "Cachée"


def test_hidden_rows_are_read_and_said(xlsx):
    import openpyxl

    path = xlsx(S=ROWS)
    workbook = openpyxl.load_workbook(path)
    workbook["S"].row_dimensions[2].hidden = True
    workbook.save(path)
    sheets, problems = read_sheets(path)
    assert sheets[0].rows == ROWS
    assert only(problems).rule == "lignes-masquees"
    assert only(problems).what.startswith("1 ligne masquée")


def test_addresses_stay_true_when_the_table_starts_at_c5(xlsx):
    sheets, _ = read_sheets(xlsx(S=[[], [], [], [], [None, None, "Nom"]]))
    assert sheets[0].rows[4][2] == "Nom"


def test_dates_numbers_and_empty_cells_keep_their_type(xlsx):
    sheets, _ = read_sheets(xlsx(S=[["a", 1.5, dt.datetime(2021, 9, 1), None, True]]))
    assert sheets[0].rows[0] == ("a", 1.5, dt.date(2021, 9, 1), None, True)


def test_an_ods_workbook(ods):
    sheets, problems = read_sheets(ods(Élèves=[["Nom", "Code"], ["Véranec", 76000], [], ["x"]]))
    assert problems == []
    assert sheets[0].rows[:2] == (("Nom", "Code"), ("Véranec", 76000.0))
    assert sheets[0].rows[3][0] == "x"


def test_a_workbook_without_data(xlsx):
    sheets, problems = read_sheets(xlsx(S=[]))
    assert sheets == ()
    assert only(problems).rule == "classeur-vide"


def test_working_files_are_left_out_with_a_note(tmp_path):
    for name in ("b.csv", "a.xlsx", "~$a.xlsx", ".DS_Store", "c.tmp"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    files, problems = list_files(tmp_path)
    assert [path.name for path in files] == ["a.xlsx", "b.csv"]
    assert sorted(problem.where.file for problem in problems) == [".DS_Store", "c.tmp", "~$a.xlsx"]
    assert list_files(tmp_path / "absent") == ([], [])


def test_a_file_received_twice_is_named_with_the_first():
    problem = only(duplicates([("a.csv", "1"), ("b.csv", "1"), ("c.csv", "2")]))
    assert problem.where.file == "b.csv"
    assert "« a.csv »" in problem.what


def test_utf16_is_text():
    assert sniff("nom;prénom\n".encode("utf-16")) == "texte"
    assert sniff("nom;prénom\n".encode("utf-16-le")) == "texte"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(["a.xlsx", "a.ods", "a.csv"]),
    cut=st.integers(0, 10_000),
    length=st.integers(0, 300),
    new=st.binary(max_size=4),
)
def test_no_altered_file_ever_raises(xlsx, ods, tmp_path, name, cut, length, new):
    """A piece of a sound file is taken away or replaced: it is read, or refused with a blocking problem."""
    sound = {
        "a.xlsx": lambda: xlsx(name="sain.xlsx", S=ROWS).read_bytes(),
        "a.ods": lambda: ods(name="sain.ods", S=ROWS).read_bytes(),
        "a.csv": lambda: "nom;prénom\n".encode("cp1252") * 50,
    }[name]()
    start = cut % len(sound)
    path = tmp_path / name
    path.write_bytes(sound[:start] + new + sound[start + length :])
    sheets, problems = read_sheets(path)
    assert sheets or [problem.severity for problem in problems].count(Severity.BLOCKING) == 1


def test_a_workbook_of_the_1904_calendar_says_so(tmp_path):
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.Workbook()
    book.active.append([42983])
    book.save(tmp_path / "usuel.xlsx")
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "mac.xlsx")
    assert [read_sheets(tmp_path / f"{name}.xlsx")[0][0].date1904 for name in ("usuel", "mac")] == [False, True]
