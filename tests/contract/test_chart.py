"""The chart: every account mapped once, in both regimes; what an association uses is where it should be."""

from __future__ import annotations

import gzip
import json
import os
from datetime import date
from pathlib import Path

import pytest

from edp_analysis.contract.chart import chart_lines, find_account, regime_on

# Accounts of an association, by hand from the règlement ANC 2018-06: account, block, line.
ASSOCIATION = [
    ("1021", "RD", "FONDS_PROPRES"),
    ("1024", "RD", "FONDS_PROPRES"),
    ("1034", "RD", "FONDS_AVEC_REPRISE"),
    ("1068", "RD", "RESERVES"),
    ("110", "RD", "REPORT_A_NOUVEAU"),
    ("119", "RD", "REPORT_A_NOUVEAU"),
    ("129", "RD", "RESULTAT"),
    ("1312", "RD", "SUBVENTIONS_INVESTISSEMENT"),
    ("1391", "RD", "SUBVENTIONS_INVESTISSEMENT"),
    ("1631", "RD", "EMPRUNTS"),
    ("164", "RD", "EMPRUNTS"),
    ("1674", "RD", "EMPRUNTS_PARTICIPATIFS"),
    ("1675", "RD", "EMPRUNTS_PARTICIPATIFS"),
    ("1688", "BFR", "INTERETS_COURUS"),
    ("16884", "BFR", "INTERETS_COURUS"),
    ("194", "RD", "FONDS_DEDIES"),
    ("2154", "ES", "IMMOBILISATIONS"),
    ("28154", "RD", "AMORTISSEMENTS"),
    ("31", "BFR", "STOCKS"),
    ("391", "RD", "DEPRECIATIONS"),
    ("401", "BFR", "FOURNISSEURS"),
    ("404", "BFR", "FOURNISSEURS_IMMOBILISATIONS"),
    ("411", "BFR", "USAGERS_CLIENTS"),
    ("441", "BFR", "SUBVENTIONS_A_RECEVOIR"),
    ("4681", "BFR", "DEBITEURS_CREDITEURS_DIVERS"),
    ("481", "ES", "CHARGES_A_REPARTIR"),
    ("486", "BFR", "CHARGES_CONSTATEES_AVANCE"),
    ("491", "RD", "DEPRECIATIONS"),
    ("508", "TN", "VALEURS_MOBILIERES"),
    ("512", "TN", "BANQUES"),
    ("519", "TN", "CONCOURS_BANCAIRES"),
    ("6031", "RESULTAT", "VARIATION_STOCKS"),
    ("6312", "RESULTAT", "IMPOTS_ET_TAXES"),
    ("6571", "RESULTAT", "AIDES_FINANCIERES"),
    ("6894", "RESULTAT", "REPORTS_FONDS_DEDIES"),
    ("7063", "RESULTAT", "PARRAINAGES"),
    ("731", "RESULTAT", "CONCOURS_PUBLICS"),
    ("7411", "RESULTAT", "SUBVENTIONS_EXPLOITATION"),
    ("75411", "RESULTAT", "GENEROSITE_DU_PUBLIC"),
    ("7542", "RESULTAT", "GENEROSITE_DU_PUBLIC"),
    ("7551", "RESULTAT", "CONTRIBUTIONS_FINANCIERES"),
    ("756", "RESULTAT", "COTISATIONS"),
    ("777", "RESULTAT", "QUOTE_PART_SUBVENTIONS"),
    ("7894", "RESULTAT", "UTILISATIONS_FONDS_DEDIES"),
    ("864", "HORS", "EMPLOIS_CONTRIBUTIONS_VOLONTAIRES"),
    ("875", "HORS", "CONTRIBUTIONS_VOLONTAIRES"),
]


@pytest.mark.parametrize("regime", ["2018", "2025"])
@pytest.mark.parametrize(("account", "block", "line"), ASSOCIATION)
def test_accounts_of_an_association_are_placed_in_both_regimes(
    account: str, block: str, line: str, regime: str
) -> None:
    found = find_account(account, regime)
    assert found is not None
    assert (found.block, found.line) == (block, line)


@pytest.mark.parametrize(
    ("account", "old", "new"),
    [
        ("657", "AIDES_FINANCIERES", "VALEUR_COMPTABLE_CESSIONS"),  # general chart: moved to 657 in 2025
        ("652", "AUTRES_CHARGES", "VALEUR_COMPTABLE_CESSIONS"),  # associations' chart: moved to 652 in 2025
        ("757", "QUOTE_PART_DOTATIONS", "PRODUITS_CESSIONS"),
        ("675", "VALEUR_COMPTABLE_CESSIONS", "VALEUR_COMPTABLE_CESSIONS"),  # old number still used: same meaning
        ("777", "QUOTE_PART_SUBVENTIONS", "QUOTE_PART_SUBVENTIONS"),
        ("747", "QUOTE_PART_SUBVENTIONS", "QUOTE_PART_SUBVENTIONS"),
    ],
)
def test_accounts_that_changed_on_1_january_2025(account: str, old: str, new: str) -> None:
    before, after = find_account(account, "2018"), find_account(account, "2025")
    assert before is not None
    assert after is not None
    assert (before.line, after.line) == (old, new)


def test_the_longest_prefix_wins_and_an_unknown_account_is_nobody_s() -> None:
    found = find_account("169000", "2018")
    assert found is not None
    assert found.line == "PRIMES_REMBOURSEMENT"
    assert find_account("99", "2018") is None
    assert find_account("", "2018") is None


def test_lines_of_classes_6_and_7_say_all_that_the_ratios_need() -> None:
    for line in chart_lines():
        if line.side == "PRODUIT":
            assert line.leg, line
            assert line.section, line
        if line.side == "CHARGE":
            assert line.section, line
            assert line.block == "RESULTAT", line
        if line.prefix[0] in "12345":
            assert line.block in ("RD", "ES", "BFR", "TN"), line


def test_regime_follows_the_opening_of_the_exercise() -> None:
    assert [regime_on(day) for day in (date(2024, 12, 31), date(2025, 1, 1))] == ["2018", "2025"]


@pytest.mark.fichiers_reels
@pytest.mark.parametrize(("year", "regime"), [(2023, "2018"), (2025, "2025")])
def test_every_account_of_the_general_chart_is_mapped(year: int, regime: str) -> None:
    folder = os.environ.get("EDP_REAL_FILES")
    if not folder:
        pytest.skip("EDP_REAL_FILES n'est pas défini")
    with gzip.open(Path(folder) / f"pcg_{year}.json.gz", "rt", encoding="utf-8") as handle:
        accounts = [str(item["number"]) for item in json.load(handle)["flat"]]
    wanted = [account for account in accounts if len(account) >= 2]
    assert len([account for account in wanted if len(account) >= 3]) == {2023: 951, 2025: 771}[year]
    assert [account for account in wanted if find_account(account, regime) is None] == []
    classes = {"CHARGE": "6", "PRODUIT": "7", "HORS": "8", "ACTIF": "12345", "PASSIF": "1234", "SOLDE": "12345"}
    for account in wanted:
        line = find_account(account, regime)
        assert line is not None
        assert account[0] in classes[line.side], account
