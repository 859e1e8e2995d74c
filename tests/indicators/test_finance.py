"""Financial indicators, worked out by hand on a small balance; what must not change them; FEC against balance.

The school of the worked example closes on 31 August 2022. Its balance, in euros (debit positive):

======  ===========================================  ==========
102400  Apports sans droit de reprise                 -20 000
103400  Apports avec droit de reprise                 -10 000
119000  Report à nouveau débiteur                       5 000
131200  Subventions d'équipement                     -400 000
139100  … inscrites au résultat                       100 000
164000  Emprunt                                       -60 000
167500  Emprunt participatif                          -40 000
168800  Intérêts courus                                -1 000
194000  Fonds dédiés                                   -5 000
215400  Matériel                                      500 000
281540  Amortissements                               -150 000
310000  Stocks                                          2 000
401000  Fournisseurs                                  -12 000
411000  Clients                                        15 000
441000  Subventions à recevoir                         50 000
487000  Produits constatés d'avance                    -3 000
512000  Banque                                         43 000
519000  Concours bancaires                             -4 000
601000  Achats                                         30 000
603100  Variation des stocks                           -2 000
613000  Locations                                      20 000
631200  Taxe d'apprentissage versée                     1 000
641000  Salaires                                      130 000
657100  Aides financières                               1 000
661000  Intérêts                                        2 000
675000  Valeur comptable d'une machine vendue           4 000
681120  Dotations                                      60 000
689400  Reports en fonds dédiés                         5 000
706000  Prestations                                   -70 000
741000  Solde de la taxe d'apprentissage               -8 000
741100  Subventions                                  -130 000
754200  Mécénat                                        -6 000
756000  Cotisations                                    -1 000
775000  Prix de la machine                             -6 000
777000  Quote-part des subventions                    -40 000
864000  Bénévolat (emploi)                              7 000
875000  Bénévolat (ressource)                          -7 000
======  ===========================================  ==========

Amounts below are in thousand euros.
Result: products 70 + 8 + 130 + 6 + 1 + 6 + 40 = 261; charges 30 − 2 + 20 + 1 + 130 + 1 + 2 + 4 + 60 + 5 = 251; 10.
Operating: products 70 + 8 + 130 + 6 + 1 = 215; charges 30 − 2 + 20 + 1 + 130 + 1 + 60 + 5 = 245; result −30.
EBE (associations): 215 − (30 − 2 + 20 + 1 + 130) = 36. The aid (657) is below it.
CAF: 10 + 60 + 5 + 4 − 6 − 40 = 33. From the EBE: 36 − 1 (aid) − 2 (interest) = 33.
RD: 20 + 10 − 5 + 400 − 100 + 60 + 40 + 5 + 150 + result 10 = 590; ES: 500; FRNG = 90.
BFR: 2 − 12 + 15 + 50 − 3 − 1 (accrued interest) = 51. TN: 43 − 4 = 39 = 90 − 51.
Net total: 500 − 150 + 2 + 15 + 50 + 43 = 460.
Situation nette: 20 + 10 − 5 + 10 = 35; fonds propres: 35 + 300 = 335.
Autonomie 335/460; 11a 35/460; 11b (35 − 10)/460; 11c (335 + 5)/460; 11d (335 + 40)/460.
Paid charges: 30 + 20 + 1 + 130 + 1 + 2 = 184; days of cash: 39 × 365 / 184.
Debt: 60 + 40 + 4 (overdraft) = 104; over equity 104/335; over CAF 104/33 years. Loans owed: 100.
441 in days: 50 × 365 / 138 (account 74 with the tax).
Share of capital grants over depreciation: 40/60.
Triptych by account: sales 70, public 130, tax 8, private 6, others 1 + 6 + 40 = 47; of 261.
The table of grants says that 30 of account 74 come from a private foundation: public 100, private 36.
Learners present on 31 December 2021, the counting day within the exercise: 10; cost 251 000 / 10.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.campaign import Campaign, load_campaign
from edp_analysis.cleaning.accounts import clean_account_files
from edp_analysis.cleaning.ledger import Ledger
from edp_analysis.contract.checks import check_clean
from edp_analysis.indicators import finance, funding
from edp_analysis.indicators.triptych import grants_gaps
from edp_analysis.problems import UserError

LABELS = {"741": "Solde de la taxe d'apprentissage", "6312": "Taxe d'apprentissage versée"}
BALANCE = {
    "1024": -20_000, "1034": -10_000, "119": 5_000, "1312": -400_000, "1391": 100_000, "164": -60_000,
    "1675": -40_000, "1688": -1_000, "194": -5_000, "2154": 500_000, "28154": -150_000, "31": 2_000, "401": -12_000,
    "411": 15_000, "441": 50_000, "487": -3_000, "512": 43_000, "519": -4_000, "601": 30_000, "6031": -2_000,
    "613": 20_000, "6312": 1_000, "641": 130_000, "6571": 1_000, "661": 2_000, "675": 4_000, "68112": 60_000,
    "6894": 5_000, "706": -70_000, "741": -8_000, "7411": -130_000, "7542": -6_000, "756": -1_000, "775": -6_000,
    "777": -40_000, "864": 7_000, "875": -7_000,
}  # fmt: skip
WORKED = {
    "produits": 261_000, "charges": 251_000, "resultat_net": 10_000, "resultat_exploitation": -30_000,
    "ebe_associatif": 36_000, "caf": 33_000, "frng": 90_000, "bfr": 51_000, "tresorerie_nette": 39_000,
    "total_bilan": 460_000, "fonds_propres": 335_000, "situation_nette": 35_000, "autonomie": 335 / 460,
    "autonomie_11a": 35 / 460, "autonomie_11b": 25 / 460, "autonomie_11c": 340 / 460, "autonomie_11d": 375 / 460,
    "jours_tresorerie": 39 * 365 / 184, "jours_frng": 90 * 365 / 184, "couverture_emplois": 590 / 500,
    "emprunts": 100_000, "endettement": 104 / 335, "capacite_remboursement": 104 / 33,
    "subventions_a_recevoir": 50_000, "delai_subventions": 50 * 365 / 138, "part_ca": 70 / 261,
    "part_subventions_publiques": 100 / 261, "part_contributions_privees": 44 / 261,
    "part_subventions_avec_taxe": 108 / 261, "part_contributions_hors_taxe": 36 / 261,
    "part_taxe_apprentissage": 8 / 261, "part_autres_produits": 47 / 261, "poids_personnel": 130 / 251,
    "vetuste": 150 / 500, "couverture_dotations": 40 / 60, "apprenants_comptage": 10, "cout_apprenant": 25_100,
    "ca_apprenant": 7_000,
}  # fmt: skip


def accounts(
    balance: Mapping[str, float] = BALANCE,
    school: str = "EDP-02",
    start: str = "2021-09-01",
    end: str = "2022-08-31",
    regime: str = "2018",
) -> pd.DataFrame:
    """Return a clean table ``comptes`` of one exercise from balances in euros."""
    cents = [round(value * 100) for value in balance.values()]
    return pd.DataFrame(
        {
            "ecole": school,
            "date_debut": pd.Timestamp(start),
            "date_fin": pd.Timestamp(end),
            "mois": 12,
            "regime_plan": regime,
            "source": "balance",
            "compte": list(balance),
            "tiers": pd.Series([None] * len(balance), dtype="str"),
            "libelle": [LABELS.get(account, "x") for account in balance],
            "debit_centimes": [max(value, 0) for value in cents],
            "credit_centimes": [max(-value, 0) for value in cents],
            "solde_centimes": cents,
        }
    )


def grants() -> pd.DataFrame:
    rows = [
        (1, "EDP-02", "Région Normandie", "PUBLIC", "FONCTIONNEMENT", 2021, 100_000.0),
        (2, "EDP-02", "Fondation", "PRIVE", "FONCTIONNEMENT", 2021, 30_000.0),
        (3, "EDP-02", "Entreprises", "PRIVE", "TAXE_APPRENTISSAGE", 2021, 8_000.0),
        (4, "EDP-02", "Fondation", "PRIVE", "INVESTISSEMENT", 2021, 90_000.0),
        (5, "EDP-02", "Fondation", "PRIVE", "FONCTIONNEMENT", 2022, 1_000.0),
    ]
    names = ["id_financement", "ecole", "financeur", "nature_financeur", "objet", "exercice", "montant"]
    return pd.DataFrame(rows, columns=names)


def learners(school: str = "EDP-02") -> pd.DataFrame:
    """Ten present on 31 December 2021 (one leaves that very day), one gone before, one not yet in."""
    entries = ["2020-09-01"] * 6 + ["2021-09-01"] * 4 + ["2020-09-01", "2022-01-03"]
    exits = ["2022-07-01"] * 5 + ["2021-12-31"] + [None] * 4 + ["2021-12-30", None]
    return pd.DataFrame(
        {
            "id_inscription": [f"i{rank}" for rank in range(12)],
            "ecole": school,
            "date_entree": pd.to_datetime(entries),
            "date_sortie": pd.to_datetime(exits),
            "statut": ["INSCRIT" if day is None else "FIN_DE_FORMATION" for day in exits],
        }
    )


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign("2024")


def values(table: pd.DataFrame) -> dict[str, float]:
    return dict(zip(table["indicateur"], table["valeur"], strict=True))


def test_the_worked_example_sums_to_zero() -> None:
    assert sum(BALANCE.values()) == 0


@pytest.mark.parametrize("notion", WORKED)
def test_each_indicator_as_worked_out_by_hand(notion: str, campaign: Campaign) -> None:
    found = values(finance.finance_table(accounts(), grants(), learners(), campaign))
    assert found[notion] == pytest.approx(WORKED[notion], rel=1e-12)


def test_every_notion_of_the_table_is_worked_out() -> None:
    assert set(finance.finance_table(accounts())["indicateur"]) == set(WORKED)


def test_equalities_hold_to_the_cent_and_fail_when_an_account_is_lost() -> None:
    assert finance.finance_controls(accounts())["ecart_centimes"].tolist() == [0, 0, 0]
    lost = accounts({account: value for account, value in BALANCE.items() if account != "441"})
    assert finance.finance_controls(lost)["ecart_centimes"].abs().max() == 5_000_000


def test_657_is_an_aid_before_2025_and_a_book_value_after() -> None:
    """657 bare: in 2018 an aid, paid in cash; in 2025 the book value of what was sold. CAF 33 000, then 34 000."""
    balance = {("657" if account == "6571" else account): value for account, value in BALANCE.items()}
    old = values(finance.finance_table(accounts(balance)))
    new = values(finance.finance_table(accounts(balance, start="2025-01-01", end="2025-12-31", regime="2025")))
    assert (old["caf"], new["caf"]) == (33_000, 34_000)
    assert old["resultat_net"] == new["resultat_net"] == 10_000
    assert (old["jours_tresorerie"], new["jours_tresorerie"]) == (39 * 365 / 184, 39 * 365 / 183)


def test_a_share_of_grants_in_747_counts_in_the_operating_result_and_not_in_the_caf() -> None:
    balance = {("747" if account == "777" else account): value for account, value in BALANCE.items()}
    found = values(finance.finance_table(accounts(balance)))
    assert (found["caf"], found["resultat_exploitation"]) == (33_000, 10_000)


def test_without_table_nor_learners_account_74_is_all_public_and_cost_is_said_unknown() -> None:
    table = finance.finance_table(accounts())
    assert values(table)["part_subventions_publiques"] == pytest.approx(130 / 261)
    cost = table.set_index("indicateur").loc["cout_apprenant"]
    assert pd.isna(cost["valeur"])
    assert cost["raison"].startswith("n.c.")


def test_undefined_ratios_say_why_and_never_print_a_negative() -> None:
    """Wages of 400 000 € more, still owed: result −390, equity 335 − 400, CAF 33 − 400, FRNG 90 − 400."""
    balance = {**BALANCE, "641": 530_000, "401": -412_000}
    table = finance.finance_table(accounts(balance)).set_index("indicateur")
    assert pd.isna(table.loc["endettement", "valeur"])
    assert table.loc["endettement", "raison"] == "n.c. : fonds propres nuls ou négatifs"
    assert table.loc["capacite_remboursement", "raison"] == "n.c. : capacité d’autofinancement nulle ou négative"
    assert table.loc["frng", "valeur"] == -310_000


def test_receivables_and_payables_are_split_by_third_party() -> None:
    """411 holds +20 000 of one and −5 000 of another: the total is 5 000 more than with the net 15 000."""
    frame = accounts()
    row = frame[frame["compte"] == "411"]
    split = [row.assign(tiers=name, solde_centimes=cents) for name, cents in (("C1", 2_000_000), ("C2", -500_000))]
    found = values(finance.finance_table(pd.concat([frame[frame["compte"] != "411"], *split])))
    assert (found["total_bilan"], found["bfr"]) == (465_000, 51_000)


def test_schools_are_pooled_by_ratio_of_sums() -> None:
    """Cash −26 of 184 for another school: days = (39 − 26) × 365 / 368, not the mean of the two ratios."""
    poorer = {**BALANCE, "512": -22_000, "401": 53_000}
    both = pd.concat([accounts(), accounts(poorer, school="EDP-03", start="2022-01-01", end="2022-12-31")])
    table = finance.finance_overview(both)
    assert set(table["ecole"]) == {"Ensemble"}
    assert values(table)["jours_tresorerie"] == pytest.approx((39 - 26) * 365 / 368)
    assert values(table)["resultat_net"] == 20_000


def test_accounts_outside_the_chart_are_refused_by_name() -> None:
    with pytest.raises(UserError, match=r"999"):
        finance.finance_table(accounts({"512": 10, "999": -10}))


# Metamorphic: what must not change the figures ---------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), row=st.integers(0, len(BALANCE) - 1), share=st.integers(0, 10**7))
def test_order_split_and_zero_accounts_change_nothing(seed: int, row: int, share: int) -> None:
    frame = accounts()
    order = list(range(len(frame)))
    random.Random(seed).shuffle(order)
    part = frame.iloc[[row]]
    first = part.assign(compte=part["compte"] + "1", solde_centimes=share)
    second = part.assign(compte=part["compte"] + "2", solde_centimes=part["solde_centimes"] - share)
    zero = accounts({"7552": 0.0, "2183": 0.0})
    changed = pd.concat([frame.iloc[order].drop(index=row), first, second, zero], ignore_index=True)
    kept = ["produits", "charges", "caf", "frng", "bfr", "tresorerie_nette", "fonds_propres", "part_ca", "emprunts"]
    before, after = values(finance.finance_table(frame)), values(finance.finance_table(changed))
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


@pytest.mark.parametrize("factor", [2, 7])
def test_doubling_every_amount_leaves_the_ratios(factor: int) -> None:
    before = finance.finance_table(accounts()).set_index("indicateur")
    scaled = {account: value * factor for account, value in BALANCE.items()}
    after = finance.finance_table(accounts(scaled)).set_index("indicateur")
    ratios = before.index[before["unite"].isin(["%", "jours", "années"])]
    assert len(ratios) > 15
    pd.testing.assert_series_equal(after.loc[ratios, "valeur"], before.loc[ratios, "valeur"], check_exact=False)
    amounts = before.index[before["unite"] == "€"]
    assert (after.loc[amounts, "valeur"] == factor * before.loc[amounts, "valeur"]).all()


def test_a_fec_and_the_balance_it_sums_to_give_the_same_figures(tmp_path: Path) -> None:
    """Each balance is written as two entry lines (a third more on the other side), then read back both ways."""
    rows = ["JournalCode|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|Debit|Credit"]
    balance = ["EDP-02 - Exercice du 01/09/2021 au 31/08/2022;;;", "Compte;Libellé;Débit;Crédit"]
    for account, value in BALANCE.items():
        label = LABELS.get(account, "x")
        debit, credit = max(value, 0) + 7, max(-value, 0) + 7
        rows.append(f"OD|1|20220831|{account}|{label}||{debit},00|0,00")
        rows.append(f"OD|1|20220831|{account}|{label}||0,00|{credit},00")
        balance.append(f"{account};{label};{debit},00;{credit},00")
    fec = tmp_path / "EDP-02_000000000FEC20220831.txt"
    fec.write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = tmp_path / "EDP-02_balance.csv"
    text.write_text("\n".join(balance) + "\n", encoding="utf-8")
    first, second = (clean_account_files([path]) for path in (fec, text))
    left, right = finance.finance_table(first.frame), finance.finance_table(second.frame)
    # A FEC whose entries are all in August would open in August: the dates are those of the file of entries.
    assert first.frame["date_debut"].iloc[0] == pd.Timestamp("2022-08-01")
    amounts = left["unite"] != "jours"
    pd.testing.assert_frame_equal(left[amounts], right[amounts])
    assert values(right)["caf"] == WORKED["caf"]


@pytest.mark.fichiers_reels
def test_the_real_fec_goes_through_the_path_of_accounts(tmp_path: Path) -> None:
    """Result stated for the file: +173 208.48 €; FRNG − BFR = TN to the cent; no accounting entry lost."""
    folder = os.environ.get("EDP_REAL_FILES")
    if not folder:
        pytest.skip("EDP_REAL_FILES n'est pas défini")
    path = tmp_path / "EDP-01_0000000001FEC20220831.txt.gz"
    path.write_bytes((Path(folder) / "0000000001FEC20220831.txt.gz").read_bytes())
    cleaned = clean_account_files([path])
    check_clean(cleaned.frame, "comptes")
    Ledger(list(cleaned.lines)).check_closes(cleaned.non_empty)
    assert cleaned.frame["debit_centimes"].sum() == cleaned.frame["credit_centimes"].sum() == 1_018_621_981
    found = values(finance.finance_table(cleaned.frame))
    assert found["resultat_net"] == 173_208.48
    assert finance.finance_controls(cleaned.frame)["ecart_centimes"].tolist() == [0, 0, 0]


# What the register asks --------------------------------------------------------------------------------------------


def test_number_of_analyses_and_of_schools_in_debt() -> None:
    free = {account: value for account, value in BALANCE.items() if account not in ("164", "1675")}
    free["1024"] = -120_000
    both = pd.concat([accounts(), accounts(free, school="EDP-03")])
    assert finance.analyses_financieres(both).value == 2
    assert finance.ecoles_emprunt(both).value == 1
    assert finance.ecoles_emprunt(both).rows == ("EDP-02",)


def test_accrued_interest_and_deposits_are_not_loans() -> None:
    balance = {**BALANCE, "164": 0, "1675": 0, "165": -60_000, "16884": -40_000}
    assert finance.ecoles_emprunt(accounts(balance)).value == 0


def test_results_that_improve_and_ends_below_zero() -> None:
    worse = {**BALANCE, "641": 160_000, "512": 13_000}
    series = pd.concat([accounts(worse, start="2020-09-01", end="2021-08-31"), accounts()])
    assert finance.ecoles_resultat_ameliore(series).value == 1
    assert finance.exercices_deficitaires(series).numerator == 1
    assert finance.ecoles_sous_zero(series, "tresorerie_nette").value == 0


def test_nothing_received_gives_reasons_and_empty_tables() -> None:
    empty = accounts().iloc[:0]
    assert finance.finance_table(empty).empty
    assert finance.finance_overview(empty).empty
    assert finance.analyses_financieres(empty).value is None
    assert finance.ecoles_emprunt(empty).reason == "aucun compte reçu"
    assert finance.finance_indicators((), "caf").reason == "aucun compte reçu"


def test_the_lump_sum_recomputed(campaign: Campaign) -> None:
    """50 000 € for the school at the lump sum, 10 learners there that day; the European one is left out."""
    schools = pd.DataFrame({"ecole": ["EDP-02", "EDP-09"], "mode_financement": ["FORFAIT", "FSE"]})
    rows = [
        (1, "EDP-02", "Région Normandie", "PUBLIC", "FONCTIONNEMENT", 2021, 50_000.0),
        (2, "EDP-02", "Région Normandie", "PUBLIC", "ACCOMPAGNEMENT", 2021, 2_000.0),
        (3, "EDP-02", "Région Normandie", "PUBLIC", "INVESTISSEMENT", 2021, 99_000.0),
        (4, "EDP-09", "FSE", "PUBLIC", "FONCTIONNEMENT", 2021, 60_000.0),
        (5, None, "Région Normandie", "PUBLIC", "ANIMATION", 2021, 37_500.0),
        (6, "EDP-02", "Région Normandie", "PUBLIC", "FONCTIONNEMENT", 2020, 1.0),
    ]
    table = pd.DataFrame(rows, columns=grants().columns)
    youths = pd.concat([learners(), learners("EDP-09")])
    at_the_end_of_2021 = replace(campaign, extraction_date=date(2022, 4, 30))
    found = funding.forfait_apprenant(youths, schools, table, at_the_end_of_2021)
    assert (found.value, found.numerator, found.denominator) == (5_000, 50_000, 10)
    assert funding.budget_regional(table, schools, 2021).value == 52_000
    assert funding.ecoles_financees(table, schools, 2021).value == 1
    assert funding.ecoles_fse(schools).value == 1
    assert funding.poste_delegue_regional(table, 2021).value == 37_500
    nothing = table.iloc[:0]
    assert funding.forfait_apprenant(youths, schools, nothing, at_the_end_of_2021).reason == "aucun financement reçu"
    assert funding.budget_regional(nothing, schools, 2021).value is None
    assert funding.poste_delegue_regional(nothing, 2021).value is None


def test_the_table_of_grants_is_reconciled_with_the_accounts(campaign: Campaign) -> None:
    found = finance.grants_reconciliation(accounts(), grants(), campaign).set_index("nature")
    assert found.loc["Subventions (74, hors taxe d’apprentissage)", "ecart"] == 0
    assert found.loc["Taxe d’apprentissage", "ecart"] == 0
    short = grants().query("financeur != 'Fondation'")
    gap = finance.grants_reconciliation(accounts(), short, campaign).set_index("nature")["ecart"]
    assert gap["Subventions (74, hors taxe d’apprentissage)"] == 30_000


def test_the_gaps_are_laid_out_an_exercise_a_row(campaign: Campaign) -> None:
    short = grants().query("financeur != 'Fondation'")  # 30 000 € booked that the table lacks
    long = finance.grants_reconciliation(accounts(), short, campaign)
    wide = grants_gaps(long)
    assert len(wide) == len(long.drop_duplicates(["ecole", "date_fin"]))
    assert wide["Écart, Subventions"].sum() == 30_000
    assert "Taxe d’apprentissage" in wide and "Écart, Taxe d’apprentissage" not in wide, "no gap: the amount only"


def test_the_region_may_be_named_by_its_council() -> None:
    schools = pd.DataFrame({"ecole": ["EDP-02"], "mode_financement": ["FORFAIT"]})
    named = grants().replace({"Région Normandie": "Conseil régional de Normandie", "Fondation": "Fédération régionale"})
    assert funding.budget_regional(named, schools, 2021).value == 100_000
