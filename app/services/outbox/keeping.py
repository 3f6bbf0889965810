"""Looking after the outbox: parked mails sent again, bodies forgotten in time, and how late we are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, and_, func, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, RuleViolation
from app.domain.states import MailState, move_to
from app.models import OutboxMessage, Talk, Touchpoint
from app.services.auditing import Actor, record
from app.services.locking import lock_row
from app.services.outbox.queueing import QUEUED

BODIES_KEPT = timedelta(days=30)
UNSENT = (MailState.PENDING, MailState.LEASED)


def send_again(session: Session, message: OutboxMessage, *, by: Actor, now: datetime) -> None:
    """Give a parked mail a new round of attempts, with the Message-ID that it has.

    Raises RuleViolation for a mail that is not parked.
    """
    lock_row(session, message)
    if message.state is not MailState.PARKED:
        raise RuleViolation(f"Only a mail that was given up can be sent again; this one is {message.state.value}.")
    move_to(message, MailState.PENDING)
    message.attempts, message.due_at = 0, now
    record(session, "mail.sent_again", message, by=by, now=now)
    session.info[QUEUED] = True
    session.commit()


def is_settling(*, now: datetime) -> ColumnElement[bool]:
    """Which mails wait for the settle time. One that was tried waits for the mail server, not for us."""
    waits = and_(OutboxMessage.state == MailState.PENDING, OutboxMessage.due_at > now)
    return and_(waits, OutboxMessage.attempts == 0)


def send_now(session: Session, subject: Talk | Touchpoint, *, seen: int, by: Actor, now: datetime) -> int:
    """Let the mails about `subject` that wait for the settle time leave now; returns how many. Nothing undoes that.

    `seen` is the id of the newest mail that the organizer saw waiting. Raises Conflict when none waits any more, and
    when another one does, which tells of a change since.
    """
    about = OutboxMessage.talk_id if isinstance(subject, Talk) else OutboxMessage.touchpoint_id
    waiting = update(OutboxMessage).where(about == subject.id, is_settling(now=now)).values(due_at=now)
    lock_row(session, subject)
    released = session.scalars(waiting.returning(OutboxMessage.id).execution_options(synchronize_session=False)).all()
    if not released:
        raise Conflict("No mail waits here any more: it has left, or somebody has taken it back.")
    if max(released) != seen:
        raise Conflict("Somebody has changed this meanwhile, and another mail waits. Look again, then send it.")
    count = len(released)
    record(session, f"{subject.__tablename__}.mail_sent_now", subject, by=by, now=now, mails=count)
    session.info[QUEUED] = True
    session.commit()
    return count


def purge_bodies(session: Session, *, keep: timedelta = BODIES_KEPT, now: datetime) -> int:
    """Empty the mails that left, or were taken back, `keep` ago; the rows stay. Returns how many. Commits."""
    over = func.coalesce(OutboxMessage.sent_at, OutboxMessage.due_at) < now - keep
    emptied = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.state.in_((MailState.SENT, MailState.BOUNCED, MailState.CANCELLED)),
            OutboxMessage.message != b"",
            over,
        )
        .values(message=b"")
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return cast("CursorResult[object]", emptied).rowcount


def oldest_delay(session: Session, *, now: datetime) -> timedelta:
    """How long the mail that is due longest has been due; zero when nothing is. Mails to many may take their time."""
    oldest = session.scalar(
        select(func.min(OutboxMessage.due_at)).where(
            OutboxMessage.state.in_(UNSENT), OutboxMessage.is_bulk.is_(False), OutboxMessage.due_at <= now
        )
    )
    return timedelta() if oldest is None else now - oldest


def hasten(session: Session, *, now: datetime) -> None:
    """Let every waiting mail leave now: for development, where nobody wants to wait. Commits."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == MailState.PENDING, OutboxMessage.due_at > now)
        .values(due_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()
