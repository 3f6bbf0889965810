"""Dirty calendars, as they come: what can be read is read, and nothing that is wrong takes anything else with it."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.sister_calendars import LeftOut, Noted
from app.fetching.expanding import MOST_EVENTS, Window, expand, known_zone
from app.fetching.expansion import expand_apart
from app.fetching.failures import FetchFailed
from app.fetching.splitting import read_lines, split_calendar

DIRTY = Path(__file__).parents[1] / "fixtures" / "sister_calendars"
START, END = datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
WINDOW = Window(START, END)
SOUND = ("sound", datetime(2026, 12, 3, 14, 0, tzinfo=UTC))


def calendar(*events, head=(), eol="\r\n"):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *head]
    for event in events:
        lines += ["BEGIN:VEVENT", *event, "END:VEVENT"]
    return eol.join([*lines, "END:VCALENDAR", ""]).encode()


def sound():
    return ["UID:sound", "DTSTART:20261203T140000Z", "DTEND:20261203T150000Z", "SUMMARY:A sound event"]


def read(data):
    found = expand(data, WINDOW)
    return [(each.title, f"{each.starts_at:%d %b %H:%M}", each.ends_at - each.starts_at) for each in found.occurrences]


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_calendar_as_google_exports_it():
    data = (DIRTY / "like_google.ics").read_bytes()
    found = expand(data, WINDOW)

    assert read(data) == [
        ("Summit & hack days", "01 Dec 00:00", 2 * DAY),
        ("Office hours", "02 Dec 15:00", HOUR),
        ("Weekly call, a day later and with an eastern speaker", "04 Dec 17:00", HOUR),
        ("Weekly call", "17 Dec 17:00", HOUR),
        ("Weekly call", "24 Dec 17:00", HOUR),
        ("Weekly call", "31 Dec 17:00", HOUR),
    ]
    assert [(each.all_day, each.tentative, each.url) for each in found.occurrences[:3]] == [
        (True, False, "https://sister.example/summit"),
        (False, False, ""),  # the way into their call is not ours to show
        (False, True, ""),
    ]
    assert (found.left_out, found.noted) == ({LeftOut.CANCELLED: 1}, {})
    assert not any(word in repr(found) for word in ("zoom", "pwd", "everybody", "Not the title"))


def test_windows_zones_own_zones_and_zones_that_nobody_knows():
    data = (DIRTY / "windows_zones.ics").read_bytes()
    assert {title: start for title, start, _ in read(data)} == {
        "In a zone of its own": "03 Dec 11:00",
        "Arbeitsgruppe": "03 Dec 13:00",
        "Behind a vendor's path": "03 Dec 13:00",
        "Whose clock?": "03 Dec 14:00",
        "Where is this?": "03 Dec 14:00",
    }
    assert expand(data, WINDOW).noted == {Noted.UNKNOWN_ZONE: 1, Noted.FLOATING: 1}


def test_a_zone_that_nobody_knows_is_the_calendars_own():
    event = ["UID:1", "SUMMARY:Here", "DTSTART;TZID=Middle Earth:20261203T140000", "DURATION:PT1H"]
    found = expand(calendar(event, head=["X-WR-TIMEZONE:Europe/Berlin"]), WINDOW)
    assert [f"{each.starts_at:%H:%M}" for each in found.occurrences] == ["13:00"]
    assert found.noted == {Noted.UNKNOWN_ZONE: 1}


def test_an_own_zone_by_its_windows_name_or_by_none():
    event = ["UID:1", "SUMMARY:Here", "DTSTART:20261203T140000", "DURATION:PT1H"]
    for name, start in (("Tokyo Standard Time", "05:00"), ("Nowhere\\, really", "14:00")):
        found = expand(calendar(event, head=[f"X-WR-TIMEZONE:{name}"]), WINDOW)
        assert [f"{each.starts_at:%H:%M}" for each in found.occurrences] == [start]


def test_a_calendar_written_by_hand_with_all_that_is_wrong():
    data = (DIRTY / "by_hand.ics").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" not in data
    assert read(data) == [
        ("No end and no name", "03 Dec 13:00", timedelta()),
        ("No name either", "03 Dec 13:00", HOUR / 2),
        ("", "04 Dec 00:00", DAY),
        ("Ends before it begins", "05 Dec 13:00", HOUR),
        ("Übersicht; the last", "06 Dec 14:00", HOUR),
    ]
    found = expand(data, WINDOW)
    assert found.left_out[LeftOut.UNREADABLE] == 2
    assert found.noted == {Noted.NO_END: 1, Noted.NO_TITLE: 1}


@pytest.mark.parametrize("eol", ["\n", "\r\n", "\r", "\r\r\n"])
def test_lines_may_end_as_they_like(eol):
    assert read(calendar(sound(), eol=eol)) == [("A sound event", "03 Dec 14:00", HOUR)]


def test_bombs_go_off_in_a_process_of_their_own_and_the_sound_event_is_kept():
    found = expand_apart((DIRTY / "bombs.ics").read_bytes(), start=START, end=END)
    assert [(each.uid, each.starts_at) for each in found.occurrences] == [SOUND]
    assert found.left_out == {LeftOut.SUB_DAILY: 2, LeftOut.TOO_LONG: 2, LeftOut.TOO_SLOW: 2}


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY",
        "FREQ=MINUTELY;INTERVAL=1440",
        "freq=secondly",
        "FREQ=DAILY;BYHOUR=1,2,3,4,5",
        "FREQ=DAILY;BYHOUR=1,2,3;BYSECOND=1,2",
        "INTERVAL=2",
        "nonsense",
    ],
)
def test_rules_for_more_than_four_times_a_day_are_refused_unread(rule):
    found = expand(calendar([*sound(), f"RRULE:{rule}"], sound()[1:]), WINDOW)
    assert (found.left_out[LeftOut.SUB_DAILY], len(found.occurrences)) == (1, 1)


def test_twice_a_day_is_an_honest_rule():
    event = ["UID:1", "DTSTART:20261203T090000Z", "RRULE:FREQ=DAILY;BYHOUR=9,17;COUNT=4", "SUMMARY:Stand-up"]
    assert len(read(calendar(event))) == 4


@pytest.mark.parametrize("length", ["DURATION:P32D", "DURATION:P5W", "DURATION:PT9999999999S", "DURATION:soon"])
def test_what_lasts_more_than_31_days_is_left_out(length):
    found = expand(calendar(["UID:1", "DTSTART:20261203T140000Z", length], sound()), WINDOW)
    assert (found.left_out[LeftOut.TOO_LONG], len(found.occurrences)) == (1, 1)


def test_an_override_that_cannot_be_read_leaves_its_series_and_the_others():
    series = ["UID:s", "DTSTART:20261201T140000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2", "SUMMARY:Daily"]
    broken = ["UID:s", "RECURRENCE-ID:20261202T140000Z", "DTSTART:whenever", "SUMMARY:Daily"]
    found = expand(calendar(series, broken, sound()), WINDOW)
    assert [each.title for each in found.occurrences] == ["Daily", "Daily", "A sound event"]
    assert found.left_out[LeftOut.UNREADABLE] == 1


def single(number, start):
    return [f"UID:{number}", f"DTSTART:{start:%Y%m%dT%H%M%SZ}", "DURATION:PT1H", f"SUMMARY:Event {number}"]


def test_ten_thousand_events_of_which_most_are_over():
    began = datetime(2020, 2, 1, 12, 0)
    events = [single(number, began + timedelta(hours=6 * number)) for number in range(10_000)]
    found = expand_apart(calendar(*events), start=START, end=END)
    assert len(found.occurrences) == 66
    assert found.left_out == {}


def test_more_events_to_come_than_anybody_reads_are_refused_with_the_number():
    events = [single(number, datetime(2026, 12, 1)) for number in range(MOST_EVENTS + 1)]
    with pytest.raises(FetchFailed, match=r"^It holds 5,001 events that are not over; 5,000 are the most\.$"):
        expand_apart(calendar(*events), start=START, end=END)


def test_of_very_many_the_first_2000_are_kept():
    events = [
        ["DTSTART:20261120T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY", f"UID:{number}"] for number in range(40)
    ]
    found = expand(calendar(*events), WINDOW)
    assert len(found.occurrences) == 2000
    assert found.occurrences[-1].starts_at == datetime(2027, 1, 8, 10, 0, tzinfo=UTC)
    assert found.left_out[LeftOut.TOO_MANY] == 40 * 73 - 2000


@pytest.mark.parametrize(
    ("lines", "kept"),
    [
        (["DTSTART:20260901T100000Z", "RRULE:FREQ=WEEKLY;UNTIL=20260915T100000Z"], False),
        (["DTSTART:20260901T100000Z", "RRULE:FREQ=WEEKLY"], True),
        (["DTSTART:20280901T100000Z", "RRULE:FREQ=WEEKLY"], False),
        (["DTSTART:20260901T100000Z", "RDATE:20261203T100000Z"], True),
        (["DTSTART:20260901T100000Z", "RECURRENCE-ID:20261203T100000Z"], True),
        (["DTSTART:20260901T100000Z"], False),
        (["DTSTART:20281001T100000Z"], False),
        (["DTSTART:20261020T100000Z", "DURATION:P31D"], True),
        (["DTSTART:whenever"], True),
    ],
)
def test_only_what_is_over_or_far_off_is_dropped_unread(lines, kept):
    event = split_calendar(calendar(lines)).events[0]
    assert event.is_beyond("20261018", "20270203") != kept


def test_a_process_that_is_out_of_time_is_ended():
    with pytest.raises(FetchFailed, match="more time or memory"):
        expand_apart(calendar(sound()), start=START, end=END, patience=0.001)


def test_the_process_has_ten_seconds_of_work_and_256_mb_and_writes_nothing():
    probe = """
import resource as r, app.fetching.child as child
child._take_limits()
print([r.getrlimit(each)[1] for each in (r.RLIMIT_CPU, r.RLIMIT_AS, r.RLIMIT_FSIZE, r.RLIMIT_NPROC)])
try: bytearray(300 << 20)
except MemoryError: print("full")
"""
    done = subprocess.run(
        [sys.executable, "-c", probe], check=True, capture_output=True, text=True, cwd=DIRTY.parents[2]
    )
    assert done.stdout.splitlines() == ["[10, 268435456, 0, 0]", "full"]


PIECES = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:VALARM", "BEGIN:X", "END:X", "END:"),
        *(
            "UID:1",
            "DTSTART:20261203T140000",
            "DTSTART;VALUE=DATE:20261203",
            "DTSTART;TZID=Europe/Berlin:2026",
            "DTEND:",
        ),
        *("RRULE:FREQ=DAILY;COUNT=3", "RRULE:FREQ=YEARLY;BYDAY=9MO", "RRULE:FREQ=DAILY;UNTIL=x", "EXDATE:,", "RDATE:x"),
        *("RECURRENCE-ID:20261203T140000", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261203", "STATUS:TENTATIVE", " fold"),
        *("SUMMARY:\\n\\,\\;\\", 'X-A;B="c:d":e', "DURATION:-PT1H", "URL:javascript:alert(1)", "TZID:Own", "nonsense"),
    ]
)


@settings(max_examples=150)
@given(st.lists(PIECES | st.text(max_size=20).filter(lambda text: "sound" not in text), max_size=25))
def test_whatever_stands_around_a_sound_event_is_read(junk):
    data = "\r\n".join(["BEGIN:VCALENDAR", *junk, "BEGIN:VEVENT", *sound(), "END:VEVENT", *junk, "END:VCALENDAR"])
    found = expand(data.encode("utf-8", "surrogatepass"), WINDOW)
    assert SOUND in [(each.uid, each.starts_at) for each in found.occurrences]


@given(st.binary(max_size=300))
def test_no_bytes_upset_it(data):
    list(read_lines(data))
    assert expand(data, WINDOW).occurrences == ()


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ('"Europe/Berlin"', "Europe/Berlin"),
        ("/mozilla.org/20050126_1/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("Pacific Standard Time", "America/Los_Angeles"),
        ("UTC", "UTC"),
        ("", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_names_of_zones(name, zone):
    assert known_zone(name) == zone
