"""What members see of their calls: all that is on, who speaks as they are named for it, and the way in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.publication import Audience, PublicTouchpoint
from app.domain.revision import PublicStatus
from app.domain.secret import NO_WAY_IN, WayIn
from app.models import MemberEntry, Series, Touchpoint
from app.services.join_links import ways_in
from app.services.public_history import read_value

MOST = 24
HELD = 50
_LONGEST = timedelta(days=1)


@dataclass(frozen=True)
class MemberCall:
    """A call of a members-only series as members see it, and its way in; empty while there is none."""

    call: PublicTouchpoint
    way_in: WayIn


def coming_member_calls(session: Session, *, now: datetime) -> tuple[MemberCall, ...]:
    """The next calls of the members-only series that are not over, skipped or cancelled, soonest first."""
    query = (
        _calls()
        .where(MemberEntry.status != PublicStatus.CANCELLED)
        .where(MemberEntry.ends_at > now, MemberEntry.starts_at > now - _LONGEST)
        .order_by(MemberEntry.starts_at, MemberEntry.touchpoint_id)
        .limit(MOST)
    )
    return tuple(each for each in _read(session, query) if not each.call.skipped)


def held_member_calls(session: Session, *, now: datetime) -> tuple[MemberCall, ...]:
    """The calls of the members-only series that were held with a talk, newest first. Nobody gets into them any more."""
    query = (
        _calls()
        .where(MemberEntry.status == PublicStatus.CONFIRMED, MemberEntry.ends_at <= now)
        .order_by(MemberEntry.starts_at.desc(), MemberEntry.touchpoint_id)
        .limit(HELD)
    )
    return tuple(MemberCall(each.call, NO_WAY_IN) for each in _read(session, query))


def find_member_call(session: Session, key: str, *, now: datetime) -> MemberCall:
    """The call of a members-only series with this key; over or cancelled, without a way in. Raises NotFound."""
    found = _read(session, _calls().where(Touchpoint.key == key))
    if not found:
        raise NotFound("There is no such call.")
    call = found[0].call
    on = call.ends_at > now and not call.skipped and call.status is not PublicStatus.CANCELLED
    return found[0] if on else MemberCall(call, NO_WAY_IN)


def is_member_call(session: Session, key: str) -> bool:
    """Whether members have a page of the call with this key."""
    return session.scalar(_calls().where(Touchpoint.key == key).with_only_columns(Touchpoint.id)) is not None


def _calls() -> Select[MemberEntry, Touchpoint]:
    return (
        select(MemberEntry, Touchpoint)
        .join(Touchpoint, Touchpoint.id == MemberEntry.touchpoint_id)
        .join(Series, Series.id == Touchpoint.series_id)
        .where(Series.audience == Audience.MEMBERS)
    )


def _read(session: Session, query: Select[MemberEntry, Touchpoint]) -> list[MemberCall]:
    rows = session.execute(query).all()
    links = ways_in(session, [touchpoint for _, touchpoint in rows]) if rows else {}
    values: Iterable[tuple[int, PublicTouchpoint | None]] = (
        (entry.touchpoint_id, read_value(entry.value)) for entry, _ in rows
    )
    return [MemberCall(call, links.get(call_id, NO_WAY_IN)) for call_id, call in values if call is not None]
