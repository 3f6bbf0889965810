"""When reminders, thanks and the organizers' week are due, on the wall clock of the call."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import InvalidInput
from app.domain.reminders import are_thanks_due, due_reminder, organizers_week, read_days

MADRID = "Europe/Madrid"
STARTS = datetime(2026, 12, 10, 13, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 11, 1, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def due(now, *, days=(14, 3, 1), starts_at=STARTS, confirmed_at=LONG_AGO):
    return due_reminder(days, starts_at=starts_at, zone=MADRID, confirmed_at=confirmed_at, now=now)


@pytest.mark.parametrize(
    ("text", "days"), [("14, 3, 1", [14, 3, 1]), ("1 3\t14", [14, 3, 1]), ("", []), (" 60 ", [60])]
)
def test_days_are_read_in_their_order(text, days):
    assert read_days(text) == days


@pytest.mark.parametrize("text", ["0", "61", "-1", "3, 3", "three", "1.5", "٣", "9999999", "1,2,3,4,5,6,7"])
def test_other_days_are_refused(text):
    with pytest.raises(InvalidInput) as refused:
        read_days(text)
    assert list(refused.value.errors) == ["reminder_days"]


@pytest.mark.parametrize("days", [14, 3, 1])
def test_each_is_due_at_the_hour_of_the_call_and_a_day_long(days):
    at = STARTS - days * DAY
    assert [due(now, days=(days,)) for now in (at - MINUTE, at, at + DAY - MINUTE)] == [None, days, days]
    assert due(at + DAY + MINUTE, days=(days,)) is None


def test_of_several_the_last_one_holds():
    assert due(STARTS - 2 * DAY, days=(3, 2)) == 2


def test_nothing_is_due_once_the_call_has_begun():
    assert due(STARTS, days=(1,)) is None


def test_what_was_due_before_the_talk_was_confirmed_is_left_out():
    now = STARTS - 3 * DAY + timedelta(hours=1)
    assert (due(now), due(now, confirmed_at=now)) == (3, None)
    assert due(STARTS - DAY, confirmed_at=now) == 1


def test_fourteen_days_are_counted_on_the_wall_clock_when_the_clocks_change():
    starts = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)  # 14:00 in Madrid, in summer time
    at = datetime(2027, 3, 18, 13, 0, tzinfo=UTC)  # 14:00 in Madrid, in winter time
    assert (due(at - MINUTE, starts_at=starts), due(at, starts_at=starts)) == (None, 14)


def test_thanks_are_due_two_days_after_and_for_a_week():
    ends = STARTS + timedelta(hours=1)
    moments = (ends + 2 * DAY - MINUTE, ends + 2 * DAY, ends + 9 * DAY - MINUTE, ends + 9 * DAY)
    assert [are_thanks_due(ends_at=ends, now=now) for now in moments] == [False, True, True, False]


def test_the_organizers_week_is_due_on_mondays_from_seven_on_the_communitys_clock():
    monday = datetime(2026, 12, 28, 6, 0, tzinfo=UTC)  # seven in Madrid
    moments = (monday - MINUTE, monday, monday + timedelta(hours=16), monday + timedelta(hours=17))
    assert [organizers_week(now, MADRID) for now in moments] == [None, "2026-W53", "2026-W53", None]
