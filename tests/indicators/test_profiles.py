"""Profiles of a handful of youths, counted by hand."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edp_analysis.campaign import load_campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.mappings import load_origins
from edp_analysis.indicators import profiles
from edp_analysis.indicators.derived import premieres_inscriptions
from edp_analysis.problems import UserError

VERSION = "2024-1"
CLASSES = [None, *load_codes("derniere_classe").labels]
DEVICES = [None, *load_codes("dispositif").labels]
DIPLOMAS = [None, *load_codes("diplome_obtenu").labels]
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "derniere_classe": st.sampled_from(CLASSES),
            "pays_dernier_etablissement": st.sampled_from([None, "FR", "MA"]),
            "dispositif_specialise": st.sampled_from(DEVICES),
            "diplome_obtenu": st.sampled_from(DIPLOMAS),
            "sexe": st.sampled_from(["F", "H"]),
        }
    ),
    min_size=1,
    max_size=25,
)


def person(klass=None, country=None, device=None, **more):
    return {
        "derniere_classe": klass,
        "pays_dernier_etablissement": country,
        "dispositif_specialise": device,
        **more,
    }


@pytest.mark.parametrize(
    ("youth", "expected"),
    [
        # Rule 1: nothing is known; « aucun dispositif » tells nothing.
        (person(), "vide"),
        (person(device="AUCUN"), "vide"),
        # Rule 2 wins over device and class.
        (person("3001", "MA"), "etranger"),
        (person(None, "MA"), "etranger"),
        (person("1023", "MA", "SEGPA"), "etranger"),
        (person("0009"), "etranger"),
        (person("0009", "FR", "ULIS"), "etranger"),
        # Rule 3 wins over the class.
        (person("1023", "FR", "SEGPA"), "ulis_segpa_itep"),
        (person("1021", None, "ULIS"), "ulis_segpa_itep"),
        (person(None, None, "ITEP"), "ulis_segpa_itep"),
        (person("1009", "FR", "AUCUN"), "ulis_segpa_itep"),
        (person("2001", "FR", "EREA"), "ulis_segpa_itep"),
        # Rule 4: the class alone. A 3e SEGPA written as a class, without the device, is a collège.
        (person("0001"), "primaire"),
        (person("1003", "FR"), "college"),
        (person("1023", "FR", "AUCUN"), "college"),
        (person("2007"), "lgt"),
        (person("3001"), "lp_niveau3"),
        (person("3003"), "lp_niveau3"),
        (person("3031"), "lp_niveau4"),
        (person("5903"), "non_scolarise_ml"),
        (person("5909"), "non_scolarise_ml"),
        (person("9900"), "autre"),
        # Rule 4, last case: from France, but no class.
        (person(None, "FR"), "vide"),
        (person(None, "FR", "AUCUN"), "vide"),
    ],
)
def test_origin_follows_the_written_precedence(learners, youth, expected):
    assert profiles.origine_scolaire(learners(youth)).tolist() == [expected]


def test_a_class_without_a_category_is_refused_by_name(learners):
    with pytest.raises(UserError, match="4001"):
        profiles.origine_scolaire(learners(person("4001")))


FIVE = (
    person("5907", diplome_obtenu="01"),  # out of school, no diploma
    person("1023", "FR", "SEGPA", diplome_obtenu="02"),  # specialised device, CFG
    person("3031", diplome_obtenu="04"),  # vocational lycée, already a CAP
    person("2001", diplome_obtenu="03"),  # general lycée, brevet
    person("1021", diplome_obtenu=None),  # collège, diploma not recorded
)


@pytest.mark.parametrize(
    ("reading", "expected"),
    [
        ("A", [True, False, False, False, False]),
        ("B", [True, True, False, False, False]),
        ("C", [True, False, True, False, False]),
        ("D", [True, False, True, True, False]),
        ("E", [True, True, False, True, None]),
    ],
)
def test_five_readings_of_decrocheur_on_five_youths(learners, reading, expected):
    found = profiles.decrocheur(learners(*FIVE), reading, VERSION)
    assert [None if value is pd.NA else bool(value) for value in found] == expected


@pytest.mark.parametrize("reading", "ABCD")
def test_an_empty_origin_is_unknown_and_an_origin_abroad_is_not_a_decrocheur(learners, reading):
    found = profiles.decrocheur(learners(person(), person("5907", "MA"), person("9900")), reading, VERSION)
    assert found.isna().tolist() == [True, False, False]
    assert not found.dropna().any()


def test_an_unknown_reading_or_version_is_named(learners):
    with pytest.raises(UserError, match=r"« F ».*A, B, C, D, E"):
        profiles.decrocheur(learners(*FIVE), "F", VERSION)
    with pytest.raises(UserError, match="« 1789-1 »"):
        profiles.decrocheur(learners(*FIVE), "A", "1789-1")


def test_share_of_decrocheurs_with_bounds(learners):
    """Reading A on six youths: 1 out of school, 4 elsewhere, 1 empty → 1/5 known; between 1/6 and 2/6."""
    result = profiles.part_decrocheurs(learners(*FIVE, person()), VERSION)["A"]
    assert (result.known.numerator, result.known.denominator) == (1, 5)
    assert (result.low.numerator, result.low.denominator) == (1, 6)
    assert (result.high.numerator, result.high.denominator) == (2, 6)
    assert (result.unknown.numerator, result.unknown.denominator) == (1, 6)
    assert len(result.to_frame()) == 4


def test_origins_of_a_dozen_youths(learners):
    """Twelve: 6 collège, 2 LP3, 4 empty → 50 % of all, 75 % of the 8 known, between 50 % and 10/12."""
    people = [person("1021")] * 6 + [person("3001")] * 2 + [person()] * 4
    frame = learners(*people)
    shares, bounds = profiles.origine(frame), profiles.origine_bornes(frame)
    assert list(shares) == [category.code for category in load_origins()]
    assert (shares["college"].id, shares["college"].value) == ("origine_college", 0.5)
    assert (shares["vide"].numerator, shares["vide"].denominator) == (4, 12)
    assert "vide" not in bounds
    assert bounds["college"].known.value == 0.75
    assert (bounds["college"].low.value, bounds["college"].high.value) == (0.5, 10 / 12)
    complete = profiles.origine_completude(frame)
    assert (complete.numerator, complete.denominator, complete.id) == (8, 12, "origine_completude")
    assert len(complete.rows) == 12


TWICE = (
    {"id_jeune": "a", "id_inscription": "a1", "sexe": "F", "date_entree": "2019-09-02", "age_entree": 15},
    {"id_jeune": "a", "id_inscription": "a2", "sexe": "F", "date_entree": "2022-09-01", "age_entree": 18,
     "annee_scolaire_entree": "2022-2023", "ecole": "EDP-02"},
    {"id_jeune": "b", "id_inscription": "b1", "sexe": "H", "age_entree": 17},
    {"id_jeune": "c", "id_inscription": "c1", "sexe": "H", "age_entree": 17, "ecole": "EDP-02"},
    {"id_jeune": "d", "id_inscription": "d1", "sexe": "H", "age_entree": 20, "ecole": "EDP-03"},
)  # fmt: skip


def test_a_youth_who_enrolled_twice_counts_once_at_the_first_entry(learners):
    """Five enrolments of four youths, one woman (twice): 1 of 4; ages 15, 17, 17, 20."""
    frame = learners(*TWICE)
    assert profiles.effectif_jeunes(frame).value == 4
    assert profiles.effectif_jeunes(frame).rows == ("a1", "b1", "c1", "d1")
    assert profiles.part_femmes(frame).value == 0.25
    assert (profiles.part_hommes(frame).numerator, profiles.part_hommes(frame).denominator) == (3, 4)
    table = profiles.ages(frame)
    assert table["age"].tolist() == [15, 16, 17, 18, 19, 20]
    assert table["effectif"].tolist() == [1, 0, 2, 0, 0, 1]
    assert profiles.part_ages(frame, 15, 18).numerator == 3
    assert profiles.effectif_jeunes(frame).population == "jeunes entrés de 2019-2020 à 2022-2023"


def test_women_by_school_domain_and_year(learners):
    """By school EDP-01: 1 of 2; EDP-02: 1 of 2; EDP-03: 0 of 1. EDP-01 and 03 are wood, 02 textile."""
    frame = learners(*TWICE)
    schools = pd.DataFrame({"ecole": ["EDP-01", "EDP-02", "EDP-03"], "domaine": ["BOIS", "TEXTILE", "BOIS"]})
    by_school = profiles.femmes_par_ecole(frame)
    assert {name: (i.numerator, i.denominator) for name, i in by_school.items()} == {
        "EDP-01": (1, 2),
        "EDP-02": (1, 2),
        "EDP-03": (0, 1),
    }
    assert by_school["EDP-01"].population.endswith(", école : EDP-01")
    by_domain = profiles.femmes_par_domaine(frame, schools)
    assert {name: (i.numerator, i.denominator) for name, i in by_domain.items()} == {
        "Bois, charpente": (1, 3),
        "Textile, couture": (1, 2),
    }
    by_year = profiles.femmes_par_annee(frame)
    assert {name: (i.numerator, i.denominator) for name, i in by_year.items()} == {"2019-2020": (1, 4)}


def test_schools_are_counted_by_opening():
    """Four schools: two opened in 2023 (the year of the last head-count of 2024)."""
    campaign = load_campaign("2024")
    schools = pd.DataFrame(
        {
            "ecole": ["EDP-01", "EDP-02", "EDP-03", "EDP-04"],
            "date_ouverture": pd.to_datetime(["2014-09-01", "2023-01-09", "2023-11-06", "2024-03-15"]),
        }
    )
    assert profiles.ecoles(schools).value == 4
    assert profiles.ecoles_recentes(schools, campaign).rows == ("EDP-02", "EDP-03")
    later = replace(campaign, extraction_date=date(2025, 4, 30))
    assert profiles.ecoles_recentes(schools, later).rows == ("EDP-04",)


def test_nobody_gives_no_figure_and_says_why(learners):
    nobody = learners()
    assert profiles.effectif_jeunes(nobody).value == 0
    assert profiles.part_hommes(nobody).value is None
    assert profiles.origine_completude(nobody).reason
    assert profiles.ages(nobody).empty
    assert profiles.part_decrocheurs(nobody, VERSION)["E"].known.value is None


@settings(max_examples=40, deadline=None)
@given(people=PEOPLE, data=st.data())
def test_origins_add_up_and_do_not_depend_on_the_order_of_the_rows(learners, people, data):
    frame = learners(*people)
    order = data.draw(st.permutations(range(len(people))))
    shuffled = frame.iloc[order]
    shares = profiles.origine(frame)
    assert sum(item.numerator for item in shares.values()) == len(people)
    assert profiles.origine(shuffled) == shares
    assert profiles.origine_completude(frame).numerator == len(people) - shares["vide"].numerator
    readings = profiles.part_decrocheurs(frame, VERSION)
    assert profiles.part_decrocheurs(shuffled, VERSION) == readings
    for result in (*readings.values(), *profiles.origine_bornes(frame).values()):
        assert result.high.value - result.low.value == pytest.approx(result.unknown.value)
        if result.known.value is not None:
            assert result.low.value <= result.known.value <= result.high.value
    # C holds A, D holds C, B holds A.
    for inner, outer in ("AB", "AC", "CD"):
        assert readings[inner].low.numerator <= readings[outer].low.numerator


def test_the_first_enrolment_does_not_depend_on_the_order_of_the_rows(learners):
    frame = learners(*TWICE)
    assert premieres_inscriptions(frame.iloc[::-1])["id_inscription"].tolist() == ["a1", "b1", "c1", "d1"]
