"""Holding rows until the transaction ends, so that two people who act at one moment act one after the other.

On SQLite a writing transaction holds the whole database anyway; there these calls only read the row anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Touchpoint
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
