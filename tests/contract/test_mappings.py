"""The versioned definitions are whole: every code classed once in each nomenclature, no class without a wording."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from edp_analysis.campaign import load_campaign
from edp_analysis.contract import load_codes
from edp_analysis.contract.mappings import (
    exit_nomenclatures,
    load_dropout_readings,
    load_exits,
    load_origins,
)
from edp_analysis.problems import UserError

FOLDER = Path(__file__).parent.parent.parent / "edp_analysis" / "contract" / "mappings"
VERSION = load_campaign("2024").definitions["sorties"]
SENSES = {"etudes", "emploi", "negative", "autre", "inconnue", "hors_champ"}


def rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def faults_of_exits(lines):
    """What is wrong with a table of exits: codes that are not classed exactly once, or not codes at all."""
    wanted = {
        (line["version"], line["nomenclature"], code) for line in lines for code in load_codes("situation").labels
    }
    seen = Counter((line["version"], line["nomenclature"], line["situation"]) for line in lines)
    return sorted(key for key in wanted | set(seen) if seen[key] != 1 or key not in wanted)


def test_every_situation_is_classed_once_in_each_nomenclature():
    assert faults_of_exits(rows("sorties")) == []


def test_a_situation_left_out_written_twice_or_unknown_is_seen():
    lines = rows("sorties")
    assert faults_of_exits(lines[1:]) == [("2024-1", "synthese", "CDI")]
    assert faults_of_exits([*lines, lines[0]]) == [("2024-1", "synthese", "CDI")]
    assert faults_of_exits([*lines, {**lines[0], "situation": "CDX"}]) == [("2024-1", "synthese", "CDX")]


def test_a_class_has_one_wording_and_one_known_sense():
    lines = rows("sorties")
    meanings = {(line["nomenclature"], line["classe"], line["libelle_classe"], line["sens"]) for line in lines}
    assert len(meanings) == len({key[:2] for key in meanings})
    assert {line["sens"] for line in lines} == SENSES
    assert all(line["source"] and line["libelle_classe"] for line in lines)


def test_the_four_nomenclatures_differ_where_the_field_says_they_do():
    """domain: an apprentice is « poursuite » for InserJeunes and « positive » for the others; a short contract is a
    job for InserJeunes, « transition » for IAE, and not positive for E2C; only InserJeunes leaves out a personal
    reason."""
    found = {name: load_exits(VERSION, name).by_situation for name in exit_nomenclatures(VERSION)}
    assert set(found) == {"synthese", "e2c", "iae", "inserjeunes"}
    assert found["inserjeunes"]["APPRENTISSAGE"].code == "poursuite"
    assert found["inserjeunes"]["CDD_MOINS_3M"].sense == "emploi"
    assert found["iae"]["CDD_MOINS_3M"].code == "transition"
    assert found["iae"]["CDI"].code == "durable"
    assert found["e2c"]["CDD_MOINS_3M"].sense == "autre"
    assert found["e2c"]["CDD_3_6M"].code == "positive_emploi"
    outside = {name for name, table in found.items() if table["ABANDON_PERSONNEL"].sense == "hors_champ"}
    assert outside == {"inserjeunes"}


def test_the_synthesis_names_its_negative_exits():
    mapping = load_exits(VERSION, "synthese")
    assert {"RECHERCHE_EMPLOI", "RECHERCHE_FORMATION", "ABANDON_PERSONNEL"} <= mapping.situations("negative")
    assert {item.code for item in mapping.classes} == {"reprise_etudes", "negative", "emploi", "autre", "inconnue"}


@pytest.mark.parametrize("code", sorted(path.stem for path in (FOLDER.parents[2] / "campaigns").glob("*.toml")))
def test_every_campaign_names_definitions_that_exist(code):
    definitions = load_campaign(code).definitions
    assert exit_nomenclatures(definitions["sorties"])
    assert list(load_dropout_readings(definitions["decrocheur"])) == list("ABCDE")


def test_readings_rest_on_known_codes_and_are_put_in_words():
    origins = {category.code for category in load_origins()}
    for reading in load_dropout_readings("2024-1").values():
        known = origins if reading.variable == "origine_scolaire" else set(load_codes("diplome_obtenu").labels)
        assert reading.values <= known
        assert reading.rule.endswith(".")
        assert reading.unknown.endswith(".")
        assert reading.source
        assert reading.label


def test_every_last_class_leads_to_one_origin():
    classes = [klass for category in load_origins() for klass in category.classes]
    assert sorted(classes) == sorted(load_codes("derniere_classe").labels)


def test_origins_are_those_of_the_published_chart_in_its_order():
    categories = load_origins()
    assert [category.order for category in categories] == list(range(1, 11))
    with load_campaign("2024").reference.open(encoding="utf-8", newline="") as handle:
        published = [row["id"] for row in csv.DictReader(handle, delimiter=";")]
    chart = [name for name in published if name.startswith("origine_") and name != "origine_completude"]
    assert [category.published_id for category in categories] == chart


@pytest.mark.parametrize(
    ("load", "named"),
    [
        (lambda: load_exits("1789-1", "synthese"), "« 1789-1 ».*sorties.csv.*2024-1"),
        (lambda: load_exits("2024-1", "anpe"), "« anpe ».*inserjeunes"),
        (lambda: load_dropout_readings("1789-1"), "« 1789-1 ».*decrocheur.csv"),
    ],
)
def test_an_unknown_version_or_nomenclature_is_named_with_those_that_exist(load, named):
    with pytest.raises(UserError, match=named):
        load()


def test_definitions_cannot_be_changed_by_those_who_read_them():
    with pytest.raises(TypeError):
        load_exits("2024-1", "synthese").by_situation["CDI"] = None
