"""The lump sum recomputed, unit costs, break-even, the two proposals: worked out by hand on a school of ten learners.

EDP-01, opened in 2014, exercise 2023, in euros (debit positive):

=========  ======================================  ========
1024       Apports                                  -10 000
1312       Subventions d'équipement                 -12 000
1391       … inscrites au résultat                    6 000
164        Emprunt                                  -20 000
2154       Matériel                                  50 000
28154      Amortissements                            -8 000
401        Fournisseurs                              -2 000
512        Banque (découvert)                        -8 000
601        Matières                                  20 000
606        Achats non stockés                         5 000
613        Locations                                 12 000
622        Honoraires                                 4 000
625        Déplacements                               1 000
641, 645   Personnel                         60 000, 20 000
68112      Dotations                                  8 000
706        Prestations                              -40 000
741        Solde de la taxe d'apprentissage          -5 000
7411       Subventions                              -70 000
7542       Mécénat                                   -5 000
777        Quote-part                                -6 000
=========  ======================================  ========

Charges 130 000, products 126 000, result −4 000. Declared model: 601, 606, 625 vary (26 000), the rest is fixed
(104 000); sales and public grants vary (110 000), private money with the tax and the rest are fixed (16 000).
With 10 learners: margin (110 − 26) / 10 = 8 400; break-even (104 − 16) / 8.4 = 10.476 learners.
Two classes of 14: 18 places free; −4 000 + 18 × 8 400 = 147 200; with staff of 80 000 / 10 a learner, −144 000: 3 200.
Workshop: fixed 104 000 × 0.6667 = 69 336.8; gross margin rate (40 − 20) / 40; sales needed 138 673.6.
−10 %: sales −8 000, public −11 000, private (5 + 5) −5 000.
Backing, low: 622 × 25 % = 1 000. High: 613 × 50 % + 622 × 75 % + 64 × 16.67 % = 6 000 + 3 000 + 13 336 = 22 336; then
(88 000 − 22 336) / 8 400 = 7.817 learners.
Contribution: 33.33 % of 130 000 = 43 329. Own funds 10 + 6 − 4 = 12; net position 6; total 50 − 8 = 42. With it, the
overdraft of 8 goes first: total 42 000 + 43 329 − 8 000 = 77 329. FRNG: 10 + 6 + 20 + 8 − 4 − 50 = −10.
CAF: −4 + 8 − 6 = −2: nothing to give back with. With 12 000 of sales more (and a bank at 4 000): CAF 10, so 50 000 in
five years, more than 43 329 if nothing is repaid. The year before, the loan stood at 22 000: 2 000 repaid a year,
10 000 in five years, and 40 000 left, less than 43 329. A loan of 4 000 on which 2 000 was repaid costs 4 000 and no
more: 46 000.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

from edp_analysis.campaign import Campaign, find_root, load_campaign
from edp_analysis.indicators import (
    break_even,
    funding,
    hypotheses,
    proposals,
    regional_funding,
    sensitivity,
    unit_costs,
    workshop,
)
from edp_analysis.indicators.break_even import Economics
from edp_analysis.problems import UserError

BALANCE = {
    "1024": -10_000, "1312": -12_000, "1391": 6_000, "164": -20_000, "2154": 50_000, "28154": -8_000, "401": -2_000,
    "512": -8_000, "601": 20_000, "606": 5_000, "613": 12_000, "622": 4_000, "625": 1_000, "641": 60_000, "645": 20_000,
    "68112": 8_000, "706": -40_000, "741": -5_000, "7411": -70_000, "7542": -5_000, "777": -6_000,
}  # fmt: skip
FILES = ("hypotheses.csv", "modele-economique.csv", "adossement.csv")


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return load_campaign("2024")


def accounts(balance: Mapping[str, float] = BALANCE, school: str = "EDP-01", year: int = 2023) -> pd.DataFrame:
    cents = [round(value * 100) for value in balance.values()]
    return pd.DataFrame(
        {
            "ecole": school, "date_debut": pd.Timestamp(year, 1, 1), "date_fin": pd.Timestamp(year, 12, 31), "mois": 12,
            "regime_plan": "2018", "compte": list(balance), "solde_centimes": cents,
            "libelle": ["Solde de la taxe d'apprentissage" if name == "741" else "x" for name in balance],
        }
    )  # fmt: skip


def schools(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["ecole", "date_ouverture", "mode_financement"])
    return frame.assign(date_ouverture=pd.to_datetime(frame["date_ouverture"]), domaine="USINAGE", departement="76")


def grants(*rows: tuple[str | None, str, str, int, float]) -> pd.DataFrame:
    names = ["ecole", "financeur", "objet", "exercice", "montant"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(id_financement=range(1, len(rows) + 1), nature_financeur="PUBLIC")


TEN = schools(("EDP-01", "2014-09-01", "FORFAIT"))
NO_GRANTS = grants()
GRANTS = grants(
    ("EDP-01", "Région Normandie", "FONCTIONNEMENT", 2023, 10_000.0),
    ("EDP-01", "Région Normandie", "ACCOMPAGNEMENT", 2023, 2_000.0),
    ("EDP-01", "Région Normandie", "INVESTISSEMENT", 2023, 90_000.0),
    ("EDP-01", "Fédération (fonds de l’État)", "FONCTIONNEMENT", 2023, 6_000.0),
    (None, "Région Normandie", "ANIMATION", 2023, 37_500.0),
    ("EDP-02", "Fonds social européen (FSE+)", "FONCTIONNEMENT", 2023, 68_000.0),
    ("EDP-01", "Région Normandie", "FONCTIONNEMENT", 2022, 20_000.0),
)


@pytest.fixture
def ten(learners, campaign) -> tuple[Economics, ...]:
    people = [{"ecole": "EDP-01", "date_entree": "2023-09-01"}] * 10
    return break_even.economics(accounts(), NO_GRANTS, learners(*people), TEN, campaign)


# -- the lump sum -----------------------------------------------------------------------------------------------------


def test_the_lump_sum_is_recomputed_from_who_was_present(learners, campaign):
    """Two present on 31/12/2023 (10 000), three on 31/12/2022 (15 000, 20 000 granted); EDP-02 is paid by the fund."""
    people = learners(
        {"date_entree": "2022-09-01"},
        {"date_entree": "2022-09-01", "date_sortie": "2023-06-30", "statut": "FIN_DE_FORMATION"},
        {"date_entree": "2022-09-01", "date_sortie": "2023-12-30", "statut": "SORTIE_ANTICIPEE"},
        {"date_entree": "2023-09-01"},
        {"date_entree": "2023-09-01", "ecole": "EDP-02"},
    )
    both = schools(("EDP-01", "2014-09-01", "FORFAIT"), ("EDP-02", "2023-09-01", "FSE"))
    table = regional_funding.forfait_par_ecole(people, both, GRANTS, campaign)
    assert table.to_numpy().tolist() == [
        ["EDP-01", 2022, 3, 15_000.0, 20_000.0, 5_000.0],
        ["EDP-01", 2023, 2, 10_000.0, 10_000.0, 0.0],
    ]
    by_year = regional_funding.forfait_par_exercice(people, both, GRANTS, campaign)
    assert by_year.iloc[1].tolist() == [2023, 1, 2, 10_000.0, 10_000.0, 0.0]
    wide = regional_funding.forfait_croise(table)
    assert wide.to_dict("records") == [
        {"ecole": "EDP-01", "2022": 3, "2023": 2, "recalcule": 25_000.0, "verse": 30_000.0, "ecart": 5_000.0}
    ]
    rest = regional_funding.budget_reste(people, both, GRANTS, 2023, campaign)
    assert rest.value == 2_000.0
    assert regional_funding.budget_en_apprenants(GRANTS, both, 2023, campaign).value == 12_000 / 5_000


def test_what_the_region_pays_is_split_by_purpose_and_the_european_fund_stands_beside(campaign):
    table = regional_funding.financement_par_objet(GRANTS, campaign).set_index("exercice")
    paid = {
        "Fonctionnement": 10_000.0, "Investissement": 90_000.0, "Poste de délégué régional": 37_500.0,
        "Accompagnement des projets": 2_000.0, "Fonds européens": 68_000.0,
    }  # fmt: skip
    assert table.loc[2023].to_dict() == paid
    assert table.loc["Total"].to_dict() == {**paid, "Fonctionnement": 30_000.0}
    assert regional_funding.financement_fse(GRANTS, 2023).value == 68_000.0


def test_nothing_is_known_before_the_first_amount_and_nothing_was_paid_after_it(campaign):
    """Operating money in 2021 and 2023, capital in 2022: 2021 knows no capital grant, 2022 had no operating one."""
    rows = grants(
        ("EDP-01", "Région Normandie", "FONCTIONNEMENT", 2021, 5_000.0),
        ("EDP-01", "Région Normandie", "INVESTISSEMENT", 2022, 9_000.0),
        ("EDP-01", "Région Normandie", "FONCTIONNEMENT", 2023, 6_000.0),
    )
    table = regional_funding.financement_par_objet(rows, campaign).set_index("exercice")
    assert table["Fonctionnement"].tolist() == [5_000.0, 0.0, 6_000.0, 11_000.0]
    assert pd.isna(table.loc[2021, "Investissement"])
    assert table["Investissement"].tolist()[1:] == [9_000.0, 0.0, 9_000.0]


def test_gaps_of_opposite_signs_do_not_make_a_grant_exact(learners, campaign):
    """One learner in 2022 and in 2023 (5 000 due each year): 6 000 then 4 000 granted add up, and neither is exact."""
    rows = grants(
        ("EDP-01", "Région Normandie", "FONCTIONNEMENT", 2022, 6_000.0),
        ("EDP-01", "Région Normandie", "FONCTIONNEMENT", 2023, 4_000.0),
    )
    table = regional_funding.forfait_par_ecole(learners({"date_entree": "2022-09-01"}), TEN, rows, campaign)
    exact = regional_funding.forfait_exact(table)
    assert (exact.numerator, exact.denominator) == (0, 2)
    assert regional_funding.forfait_exact(table.assign(ecart=[0.0, -4.0])).numerator == 1
    assert regional_funding.forfait_exact(table.iloc[:0]).reason == "aucun financement reçu"


def test_what_is_by_construction_is_said_of_simulated_data_only(campaign):
    from dataclasses import replace

    assert "par construction" in regional_funding.par_construction(campaign)
    assert "choisis" in regional_funding.par_construction(campaign, "reste")
    assert regional_funding.par_construction(replace(campaign, simulated=False)) == ""


def test_the_fund_and_the_delegate_are_shared_between_learners_and_schools(learners, campaign):
    """The fund pays 68 000 for four present in EDP-02: 17 000. The delegate: 37 500, two schools open, five present."""
    three = schools(
        ("EDP-01", "2014-09-01", "FORFAIT"), ("EDP-02", "2023-09-01", "FSE"), ("EDP-03", "2024-02-01", "FORFAIT")
    )
    people = learners(
        {"date_entree": "2023-09-01"}, *[{"date_entree": "2023-09-01", "ecole": "EDP-02"}] * 4,
        {"date_entree": "2022-09-01", "date_sortie": "2023-12-30", "statut": "SORTIE_ANTICIPEE"},
    )  # fmt: skip
    each = regional_funding.fse_par_apprenant(GRANTS, three, people, campaign)
    assert (each.value, each.denominator) == (17_000.0, 4)
    post = funding.poste_delegue_regional(GRANTS, 2023)
    parts = regional_funding.delegue_partage(post, people, three, campaign)
    assert {key: part.value for key, part in parts.items()} == {"ecole": 18_750.0, "apprenant": 7_500.0}
    none = regional_funding.fse_par_apprenant(NO_GRANTS, three, people, campaign)
    assert (none.value, none.reason) == (None, "aucun financement européen reçu")
    nobody = regional_funding.fse_par_apprenant(GRANTS, three, learners(), campaign)
    assert (nobody.value, nobody.reason) == (None, "dénominateur nul : apprenant présent")


def test_the_simulated_campaign_gives_the_published_budget(campaign):
    """577 000 = 115 × 5 000 + 2 000: the budget over the lump sum is 115.4, not a whole number."""
    from edp_analysis.cleaning.prepare import prepare

    t = prepare(campaign)
    table = regional_funding.forfait_par_exercice(t.apprenants, t.ecoles, t.financements, campaign)
    last = table.set_index("exercice").loc[2023]
    assert (last["ecoles"], last["presents"], last["recalcule"], last["verse"]) == (8, 115, 575_000, 575_000)
    assert regional_funding.budget_reste(t.apprenants, t.ecoles, t.financements, 2023, campaign).value == 2_000
    assert regional_funding.budget_en_apprenants(t.financements, t.ecoles, 2023, campaign).value == pytest.approx(115.4)


# -- unit costs -------------------------------------------------------------------------------------------------------


@pytest.fixture
def four(learners) -> pd.DataFrame:
    """One completer, certified and studying; one early exit; one present; one who left the year before."""
    return learners(
        {
            "date_entree": "2022-09-01", "date_sortie": "2023-06-30", "statut": "FIN_DE_FORMATION",
            "cursus_complet": True, "resultat_examen": "ADMIS", "situation_sortie": "APPRENTISSAGE",
        },
        {
            "date_entree": "2022-09-01", "date_sortie": "2023-03-31", "statut": "SORTIE_ANTICIPEE",
            "cursus_complet": False, "situation_sortie": "RECHERCHE_EMPLOI",
        },
        {"date_entree": "2023-09-01"},
        {
            "date_entree": "2021-09-01", "date_sortie": "2022-06-30", "statut": "FIN_DE_FORMATION",
            "cursus_complet": True,
        },
    )  # fmt: skip


def test_charges_are_divided_by_what_happened_in_the_exercise(four, campaign):
    """Days in 2023: 181 + 90 + 122 = 393 of 365, so 1.077 learner-years. Garwood for one event: 0.02532 to 5.5716."""
    costs = unit_costs.couts_unitaires(accounts(), four, campaign)
    assert {unit: cost.numerator for unit, cost in costs.items()} == dict.fromkeys(unit_costs.UNITS, 130_000.0)
    assert {unit: cost.denominator for unit, cost in costs.items()} == pytest.approx(
        {
            "apprenant_comptage": 1, "annee_apprenant": 393 / 365, "jeune_accueilli": 3, "cursus_complet": 1,
            "certifie": 1, "sortie_favorable": 1,
        }
    )  # fmt: skip
    assert costs["annee_apprenant"].value == pytest.approx(130_000 * 365 / 393)
    assert costs["annee_apprenant"].interval is None, "un effectif constaté n'a pas d'intervalle"
    interval = costs["certifie"].interval
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((130_000 / 5.5716, 130_000 / 0.02532), rel=1e-3)


def test_operating_grants_are_divided_over_calendar_years(four, campaign):
    """10 000 in 2023 and 20 000 in 2022 (2 000 of support is not operating money); 3 + 3 welcomed, 2 completers."""
    costs = unit_costs.subventions_unitaires(GRANTS, TEN, four, campaign)
    assert costs["jeune_accueilli"].numerator == 30_000.0
    assert costs["jeune_accueilli"].denominator == 6
    assert costs["cursus_complet"].value == 15_000.0


def test_the_whole_effort_adds_capital_support_and_the_delegate(four, campaign):
    """30 000 + 2 000 + 90 000 + 37 500 = 159 500 of the Région, the fund and the State apart; same 2 completers."""
    costs = unit_costs.effort_regional(GRANTS, TEN, four, campaign)
    assert costs["cursus_complet"].numerator == 159_500.0
    assert costs["cursus_complet"].value == 79_750.0
    elsewhere = pd.concat([GRANTS, grants(("EDP-07", "Région Normandie", "INVESTISSEMENT", 2023, 1e6))])
    assert unit_costs.effort_regional(elsewhere, TEN, four, campaign)["cursus_complet"].numerator == 159_500.0


def test_grants_beside_charges_are_those_of_the_same_exercises(four, campaign):
    """Exercise 2023 alone: 10 000 for one certified, 130 000 of charges, so 7.7 %; 2022 and EDP-02 are not in it."""
    costs = unit_costs.couts_unitaires(accounts(), four, campaign)
    same = unit_costs.subventions_memes_exercices(accounts(), GRANTS, four, campaign)
    assert (same["certifie"].value, same["certifie"].denominator) == (10_000.0, 1)
    share = unit_costs.part_des_charges(same, costs)
    assert (share.numerator, share.denominator, share.value) == (10_000.0, 130_000.0, pytest.approx(1 / 13))
    laid = unit_costs.par_resultat({"Charges": costs, "Subvention": same}).set_index("Rapporté à")
    assert laid.loc["jeune accueilli dans l’année"].tolist() == [3, 130_000 / 3, 10_000 / 3]
    total, number = unit_costs.termes(costs["certifie"])
    assert (total.value, number.value) == (130_000.0, 1)


def test_the_grants_of_an_exercise_that_closes_in_august_are_those_of_its_counting_day(four, campaign):
    """From September 2022 to August 2023 the counting day is 31/12/2022: the grant is that of 2022."""
    shifted = accounts().assign(date_debut=pd.Timestamp(2022, 9, 1), date_fin=pd.Timestamp(2023, 8, 31))
    assert unit_costs.subventions_memes_exercices(shifted, GRANTS, four, campaign)["certifie"].numerator == 20_000.0


def test_grants_of_all_schools_are_not_set_against_the_charges_of_some(four, campaign):
    costs = unit_costs.couts_unitaires(accounts(), four, campaign)
    with pytest.raises(ValueError, match="deux bases"):
        unit_costs.part_des_charges(unit_costs.subventions_unitaires(GRANTS, TEN, four, campaign), costs)


def test_nothing_received_is_said(learners, campaign):
    empty = accounts().iloc[:0]
    assert unit_costs.couts_unitaires(empty, learners({}), campaign)["certifie"].reason == "aucun compte reçu"
    assert unit_costs.couts_unitaires(accounts(), learners(), campaign)["certifie"].reason == "aucun apprenant connu"
    none = unit_costs.subventions_unitaires(NO_GRANTS, TEN, learners({}), campaign)["certifie"]
    assert (none.value, none.reason) == (None, "aucun financement reçu")
    same = unit_costs.subventions_memes_exercices(empty, GRANTS, learners({}), campaign)
    share = unit_costs.part_des_charges(same, unit_costs.couts_unitaires(empty, learners({}), campaign))
    assert (share.value, share.reason) == (None, "aucun compte reçu")
    assert unit_costs.par_resultat({"Charges": unit_costs.couts_unitaires(accounts(), learners(), campaign)}).empty
    without = unit_costs.subventions_memes_exercices(accounts(), NO_GRANTS, learners({}), campaign)
    assert without["certifie"].reason == "aucun financement reçu"
    alone = unit_costs.couts_unitaires(accounts(), learners({"date_entree": "2023-09-01"}), campaign)["certifie"]
    assert (alone.value, alone.reason) == (None, "dénominateur nul : jeune certifié")
    assert regional_funding.forfait_par_ecole(learners(), TEN, NO_GRANTS, campaign).empty
    assert regional_funding.financement_par_objet(NO_GRANTS, campaign).empty
    assert regional_funding.forfait_croise(
        regional_funding.forfait_par_ecole(learners(), TEN, NO_GRANTS, campaign)
    ).empty
    assert regional_funding.financement_fse(NO_GRANTS, 2023).reason == "aucun financement européen reçu"
    assert regional_funding.budget_reste(learners(), TEN, NO_GRANTS, 2023, campaign).reason == "aucun financement reçu"


def test_a_leaver_without_a_date_is_counted_apart(learners, campaign):
    people = learners({"statut": "SORTIE_ANTICIPEE"}, {})
    assert unit_costs.sorties_sans_date(people).value == 1
    costs = unit_costs.couts_unitaires(accounts(), people, campaign)
    assert costs["jeune_accueilli"].denominator == 1


# -- break-even -------------------------------------------------------------------------------------------------------


def test_break_even_of_the_worked_school(ten):
    (e,) = ten
    assert (e.fixed_charges, e.variable_charges, e.fixed_products, e.variable_products) == pytest.approx(
        (104_000, 26_000, 16_000, 110_000)
    )
    assert (e.result, e.margin, e.break_even) == pytest.approx((-4_000, 8_400, 88_000 / 8_400))
    assert (e.capacity, e.full_result, e.full_result_staffed) == pytest.approx((28, 147_200, 3_200))
    assert e.workshop_sales == pytest.approx(138_673.6)
    assert break_even.ecoles_sous_equilibre(ten).numerator == 1
    assert workshop.effet_classes_pleines(ten, encadrement=False).value == pytest.approx(151_200)
    assert workshop.effet_classes_pleines(ten, encadrement=True).value == pytest.approx(7_200)
    row = break_even.seuils(ten).iloc[0]
    assert (row["presents"], row["seuil"], row["reserve"]) == pytest.approx((10, 88_000 / 8_400, 10 - 88_000 / 8_400))
    assert (row["compte_le"], row["cloture"]) == ("31/12/2023", "31/12/2023")
    full = workshop.ateliers(ten).iloc[0]
    assert full.tolist()[1:] == pytest.approx([10, 28, -4_000, 3_200, 40_000, 138_673.6])
    assert workshop.ecoles_sous_seuil_atelier(ten).numerator == 1
    assert [item.value for item in break_even.marges(ten)] == pytest.approx([10 - 88_000 / 8_400] * 2)


def test_being_above_break_even_is_having_made_a_surplus(learners, campaign):
    """12 000 of sales more: result 8 000, margin (122 − 26) / 10 = 9 600, break-even 88 / 9.6 = 9.17, spare 0.83."""
    richer = {**BALANCE, "706": -52_000, "512": 4_000}
    people = learners(*[{"date_entree": "2023-09-01"}] * 10)
    for balance, spare in ((richer, 10 - 88 / 9.6), (BALANCE, 10 - 88 / 8.4)):
        (e,) = break_even.economics(accounts(balance), NO_GRANTS, people, TEN, campaign)
        assert e.spare == pytest.approx(spare)
        assert (e.spare > 0) == (e.result > 0)


def test_an_exercise_that_closes_in_august_says_on_which_day_its_learners_were_counted(learners, campaign):
    shifted = accounts().assign(date_debut=pd.Timestamp(2022, 9, 1), date_fin=pd.Timestamp(2023, 8, 31))
    people = learners(*[{"date_entree": "2022-09-01", "date_sortie": "2023-06-30", "statut": "FIN_DE_FORMATION"}] * 3)
    row = break_even.seuils(break_even.economics(shifted, NO_GRANTS, people, TEN, campaign)).iloc[0]
    assert (row["compte_le"], row["cloture"], row["presents"]) == (
        "31/12/2022",
        "31/08/2023",
        3,
    )


def test_a_learner_who_costs_more_than_he_brings_gives_no_break_even(learners, campaign):
    """Materials of 120 000 more: margin (110 − 146) / 10 < 0."""
    dear = {**BALANCE, "601": 140_000, "512": -128_000}
    (e,) = break_even.economics(
        accounts(dear), NO_GRANTS, learners(*[{"date_entree": "2023-09-01"}] * 10), TEN, campaign
    )
    assert (e.margin, e.break_even) == (pytest.approx(-3_600), None)
    assert break_even.ecoles_sous_equilibre([e]).reason == "aucun seuil calculable"


def test_sensitivity_to_each_leg(ten):
    table = sensitivity.sensibilite(ten, hypotheses.load_hypotheses())
    assert table["perte"].tolist() == pytest.approx([4_000, 7_000, 1_000])
    assert table["resultat_apres"].tolist() == pytest.approx([-8_000, -11_000, -5_000])
    assert table["deficits_apres"].tolist() == [1, 1, 1]
    assert table["perte_nulle"].isna().all(), "le résultat est déjà négatif"
    assert sensitivity.baisse_forfait(ten).reason == "aucune école au forfait"


def test_the_loss_that_brings_the_result_to_zero(learners, campaign):
    """12 000 of sales more: result 8 000, of 52 000 of sales (2/13), 70 000 of grants (4/35), 10 000 of private money.

    Ten learners: a lump sum of 800 less each. A loss of 10 % leaves 2 800, 1 000 and 7 000: no deficit. With 9 000 of
    sales more instead, the result of 5 000 does not bear the loss of 7 000 of grants, and bears that of 4 900 of sales.
    """
    richer = {**BALANCE, "706": -52_000, "512": 4_000}
    people = learners(*[{"date_entree": "2023-09-01"}] * 10)
    found = break_even.economics(accounts(richer), GRANTS, people, TEN, campaign)
    table = sensitivity.sensibilite(found, hypotheses.load_hypotheses())
    assert table["perte_nulle"].tolist() == pytest.approx([8 / 52, 8 / 70, 8 / 10])
    assert table["resultat_apres"].tolist() == pytest.approx([2_800, 1_000, 7_000])
    assert sensitivity.deficits_apres_perte(found, hypotheses.load_hypotheses()).numerator == 0
    assert sensitivity.resultat_reuni(found).value == pytest.approx(8_000)
    assert sensitivity.baisse_forfait(found).value == pytest.approx(800)
    thin = break_even.economics(accounts({**BALANCE, "706": -49_000, "512": 1_000}), GRANTS, people, TEN, campaign)
    lost = [sensitivity.deficits_apres_perte(thin, hypotheses.load_hypotheses(), leg) for leg in ("public", "sales")]
    assert [(item.numerator, item.denominator) for item in lost] == [(1, 1), (0, 1)]
    poor = break_even.economics(accounts(), GRANTS, people, TEN, campaign)
    assert sensitivity.baisse_forfait(poor).reason == "le résultat n’est pas positif"
    assert sensitivity.deficits_apres_perte(poor, hypotheses.load_hypotheses()).numerator == 1


def test_places_count_one_class_in_the_first_school_year(learners, campaign):
    """On 31/12/2023 a school of 2014 or of November 2022 has two classes, one of September 2023 has one."""
    three = schools(
        ("EDP-01", "2014-09-01", "FORFAIT"), ("EDP-02", "2022-11-07", "FORFAIT"), ("EDP-03", "2023-09-04", "FSE")
    )
    people = learners(*[{"date_entree": "2023-09-01"}] * 7, *[{"date_entree": "2023-09-01", "ecole": "EDP-03"}] * 15)
    table = break_even.places(people, three, campaign)
    assert table[["places", "presents", "libres"]].to_numpy().tolist() == [[28, 7, 21], [28, 0, 28], [14, 15, 0]]
    assert break_even.remplissage(table, campaign).value == pytest.approx(22 / 70)


def test_no_accounts_no_figure(learners, campaign):
    empty = accounts().iloc[:0]
    found = break_even.economics(empty, NO_GRANTS, learners(), TEN, campaign)
    assert found == ()
    for item in (break_even.ecoles_sous_equilibre(found), workshop.effet_classes_pleines(found, encadrement=True)):
        assert (item.value, item.reason) == (None, "aucun compte reçu")
    assert break_even.seuils(found).empty
    assert workshop.ateliers(found).empty
    assert sensitivity.sensibilite(found, hypotheses.load_hypotheses()).empty
    lost = sensitivity.deficits_apres_perte(found, hypotheses.load_hypotheses())
    low, high = break_even.marges(found)
    nothing = (lost, low, high, sensitivity.resultat_reuni(found), sensitivity.baisse_forfait(found))
    assert {item.reason for item in (*nothing, workshop.ecoles_sous_seuil_atelier(found))} == {"aucun compte reçu"}
    backed = proposals.adossement(found, empty)
    assert proposals.adossement_gain(backed, "haut").reason == "aucun compte reçu"
    given = proposals.apport(empty, TEN, hypotheses.load_hypotheses())
    back = [proposals.apport_rendu(given, dettes=first) for first in (True, False)]
    capital = [proposals.apport_frng_sous_zero(given, avec=there) for there in (True, False)]
    assert {item.reason for item in (proposals.apport_total(given), *back, *capital)} == {"aucun compte reçu"}
    none = break_even.places(learners(), TEN.iloc[:0], campaign)
    assert break_even.remplissage(none, campaign).reason == "aucune école connue"


def test_a_school_without_known_learners_has_no_break_even(learners, campaign):
    found = break_even.economics(accounts(), NO_GRANTS, learners({"ecole": "EDP-09"}), TEN, campaign)
    assert break_even.seuils(found)[["presents", "marge", "seuil", "reserve"]].isna().all().all()
    assert pd.isna(workshop.ateliers(found)["resultat_plein"]).all()


# -- the two proposals ------------------------------------------------------------------------------------------------


def test_backing_by_another_structure(ten):
    row = proposals.adossement(ten, accounts()).iloc[0]
    assert (row["partage_bas"], row["partage_haut"]) == pytest.approx((1_000, 22_336))
    assert (row["resultat_bas"], row["resultat_haut"]) == pytest.approx((-3_000, 18_336))
    assert (row["seuil_bas"], row["seuil_haut"]) == pytest.approx((87_000 / 8_400, 65_664 / 8_400))
    assert proposals.adossement_gain(proposals.adossement(ten, accounts()), "haut").value == pytest.approx(22_336)


def contribution(*found: pd.DataFrame, opened: str = "2023-01-09") -> pd.DataFrame:
    return proposals.apport(pd.concat(found), schools(("EDP-01", opened, "FORFAIT")), hypotheses.load_hypotheses())


def test_a_contribution_first_extinguishes_the_overdraft():
    table = contribution(accounts())
    row = table.iloc[0]
    assert row["apport"] == pytest.approx(43_329)
    assert (row["frng"], row["frng_avec"]) == pytest.approx((-10_000, 33_329))
    assert (row["autonomie"], row["autonomie_avec"]) == pytest.approx((12 / 42, 55_329 / 77_329))
    assert (row["autonomie_11a"], row["autonomie_11a_avec"]) == pytest.approx((6 / 42, 49_329 / 77_329))
    assert (row["autonomie_11b"], row["autonomie_11b_avec"]) == pytest.approx((6 / 42, 6_000 / 77_329))
    assert row["caf"] == pytest.approx(-2_000)
    assert not row["rendu"]
    assert [proposals.apport_frng_sous_zero(table, avec=there).numerator for there in (False, True)] == [1, 0]


RICHER = {**BALANCE, "706": -52_000, "512": 4_000}


def test_loans_are_repaid_before_the_contribution():
    """CAF 10 000 × 5 = 50 000 ≥ 43 329 if nothing is repaid; 40 000 once 2 000 a year of the loan are."""
    before = accounts({**BALANCE, "164": -22_000}, year=2022)
    table = contribution(before, accounts(RICHER), opened="2022-01-03")
    row = table.iloc[0]
    assert row[["caf", "emprunts", "remboursements", "reste"]].tolist() == pytest.approx(
        [10_000, 20_000, 2_000, 40_000]
    )
    assert (bool(row["rendu"]), bool(row["rendu_dettes"])) == (True, False)
    assert proposals.apport_rendu(table, dettes=False).numerator == 1
    assert proposals.apport_rendu(table, dettes=True).numerator == 0


def test_a_loan_that_ends_within_the_term_costs_what_is_owed_and_no_more():
    """4 000 owed, 2 000 repaid in the year: 50 000 − 4 000 = 46 000 ≥ 43 329."""
    before = accounts({**BALANCE, "164": -6_000}, year=2022)
    row = contribution(before, accounts({**RICHER, "164": -4_000}), opened="2022-01-03").iloc[0]
    assert row["reste"] == pytest.approx(46_000)
    assert bool(row["rendu_dettes"])


def test_one_exercise_does_not_say_what_is_repaid():
    table = contribution(accounts(RICHER))
    assert table[["remboursements", "reste", "rendu_dettes"]].isna().all().all()
    assert proposals.apport_rendu(table, dettes=True).reason == "deux exercices sont nécessaires"
    assert (proposals.apport_rendu(table, dettes=False).numerator, len(table)) == (1, 1)


OPENINGS = ("2022-01-03", "2022-11-02", "2014-09-01", "2021-01-04", "2024-01-01")


def test_the_contribution_is_a_share_of_the_first_exercise_the_school_was_open_throughout():
    """Charges of 160 000 in 2022, 130 000 in 2023.

    Opened on 3 January 2022, the first is its first entire year (53 328). In November 2022, the second is (43 329). In
    2014, or in January 2021, the first received is later than the first year. In 2024 there is none.
    """
    two = (accounts({**BALANCE, "641": 90_000, "512": -38_000}, year=2022), accounts())
    found = {day: contribution(*two, opened=day) for day in OPENINGS}
    assert found.pop("2024-01-01").empty
    assert {
        day: (table["exercice"][0], table["rang"][0].split()[0], table["apport"][0]) for day, table in found.items()
    } == {
        "2022-01-03": ("31/12/2022", "Première", pytest.approx(53_328)),
        "2022-11-02": ("31/12/2023", "Première", pytest.approx(43_329)),
        "2014-09-01": ("31/12/2022", "Année", pytest.approx(53_328)),
        "2021-01-04": ("31/12/2022", "Année", pytest.approx(53_328)),
    }


# -- what is declared -------------------------------------------------------------------------------------------------


@pytest.fixture
def declared(tmp_path) -> Path:
    """A project of which only the declared files are there."""
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    for name in FILES:
        shutil.copy(find_root() / "data" / "reference" / name, folder)
    return tmp_path


def edit(root: Path, name: str, before: str, after: str) -> None:
    path = root / "data" / "reference" / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def test_a_school_may_have_its_own_capacity(declared):
    edit(
        declared, "hypotheses.csv", "classes;;", "classes;EDP-03;Une seule classe;1;classes;convention;École\nclasses;;"
    )
    assumed = hypotheses.load_hypotheses(declared)
    assert (assumed.value("classes", "EDP-03"), assumed.value("classes", "EDP-01")) == (1, 2)
    assert (assumed.indicator("classes").value, assumed.indicator("classes").unit) == (2, "classes")
    assert (assumed.indicator("variation_jambe").value, assumed.indicator("variation_jambe").unit) == (0.1, "%")


def test_every_number_assumed_is_shown_with_its_status():
    table = hypotheses.hypotheses_table()
    assert set(table["Statut"]) == {"convention", "hypothèse"}
    assert (table["Source"] != "").all()
    shown = table.set_index("Ce qui est supposé")["Valeur"]
    assert shown["Ventes"] == "suit l’effectif"
    assert shown["Entretien et réparations"] == "fixe, toute à l’atelier"
    assert shown["Honoraires : comptabilité, paie, conseil"] == "entre un quart et trois quarts de la charge"
    assert shown["Perte essayée sur chaque origine de produits"] == "10 %"
    mine = table.set_index(["Groupe", "Ce qui est supposé"])["Valeur"]
    assert (
        mine["Charges : ce qui suit l’effectif, et la part de l’atelier", "Personnel"] == "fixe, deux tiers à l’atelier"
    )
    assert mine["Charges partageables", "Personnel"] == "entre 0 % et un sixième de la charge"
    assert table.loc[table["Groupe"] == "Charges partageables", "Statut"].eq("hypothèse").all()


@pytest.mark.parametrize(
    ("name", "before", "after", "named"),
    [
        ("hypotheses.csv", ";14;", ";;", "ligne 2 : « valeur » manque"),
        ("hypotheses.csv", ";14;", ";quatorze;", "« quatorze » n’est pas un nombre"),
        ("hypotheses.csv", ";convention;", ";certain;", "statut « certain » inconnu"),
        ("hypotheses.csv", "classes;;", "capacite_classe;;", "« capacite_classe » est donné deux fois"),
        ("modele-economique.csv", "charge;6;", "charge;69;", "ligne « 6 » absente"),
        ("modele-economique.csv", "produit;CA;Ventes;0;", "produit;CA;Ventes;2;", "« part_fixe » vaut 2"),
        ("adossement.csv", ";0;0.5;", ";0.9;0.5;", "la borne basse passe la haute"),
        ("adossement.csv", "partage_haut", "partage", "colonnes inattendues"),
        ("adossement.csv", "Locations;", "Locations ; ateliers;", "ligne 2 : 7 champs au lieu de 6"),
    ],
)
def test_a_planted_fault_in_a_declared_file_is_named(declared, name, before, after, named):
    edit(declared, name, before, after)
    with pytest.raises(UserError, match=named):
        hypotheses.load_hypotheses(declared)
        hypotheses.load_model(declared)
        hypotheses.load_sharing(declared)


def test_an_undeclared_hypothesis_and_an_absent_file_are_named(tmp_path):
    with pytest.raises(UserError, match="« inflation » non déclarée"):
        hypotheses.load_hypotheses().value("inflation")
    with pytest.raises(UserError, match=r"hypotheses\.csv manque"):
        hypotheses.load_hypotheses(tmp_path)
