"""The truth table of the claim guard."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edp_analysis.exhibits import Page
from edp_analysis.exhibits.claims import ClaimError, Piece, check_claims
from edp_analysis.exhibits.sentence import render
from edp_analysis.indicators.result import Indicator
from edp_analysis.statistics.proportions import Interval

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


def fact(value: float, unit: str = "€", method: str = "") -> Indicator:
    """An exact value, as accounts give: no interval."""
    return Indicator("f", "Résultat", value, unit, "5 écoles", method=method)


def change(value: float) -> Indicator:
    return fact(value, method="Variation entre deux exercices")


@pytest.mark.parametrize(
    ("word", "up", "down", "unsure"),
    [
        ("le taux s'améliore", True, False, False),
        ("une amélioration", True, False, False),
        ("le taux se dégrade", False, True, False),
        ("une dégradation", False, True, False),
        ("plus de filles qu'avant", True, False, False),
        ("les filles sont certifiées plus souvent que les garçons", True, False, False),
        ("moins de filles que l'an passé", False, True, False),
        ("un taux stable", False, False, False),  # an interval from -4 to 10 shows nothing, not even that
        ("le taux n'augmente pas", False, True, False),
        ("sans hausse", False, True, False),
        ("aucun écart", False, False, False),
    ],
)
def test_words_of_comparison(points: Points, word: str, up: bool, down: bool, unsure: bool) -> None:
    test_words_of_change(points, word, up, down, unsure)


def test_stable_asks_for_an_interval_that_is_written_zero(points: Points) -> None:
    """From -0.4 to 0.3 point every value rounds to 0; from -0.4 to 0.6 one rounds to 1."""
    render("un taux stable ({d})", {"d": points(0.1, -0.4, 0.3)}, 20)
    with pytest.raises(ClaimError, match="Écrire « écart non établi »"):
        render("un taux stable ({d})", {"d": points(0.1, -0.4, 0.6)}, 20)


@pytest.mark.parametrize(
    ("template", "value", "supported"),
    [
        ("une hausse de {d}", 1200.0, True),
        ("une baisse de {d}", 1200.0, False),
        ("le résultat se dégrade de {d}", -1200.0, True),
        ("le résultat s'améliore de {d}", -1200.0, False),
        ("un résultat stable ({d})", 0.0, True),
        ("un résultat stable ({d})", 1.0, False),
        ("un écart de {d}", -1.0, True),
    ],
)
def test_a_difference_of_amounts_is_a_fact_of_accounts(template: str, value: float, supported: bool) -> None:
    if supported:
        render(template, {"d": change(value)}, 20)
    else:
        with pytest.raises(ClaimError, match="contredit « Résultat »"):
            render(template, {"d": change(value)}, 20)


def test_an_amount_is_not_a_difference() -> None:
    with pytest.raises(ClaimError, match="il faut une différence"):
        render("une hausse de {d}", {"d": fact(1200.0)}, 20)


def test_two_exact_values_may_be_compared_in_order() -> None:
    arguments = {"a": fact(12, "écoles"), "b": fact(9, "écoles")}
    render("Il y a plus d'écoles ({a}) que de territoires ({b})", arguments, 20)
    with pytest.raises(ClaimError, match="Écrire « plus … que »"):
        render("Il y a moins d'écoles ({a}) que de territoires ({b})", arguments, 20)
    with pytest.raises(ClaimError, match="Écrire « autant que »"):
        render("plus d'écoles ({a}) que de territoires ({b})", {"a": fact(9, "écoles"), "b": fact(9, "écoles")}, 20)


def test_two_uncertain_shares_may_not(share_of: Share) -> None:
    """80 and 60 % look far apart; their difference and its interval are what the sentence needs."""
    with pytest.raises(ClaimError, match="il faut une différence"):
        render("plus de filles ({a}) que de garçons ({b})", {"a": share_of(24, 30), "b": share_of(18, 30)}, 20)


@pytest.mark.parametrize(
    ("low", "high", "supported"), [(1.4, 2.6, True), (0.9, 2.6, False), (2.1, 3.0, False), (1.2, 1.8, False)]
)
def test_double_with_a_ratio(low: float, high: float, supported: bool) -> None:
    ratio = Indicator("r", "Rapport", 2.0, "fois", "x", interval=Interval(low, high, 0.95, "log"))
    if supported:
        render("Le risque est le double ({r})", {"r": ratio}, 20)
    else:
        with pytest.raises(ClaimError):
            render("Le risque est le double ({r})", {"r": ratio}, 20)


def test_double_with_two_exact_values() -> None:
    """98 / 49 = 2; 98 / 60 = 1.63, so « multiplié par 1,6 »."""
    render("Le budget double entre {a} et {b}", {"a": fact(49), "b": fact(98)}, 20)
    with pytest.raises(ClaimError, match="« multiplié par 1,6 »"):
        render("Le budget a doublé, de {a} à {b}", {"a": fact(60), "b": fact(98)}, 20)
    with pytest.raises(ClaimError, match="il faut un rapport"):
        render("Le budget a doublé : {a}", {"a": fact(60)}, 20)


def test_a_word_that_names_what_is_counted_is_not_a_claim() -> None:
    better = Indicator("m", "Écoles dont le résultat s'améliore", 4.0, "écoles", "5 écoles", 4, 5)
    render("Le résultat s'améliore dans {m}", {"m": better}, 20)
    with pytest.raises(ClaimError):
        render("Le résultat se dégrade dans {m}", {"m": better}, 20)


@pytest.mark.parametrize(
    "template",
    [
        "un emploi stable", "les ressources stables", "comptés en double", "un double diplôme",
        "au plus {x}, ce que l'on savait", "la lecture la plus stricte que l'on ait",
        "un an de plus à l'entrée, ce qu'une école sait", "plutôt que rien", "non plus. Ce que l'on sait",
    ],
)  # fmt: skip
def test_terms_of_the_field_and_superlatives_are_free(template: str, share_of: Share) -> None:
    render(template, {"x": share_of(20, 36)}, 20)


@pytest.mark.parametrize("place", ["title", "subtitle", "lecture"])
def test_titles_subtitles_and_readings_are_guarded(page: Page, share_of: Share, place: str) -> None:
    words = {"title": "t", "subtitle": "s", "lecture": "l", place: "Une hausse nette"}
    with pytest.raises(ClaimError, match="« hausse »"):
        page.dots([share_of(20, 36)], id="f", **words)


def test_the_wording_of_a_question_is_quoted_and_not_claimed() -> None:
    """Outside the guillemets, or quoting what no indicator is about, the same words are a claim."""
    label = "Je suis plus motivé qu’avant : filles / garçons"
    gap = Indicator("e", label, -21.0, "points", "x", interval=Interval(-48.0, 9.0, 0.95, "x"))
    said = "« {q} » : écart non établi ({gap})"
    assert render(said, {"q": "Je suis plus motivé qu’avant", "gap": gap}, 20)
    for template, words in ((said, "Je suis plus heureux qu’avant"), ("{q} : {gap}", "Je suis plus motivé qu’avant")):
        with pytest.raises(ClaimError):
            render(template, {"q": words, "gap": gap}, 20)
