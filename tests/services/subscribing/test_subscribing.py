"""Who is mailed has said so by a link in a mail, and is forgotten when they say no or nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, Gone, InvalidInput
from app.domain.publication import Audience
from app.domain.states import MailState
from app.domain.subscriptions import Interests
from app.models import Announcement, AuditEvent, OutboxMessage, Subscription, Topic
from app.services.subscribing import (
    Offer,
    ask_to_subscribe,
    change_interests,
    confirm_subscription,
    expect_open,
    find_own,
    forget_subscribers,
    stop_address,
    stop_refused,
    unsubscribe,
    what_is_offered,
)
from tests.cast import NOW, make_series
from tests.services.subscribing.conftest import kinds

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALL = Interests(all_calls=True)
SOME = Interests(all_calls=False, series=frozenset({"thursday"}), topics=frozenset({"culture"}), day_before=False)
WEEKLY = Interests(all_calls=True, weekly=True)


@pytest.fixture
def mails_leave():
    return True


@pytest.fixture
def ask(session, site, clock):
    def ask(address="nora@example.org", interests=ALL, *, time_zone=""):
        ask_to_subscribe(session, address, interests, time_zone=time_zone, site=site, now=clock.now)

    return ask


@pytest.fixture
def only(session):
    """The one subscription there is."""

    def only():
        return session.scalars(select(Subscription)).one()

    return only


def chosen(subscription):
    return tuple(getattr(subscription, name) for name in ("all_calls", "series", "topics", "weekly", "day_before"))


def test_asking_mails_a_question_and_nothing_else(ask, only, letters):
    ask(" Nora@Example.org ", SOME, time_zone="Asia/Tokyo")
    nora = only()
    assert (nora.email, nora.time_zone, nora.confirmed_at) == ("nora@example.org", "Asia/Tokyo", None)
    assert chosen(nora) == (False, ["thursday"], ["culture"], False, False)
    [letter] = letters()
    assert (letter.kind, letter.to, "/subscribe/confirm/" in letter.text) == ("subscribe", "nora@example.org", True)


def test_an_address_that_is_none_is_refused(ask, session):
    with pytest.raises(InvalidInput) as refusal:
        ask("nora at example.org")
    assert list(refusal.value.errors) == ["email"]
    assert session.scalars(select(Subscription)).all() == []


def test_a_zone_that_is_none_is_that_of_each_series(ask, only):
    ask(time_zone="Mars/Olympus")
    assert only().time_zone == ""
    ask(time_zone="a" * 65)
    assert only().time_zone == ""


def test_who_is_asked_again_may_choose_again_until_they_confirm(ask, only, session, now):
    ask(interests=ALL)
    ask(interests=WEEKLY)
    assert only().weekly
    confirm_subscription(session, only(), now=now)
    ask(interests=SOME)
    assert chosen(only()) == (True, [], [], True, True), "only their own page changes it"


def test_who_is_subscribed_is_told_so_by_mail_alone(ask, only, session, letters, now):
    ask()
    confirm_subscription(session, only(), now=now)
    letters()
    ask()
    [letter] = letters()
    assert (letter.kind, "/subscribe/mine/" in letter.text) == ("subscribed", True)


def test_three_questions_an_hour_and_no_more(ask, letters, clock):
    for _ in range(5):
        ask()
        clock.advance(MINUTE)
    assert kinds(letters()) == [("subscribe", "nora")] * 3
    clock.advance(HOUR)
    ask()
    assert kinds(letters()) == [("subscribe", "nora")]


def test_confirming_begins_it_and_twice_is_no_more(ask, only, session, clock):
    ask()
    confirm_subscription(session, only(), now=clock.now)
    confirm_subscription(session, only(), now=clock.advance(HOUR))
    assert (only().confirmed_at, only().digested_at) == (NOW, NOW)
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions == ["subscription.asked", "subscription.confirmed"]


def test_a_question_is_open_for_seven_days(ask, only, session, clock):
    ask()
    expect_open(only(), now=clock.advance(7 * DAY - MINUTE))
    with pytest.raises(Gone):
        confirm_subscription(session, only(), now=clock.advance(MINUTE))
    assert only().confirmed_at is None


def test_choices_change_where_the_page_was_current(follow, session, site, now):
    nora = follow()
    seen = nora.version
    change_interests(session, nora, SOME, time_zone="Asia/Tokyo", version=seen, site=site, now=now)
    assert (chosen(nora), nora.time_zone) == ((False, ["thursday"], ["culture"], False, False), "Asia/Tokyo")
    with pytest.raises(Conflict):
        change_interests(session, nora, ALL, time_zone="", version=seen, site=site, now=now)


def test_a_weekly_mail_that_begins_later_does_not_repeat_what_was_told(
    follow, calls, call, tell, digest, session, site, clock
):
    nora = follow()
    calls.confirm(call)
    tell()
    change_interests(session, nora, WEEKLY, time_zone="", version=nora.version, site=site, now=clock.now)
    assert digest(datetime(2026, 11, 30, 6, tzinfo=UTC)) == []


def test_what_waited_for_the_weekly_mail_is_mailed_when_there_will_be_none(
    follow, calls, call, tell, digest, letters, session, site, clock
):
    nora = follow(weekly=True)
    calls.confirm(call)
    tell()
    change_interests(session, nora, ALL, time_zone="", version=nora.version, site=site, now=clock.now)
    [letter] = letters()
    assert letter.message.subject == "The week in calls: 1 change, 0 coming up"
    change_interests(session, nora, WEEKLY, time_zone="", version=nora.version, site=site, now=clock.now)
    change_interests(session, nora, ALL, time_zone="", version=nora.version, site=site, now=clock.now)
    assert letters() == []


def test_somebody_whose_mail_is_stopped_may_still_choose(follow, session, site, letters, now):
    nora = follow(weekly=True, stopped_at=now)
    change_interests(session, nora, ALL, time_zone="", version=nora.version, site=site, now=now)
    assert letters() == []


def test_leaving_deletes_the_address_and_every_mail_to_it(follow, calls, call, tell, session, now):
    nora = follow()
    follow("mira@example.org")
    calls.confirm(call)
    tell()
    unsubscribe(session, nora, now=now)
    assert session.scalars(select(Subscription.email)).all() == ["mira@example.org"]
    assert session.scalars(select(OutboxMessage.recipient)).all() == ["mira@example.org"]


def test_an_address_that_bounces_gets_no_more_until_it_is_confirmed_anew(
    follow, ask, calls, call, tell, session, now, letters
):
    nora = follow()
    assert stop_address(session, "nora@example.org", now=now)
    assert not stop_address(session, "nora@example.org", now=now), "it is stopped"
    assert not stop_address(session, "vera@example.org", now=now), "it is not subscribed"
    calls.confirm(call)
    assert tell() == []
    ask(interests=WEEKLY)
    assert kinds(letters()) == [("subscribe", "nora")]
    confirm_subscription(session, nora, now=now)
    assert (nora.stopped_at, nora.weekly) == (None, True)


def test_an_address_that_the_server_refuses_is_stopped(follow, calls, call, tell, session, now):
    nora, mira = follow(), follow("mira@example.org")
    calls.confirm(call)
    tell()
    first = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).first()
    first.state = MailState.PARKED
    assert stop_refused(session, now=now) == 1
    assert stop_refused(session, now=now) == 0
    assert (nora.stopped_at, mira.stopped_at) == (now, None)
    assert session.scalars(select(OutboxMessage.recipient)).all() == ["mira@example.org"]


def test_what_nobody_confirms_or_reads_is_forgotten(follow, ask, session, clock, only):
    follow("one@example.org", stopped_at=NOW)
    ask("two@example.org")
    follow("three@example.org")
    assert forget_subscribers(session, now=NOW + 7 * DAY - MINUTE) == 0
    assert forget_subscribers(session, now=NOW + 7 * DAY) == 1
    assert forget_subscribers(session, now=NOW + 31 * DAY) == 1
    assert only().email == "three@example.org"


def test_what_was_announced_is_forgotten_after_30_days(follow, calls, call, tell, session, clock):
    follow()
    calls.confirm(call)
    tell()
    for mail in session.scalars(select(OutboxMessage)):
        mail.state, mail.sent_at = MailState.SENT, clock.now
    forget_subscribers(session, now=clock.now + 30 * DAY)
    assert len(session.scalars(select(Announcement)).all() + session.scalars(select(OutboxMessage)).all()) == 2
    forget_subscribers(session, now=clock.now + 30 * DAY + MINUTE)
    assert session.scalars(select(Announcement)).all() + session.scalars(select(OutboxMessage)).all() == []


def test_people_find_the_subscription_of_their_own_address(follow, session):
    nora = follow()
    follow("mira@example.org", confirmed_at=None)
    assert [find_own(session, f"{name}@example.org") for name in ("nora", "mira", "vera")] == [nora, None, None]


def test_what_has_ended_or_retired_is_not_offered(session, thursday, now):
    friday = make_series(session, "friday", name="General Member", audience=Audience.MEMBERS)
    make_series(session, "monday", name="Over").ended_on = now.date() - DAY
    session.query(Topic).delete()
    session.add_all([Topic(slug="a", name="A", position=2), Topic(slug="b", name="B", position=1)])
    session.add(Topic(slug="c", name="C", position=3, retired=True))
    assert what_is_offered(session, now=now) == Offer(
        (("thursday", thursday.name), ("friday", f"{friday.name} (for members)")), (("b", "B"), ("a", "A"))
    )
    offer = what_is_offered(session, now=now)
    chosen = offer.check(scope="some", series=["thursday", "monday"], topics=["c"], rhythm="once", day_before="yes")
    assert chosen == Interests(all_calls=False, series=frozenset({"thursday"}))
