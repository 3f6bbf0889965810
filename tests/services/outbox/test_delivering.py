"""What is due is sent once, what fails is put off or parked, and no mail stands in another's way."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.config.mail import MailSettings
from app.domain.delivery import LEASE, MOST_ATTEMPTS, Circuit, Fault
from app.domain.states import MailState
from app.mail.reading import read_message
from app.mail.transport import MemoryTransport, NotDelivered, make_transport
from app.models import AuditEvent, BouncingAddress, OutboxMessage
from app.services import outbox

MINUTE = timedelta(minutes=1)


class Failing(MemoryTransport):
    """A way out that fails as told, mail by mail; None lets it through."""

    def __init__(self, *faults: Fault | None) -> None:
        super().__init__([])
        object.__setattr__(self, "faults", list(faults))

    def send(self, message: bytes, *, sender: str, recipient: str) -> None:
        fault = self.faults.pop(0) if self.faults else None
        if fault is not None:
            raise NotDelivered(fault, f"the server says {fault.value}")
        super().send(message, sender=sender, recipient=recipient)


def message_ids(transport):
    return [dict(read_message(message).headers)["Message-ID"] for message in transport.sent]


def test_what_is_due_is_sent_the_longest_due_first(queue, deliver, sink, now):
    late, later = queue("late", due_at=now - 2 * MINUTE), queue("later", due_at=now - MINUTE)
    early = queue("early", due_at=now + MINUTE)
    assert deliver() == outbox.Delivery(sent=2)
    assert message_ids(sink) == [late.message_id, later.message_id]
    assert [(row.state, row.sent_at) for row in (late, later, early)] == [
        (MailState.SENT, now),
        (MailState.SENT, now),
        (MailState.PENDING, None),
    ]
    assert (late.lease_owner, late.lease_until, late.attempts) == ("", None, 1)


def test_what_is_sent_is_not_sent_again(queue, deliver, sink):
    queue()
    deliver()
    assert (deliver(), len(sink.sent)) == (outbox.Delivery(), 1)


def test_a_run_takes_no_more_than_it_may(queue, deliver, sink):
    for name in "abc":
        queue(name)
    assert deliver(limit=2) == outbox.Delivery(sent=2)
    assert deliver() == outbox.Delivery(sent=1)


def test_a_claim_is_a_lease(session, queue, now):
    row = queue()
    (claimed,) = outbox.claim_due(session, owner="worker-1", now=now)
    assert (claimed.id, claimed.recipient, claimed.message, claimed.attempts) == (
        row.id,
        row.recipient,
        row.message,
        1,
    )
    session.refresh(row)
    assert (row.state, row.lease_owner, row.lease_until) == (MailState.LEASED, "worker-1", now + LEASE)
    assert outbox.claim_due(session, owner="worker-2", now=now + LEASE) == []
    (again,) = outbox.claim_due(session, owner="worker-2", now=now + LEASE + timedelta(seconds=1))
    assert (again.id, again.attempts) == (row.id, 2)


def test_a_claim_takes_as_many_as_asked(session, queue, now):
    rows = [queue(name) for name in "abc"]
    assert [each.id for each in outbox.claim_due(session, owner="worker", now=now, limit=2)] == [rows[0].id, rows[1].id]


def test_a_claim_does_not_wait_for_a_row_that_another_has_in_hand(session, sessions, queue, now, engine_name):
    if engine_name == "sqlite":
        return  # there the whole database has one writer at a time
    rows = [queue(name) for name in "ab"]
    with sessions() as other:
        other.scalars(select(OutboxMessage).where(OutboxMessage.id == rows[0].id).with_for_update()).one()
        (claimed,) = outbox.claim_due(session, owner="worker", now=now)
    assert claimed.id == rows[1].id


def test_a_mail_that_a_lost_worker_had_is_sent_under_the_same_name(session, queue, deliver, sink, clock, now):
    row = queue()
    outbox.claim_due(session, owner="lost", now=now)
    assert deliver() == outbox.Delivery()
    clock.advance(LEASE + timedelta(seconds=1))
    assert deliver() == outbox.Delivery(sent=1)
    assert message_ids(sink) == [row.message_id]


def test_who_lost_the_lease_writes_nothing(session, sessions, queue, deliver, site, clock):
    row = queue()

    class Slow(MemoryTransport):
        """While this one speaks, the lease runs out and somebody else sends the mail."""

        def send(self, _message: bytes, **_envelope: str) -> None:
            clock.advance(LEASE + timedelta(seconds=1))
            assert outbox.deliver_due(sessions, MemoryTransport(), site=site, clock=clock).sent == 1
            clock.advance(MINUTE)
            raise NotDelivered(Fault.REFUSED, "550 too late")

    sent_at = clock.now + LEASE + timedelta(seconds=1)
    assert deliver(Slow()) == outbox.Delivery()
    assert (row.state, row.sent_at, row.last_error) == (MailState.SENT, sent_at, "")


def test_a_mail_put_off_is_tried_again_in_growing_steps(queue, deliver, clock, now):
    row = queue()
    assert deliver(Failing(Fault.LATER)) == outbox.Delivery(retried=1)
    assert (row.state, row.due_at, row.attempts) == (MailState.PENDING, now + MINUTE, 1)
    assert row.last_error == "the server says later"
    clock.advance(MINUTE)
    deliver(Failing(Fault.LATER))
    assert (row.due_at, row.attempts) == (now + 6 * MINUTE, 2)
    clock.advance(5 * MINUTE)
    assert deliver() == outbox.Delivery(sent=1)
    assert row.last_error == ""


def test_mails_that_failed_together_part(queue, deliver, now):
    row = queue()
    deliver(Failing(Fault.LATER), jitter=lambda: 1.0)
    assert row.due_at == now + MINUTE * 1.2


def test_after_the_last_attempt_a_mail_is_given_up(session, queue, deliver):
    row = queue()
    row.attempts = MOST_ATTEMPTS - 1
    assert deliver(Failing(Fault.LATER)) == outbox.Delivery(parked=1)
    assert (row.state, row.attempts) == (MailState.PARKED, MOST_ATTEMPTS)


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.POISON])
def test_a_mail_that_will_never_be_taken_is_parked_with_the_answer(session, queue, deliver, now, fault):
    row = queue()
    assert deliver(Failing(fault)) == outbox.Delivery(parked=1)
    assert (row.state, row.last_error) == (MailState.PARKED, f"the server says {fault.value}")
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "mail.parked")).one()
    assert (event.subject, event.subject_id, event.actor, event.at) == ("outbox", row.id, "system", now)
    assert event.detail == {"attempts": 1}


def test_a_mail_that_takes_its_worker_with_it_is_given_up(session, queue, deliver, sink):
    row = queue()
    row.attempts = MOST_ATTEMPTS
    assert deliver() == outbox.Delivery(parked=1)
    assert (row.state, sink.sent) == (MailState.PARKED, [])


def test_where_mail_is_stopped_only_what_is_a_key_leaves(session, queue, deliver, sink, now):
    session.add(BouncingAddress(email="sam@example.org", bounces=2, bounced_at=now, stopped_at=now))
    stopped = queue(to="Sam@example.org")
    key = queue("two", kind="sign_in")
    assert deliver() == outbox.Delivery(sent=1, parked=1)
    assert (stopped.state, stopped.last_error) == (
        MailState.PARKED,
        "Mail to this address is stopped, since two mails came back.",
    )
    assert (key.state, len(sink.sent)) == (MailState.SENT, 1)


def test_a_mail_without_its_text_is_parked(session, queue, deliver, sink):
    row = queue()
    row.message = b""
    assert deliver() == outbox.Delivery(parked=1)
    assert (row.last_error, sink.sent) == ("Its text has been removed.", [])


def test_one_poisoned_mail_among_a_hundred_stops_no_other(session, queue, deliver, smtp_server):
    for number in range(100):
        queue(str(number))
    poisoned = session.scalars(select(OutboxMessage).where(OutboxMessage.dedup == "received:41")).one()
    poisoned.recipient = "sam@example.org>\r\nRCPT TO:<nora@example.net"
    assert deliver(make_transport(MailSettings.parse(smtp_server.url))) == outbox.Delivery(sent=99, parked=1)
    assert len(smtp_server.messages) == 99
    assert poisoned.state is MailState.PARKED


def test_a_silent_server_is_nobodys_fault_and_stops_the_run(queue, deliver, clock, now):
    rows = [queue(name) for name in "ab"]
    circuit, silent = Circuit(), Failing(Fault.UNREACHABLE)
    assert deliver(silent, circuit=circuit) == outbox.Delivery(unreachable="the server says unreachable")
    assert [(row.state, row.attempts, row.due_at) for row in rows] == [(MailState.PENDING, 0, now)] * 2
    assert (deliver(silent, circuit=circuit), silent.sent) == (outbox.Delivery(), [])
    clock.advance(MINUTE)
    assert deliver(silent, circuit=circuit) == outbox.Delivery(sent=2)
    assert circuit == Circuit()


def test_a_server_that_hangs_up_after_its_yes_has_the_mail(queue, deliver, smtp_server):
    row = queue()
    smtp_server.drop("quit")
    assert deliver(make_transport(MailSettings.parse(smtp_server.url))) == outbox.Delivery(sent=1)
    assert row.state is MailState.SENT


def test_where_nobody_knows_the_mail_goes_again_under_the_same_name(queue, deliver, smtp_server, clock):
    row = queue()
    smtp_server.drop("after dot")
    transport = make_transport(MailSettings.parse(smtp_server.url))
    assert deliver(transport) == outbox.Delivery(retried=1)
    clock.advance(MINUTE)
    assert deliver(transport) == outbox.Delivery(sent=1)
    assert [mail.message["Message-ID"] for mail in smtp_server.messages] == [row.message_id] * 2


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_clock_that_jumps_loses_no_mail(queue, deliver, sink, clock, jump):
    queue()
    clock.advance(jump)
    deliver()
    clock.advance(-jump)
    deliver()
    assert len(sink.sent) == 1


def test_two_workers_send_nothing_twice(session, queue, sessions, sink, site, clock):
    names = [queue(str(number)).message_id for number in range(60)]
    session.commit()
    runs: list[outbox.Delivery] = []
    start = threading.Barrier(2)

    def work():
        start.wait()
        runs.append(outbox.deliver_due(sessions, sink, site=site, clock=clock))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(run.sent for run in runs) == 60
    assert sorted(message_ids(sink)) == sorted(names)


@pytest.mark.parametrize(("fault", "arrived"), [(None, 1), (Fault.REFUSED, 0)])
def test_a_receipt_of_erasing_leaves_no_trace(session, queue, deliver, fault, arrived):
    queue(kind="erased")
    out = Failing(fault)
    deliver(out)
    assert (len(out.sent), session.scalars(select(OutboxMessage)).all()) == (arrived, [])
