"""The codebook: every code has its theme, its definition and an example; every theme and family is used."""

import pytest

from edp_analysis.contract import codebook, load_codes
from edp_analysis.contract.codebook import family_of_structures, load_codebook, theme_of


def test_every_code_is_explained_once():
    topics = load_codebook()
    assert [topic.code for topic in topics] == list(load_codes("codes_entretiens").labels)
    assert len({topic.definition for topic in topics}) == len(topics)
    assert all(topic.example.startswith("« ") and topic.example.endswith(" »") for topic in topics)


def test_every_theme_has_a_code_and_one_code_receives_the_rest():
    """Exhaustive: the theme « autre » exists and has one code; no theme is empty."""
    assert set(theme_of().values()) == set(load_codes("themes").labels)
    assert [code for code, theme in theme_of().items() if theme == "AUTRE"] == ["AUT_AUTRE"]


def test_every_type_of_structure_has_a_family_and_every_family_a_type():
    families = family_of_structures()
    assert list(families) == list(load_codes("type_structure").labels)
    assert set(families.values()) == set(load_codes("famille_acteurs").labels)


def test_a_code_without_a_known_theme_is_refused(monkeypatch):
    """Planted fault: the theme of one code does not exist."""
    row = {"code": "X", "libelle": "x", "theme": "ABSENT", "definition": "d", "exemple": "e"}
    monkeypatch.setattr(codebook, "_rows", lambda name: [row])
    load_codebook.cache_clear()
    with pytest.raises(ValueError, match="« X »"):
        load_codebook()
    monkeypatch.undo()
    load_codebook.cache_clear()
