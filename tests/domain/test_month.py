from datetime import UTC, date, datetime

import pytest

from app.domain.month import Month, days_of


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "0001-01", "9999-12", "２０２６-01"]
)
def test_what_is_no_month_is_none(text):
    assert Month.read(text) is None


def test_a_month_is_read_as_it_is_written():
    month = Month.read("2026-11")
    assert (month, str(month), month.title) == (Month(2026, 11), "2026-11", "November 2026")


def test_months_follow_each_other_over_the_year():
    assert (Month(2026, 12).after(1), Month(2026, 1).after(-1)) == (Month(2027, 1), Month(2025, 12))
    assert Month(2026, 11).after(14) == Month(2028, 1)


def test_weeks_begin_on_monday_and_hold_the_whole_month():
    november = Month(2026, 11).weeks
    assert (len(november), november[0][0], november[-1][-1]) == (6, date(2026, 10, 26), date(2026, 12, 6))
    assert len(Month(2027, 2).weeks) == 4  # four weeks exactly: it begins on a Monday


def test_a_month_knows_its_days():
    assert date(2024, 2, 29) in Month(2024, 2)
    assert date(2024, 3, 1) not in Month(2024, 2)
    assert Month(2024, 2).last == date(2024, 2, 29)


def test_a_month_begins_with_the_first_place_on_earth_and_ends_with_the_last():
    begins, ends = Month(2026, 12).instants
    assert (begins, ends) == (datetime(2026, 11, 30, 10, tzinfo=UTC), datetime(2027, 1, 1, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (datetime(2026, 12, 1, 9), datetime(2026, 12, 1, 10), [1]),
        (datetime(2026, 12, 1), datetime(2026, 12, 2), [1]),
        (datetime(2026, 12, 1), datetime(2026, 12, 4), [1, 2, 3]),
        (datetime(2026, 12, 1, 23), datetime(2026, 12, 2, 1), [1, 2]),
        (datetime(2026, 12, 1), datetime(2026, 12, 1), [1]),
        (datetime(2026, 12, 2), datetime(2026, 12, 1), [2]),
    ],
)
def test_something_touches_the_days_until_its_end(start, end, days):
    assert [day.day for day in days_of(start, end)] == days
