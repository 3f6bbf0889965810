"""Which join link a call has: its own, or else that of its series."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import JoinLink, Touchpoint


def join_links_of(session: Session, touchpoints: Iterable[Touchpoint]) -> dict[int, str]:
    """The join links of these calls by id, in one query; calls without one are left out. They are secret."""
    asked = list(touchpoints)
    ids, series_ids = {call.id for call in asked}, {call.series_id for call in asked}
    query = select(JoinLink).where(or_(JoinLink.touchpoint_id.in_(ids), JoinLink.series_id.in_(series_ids)))
    rows = session.scalars(query).all()
    own = {row.touchpoint_id: row.url.reveal() for row in rows if row.touchpoint_id is not None}
    general = {row.series_id: row.url.reveal() for row in rows if row.series_id is not None}
    links = {call.id: own.get(call.id) or general.get(call.series_id, "") for call in asked}
    return {call_id: url for call_id, url in links.items() if url}
