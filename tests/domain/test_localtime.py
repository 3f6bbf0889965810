"""Wall clocks and instants: gaps are refused, folds take the first, words name the zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.localtime import (
    NoSuchWallTime,
    abbreviation,
    city,
    happens_twice,
    in_zone,
    is_night,
    known_zone,
    to_utc,
    when_in_words,
)

wall = datetime.fromisoformat
ZONES = ["UTC", "Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca"]


@pytest.mark.parametrize("name", ["Europe/Madrid", "America/Argentina/Buenos_Aires", "UTC"])
def test_iana_zones_are_known(name):
    assert known_zone(name)


@pytest.mark.parametrize(
    "name", ["", "CET", "EST5EDT", "Europe/Nowhere", "Europe", "../etc/passwd", "/etc/localtime", "Europe/\x00Madrid"]
)
def test_other_names_are_not(name):
    assert not known_zone(name)


@pytest.mark.parametrize(
    ("start", "zone", "instant"),
    [
        (wall("2026-03-26 14:00"), "Europe/Madrid", datetime(2026, 3, 26, 13, tzinfo=UTC)),
        (wall("2026-04-09 14:00"), "Europe/Madrid", datetime(2026, 4, 9, 12, tzinfo=UTC)),
        (wall("2026-03-13 11:00"), "America/New_York", datetime(2026, 3, 13, 15, tzinfo=UTC)),
        (wall("2027-11-12 11:00"), "America/New_York", datetime(2027, 11, 12, 16, tzinfo=UTC)),
    ],
)
def test_a_wall_time_becomes_its_instant(start, zone, instant):
    assert to_utc(start, zone) == instant


@pytest.mark.parametrize(
    ("start", "zone", "said"),
    [
        (
            wall("2026-03-29 02:30"),
            "Europe/Madrid",
            "02:30 does not exist on 29 March 2026 in Madrid: the clocks go forward.",
        ),
        (
            wall("2027-03-14 02:00"),
            "America/New_York",
            "02:00 does not exist on 14 March 2027 in New York: the clocks go forward.",
        ),
    ],
)
def test_a_wall_time_that_the_clocks_skip_is_refused_in_words(start, zone, said):
    with pytest.raises(NoSuchWallTime) as refused:
        to_utc(start, zone)

    assert str(refused.value) == said


def test_a_wall_time_that_happens_twice_means_the_first():
    twice = wall("2026-10-25 02:30")

    assert happens_twice(twice, "Europe/Madrid")
    assert to_utc(twice, "Europe/Madrid") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_other_wall_times_happen_once_or_never():
    assert not happens_twice(wall("2026-10-25 14:00"), "Europe/Madrid")
    assert not happens_twice(wall("2026-03-29 02:30"), "Europe/Madrid")


@given(st.datetimes(wall("2020-01-01 00:00"), wall("2035-01-01 00:00")), st.sampled_from(ZONES))
def test_every_wall_time_reads_back_from_its_instant_or_is_refused(start, zone):
    try:
        instant = to_utc(start, zone)
    except NoSuchWallTime:
        return
    assert instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0) == start


def test_the_city_of_a_zone_is_its_last_part():
    assert [city(zone) for zone in ("America/Argentina/Buenos_Aires", "UTC")] == ["Buenos Aires", "UTC"]


@pytest.mark.parametrize(
    ("zone", "letters"),
    [
        ("Europe/Madrid", "CET"),
        ("UTC", "UTC"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("America/Sao_Paulo", "UTC−3"),
    ],
)
def test_a_zone_has_letters_or_its_offset(zone, letters):
    assert abbreviation(datetime(2026, 1, 15, 12, tzinfo=UTC), zone) == letters


def test_night_is_from_ten_to_seven():
    instants = [
        datetime(2026, 1, 15, hour, minute, tzinfo=UTC) for hour, minute in ((21, 59), (22, 0), (6, 59), (7, 0))
    ]

    assert [is_night(instant, "UTC") for instant in instants] == [False, True, True, False]


def test_the_time_of_a_call_in_words_names_day_and_city():
    starts_at = to_utc(wall("2026-03-26 14:00"), "Europe/Madrid")

    assert when_in_words(starts_at, 60, "Europe/Madrid") == "Thursday 26 March 2026, 14:00–15:00 Madrid"
    assert in_zone(starts_at, "Asia/Tokyo").hour == 22
