"""Putting mails into the outbox, and taking back those that have not left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import insert_into
from app.domain.site import Site
from app.domain.states import MailState
from app.domain.text import clean_line
from app.mail.compose import compose
from app.mail.values import Mail
from app.models import OutboxMessage, Proposal, Talk, Touchpoint

QUEUED = "touchpoints.mail-queued"
"""Set in `session.info` when the transaction queued a mail that may leave at once: its commit rings the bell."""


def queue_mail(
    session: Session,
    mail: Mail,
    *,
    dedup: str,
    site: Site,
    now: datetime,
    due_at: datetime | None = None,
    proposal: Proposal | None = None,
    talk: Talk | None = None,
    touchpoint: Touchpoint | None = None,
    tells: Mapping[str, Any] | None = None,
) -> bool:
    """Add the finished message, to leave at `due_at` or at once. Joins the caller's transaction.

    `dedup` names the event and the recipient; a mail that was queued under it before is left as it is, and the answer
    is False. The Message-ID is made here and is the same on every attempt, so that a receiver can drop a double.
    `tells` is what the reader knew before and knows by this mail, as plain JSON.
    Raises ValueError for a message that cannot be sent safely: the click fails, not the night.
    """
    session.flush()
    about = proposal or (talk.proposal if talk else None)
    leaves_at = due_at or now
    values = row_of(mail, dedup, about=about, talk=talk, leaves_at=leaves_at, site=site, now=now)
    values |= {"touchpoint_id": touchpoint.id if touchpoint else None, "tells": tells}
    added = insert_rows(session, [values]) > 0
    if added and leaves_at <= now:
        session.info[QUEUED] = True
    return added


def row_of(
    mail: Mail,
    dedup: str,
    *,
    about: Proposal | None = None,
    talk: Talk | None = None,
    leaves_at: datetime,
    site: Site,
    now: datetime,
) -> dict[str, Any]:
    """The finished message as a row of the outbox."""
    message_id = f"<{uuid4()}@{site.uid_domain}>"
    return {
        "dedup": dedup,
        "kind": mail.kind,
        "is_bulk": bool(mail.unsubscribe),
        "recipient": mail.to,
        "subject": clean_line(mail.subject)[:200],
        "message_id": message_id,
        "message": compose(mail, message_id=message_id, thread=about.key if about else None, site=site, now=now),
        "proposal_id": about.id if about else None,
        "talk_id": talk.id if talk else None,
        "entry_sequence": mail.calendar.sequence if mail.calendar else None,
        "state": MailState.PENDING,
        "attempts": 0,
        "created_at": now,
        "due_at": leaves_at,
        "lease_owner": "",
        "last_error": "",
    }


def insert_rows(session: Session, rows: list[dict[str, Any]]) -> int:
    """Add rows whose `dedup` is new, in one statement; returns how many. Joins the caller's transaction."""
    statement = insert_into(session, OutboxMessage).values(rows).on_conflict_do_nothing(index_elements=["dedup"])
    return len(session.scalars(statement.returning(OutboxMessage.id)).all())


@dataclass(frozen=True)
class TakenBack:
    """A mail that did not leave: its kind, whom it was for, and what it would have told."""

    kind: str
    recipient: str
    tells: Mapping[str, Any] | None


def cancel_pending(
    session: Session,
    kinds: Iterable[str],
    *,
    proposal: Proposal | None = None,
    talk: Talk | None = None,
    touchpoint: Touchpoint | None = None,
) -> list[TakenBack]:
    """Take back the mails of these kinds about `proposal`, `talk` or `touchpoint` that wait.

    Joins the caller's transaction. A mail that a worker holds at this moment is not taken back: it may be out already.
    """
    session.flush()
    statement = update(OutboxMessage).where(
        OutboxMessage.kind.in_(tuple(kinds)), OutboxMessage.state == MailState.PENDING
    )
    if proposal is not None:
        statement = statement.where(OutboxMessage.proposal_id == proposal.id)
    if talk is not None:
        statement = statement.where(OutboxMessage.talk_id == talk.id)
    if touchpoint is not None:
        statement = statement.where(OutboxMessage.touchpoint_id == touchpoint.id)
    # A conditional UPDATE, since a worker may claim the row meanwhile: the states are those of `domain.states`.
    cancelled = statement.values(state=MailState.CANCELLED)
    rows = session.execute(cancelled.returning(OutboxMessage.kind, OutboxMessage.recipient, OutboxMessage.tells)).all()
    return [TakenBack(*row) for row in rows]
