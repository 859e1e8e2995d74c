"""The truth table of the claim guard."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edp_analysis.exhibits.claims import ClaimError, Piece, check_claims
from edp_analysis.exhibits.sentence import render
from edp_analysis.indicators.result import Indicator

Share = Callable[..., Indicator]
Points = Callable[[float, float, float], Indicator]
UP, DOWN, UNSURE = (8.0, 2.0, 14.0), (-8.0, -14.0, -2.0), (3.0, -4.0, 10.0)


@pytest.mark.parametrize(
    ("count", "total", "template", "supported"),
    [
        (134, 166, "La majorité ({x}) est certifiée", True),  # 81 %, 74 to 86
        (134, 166, "Les jeunes sont majoritairement certifiés ({x})", True),
        (134, 166, "La plupart, {x}, sont certifiés", True),
        (134, 246, "La majorité ({x}) est certifiée", False),  # 54 %, but 48 to 61
        (106, 246, "La majorité ({x}) reprend des études", False),  # 43 %, 37 to 49
        (106, 246, "Ce n'est pas une majorité : {x}", True),
        (134, 166, "Ce n'est pas une majorité : {x}", False),
        (106, 246, "{x} des jeunes. La majorité attend", False),  # the share is in another sentence
    ],
)
def test_majority(share_of: Share, count: int, total: int, template: str, supported: bool) -> None:
    arguments = {"x": share_of(count, total)}
    if supported:
        render(template, arguments, 20)
    else:
        with pytest.raises(ClaimError, match=r"(?i)majorit|plupart"):
            render(template, arguments, 20)


def test_majority_in_a_census_needs_the_value_alone() -> None:
    census = Indicator("x", "Écoles", 0.6, "%", "10 écoles", 6, 10)
    render("La majorité des écoles ({x:1})", {"x": census}, 0)
    with pytest.raises(ClaimError):
        render("La majorité ({x})", {"x": Indicator("x", "Écoles", 0.5, "%", "10 écoles", 5, 10)}, 0)


def test_the_nearest_share_is_the_one_that_counts(share_of: Share) -> None:
    arguments = {"a": share_of(134, 166, "a"), "b": share_of(106, 246, "b")}
    render("La majorité ({a}) est certifiée, {b} reprennent des études", arguments, 20)
    with pytest.raises(ClaimError):
        render("{a} sont certifiés, une majorité ({b}) reprend des études", arguments, 20)


@pytest.mark.parametrize(
    ("word", "up", "down", "unsure"),
    [
        ("une hausse", True, False, False),
        ("le taux augmente", True, False, False),
        ("une progression", True, False, False),
        ("une baisse", False, True, False),
        ("le taux diminue", False, True, False),
        ("le taux recule", False, True, False),
        ("un écart", True, True, False),
        ("une différence significative", True, True, False),
        ("écart non établi", False, False, True),
    ],
)
def test_words_of_change(points: Points, word: str, up: bool, down: bool, unsure: bool) -> None:
    for bounds, supported in ((UP, up), (DOWN, down), (UNSURE, unsure)):
        arguments = {"d": points(*bounds)}
        if supported:
            render(f"{word} : {{d}}", arguments, 20)
        else:
            with pytest.raises(ClaimError):
                render(f"{word} : {{d}}", arguments, 20)


def test_the_error_says_which_word_would_be_right(points: Points, share_of: Share) -> None:
    with pytest.raises(ClaimError, match="Écrire « écart non établi »"):
        render("une hausse de {d}", {"d": points(*UNSURE)}, 20)
    with pytest.raises(ClaimError, match="Écrire « baisse » ou « écart »"):
        render("une hausse de {d}", {"d": points(*DOWN)}, 20)
    with pytest.raises(ClaimError, match="un peu plus de la moitié"):
        render("la majorité ({x})", {"x": share_of(134, 246)}, 20)
    with pytest.raises(ClaimError, match="moins de la moitié"):
        render("la majorité ({x})", {"x": share_of(106, 246)}, 20)


@pytest.mark.parametrize("template", ["Le taux augmente.", "Un écart de {x}.", "La majorité des écoles."])
def test_a_word_without_an_indicator_is_refused(share_of: Share, template: str) -> None:
    with pytest.raises(ClaimError, match="n'est appuyé par aucun indicateur"):
        render(template, {"x": share_of(1, 30)} if "écart" in template else {}, 20)


def test_a_difference_without_interval_is_refused() -> None:
    with pytest.raises(ClaimError, match="demande un intervalle"):
        render("un écart de {d}", {"d": Indicator("d", "D", 4.0, "points", "x")}, 20)


@pytest.mark.parametrize("template", ["Les lignes écartées", "Avec le recul", "Il progressait", "Un document majeur"])
def test_neighbouring_words_are_free(template: str) -> None:
    render(template, {}, 20)


def test_a_word_given_as_an_argument_is_guarded_too(points: Points) -> None:
    with pytest.raises(ClaimError):
        render("une {sens} de {d}", {"sens": "hausse", "d": points(*DOWN)}, 20)


def test_a_guarded_word_beside_what_cannot_be_computed_does_not_stop_the_page() -> None:
    """The figure is written « non calculable »: nothing is claimed. Without any indicator, it is still refused."""
    absent = Indicator("e", "Écart", None, "points", "x", reason="enquête non reçue")
    check_claims([Piece("L'écart est "), Piece("non calculable", absent), Piece(".")])
    with pytest.raises(ClaimError):
        check_claims([Piece("L'écart est net.")])
