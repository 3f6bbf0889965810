"""Cadences: what the menu can say, what it refuses, and the dates it gives on both sides of every change of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cadence import (
    HORIZON,
    LAST,
    NTHS,
    WEEKS,
    Cadence,
    Occurrence,
    Rule,
    cadence_in_words,
    dates,
    from_rrule,
    next_occurrences,
    occurrences,
    rule_in_force,
    to_rrule,
)
from app.domain.errors import RuleViolation
from app.domain.localtime import to_utc

wall = datetime.fromisoformat
MONDAY, THURSDAY, FRIDAY, SUNDAY = 1, 4, 5, 7
weekly = st.builds(Cadence, st.integers(1, 7), weeks=st.sampled_from(WEEKS))
monthly = st.builds(
    Cadence,
    st.integers(1, 7),
    nths=st.sets(st.sampled_from(NTHS), min_size=1).map(lambda chosen: tuple(nth for nth in NTHS if nth in chosen)),
)
cadences = weekly | monthly
days = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def rule(
    cadence: Cadence, *, valid_from: date = date(2026, 1, 1), start: time = time(14), zone: str = "Europe/Madrid"
) -> Rule:
    return Rule(valid_from, cadence, start, 60, zone)


def days_of(found: list[Occurrence]) -> list[date]:
    return [occurrence.date for occurrence in found]


@pytest.mark.parametrize(
    ("cadence", "text", "words"),
    [
        (Cadence(THURSDAY, weeks=1), "FREQ=WEEKLY;INTERVAL=1;BYDAY=TH", "Every Thursday"),
        (Cadence(FRIDAY, weeks=2), "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "Every 2nd Friday"),
        (Cadence(MONDAY, weeks=3), "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO", "Monday, every 3 weeks"),
        (Cadence(SUNDAY, weeks=4), "FREQ=WEEKLY;INTERVAL=4;BYDAY=SU", "Sunday, every 4 weeks"),
        (Cadence(THURSDAY, nths=(2,)), "FREQ=MONTHLY;BYDAY=2TH", "2nd Thursday"),
        (Cadence(FRIDAY, nths=(1, 3)), "FREQ=MONTHLY;BYDAY=1FR,3FR", "1st & 3rd Friday"),
        (Cadence(MONDAY, nths=(LAST,)), "FREQ=MONTHLY;BYDAY=-1MO", "Last Monday"),
        (Cadence(MONDAY, nths=(1, 4, LAST)), "FREQ=MONTHLY;BYDAY=1MO,4MO,-1MO", "1st, 4th & last Monday"),
        (Cadence(THURSDAY, nths=(5,)), "FREQ=MONTHLY;BYDAY=5TH", "5th Thursday"),
    ],
)
def test_each_choice_of_the_menu_has_its_rrule_and_its_words(cadence, text, words):
    assert (to_rrule(cadence), from_rrule(text), cadence_in_words(cadence)) == (text, cadence, words)


@given(cadences)
def test_the_text_of_every_choice_reads_back_as_that_choice(cadence):
    assert from_rrule(to_rrule(cadence)) == cadence


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FREQ=SECONDLY",
        "FREQ=DAILY;INTERVAL=1",
        "FREQ=WEEKLY;INTERVAL=5;BYDAY=TH",
        "FREQ=WEEKLY;INTERVAL=0;BYDAY=TH",
        "FREQ=WEEKLY;INTERVAL=٢;BYDAY=TH",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH\n",
        "FREQ=MONTHLY;BYDAY=6TH",
        "FREQ=MONTHLY;BYDAY=TH",
        "FREQ=MONTHLY;BYDAY=1TH,3FR",
        "FREQ=MONTHLY;BYDAY=3TH,1TH",
        "FREQ=MONTHLY;BYDAY=1TH,1TH",
        "FREQ=MONTHLY;BYDAY=1TH;COUNT=3",
        "FREQ=MONTHLY;BYDAY=1TH,--1TH",
        "RRULE:FREQ=MONTHLY;BYDAY=1TH",
        "freq=monthly;byday=1th",
    ],
)
def test_text_that_the_menu_cannot_make_is_refused(text):
    with pytest.raises(ValueError, match="menu"):
        from_rrule(text)


@pytest.mark.parametrize(
    "choice",
    [
        {"weekday": 0, "weeks": 1},
        {"weekday": 8, "weeks": 1},
        {"weekday": 4},
        {"weekday": 4, "weeks": 5},
        {"weekday": 4, "weeks": 1, "nths": (1,)},
        {"weekday": 4, "nths": (6,)},
        {"weekday": 4, "nths": (3, 1)},
    ],
)
def test_a_cadence_off_the_menu_cannot_be_made(choice):
    with pytest.raises(ValueError, match="menu"):
        Cadence(**choice)


def test_a_rule_says_itself_in_words():
    assert rule(Cadence(THURSDAY, nths=(2,))).in_words == "2nd Thursday, 14:00 Madrid"


@pytest.mark.parametrize("valid_from", [date(2026, 3, day) for day in range(2, 6)])
def test_every_second_week_counts_from_the_first_such_weekday_on_or_after_the_rule_begins(valid_from):
    found = dates(
        rule(Cadence(THURSDAY, weeks=2), valid_from=valid_from), after=date(2026, 3, 1), until=date(2026, 4, 10)
    )

    assert found == [wall("2026-03-05 14:00"), wall("2026-03-19 14:00"), wall("2026-04-02 14:00")]


def test_a_rule_that_begins_after_its_weekday_starts_the_week_after_and_not_a_whole_turn_later():
    found = dates(
        rule(Cadence(THURSDAY, weeks=2), valid_from=date(2026, 3, 6)), after=date(2026, 1, 1), until=date(2026, 4, 1)
    )

    assert found == [wall("2026-03-12 14:00"), wall("2026-03-26 14:00")]


def test_the_count_of_weeks_does_not_depend_on_the_day_one_looks_from():
    fortnightly = rule(Cadence(FRIDAY, weeks=2))
    whole = dates(fortnightly, after=date(2026, 1, 1), until=date(2026, 12, 31))

    assert dates(fortnightly, after=date(2026, 8, 12), until=date(2026, 12, 31)) == [
        start for start in whole if start.date() > date(2026, 8, 12)
    ]


def test_the_day_looked_from_is_left_out_and_the_last_day_is_in():
    thursdays = rule(Cadence(THURSDAY, weeks=1))

    assert dates(thursdays, after=date(2026, 3, 5), until=date(2026, 3, 19)) == [
        wall("2026-03-12 14:00"),
        wall("2026-03-19 14:00"),
    ]


def test_months_without_a_fifth_thursday_rest():
    fifth = rule(Cadence(THURSDAY, nths=(5,)))

    assert [start.date() for start in dates(fifth, after=date(2025, 12, 31), until=date(2026, 12, 31))] == [
        date(2026, 1, 29),
        date(2026, 4, 30),
        date(2026, 7, 30),
        date(2026, 10, 29),
        date(2026, 12, 31),
    ]


def test_a_fourth_thursday_that_is_also_the_last_is_one_call():
    both = rule(Cadence(THURSDAY, nths=(4, LAST)))

    assert [start.date() for start in dates(both, after=date(2026, 1, 31), until=date(2026, 4, 30))] == [
        date(2026, 2, 26),
        date(2026, 3, 26),
        date(2026, 4, 23),
        date(2026, 4, 30),
    ]


@pytest.mark.parametrize(
    ("zone", "cadence", "looked_at", "hours"),
    [
        # Europe changes on 29 March and 25 October 2026, on 28 March and 31 October 2027.
        ("Europe/Madrid", Cadence(THURSDAY, weeks=1), (date(2026, 3, 25), date(2026, 4, 2)), [13, 12]),
        ("Europe/Madrid", Cadence(THURSDAY, weeks=1), (date(2026, 10, 21), date(2026, 10, 29)), [12, 13]),
        ("Europe/Madrid", Cadence(THURSDAY, weeks=1), (date(2027, 3, 24), date(2027, 4, 1)), [13, 12]),
        ("Europe/Madrid", Cadence(THURSDAY, weeks=1), (date(2027, 10, 27), date(2027, 11, 4)), [12, 13]),
        # The United States on 8 March and 1 November 2026, on 14 March and 7 November 2027.
        ("America/New_York", Cadence(FRIDAY, weeks=1), (date(2026, 3, 5), date(2026, 3, 13)), [19, 18]),
        ("America/New_York", Cadence(FRIDAY, weeks=1), (date(2026, 10, 29), date(2026, 11, 6)), [18, 19]),
        ("America/New_York", Cadence(FRIDAY, weeks=1), (date(2027, 3, 11), date(2027, 3, 19)), [19, 18]),
        ("America/New_York", Cadence(FRIDAY, weeks=1), (date(2027, 11, 4), date(2027, 11, 12)), [18, 19]),
        ("Asia/Tokyo", Cadence(FRIDAY, weeks=1), (date(2026, 3, 5), date(2026, 3, 13)), [5, 5]),
    ],
)
def test_the_local_hour_stays_and_the_utc_hour_follows_the_clocks(zone, cadence, looked_at, hours):
    after, until = looked_at
    found = dates(rule(cadence, zone=zone), after=after, until=until)

    assert [start.hour for start in found] == [14, 14]
    assert [to_utc(start, zone).hour for start in found] == hours


def test_a_change_of_rule_keeps_the_dates_before_it():
    rules = [
        rule(Cadence(THURSDAY, nths=(2,))),
        rule(Cadence(FRIDAY, nths=(1, 3)), valid_from=date(2026, 3, 6), start=time(17, 30)),
        rule(Cadence(MONDAY, weeks=2), valid_from=date(2026, 4, 1)),
    ]

    found = occurrences(rules, after=date(2025, 12, 31), until=date(2026, 4, 20))

    assert found == [
        Occurrence(rules[0], date(2026, 1, 8)),
        Occurrence(rules[0], date(2026, 2, 12)),
        Occurrence(rules[1], date(2026, 3, 6)),
        Occurrence(rules[1], date(2026, 3, 20)),
        Occurrence(rules[2], date(2026, 4, 6)),
        Occurrence(rules[2], date(2026, 4, 20)),
    ]
    assert found[2].wall == wall("2026-03-06 17:30")


def test_the_next_twelve_dates_cross_a_change_of_rule():
    rules = [rule(Cadence(THURSDAY, nths=(2,))), rule(Cadence(THURSDAY, nths=(1,)), valid_from=date(2026, 7, 1))]

    found = next_occurrences(rules, after=date(2026, 2, 12))

    assert days_of(found) == [
        *(date(2026, month, day) for month, day in ((3, 12), (4, 9), (5, 14), (6, 11))),
        *(date(2026, month, day) for month, day in ((7, 2), (8, 6), (9, 3), (10, 1), (11, 5), (12, 3))),
        *(date(2027, month, day) for month, day in ((1, 7), (2, 4))),
    ]


def test_without_a_rule_there_are_no_dates():
    assert next_occurrences([], after=date(2026, 1, 1)) == []
    assert occurrences([], after=date(2026, 1, 1), until=date(2026, 12, 1)) == []


def test_planning_beyond_the_horizon_is_refused():
    today = date(2026, 1, 1)

    assert occurrences([], after=today, until=today + HORIZON) == []
    with pytest.raises(RuleViolation, match="24 months"):
        occurrences([], after=today, until=today + HORIZON + timedelta(days=1))


def test_the_rule_in_force_is_the_latest_that_has_begun():
    rules = [rule(Cadence(THURSDAY, nths=(2,))), rule(Cadence(THURSDAY, nths=(1,)), valid_from=date(2026, 7, 1))]

    assert rule_in_force(rules, on=date(2025, 12, 31)) is None
    assert rule_in_force(rules, on=date(2026, 6, 30)) == rules[0]
    assert rule_in_force(rules, on=date(2026, 7, 1)) == rules[1]


@given(cadences, days, st.integers(0, 700))
def test_every_date_is_on_the_weekday_in_the_window_and_once(cadence, valid_from, length):
    after = valid_from + timedelta(days=17)
    until = after + timedelta(days=length)

    found = days_of(occurrences([rule(cadence, valid_from=valid_from)], after=after, until=until))

    assert {day.isoweekday() for day in found} <= {cadence.weekday}
    assert all(after < day <= until for day in found)
    assert found == sorted(set(found))


@given(weekly, days)
def test_weekly_dates_are_exactly_the_chosen_weeks_apart_from_the_first_on(cadence, valid_from):
    found = days_of(next_occurrences([rule(cadence, valid_from=valid_from)], after=valid_from - timedelta(days=1)))

    assert 0 <= (found[0] - valid_from).days < 7
    assert {later - earlier for earlier, later in pairwise(found)} == {timedelta(weeks=cadence.weeks)}


@given(monthly, days)
def test_monthly_dates_are_the_chosen_ones_of_their_month(cadence, valid_from):
    for day in days_of(next_occurrences([rule(cadence, valid_from=valid_from)], after=valid_from)):
        nth = (day.day + 6) // 7
        is_last = (day + timedelta(days=7)).month != day.month
        assert nth in cadence.nths or (is_last and LAST in cadence.nths)


@given(cadences, days, st.sampled_from(["Europe/Madrid", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"]))
def test_a_midday_call_is_at_midday_on_the_wall_of_its_zone_whatever_the_season(cadence, valid_from, zone):
    for occurrence in next_occurrences(
        [rule(cadence, valid_from=valid_from, start=time(12, 15), zone=zone)], after=valid_from
    ):
        instant = to_utc(occurrence.wall, zone)
        assert instant.tzinfo is UTC
        assert instant.astimezone(ZoneInfo(zone)).time() == time(12, 15)
