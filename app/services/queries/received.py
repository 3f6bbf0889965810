"""Mail that came in, as organizers see it: what waits for one of them, and what was made of the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session, defer, joinedload, lazyload

from app.domain.received import ReceivedKind
from app.domain.site import Site
from app.mail.inbound import Attachment, read_attachments, read_header_lines, read_inbound
from app.mail.reading import without_tokens
from app.models import BouncingAddress, Confirmation, OutboxMessage, ReceivedMessage, Talk
from app.services.blind_review import unnamed_mails

PAGE = 50


@dataclass(frozen=True)
class ReceivedFilter:
    """What the organizer asked to see: what waits, or everything, or one kind of everything."""

    text: str = ""
    everything: bool = False
    kind: ReceivedKind | None = None
    page: int = 1


@dataclass(frozen=True)
class ReceivedPage:
    """One page of messages without their content, the newest first. `waiting` counts all that wait.

    `unnamed` are the ids of our mails about proposals that are reviewed without names: subjects are hidden.
    """

    messages: Sequence[ReceivedMessage]
    total: int
    page: int
    pages: int
    waiting: int
    bouncing: Sequence[BouncingAddress]
    unnamed: Collection[int]


@dataclass(frozen=True)
class ShownMessage:
    """A message with what may be read of it: words only. `is_kept` is false where the content was not kept."""

    row: ReceivedMessage
    headers: tuple[tuple[str, str], ...]
    text: str
    attachments: tuple[Attachment, ...]
    is_kept: bool
    unnamed: Collection[int] = ()


def read_received(session: Session, asked: ReceivedFilter) -> ReceivedPage:
    """One page of the messages that match; the last page for a number beyond it."""
    unnamed = session.scalars(unnamed_mails(session)).all()
    matching = [*_conditions(asked), not_(_tells_of(unnamed))]
    total = session.scalar(select(func.count()).select_from(ReceivedMessage).where(*matching)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(asked.page, pages)
    messages = session.scalars(
        select(ReceivedMessage)
        .where(*matching)
        .order_by(ReceivedMessage.received_at.desc(), ReceivedMessage.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
        .options(defer(ReceivedMessage.message), *_ABOUT)
    ).all()
    bouncing = session.scalars(select(BouncingAddress).order_by(BouncingAddress.bounced_at.desc(), BouncingAddress.id))
    return ReceivedPage(messages, total, page, pages, count_waiting(session), bouncing.all(), unnamed)


def count_waiting(session: Session) -> int:
    """How many messages wait for an organizer."""
    waiting = select(func.count()).select_from(ReceivedMessage).where(ReceivedMessage.settled_at.is_(None))
    return session.scalar(waiting) or 0


def read_received_one(session: Session, number: int, *, site: Site) -> ShownMessage | None:
    """The message in words: plain text, or HTML without its tags, and without the secrets of links to us."""
    unnamed = session.scalars(unnamed_mails(session)).all()
    told = select(ReceivedMessage).where(ReceivedMessage.id == number, not_(_tells_of(unnamed))).options(*_ABOUT)
    row = session.scalar(told)
    if row is None:
        return None
    text = without_tokens(read_inbound(row.message).text, base_url=site.base_url)
    parts = read_attachments(row.message)
    return ShownMessage(row, read_header_lines(row.message), text, parts, bool(row.message), unnamed)


def bouncing_among(session: Session, addresses: Sequence[str]) -> dict[str, BouncingAddress]:
    """Those of the addresses from which mail came back, by the address in lower case."""
    wanted = {address.lower() for address in addresses if address}
    found = session.scalars(select(BouncingAddress).where(BouncingAddress.email.in_(wanted)))
    return {row.email: row for row in found}


def letters_about(session: Session, confirmations: Sequence[Confirmation]) -> dict[int, list[ReceivedMessage]]:
    """The latest messages that came in about each of these, the newest first, without their content."""
    wanted = ReceivedMessage.confirmation_id.in_([each.id for each in confirmations])
    found = session.scalars(
        select(ReceivedMessage)
        .where(wanted)
        .order_by(ReceivedMessage.received_at.desc(), ReceivedMessage.id.desc())
        .limit(PAGE)
        .options(defer(ReceivedMessage.message))
    )
    letters: dict[int, list[ReceivedMessage]] = {each.id: [] for each in confirmations}
    for message in found:
        letters[message.confirmation_id or 0].append(message)
    return letters


_ABOUT = (
    joinedload(ReceivedMessage.outbox).options(defer(OutboxMessage.message)),
    joinedload(ReceivedMessage.confirmation).options(
        joinedload(Confirmation.talk).options(
            lazyload(Talk.confirmations), joinedload(Talk.proposal).options(lazyload("*"))
        ),
        lazyload(Confirmation.calendar_reply),
    ),
)


def _tells_of(unnamed: Collection[int]) -> ColumnElement[bool]:
    """What machines answer to such a mail says whom it was for. What somebody wrote themselves is read."""
    machines = ReceivedKind.BOUNCE, ReceivedKind.AUTOMATIC
    return and_(ReceivedMessage.kind.in_(machines), func.coalesce(ReceivedMessage.outbox_id, 0).in_(unnamed))


def _conditions(asked: ReceivedFilter) -> list[ColumnElement[bool]]:
    matching: list[ColumnElement[bool]] = []
    if not asked.everything:
        matching.append(ReceivedMessage.settled_at.is_(None))
    if asked.kind is not None:
        matching.append(ReceivedMessage.kind == asked.kind)
    if asked.text:
        columns = (ReceivedMessage.sender, ReceivedMessage.subject)
        matching.append(or_(*(column.icontains(asked.text, autoescape=True) for column in columns)))
    return matching
