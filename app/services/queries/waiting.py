"""The mails about talks and calls that wait for the settle time, as the board shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.models import OutboxMessage, Person, Talk, Touchpoint
from app.services.board_facts import short_date
from app.services.board_moves import last_moves
from app.services.outbox import is_settling


@dataclass(frozen=True)
class Waiting:
    """The mails about one talk or call. `newest` is the id of the last of them: what an organizer saw.

    `undo`: taking back what this organizer did last takes them back.
    """

    kind: str
    pk: int
    label: str
    mails: int
    newest: int
    minutes: int
    undo: bool


def read_waiting_mails(session: Session, *, organizer: Person, now: datetime) -> list[Waiting]:
    """What waits, the first to leave first; in a number of queries that does not grow."""
    subject = (OutboxMessage.talk_id, OutboxMessage.touchpoint_id)
    query = (
        select(*subject, func.count(), func.max(OutboxMessage.id), func.max(OutboxMessage.due_at).label("due_at"))
        .where(is_settling(now=now), OutboxMessage.talk_id.is_not(None) | OutboxMessage.touchpoint_id.is_not(None))
        .group_by(*subject)
        .order_by("due_at", *subject)
    )
    rows = session.execute(query).all()
    if not rows:
        return []
    titles = _titles(session, [row[0] for row in rows])
    dates = _dates(session, [row[1] for row in rows])
    mine = {move.talk_id for move in last_moves(session, organizer, now=now) if move.version_after == move.talk.version}
    return [
        Waiting(
            kind="touchpoint" if talk_id is None else "talk",
            pk=talk_id or touchpoint_id or 0,
            label=dates[touchpoint_id] if talk_id is None else titles[talk_id],
            mails=mails,
            newest=newest,
            minutes=ceil((due_at - now).total_seconds() / 60),
            undo=talk_id in mine,
        )
        for talk_id, touchpoint_id, mails, newest, due_at in rows
    ]


def _titles(session: Session, ids: Sequence[int | None]) -> dict[int | None, str]:
    query = select(Talk).where(Talk.id.in_(ids)).options(joinedload(Talk.proposal))
    return {talk.id: talk.proposal.title for talk in session.scalars(query)}


def _dates(session: Session, ids: Sequence[int | None]) -> dict[int | None, str]:
    query = select(Touchpoint).where(Touchpoint.id.in_(ids))
    return {call.id: f"{call.series.short_name}, {short_date(call)}" for call in session.scalars(query)}
