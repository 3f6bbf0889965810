"""Holding rows until the transaction ends, so that two people who act at one moment act one after the other.

On SQLite a writing transaction holds the whole database anyway; there these calls only read the row anew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Confirmation, Talk, Touchpoint
from app.models.base import Base


def lock_row(session: Session, row: Base) -> None:
    """Hold the one row, and read it anew.

    Only the row's own table is locked: a row that was loaded with its parents is read anew with them, by an outer
    join, whose other side PostgreSQL refuses to lock.
    """
    session.refresh(row, with_for_update={"of": type(row)})


def lock_touchpoints(session: Session, touchpoints: Iterable[Touchpoint]) -> frozenset[int]:
    """Hold the rows until the transaction ends, and read them anew; returns the ids of those changed since then.

    Always in order of id: nobody waits in a circle.
    """
    seen = {touchpoint.id: touchpoint.version for touchpoint in touchpoints}
    query = select(Touchpoint).where(Touchpoint.id.in_(seen)).order_by(Touchpoint.id)
    rows = session.scalars(query.with_for_update(of=Touchpoint), execution_options={"populate_existing": True})
    return frozenset(row.id for row in rows if row.version != seen[row.id])


def nobody_publishes(session: Session, touchpoint_ids: Collection[int]) -> bool:
    """Whether nobody is publishing these calls at this moment; then nobody does before this transaction ends.

    It waits for nobody: whoever publishes may have taken back mails already that this transaction would yet queue.
    """
    free = select(Touchpoint.id).where(Touchpoint.id.in_(touchpoint_ids)).with_for_update(read=True, skip_locked=True)
    return set(session.scalars(free)) == set(touchpoint_ids)


def lock_answers(session: Session, answers: Collection[Confirmation]) -> None:
    """Hold the talks of these answers with their proposals and all their calls, and read them anew.

    Or else two speakers who answer at one moment would each miss the other's answer, and the last to publish would
    put back a name that the other has just taken out.
    """
    talks = {answer.talk.id: answer.talk for answer in answers}
    proposals = {talk.proposal_id: talk.proposal for talk in talks.values()}
    for proposal_id in sorted(proposals):
        lock_row(session, proposals[proposal_id])
    of_these = select(Talk.touchpoint_id).where(Talk.proposal_id.in_(proposals))
    lock_touchpoints(session, session.scalars(select(Touchpoint).where(Touchpoint.id.in_(of_these))).all())
    for talk_id in sorted(talks):
        lock_row(session, talks[talk_id])
        for answer in talks[talk_id].confirmations:
            session.refresh(answer)
