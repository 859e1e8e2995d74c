from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from edp_analysis.exhibits.sentence import render, write_indicator
from edp_analysis.indicators.result import Indicator
from edp_analysis.problems import UserError

Share = Callable[..., Indicator]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("", "54\u00a0%"),
        ("compte", "134 sur 246"),
        ("intervalle", "entre 48 et 61\u00a0%"),  # Wilson: 0.4823 to 0.6058
        ("complet", "54\u00a0% (134 sur 246\u202f; entre 48 et 61\u00a0%)"),
        ("1", "54,5\u00a0%"),
    ],
)
def test_forms_of_a_share(share_of: Share, form: str, expected: str) -> None:
    assert write_indicator(share_of(134, 246), form, 20) == expected


@pytest.mark.parametrize("form", ["", "compte", "intervalle", "complet", "1", "nombre"])
def test_below_the_threshold_no_percentage_is_written(share_of: Share, form: str) -> None:
    assert write_indicator(share_of(9, 19), form, 20) == "9 sur 19 [faible]"
    assert "%" in write_indicator(share_of(9, 20), "", 20)


@pytest.mark.parametrize("form", ["", "compte", "complet", "1"])
def test_a_complete_list_of_things_is_short_without_being_weak(share_of: Share, form: str) -> None:
    """Five départements of five: no percentage on so few, no « [faible] » either; persons have it."""
    five = share_of(5, 5)
    assert write_indicator(five, form, 20) == "5 sur 5 [faible]"
    assert write_indicator(replace(five, interval=None, census=True), form, 20) == "5 sur 5"
    assert write_indicator(replace(five, interval=None, census=True), "", 5) == "100\u00a0%"


def test_what_cannot_be_computed_says_why(share_of: Share) -> None:
    assert write_indicator(share_of(0, 0), "complet", 20) == "non calculable (aucun enregistrement dans le champ)"


def test_counts_and_amounts() -> None:
    assert write_indicator(Indicator("n", "N", 378.0, "jeunes", "x")) == "378\u00a0jeunes"
    assert write_indicator(Indicator("n", "N", 378.0, "jeunes", "x"), "nombre") == "378"
    assert write_indicator(Indicator("b", "B", 577000.0, "€", "x"), "complet") == "577\u202f000\u00a0€"


def test_a_form_the_indicator_cannot_take() -> None:
    amount = Indicator("b", "B", 577000.0, "€", "x")
    with pytest.raises(UserError, match="pas d'effectifs"):
        write_indicator(amount, "compte")
    with pytest.raises(UserError, match="pas d'intervalle"):
        write_indicator(amount, "intervalle")
    with pytest.raises(UserError, match="Peut-être : « complet »"):
        write_indicator(amount, "complets")


def test_a_sentence_and_its_indicators(share_of: Share) -> None:
    part = share_of(134, 246)
    done = render("Au {jour}, {x} ({x:compte}) : {mot}.", {"x": part, "jour": date(2024, 4, 30), "mot": "oui"}, 20)
    assert done.text == "Au 30\u00a0avril\u00a02024, 54\u00a0% (134 sur 246)\u00a0: oui."
    assert done.indicators == (part,)


@pytest.mark.parametrize(
    "template",
    ["54 % des jeunes", "les 378 jeunes", "en 2024", "de 0,3 %", "1er jour", "environ 5", "{x} soit 54.5"],
)
def test_a_number_typed_in_the_text_is_refused(share_of: Share, template: str) -> None:
    with pytest.raises(UserError, match="écrit en dur"):
        render(template, {"x": share_of(134, 246)}, 20)


@pytest.mark.parametrize("template", ["la question Q1", "à EDP-03", "le niveau N4", "{x} des CAP"])
def test_a_digit_inside_a_name_is_allowed(share_of: Share, template: str) -> None:
    render(template, {"x": share_of(134, 246)}, 20)


def test_a_number_as_argument_is_refused() -> None:
    with pytest.raises(UserError, match="doit venir d'un indicateur"):
        render("{x} jeunes", {"x": 378}, 20)  # type: ignore[dict-item]


def test_an_unknown_name_is_refused_with_a_suggestion(share_of: Share) -> None:
    with pytest.raises(UserError, match="Peut-être : « certifies »"):
        render("{certifes} ici", {"certifies": share_of(1, 30)}, 20)


def test_an_unclosed_brace_is_refused() -> None:
    with pytest.raises(UserError, match="accolades"):
        render("{x des jeunes", {}, 20)


def test_a_sentence_of_which_nothing_can_be_computed_says_so_once(share_of: Share) -> None:
    """A page whose input was not received must not read « non calculable (…) des jeunes se disent satisfaits »."""
    none, other = share_of(0, 0), share_of(3, 20)
    template = "La majorité, {x:complet}, est satisfaite."
    assert render(template, {"x": none}, 20).text == (
        f"Non calculable\u00a0: {none.label} (aucun enregistrement dans le champ)."
    )
    assert render("{x} et {y:compte}", {"x": none, "y": other}, 20).text.startswith("non calculable (aucun")


def test_a_clause_whose_input_is_absent_goes_and_is_named(share_of: Share) -> None:
    """« parlent de production dans non calculable (…) entretiens » is not a sentence."""
    known = share_of(84, 100)
    absent = Indicator("p", "Production évoquée", None, "entretiens", "entretiens", reason="aucun entretien")
    found = render(
        "Parmi eux, {a:compte} sont satisfaits ; on en parle dans {b:compte} entretiens.", {"a": known, "b": absent}, 20
    )
    assert (
        found.text
        == "Parmi eux, 84 sur 100 sont satisfaits. Non calculable\u00a0: Production évoquée (aucun entretien)."
    )
    assert found.indicators == (known, absent), "both are in the provenance"
    first = render(
        "On en parle dans {b:compte} entretiens ; {a:compte} sont satisfaits.", {"a": known, "b": absent}, 20
    )
    assert first.text.startswith("84 sur 100 sont satisfaits. Non calculable")


def test_a_semicolon_inside_brackets_parts_nothing(share_of: Share) -> None:
    absent = Indicator("p", "Production", None, "entretiens", "entretiens", reason="rien")
    found = render("{a:compte} ({b:compte} ; à lire avec prudence)", {"a": share_of(84, 100), "b": absent}, 20)
    assert found.text.startswith("84 sur 100 (non calculable (rien)")
