"""Recalling: mails to followers that have not left are taken back when words in them are public no more.

While a mail server is away they wait in the outbox for hours. What they told is told anew, in the words of today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.public_changes import as_read
from app.domain.publication import PublicTouchpoint
from app.domain.states import MailState
from app.domain.subscriptions import last_digest_time
from app.models import Announcement, OutboxMessage, Publication, Subscription
from app.services.public_history import read_value

_WEEK = timedelta(days=7)


def recall_mails(
    session: Session, rows: Sequence[Publication], *, before: Mapping[int, dict[str, Any]], now: datetime
) -> None:
    """Take back what waits about calls whose talks say something else now; `before` has the values until now.

    Joins the caller's transaction, in which the touchpoints are locked. A mail that a worker holds at this moment may
    be out already, and one that was given up counts against its address: they are emptied, so that no further try
    tells the words of before, and told to nobody twice.
    """
    changed = [row.touchpoint_id for row in rows if _says_else(row, before.get(row.touchpoint_id))]
    if changed:
        for row in session.scalars(select(Announcement).where(Announcement.touchpoint_id.in_(changed))):
            _tell_anew(session, row)
        _digest_anew(session, now=now)


def forget_announcements(session: Session, touchpoint_ids: Sequence[int], *, now: datetime) -> None:
    """Nobody is told of these calls any more: they are public no longer. Joins the caller's transaction.

    What waits about them is taken back, also weekly mails, which are written anew without them.
    """
    about = Announcement.touchpoint_id.in_(touchpoint_ids)
    for key in session.scalars(select(Announcement.key).where(about)).all():
        _take_back(session, OutboxMessage.dedup.startswith(f"announcement:{key}:", autoescape=True))
    session.execute(delete(Announcement).where(about))
    _digest_anew(session, now=now)


def _says_else(row: Publication, before: dict[str, Any] | None) -> bool:
    """Whether words that mails told are others now. That a call is on after all is a change of its own."""
    was, value = read_value(before), PublicTouchpoint.from_json(row.value)
    if was is None:
        return False
    reworded = was.reason and value.reason and was.reason != value.reason
    return bool(reworded or (was.talks and as_read(was).talks != as_read(value).talks))


def _tell_anew(session: Session, row: Announcement) -> None:
    """From the first whose mail is taken back; who has theirs gets no second one. Never from 0, which says that nobody
    has heard yet: what changes next is a step of its own.
    """
    of_this = f"announcement:{row.key}:"
    recalled = _take_back(session, OutboxMessage.dedup.startswith(of_this, autoescape=True))
    keys = [dedup.removeprefix(of_this) for dedup in recalled]
    first = session.scalar(select(func.min(Subscription.id)).where(Subscription.key.in_(keys))) if keys else None
    if first is not None:
        row.reached, row.done_at = first - 1 or -1, None


def _digest_anew(session: Session, *, now: datetime) -> None:
    """Any weekly mail may tell of these calls, so all that wait are written anew."""
    recalled = _take_back(session, OutboxMessage.dedup.startswith("digest:"))
    keys = [dedup.rpartition(":")[2] for dedup in recalled]
    for subscription in session.scalars(select(Subscription).where(Subscription.key.in_(keys))) if keys else ():
        subscription.digested_at = max(subscription.confirmed_at or now, last_digest_time(now) - _WEEK)


def _take_back(session: Session, which: ColumnElement[bool]) -> Sequence[str]:
    of_these = OutboxMessage.is_bulk.is_(True), which
    tried = update(OutboxMessage).where(OutboxMessage.state.in_((MailState.LEASED, MailState.PARKED)), *of_these)
    session.execute(tried.values(message=b""), execution_options={"synchronize_session": False})
    waiting = delete(OutboxMessage).where(OutboxMessage.state == MailState.PENDING, *of_these)
    return session.scalars(waiting.returning(OutboxMessage.dedup)).all()
