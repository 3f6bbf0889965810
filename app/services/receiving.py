"""Mail that comes in: stored first, as it came; then understood, as far as it can be.

What cannot be understood, or fails on the way, is on the organizers' inbox page, whole.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.database import insert_into
from app.domain.received import KEPT, KEPT_OF_LARGER, LARGEST, ReceivedKind
from app.domain.site import Site
from app.mail.inbound import Inbound, read_inbound
from app.models import Confirmation, OutboxMessage, ReceivedMessage
from app.services.answering import take_answer
from app.services.auditing import MAIL, Actor, record
from app.services.bouncing import take_bounce

log = logging.getLogger(__name__)
_UNREADABLE = "Something in it could not be dealt with; it is kept as it came."


def receive_mail(session: Session, data: bytes, *, site: Site, now: datetime) -> int | None:
    """Take one message: its number, or None for one that we have. Commits twice.

    The first commit stores it; an error up to there leaves nothing behind and the sender keeps it. What fails after
    that leaves the message on the inbox page.
    """
    inbound = read_inbound(data)
    number = _store(session, inbound, data, now=now)
    session.commit()
    if number is None:
        return None
    try:
        _understand(session, number, inbound, site=site, now=now)
        session.commit()
    except Exception as error:  # noqa: BLE001 (whatever it is, the message is stored and somebody will read it)
        session.rollback()
        log.warning("received mail %d waits for an organizer: %s", number, type(error).__name__)
    return number


def settle_received(session: Session, message: ReceivedMessage, *, by: Actor, now: datetime) -> None:
    """An organizer has dealt with it. A second time changes nothing."""
    session.refresh(message, with_for_update=True)
    if message.settled_at is None:
        message.settled_at = now
        record(session, "received.settled", message, by=by, now=now)
    session.commit()


def forget_received(session: Session, *, now: datetime) -> int:
    """Delete what came in 90 days ago; returns how many. Commits."""
    over = delete(ReceivedMessage).where(ReceivedMessage.received_at < now - KEPT).returning(ReceivedMessage.id)
    gone = len(session.scalars(over).all())
    session.commit()
    return gone


@dataclass(frozen=True)
class _Understood:
    """What a message is, in words, and what it is about. `is_settled`: nobody need read it."""

    kind: ReceivedKind
    note: str
    is_settled: bool = False
    mail: OutboxMessage | None = None
    confirmation: Confirmation | None = None


def _store(session: Session, inbound: Inbound, data: bytes, *, now: datetime) -> int | None:
    values = {
        "fingerprint": inbound.fingerprint,
        "kind": ReceivedKind.OTHER,
        "sender": inbound.sender,
        "subject": inbound.subject,
        "note": inbound.problem or _UNREADABLE,
        "message": data if len(data) <= LARGEST else data[:KEPT_OF_LARGER],
        "received_at": now,
    }
    statement = (
        insert_into(session, ReceivedMessage).values(values).on_conflict_do_nothing(index_elements=["fingerprint"])
    )
    return session.scalar(statement.returning(ReceivedMessage.id))


def _understand(session: Session, number: int, inbound: Inbound, *, site: Site, now: datetime) -> None:
    row = session.get_one(ReceivedMessage, number)
    understood = _meaning(session, inbound, site=site, now=now)
    row.kind, row.note = understood.kind, " ".join(filter(None, (understood.note, inbound.problem)))
    row.settled_at = now if understood.is_settled else None
    row.outbox, row.confirmation = understood.mail, understood.confirmation
    record(session, "received.taken", row, by=MAIL, now=now, kind=row.kind.value)


def _meaning(session: Session, inbound: Inbound, *, site: Site, now: datetime) -> _Understood:
    """Reports and calendars' answers are written by machines too: they come first."""
    if inbound.report is not None:
        mail, note = take_bounce(session, inbound, inbound.report, site=site, now=now)
        return _Understood(ReceivedKind.BOUNCE, note, is_settled=mail is not None, mail=mail)
    if inbound.reply is not None:
        confirmation, note = take_answer(session, inbound, inbound.reply, site=site, now=now)
        kind = ReceivedKind.OTHER if confirmation is None else ReceivedKind.ANSWER
        return _Understood(kind, note, is_settled=confirmation is not None, confirmation=confirmation)
    answered = _answered(session, inbound)
    if inbound.is_automatic:
        return _Understood(
            ReceivedKind.AUTOMATIC, "Written by a machine, such as an out-of-office.", is_settled=True, mail=answered
        )
    return _Understood(ReceivedKind.OTHER, "", mail=answered)


def _answered(session: Session, inbound: Inbound) -> OutboxMessage | None:
    """The mail of ours that this one answers, if we know it."""
    known = select(OutboxMessage).where(OutboxMessage.message_id.in_(inbound.answers_to))
    return session.scalars(known.order_by(OutboxMessage.id.desc()).limit(1)).first() if inbound.answers_to else None
