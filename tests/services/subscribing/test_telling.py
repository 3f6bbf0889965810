"""Each subscriber hears of each change of a call once, whatever happens in between."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.revision import PublicStatus
from app.models import Announcement, Publication, Subscription, Talk, Topic, Touchpoint
from app.services.announcing import plan_reminders
from app.services.publishing import publish_series
from app.services.subscribing import unsubscribe
from app.services.telling import tell_next
from tests.cast import make_person, make_series, make_speaker, make_touchpoint
from tests.services.subscribing.conftest import Calls, kinds

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MADRID_WAS = "Thursday 17 December 2026, 14:00–15:00 Madrid (CET)"
MADRID_NOW = "Friday 18 December 2026, 14:00–15:00 Madrid (CET)"


@pytest.fixture
def mails_leave():
    return True


@pytest.fixture
def topic(session):
    topic = Topic(slug="testing", name="Testing", position=9)
    session.add(topic)
    return topic


def test_a_new_call_is_told_after_the_settle_time(calls, call, follow, tell):
    follow()
    calls.confirm(call)
    assert tell(after=4 * MINUTE) == []
    [letter] = tell(after=MINUTE)
    assert (letter.kind, letter.to, letter.message.subject) == (
        "call_published",
        "nora@example.org",
        "New call on Thursday 17 December: Upstream first",
    )
    assert f"When:      {MADRID_WAS}\n" in letter.text
    assert tell() == []


def test_a_move_says_was_and_now_on_the_clocks_of_the_call_and_of_the_reader(calls, call, follow, tell):
    follow("mira@example.org"), follow(time_zone="Asia/Tokyo")
    calls.confirm(call)
    tell()
    calls.move(call, days=1)
    mira, nora = tell()
    assert kinds([mira, nora]) == [("call_moved", "mira"), ("call_moved", "nora")]
    assert f"When\n  was: {MADRID_WAS}\n  now: {MADRID_NOW}\n" in mira.text
    assert (
        "For you\n"
        "  was: Thursday 17 December 2026, 22:00–23:00 Tokyo (JST)\n"
        "  now: Friday 18 December 2026, 22:00–23:00 Tokyo (JST)\n"
        f"For the call\n  was: {MADRID_WAS}\n  now: {MADRID_NOW}\n"
    ) in nora.text


def test_a_cancellation_says_when_it_would_have_been_and_why(calls, call, follow, tell):
    follow()
    calls.confirm(call)
    tell()
    calls.skip(call)
    [letter] = tell()
    assert letter.message.subject == "Cancelled: Europe Chapter and OSPOlogy, Thursday 17 December"
    assert f"Was:       {MADRID_WAS}\nWhy:       Public holiday.\n" in letter.text
    assert "Upstream first" not in letter.text


def test_a_call_that_takes_place_after_all_is_told(calls, call, follow, tell):
    follow()
    calls.confirm(call)
    calls.skip(call)
    assert tell() == [], "nobody knew of it"
    calls.restore(call)
    assert kinds(tell()) == [("call_published", "nora")]
    calls.skip(call)
    tell()
    calls.restore(call)
    [letter] = tell()
    assert (letter.kind, "It takes place after all:" in letter.text) == ("call_published", True)


def test_a_cancelled_call_on_another_date_is_a_move_from_the_date_that_was_announced(calls, call, follow, tell):
    follow()
    talk = calls.confirm(call)
    tell()
    calls.withdraw(talk)
    calls.move(call, days=7)
    [letter] = tell()
    assert (letter.kind, "Another date is planned" in letter.text) == ("call_cancelled", True)
    calls.move(call, days=-6)
    assert tell() == [], "it is cancelled still"
    calls.confirm(call)
    [letter] = tell()
    assert f"was: {MADRID_WAS}\n  now: {MADRID_NOW}\n" in letter.text


def test_a_move_and_its_way_back_within_the_settle_time_tell_nothing(calls, call, follow, tell, session):
    follow()
    calls.confirm(call)
    tell()
    calls.move(call, days=1)
    calls.move(call, days=-1)
    assert tell() == []
    assert [row.done_at is not None for row in session.scalars(select(Announcement))] == [True], "only the first"


def test_several_changes_within_the_settle_time_are_one_mail(calls, call, follow, tell):
    follow()
    calls.confirm(call)
    tell()
    for step in ({"days": 3}, {"hours": 2}, {"days": -2}, {"hours": -2}):
        calls.move(call, **step)
    [letter] = tell()
    assert f"was: {MADRID_WAS}\n  now: {MADRID_NOW}\n" in letter.text


def test_a_correction_of_words_is_not_announced(calls, call, follow, tell, session):
    follow()
    talk = calls.confirm(call)
    tell()
    talk.proposal.title = "Upstream second"
    calls.publish(call)
    assert tell() == []
    assert len(session.scalars(select(Announcement)).all()) == 1


def test_mails_say_what_is_public_when_they_are_written(calls, call, follow, tell):
    follow()
    talk = calls.confirm(call)
    talk.proposal.title = "A better title"
    talk.confirmations[0].attribution = Attribution.NONE
    calls.publish(call)
    [letter] = tell()
    assert "Talk:      A better title, with A speaker" in letter.text, letter.text
    assert "Sam" not in letter.message.html + letter.text
    assert "Kestrel" not in letter.message.html + letter.text


def test_announcements_keep_no_words_of_speakers(calls, call, session, topic):
    talk = calls.confirm(call, "A title", speakers=(make_speaker("Sam Speaker"),))
    talk.proposal.topics.append(topic)
    calls.publish(call)
    [row] = session.scalars(select(Announcement))
    assert "A title" not in str(row.after)
    assert "Sam" not in str(row.after)
    assert row.after["talks"][0]["topics"] == ["Testing"]


def test_one_mail_to_whoever_follows_the_series_and_two_topics_of_it(calls, call, follow, tell, topic):
    follow(series=["thursday"], topics=["testing", "culture"])
    talk = calls.confirm(call)
    talk.proposal.topics.append(topic)
    calls.publish(call)
    assert kinds(tell()) == [("call_published", "nora")]


def test_whoever_follows_something_else_hears_nothing(calls, call, follow, tell, topic):
    follow("olu@example.org", series=["friday"]), follow("vera@example.org", topics=["testing", "gone"])
    calls.confirm(call)
    assert tell() == []


def test_a_talk_on_a_topic_makes_the_call_new_for_its_followers(calls, call, follow, tell, topic):
    follow("mira@example.org"), follow("vera@example.org", topics=["testing"])
    first = calls.confirm(call, minutes=10)
    assert kinds(tell()) == [("call_published", "mira")]
    first.proposal.topics.append(topic)
    calls.publish(call)
    assert kinds(tell()) == [("call_published", "vera")]
    calls.skip(call)
    assert kinds(tell()) == [("call_cancelled", "mira"), ("call_cancelled", "vera")]


def test_of_members_calls_only_members_hear(session, calls, follow, tell):
    friday = make_series(session, "friday", name="General Member", audience=Audience.MEMBERS)
    call = make_touchpoint(session, friday, datetime(2026, 12, 18, 17, 30))
    make_person(session, "Mira Member", role=Role.MEMBER)
    make_person(session, "Vera Volunteer")
    for name in ("mira", "vera", "nora"):
        follow(f"{name}@example.org", series=["friday"])
    follow("olu@example.org")
    calls.confirm(call)
    [letter] = tell()
    assert (letter.kind, letter.to) == ("call_published", "mira@example.org")
    assert "Sam" not in letter.text


def test_a_call_that_is_closed_meanwhile_is_told_to_members_alone(session, site, clock, calls, call, follow, tell):
    follow()
    calls.confirm(call)
    call.series.audience = Audience.MEMBERS
    publish_series(session, call.series, site=site, now=clock.now)
    session.commit()
    assert tell() == []


def test_nothing_is_told_to_the_unconfirmed_and_the_stopped(calls, call, follow, tell, now):
    follow("one@example.org", confirmed_at=None), follow("two@example.org", stopped_at=now)
    calls.confirm(call)
    assert tell() == []


def test_a_call_in_the_past_is_not_announced(calls, follow, tell, session, thursday):
    follow()
    calls.confirm(make_touchpoint(session, thursday, datetime(2026, 11, 19, 14, 0)))
    assert tell() == []
    assert session.scalars(select(Announcement)).all() == []


def test_a_call_that_began_before_its_mail_left_is_not_announced(calls, call, follow, tell):
    follow()
    calls.confirm(call)
    assert tell(after=25 * DAY) == []


def test_a_call_about_to_begin_is_told_at_once(calls, call, follow, tell, clock):
    follow()
    calls.confirm(call)
    tell()
    clock.now = call.starts_at - 30 * MINUTE
    calls.skip(call)
    assert kinds(tell(after=timedelta())) == [("call_cancelled", "nora")]


def test_a_change_that_becomes_pressing_does_not_wait_out_the_settle_time(calls, call, follow, tell):
    follow()
    calls.confirm(call)
    tell(after=call.starts_at - HOUR - 6 * MINUTE - datetime(2026, 11, 23, 9, 0, tzinfo=call.starts_at.tzinfo))
    calls.move(call, minutes=10)
    tell(after=3 * MINUTE)
    calls.move(call, minutes=-20)
    assert kinds(tell(after=timedelta())) == [("call_moved", "nora")]


def test_whoever_reads_weekly_hears_within_24_hours_at_once(calls, call, follow, tell, clock):
    follow(weekly=True)
    calls.confirm(call)
    assert tell() == []
    clock.now = call.starts_at - DAY - 4 * MINUTE
    calls.move(call, hours=1)
    [letter] = tell()
    assert letter.kind == "call_published", "they have not had the weekly mail that says so"
    assert tell(after=HOUR) == []
    calls.skip(call)
    assert kinds(tell()) == [("call_cancelled", "nora")]


def test_a_batch_at_a_time_and_everyone_once(calls, call, follow, tell, session):
    for number in range(5):
        follow(f"reader{number}@example.org")
    calls.confirm(call)
    assert kinds(tell(rounds=1, batch=2)) == [("call_published", "reader0"), ("call_published", "reader1")]
    session.rollback()  # whatever the worker had in mind is lost
    assert kinds(tell(batch=2)) == [("call_published", f"reader{number}") for number in (2, 3, 4)]
    assert tell() == []


def test_the_rest_hears_of_both_changes_in_one_mail(calls, call, follow, tell, session):
    for number in range(4):
        follow(f"reader{number}@example.org")
    calls.confirm(call)
    tell()
    calls.move(call, days=7)
    tell(rounds=1, batch=2)
    calls.move(call, days=-6)
    assert tell(after=timedelta()) == [], "the second change settles first"
    letters = tell()
    assert kinds(letters) == [("call_moved", f"reader{number}") for number in range(4)]
    was = ["24 December"] * 2 + ["17 December"] * 2
    assert [f"was: Thursday {day} 2026" in letter.text for letter, day in zip(letters, was, strict=True)] == [True] * 4
    assert all(f"now: {MADRID_NOW}" in letter.text for letter in letters)
    assert [row.done_at for row in session.scalars(select(Announcement)) if row.done_at is None] == []


def test_who_never_heard_of_the_way_there_hears_nothing_of_the_way_back(calls, call, follow, tell):
    follow("reader0@example.org"), follow("reader1@example.org")
    calls.confirm(call)
    tell()
    calls.move(call, days=1)
    tell(rounds=1, batch=1)
    calls.move(call, hours=1)
    calls.move(call, days=-1, hours=-1)
    [letter] = tell()
    assert (letter.kind, letter.to) == ("call_moved", "reader0@example.org")
    assert f"was: {MADRID_NOW}\n  now: {MADRID_WAS}" in letter.text


def test_a_correction_while_the_worker_tells_is_in_the_mails_of_the_rest(calls, call, follow, tell):
    follow("reader0@example.org"), follow("reader1@example.org")
    talk = calls.confirm(call)
    tell(rounds=1, batch=1)
    talk.proposal.title = "A better title"
    calls.publish(call)
    [letter] = tell()
    assert (letter.to, letter.message.subject.endswith("A better title")) == ("reader1@example.org", True)


def test_a_cancelled_call_that_changes_while_the_worker_tells_is_told_to_the_rest(calls, call, follow, tell):
    follow("reader0@example.org"), follow("reader1@example.org")
    talk = calls.confirm(call)
    tell()
    calls.withdraw(talk)
    tell(rounds=1, batch=1)
    calls.move(call, days=7)
    assert kinds(tell()) == [("call_cancelled", "reader1")]


def test_a_change_of_what_was_read_has_the_mails_written_anew(
    calls, call, follow, session, site, clock, letters, meanwhile
):
    follow()
    talk_id, call_id = calls.confirm(call).id, call.id
    clock.advance(5 * MINUTE)

    def correct(other):
        other.get(Talk, talk_id).proposal.title = "A better title"
        Calls(other, site, clock).publish(other.get(Touchpoint, call_id))

    meanwhile(correct)
    assert tell_next(session, site=site, now=clock.now)
    assert letters() == []
    assert tell_next(session, site=site, now=clock.now)
    assert [letter.message.subject for letter in letters()] == ["New call on Thursday 17 December: A better title"]


def test_who_leaves_while_the_mails_are_written_gets_none(
    calls, call, follow, session, site, clock, letters, meanwhile
):
    nora_id, _mira = follow().id, follow("mira@example.org")
    calls.confirm(call)
    clock.advance(5 * MINUTE)
    meanwhile(lambda other: unsubscribe(other, other.get(Subscription, nora_id), now=clock.now))
    assert tell_next(session, site=site, now=clock.now)
    assert kinds(letters()) == [("call_published", "mira")]


def test_what_is_taken_back_while_the_mails_are_written_is_not_told(
    calls, call, follow, session, site, clock, letters, meanwhile
):
    follow()
    talk_id = calls.confirm(call).id
    clock.advance(5 * MINUTE)
    meanwhile(lambda other: Calls(other, site, clock).withdraw(other.get(Talk, talk_id)))
    assert tell_next(session, site=site, now=clock.now)
    assert not tell_next(session, site=site, now=clock.now)
    assert letters() == []


def test_two_workers_at_once_tell_everybody_once(calls, call, follow, session, site, clock, letters):
    for number in range(12):
        follow(f"reader{number:02}@example.org")
    calls.confirm(call)
    now, failures = clock.advance(5 * MINUTE), []

    def work():
        try:
            with Session(session.bind) as own:
                while tell_next(own, site=site, now=now, batch=3):
                    pass
        except Exception as error:  # noqa: BLE001 (whatever it is, the test is to see it)
            failures.append(error)

    session.commit()
    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert failures == []
    assert sorted(kinds(letters())) == [("call_published", f"reader{number:02}") for number in range(12)]


def test_a_publication_that_nobody_can_read_announces_nothing(calls, call, follow, session, tell):
    follow()
    talk = calls.confirm(call)
    row = session.scalars(select(Publication)).one()
    row.value = {"uid": row.value["uid"], "status": "?"}
    assert tell() == []
    talk.proposal.title = "Another title"
    calls.publish(call)
    assert tell() == []


def test_the_day_before_is_told_to_whoever_wants_it(calls, call, follow, tell, session, clock):
    follow(), follow("mira@example.org", day_before=False), follow("vera@example.org", weekly=True)
    calls.confirm(call)
    tell()
    clock.now = call.starts_at - DAY - MINUTE
    assert plan_reminders(session, now=clock.now) == 0
    assert plan_reminders(session, now=clock.advance(MINUTE)) == 1
    assert plan_reminders(session, now=clock.advance(MINUTE)) == 0
    letters = tell(after=timedelta())
    assert kinds(letters) == [("call_tomorrow", "nora"), ("call_tomorrow", "vera")]
    assert letters[0].message.subject == "Reminder, Thursday 17 December: Upstream first"


def test_the_day_before_is_told_once_even_if_the_call_moves(calls, call, follow, tell, session, clock):
    follow()
    calls.confirm(call)
    tell()
    plan_reminders(session, now=_set(clock, call.starts_at - DAY))
    assert kinds(tell()) == [("call_tomorrow", "nora")]
    calls.move(call, hours=20)
    assert kinds(tell()) == [("call_moved", "nora")]
    assert plan_reminders(session, now=_set(clock, call.starts_at - HOUR)) == 0


def test_a_call_that_moves_by_days_has_another_day_before(calls, call, follow, tell, session, clock):
    follow()
    calls.confirm(call)
    tell()
    plan_reminders(session, now=_set(clock, call.starts_at - DAY))
    tell()
    calls.move(call, days=7)
    tell()
    assert plan_reminders(session, now=_set(clock, call.starts_at - DAY)) == 1
    assert kinds(tell()) == [("call_tomorrow", "nora")]


def test_who_just_heard_of_a_call_is_not_reminded_of_it(calls, call, follow, tell, session, clock):
    follow()
    clock.now = call.starts_at - DAY + MINUTE
    calls.confirm(call)
    assert kinds(tell()) == [("call_published", "nora")]
    assert plan_reminders(session, now=clock.now) == 0


def test_a_cancelled_call_is_not_reminded_of(calls, call, follow, tell, session, clock):
    follow()
    calls.confirm(call)
    tell()
    plan_reminders(session, now=_set(clock, call.starts_at - DAY))
    calls.skip(call)
    assert kinds(tell()) == [("call_cancelled", "nora")]
    assert plan_reminders(session, now=clock.now) == 0


def test_a_call_that_nobody_can_read_is_not_reminded_of(calls, call, session, clock):
    calls.confirm(call)
    session.scalars(select(Publication)).one().value = {}
    assert plan_reminders(session, now=_set(clock, call.starts_at - DAY)) == 0


def test_two_thousand_subscribers_do_not_make_publishing_slower(calls, call, follow, session):
    for number in range(30):
        follow(f"reader{number}@example.org")
    statements = []
    event.listen(session.bind, "before_cursor_execute", lambda *each: statements.append(each[2]))
    calls.confirm(call)
    assert [each for each in statements if "subscription" in each] == []


def test_a_planned_date_is_not_announced(calls, call, follow, tell, session):
    follow()
    calls.publish(call)
    assert tell() == []
    assert session.scalars(select(Publication)).one().status is PublicStatus.PLANNED


def _set(clock, moment):
    clock.now = moment
    return moment
