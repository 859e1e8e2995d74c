"""Dates: what is accepted, what is refused and why."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edp_analysis.intake.dates import DateError, ReadDate, read_date, school_year

DAY = dt.date(2021, 9, 1)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        dt.datetime(2021, 9, 1),
        dt.datetime(2021, 9, 1, 13, 30),
        "01/09/2021",
        "1/9/2021",
        "01-09-2021",
        "01.09.2021",
        " 01/09/2021 ",
        "01/09/2021 00:00",
        "01/09/2021\u00a000:00:00",
        "2021-09-01",
        "2021-09-01T10:00:00Z",
        "2021-09-01 10:00:00",
        "20210901",
        20210901,
        "1er septembre 2021",
        "1 sept. 2021",
        "1er Sept 2021",
        "mercredi 1er septembre 2021",
        44440,
        44440.0,
        "44440",
    ],
)
def test_the_first_of_september_2021_in_all_its_forms(value):
    """44440 is the serial number spreadsheets give this day (day 1 is 1 January 1900, which is 44439 days before)."""
    assert read_date(value).value == DAY


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("31/02/2022", "date-inexistante"),
        ("2022-02-31", "date-inexistante"),
        ("00/00/0000", "date-inexistante"),
        ("31 février 2022", "date-inexistante"),
        ("13/13/2021", "date-inexistante"),
        ("01/09/21", "annee-a-deux-chiffres"),
        ("2021", "date-imprecise"),
        ("09/2021", "date-imprecise"),
        ("sept-21", "date-imprecise"),
        ("septembre 2021", "date-imprecise"),
        (2021, "date-illisible"),
        (12, "date-illisible"),
        (True, "date-illisible"),
        (dt.timedelta(days=3), "date-illisible"),
        ("n'importe quoi", "date-illisible"),
        ("12 brumaire 2021", "date-illisible"),
        ("01/09/2021 (environ)", "date-illisible"),
        ("rentrée 2021", "date-imprecise"),
    ],
)
def test_what_is_not_one_day_is_refused(value, rule):
    with pytest.raises(DateError) as caught:
        read_date(value)
    assert caught.value.rule == rule


def test_the_day_comes_first():
    assert read_date("03/04/2022").value == dt.date(2022, 4, 3)


def test_two_digit_years_follow_the_pivot_and_are_doubtful():
    assert read_date("01/09/30", pivot=30).value == dt.date(2030, 9, 1)
    assert read_date("01/09/31", pivot=30).value == dt.date(1931, 9, 1)
    assert read_date("1er sept 21", pivot=30).doubtful


def test_serial_numbers_stop_at_1990_and_2035():
    """32874 is 1 January 1990, 49674 is 31 December 2035; both are doubtful."""
    assert read_date(32874).value == dt.date(1990, 1, 1)
    assert read_date(49674).value == dt.date(2035, 12, 31)
    assert read_date(49674).doubtful
    for number in (32873, 49675):
        with pytest.raises(DateError):
            read_date(number)


DATES = st.dates(dt.date(1990, 1, 1), dt.date(2035, 12, 31))
FORMATS = ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d-%m-%Y", "%Y%m%d")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


@given(DATES, st.sampled_from(FORMATS))
def test_every_written_date_is_read_back(day, pattern):
    assert read_date(day.strftime(pattern)).value == day


@given(DATES)
def test_every_date_in_words_is_read_back(day):
    assert read_date(f"{day.day} {MONTHS[day.month - 1]} {day.year}").value == day


@given(DATES)
def test_every_serial_number_is_read_back(day):
    assert read_date((day - dt.date(1899, 12, 30)).days).value == day


@given(DATES)
def test_a_school_year_holds_its_day(day):
    first, last = (int(year) for year in school_year(day).split("-"))
    assert dt.date(first, 9, 1) <= day <= dt.date(last, 8, 31)


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 1e300])
def test_numbers_that_are_no_number_are_no_date(number):
    """A damaged workbook may hold « inf » or « NaN » where a date is expected: it raised."""
    with pytest.raises(DateError, match="tableur"):
        read_date(number)


def test_serial_numbers_of_the_1904_calendar():
    """44 445 in the usual calendar is 42 983 in that of 1904: 1 462 days between 1899-12-30 and 1904-01-01."""
    assert read_date(44445.0).value == dt.date(2021, 9, 6)
    assert read_date(42983.0, date1904=True) == ReadDate(
        dt.date(2021, 9, 6), "numéro de série de tableur, calendrier 1904", doubtful=True
    )
    assert read_date("42983", date1904=True).value == dt.date(2021, 9, 6)
