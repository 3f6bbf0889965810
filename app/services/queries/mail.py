"""The outbox as organizers see it: what could not be sent, what waits, what left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, not_, or_, select
from sqlalchemy.orm import Session, defer

from app.domain.site import Site
from app.domain.states import MailState
from app.mail.reading import SECRET_KINDS, SUBSCRIBERS_KINDS, ReadMessage, read_message, without_tokens
from app.models import OutboxMessage, Proposal
from app.services.blind_review import blind_proposals, blind_series

PAGE = 50
# Who follows the calls is nobody's business: not even organizers see these addresses.
_FOR_ORGANIZERS = OutboxMessage.kind.not_in(SUBSCRIBERS_KINDS)


class Box(StrEnum):
    """A part of the outbox, in the order of the page."""

    PARKED = "parked"
    BOUNCED = "bounced"
    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def states(self) -> tuple[MailState, ...]:
        return _STATES[self]


_LABELS = {
    Box.PARKED: "Could not be sent",
    Box.BOUNCED: "Came back",
    Box.WAITING: "Waiting",
    Box.SENT: "Sent",
    Box.CANCELLED: "Taken back",
}
_STATES = {
    Box.PARKED: (MailState.PARKED,),
    Box.BOUNCED: (MailState.BOUNCED,),
    Box.WAITING: (MailState.PENDING, MailState.LEASED),
    Box.SENT: (MailState.SENT,),
    Box.CANCELLED: (MailState.CANCELLED,),
}


@dataclass(frozen=True)
class MailFilter:
    """What the organizer asked to see. Empty values do not filter."""

    text: str = ""
    box: Box | None = None
    page: int = 1


@dataclass(frozen=True)
class MailPage:
    """One page of mails, without their bodies; `counts` says how many are in each box, whatever the filter.

    `unnamed` are the ids of those about a proposal that is reviewed without names: nobody learns to whom they go.
    """

    mails: Sequence[OutboxMessage]
    total: int
    page: int
    pages: int
    counts: dict[Box, int]
    unnamed: frozenset[int]


@dataclass(frozen=True)
class ShownMail:
    """A mail with its text. `message` is None where there is none to show: `why_not` says why.

    `unnamed`: not even its reader and subject are shown.
    """

    row: OutboxMessage
    message: ReadMessage | None
    text: str
    why_not: str
    unnamed: bool = False


def read_mails(session: Session, asked: MailFilter) -> MailPage:
    """One page of the mails that match, by box, the newest first; the last page for a number beyond it."""
    matching = _conditions(session, asked)
    total = session.scalar(select(func.count()).select_from(OutboxMessage).where(*matching)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(asked.page, pages)
    rank = case({state: number for number, box in enumerate(Box) for state in box.states}, value=OutboxMessage.state)
    mails = session.scalars(
        select(OutboxMessage)
        .where(*matching)
        .order_by(rank, OutboxMessage.created_at.desc(), OutboxMessage.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
        .options(defer(OutboxMessage.message))
    ).all()
    unnamed = select(OutboxMessage.id).where(_unnamed(session), OutboxMessage.id.in_([mail.id for mail in mails]))
    return MailPage(mails, total, page, pages, _counts(session), frozenset(session.scalars(unnamed)))


def read_waiting(session: Session, *, limit: int = PAGE) -> Sequence[OutboxMessage]:
    """The mails that have not left, in the order in which they will."""
    return session.scalars(
        select(OutboxMessage)
        .where(_FOR_ORGANIZERS, OutboxMessage.state.in_(Box.WAITING.states))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(limit)
        .options(defer(OutboxMessage.message))
    ).all()


def read_mail(session: Session, mail_id: int, *, site: Site) -> ShownMail | None:
    """The mail with what an organizer may read of it: no link that opens its reader's page, no key to sign in."""
    row = session.get(OutboxMessage, mail_id)
    if row is None or row.kind in SUBSCRIBERS_KINDS:
        return None
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.id == mail_id, _unnamed(session))):
        return ShownMail(row, None, "", "It is about a proposal that is reviewed without names.", unnamed=True)
    if row.kind in SECRET_KINDS:
        return ShownMail(row, None, "", "It holds a key for its reader alone.")
    if not row.message:
        return ShownMail(row, None, "", "Its text was removed 30 days after it left.")
    message = read_message(row.message)
    return ShownMail(row, message, without_tokens(message.text, base_url=site.base_url), "")


def leaves_in_minutes(row: OutboxMessage, *, now: datetime) -> int:
    """In how many minutes the mail may leave, rounded up; 0 when it is due."""
    return max(0, -int((now - row.due_at).total_seconds() // 60))


def _unnamed(session: Session) -> ColumnElement[bool]:
    return OutboxMessage.proposal_id.in_(select(Proposal.id).where(blind_proposals(blind_series(session))))


def _conditions(session: Session, asked: MailFilter) -> list[ColumnElement[bool]]:
    matching: list[ColumnElement[bool]] = [_FOR_ORGANIZERS]
    if asked.box is not None:
        matching.append(OutboxMessage.state.in_(asked.box.states))
    if asked.text:
        columns = (OutboxMessage.recipient, OutboxMessage.subject)
        says = or_(*(column.icontains(asked.text, autoescape=True) for column in columns))
        matching += [says, or_(OutboxMessage.proposal_id.is_(None), not_(_unnamed(session)))]
    return matching


def _counts(session: Session) -> dict[Box, int]:
    states = select(OutboxMessage.state, func.count()).where(_FOR_ORGANIZERS).group_by(OutboxMessage.state)
    counted = dict(session.execute(states).all())
    return {box: sum(counted.get(state, 0) for state in box.states) for box in Box}
