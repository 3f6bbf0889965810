"""Mail that comes in: stored first, as it came; then understood, as far as it can be.

What cannot be understood, or fails on the way, is on the organizers' inbox page, whole.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.database import insert_into
from app.domain.received import BOUNCES_KEPT, KEPT, KEPT_OF_LARGER, LARGEST, ReceivedKind
from app.domain.site import Site
from app.mail.inbound import Inbound, read_inbound
from app.models import BouncingAddress, Confirmation, OutboxMessage, ReceivedMessage
from app.services.answering import confirmation_addressed, dismiss_answer, take_answer
from app.services.auditing import MAIL, Actor, record
from app.services.bouncing import is_of_follower, mail_addressed, take_bounce
from app.services.notifying import notify_may_not_come

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
    """An organizer has dealt with it, so a calendar's answer in it flags no talk any more. Twice changes nothing."""
    session.refresh(message, with_for_update={"of": ReceivedMessage})
    if message.settled_at is None:
        message.settled_at = now
        if message.confirmation is not None:
            dismiss_answer(session, message.confirmation, until=message.received_at, by=by, now=now)
        record(session, "received.settled", message, by=by, now=now)
    session.commit()


def forget_received(session: Session, *, keep: timedelta = KEPT, now: datetime) -> int:
    """Delete what came in `keep` ago, and bounces of a year ago; returns how many messages. Commits."""
    over = delete(ReceivedMessage).where(ReceivedMessage.received_at < now - keep).returning(ReceivedMessage.id)
    gone = len(session.scalars(over).all())
    session.execute(delete(BouncingAddress).where(BouncingAddress.bounced_at < now - BOUNCES_KEPT))
    session.commit()
    return gone


@dataclass(frozen=True)
class _Understood:
    """What a message is, in words, and what it is about. `needs_somebody`: an organizer must read it.

    `about_follower`: a machine wrote it about somebody who follows the calls.
    """

    kind: ReceivedKind
    note: str = ""
    needs_somebody: bool = True
    mail: OutboxMessage | None = None
    confirmation: Confirmation | None = None
    about_follower: bool = False


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
    row.settled_at = None if understood.needs_somebody else now
    row.outbox, row.confirmation = understood.mail, understood.confirmation
    if understood.about_follower:
        _keep_without_address(row, now=now)
    record(session, "received.taken", row, by=MAIL, now=now, kind=row.kind.value)


def _meaning(session: Session, inbound: Inbound, *, site: Site, now: datetime) -> _Understood:
    """Reports and calendars' answers are written by machines too: they come first. Nobody who wrote is answered."""
    if inbound.report is not None:
        report = take_bounce(session, inbound, inbound.report, site=site, now=now)
        return _Understood(
            ReceivedKind.BOUNCE,
            report.note,
            report.needs_somebody,
            mail=report.mail,
            about_follower=report.about_follower,
        )
    if inbound.reply is not None:
        answer = take_answer(session, inbound, inbound.reply, site=site, now=now)
        if answer.flagged is not None:
            notify_may_not_come(session, answer.flagged, site=site, now=now)
        kind = ReceivedKind.ANSWER if answer.counts else ReceivedKind.OTHER
        return _Understood(kind, answer.note, answer.needs_somebody, confirmation=answer.confirmation)
    about = _Understood(
        ReceivedKind.OTHER,
        mail=mail_addressed(session, inbound, site=site),
        confirmation=confirmation_addressed(session, inbound, site=site),
    )
    if not (inbound.is_from_server or inbound.is_automatic):
        return about
    if is_of_follower(about.mail, inbound, site=site):
        return _Understood(ReceivedKind.AUTOMATIC, about_follower=True)
    if inbound.is_from_server:
        return replace(about, note="A mail server wrote this, and it could not be understood.")
    note = "A machine wrote this, such as an out-of-office."
    return replace(about, kind=ReceivedKind.AUTOMATIC, note=note, needs_somebody=False)


def _keep_without_address(row: ReceivedMessage, *, now: datetime) -> None:
    """Who follows the calls is shown to nobody (docs/privacy.md): of what machines write about it nothing is kept."""
    row.sender, row.subject, row.message = "", "About a mail to somebody who follows the calls", b""
    row.note = "A machine's message about such a mail. Its content is not kept, since it holds the address."
    row.settled_at = now
