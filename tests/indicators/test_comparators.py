"""A comparator has a source, and is offered only to an indicator of the same base."""

import re
from pathlib import Path

import pytest

from edp_analysis.campaign import find_root, load_campaign
from edp_analysis.indicators import comparators as module
from edp_analysis.indicators import exits, outcomes, profiles
from edp_analysis.indicators.comparators import comparators, comparators_of_notion, load_comparators, other_bases
from edp_analysis.problems import UserError

FILE = Path("data/reference/comparateurs.csv")


def test_every_comparator_has_a_source_a_base_and_a_year():
    frame = load_comparators()
    for column in ("indicateur", "libelle", "unite", "base", "population", "annee", "source"):
        assert (frame[column].str.strip() != "").all()
    assert frame["statut"].isin(["relevé", "calculé"]).all()
    assert frame.loc[frame["unite"] == "%", "valeur"].between(0, 100).all()
    assert not frame.duplicated(["indicateur", "base", "population", "annee", "source"]).any()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda text: re.sub(r";[^;]*;(relevé|calculé);", r";;\1;", text, count=1), "ligne 2.*source"),
        (lambda text: text.replace(";source;", ";provenance;", 1), "colonnes inattendues"),
    ],
)
def test_a_comparator_without_a_source_is_refused(tmp_path, change, named):
    text = (find_root() / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text(change(text), encoding="utf-8")
    with pytest.raises(UserError, match=named):
        load_comparators(tmp_path)


def test_an_absent_file_is_named(tmp_path):
    with pytest.raises(UserError, match=r"comparateurs\.csv manque"):
        load_comparators(tmp_path)


def test_three_bases_of_certification_do_not_share_a_comparator():
    """Published success rates are of candidates: offered for that base, listed apart for the two others."""
    presented = comparators("certification_presentes")
    assert 84.9 in presented["valeur"].tolist()
    for name in ("certification_sortants", "certification_cursus_complet"):
        assert comparators(name).empty
        assert 84.9 in other_bases(name)["valeur"].tolist()
    assert other_bases("certification_presentes").empty


def test_a_reading_of_a_bounded_share_stands_for_the_share(learners):
    reading = exits.insertion(learners({}), load_campaign("2024"), hors_poursuite=True)["6m"].known
    offered = comparators(reading)
    assert set(offered["base"]) == {"sortants_hors_poursuite"}
    assert 48 in offered["valeur"].tolist()


def test_every_identifier_that_has_comparators_is_one_of_ours(learners):
    frame, campaign = learners({}), load_campaign("2024")
    version = campaign.definitions["sorties"]
    built = [
        outcomes.certification_sortants(frame),
        outcomes.certification_cursus_complet(frame),
        outcomes.certification_presentes(frame),
        outcomes.sortie_anticipee(frame),
        outcomes.sortie_anticipee_entrants(frame),
        exits.reprise_etudes(frame, version),
        exits.reprise_etudes(frame, version, "synthese", "complets"),
        exits.reprise_etudes(frame, version, "inserjeunes", "complets"),
        exits.sorties_favorables(frame, version, "e2c"),
        profiles.part_hommes(frame),
    ]
    for without_studies in (False, True):
        found = exits.insertion(frame, campaign, hors_poursuite=without_studies)
        built += [found["6m"].known, found["12m"].known]
    names = {item.id.removesuffix("_connus") for item in built} | {"forfait_apprenant"}
    assert names == set(module._OURS)
    for item in built:
        assert len(comparators(item)) + len(other_bases(item))


def test_context_series_covers_normandy_and_its_departments():
    frame = comparators_of_notion("chomage")
    region = frame[frame["population"] == "Normandie"].set_index("annee")["valeur"]
    assert (region["2022"], region["2023"]) == (6.6, 7.1)
    assert len(frame) == 2 + 5 * 5


@pytest.mark.parametrize("call", [lambda: comparators("origine_vide"), lambda: comparators_of_notion("taille")])
def test_an_indicator_or_notion_without_comparators_is_named(call):
    with pytest.raises(UserError, match=r"« (origine_vide|taille) »"):
        call()
