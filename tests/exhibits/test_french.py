"""Expected texts are typed by hand: U+202F between thousands, U+00A0 before a unit, U+2212 for minus."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.exhibits import french


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1234567, 0, "1\u202f234\u202f567"),
        (1234.5, 1, "1\u202f234,5"),
        (2, 2, "2,00"),
        (0.5, 0, "1"),  # half up, where round() gives 0
        (2.5, 0, "3"),
        (-2.5, 0, "\u22123"),
        (-0.2, 0, "0"),  # no « −0 »
        (2.675, 2, "2,68"),  # the binary float is 2.67499…; its shortest writing is what is rounded
    ],
)
def test_number(value: float, decimals: int, expected: str) -> None:
    assert french.number(value, decimals) == expected


@pytest.mark.parametrize(
    ("numerator", "denominator", "decimals", "expected"),
    [
        (134, 246, None, "54\u00a0%"),  # 54.47
        (134, 166, None, "81\u00a0%"),  # 80.72
        (1, 8, None, "13\u00a0%"),  # 12.5 rounds up
        (1, 200, None, "1\u00a0%"),  # 0.5 rounds up
        (1, 378, None, "0,3\u00a0%"),  # never « 0 % » for somebody
        (377, 378, None, "99,7\u00a0%"),  # nor « 100 % » when one is missing
        (0, 378, None, "0\u00a0%"),
        (378, 378, None, "100\u00a0%"),
        (1, 5000, None, "0\u00a0%"),  # one decimal would say nothing more
        (134, 246, 1, "54,5\u00a0%"),
        (57, 1000, 1, "5,7\u00a0%"),
    ],
)
def test_percent(numerator: int, denominator: int, decimals: int | None, expected: str) -> None:
    assert french.percent(numerator, denominator, decimals) == expected


def test_percent_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="dénominateur est nul"):
        french.rounded_percent(0, 0)


@given(st.integers(1, 5000), st.data())
def test_rounded_percent_is_the_integer_rule(total: int, data: st.DataObject) -> None:
    """Half up on whole numbers: (200 k + n) // (2 n), which no float enters."""
    count = data.draw(st.integers(0, total))
    assert french.rounded_percent(count, total) == Decimal((200 * count + total) // (2 * total))


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (378.0, "jeunes", "378\u00a0jeunes"),
        (1, "jeunes", "1\u00a0jeune"),
        (0, "jeunes", "0\u00a0jeune"),
        (1.5, "ans", "1,5\u00a0an"),
        (2, "mois", "2\u00a0mois"),
        (1, "mois", "1\u00a0mois"),
        (1, "jeunes sortis", "1\u00a0jeune sorti"),
        (1, "jours par mois", "1\u00a0jour par mois"),
        (577000, "€", "577\u202f000\u00a0€"),
        (12.4, "€", "12\u00a0€"),
        (5000, "€ par jeune", "5\u202f000\u00a0€ par jeune"),
        (-3.2, "points", "\u22123,2\u00a0points"),
        (12, "", "12"),
        (0.54, "%", "54\u00a0%"),
    ],
)
def test_quantity(value: float, unit: str, expected: str) -> None:
    assert french.quantity(value, unit) == expected


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        (0.4823, 0.6058, "%", "entre 48 et 61\u00a0%"),
        (-3.4, 12.6, "points", "entre \u22123 et 13\u00a0points"),
        (1000, 25000, "€", "entre 1\u202f000 et 25\u202f000\u00a0€"),
        (0.5, 2.25, "ans", "entre 0,5 et 2,3\u00a0ans"),
    ],
)
def test_between(low: float, high: float, unit: str, expected: str) -> None:
    assert french.between(low, high, unit) == expected


def test_dates() -> None:
    assert french.day(date(2024, 4, 30)) == "30 avril 2024"
    assert french.day(date(2018, 9, 1)) == "1er septembre 2018"
    assert french.day(date(2023, 12, 11)) == "11 décembre 2023"
    assert french.month(date(2021, 2, 3)) == "février 2021"


def test_enumeration() -> None:
    assert [french.enumeration(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a et b",
        "a, b et c",
    ]


def test_typeset_is_stable() -> None:
    text = french.typeset("L'école : « oui » ; non ? Oui !")
    assert text == "L’école\u00a0: «\u00a0oui\u00a0»\u202f; non\u202f? Oui\u202f!"
    assert french.typeset(text) == text
