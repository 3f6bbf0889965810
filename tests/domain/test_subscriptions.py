"""What becomes of a call, who wants to hear of it, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.attribution import PublicText
from app.domain.errors import InvalidInput
from app.domain.publication import Audience, PublicDetail
from app.domain.revision import PublicStatus
from app.domain.subscriptions import (
    Event,
    Interests,
    Step,
    check_interests,
    concerns,
    due_time,
    event_between,
    is_over,
    is_reminded_anew,
    is_urgent,
    last_digest_time,
    reaches_more,
    unheard,
)
from tests.public_values import CALL, TALK

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY, HOUR, SETTLE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=5)
PLANNED = replace(CALL, status=PublicStatus.PLANNED, talks=())
CANCELLED = replace(CALL, status=PublicStatus.CANCELLED, talks=())
MOVED = replace(CALL, starts_at=CALL.starts_at + DAY)
CHOSEN = {
    "scope": "some",
    "series": ["thursday"],
    "topics": ["tooling"],
    "rhythm": "once",
    "day_before": "yes",
    "known_series": ["thursday", "friday"],
    "known_topics": ["tooling"],
}


def at(*before_start):
    """The call, that much after the present."""
    return replace(CALL, starts_at=NOW + sum(before_start, timedelta()))


def test_choices_become_interests():
    assert check_interests(**CHOSEN) == Interests(
        all_calls=False, series=frozenset({"thursday"}), topics=frozenset({"tooling"}), weekly=False, day_before=True
    )
    assert check_interests(**CHOSEN | {"scope": "all", "rhythm": "weekly", "day_before": "no"}) == Interests(
        all_calls=True, weekly=True, day_before=False
    )


def test_what_is_not_offered_cannot_be_chosen():
    strange = CHOSEN | {"series": ["thursday", "secret"], "topics": ["other"]}
    assert check_interests(**strange).series == {"thursday"}
    assert check_interests(**strange).topics == frozenset()


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"scope": ""}, ["scope"]),
        ({"series": [], "topics": []}, ["series"]),
        ({"series": ["secret"], "topics": []}, ["series"]),
        ({"rhythm": "hourly"}, ["rhythm"]),
        ({"day_before": ""}, ["day_before"]),
        ({"scope": "x", "rhythm": "", "day_before": ""}, ["scope", "rhythm", "day_before"]),
    ],
)
def test_choices_that_say_nothing_are_asked_for(changes, fields):
    with pytest.raises(InvalidInput) as refusal:
        check_interests(**CHOSEN | changes)
    assert list(refusal.value.errors) == fields


@pytest.mark.parametrize(
    ("before", "after", "event"),
    [
        (None, PLANNED, None),
        (None, CALL, Event.PUBLISHED),
        (PLANNED, CALL, Event.PUBLISHED),
        (CALL, CALL, None),
        (CALL, replace(CALL, talks=(TALK,)), None),
        (CALL, MOVED, Event.MOVED),
        (CALL, replace(CALL, minutes=90), Event.MOVED),
        (CALL, CANCELLED, Event.CANCELLED),
        (CANCELLED, CANCELLED, None),
        (CANCELLED, CALL, Event.RESTORED),
        (CANCELLED, MOVED, Event.MOVED),
        (PLANNED, CANCELLED, None),
    ],
)
def test_what_became_of_a_call(before, after, event):
    assert event_between(before, after) is event


def test_a_subscriber_hears_of_what_they_chose():
    by_series, by_topic = (
        Interests(all_calls=False, series=frozenset({"s"})),
        Interests(False, topics=frozenset({"Upstream"})),
    )
    nothing_of_it = Interests(False, frozenset({"friday"}), frozenset({"Tooling"}))
    assert [concerns(each, None, CALL, is_member=False) for each in (by_series, by_topic, nothing_of_it)] == [
        True,
        True,
        False,
    ]
    assert concerns(Interests(all_calls=True), CALL, is_member=False)
    assert concerns(by_topic, CALL, CANCELLED, is_member=False), "it was on their topic"
    assert not concerns(by_topic, CANCELLED, is_member=False)


def test_of_members_calls_only_members_hear():
    series = replace(CALL.series, audience=Audience.MEMBERS, detail=PublicDetail.TITLE_AND_TIME)
    closed = replace(CALL, series=series)
    everything = Interests(all_calls=True)
    assert [concerns(everything, closed, is_member=member) for member in (False, True)] == [False, True]
    assert not concerns(everything, CALL, closed, is_member=False), "it is closed by now"
    assert concerns(everything, closed, CALL, is_member=False)


def test_a_topic_more_is_news_for_whoever_follows_it():
    other = replace(CALL, talks=(replace(TALK, topics=(PublicText("Tooling"),)),))
    assert [reaches_more(*pair) for pair in ((None, CALL), (CALL, other), (CALL, CALL), (CALL, CANCELLED))] == [
        True,
        True,
        False,
        False,
    ]


def test_nobody_hears_of_what_is_over_on_every_date():
    past, coming = at(-HOUR), at(HOUR)
    assert [is_over(*pair, now=NOW) for pair in ((None, past), (past, past), (past, coming), (coming, past))] == [
        True,
        True,
        False,
        False,
    ]


def test_a_change_is_urgent_within_24_hours_of_either_date():
    soon, later = at(DAY), at(DAY, timedelta(seconds=1))
    assert [is_urgent(*pair, now=NOW) for pair in ((None, soon), (soon, later), (later, soon), (later, later))] == [
        True,
        True,
        True,
        False,
    ]
    assert not is_urgent(None, at(-HOUR), now=NOW)


def test_a_change_settles_unless_the_call_is_within_the_hour():
    assert due_time(None, at(2 * HOUR), settle=SETTLE, now=NOW) == NOW + SETTLE
    assert due_time(None, at(HOUR), settle=SETTLE, now=NOW) == NOW
    assert due_time(at(HOUR), at(DAY), settle=SETTLE, now=NOW) == NOW
    assert due_time(at(-HOUR), at(DAY), settle=SETTLE, now=NOW) == NOW + SETTLE


def test_a_call_is_reminded_of_again_only_a_day_from_where_it_was():
    moved = [CALL.starts_at + step for step in (HOUR, -HOUR, DAY, -DAY)]
    assert [is_reminded_anew(start, reminded_of=CALL.starts_at) for start in moved] == [False, False, True, True]


def step(*, urgent=False, reached=0, done_at=None):
    return Step(CALL, MOVED, urgent, reached, done_at)


def heard_until(steps, *, subscriber=5, weekly=False):
    return len(steps) - len(unheard(steps, subscriber=subscriber, weekly=weekly, since=NOW))


def test_whoever_hears_at_once_has_heard_what_reached_them():
    done, under_way, fresh = step(done_at=NOW + DAY), step(reached=5), step()
    assert heard_until([done, under_way, fresh], subscriber=5) == 2
    assert heard_until([done, under_way, fresh], subscriber=6) == 1
    assert heard_until([]) == 0


def test_whoever_reads_weekly_has_heard_what_was_urgent_or_in_a_mail():
    in_a_mail, waits, urgent = step(done_at=NOW), step(done_at=NOW + DAY), step(urgent=True, done_at=NOW + DAY)
    assert heard_until([in_a_mail, waits], weekly=True) == 1
    assert heard_until([in_a_mail, waits, urgent, waits], weekly=True) == 3
    assert heard_until([step(urgent=True, reached=5)], weekly=True) == 1
    assert heard_until([step(reached=5)], weekly=True) == 0


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-11-23T06:00", "2026-11-23T06:00"),
        ("2026-11-23T05:59", "2026-11-16T06:00"),
        ("2026-11-29T23:59", "2026-11-23T06:00"),
    ],
)
def test_the_week_begins_on_monday_at_six(now, monday):
    at = datetime.fromisoformat
    assert last_digest_time(at(now).replace(tzinfo=UTC)) == at(monday).replace(tzinfo=UTC)
