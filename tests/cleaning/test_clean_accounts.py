"""The table of accounts: verified as a whole, merged by account, every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.accounts import clean_account_files, clean_accounts
from edp_analysis.cleaning.corrections import Correction
from edp_analysis.cleaning.ledger import Fate, Ledger
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract import load_schema
from edp_analysis.contract.checks import check_clean
from edp_analysis.problems import Severity

# Balances in euros, debit positive; they sum to zero, classes 1-5 to −50 and 6-7 to 50 (a loss), 86 = 87.
BALANCE = {
    "1024": -500, "110": -100, "2154": 900, "28154": -300, "411": 150, "401": -200, "512": 0, "601": 400, "641": 250,
    "706": -380, "7411": -220, "864": 30, "875": -30,
}  # fmt: skip


def write(folder: Path, name: str, balance: Mapping[str, float], year: int = 2021, school: str = "EDP-01") -> Path:
    """Write a balance in two columns, with a title and a total."""
    lines = [f"{school} - Exercice du 01/01/{year} au 31/12/{year};;;", "Compte;Libellé;Débit;Crédit"]
    lines += [f"{account};Libellé {account};{max(v, 0)};{max(-v, 0)}" for account, v in balance.items()]
    lines.append(f"TOTAL;;{sum(max(v, 0) for v in balance.values())};{sum(max(-v, 0) for v in balance.values())}")
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def blocking(cleaned: Cleaned) -> set[str]:
    return {problem.rule for problem in cleaned.problems if problem.severity is Severity.BLOCKING}


def to_check(cleaned: Cleaned) -> set[str]:
    return {problem.rule for problem in cleaned.problems if problem.severity is Severity.CHECK}


def closes(cleaned: Cleaned) -> None:
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)


def test_a_balance_becomes_rows_of_the_contract(tmp_path: Path) -> None:
    cleaned = clean_account_files([write(tmp_path, "b.csv", BALANCE)])
    frame = cleaned.frame
    check_clean(frame, "comptes")
    assert cleaned.problems == ()
    closes(cleaned)
    assert dict(zip(frame["compte"], frame["solde_centimes"], strict=True)) == {
        ("11" if account == "110" else account): value * 100 for account, value in BALANCE.items()
    }
    assert frame["tiers"].isna().all()
    first = frame.iloc[0]
    assert (first["ecole"], first["mois"], first["regime_plan"], first["source"]) == ("EDP-01", 12, "2018", "balance")
    assert (first["date_debut"], first["date_fin"]) == (pd.Timestamp("2021-01-01"), pd.Timestamp("2021-12-31"))


def test_lines_of_the_same_account_are_added_up_and_said_merged(tmp_path: Path) -> None:
    path = write(tmp_path, "b.csv", BALANCE)
    path.write_text(path.read_text(encoding="utf-8").replace("601;Libellé 601;400;0", "601;A;150;0\n601000;B;250;0"))
    cleaned = clean_account_files([path])
    row = cleaned.frame.set_index("compte").loc["601"]
    assert (row["debit_centimes"], row["libelle"]) == (40_000, "A")
    merged = [line for line in cleaned.lines if line.fate is Fate.MERGED]
    assert [(line.row, line.target) for line in merged] == [(11, "EDP-01 2021-12-31 601")]
    closes(cleaned)


def test_subtotals_of_groups_of_accounts_are_set_aside(tmp_path: Path) -> None:
    path = write(tmp_path, "b.csv", BALANCE)
    text = path.read_text(encoding="utf-8")
    text = text.replace("601;Libellé 601;400;0", "60;Achats;400;0\n601;A;150;0\n606;B;250;0")
    path.write_text(text, encoding="utf-8")
    cleaned = clean_account_files([path])
    assert [line.row for line in cleaned.lines if line.reason == "sous-total"] == [10]
    assert set(cleaned.frame["compte"]) == {"11" if a == "110" else a for a in BALANCE} | {"606"}
    closes(cleaned)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"512": 10}, "debit-credit"),
        ({"601": 410, "864": 20}, "bilan-resultat"),
        ({"864": 40, "512": -10}, "contributions-volontaires"),
        ({"512": 0, "9999": 0.0}, "compte-illisible"),
        ({"557": 10, "512": -10}, "compte-hors-plan"),
    ],
)
def test_a_blocking_fault_sets_the_whole_exercise_aside(change: Mapping[str, float], rule: str, tmp_path: Path) -> None:
    cleaned = clean_account_files([write(tmp_path, "b.csv", {**BALANCE, **change})])
    assert rule in blocking(cleaned)
    assert cleaned.frame.empty
    assert tuple(cleaned.frame.columns) == load_schema("comptes").names
    closes(cleaned)


def test_accounts_outside_the_chart_are_listed(tmp_path: Path) -> None:
    cleaned = clean_account_files([write(tmp_path, "b.csv", {**BALANCE, "557": 10, "551": -10})])
    (problem,) = [problem for problem in cleaned.problems if problem.rule == "compte-hors-plan"]
    assert problem.value == "551, 557"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"471": 10, "512": -10}, "compte-attente"),
        ({"2183": -10, "512": 10}, "sens-inhabituel"),
        ({"754": 10, "601": 390}, "sens-inhabituel"),
    ],
)
def test_a_doubtful_account_is_kept_and_named(change: Mapping[str, float], rule: str, tmp_path: Path) -> None:
    cleaned = clean_account_files([write(tmp_path, "b.csv", {**BALANCE, **change})])
    assert rule in to_check(cleaned)
    assert blocking(cleaned) == set()
    assert not cleaned.frame.empty


def test_school_dates_and_length_of_the_exercise(tmp_path: Path) -> None:
    nameless = write(tmp_path, "balance.csv", BALANCE, school="Association")
    assert blocking(clean_account_files([nameless])) == {"ecole-inconnue"}
    short = write(tmp_path, "court.csv", BALANCE)
    short.write_text(short.read_text(encoding="utf-8").replace("01/01/2021", "01/05/2021"), encoding="utf-8")
    cleaned = clean_account_files([short])
    assert to_check(cleaned) == {"duree-exercice"}
    assert set(cleaned.frame["mois"]) == {8}


def test_exercises_of_one_school_may_not_be_given_twice_nor_overlap(tmp_path: Path) -> None:
    first, again = write(tmp_path, "a.csv", BALANCE), write(tmp_path, "b.csv", {**BALANCE, "411": 160, "401": -210})
    cleaned = clean_account_files([first, again])
    assert blocking(cleaned) == {"exercice-en-double"}
    assert len(cleaned.frame) == len(BALANCE)
    assert cleaned.frame.set_index("compte").loc["411", "solde_centimes"] == 15_000
    closes(cleaned)
    again.write_text(again.read_text(encoding="utf-8").replace("01/01/2021 au 31/12/2021", "01/09/2021 au 31/08/2022"))
    assert blocking(clean_account_files([first, again])) == {"exercices-chevauchants"}


def test_exercises_outside_the_campaign_are_set_aside(tmp_path: Path) -> None:
    cleaned = clean_account_files([write(tmp_path, "b.csv", BALANCE, year=2019)], (2020, 2021))
    assert cleaned.frame.empty
    assert to_check(cleaned) == {"exercice-hors-campagne"}
    closes(cleaned)


def test_gaps_and_identical_figures_between_exercises_are_said(tmp_path: Path) -> None:
    paths = [write(tmp_path, f"{year}.csv", BALANCE, year) for year in (2020, 2022)]
    assert to_check(clean_account_files(paths)) == {"exercice-manquant", "soldes-identiques"}


@pytest.mark.parametrize(("gap", "rules"), [(0, set()), (10, {"continuite"})])
def test_openings_are_compared_with_the_last_closings(gap: int, rules: set[str], tmp_path: Path) -> None:
    """2020 closes with 2154 = 800, 512 = −100, 1024 = −650 and a surplus of 50, which opens 2021 in account 110.

    With the gap, 2154 opens 10 too high and the bank 10 too low, and movements make up for it: only openings differ.
    """
    first = write(tmp_path, "2020.csv", {"1024": -650, "2154": 800, "512": -100, "601": 150, "706": -200}, 2020)
    second = tmp_path / "2021.csv"
    rows = [
        "EDP-01 - Exercice du 01/01/2021 au 31/12/2021;;;;;",
        "Compte;Libellé;Ouverture débit;Ouverture crédit;Mouvements débit;Mouvements crédit",
        "1024;Apports;;650;;",
        "110;Report;;50;;",
        f"2154;Matériel;{800 + gap};;{100 - gap};",
        f"512;Banque;;{100 + gap};10;{110 - gap}",
        "601;Achats;;;50;",
        "706;Ventes;;;;50",
    ]
    second.write_text("\n".join(rows) + "\n", encoding="utf-8")
    cleaned = clean_account_files([first, second])
    assert blocking(cleaned) == set()
    assert to_check(cleaned) & {"continuite"} == rules
    named = [problem.value for problem in cleaned.problems if problem.rule == "continuite"]
    assert named == (["2154 (+10,00\u00a0€), 512 (−10,00\u00a0€)"] if gap else [])


def test_third_parties_of_a_fec_are_kept_apart(tmp_path: Path) -> None:
    lines = [
        "JournalCode|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|Debit|Credit",
        "VE|1|20210110|411000|Clients|C1|100,00|0,00",
        "VE|1|20210110|706000|Ventes||0,00|100,00",
        "BQ|2|20211231|411000|Clients|C2|0,00|30,00",
        "BQ|2|20211231|512000|Banque||30,00|0,00",
    ]
    path = tmp_path / "EDP-04_000000000FEC20211231.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cleaned = clean_account_files([path])
    clients = cleaned.frame[cleaned.frame["compte"] == "411"].set_index("tiers")["solde_centimes"]
    assert clients.to_dict() == {"C1": 10_000, "C2": -3_000}
    assert set(cleaned.frame["source"]) == {"fec"}
    closes(cleaned)


def test_a_campaign_without_accounts_gives_an_empty_table(tmp_path: Path) -> None:
    cleaned = clean_accounts(replace(load_campaign("2024"), raw=tmp_path))
    assert cleaned.frame.empty
    assert tuple(cleaned.frame.columns) == load_schema("comptes").names
    assert (cleaned.problems, cleaned.lines) == ((), ())


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "comptes").mkdir()
    write(tmp_path / "comptes", "EDP-01.csv", BALANCE)
    (tmp_path / "comptes" / "EDP-02.xlsx").write_bytes(b"PK\x03\x04 coup\xe9")
    (tmp_path / "comptes" / "EDP-03.pdf").write_bytes(b"%PDF-1.7 ...")
    cleaned = clean_accounts(replace(load_campaign("2024"), raw=tmp_path))
    assert set(cleaned.frame["ecole"]) == {"EDP-01"}
    assert blocking(cleaned) == {"fichier-endommage", "type-de-fichier"}
    closes(cleaned)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-(10**6), 10**6), min_size=len(BALANCE), max_size=len(BALANCE)))
def test_the_ledger_closes_whatever_the_amounts(amounts: list[int], tmp_path: Path) -> None:
    cleaned = clean_account_files([write(tmp_path, "b.csv", dict(zip(BALANCE, amounts, strict=True)))])
    closes(cleaned)
    kept = sum(line.fate is Fate.KEPT for line in cleaned.lines)
    assert kept == len(cleaned.frame)
    assert bool(blocking(cleaned)) == cleaned.frame.empty


def test_the_accounts_of_a_school_outside_the_campaign_are_refused_by_name(tmp_path: Path) -> None:
    path = write(tmp_path, "b.csv", BALANCE)  # the title says EDP-01
    cleaned = clean_account_files([path], schools=("EDP-02", "EDP-03"))
    assert "ecole-inconnue" in blocking(cleaned)
    assert cleaned.frame.empty
    closes(cleaned)
    assert not blocking(clean_account_files([path], schools=("EDP-01",)))


def correction(cell: str, field: str, expected: str, new: str, sheet: str = "") -> Correction:
    return Correction("b.csv", sheet, cell, field, expected, new, "contrôleuse", "2024-05-14", "lu sur la pièce")


def test_a_declared_correction_makes_an_exercise_usable_and_is_in_the_ledger(tmp_path: Path) -> None:
    """One centime too many in 601: the exercise is refused, until a person gives the amount of the document."""
    path = write(tmp_path, "b.csv", {**BALANCE, "601": 400.01})
    assert blocking(clean_account_files([path])) == {"debit-credit"}
    (row,) = [n for n, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if line.startswith("601")]
    made = correction(f"C{row}", "debit", "400.01", "400,00")
    cleaned = clean_account_files([path], corrections=[made])
    assert cleaned.problems == ()
    assert len(cleaned.frame) == len(BALANCE)
    (line,) = [line for line in cleaned.lines if line.row == row]
    assert line.corrections == ("debit : correction déclarée par contrôleuse le 2024-05-14 (lu sur la pièce)",)
    closes(cleaned)


def test_a_correction_of_accounts_that_no_longer_matches_or_is_misplaced_blocks(tmp_path: Path) -> None:
    path = write(tmp_path, "b.csv", BALANCE)
    stale = clean_account_files([path], corrections=[correction("C3", "debit", "12", "13")])
    assert blocking(stale) == {"correction-perimee"}
    wrong = clean_account_files([path], corrections=[correction("B3", "debit", "Libellé 1024", "x")])
    assert [(p.rule, p.value) for p in wrong.problems] == [("correction-mal-placee", "libelle")]


def test_corrections_of_a_fec_name_the_columns_of_the_contract(tmp_path: Path) -> None:
    path = tmp_path / "EDP-01_000000000FEC20211231.txt"
    path.write_text(
        "JournalCode|EcritureNum|EcritureDate|CompteNum|CompteLib|Debit|Credit\n"
        "VE|1|20210110|411000|Clients|100,00|0,00\nVE|1|20210110|7O6000|Ventes|0,00|100,00\n",
        encoding="utf-8",
    )
    made = Correction(path.name, "", "D3", "compte", "7O6000", "706000", "q", "2024-05-14", "lettre O")
    assert blocking(clean_account_files([path])) >= {"compte-illisible"}
    assert blocking(clean_account_files([path], corrections=[made])) == set()


def test_a_notice_beside_the_balance_blocks_nothing(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["EDP-01 - Exercice du 01/01/2021 au 31/12/2021"])
    sheet.append(["Compte", "Libellé", "Débit", "Crédit"])
    for account, value in BALANCE.items():
        sheet.append([account, "x", max(value, 0), max(-value, 0)])
    book.create_sheet("Notice").append(["Document provisoire"])
    book.save(tmp_path / "b.xlsx")
    cleaned = clean_account_files([tmp_path / "b.xlsx"])
    assert blocking(cleaned) == set()
    assert to_check(cleaned) == set(), "une feuille de texte n'est pas à reprendre"
    assert len(cleaned.frame) == len(BALANCE)
    closes(cleaned)


def test_last_exercises_that_were_not_sent_are_named(tmp_path: Path) -> None:
    paths = [write(tmp_path, "b.csv", BALANCE)]
    cleaned = clean_account_files(paths, (2020, 2021, 2022, 2023))
    (problem,) = cleaned.problems
    assert (problem.rule, problem.expected) == ("exercice-manquant", "aussi : 2022, 2023")
    refused = write(tmp_path, "c.csv", {**BALANCE, "601": 401}, year=2022)
    cleaned = clean_account_files([*paths, refused], (2020, 2021, 2022))
    assert {problem.rule for problem in cleaned.problems} == {"debit-credit"}  # named already


def test_the_school_of_a_loosely_named_file_is_found_among_the_campaign_s(tmp_path: Path) -> None:
    path = write(tmp_path, "edp01 balance.csv", BALANCE, school="Association")
    assert blocking(clean_account_files([path])) == {"ecole-inconnue"}
    assert set(clean_account_files([path], schools=("EDP-01", "EDP-02")).frame["ecole"]) == {"EDP-01"}


def test_the_accounts_of_a_school_under_the_name_of_another_are_said(tmp_path: Path) -> None:
    path = write(tmp_path, "EDP-02_balance.csv", BALANCE)  # the title says EDP-01
    cleaned = clean_account_files([path])
    assert set(cleaned.frame["ecole"]) == {"EDP-01"}
    assert [(p.rule, p.value, p.expected) for p in cleaned.problems] == [("ecole-discordante", "EDP-02", "EDP-01")]
