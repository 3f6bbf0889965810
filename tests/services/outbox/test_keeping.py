"""Parked mails get another round, old bodies go, and somebody notices when mail does not leave."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import RuleViolation
from app.domain.people import Role
from app.domain.states import MailState
from app.models import AuditEvent
from app.services import outbox
from app.services.auditing import Actor
from app.services.outbox.keeping import BODIES_KEPT
from tests.cast import make_person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu", role=Role.ORGANIZER)


def test_a_parked_mail_is_sent_again_under_its_name(session, queue, deliver, sink, olu, now):
    row = queue()
    row.state, row.attempts, row.last_error = MailState.PARKED, 17, "550 5.1.1 Nobody here"
    name = row.message_id
    session.commit()
    outbox.send_again(session, row, by=Actor.signed_in(olu), now=now)
    assert (row.state, row.attempts, row.due_at, row.message_id) == (MailState.PENDING, 0, now, name)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "mail.sent_again")).one()
    assert (event.subject_id, event.person_id) == (row.id, olu.id)
    assert deliver() == outbox.Delivery(sent=1)


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.LEASED, MailState.SENT, MailState.CANCELLED])
def test_only_a_parked_mail_is_sent_again(session, queue, olu, now, state):
    row = queue()
    row.state = state
    session.commit()
    with pytest.raises(RuleViolation, match=f"this one is {state.value}"):
        outbox.send_again(session, row, by=Actor.signed_in(olu), now=now)


def test_bodies_go_30_days_after_the_mail_left_and_the_rows_stay(session, queue, deliver, now):
    sent, taken_back, parked, waiting = rows = [queue(name) for name in "abcd"]
    sent.state, sent.sent_at = MailState.SENT, now
    taken_back.state, parked.state = MailState.CANCELLED, MailState.PARKED
    session.commit()
    assert outbox.purge_bodies(session, now=now + BODIES_KEPT) == 0
    assert outbox.purge_bodies(session, now=now + BODIES_KEPT + MINUTE) == 2
    assert outbox.purge_bodies(session, now=now + BODIES_KEPT + MINUTE) == 0
    session.expire_all()
    assert [bool(row.message) for row in rows] == [False, False, True, True]
    assert (sent.recipient, waiting.subject) == ("sam@example.org", "Mail d")


def test_the_delay_is_that_of_the_mail_that_is_due_longest(session, queue, now):
    assert outbox.oldest_delay(session, now=now) == timedelta()
    queue("settling", due_at=now + MINUTE)
    assert outbox.oldest_delay(session, now=now) == timedelta()
    queue("due", due_at=now - 5 * MINUTE)
    assert outbox.oldest_delay(session, now=now) == 5 * MINUTE
    leased = queue("leased", due_at=now - 20 * MINUTE)
    leased.state = MailState.LEASED
    parked = queue("parked", due_at=now - 60 * MINUTE)
    parked.state = MailState.PARKED
    session.flush()
    assert outbox.oldest_delay(session, now=now) == 20 * MINUTE


def test_in_development_nobody_waits(session, queue, deliver, now):
    row = queue(due_at=now + 5 * MINUTE)
    taken_back = queue("taken back", due_at=now + 5 * MINUTE)
    taken_back.state = MailState.CANCELLED
    session.commit()
    outbox.hasten(session, now=now)
    assert deliver() == outbox.Delivery(sent=1)
    assert (row.state, taken_back.state) == (MailState.SENT, MailState.CANCELLED)
