"""The data dictionary in docs/ is the one that the contract gives today."""

from pathlib import Path

from edp_analysis.contract import load_schema
from edp_analysis.contract.codes import load_codes
from edp_analysis.contract.dictionary import PATH, build_dictionary
from edp_analysis.contract.schema import table_names

ROOT = Path(__file__).parent.parent.parent


def test_the_dictionary_is_current():
    written = (ROOT / PATH).read_text(encoding="utf-8")
    assert written == build_dictionary(), "le réécrire : python -m edp_analysis.contract.dictionary"


def test_every_field_and_every_code_is_in_it():
    text = build_dictionary()
    for name in table_names():
        for field in load_schema(name).fields:
            assert f"| `{field.name}`" in text
            if field.codes:
                assert all(f"| `{code.code}` | {code.label} |" in text for code in load_codes(field.codes).codes)


def test_no_pattern_is_left_for_a_reader_to_decipher():
    assert "^" not in build_dictionary()


def test_a_pattern_without_words_would_be_seen(monkeypatch):
    monkeypatch.setattr("edp_analysis.contract.dictionary._FORMS", {})
    assert "de la forme `^[A-Z]+-" in build_dictionary()
