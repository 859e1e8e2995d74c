"""One rule of presence, wherever heads are counted."""

from dataclasses import replace
from datetime import date

import pandas as pd

from edp_analysis.campaign import load_campaign
from edp_analysis.cleaning.presence import present_on
from edp_analysis.indicators import funding, participation
from edp_analysis.indicators.exercises import read_exercises

DAY = date(2021, 12, 31)


def learners() -> pd.DataFrame:
    """Two present on 31 December 2021: « a » (leaves that day) and « d ». « c » left, nobody knows when."""
    return pd.DataFrame(
        {
            "id_inscription": list("abcde"),
            "id_jeune": list("abcde"),
            "ecole": "EDP-01",
            "date_entree": pd.to_datetime(["2020-09-01"] * 4 + ["2022-01-03"]),
            "date_sortie": pd.to_datetime(["2021-12-31", "2021-12-30", None, None, None]),
            "statut": ["FIN_DE_FORMATION", "SORTIE_ANTICIPEE", "SORTIE_ANTICIPEE", "INSCRIT", "INSCRIT"],
        }
    )


def test_who_is_there_on_a_day():
    assert list(present_on(learners(), DAY)["id_inscription"]) == ["a", "d"]


def test_nobody_learners_gives_nobody():
    assert present_on(learners().iloc[:0], DAY).empty


def test_the_survey_the_accounts_and_the_grant_count_the_same_heads():
    """Planted fault: the leaver without a date was counted by three of the four head-counts of the project."""
    campaign = replace(load_campaign("2024"), extraction_date=date(2022, 4, 30))
    line = {"ecole": "EDP-01", "date_debut": "2021-01-01", "date_fin": "2021-12-31", "mois": 12, "regime_plan": "2018"}
    accounts = pd.DataFrame([{**line, "compte": "512", "solde_centimes": 0, "libelle": "Banque"}])
    schools = pd.DataFrame({"ecole": ["EDP-01"], "mode_financement": ["FORFAIT"]})
    grant = {"id_financement": 1, "ecole": "EDP-01", "financeur": "Région", "objet": "FONCTIONNEMENT", "exercice": 2021}
    grants = pd.DataFrame([{**grant, "montant": 10_000.0}])
    assert len(participation.inscrits_a_la_date(learners(), DAY)) == 2
    assert read_exercises(accounts, None, learners(), campaign)[0].heads == 2
    assert funding.forfait_apprenant(learners(), schools, grants, campaign).value == 5_000
