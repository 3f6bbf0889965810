"""What members see of their calls: when, and the secret address to join."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.publication import Audience, PublicTouchpoint
from app.domain.revision import PublicStatus
from app.models import Publication, Series, Touchpoint
from app.services.join_links import join_links_of
from app.services.public_history import read_value

MOST = 24
_LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class MemberCall:
    """A call of a members-only series as the public sees it, and its join link; empty while there is none."""

    call: PublicTouchpoint
    join_url: str


def coming_member_calls(session: Session, *, now: datetime) -> tuple[MemberCall, ...]:
    """The next calls of the members-only series that are not over, skipped or cancelled, soonest first."""
    query = (
        select(Touchpoint, Publication.value)
        .join(Publication, Publication.touchpoint_id == Touchpoint.id)
        .join(Series, Series.id == Touchpoint.series_id)
        .where(Series.audience == Audience.MEMBERS, Publication.status != PublicStatus.CANCELLED)
        .where(Publication.ends_at > now, Publication.starts_at > now - _LONGEST)
        .order_by(Publication.starts_at, Publication.uid)
        .limit(MOST)
    )
    rows = session.execute(query).all()
    links = join_links_of(session, [touchpoint for touchpoint, _ in rows])
    calls = ((touchpoint.id, read_value(value)) for touchpoint, value in rows)
    return tuple(
        MemberCall(call, links.get(call_id, "")) for call_id, call in calls if call is not None and not call.skipped
    )
