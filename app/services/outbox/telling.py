"""What readers know by the mails that left or are about to: what was taken back has told nobody anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.states import MailState
from app.models import OutboxMessage, Talk, Touchpoint

_STANDS = OutboxMessage.state != MailState.CANCELLED
_TAKES_ENTRY_BACK = frozenset({"cancelled", "withdrawn"})


def newest_sequence(session: Session, talk: Talk) -> int | None:
    """The highest SEQUENCE of the talk's calendar entries, or None while nobody has one."""
    return session.scalar(select(func.max(OutboxMessage.entry_sequence)).where(_about(talk), _STANDS))


def holds_entry(session: Session, talk: Talk, address: str) -> bool:
    """Whether the reader's calendar has an entry for this talk, or will have, that was not taken back."""
    mails = select(OutboxMessage.kind).where(_about(talk), _STANDS, OutboxMessage.recipient == address)
    newest = mails.where(OutboxMessage.entry_sequence.is_not(None)).order_by(OutboxMessage.id.desc()).limit(1)
    kind = session.scalar(newest)
    return kind is not None and kind not in _TAKES_ENTRY_BACK


def has_heard(session: Session, talk: Talk, address: str) -> bool:
    """Whether any mail about this talk has gone to the reader, or is on its way."""
    mails = select(func.count()).where(_about(talk), _STANDS, OutboxMessage.recipient == address)
    return bool(session.scalar(mails))


def last_told(session: Session, talk: Talk, address: str, *, kinds: Iterable[str]) -> Mapping[str, Any] | None:
    """What the newest mail of these kinds about the talk told the reader; None if none did."""
    mails = select(OutboxMessage.tells).where(_about(talk), _STANDS, OutboxMessage.recipient == address)
    telling = mails.where(OutboxMessage.kind.in_(tuple(kinds)), OutboxMessage.tells.is_not(None))
    return session.scalar(telling.order_by(OutboxMessage.id.desc()).limit(1))


def count_taken_back(session: Session, subject: Talk | Touchpoint, kind: str, address: str) -> int:
    """How often a mail of this kind to the reader was taken back: the next one is another event."""
    mails = select(func.count()).where(_about(subject), ~_STANDS, OutboxMessage.recipient == address)
    return session.scalar(mails.where(OutboxMessage.kind == kind)) or 0


def _about(subject: Talk | Touchpoint) -> ColumnElement[bool]:
    if isinstance(subject, Talk):
        return OutboxMessage.talk_id == subject.id
    return OutboxMessage.touchpoint_id == subject.id
