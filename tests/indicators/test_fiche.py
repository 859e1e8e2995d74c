"""Five hand-made learners of two schools, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.indicators import fiche, profiles

DATES = pd.to_datetime(["2021-09-01", "2021-09-01", "2022-09-01", "2022-09-01", "2023-09-04"])
LEFT = pd.to_datetime(["2023-07-01", "2022-05-02", None, "2022-12-31", None])
LEARNERS = pd.DataFrame(
    {
        "id_inscription": list("abcde"),
        "id_jeune": list("abcde"),
        "ecole": ["A", "A", "A", "A", "B"],
        "annee_scolaire_entree": ["2021-2022", "2021-2022", "2022-2023", "2022-2023", "2023-2024"],
        "date_entree": DATES,
        "date_sortie": LEFT,
        "statut": ["FIN_DE_FORMATION", "SORTIE_ANTICIPEE", "INSCRIT", "SORTIE_ANTICIPEE", "INSCRIT"],
        "cursus_complet": [True, False, None, False, None],
        "presente_examen": [True, False, False, False, False],
        "resultat_examen": ["ADMIS", None, None, None, None],
    }
)
CAMPAIGN = load_campaign("2024")


def test_heads_are_counted_from_the_first_entry_on_each_counting_day() -> None:
    """A on 31/12/2021: a, b. On 31/12/2022: a, c, and d whose last day it is. On 31/12/2023: c."""
    found = fiche.presents(fiche.de("A", LEARNERS), CAMPAIGN)
    assert found.to_dict("list") == {"Jour": ["31/12/2021", "31/12/2022", "31/12/2023"], "Présents": [2, 3, 1]}
    assert fiche.presents(fiche.de("C", LEARNERS), CAMPAIGN).empty


def test_a_recent_school_has_no_rate_yet() -> None:
    """B's only learner is present; in A one of the three leavers completed, and is certified."""
    assert fiche.sans_terme(fiche.de("B", LEARNERS)) and not fiche.sans_terme(LEARNERS)
    recent = fiche.certification(fiche.de("B", LEARNERS))
    assert recent.value is None and recent.reason == fiche.PAS_ENCORE
    old = fiche.certification(fiche.de("A", LEARNERS))
    assert (old.numerator, old.denominator) == (1, 3)
    one, none = (profiles.effectif_jeunes(fiche.de(school, LEARNERS)) for school in ("B", "C"))
    assert fiche.constat(recent, CAMPAIGN, one).endswith("aucun n’a encore terminé son cursus")
    assert "certifies" not in fiche.constat(old, CAMPAIGN, one) and fiche.trop_peu(old, CAMPAIGN)
    assert "{certifies:compte}" in fiche.constat(replace(old, denominator=20), CAMPAIGN, one)
    # C has no row at all: its file did not come, which is not « nobody has completed yet ».
    assert "dans les fichiers reçus" in fiche.constat(recent, CAMPAIGN, none)
    assert "n’est pas reçu" in fiche.departs(fiche.de("C", LEARNERS))


def test_who_left_before_the_end_is_said_even_where_nobody_reached_it() -> None:
    """Of A without the one who completed: b and d left early, c is present. B: nobody left."""
    early = fiche.de("A", LEARNERS)[lambda rows: rows["id_jeune"] != "a"]
    assert fiche.partis(early).value == 2
    assert "{partis:nombre} sont partis avant le terme" in fiche.departs(early)
    assert "aucun n’est parti" in fiche.departs(fiche.de("B", LEARNERS))
    assert "{sorties:complet}" in fiche.departs(fiche.de("A", LEARNERS))
    assert "est parti avant" in fiche.departs(early[early["id_jeune"] != "d"])


def test_the_last_head_count_is_the_last_of_the_series() -> None:
    for school, heads in (("A", 1), ("B", 1)):
        own = fiche.de(school, LEARNERS)
        assert (
            fiche.presents_dernier(own, CAMPAIGN).value == heads == fiche.presents(own, CAMPAIGN)["Présents"].iloc[-1]
        )


def test_opinions_need_as_many_answers_as_the_threshold() -> None:
    answers = pd.DataFrame({"id_reponse": [str(n) for n in range(20)], "satisfait": ["PLUTOT"] * 20})
    answers["date_reponse"] = pd.Timestamp("2024-03-01")
    assert fiche.avis(answers, CAMPAIGN).value == 1.0
    few = fiche.avis(answers.head(19), CAMPAIGN)
    assert few.value is None and few.denominator is None and few.reason.startswith("non publiée, moins de 20 réponses")
    assert fiche.avis(answers.head(0), CAMPAIGN).reason == "aucune réponse à l’enquête"


def test_a_school_is_described_or_said_not_to_be_known() -> None:
    schools = pd.DataFrame(
        {"ecole": ["A"], "domaine": ["BOIS"], "departement": ["14"], "date_ouverture": [pd.Timestamp("2021-09-06")]}
    )
    found = fiche.identite("A", schools)
    assert found["departement"] == "Calvados" and found["ouverture"] == date(2021, 9, 6)
    assert fiche.identite("B", schools)["domaine"] == "domaine non connu"


def test_accounts_have_five_lines_and_one_column_a_year() -> None:
    """Products 250 €, charges 200 €: a result of 50 €."""
    one = {"ecole": "A", "date_debut": "2021-01-01", "date_fin": "2021-12-31", "mois": 12, "regime_plan": "2018"}
    lines = [("512", 5000, "Banque"), ("641", 20000, "Salaires"), ("706", -25000, "Prestations")]
    accounts = pd.DataFrame([{**one, "compte": a, "solde_centimes": c, "libelle": label} for a, c, label in lines])
    found = fiche.comptes_ecole(accounts).set_index("Ligne")
    assert list(found.columns) == ["2021"] and len(found) == 5
    assert found.loc["Résultat net", "2021"] == pytest.approx(50)
    assert fiche.comptes_ecole(accounts.iloc[:0]).empty


@pytest.mark.parametrize(("school", "name"), [("EDP-01", "ecole-edp-01"), ("École 2", "ecole--cole-2")])
def test_the_name_of_a_page_is_fit_for_files(school: str, name: str) -> None:
    assert fiche.nom_page(school) == name
