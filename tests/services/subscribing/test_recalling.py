"""No mail that has not left names somebody who has taken the name back; and everybody still hears of each change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.attribution import Attribution
from app.domain.states import MailState, TouchpointState
from app.mail.reading import read_message
from app.models import OutboxMessage
from tests.cast import make_speaker
from tests.services.subscribing.conftest import Letter, kinds

MONDAY = datetime(2026, 12, 14, 6, tzinfo=UTC)


@pytest.fixture
def letters(session):
    """The mails that were queued since the last look, in order. The mail server is away: none leaves."""
    seen = set()

    def read():
        session.commit()
        fresh = [row for row in session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)) if row.id not in seen]
        seen.update(row.id for row in fresh)
        return [Letter(row.kind, row.recipient, read_message(row.message)) for row in fresh]

    return read


@pytest.fixture
def talk(calls, call):
    """Sam is named in public."""
    talk = calls.confirm(call, speakers=(make_speaker("Sam Stone"),))
    talk.confirmations[0].attribution = Attribution.NAME
    calls.publish(call)
    return talk


@pytest.fixture
def take_back(session, calls, call, talk):
    def take_back():
        talk.confirmations[0].attribution = Attribution.NONE
        calls.publish(call)

    return take_back


def waiting(session):
    session.commit()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [(row.recipient.partition("@")[0], b"Sam Stone" in row.message) for row in rows]


def leaves(session, name):
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == f"{name}@example.org")).one()
    row.state = MailState.SENT
    session.commit()


def test_a_mail_that_waits_is_told_anew_without_the_name_and_one_that_left_is_not(
    session, follow, talk, tell, take_back
):
    follow("mira@example.org"), follow("nora@example.org"), follow("olu@example.org")
    tell()
    leaves(session, "mira")
    take_back()
    assert waiting(session) == [("mira", True)]
    assert kinds(tell()) == [("call_published", "nora"), ("call_published", "olu")]
    assert waiting(session) == [("mira", True), ("nora", False), ("olu", False)]
    assert tell() == []


def test_a_change_before_the_others_are_told_anew_reaches_everybody_in_their_own_words(
    session, follow, call, talk, tell, take_back, calls
):
    follow("mira@example.org"), follow("nora@example.org")
    tell()
    leaves(session, "nora")
    take_back()
    calls.move(call, days=1)
    assert kinds(tell()) == [("call_published", "mira"), ("call_moved", "nora")]
    assert tell() == []


def test_a_call_that_is_off_before_anybody_heard_of_it_is_told_to_nobody(session, follow, talk, tell, calls):
    follow()
    tell()
    calls.withdraw(talk)
    assert waiting(session) == []
    assert tell() == []


def test_who_heard_of_a_call_hears_that_it_is_off(session, follow, talk, tell, calls):
    follow("mira@example.org"), follow("nora@example.org")
    tell()
    leaves(session, "mira")
    calls.withdraw(talk)
    assert ("call_cancelled", "mira") in kinds(tell())
    assert waiting(session)[0] == ("mira", True)
    assert all(not names for _, names in waiting(session)[1:])


def test_a_mail_to_somebody_who_left_meanwhile_is_not_missed(session, follow, talk, tell, take_back, clock):
    nora = follow()
    tell()
    session.delete(nora)
    take_back()
    assert waiting(session) == []
    assert tell() == []


def test_a_weekly_mail_that_waits_is_written_anew(session, follow, talk, tell, digest, take_back):
    follow(weekly=True)
    tell()
    assert kinds(digest(MONDAY)) == [("digest", "nora")]
    assert waiting(session) == [("nora", True)]
    take_back()
    assert waiting(session) == []
    assert kinds(digest(MONDAY)) == [("digest", "nora")]
    assert waiting(session) == [("nora", False)]


def test_where_nothing_waits_nothing_is_told_anew(session, follow, talk, tell, take_back):
    follow()
    tell()
    leaves(session, "nora")
    take_back()
    assert tell() == []


@pytest.mark.parametrize("state", [MailState.LEASED, MailState.PARKED])
def test_a_mail_that_a_worker_tries_or_that_was_given_up_is_never_tried_again_with_the_name(
    session, follow, talk, tell, take_back, state
):
    follow("mira@example.org"), follow("nora@example.org")
    tell()
    row = session.scalars(select(OutboxMessage).where(OutboxMessage.recipient == "mira@example.org")).one()
    row.state = state
    session.commit()

    take_back()
    tell()

    session.refresh(row)
    assert (row.state, row.message) == (state, b"")
    assert waiting(session) == [("mira", False), ("nora", False)]


def test_a_reason_that_is_reworded_leaves_in_no_mail_of_before(session, calls, call, follow, talk, tell):
    follow()
    tell()
    leaves(session, "nora")
    call.state = TouchpointState.SKIPPED
    for reason in ("Sam Stone is ill.", "A speaker is ill."):
        call.reason = reason
        calls.publish(call)
        tell()
    rows = session.scalars(select(OutboxMessage)).all()
    assert [("Stone is ill" in read_message(row.message).text) for row in rows if row.kind == "call_cancelled"] == [
        False
    ]
