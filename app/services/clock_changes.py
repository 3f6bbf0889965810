"""When a country changes its clocks: calls keep their wall time, and their instant moves, like any other move."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.localtime import NoSuchWallTime, to_utc
from app.domain.publication import Audience
from app.domain.site import Site
from app.domain.states import TalkState
from app.models import Series, Touchpoint
from app.services import notifying
from app.services.auditing import SYSTEM, record
from app.services.board_moves import occasion_of
from app.services.board_places import talks_on
from app.services.locking import lock_touchpoints
from app.services.publishing import publish_touchpoints
from app.services.queries.feeds import HELD_FOR
from app.services.rewording import catch_up_with_wording
from app.services.upgrading import publish_what_is_older

log = logging.getLogger(__name__)
_FARTHEST = timedelta(hours=26)  # between two zones: what is over everywhere is left alone


def follow_clock_changes(session: Session, *, site: Site, now: datetime) -> list[Touchpoint]:
    """Move the calls to come whose wall time is another instant by today's time zone data, and tell everyone. Commits.

    Wall time and zone are the truth, the instant is derived: a new release of the zones is found here, at each start
    of a mail worker and each night; web processes start without reading every call. However many start at one moment,
    each call is moved once. A wall time that the clocks now skip, or of a zone that is no more, stays where it was, and
    stands in the log: an organizer must choose another.
    """
    shifted = [call for call in _coming(session, now=now) if _instant(call) != call.starts_at]
    if not shifted:
        session.commit()
        return []
    lock_touchpoints(session, shifted)
    moved = [call for call in shifted if _instant(call) != call.starts_at and call.ends_at > now]
    for call in moved:
        _shift(session, call, site=site, now=now)
    publish_touchpoints(session, moved, site=site, now=now)
    session.commit()
    return moved


def catch_up(session: Session, *, site: Site, now: datetime) -> list[Touchpoint]:
    """What each start of a mail worker sees to: clock changes, and what an earlier release did not keep yet."""
    publish_what_is_older(session, site=site, now=now)
    _write_member_entries(session, site=site, now=now)
    catch_up_with_wording(session, site=site, now=now)
    return follow_clock_changes(session, site=site, now=now)


def _write_member_entries(session: Session, *, site: Site, now: datetime) -> None:
    """The entries of members' calls hold more than those of earlier releases: publishing writes them."""
    recent = Touchpoint.starts_at >= now - HELD_FOR
    query = select(Touchpoint).join(Series).where(Series.audience == Audience.MEMBERS, recent).order_by(Touchpoint.id)
    publish_touchpoints(session, session.scalars(query).all(), site=site, now=now)


def _coming(session: Session, *, now: datetime) -> Sequence[Touchpoint]:
    query = select(Touchpoint).where(Touchpoint.starts_at > now - _FARTHEST).order_by(Touchpoint.id)
    return [call for call in session.scalars(query) if call.ends_at > now]


def _instant(call: Touchpoint) -> datetime:
    try:
        return to_utc(call.local_start, call.time_zone)
    except (NoSuchWallTime, ZoneInfoNotFoundError):
        log.exception("the start of a call is no instant any more, choose another: touchpoint=%s", call.id)
        return call.starts_at


def _shift(session: Session, call: Touchpoint, *, site: Site, now: datetime) -> None:
    """Write the new instant and tell the speakers. Who confirmed stays so: their hour is the one on the series' wall.

    Joins the caller's transaction.
    """
    was = occasion_of(call)
    call.starts_at = _instant(call)
    record(session, "touchpoint.shifted", call, by=SYSTEM, now=now, was=was.starts_at.isoformat())
    log.warning("a change of clocks moves a call: touchpoint=%s was=%s now=%s", call.id, was.starts_at, call.starts_at)
    for talk in talks_on(session, call):
        if talk.state is TalkState.INVITED:
            notifying.notify_moved(session, talk, was=was, site=site, now=now)
        notifying.notify_updated(session, talk, site=site, now=now)
    notifying.notify_call_shifted(session, call, was=was, site=site, now=now)
