"""The receipt of what a speaker took back, or an organizer for them, to that speaker alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.receipts import Receipt
from app.domain.site import Site
from app.mail.messages import talks
from app.mail.values import Retracted
from app.models import Retraction
from app.services.links import naming_path
from app.services.notifying.readers import house_of, reader_of
from app.services.outbox import queue_mail


def notify_retracted(session: Session, rows: Sequence[Retraction], *, site: Site, now: datetime) -> None:
    """One mail about all of them, which are one speaker's; nobody without an address can be told."""
    reader = reader_of(rows[0].confirmation.speaker) if rows else None
    if reader is None:
        return
    first = rows[0]
    receipts = [Retracted(row.confirmation.talk.proposal.title, Receipt.from_json(row.receipt)) for row in rows]
    link = site.url(naming_path(first.confirmation, site=site))
    mail = talks.retracted(house_of(site), reader, receipts=receipts, link=link)
    talk = first.confirmation.talk
    queue_mail(session, mail, dedup=f"{mail.kind}:{first.key}", talk=talk, site=site, now=now)
