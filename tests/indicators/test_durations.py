"""Time to exit of a few youths, by hand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.campaign import load_campaign
from edp_analysis.indicators import durations

MONTH = 365.25 / 12


@pytest.fixture(scope="session")
def campaign():
    return replace(load_campaign("2024"), extraction_date=date(2024, 4, 30))


def paths_of(*rows):
    """Paths from (outcome, months followed, months from entry to extraction)."""
    return pd.DataFrame(
        [
            {"id_inscription": str(rank), "ecole": "EDP-01", "annee_scolaire_entree": "2020-2021",
             "sexe": "FH"[rank % 2], "issue": issue, "duree": float(spent), "recul": float(back)}
            for rank, (issue, spent, back) in enumerate(rows)
        ],
        columns=["id_inscription", "ecole", "sexe", "issue", "duree", "recul", "annee_scolaire_entree"],
    )  # fmt: skip


def test_each_way_out_is_classed(learners, campaign):
    people = [
        ({"statut": "FIN_DE_FORMATION", "resultat_examen": "ADMIS", "situation_sortie": "CDI"}, "CERTIFIE"),
        ({"statut": "FIN_DE_FORMATION", "resultat_examen": "AJOURNE"}, "COMPLET_SANS_TITRE"),
        ({"statut": "SORTIE_ANTICIPEE", "situation_sortie": "APPRENTISSAGE"}, "ANTICIPEE_ETUDES"),
        ({"statut": "SORTIE_ANTICIPEE", "situation_sortie": "CDD_3_6M"}, "ANTICIPEE_EMPLOI"),
        ({"statut": "SORTIE_ANTICIPEE", "situation_sortie": "RECHERCHE_EMPLOI"}, "ANTICIPEE_NEGATIVE"),
        ({"statut": "SORTIE_ANTICIPEE", "situation_sortie": "INCONNUE"}, "ANTICIPEE_AUTRE"),
        ({"statut": "SORTIE_ANTICIPEE", "situation_sortie": "SERVICE_CIVIQUE"}, "ANTICIPEE_AUTRE"),
        ({"statut": "SORTIE_ANTICIPEE"}, "ANTICIPEE_AUTRE"),
        ({}, "EN_COURS"),
    ]
    frame = learners(*({"date_sortie": "2020-09-02" if who else None, **who} for who, _ in people))
    found = durations.parcours(frame, campaign)
    assert found["issue"].tolist() == [code for _, code in people]
    assert found["duree"].iloc[0] == pytest.approx(366 / MONTH)  # 2019-09-02 to 2020-09-02, a leap year between
    assert found["duree"].iloc[-1] == found["recul"].iloc[-1]


def test_a_youth_who_changed_schools_is_one_path(learners, campaign):
    frame = learners(
        {"id_jeune": "a", "date_sortie": "2020-02-02", "statut": "SORTIE_ANTICIPEE", "situation_sortie": "SCOLAIRE"},
        {"id_jeune": "a", "date_entree": "2020-09-02", "date_sortie": "2022-07-01", "statut": "FIN_DE_FORMATION",
         "resultat_examen": "ADMIS", "ecole": "EDP-02"},
    )  # fmt: skip
    found = durations.parcours(frame, campaign)
    assert found[["ecole", "issue"]].values.tolist() == [["EDP-01", "CERTIFIE"]]
    assert found["duree"].iloc[0] == pytest.approx((date(2022, 7, 1) - date(2019, 9, 2)).days / MONTH)


def test_a_leaver_without_a_date_is_left_out(learners, campaign):
    assert durations.parcours(learners({"statut": "SORTIE_ANTICIPEE"}, {}), campaign)["issue"].tolist() == ["EN_COURS"]


def test_without_censoring_the_incidence_is_the_plain_share():
    """Ten entrants of long ago: six certified at 22 months, one not, three gone at 4: shares to the tenth."""
    paths = paths_of(*[("CERTIFIE", 22, 40)] * 6, ("COMPLET_SANS_TITRE", 22, 40), *[("ANTICIPEE_NEGATIVE", 4, 40)] * 3)
    found = durations.incidences(paths, minimum=5).set_index(["issue", "mois"])["incidence"]
    assert found["Certifié"].round(9).tolist() == [0, 0, 0, 0, 0.6, 0.6, 0.6]
    assert found["Sortie anticipée négative"].round(9).tolist() == [0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]
    assert durations.part_sortie(paths, durations.EARLY, 24, 5, "Partis").value == pytest.approx(0.3)
    assert durations.certifies_dans_les(paths, 24).value == pytest.approx(0.6)
    gone = durations.part_sortie(paths, durations.EARLY, 24, 5, "Partis")
    assert (gone.numerator, gone.denominator) == (3, 10), "a plain share travels with its counts"


def test_censoring_by_hand():
    """Aalen–Johansen: at 4 months 1 of 4 leaves (S = 3/4), one is censored at 6, at 8 one of the 2 left leaves.

    Incidence at 12 months: 1/4 + 3/4 × 1/2 = 0.625.
    """
    paths = paths_of(("ANTICIPEE_ETUDES", 4, 30), ("EN_COURS", 6, 6), ("ANTICIPEE_ETUDES", 8, 30), ("EN_COURS", 20, 20))
    found = durations.part_sortie(paths, durations.EARLY, 12, 1, "Partis")
    assert found.value == pytest.approx(0.625)
    assert found.interval.low < 0.625 < found.interval.high
    assert found.numerator is None, "0.625 of four youths is nobody's count"


def test_a_time_that_few_could_reach_is_not_shown():
    paths = paths_of(*[("CERTIFIE", 22, 40)] * 19, ("CERTIFIE", 22, 40))
    assert durations.incidences(paths, 20)["mois"].max() == 36
    assert durations.incidences(paths.iloc[:19], 20).empty
    refused = durations.part_sortie(paths.iloc[:19], durations.EARLY, 12, 20, "Partis")
    assert refused.value is None and "moins de 20" in refused.reason


def test_the_cohort_reading_and_the_share_of_leavers_differ_by_the_recent():
    """54 % of leavers, by hand: 6 of 10 old entrants certified; 2 recent ones left early: 6 of 12 leavers."""
    paths = paths_of(
        *[("CERTIFIE", 22, 40)] * 6, *[("ANTICIPEE_NEGATIVE", 4, 40)] * 4,
        *[("ANTICIPEE_NEGATIVE", 4, 8)] * 2, *[("EN_COURS", 8, 8)] * 10,
    )  # fmt: skip
    cohort, recent = durations.certifies_dans_les(paths, 24), durations.sortants_recents(paths, 24)
    assert (cohort.numerator, cohort.denominator) == (6, 10)
    assert recent.value == 2
    assert cohort.numerator / (cohort.denominator + recent.value) == 0.5


def test_the_pace_is_compared_within_schools():
    assert durations.rythme_par_sexe(paths_of()).reason
    one_sex = paths_of(("CERTIFIE", 22, 40))
    assert (
        "au moins deux groupes" in durations.rythme_par_sexe(one_sex).reason
        or durations.rythme_par_sexe(one_sex).reason
    )
    both = paths_of(*[("ANTICIPEE_NEGATIVE", 2, 40), ("CERTIFIE", 22, 40)] * 12)  # women leave at 2 months, men never
    assert durations.rythme_par_sexe(both).value < 0.001


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([*durations.EXITS, "EN_COURS"]), st.floats(0, 40), st.floats(0, 20)),
        min_size=1,
        max_size=40,
    )
)
def test_incidences_add_up_and_never_fall(rows):
    found = durations.incidences(paths_of(*((issue, spent, spent + more) for issue, spent, more in rows)), 1)
    totals = found.groupby("mois")["incidence"].sum()
    assert ((totals <= 1 + 1e-9).all() and totals.is_monotonic_increasing) or found.empty
    assert ((found["bas"] <= found["incidence"] + 1e-9) & (found["incidence"] <= found["haut"] + 1e-9)).all()


def test_the_table_has_a_row_an_exit_and_a_column_a_time():
    paths = paths_of(*[("CERTIFIE", 22, 40)] * 6)
    shown = durations.tableau_incidences(durations.incidences(paths, 5))
    assert shown["Issue"].tolist() == list(durations.EXITS.values())
    assert list(shown.columns)[1:] == [f"{month} mois" for month in durations.MONTHS]
    assert shown["24 mois"].iloc[0].value == 1.0
    assert durations.tableau_incidences(durations.incidences(paths_of(), 5)).empty
