"""The way into a call: its own, or else that of its series."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.secret import WayIn
from app.models import JoinLink, Touchpoint


def ways_in(session: Session, touchpoints: Iterable[Touchpoint]) -> dict[int, WayIn]:
    """How to get into these calls, by id, in one query; calls without a way in are left out. They are secret.

    What a call has of its own stands alone: the passcode of the series belongs to another address.
    """
    asked = list(touchpoints)
    ids, series_ids = {call.id for call in asked}, {call.series_id for call in asked}
    query = select(JoinLink).where(or_(JoinLink.touchpoint_id.in_(ids), JoinLink.series_id.in_(series_ids)))
    rows = session.scalars(query).all()
    own = {row.touchpoint_id: row.value() for row in rows if row.touchpoint_id is not None}
    general = {row.series_id: row.value() for row in rows if row.series_id is not None}
    found = {call.id: own.get(call.id) or general.get(call.series_id) for call in asked}
    return {call_id: way_in for call_id, way_in in found.items() if way_in}
