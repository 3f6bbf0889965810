"""Mails to many hold up nobody's mail and no transaction, and are kept for nobody who does not want them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from app.domain.delivery import LEASE
from app.domain.states import MailState
from app.mail.values import Mail
from app.models import OutboxMessage
from app.services import outbox
from app.services.outbox.bulk import compose_mails, forget_mails, queue_composed


def mail(name, *, to="nora@example.org"):
    return Mail("digest", to, name, name, name, unsubscribe="https://touchpoints.example.org/subscribe/off/x")


@pytest.fixture
def queue_many(session, site, now):
    def queue_many(*names, to="nora@example.org"):
        mails = {name: mail(name, to=to) for name in names}
        added = queue_composed(session, compose_mails(mails, site=site, now=now).values())
        session.commit()
        return added

    return queue_many


@pytest.fixture
def kept(session):
    def kept():
        session.commit()
        return session.scalars(select(OutboxMessage.dedup).order_by(OutboxMessage.id)).all()

    return kept


def test_many_are_queued_in_one_statement_and_once(session, queue_many, kept):
    written = []
    event.listen(session.bind, "before_cursor_execute", lambda *each: written.append(each[2]))
    assert queue_many("a", "b", "c") == 3
    assert len([statement for statement in written if statement.startswith("INSERT")]) == 1
    assert queue_many("b", "d") == 1
    assert queue_many() == 0
    assert kept() == ["a", "b", "c", "d"]


def test_a_mail_that_somebody_waits_for_leaves_before_those_to_many(session, queue_many, queue, now):
    queue_many("a", "b")
    queue("sign-in", due_at=now + timedelta(seconds=1))
    later = now + timedelta(seconds=2)
    claimed = [outbox.claim_due(session, owner="worker", now=later)[0].id for _ in range(3)]
    names = dict(session.execute(select(OutboxMessage.id, OutboxMessage.dedup)).all())
    assert [names[each] for each in claimed] == ["received:sign-in", "a", "b"]


def test_a_mail_that_a_lost_worker_held_leaves_before_the_others(session, queue_many, now):
    queue_many("a")
    outbox.claim_due(session, owner="lost", now=now)
    queue_many("b", "c")
    later = now + LEASE + timedelta(seconds=1)
    [first] = outbox.claim_due(session, owner="worker", now=later)
    assert (session.get(OutboxMessage, first.id).dedup, first.attempts) == ("a", 2)
    assert len(outbox.claim_due(session, owner="worker", now=later, limit=5)) == 2


def test_mails_to_many_may_take_their_time(session, queue_many, queue, now):
    queue_many("a")
    assert outbox.oldest_delay(session, now=now + timedelta(hours=1)) == timedelta()
    queue("sign-in", due_at=now + timedelta(minutes=30))
    assert outbox.oldest_delay(session, now=now + timedelta(hours=1)) == timedelta(minutes=30)


def test_a_mail_that_cannot_be_sent_safely_holds_up_no_other(site, now, caplog):
    mails = {"bad": mail("bad", to="nora@example.org\r\nBcc: x@example.org"), "good": mail("good")}
    assert list(compose_mails(mails, site=site, now=now)) == ["good"]
    assert [record.getMessage() for record in caplog.records] == [
        "a mail to many cannot be sent safely: bad (UnsafeMessage)"
    ]


def test_the_mails_of_one_reader_are_deleted_but_for_one_on_its_way(session, queue_many, queue, kept, now):
    queue_many("on-its-way", "sent", "waiting")
    queue_many("of-mira", to="mira@example.org")
    queue("other-kind", to="nora@example.org")
    for name, state in (("on-its-way", MailState.LEASED), ("sent", MailState.SENT)):
        session.scalars(select(OutboxMessage).where(OutboxMessage.dedup == name)).one().state = state
    forget_mails(session, ["digest"], "nora@example.org")
    assert kept() == ["on-its-way", "of-mira", "received:other-kind"]
