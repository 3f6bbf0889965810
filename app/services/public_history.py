"""What publishing leaves behind: each public change of a call, and the topics by which its feeds know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.public_changes import ChangeKind, as_read, change_between
from app.domain.publication import Audience, PublicTouchpoint
from app.domain.text import clean_line
from app.models import Publication, PublicationTopic, PublicChange, Topic

CHANGES_KEPT = timedelta(days=90)
"""How long the feed of changes remembers one."""


def remember_changes(
    session: Session,
    rows: Sequence[Publication],
    *,
    before: Mapping[int, dict[str, Any]],
    settle: timedelta,
    now: datetime,
) -> None:
    """One row for each call that reads otherwise in public; `before` has the values until now, by touchpoint.

    A correction within the settle time of another change belongs to it; of calls that are over nobody needs to hear.
    Joins the caller's transaction, in which the touchpoints are locked.
    """
    changed = [row for row in rows if row.value is not before.get(row.touchpoint_id)]
    steps = [
        (row.touchpoint_id, read_value(before.get(row.touchpoint_id)), PublicTouchpoint.from_json(row.value))
        for row in changed
    ]
    _keep_topics(session, {touchpoint_id: value for touchpoint_id, _, value in steps})
    told = [step for step in steps if _reads_otherwise(*step[1:]) and not _is_over(*step[1:], now=now)]
    recent = _recent_changes(session, [touchpoint_id for touchpoint_id, *_ in told], since=now - settle)
    for touchpoint_id, was, value in told:
        kind = change_between(was, value)
        last = recent.get(touchpoint_id)
        if kind is ChangeKind.CORRECTED and last is not None:
            last.updated_at = max(now, last.updated_at)
        elif kind is not None:
            session.add(_change(touchpoint_id, kind, was, value, now=now))


def forget_changes(session: Session, *, now: datetime) -> int:
    """Delete the changes that the feed shows no longer, and say how many. Commits."""
    old = delete(PublicChange).where(PublicChange.updated_at < now - CHANGES_KEPT).returning(PublicChange.key)
    gone = len(session.scalars(old).all())
    session.commit()
    return gone


def read_value(stored: Mapping[str, Any] | None) -> PublicTouchpoint | None:
    """A publication's stored value; None where there is none, or none that can be read."""
    try:
        return PublicTouchpoint.from_json(stored) if stored else None
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _reads_otherwise(before: PublicTouchpoint | None, after: PublicTouchpoint) -> bool:
    return before is None or as_read(before) != as_read(after)


def _is_over(*values: PublicTouchpoint | None, now: datetime) -> bool:
    return all(value.ends_at <= now for value in values if value is not None)


def _recent_changes(session: Session, touchpoint_ids: Sequence[int], *, since: datetime) -> dict[int, PublicChange]:
    if not touchpoint_ids:
        return {}
    query = (
        select(PublicChange)
        .where(PublicChange.touchpoint_id.in_(touchpoint_ids), PublicChange.updated_at >= since)
        .order_by(PublicChange.updated_at, PublicChange.key)
    )
    return {change.touchpoint_id: change for change in session.scalars(query)}


def _change(
    touchpoint_id: int, kind: ChangeKind, was: PublicTouchpoint | None, value: PublicTouchpoint, *, now: datetime
) -> PublicChange:
    known = was if was is not None and was.status.in_feed else None
    return PublicChange(
        touchpoint_id=touchpoint_id,
        kind=kind,
        created_at=now,
        updated_at=now,
        was_starts_at=known.starts_at if known else None,
        was_minutes=known.minutes if known else None,
        starts_at=value.starts_at,
        minutes=value.minutes,
    )


def _keep_topics(session: Session, values: Mapping[int, PublicTouchpoint]) -> None:
    """Add the topics that are public now. Those of before stay, unless the call is no longer open to everyone."""
    closed = [key for key, value in values.items() if value.series.audience is Audience.MEMBERS]
    if closed:
        session.execute(delete(PublicationTopic).where(PublicationTopic.touchpoint_id.in_(closed)))
    named = {key: {topic for talk in value.talks for topic in talk.topics} for key, value in values.items()}
    if not any(named.values()):
        return
    slugs = {clean_line(name): slug for slug, name in session.execute(select(Topic.slug, Topic.name))}
    here = select(PublicationTopic).where(PublicationTopic.touchpoint_id.in_(named))
    known = {(row.touchpoint_id, row.slug) for row in session.scalars(here)}
    wanted = {(key, slugs[name]) for key, names in named.items() for name in names if name in slugs}
    session.add_all(PublicationTopic(touchpoint_id=key, slug=slug) for key, slug in sorted(wanted - known))
