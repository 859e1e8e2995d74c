"""The simulated accounts: same bytes each time, books that close, and figures found again from the files alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.cleaning.accounts import clean_accounts
from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.cleaning.result import Cleaned
from edp_analysis.contract.chart import find_account
from edp_analysis.indicators import finance
from edp_analysis.simulation.accounts import simulate_accounts, simulate_accounts_truth
from edp_analysis.simulation.books import Books
from edp_analysis.simulation.head_counts import exercise_dates

OPENINGS = ["2014-09-01", "2018-10-01", "2020-01-06", "2020-01-06", "2020-11-02", "2021-09-01"]
STORY = {"ecoles": 5, "activite": {"2020": 0.7, "2021": 0.85}, "clotures": {"EDP-02": "08-31"}}
COMPARED = {
    "produits": "produits",
    "charges": "charges",
    "resultat": "resultat_net",
    "caf": "caf",
    "frng": "frng",
    "bfr": "bfr",
    "tresorerie": "tresorerie_nette",
    "emprunts": "emprunts",
}


def schools() -> pd.DataFrame:
    codes = [f"EDP-0{rank + 1}" for rank in range(len(OPENINGS))]
    return pd.DataFrame({"ecole": codes, "date_ouverture": pd.to_datetime(OPENINGS)})


def learners() -> pd.DataFrame:
    """Twelve entries a school and year, for two years each."""
    rows = []
    for code, opened in zip(schools()["ecole"], schools()["date_ouverture"], strict=True):
        for year in range(2018, 2024):
            entry = max(pd.Timestamp(year=year, month=9, day=2), opened)
            if entry.year == year or entry.month == 1:
                rows += [(code, entry, pd.Timestamp(year=year + 2, month=7, day=5))] * 12
    return pd.DataFrame(rows, columns=["ecole", "date_entree", "date_sortie"])


def grants(first: int = 2019) -> pd.DataFrame:
    rows = []
    for code in schools()["ecole"]:
        for year in range(first, 2024):
            for funder, nature, purpose, amount in (
                ("Région Normandie", "PUBLIC", "FONCTIONNEMENT", 110_000.0),
                ("Fondation", "PRIVE", "FONCTIONNEMENT", 30_000.5),
                ("Entreprises", "PRIVE", "TAXE_APPRENTISSAGE", 15_000.0),
                ("Entreprises", "PRIVE", "MECENAT", 12_000.0),
            ):
                rows.append((len(rows) + 1, code, funder, nature, purpose, year, amount))
        rows.append((len(rows) + 1, code, "Région Normandie", "PUBLIC", "INVESTISSEMENT", 2021, 40_000.0))
    names = ["id_financement", "ecole", "financeur", "nature_financeur", "objet", "exercice", "montant"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The campaign 2024, its raw folder replaced by what the simulator writes."""
    base = load_campaign("2024")
    story = {**base.settings, "simulation": {"comptes": STORY}}
    made = replace(base, raw=tmp_path_factory.mktemp("brut"), settings=story)
    files = simulate_accounts(made, schools(), learners(), grants(), np.random.default_rng(11))
    for name, content in files.items():
        path = made.raw / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    return made


@pytest.fixture(scope="module")
def cleaned(campaign: Campaign) -> Cleaned:
    return clean_accounts(campaign)


@pytest.fixture(scope="module")
def truth(campaign: Campaign) -> pd.DataFrame:
    return simulate_accounts_truth(campaign, schools(), learners(), grants(), np.random.default_rng(11))


def test_the_same_generator_gives_the_same_bytes(campaign: Campaign) -> None:
    first, second = (
        simulate_accounts(campaign, schools(), learners(), grants(), np.random.default_rng(3)) for _ in range(2)
    )
    assert first == second
    other = simulate_accounts(campaign, schools(), learners(), grants(), np.random.default_rng(4))
    assert set(other) == set(first)
    assert other != first


def test_files_have_the_forms_they_are_received_in(campaign: Campaign) -> None:
    names = sorted(path.name for path in (campaign.raw / "comptes").iterdir())
    assert len([name for name in names if name.endswith(".csv")]) == 2
    assert len(names) == 17  # four exercises of five schools, four of them in one workbook
    assert all(name.startswith(tuple(schools()["ecole"][:5])) for name in names)


def test_every_exercise_is_read_without_a_blocking_problem_and_the_ledger_closes(cleaned: Cleaned) -> None:
    assert cleaned.problems == ()
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)
    closings = cleaned.frame.groupby("ecole")["date_fin"].unique()
    assert {school: [day.year for day in days] for school, days in closings.items()} == {
        f"EDP-0{rank}": [2020, 2021, 2022, 2023] for rank in range(1, 6)
    }
    assert {day.month for day in closings["EDP-02"]} == {8}


def test_the_indicators_read_from_the_files_are_those_kept_by_event(cleaned: Cleaned, truth: pd.DataFrame) -> None:
    table = finance.finance_table(cleaned.frame)
    found = table.pivot(index=["ecole", "date_fin"], columns="indicateur", values="valeur").reset_index()
    expected = truth.assign(date_fin=pd.to_datetime(truth["date_fin"])).sort_values(["ecole", "date_fin"])
    assert found["ecole"].tolist() == expected["ecole"].tolist()
    for name, notion in COMPARED.items():
        assert [round(value * 100) for value in found[notion]] == expected[name].tolist(), name


def test_the_story_is_the_published_one(cleaned: Cleaned, truth: pd.DataFrame) -> None:
    """Five schools with a loan; contrasted results that improve as a whole; cash below zero for some, not all."""
    assert finance.analyses_financieres(cleaned.frame).value == 5
    assert finance.ecoles_emprunt(cleaned.frame).value == 5
    whole = truth.assign(annee=[day.year for day in truth["date_fin"]]).groupby("annee")["resultat"].sum()
    assert whole.is_monotonic_increasing
    assert whole.iloc[0] < 0 < whole.iloc[-1]
    assert 0 < (truth["tresorerie"] < 0).sum() < len(truth)
    assert 0 < (truth["resultat"] > 0).sum() < len(truth)


def test_the_closing_of_an_exercise_is_the_opening_of_the_next(cleaned: Cleaned) -> None:
    """The school that closes on 31 August sends openings: no account differs (the check itself is tested apart)."""
    assert not [problem for problem in cleaned.problems if problem.rule == "continuite"]


def test_grants_of_the_table_are_booked_to_the_cent(cleaned: Cleaned, campaign: Campaign) -> None:
    gaps = finance.grants_reconciliation(cleaned.frame, grants(), campaign)
    assert len(gaps) == 60
    assert (gaps["ecart"] == 0).all()
    equipment = cleaned.frame[cleaned.frame["compte"] == "1312"].groupby(["ecole", "date_fin"])["solde_centimes"].sum()
    assert set(equipment[equipment.index.get_level_values("date_fin") >= "2022-01-01"]) == {-4_000_000}


def test_volunteering_is_outside_the_result(cleaned: Cleaned) -> None:
    eight = cleaned.frame[cleaned.frame["compte"].str.startswith("8")]
    assert not eight.empty
    assert eight["solde_centimes"].sum() == 0


def test_accounts_exist_and_follow_the_regime(campaign: Campaign, tmp_path: Path) -> None:
    """Four years later the grants come into the result by 747 and no account of the former chart is used."""
    later = replace(campaign, exercises=(2024, 2025, 2026), raw=tmp_path)
    for name, content in simulate_accounts(later, schools(), learners(), grants(), np.random.default_rng(5)).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    result = clean_accounts(later)
    assert [problem for problem in result.problems if problem.rule != "compte-attente"] == []
    new = result.frame[result.frame["regime_plan"] == "2025"]
    assert {"747"} <= set(new["compte"])
    assert not {"777", "675", "775"} & set(new["compte"])
    assert all(find_account(account, "2025") for account in new["compte"])


def test_a_table_of_grants_that_begins_late_leaves_older_grants_to_the_story(campaign: Campaign) -> None:
    truth = simulate_accounts_truth(campaign, schools(), learners(), grants(2022), np.random.default_rng(5))
    assert (truth["produits"] > 0).all()


def test_books_refuse_a_negative_entry_and_carry_the_result_over() -> None:
    books = Books()
    with pytest.raises(ValueError, match="négative"):
        books.post(("512", "Banque"), ("706", "Ventes"), -1)
    books.earn(("706", "Ventes"), ("411", "Clients"), 300, 200)
    books.spend(("601", "Achats"), ("401", "Fournisseurs"), 120, 20)
    assert sum(books.balance(account) for account in books.accounts) == 0
    assert (books.effects.cash, books.effects.working_capital) == (180, 180)
    books.carry_over()
    assert books.opening == {"401": -100, "411": 100, "512000": 180, "120000": -180}
    assert (books.effects.revenue, books.effects.cash) == (0, 180)


def test_exercise_dates_follow_the_closing_day() -> None:
    assert exercise_dates(2020, (12, 31))[0].isoformat() == "2020-01-01"
    assert exercise_dates(2020, (8, 31))[0].isoformat() == "2019-09-01"
