"""The weekly mail says what changed since the last one, once, and what is coming."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.publication import Audience
from app.models import Publication, Subscription
from app.services.announcing import plan_reminders
from app.services.digesting import digest_next
from app.services.subscribing import unsubscribe
from tests.cast import make_person, make_series, make_touchpoint
from tests.services.subscribing.conftest import kinds

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST_MONDAY, SECOND_MONDAY, THIRD_MONDAY = (
    datetime(2026, 11, 30, 6, tzinfo=UTC) + week * 7 * DAY for week in (0, 1, 2)
)
WAS = "Thursday 17 December 2026, 14:00–15:00 Madrid (CET)"
NOW = "Friday 18 December 2026, 14:00–15:00 Madrid (CET)"


@pytest.fixture
def mails_leave():
    return True


@pytest.fixture
def weekly(follow):
    return follow(weekly=True)


def test_the_changes_of_a_call_are_one_line_from_how_it_was_to_how_it_is(weekly, calls, call, tell, digest):
    calls.confirm(call)
    tell()
    [first] = digest(FIRST_MONDAY)
    assert (first.kind, first.message.subject) == ("digest", "The week in calls: 1 change, 0 coming up")
    named = "New: Upstream first, with Sam Speaker, Kestrel Works\n           Europe Chapter and OSPOlogy\n"
    assert f"{named}           {WAS}\n" in first.text
    for step in ({"days": 5}, {"days": -4}):
        calls.move(call, **step)
        assert tell() == []
    [second] = digest(SECOND_MONDAY)
    assert second.message.subject == "The week in calls: 1 change, 1 coming up"
    assert f"      was: {WAS}\n      now: {NOW}\n" in second.text
    assert second.text.count("was:") == 1
    [third] = digest(THIRD_MONDAY)
    assert third.message.subject == "The week in calls: 0 changes, 1 coming up"


def test_each_week_has_one_mail(weekly, calls, call, tell, digest):
    calls.confirm(call)
    tell()
    assert kinds(digest(FIRST_MONDAY)) == [("digest", "nora")]
    assert digest(FIRST_MONDAY) == []
    assert digest(FIRST_MONDAY + 6 * DAY) == []


def test_nothing_to_read_is_no_mail(weekly, calls, call, digest, session):
    assert digest(FIRST_MONDAY) == []
    session.refresh(weekly)
    assert weekly.digested_at == FIRST_MONDAY


def test_who_hears_at_once_has_no_weekly_mail(follow, calls, call, tell, digest):
    follow()
    calls.confirm(call)
    tell()
    assert digest(SECOND_MONDAY) == []


def test_a_way_there_and_back_in_a_week_is_no_change(weekly, calls, call, tell, digest):
    calls.confirm(call)
    tell()
    digest(FIRST_MONDAY)
    for step in ({"days": 5}, {"days": -5}):
        calls.move(call, **step)
        tell()
    assert "was:" not in "".join(letter.text for letter in digest(SECOND_MONDAY))


def test_a_cancelled_call_is_told_with_its_date_and_why(weekly, calls, call, tell, digest):
    calls.confirm(call)
    tell()
    digest(FIRST_MONDAY)
    calls.skip(call)
    tell()
    [letter] = digest(SECOND_MONDAY)
    named = "Cancelled: Europe Chapter and OSPOlogy\n           Europe Chapter and OSPOlogy\n"
    assert f"{named}           {WAS}\n           Public holiday.\n" in letter.text


def test_what_was_told_at_once_is_not_told_again(weekly, calls, call, tell, digest, clock, session):
    calls.confirm(call)
    tell()
    digest(SECOND_MONDAY)
    clock.now = call.starts_at - DAY + MINUTE
    calls.skip(call)
    assert kinds(tell()) == [("call_cancelled", "nora")]
    clock.now = call.starts_at - DAY + 2 * MINUTE
    assert plan_reminders(session, now=clock.now) == 0
    assert digest(datetime(2026, 12, 21, 6, tzinfo=UTC)) == []


def test_the_weekly_mail_waits_for_what_is_on_its_way(weekly, calls, call, tell, digest):
    calls.confirm(call)
    assert digest(FIRST_MONDAY) == []
    tell()
    assert kinds(digest(FIRST_MONDAY + 10 * MINUTE)) == [("digest", "nora")]


def test_a_batch_at_a_time_and_everyone_once(follow, calls, call, tell, digest):
    for number in range(5):
        follow(f"reader{number}@example.org", weekly=True)
    calls.confirm(call)
    tell()
    assert kinds(digest(FIRST_MONDAY, batch=2)) == [("digest", f"reader{number}") for number in range(5)]


def test_members_calls_are_in_the_mails_of_members_alone(follow, calls, tell, digest, session):
    friday = make_series(session, "friday", name="General Member", audience=Audience.MEMBERS)
    call = make_touchpoint(session, friday, datetime(2026, 12, 4, 17, 30))
    make_person(session, "Mira Member", role=Role.MEMBER)
    follow("mira@example.org", weekly=True), follow("nora@example.org", weekly=True)
    calls.confirm(call)
    tell()
    [letter] = digest(FIRST_MONDAY)
    assert (letter.to, letter.message.subject) == ("mira@example.org", "The week in calls: 1 change, 1 coming up")


def test_a_call_that_nobody_can_read_is_left_out(weekly, calls, call, tell, digest, session):
    calls.confirm(call)
    tell()
    session.scalars(select(Publication)).one().value = {}
    assert digest(FIRST_MONDAY) == []


def test_who_leaves_while_the_mails_are_written_gets_none(
    weekly, calls, call, tell, session, site, clock, letters, meanwhile
):
    calls.confirm(call)
    tell()
    nora = weekly.id
    clock.now = FIRST_MONDAY
    meanwhile(lambda other: unsubscribe(other, other.get(Subscription, nora), now=clock.now))
    assert digest_next(session, site=site, now=clock.now)
    assert not digest_next(session, site=site, now=clock.now)
    assert letters() == []
