"""Dates and times in the ways that people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from app.domain.agendas.written import read_date, read_time, zone_in_header, zones_of

DAY = date(2025, 7, 3)


@pytest.mark.parametrize(
    ("text", "weekday", "month", "day", "year"),
    [
        ("Thursday, April 10", 3, 4, 10, None),
        ("Thu Apr. 10th, 2025", 3, 4, 10, 2025),
        ("10 April 2025", None, 4, 10, 2025),
        ("Friday the 3rd of Sept", 4, 9, 3, None),
        ("2025-04-10 (Thursday)", 3, 4, 10, 2025),
        ("Feb-13-friday", 4, 2, 13, None),
        ("May 12", None, 5, 12, None),
    ],
)
def test_a_date_is_read(text, weekday, month, day, year):
    read = read_date(text)
    assert (read.weekday, read.month, read.day, read.year) == (weekday, month, day, year)


@pytest.mark.parametrize("text", ["", "TBA", "Room 12", "12 apples", "2025-13-01", "13/02/2025"])
def test_what_is_no_date_is_none(text):
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "clock", "zone", "minutes", "beside"),
    [
        ("12:00 PM GMT", time(12), "GMT", None, None),
        ("12:30 AM", time(0, 30), "", None, None),
        ("5 p.m. CET", time(17), "CET", None, None),
        ("14:00–15:30 Europe/Madrid (12:00–13:30 UTC)", time(14), "Europe/Madrid", 90, time(12)),
        ("23:30-00:15 New York", time(23, 30), "New York", 45, None),
        ("17h30, 45 minutes", time(17, 30), "", 45, None),
        ("9:00 to noon", time(9), "to noon", None, None),
        ("9:00 - 31:00", time(9), "", None, None),
        ("9:00 - 9:00", time(9), "", None, None),
        ("9:00 UTC (Thu 27:10 UTC)", time(9), "UTC", None, None),
    ],
)
def test_a_time_is_read(text, clock, zone, minutes, beside):
    read = read_time(text)
    assert (read.clock, read.zone, read.minutes, read.beside) == (clock, zone, minutes, beside)


@pytest.mark.parametrize("text", ["", "noon", "26:00", "12:75"])
def test_what_is_no_time_is_none(text):
    assert read_time(text) is None


def test_a_column_says_the_zone_of_its_times():
    assert (zone_in_header("Time (GMT)"), zone_in_header("Time")) == ("GMT", "")
    assert (read_time("12:00", zone="GMT").zone, read_time("12:00 CET", zone="GMT").zone) == ("GMT", "CET")


@pytest.mark.parametrize(
    ("label", "zones"),
    [
        ("gmt", ("UTC",)),
        ("CET/CEST", ("Europe/Madrid",)),
        ("Asia/Tokyo", ("Asia/Tokyo",)),
        ("new york", ("America/New_York",)),
        ("West", ("Australia/West", "Brazil/West")),
        ("Nowhere", ()),
        ("", ()),
    ],
)
def test_a_label_means_zones(label, zones):
    assert zones_of(label) == zones


def test_a_time_has_an_instant_where_its_zone_is_known_and_its_clock_shows_it():
    assert read_time("14:00 CET").starts_at(DAY) == datetime(2025, 7, 3, 12, tzinfo=UTC)
    assert read_time("08:00 West (12:00 UTC)").starts_at(DAY) == datetime(2025, 7, 3, 12, tzinfo=UTC)
    assert read_time("08:00 Nowhere").starts_at(DAY) is None
    assert read_time("02:30 CET").starts_at(date(2025, 3, 30)) is None
