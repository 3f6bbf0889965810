"""Mails to somebody and from them."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.mail.inbound import read_attachments, read_inbound
from app.mail.reading import SECRET_KINDS, read_message, without_tokens
from app.models import Confirmation, OutboxMessage, ReceivedMessage, Speaker
from app.services.own_data.holders import Holder, is_mailed_to, is_received_from, is_speaker
from app.services.own_data.sections import Record, Section


def _sent(session: Session, holder: Holder, site: Site) -> list[Record]:
    rows = session.scalars(select(OutboxMessage).where(is_mailed_to(holder)).order_by(OutboxMessage.id.desc()))
    return [
        {
            "kind": row.kind,
            "to": row.recipient,
            "subject": row.subject,
            "state": row.state.value,
            "written_at": row.created_at,
            "sent_at": row.sent_at,
            "what_the_server_said": row.last_error,
            "text": _text(row, site),
        }
        for row in rows
    ]


def _received(session: Session, holder: Holder, _site: Site) -> list[Record]:
    answers = select(Confirmation.id).join(Speaker, Confirmation.speaker_id == Speaker.id).where(is_speaker(holder))
    theirs = or_(
        is_received_from(holder),
        ReceivedMessage.confirmation_id.in_(answers),
        ReceivedMessage.outbox_id.in_(select(OutboxMessage.id).where(is_mailed_to(holder))),
    )
    rows = session.scalars(select(ReceivedMessage).where(theirs).order_by(ReceivedMessage.id.desc()))
    return [
        {
            "from": row.sender,
            "subject": row.subject,
            "kind": row.kind.value,
            "received_at": row.received_at,
            "settled_at": row.settled_at,
            "what_we_made_of_it": row.note,
            "text": read_inbound(row.message).text,
            "attachments": [attachment.name or attachment.kind for attachment in read_attachments(row.message)],
        }
        for row in rows
    ]


def _text(row: OutboxMessage, site: Site) -> str:
    """What the mail says, while we have it; the secret part of a link is for the mail alone."""
    if not row.message or row.kind in SECRET_KINDS:
        return ""
    return without_tokens(read_message(row.message).text, base_url=site.base_url).replace("\r\n", "\n")


LETTERS = (
    Section(
        "mails",
        "Mails that we sent you",
        "Their texts while we keep them. Keys in their links are left out, and mails that are a key have no text.",
        frozenset({"outbox.recipient"}),
        _sent,
    ),
    Section(
        "received",
        "Mails from you, and about your address",
        "What came into our mailbox from you or your calendar, and what servers reported about mails to you.",
        frozenset({"received.sender", "received.confirmation_id"}),
        _received,
    ),
)
