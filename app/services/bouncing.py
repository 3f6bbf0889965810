"""Mails that come back: the mail is marked, and after two of them nothing more leaves to the address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.plus_addresses import Purpose, read_plus_address
from app.domain.received import BOUNCES_UNTIL_STOPPED
from app.domain.site import Site
from app.domain.states import MailState, move_to
from app.mail.inbound import Inbound
from app.mail.reading import SUBSCRIBERS_KINDS
from app.mail.reports import Report
from app.models import BouncingAddress, OutboxMessage
from app.services.auditing import MAIL, Actor, record
from app.services.subscribing import stop_address
from app.services.turns import wait_for_turn


def take_bounce(
    session: Session, inbound: Inbound, report: Report, *, site: Site, now: datetime
) -> tuple[OutboxMessage | None, str]:
    """Mark the mail that the report is about: the mail, or None, and what was made of the report in words.

    The mail is known by the address that the report came to, or else by its Message-ID, which only its readers know.
    Joins the caller's transaction.
    """
    mail = _reported(session, inbound, report, site=site)
    if mail is None:
        return None, "A report about a mail that we do not know."
    said = f"{report.status} {report.words}".strip()
    if not report.is_permanent:
        return mail, f"The mail is late, and the server goes on trying: {said}"
    if mail.state is not MailState.SENT:
        return mail, f"The mail had been marked already: {said}"
    move_to(mail, MailState.BOUNCED)
    mail.last_error = f"It came back: {said}"[:500]
    record(session, "mail.bounced", mail, by=MAIL, now=now, status=report.status)
    _count(session, mail, now=now)
    return mail, f"The mail came back: {said}"


def lift_stop(session: Session, address: BouncingAddress, *, by: Actor, now: datetime) -> None:
    """Let mail leave to the address again, and count from nothing. What was given up is sent again one by one."""
    record(session, "address.lifted", address, by=by, now=now)
    session.delete(address)
    session.commit()


def _reported(session: Session, inbound: Inbound, report: Report, *, site: Site) -> OutboxMessage | None:
    for address in inbound.sent_to:
        number = read_plus_address(address, Purpose.BOUNCE, mailbox=site.inbound, secret_key=site.secret_key)
        if number is not None:
            return session.get(OutboxMessage, number, with_for_update=True)
    known = select(OutboxMessage).where(OutboxMessage.message_id == report.message_id).with_for_update()
    return session.scalar(known) if report.message_id else None


def _count(session: Session, mail: OutboxMessage, *, now: datetime) -> None:
    """One more for the address. Those of subscribers are no page's business: their subscription stops by itself."""
    email = mail.recipient.lower()
    if mail.kind in SUBSCRIBERS_KINDS:
        stop_address(session, email, by=MAIL, now=now)
        return
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
