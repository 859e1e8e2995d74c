"""Outcomes of a dozen youths, counted by hand."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.campaign import load_campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.mappings import exit_nomenclatures
from edp_analysis.indicators import exits, outcomes
from edp_analysis.problems import UserError

VERSION = "2024-1"


def gone(situation, complete=True, result=None, left="2021-06-30", **more):
    """A leaver: at the end of the course, or before it."""
    return {
        "statut": "FIN_DE_FORMATION" if complete else "SORTIE_ANTICIPEE",
        "cursus_complet": complete,
        "resultat_examen": result,
        "presente_examen": result in ("ADMIS", "AJOURNE", "PARTIEL"),
        "situation_sortie": situation,
        "date_sortie": left,
        **more,
    }


# Twelve youths: two present, ten leavers of whom six went to the end.
TWELVE = (
    {},
    {"ecole": "EDP-02"},
    gone("CDI", result="ADMIS", motif_sortie="FIN_CURSUS"),
    gone("APPRENTISSAGE", result="ADMIS", motif_sortie="FIN_CURSUS"),
    gone("SCOLAIRE", result="ADMIS", ecole="EDP-02", annee_scolaire_entree="2020-2021"),
    gone("INTERIM", result="AJOURNE"),
    gone("RECHERCHE_EMPLOI", result="PARTIEL"),
    gone("INCONNUE", result="ABSENT"),
    gone("ABANDON_PERSONNEL", complete=False, motif_sortie="FAMILLE"),
    gone("RECHERCHE_FORMATION", complete=False, motif_sortie="FAMILLE", ecole="EDP-02"),
    gone("FORMATION_QUALIFIANTE", complete=False, motif_sortie="REORIENTATION"),
    gone(None, complete=False),
)
LEAVERS = st.lists(
    st.builds(
        gone,
        st.sampled_from([None, *load_codes("situation").labels]),
        st.booleans(),
        st.sampled_from([None, "ADMIS", "AJOURNE"]),
        ecole=st.sampled_from(["EDP-01", "EDP-02"]),
    )
    | st.just({}),
    min_size=1,
    max_size=25,
)


def counts(indicator):
    return indicator.numerator, indicator.denominator


def test_certification_on_its_three_bases(learners):
    """3 certified: of 10 leavers, of 6 full courses, of 5 who sat the examination (the absent did not)."""
    frame = learners(*TWELVE)
    assert counts(outcomes.certification_sortants(frame)) == (3, 10)
    assert counts(outcomes.certification_cursus_complet(frame)) == (3, 6)
    assert counts(outcomes.certification_presentes(frame)) == (3, 5)
    assert outcomes.certification_sortants(frame).rows == tuple(f"p{rank:03d}" for rank in range(3, 13))
    assert outcomes.certification_sortants(frame).population == "jeunes sortis, entrés de 2019-2020 à 2020-2021"


def test_early_exits_of_leavers_of_entrants_and_by_cohort(learners):
    """4 early exits: of 10 leavers, of 12 entrants; 4 of 11 entered in 2019, 0 of 1 in 2020."""
    frame = learners(*TWELVE)
    assert counts(outcomes.sortie_anticipee(frame)) == (4, 10)
    assert counts(outcomes.sortie_anticipee_entrants(frame)) == (4, 12)
    cohorts = outcomes.sortie_anticipee_par_cohorte(frame)
    assert {name: counts(item) for name, item in cohorts.items()} == {"2019-2020": (4, 11), "2020-2021": (0, 1)}
    table = outcomes.perseverance(frame)
    assert table["annee_entree"].tolist() == ["2019-2020", "2020-2021"]
    assert table[["entrants", "cursus_termines", "sorties_anticipees", "presents"]].to_numpy().tolist() == [
        [11, 5, 4, 2],
        [1, 1, 0, 0],
    ]


def test_exits_under_the_nomenclature_of_the_synthesis(learners):
    """Ten leavers: studies 3 (apprentice, school, training), negative 3, jobs 2, unknown 2 (one blank)."""
    frame = learners(*TWELVE)
    assert counts(exits.reprise_etudes(frame, VERSION)) == (3, 10)
    assert counts(exits.sorties_negatives(frame, VERSION)) == (3, 10)
    assert counts(exits.sorties_favorables(frame, VERSION)) == (5, 10)
    assert counts(exits.reprise_etudes(frame, VERSION, base="connus")) == (3, 8)
    assert counts(exits.reprise_etudes(frame, VERSION, base="complets")) == (2, 6)
    assert exits.reprise_etudes(frame, VERSION).id == "reprise_etudes"
    assert exits.reprise_etudes(frame, VERSION, base="connus").id == "reprise_etudes_synthese_connus"
    bounds = exits.sorties_negatives_bornes(frame, VERSION)
    assert (counts(bounds.low), counts(bounds.known), counts(bounds.high)) == ((3, 10), (3, 8), (5, 10))


def test_exits_under_the_other_nomenclatures(learners):
    """E2C: CDI counts, interim is « autre ». IAE: both are jobs. InserJeunes: the personal reason leaves the base
    (9), the unknown are without a job: 1 looking for a job, 1 for training, 2 unknown → 4 of 9."""
    frame = learners(*TWELVE)
    assert counts(exits.sorties_favorables(frame, VERSION, "e2c")) == (4, 10)
    assert counts(exits.sorties_favorables(frame, VERSION, "iae")) == (5, 10)
    assert counts(exits.reprise_etudes(frame, VERSION, "inserjeunes")) == (3, 9)
    assert counts(exits.sorties_negatives(frame, VERSION, "inserjeunes")) == (4, 9)
    bounds = exits.sorties_negatives_bornes(frame, VERSION, "inserjeunes")
    assert (counts(bounds.low), counts(bounds.known), counts(bounds.high)) == ((2, 9), (2, 7), (4, 9))


def test_variants_lay_every_reading_out_with_its_counts(learners):
    """Three notions, four nomenclatures, five readings each; E2C holds 4 of 10 exits for favourable, IAE 5."""
    table = exits.variantes_sorties(learners(*TWELVE), VERSION)
    assert len(table) == 3 * 4 * 5
    chosen = table[
        (table["indicateur"] == "Sorties vers l’emploi ou les études") & (table["lecture"] == "jeunes sortis")
    ]
    found = chosen.set_index("nomenclature")[["nombre", "effectif"]]
    assert found.loc["e2c"].tolist() == [4, 10]
    assert found.loc["iae"].tolist() == [5, 10]
    assert not table.duplicated(["indicateur", "nomenclature", "lecture"]).any()


def test_a_base_or_nomenclature_that_does_not_exist_is_named(learners):
    frame = learners(*TWELVE)
    with pytest.raises(UserError, match="« présents »"):
        exits.reprise_etudes(frame, VERSION, base="présents")
    with pytest.raises(UserError, match="« anpe »"):
        exits.devenir(frame, VERSION, "anpe")


def test_becoming_adds_up_to_the_leavers(learners):
    frame = learners(*TWELVE)
    table = exits.devenir(frame, VERSION).set_index("classe")
    assert table["nombre"].to_dict() == {"emploi": 2, "reprise_etudes": 3, "autre": 0, "negative": 3, "inconnue": 2}
    assert set(table["effectif"]) == {10}
    assert table.loc["negative", "libelle"] == "Sortie négative"


def test_schools_are_in_alphabetical_order_with_their_counts(learners):
    """EDP-02: three enrolments, two leavers (one certified after a full course, one early)."""
    frame = learners(*reversed(TWELVE))
    table = outcomes.resultats_par_ecole(frame).set_index("ecole")
    assert table.index.tolist() == ["EDP-01", "EDP-02"]
    assert table.loc["EDP-01"].tolist() == [9, 8, 3, 5, 4, 2]
    assert table.loc["EDP-02"].tolist() == [3, 2, 1, 1, 1, 1]
    by_school = outcomes.certification_par_ecole(frame)
    assert {name: counts(item) for name, item in by_school.items()} == {"EDP-01": (2, 8), "EDP-02": (1, 2)}
    by_exit = exits.devenir_par_ecole(frame, VERSION).set_index("ecole")
    assert by_exit["sortants"].to_dict() == {"EDP-01": 8, "EDP-02": 2}
    assert by_exit.loc["EDP-02", "Reprise d’études"] == 1


def test_reasons_for_leaving(learners):
    """Early: family 2, other course 1, blank 1. At the end: « fin de cursus » 2, blank 4."""
    table = outcomes.motifs_sortie(learners(*TWELVE)).set_index("motif")
    assert table.loc["FAMILLE", ["sorties_anticipees", "cursus_termines", "ensemble"]].tolist() == [2, 0, 2]
    assert table.loc["FIN_CURSUS", ["sorties_anticipees", "cursus_termines", "ensemble"]].tolist() == [0, 2, 2]
    assert table.loc["", ["libelle", "sorties_anticipees", "cursus_termines", "ensemble"]].tolist() == [
        "Non renseigné", 1, 4, 5,
    ]  # fmt: skip
    assert table["ensemble"].sum() == 10
    early = outcomes.motifs_anticipes(learners(*TWELVE))
    assert early.iloc[:, 1].tolist() == [2, 1, 1], "what nobody gave, and the end of a course, are left out"


def test_a_youth_in_another_school_is_not_a_leaver_and_the_last_enrolment_counts(learners):
    """« a » left EDP-01 for EDP-02 and is there; « b » left EDP-01, then was certified at EDP-02: one leaver of the
    whole, certified; one leaver of each of… EDP-01 has two leavers of its own, none certified."""
    frame = learners(
        gone("INCONNUE", complete=False, id_jeune="a"),
        {"id_jeune": "a", "date_entree": "2021-09-01", "ecole": "EDP-02"},
        gone("INCONNUE", complete=False, id_jeune="b"),
        gone("CDI", result="ADMIS", id_jeune="b", date_entree="2021-09-01", ecole="EDP-02"),
    )
    assert counts(outcomes.certification_sortants(frame)) == (1, 1)
    assert exits.sortants(frame)["id_inscription"].tolist() == ["p004"]
    by_school = outcomes.certification_par_ecole(frame)
    assert {name: counts(item) for name, item in by_school.items()} == {"EDP-01": (0, 2), "EDP-02": (1, 1)}


def test_insertion_at_exit_and_later(learners):
    """Extraction on 2024-04-30. Five leavers; the one of 31/10/2023 has his six months to the day's end of month
    (31/10 + 6 months = 30/04), the one of 01/11/2023 has not; neither has twelve.

    At exit: jobs 2, other 2, unknown 1. At 6 months (4 leavers): 1 job, 1 in school, 2 unknown. At 12 (3): 1 job, 2
    unknown."""
    campaign = replace(load_campaign("2024"), extraction_date=date(2024, 4, 30))
    frame = learners(
        gone("CDI", left="2021-06-30", situation_6m="CDI", situation_12m="INTERIM"),
        gone("INTERIM", left="2021-06-30", situation_6m="SCOLAIRE"),
        gone("RECHERCHE_EMPLOI", left="2022-06-30", situation_6m="REFUS"),
        gone("SCOLAIRE", left="2023-10-31"),
        gone(None, left="2023-11-01", situation_6m="CDI"),
    )
    found = exits.insertion(frame, campaign)
    assert [counts(found["sortie"].known), counts(found["sortie"].low), counts(found["sortie"].high)] == [
        (2, 4), (2, 5), (3, 5),
    ]  # fmt: skip
    assert [counts(found["6m"].known), counts(found["6m"].low), counts(found["6m"].high)] == [(1, 2), (1, 4), (3, 4)]
    assert [counts(found["12m"].known), counts(found["12m"].unknown)] == [(1, 1), (2, 3)]
    assert "30/04/2024" in found["6m"].low.population
    without = exits.insertion(frame, campaign, hors_poursuite=True)["6m"]
    assert (counts(without.known), counts(without.low)) == ((1, 1), (1, 3))
    assert without.known.id == "insertion_6m_hors_poursuite_connus"


def test_nobody_gives_no_figure_and_says_why(learners):
    nobody, present = learners(), learners({})
    for frame in (nobody, present):
        assert outcomes.certification_sortants(frame).value is None
        assert exits.reprise_etudes(frame, VERSION).reason
        assert exits.devenir(frame, VERSION)["nombre"].sum() == 0
        assert outcomes.motifs_sortie(frame)["ensemble"].sum() == 0
        assert exits.insertion(frame, load_campaign("2024"))["6m"].known.value is None
    assert outcomes.perseverance(nobody).empty
    assert outcomes.resultats_par_ecole(nobody).empty


@settings(max_examples=12, deadline=None)
@given(people=LEAVERS, data=st.data())
def test_exits_add_up_bounds_hold_and_order_does_not_matter(learners, people, data):
    frame = learners(*people)
    shuffled = frame.iloc[data.draw(st.permutations(range(len(people))))]
    leavers = len(exits.sortants(frame))
    assert exits.variantes_sorties(shuffled, VERSION).equals(exits.variantes_sorties(frame, VERSION))
    assert outcomes.motifs_sortie(frame)["ensemble"].sum() == leavers
    for nomenclature in exit_nomenclatures(VERSION):
        assert exits.devenir(frame, VERSION, nomenclature)["nombre"].sum() == leavers
        for point, limits in (
            (exits.reprise_etudes, exits.reprise_etudes_bornes),
            (exits.sorties_negatives, exits.sorties_negatives_bornes),
            (exits.sorties_favorables, exits.sorties_favorables_bornes),
        ):
            share, bounds = point(frame, VERSION, nomenclature), limits(frame, VERSION, nomenclature)
            if share.value is not None:
                assert bounds.low.value <= share.value <= bounds.high.value
    assert outcomes.certification_sortants(frame).numerator >= outcomes.certification_cursus_complet(frame).numerator
    table = outcomes.perseverance(frame)
    assert (table["entrants"] == table[["cursus_termines", "sorties_anticipees", "presents"]].sum(axis=1)).all()
