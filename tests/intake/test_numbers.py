"""Numbers: a strict grammar, and no guess between two readings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.intake.numbers import NumberError, as_code, read_number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (12, 12.0),
        (1.5, 1.5),
        ("12", 12.0),
        ("1234,50", 1234.5),
        ("1234.50", 1234.5),
        ("1 234,50", 1234.5),
        ("1\u202f234,50", 1234.5),
        ("1\u00a0234\u00a0567", 1234567.0),
        ("1.234,50", 1234.5),
        ("1.234.567", 1234567.0),
        ("0.925", 0.925),
        ("-5", -5.0),
        ("5-", -5.0),
        ("\u22125", -5.0),
        ("(1 234)", -1234.0),
        ("( 1 234,5 )", -1234.5),
        ("+5", 5.0),
    ],
)
def test_accepted(value, expected):
    assert read_number(value) == expected


def test_the_unit_of_the_column_may_be_written_and_no_other():
    assert read_number("1 234,50 €", "€") == 1234.5
    assert read_number("92,5 %", "%") == 92.5
    with pytest.raises(NumberError):
        read_number("92,5 %", "€")


@pytest.mark.parametrize("value", ["1,234.50", "1.234", "1,234,567", "12.500"])
def test_two_readings_are_refused(value):
    """« 1,234 » alone is read as a French decimal; « 1.234 » could be one thousand two hundred and thirty-four."""
    with pytest.raises(NumberError) as caught:
        read_number(value)
    assert caught.value.rule == "nombre-ambigu"


@pytest.mark.parametrize("value", ["12 k€", "45 h", "env. 30", "3/4", "10-12", "", "1 23", "--5", True, float("nan")])
def test_what_is_not_one_number_is_refused(value):
    with pytest.raises(NumberError) as caught:
        read_number(value, "€")
    assert caught.value.rule == "nombre-illisible"


@given(st.integers(-(10**12), 10**12))
def test_every_amount_written_in_french_is_read_back(cents):
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    grouped = f"{euros:,}".replace(",", "\u202f")
    assert round(read_number(f"{sign}{grouped},{rest:02d} €", "€") * 100) == cents


@given(st.integers(0, 99999))
def test_a_code_kept_as_a_number_is_rendered_as_people_see_it(code):
    assert as_code(float(code)) == str(code)
