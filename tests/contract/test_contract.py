"""The contract's files are sound: every field explained, every code found again, no variant that means two things."""

import json
from pathlib import Path

import pytest

from edp_analysis.contract import load_codes, load_schema, normalise_text
from edp_analysis.contract.codes import code_list_names
from edp_analysis.contract.schema import table_names

FOLDER = Path(__file__).parent.parent.parent / "edp_analysis" / "contract"


@pytest.mark.parametrize("name", table_names())
def test_every_field_has_a_title_a_description_a_known_type_and_a_known_code_list(name):
    schema = load_schema(name)
    assert len(set(schema.names)) == len(schema.names)
    for field in schema.fields:
        assert field.title
        assert field.description.endswith(".")
        assert field.type in {"string", "integer", "number", "boolean", "date"}
        assert not field.codes or field.codes in code_list_names()
    assert set(schema.primary_key) <= set(schema.names)


@pytest.mark.parametrize("name", [name for name in table_names() if not name.endswith("-recu")])
def test_no_direct_identifier_is_in_a_clean_table(name):
    assert not any(field.direct_identifier for field in load_schema(name).fields)


@pytest.mark.parametrize("name", [name for name in table_names() if name.endswith("-recu")])
def test_no_heading_is_claimed_by_two_fields(name):
    claims: dict[str, str] = {}
    for field in load_schema(name).fields:
        for heading in {normalise_text(text) for text in (field.name, *field.synonyms)}:
            assert claims.setdefault(heading, field.name) == field.name, heading


@pytest.mark.parametrize("name", code_list_names())
def test_no_variant_is_empty_or_stands_for_two_codes(name):
    claims: dict[str, str] = {}
    for code in load_codes(name).codes:
        for text in (code.code, code.label, *code.variants):
            key = normalise_text(text)
            assert key, (code.code, text)
            assert claims.setdefault(key, code.code) == code.code, text
            assert load_codes(name).find(text) == code


def test_signs_that_change_the_meaning_are_kept():
    """« CDD < 3 mois » is not « CDD 3 mois »."""
    situations = load_codes("situation")
    assert situations.find("cdd < 3 mois").code == "CDD_MOINS_3M"
    assert situations.find("CDD 3 mois").code == "CDD_3_6M"
    assert situations.find("CDD<3 mois").code == "CDD_MOINS_3M"


def test_a_code_is_valid_within_its_period():
    """CAP Constructeur bois closed on 31 August 2023; CAP Charpentier bois opened on 1 September 2021."""
    from datetime import date

    diplomas = {code.code: code for code in load_codes("diplome").codes}
    assert diplomas["50023440"].valid_on(date(2023, 8, 31))
    assert not diplomas["50023440"].valid_on(date(2023, 9, 1))
    assert not diplomas["50023446"].valid_on(date(2021, 8, 31))


@pytest.mark.parametrize("path", sorted(FOLDER.glob("schemas/*.json")), ids=lambda path: path.stem)
def test_a_schema_file_is_named_after_its_table(path):
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == path.stem


def test_an_unknown_schema_or_list_is_refused_with_the_known_ones():
    with pytest.raises(KeyError, match="apprenants"):
        load_schema("élèves")
    with pytest.raises(KeyError, match="sexe"):
        load_codes("genre")
