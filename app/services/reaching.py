"""How far a name has gone: the mails that left with it, which nobody can call back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.domain.consent import Choices
from app.domain.receipts import MailsOut
from app.domain.states import MailState
from app.models import Announcement, Confirmation, OutboxMessage, Talk
from app.services.notifying import NAMING
from app.services.notifying.knowing import Facts, reveals_more

_OUT = (MailState.SENT, MailState.BOUNCED, MailState.LEASED)


def mails_to_speakers(
    session: Session, confirmation: Confirmation, calls: Collection[int], *, now_allowed: Choices
) -> MailsOut:
    """Mails to the other speakers of the talk, and of the calls with these ids, that name this speaker more openly
    than is allowed now.

    Counted by what each mail tells, which is kept; one of an earlier release counts where it is about this talk.
    """
    on_these = select(Talk.id).where(or_(Talk.touchpoint_id.in_(calls), Talk.id == confirmation.talk_id))
    query = (
        select(OutboxMessage.talk_id, OutboxMessage.tells, OutboxMessage.sent_at, OutboxMessage.due_at)
        .where(OutboxMessage.talk_id.in_(on_these), OutboxMessage.kind.in_(NAMING), OutboxMessage.state.in_(_OUT))
        .where(OutboxMessage.recipient != (confirmation.speaker.email or ""))
    )
    level = now_allowed.attribution.value if now_allowed.attribution else None
    left = []
    for talk_id, tells, sent_at, due_at in session.execute(query):
        named = Facts.read(tells["now"]).named if tells else None
        own = talk_id == confirmation.talk_id
        if own if named is None else _names_more(named.get(str(confirmation.id)), level):
            left.append(sent_at or due_at)
    return MailsOut(len(left), min(left, default=None), max(left, default=None))


def mails_to_followers(session: Session, calls: Collection[int], *, since: datetime | None) -> MailsOut:
    """Mails to people who follow the calls that may have named somebody on the calls with these ids, since then.

    They are kept for 30 days: of earlier ones nobody knows any more. Any weekly mail may tell of a call.
    """
    if since is None:
        return MailsOut()
    keys = session.scalars(select(Announcement.key).where(Announcement.touchpoint_id.in_(calls)))
    of_these = [OutboxMessage.dedup.startswith(f"announcement:{key}:", autoescape=True) for key in keys]
    about = or_(OutboxMessage.dedup.startswith("digest:"), *of_these)
    when = func.coalesce(OutboxMessage.sent_at, OutboxMessage.due_at)
    query = select(func.count(), func.min(when), func.max(when))
    counted = session.execute(query.where(about, OutboxMessage.state.in_(_OUT), when >= since)).one()
    return MailsOut(*counted)


def _names_more(level: str | None, now: str | None) -> bool:
    return level is not None and reveals_more(level, now)
