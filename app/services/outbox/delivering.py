"""Sending what is due: claim by lease, speak SMTP outside any transaction, write the result if the lease still holds.

A worker may die at any point. Before the result is written the mail is sent again, under the same Message-ID.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, func, select, update
from sqlalchemy.orm import Session

from app.domain.delivery import LEASE, MOST_ATTEMPTS, Circuit, Fault, next_attempt
from app.domain.plus_addresses import Purpose, plus_address
from app.domain.site import Site
from app.domain.states import MailState, move_to
from app.mail.reading import LEAVE_NO_TRACE, SECRET_KINDS
from app.mail.transport import NotDelivered, Transport
from app.models import BouncingAddress, OutboxMessage
from app.services.auditing import SYSTEM, record

SessionFactory = Callable[[], Session]


@dataclass(frozen=True)
class Claimed:
    """A mail that one worker holds until the lease runs out. `attempts` counts this one too.

    `is_stopped`: two mails to this address came back, and no organizer has lifted that.
    """

    id: int
    owner: str
    recipient: str
    message: bytes
    attempts: int
    is_stopped: bool = False


@dataclass(frozen=True)
class Delivery:
    """What one run did. `unreachable` is the server's answer when it took no mail at all."""

    sent: int = 0
    retried: int = 0
    parked: int = 0
    unreachable: str = ""


def claim_due(session: Session, *, owner: str, now: datetime, limit: int = 1) -> list[Claimed]:
    """Lease up to `limit` due mails to `owner`, the longest due first, mails to many last. Commits.

    Due is what another worker leased and never answered for, and what waits and may leave. By default one at a time:
    the lease then covers one conversation, never the queue behind it.
    """
    abandoned = and_(OutboxMessage.state == MailState.LEASED, OutboxMessage.lease_until < now)
    waiting = and_(OutboxMessage.state == MailState.PENDING, OutboxMessage.due_at <= now)
    claimed = _lease(session, abandoned, owner=owner, now=now, limit=limit)
    if len(claimed) < limit:
        claimed += _lease(session, waiting, owner=owner, now=now, limit=limit - len(claimed))
    session.commit()
    return claimed


def _lease(session: Session, which: ColumnElement[bool], *, owner: str, now: datetime, limit: int) -> list[Claimed]:
    """Choice and lease in one statement, in the order of an index: a long queue costs no more than a short one."""
    due = (
        select(OutboxMessage.id)
        .where(which)
        .order_by(OutboxMessage.is_bulk, OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite the transaction holds the only write lock
        .cte("due")
    )
    # One statement writes the state, since the choice and the lease must be one act; the move is that of the table.
    claimed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(select(due.c.id)))
        .values(
            state=MailState.LEASED,
            lease_owner=owner,
            lease_until=now + LEASE,
            attempts=OutboxMessage.attempts + 1,
        )
        .returning(
            OutboxMessage.id,
            OutboxMessage.recipient,
            OutboxMessage.message,
            OutboxMessage.attempts,
            _is_stopped().label("is_stopped"),
        )
        .execution_options(synchronize_session=False)
    ).all()
    return [Claimed(row.id, owner, row.recipient, row.message, row.attempts, bool(row.is_stopped)) for row in claimed]


def deliver_due(
    session_factory: SessionFactory,
    transport: Transport,
    *,
    site: Site,
    clock: Callable[[], datetime],
    limit: int = 1000,
    circuit: Circuit | None = None,
    jitter: Callable[[], float] = random.random,
) -> Delivery:
    """Send what is due, at most `limit` mails, and say what became of it.

    Ends early when the server takes no mail at all; `circuit` remembers that until the next run.
    """
    circuit = circuit or Circuit()
    owner = uuid4().hex
    done = Delivery()
    for _ in range(limit):
        if circuit.is_open(now=clock()):
            break
        with session_factory() as session:
            claimed = claim_due(session, owner=owner, now=clock())
        if not claimed:
            break
        failure = _send(transport, claimed[0], sender=_envelope_sender(claimed[0], site))
        with session_factory() as session:
            done = _settle(session, claimed[0], failure, done, now=clock(), jitter=jitter())
        if failure and failure.fault is Fault.UNREACHABLE:
            circuit.trip(now=clock())
        else:
            circuit.close()
    return done


def _is_stopped() -> ColumnElement[bool]:
    """Mails that are a key go out all the same: somebody asks for them just now, and reading one proves the address."""
    bouncing = exists().where(
        BouncingAddress.email == func.lower(OutboxMessage.recipient), BouncingAddress.stopped_at.is_not(None)
    )
    return and_(OutboxMessage.kind.not_in(SECRET_KINDS), bouncing)


def _envelope_sender(claimed: Claimed, site: Site) -> str:
    """Where a mail server reports to: an address of this very mail (VERP), if somebody reads what comes there."""
    if not site.inbound:
        return parseaddr(site.mail_from)[1]
    return plus_address(site.inbound, Purpose.BOUNCE, claimed.id, secret_key=site.secret_key)


def _send(transport: Transport, claimed: Claimed, *, sender: str) -> NotDelivered | None:
    if claimed.attempts > MOST_ATTEMPTS:
        return NotDelivered(Fault.REFUSED, "Given up: every worker that took this mail was lost with it.")
    if claimed.is_stopped:
        return NotDelivered(Fault.REFUSED, "Mail to this address is stopped, since two mails came back.")
    if not claimed.message:
        return NotDelivered(Fault.POISON, "Its text has been removed.")
    try:
        transport.send(claimed.message, sender=sender, recipient=claimed.recipient)
    except NotDelivered as failure:
        return failure
    return None


def _settle(
    session: Session, claimed: Claimed, failure: NotDelivered | None, done: Delivery, *, now: datetime, jitter: float
) -> Delivery:
    """Write what became of the mail, unless the lease ran out and it is somebody else's by now. Commits."""
    row = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.id == claimed.id, OutboxMessage.lease_owner == claimed.owner)
        .where(OutboxMessage.state == MailState.LEASED)
        .with_for_update()
    )
    if row is None:
        return done
    row.lease_owner, row.lease_until = "", None
    if failure is None:
        move_to(row, MailState.SENT)
        row.sent_at, row.last_error = now, ""
        done = replace(done, sent=done.sent + 1)
    else:
        row.last_error = str(failure)
        done = _put_off(session, row, failure, done, now=now, jitter=jitter)
    if row.kind in LEAVE_NO_TRACE and row.state in (MailState.SENT, MailState.PARKED):
        session.delete(row)
    session.commit()
    return done


def _put_off(
    session: Session, row: OutboxMessage, failure: NotDelivered, done: Delivery, *, now: datetime, jitter: float
) -> Delivery:
    """What is to be done about a failure: wait for the server, try this mail again later, or give it up."""
    if failure.fault is Fault.UNREACHABLE:
        row.attempts -= 1  # the server is to blame; the mail keeps its place and its chances
        move_to(row, MailState.PENDING)
        return replace(done, unreachable=str(failure))
    again = next_attempt(row.attempts, now=now, jitter=jitter) if failure.fault is Fault.LATER else None
    if again is None:
        move_to(row, MailState.PARKED)
        record(session, "mail.parked", row, by=SYSTEM, now=now, attempts=row.attempts)
        return replace(done, parked=done.parked + 1)
    move_to(row, MailState.PENDING)
    row.due_at = again
    return replace(done, retried=done.retried + 1)
