"""What was done: counts of interviews and visits, a common length, first and last years."""

from dataclasses import replace

import pandas as pd
import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.contract.checks import empty_frame, typed
from edp_analysis.indicators.fieldwork import (
    derniere_annee,
    duree_visite,
    entretiens,
    nature_des_voix,
    personnes,
    premiere_annee,
    visites,
)


def visits(*lengths):
    columns = list(empty_frame("visites").columns)
    rows = [
        {"ecole": f"EDP-{rank:02d}", "date_visite": f"2023-10-{rank + 1:02d}", "duree_jours": length}
        for rank, length in enumerate(lengths)
    ]
    return typed(pd.DataFrame(rows, columns=columns, dtype=object), "visites")


def test_a_collective_interview_counts_once():
    """Three persons in one, one in the other: two interviews."""
    columns = list(empty_frame("entretiens").columns)
    rows = [("E01", "COLLECTIF", 3), ("E02", "INDIVIDUEL", 1)]
    frame = pd.DataFrame(
        [{"id_entretien": name, "mode_entretien": mode, "nombre_personnes": size} for name, mode, size in rows],
        columns=columns,
        dtype=object,
    )
    found = entretiens(typed(frame, "entretiens"))
    assert (found.value, found.rows) == (2.0, ("E01", "E02"))
    assert "dont 1 collectif" in found.method
    assert personnes(frame.astype({"nombre_personnes": "Int64"})).value == 4


def test_a_simulated_voice_is_said_to_be_nobody_s_and_a_real_one_is_not():
    campaign = load_campaign("2024")
    assert "inventés" in nature_des_voix(replace(campaign, simulated=True))
    received = nature_des_voix(replace(campaign, simulated=False))
    assert "reçue" in received and "simul" not in received


def test_visits_are_counted_with_their_keys():
    assert visites(visits(1.0, 1.0)).rows == ("EDP-00 2023-10-01", "EDP-01 2023-10-02")


@pytest.mark.parametrize(
    ("lengths", "value", "reason"),
    [
        ((1.0, 1.0), 1.0, ""),
        ((0.5, 1.0), None, "pas toutes la même durée (0,5 ; 1)"),
        ((1.0, None), None, "n’est pas renseignée"),
        ((), None, "aucun enregistrement"),
    ],
)
def test_a_length_is_said_only_when_it_is_that_of_all(lengths, value, reason):
    found = duree_visite(visits(*lengths))
    assert found.value == value
    assert reason in found.reason


def test_years_of_the_first_and_last_days():
    days = pd.Series(pd.to_datetime(["2024-04-12", None, "2023-09-18"]))
    assert premiere_annee(days, "x", "X", "jours").value == 2023.0
    assert derniere_annee(days, "x", "X", "jours").value == 2024.0
    assert premiere_annee(days.iloc[1:2], "x", "X", "jours").reason == "aucun enregistrement dans le champ"
    assert derniere_annee(days.iloc[:0], "x", "X", "jours").value is None


def test_empty_tables_are_zero_interviews():
    assert entretiens(empty_frame("entretiens")).value == 0.0
    assert visites(empty_frame("visites")).value == 0.0
