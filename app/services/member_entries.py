"""The calls of members-only series as members see them, on their pages and in their own calendars.

They are written beside the publication, in its transaction, and hold what the public may not have: abstracts, speakers
as they are named for that call, and in the event the way in.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import CallFacts, members_touchpoint
from app.domain.publication import Audience, PublicStatus, PublicTouchpoint
from app.domain.revision import Revision, next_revision
from app.domain.secret import NO_WAY_IN, WayIn
from app.domain.site import Site
from app.feeds.ical import vevent
from app.models import MemberEntry, Touchpoint
from app.services.join_links import ways_in
from app.services.public_history import read_value

log = logging.getLogger(__name__)


def write_member_entries(
    session: Session,
    calls: Sequence[tuple[Touchpoint, CallFacts]],
    *,
    before: Mapping[int, PublicStatus],
    site: Site,
    now: datetime,
) -> None:
    """Bring the entries of these calls up to date. `before` has the status that was public, for those without one.

    An entry stays if the series is opened to everyone: no calendar loses a call without a word. Joins the caller's
    transaction, in which the touchpoints are locked.
    """
    entries = _entries(session, [touchpoint.id for touchpoint, _ in calls])
    wanted = [
        (touchpoint, facts)
        for touchpoint, facts in calls
        if touchpoint.id in entries or touchpoint.series.audience is Audience.MEMBERS
    ]
    links = ways_in(session, [touchpoint for touchpoint, _ in wanted]) if wanted else {}
    for touchpoint, facts in wanted:
        entry, way_in = entries.get(touchpoint.id), links.get(touchpoint.id, NO_WAY_IN)
        if entry is None:
            entry = _begun(touchpoint, facts, before.get(touchpoint.id), now=now)
            session.add(entry)
        else:
            value = members_touchpoint(_as_known(facts, entry, now=now), before=entry.status)
            _change(entry, value, way_in, site=site, now=now)
        entry.vevent = _bytes(entry, way_in, site=site)


def rewrite_member_entries(session: Session, *, series_id: int, site: Site, now: datetime) -> None:
    """After the way into a series or one of its calls changed. Joins the caller's transaction."""
    query = (
        select(MemberEntry, Touchpoint)
        .join(Touchpoint, Touchpoint.id == MemberEntry.touchpoint_id)
        .where(Touchpoint.series_id == series_id, MemberEntry.ends_at > now)
        .order_by(MemberEntry.touchpoint_id)
        .with_for_update(of=MemberEntry)
    )
    rows = session.execute(query, execution_options={"populate_existing": True}).all()
    links = ways_in(session, [touchpoint for _, touchpoint in rows]) if rows else {}
    for entry, touchpoint in rows:
        value = read_value(entry.value)
        if value is not None:
            way_in = links.get(touchpoint.id, NO_WAY_IN)
            _change(entry, value, way_in, site=site, now=now)
            entry.vevent = _bytes(entry, way_in, site=site)


def _entries(session: Session, touchpoint_ids: Sequence[int]) -> dict[int, MemberEntry]:
    session.flush()
    query = select(MemberEntry).where(MemberEntry.touchpoint_id.in_(touchpoint_ids))
    anew = {"populate_existing": True}
    return {entry.touchpoint_id: entry for entry in session.scalars(query, execution_options=anew)}


def _as_known(facts: CallFacts, entry: MemberEntry, *, now: datetime) -> CallFacts:
    """What stays as members have it: the UID, and once the call has begun the wording under which they came."""
    known = read_value(entry.value)
    if known is None:
        return facts
    wording = known.wording if facts.starts_at <= now else facts.wording
    return replace(facts, uid=known.uid, wording=wording)


def _begun(touchpoint: Touchpoint, facts: CallFacts, before: PublicStatus | None, *, now: datetime) -> MemberEntry:
    value = members_touchpoint(facts, before=before)
    entry = MemberEntry(touchpoint_id=touchpoint.id)
    _write(entry, value, next_revision(None, value.status, now=now))
    return entry


def _change(entry: MemberEntry, value: PublicTouchpoint, way_in: WayIn, *, site: Site, now: datetime) -> None:
    """Take one step of SEQUENCE where members' calendars are told something else than before, and none where not."""
    known = _revision(entry)
    _write(entry, value, replace(known, status=value.status))
    if _bytes(entry, way_in, site=site) != entry.vevent:
        _write(entry, value, next_revision(known, value.status, now=now))


def _write(entry: MemberEntry, value: PublicTouchpoint, revision: Revision) -> None:
    entry.starts_at, entry.ends_at, entry.value = value.starts_at, value.ends_at, value.to_json()
    entry.status, entry.sequence, entry.cancelled_at = revision.status, revision.sequence, revision.cancelled_at
    entry.created_at, entry.last_modified = revision.created_at, revision.last_modified


def _revision(entry: MemberEntry) -> Revision:
    return Revision(entry.status, entry.sequence, entry.created_at, entry.last_modified, entry.cancelled_at)


def _bytes(entry: MemberEntry, way_in: WayIn, *, site: Site) -> bytes:
    value = PublicTouchpoint.from_json(entry.value)
    if not value.in_feed:
        return b""
    try:
        return vevent(value, _revision(entry), url=site.url(f"/members/calls/{value.key}"), way_in=way_in)
    except Exception:  # whatever the serialiser minds: it takes no other call down
        log.exception("a call cannot be written as an event for members: touchpoint=%s", entry.touchpoint_id)
        return b""
