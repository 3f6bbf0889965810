"""Mails that come back: the mail is marked, and after two of them nothing more leaves to the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.plus_addresses import Purpose, read_plus_address
from app.domain.received import BOUNCES_UNTIL_STOPPED
from app.domain.site import Site
from app.domain.states import MailState, move_to
from app.mail.inbound import Inbound
from app.mail.reading import SECRET_KINDS, SUBSCRIBERS_KINDS
from app.mail.reports import Report
from app.models import BouncingAddress, OutboxMessage
from app.services.auditing import MAIL, Actor, record
from app.services.subscribing import stop_address
from app.services.turns import wait_for_turn


@dataclass(frozen=True)
class TakenReport:
    """What became of a mail server's report. `mail` is the one of ours that it is about, if we know it.

    `about_follower`: that was a mail to somebody who follows the calls, of whom no page may tell.
    """

    note: str
    mail: OutboxMessage | None = None
    needs_somebody: bool = True
    about_follower: bool = False


def take_bounce(session: Session, inbound: Inbound, report: Report, *, site: Site, now: datetime) -> TakenReport:
    """Mark the mail that the report is about. Joins the caller's transaction.

    A mail that will never arrive is marked; only where its address is to blame does that count against the address.
    """
    mail = mail_addressed(session, inbound, message_id=report.message_id, site=site)
    if is_of_follower(mail, inbound, site=site):
        if mail is not None:
            _stop_follower(session, mail, report, now=now)
        return TakenReport("A report about a mail to somebody who follows the calls.", about_follower=True)
    if mail is None:
        return TakenReport("A report about a mail that we do not know.")
    said = f"{report.status} {report.words}".strip() or "no reason given"
    if not report.has_failed:
        return TakenReport(f"The mail is on its way, and the server goes on trying: {said}", mail, needs_somebody=False)
    if mail.state is not MailState.SENT:
        return TakenReport(f"The mail had been marked already: {said}", mail, needs_somebody=False)
    move_to(mail, MailState.BOUNCED)
    mail.last_error = f"It came back: {said}"[:500]
    record(session, "mail.bounced", mail, by=MAIL, now=now, status=report.status)
    if report.is_permanent:
        _count(session, mail, now=now)
    return TakenReport(f"The mail came back: {said}", mail, needs_somebody=mail.kind not in SECRET_KINDS)


def mail_addressed(session: Session, inbound: Inbound, *, message_id: str = "", site: Site) -> OutboxMessage | None:
    """The mail of ours to whose own address (VERP) the message came, or which it names by its Message-ID.

    Message-IDs are random: only a mail's readers know them. The row is held until the transaction ends.
    """
    number = _number_addressed(inbound, site=site)
    if number is not None:
        return session.get(OutboxMessage, number, with_for_update=True)
    named = [message_id] if message_id else list(inbound.answers_to)
    known = select(OutboxMessage).where(OutboxMessage.message_id.in_(named))
    return session.scalars(known.order_by(OutboxMessage.id.desc()).limit(1).with_for_update()).first()


def is_of_follower(mail: OutboxMessage | None, inbound: Inbound, *, site: Site) -> bool:
    """Whether the message came to the address of a mail to somebody who follows the calls.

    `mail` is what `mail_addressed` found. Only such mails are ever deleted, so one that is gone was one of them.
    """
    if mail is not None:
        return mail.kind in SUBSCRIBERS_KINDS
    return _number_addressed(inbound, site=site) is not None


def lift_stop(session: Session, address: BouncingAddress, *, by: Actor, now: datetime) -> None:
    """Let mail leave to the address again, and count from nothing. What was given up is sent again one by one."""
    record(session, "address.lifted", address, by=by, now=now)
    session.delete(address)
    session.commit()


def _number_addressed(inbound: Inbound, *, site: Site) -> int | None:
    """The number of the mail of ours to whose own address (VERP) the message came; the mail may be gone."""
    for address in inbound.sent_to:
        number = read_plus_address(address, Purpose.BOUNCE, mailbox=site.inbound, secret_key=site.secret_key)
        if number is not None:
            return number
    return None


def _stop_follower(session: Session, mail: OutboxMessage, report: Report, *, now: datetime) -> None:
    """Their subscription ends, for good reasons only. Nobody is to look after it."""
    if mail.state is MailState.SENT and report.has_failed:
        move_to(mail, MailState.BOUNCED)
        record(session, "mail.bounced", mail, by=MAIL, now=now, status=report.status)
    if report.is_permanent:
        stop_address(session, mail.recipient.lower(), by=MAIL, now=now)


def _count(session: Session, mail: OutboxMessage, *, now: datetime) -> None:
    """One more for the address; after so many nothing leaves to it, until an organizer lifts that."""
    email = mail.recipient.lower()
    wait_for_turn(session, "bouncing", email)
    row = session.scalar(select(BouncingAddress).where(BouncingAddress.email == email))
    if row is None:
        row = BouncingAddress(email=email, bounces=0, bounced_at=now)
        session.add(row)
    row.bounces, row.bounced_at, row.words = row.bounces + 1, now, mail.last_error
    if row.bounces >= BOUNCES_UNTIL_STOPPED and row.stopped_at is None:
        row.stopped_at = now
        stop_address(session, email, by=MAIL, now=now)
        record(session, "address.stopped", row, by=MAIL, now=now, bounces=row.bounces)
