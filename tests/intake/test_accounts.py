"""Accounts as received: every layout of a balance gives the same lines; a FEC is verified as it is read."""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.intake.accounts import read_accounts
from edp_analysis.intake.numbers import NumberError
from edp_analysis.intake.statements import account_number, school_in, to_cents
from edp_analysis.problems import Severity

TITLE = "École EDP-03;;\nBalance générale - Exercice du 01/09/2021 au 31/08/2022;;\n"
EXPECTED = {"1024": -100000, "2154": 250050, "512": -20050, "606": 70000, "706": -200000}


def _write(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def _balances(path: Path) -> dict[str, int]:
    (statement,) = read_accounts(path).statements
    return {line.account: line.debit - line.credit for line in statement.entries}


LAYOUTS = {
    "débit et crédit": (
        "Compte;Intitulé;Débit;Crédit\n102400;Apports;0,00;1 000,00\n215400;Matériel;2500,50;\n"
        "512000;Banque;300,00;500,50\n606000;Achats;700,00;0\n706000;Prestations;;2 000,00\nTOTAL;;3 500,50;3 500,50\n"
    ),
    "soldes": (
        "N° compte;Libellé;Solde débiteur;Solde créditeur\n1024;Apports;;1000\n2154;Matériel;2500,5;\n"
        "512;Banque;;200,5\n606;Achats;700;\n706;Prestations;;2000\nTotal général;;3200,5;3200,5\n"
    ),
    "un solde signé": (
        "Compte;Libellé;Solde\n1024;Apports;-1 000,00\n2154;Matériel;2 500,50\n512;Banque;(200,50)\n"
        "606;Achats;700,00\n706;Prestations;2 000,00-\n"
    ),
    "six colonnes sur deux lignes de titres": (
        "Compte;Libellé;Ouverture;;Mouvements;;Clôture;\n;;Débit;Crédit;Débit;Crédit;Débit;Crédit\n"
        "102400;Apports;;1000;;;;1000\n215400;Matériel;2000,5;;500;;2500,5;\n512000;Banque;;1000,5;2000;1200;;200,5\n"
        "606000;Achats;;;700;;700;\n706000;Prestations;;;;2000;;2000\nTotaux;;2000,5;2000,5;3200;3200;3200,5;3200,5\n"
    ),
    "mouvements et soldes": (
        "Compte;Libellé;Débit;Crédit;Solde débiteur;Solde créditeur\n102400;Apports;;;;1000\n"
        "215400;Matériel;500;;2500,5;\n512000;Banque;2000;1200;;200,5\n606000;Achats;700;;700;\n"
        "706000;Prestations;;2000;;2000\n"
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same_balances(layout: str, tmp_path: Path) -> None:
    path = _write(tmp_path, "balance.csv", TITLE + LAYOUTS[layout])
    (statement,) = read_accounts(path).statements
    assert _balances(path) == EXPECTED
    assert (statement.school, statement.start, statement.end) == ("EDP-03", date(2021, 9, 1), date(2022, 8, 31))
    assert not [problem for problem in statement.problems if problem.severity is Severity.BLOCKING]


def test_total_and_title_rows_are_set_aside_with_a_reason(tmp_path: Path) -> None:
    path = _write(tmp_path, "b.csv", TITLE + LAYOUTS["débit et crédit"])
    (statement,) = read_accounts(path).statements
    reasons = {line.row: line.reason for line in statement.lines}
    assert set(reasons) == {1, 2, 3, 9}
    assert "total" in reasons[9]


def test_opening_balances_are_kept_where_the_document_gives_them(tmp_path: Path) -> None:
    path = _write(tmp_path, "b.csv", TITLE + LAYOUTS["six colonnes sur deux lignes de titres"])
    (statement,) = read_accounts(path).statements
    assert {line.account: line.opening for line in statement.entries}["512"] == -100050
    # Without an opening column, what débit − crédit lacks to reach the closing balance is the opening.
    (statement,) = read_accounts(_write(tmp_path, "c.csv", TITLE + LAYOUTS["mouvements et soldes"])).statements
    assert {line.account: line.opening for line in statement.entries}["512"] == -100050


def test_school_from_the_file_name_and_exercise_from_a_closing_date(tmp_path: Path) -> None:
    text = "Balance au 31/12/2022;;\n" + LAYOUTS["soldes"]
    (statement,) = read_accounts(_write(tmp_path, "EDP-07_BG.csv", text)).statements
    assert (statement.school, statement.start, statement.end) == ("EDP-07", date(2022, 1, 1), date(2022, 12, 31))
    assert [problem.rule for problem in statement.problems] == ["debut-exercice-suppose"]


def test_unreadable_lines_are_named_with_their_cell(tmp_path: Path) -> None:
    text = TITLE + "Compte;Intitulé;Débit;Crédit\nCLIENT;Divers;1;\n512000;Banque;12 euros;\n6;Charges;5;5\n"
    (statement,) = read_accounts(_write(tmp_path, "b.csv", text)).statements
    assert statement.entries == ()
    found = {(problem.rule, problem.where.cell) for problem in statement.problems}
    assert found == {("compte-illisible", "A4"), ("nombre-illisible", "C5")}
    assert {line.row: line.reason for line in statement.lines}[6] == "sous-total de classe"


def test_missing_dates_and_amounts_are_blocking(tmp_path: Path) -> None:
    (statement,) = read_accounts(_write(tmp_path, "b.csv", "Compte;Intitulé\n512000;Banque\n")).statements
    blocking = {problem.rule for problem in statement.problems if problem.severity is Severity.BLOCKING}
    assert blocking == {"montants-absents", "exercice-inconnu"}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_cents_are_exact_whatever_the_writing(amount: Decimal) -> None:
    expected = int(amount * 100)
    french = f"{amount:.2f}".replace(".", ",")
    assert to_cents(french) == expected
    assert to_cents(float(amount)) == expected
    assert to_cents(f"{amount:,.2f} €".replace(",", "\u202f").replace(".", ",")) == expected


def test_an_amount_below_the_cent_is_refused() -> None:
    with pytest.raises(NumberError, match="deux décimales"):
        to_cents("1,005")
    assert to_cents(12.340000000000003) == 1234


def test_account_numbers() -> None:
    assert account_number("706 300") == ("7063", "")
    assert account_number("100000") == ("10", "")
    assert account_number("411 DUR") == ("411", "DUR")
    assert [account_number(value) for value in ("9120", "Total", None, "12345678901")] == [None] * 4
    assert school_in(["EDP-01 et EDP-02"]) == ""


# FEC ---------------------------------------------------------------------------------------------------------------

HEADINGS = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate"),
    *("Montantdevise", "Idevise"),
]
ENTRIES = (
    ("AN", "1", "20220101", "512000", "", "1000,00", "0,00"),
    ("AN", "1", "20220101", "102400", "", "0,00", "1000,00"),
    ("VE", "2", "20220310", "411000", "C1", "300,50", "0,00"),
    ("VE", "2", "20220310", "706000", "", "0,00", "300,50"),
    ("AC", "3", "20221231", "606000", "", "120,00", "0,00"),
    ("AC", "3", "20221231", "401000", "F1", "0,00", "120,00"),
)


def _fec(entries: Sequence[Sequence[str]] = ENTRIES, separator: str = "\t", headings: Sequence[str] = HEADINGS) -> str:
    rows = [separator.join(headings)]
    for journal, number, day, account, third, debit, credit in entries:
        cells = [journal, "", number, day, account, "x", third, "", "P1", day, "y", debit, credit, "", "", day, "", ""]
        rows.append(separator.join(cells))
    return "\r\n".join(rows) + "\r\n"


@pytest.mark.parametrize("separator", ["\t", "|"])
def test_fec_is_read_with_its_exercise_and_openings(separator: str, tmp_path: Path) -> None:
    path = _write(tmp_path, "EDP-02_123456789FEC20221231.txt", "\ufeff" + _fec(separator=separator))
    (statement,) = read_accounts(path).statements
    assert (statement.source, statement.school) == ("fec", "EDP-02")
    assert (statement.start, statement.end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert statement.problems == ()
    first, _, sale = statement.entries[:3]
    assert (first.account, first.debit, first.opening) == ("512", 100000, 100000)
    assert (sale.third_party, sale.opening, sale.day) == ("C1", 0, date(2022, 3, 10))


def test_fec_compressed_with_amount_and_side(tmp_path: Path) -> None:
    text = _fec(headings=[*HEADINGS[:11], "Montant", "Sens", *HEADINGS[13:]])
    for amount, zero in (("1000,00", "0,00"), ("300,50", "0,00"), ("120,00", "0,00")):
        text = text.replace(f"\t{amount}\t{zero}\t", f"\t{amount}\tD\t").replace(
            f"\t{zero}\t{amount}\t", f"\t{amount}\tC\t"
        )
    path = tmp_path / "EDP-02_000000000FEC20221231.txt.gz"
    path.write_bytes(gzip.compress(text.encode("cp1252"), mtime=0))
    assert _balances(path) == _balances(_write(tmp_path, "000000000FEC20221231.txt", _fec()))


@pytest.mark.parametrize(
    ("change", "rule", "severity"),
    [
        ((2, ("VE", "2", "20220310", "411000", "C1", "300,00", "0,00")), "debit-credit", Severity.BLOCKING),
        ((2, ("VE", "9", "20220310", "411000", "C1", "300,50", "0,00")), "ecriture-desequilibree", Severity.CHECK),
        ((4, ("AC", "3", "20230115", "606000", "", "120,00", "0,00")), "date-hors-exercice", Severity.CHECK),
        ((2, ("VE", "2", "20220230", "411000", "C1", "300,50", "0,00")), "date-illisible", Severity.BLOCKING),
        ((2, ("VE", "2", "20220310", "CLIENT", "C1", "300,50", "0,00")), "compte-illisible", Severity.BLOCKING),
        ((2, ("VE", "2", "20220310", "411000", "C1", "300,5O", "0,00")), "nombre-illisible", Severity.BLOCKING),
    ],
)
def test_faults_planted_in_a_fec_are_found(
    change: tuple[int, tuple[str, ...]], rule: str, severity: Severity, tmp_path: Path
) -> None:
    entries = list(ENTRIES)
    entries[change[0]] = change[1]
    (statement,) = read_accounts(_write(tmp_path, "000000000FEC20221231.txt", _fec(entries))).statements
    assert (rule, severity) in {(problem.rule, problem.severity) for problem in statement.problems}


def test_fec_that_starts_late_opens_at_its_first_month(tmp_path: Path) -> None:
    entries = [
        (j, n, d.replace("20220101", "20220918").replace("20220310", "20221010"), *rest) for j, n, d, *rest in ENTRIES
    ]
    (statement,) = read_accounts(_write(tmp_path, "000000000FEC20221231.txt", _fec(entries))).statements
    assert (statement.start, statement.end) == (date(2022, 9, 1), date(2022, 12, 31))
    assert [problem.rule for problem in statement.problems] == ["ouverture-supposee"]


def test_a_damaged_archive_and_an_empty_file_are_said(tmp_path: Path) -> None:
    path = tmp_path / "FEC20221231.txt.gz"
    path.write_bytes(gzip.compress(_fec().encode())[:-20])
    assert [problem.rule for problem in read_accounts(path).problems] == ["fichier-endommage"]
    assert [problem.rule for problem in read_accounts(_write(tmp_path, "v.csv", "")).problems] == ["fichier-vide"]


@pytest.mark.fichiers_reels
def test_the_real_fec_gives_the_totals_stated_for_it() -> None:
    """5 422 lines, debit = credit = 10 186 219.81, 2 033 entries all balanced, closing 31 August 2022."""
    folder = os.environ.get("EDP_REAL_FILES")
    if not folder:
        pytest.skip("EDP_REAL_FILES n'est pas défini")
    (statement,) = read_accounts(Path(folder) / "0000000001FEC20220831.txt.gz").statements
    assert (statement.start, statement.end) == (date(2021, 9, 1), date(2022, 8, 31))
    assert len(statement.entries) == 5422
    assert sum(line.debit for line in statement.entries) == 1018621981
    assert sum(line.credit for line in statement.entries) == 1018621981
    assert statement.problems == ()
    result = -sum(line.debit - line.credit for line in statement.entries if line.account[0] in "67")
    assert result == 17320848


@pytest.mark.parametrize(
    ("title", "dates", "rule"),
    [
        ("Arrêté au 28/02/2024", (date(2023, 3, 1), date(2024, 2, 28)), "debut-exercice-suppose"),
        ("Balance au 29/02/2024", (date(2023, 3, 1), date(2024, 2, 29)), "debut-exercice-suppose"),
        ("clos le 31/12/9999", (None, None), "exercice-inconnu"),
        ("Exercice du 31/12/2023 au 01/01/2023", (None, None), "exercice-inconnu"),
        ("Exercice du 01/01/23 au 31/12/23", (None, None), "exercice-inconnu"),
    ],
)
def test_titles_that_give_odd_dates(
    title: str, dates: tuple[date | None, date | None], rule: str, tmp_path: Path
) -> None:
    """Planted faults: a closing on 28 February of a leap year and the year 9999 raised; reversed dates passed."""
    (statement,) = read_accounts(_write(tmp_path, "EDP-01.csv", f"{title};;\n{LAYOUTS['soldes']}")).statements
    assert (statement.start, statement.end) == dates
    (problem,) = statement.problems
    assert (problem.rule, problem.value) == (rule, "" if "9999" in title else title)


def test_totals_that_do_not_lead_to_the_closing_balance_are_said(tmp_path: Path) -> None:
    """One centime too many in a total, the balance being right: it is no opening, since openings balance."""
    text = (
        "Compte;Libellé;Débit;Crédit;Solde débiteur;Solde créditeur\n1024;Apports;0;1000,01;;1000\n"
        "512;Banque;1300;;1300;\n706;Prestations;;300;;300\n"
    )
    (statement,) = read_accounts(_write(tmp_path, "b.csv", TITLE + text)).statements
    assert [(p.rule, p.value) for p in statement.problems] == [("solde-discordant", "ligne 4")]
    assert "0,01" in statement.problems[0].what
    assert sum(line.debit - line.credit for line in statement.entries) == 0


def test_where_movements_are_given_every_account_has_an_opening(tmp_path: Path) -> None:
    (statement,) = read_accounts(_write(tmp_path, "c.csv", TITLE + LAYOUTS["mouvements et soldes"])).statements
    assert {line.account: line.opening for line in statement.entries} == {
        "1024": -100000, "2154": 200050, "512": -100050, "606": 0, "706": 0,
    }  # fmt: skip
    assert statement.problems == ()


@pytest.mark.parametrize("name", ["EDP-02_000000000FEC00010101.txt", "EDP-02.txt"])
def test_dates_that_stand_for_no_date_are_refused_without_raising(name: str, tmp_path: Path) -> None:
    entries = [(journal, number, "99991231", *rest) for journal, number, _, *rest in ENTRIES]
    (statement,) = read_accounts(_write(tmp_path, name, _fec(entries))).statements
    assert {problem.rule for problem in statement.problems} == {"date-illisible"}
    assert (statement.start, statement.end) == (None, None)
