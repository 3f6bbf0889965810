"""Who changed a row last, in words: what somebody with a stale page wants to know first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.models import AuditEvent, Confirmation, Person, Proposal, Talk, Touchpoint
from app.services.auditing import Door

BOARD_SUBJECTS = ("talk", "proposal", "touchpoint", "confirmation", "series")
"""The tables whose changes can be seen on the board."""
_DID = {
    "talk.placed": "placed this talk",
    "talk.moved": "moved this talk",
    "talk.ordered": "changed the order of these talks",
    "talk.released": "took this talk back to the inbox",
    "talk.invited": "invited the speakers of this talk",
    "talk.reminded": "reminded the speakers of this talk",
    "talk.confirmed": "confirmed this talk",
    "talk.asked_again": "moved this talk and asked its speakers again",
    "talk.move_undone": "undid a move of this talk",
    "talk.mail_sent_now": "let the mail about this talk leave",
    "talk.withdrawn": "withdrew this talk",
    "confirmation.confirmed": "confirmed this date",
    "confirmation.declined": "asked for another date",
    "confirmation.confirmed_on_behalf": "confirmed this date on a speaker’s behalf",
    "confirmation.answered_by_calendar": "answered in their calendar",
    "confirmation.answer_dismissed": "dealt with the answer of a speaker’s calendar",
    "proposal.accepted": "accepted this proposal",
    "proposal.withdrawn": "withdrew this proposal",
    "proposal.edited": "edited this proposal",
}
_NOBODY = {
    Door.LINK: "A speaker",
    Door.MAIL: "A speaker",
    Door.SYSTEM: "The system",
    Door.COMMAND: "The command line",
}


@dataclass(frozen=True)
class Change:
    """The last change: who, when, what. `who` is a name only where a signed-in person did it."""

    who: str
    at: datetime
    did: str


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in a few words: "just now", "12 min ago", "3 h ago", "5 days ago"."""
    minutes = int((now - then).total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    hours = minutes // 60
    if hours < 24:
        return f"{hours} h ago"
    days = hours // 24
    return "yesterday" if days == 1 else f"{days} days ago"


def last_change(session: Session, *, of: Talk | Proposal | Touchpoint | None = None) -> Change | None:
    """The last change of that row, of what hangs on it included, or of anything that stands on the board."""
    query = select(AuditEvent, Person.name, Person.email).outerjoin(Person, AuditEvent.person_id == Person.id)
    if of is None:
        query = query.where(AuditEvent.subject.in_(BOARD_SUBJECTS))
    else:
        query = query.where(or_(*(_is_about(subject, ids) for subject, ids in _rows_with(of))))
    row = session.execute(query.order_by(AuditEvent.id.desc()).limit(1)).first()
    if row is None:
        return None
    event, name, email = row
    who = name or email or _NOBODY.get(Door(event.actor), "Somebody")
    return Change(who, event.at, _DID.get(event.action, "changed this"))


def _rows_with(row: Talk | Proposal | Touchpoint) -> Iterator[tuple[str, Select[int] | list[int]]]:
    """The row and those that change with it: a talk's confirmations, a proposal's talks, a call's talks with theirs."""
    yield row.__tablename__, [row.id]
    if isinstance(row, Talk):
        yield Confirmation.__tablename__, select(Confirmation.id).where(Confirmation.talk_id == row.id)
    elif isinstance(row, Touchpoint):
        talks = select(Talk.id).where(Talk.touchpoint_id == row.id)
        yield Talk.__tablename__, talks
        yield Confirmation.__tablename__, select(Confirmation.id).where(Confirmation.talk_id.in_(talks))
    else:
        yield Talk.__tablename__, select(Talk.id).where(Talk.proposal_id == row.id)


def _is_about(subject: str, ids: Select[int] | list[int]) -> ColumnElement[bool]:
    return and_(AuditEvent.subject == subject, AuditEvent.subject_id.in_(ids))


def expect_unchanged(session: Session, row: Talk | Proposal, version: int, *, now: datetime) -> None:
    """Raises Conflict, saying who did what, unless `row` is still what the person saw."""
    if row.version != version:
        raise Conflict(
            f"{who_did_what(session, row, now=now)} Nothing of yours was written; look again, then repeat it."
        )


def who_did_what(session: Session, row: Talk | Proposal, *, now: datetime) -> str:
    """The row's last change as a sentence: "Olu moved this talk 2 min ago."."""
    change = last_change(session, of=row)
    if change is None:
        return "Somebody else changed this meanwhile."
    return f"{change.who} {change.did} {ago(change.at, now)}."
