"""Mails to many: composed before the transaction that queues them, so that nobody waits for it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.domain.states import MailState
from app.mail.values import Mail
from app.models import OutboxMessage
from app.services.outbox.queueing import QUEUED, insert_rows, row_of

log = logging.getLogger(__name__)
Rows = Mapping[str, dict[str, Any]]
"""Finished messages as rows of the outbox, by their `dedup`."""


def compose_mails(mails: Mapping[str, Mail], *, site: Site, now: datetime) -> Rows:
    """The finished messages, which leave at once. Needs no transaction.

    One that cannot be sent safely is left out and logged: nobody else waits for it.
    """
    rows = {}
    for dedup, mail in mails.items():
        try:
            rows[dedup] = row_of(mail, dedup, leaves_at=now, site=site, now=now)
        except ValueError as error:  # its words may hold the address
            log.error("a mail to many cannot be sent safely: %s (%s)", dedup, type(error).__name__)  # noqa: TRY400
    return rows


def queue_composed(session: Session, rows: Iterable[dict[str, Any]]) -> int:
    """Add them in one statement; returns how many are new. Joins the caller's transaction."""
    session.flush()
    values = list(rows)
    added = insert_rows(session, values) if values else 0
    if added:
        session.info[QUEUED] = True
    return added


def forget_mails(session: Session, kinds: Iterable[str], recipient: str) -> None:
    """Delete the mails of these kinds to `recipient`, but for one that a worker holds. Joins the caller's transaction.

    Whoever asked for them wants none of them kept; what has not left does not leave.
    """
    session.flush()
    session.execute(
        delete(OutboxMessage)
        .where(OutboxMessage.kind.in_(tuple(kinds)), OutboxMessage.recipient == recipient)
        .where(OutboxMessage.state != MailState.LEASED)
    )
