"""Calls that are public no more: what calendars that know them are told, and what is taken back with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.domain.publication import Audience, PublicDetail
from app.domain.revision import PublicStatus, Revision, next_revision
from app.domain.site import Site
from app.feeds.ical import hidden_event
from app.models import HiddenCall, Publication, PublicChange, Series, Touchpoint
from app.services.public_history import read_value
from app.services.recalling import forget_announcements
from app.services.searching import leave_archive


def is_public(series: type[Series] = Series) -> ColumnElement[bool]:
    """Which series the public may know of."""
    return or_(series.audience == Audience.OPEN, series.public_detail != PublicDetail.NOTHING)


def shown_of(touchpoint: Touchpoint, *, now: datetime) -> PublicDetail:
    """How much of the call is public: what its series shows, and once it is over never more than while it was to come.

    People spoke on it under that promise.
    """
    shown, held_as = touchpoint.series.shown, touchpoint.held_as
    is_over = touchpoint.ends_at <= now
    return held_as if is_over and held_as is not None and shown.shows_more_than(held_as) else shown


def note_how_held(session: Session, touchpoints: Sequence[Touchpoint], *, now: datetime) -> None:
    """Keep what the public sees of calls to come: once they are over, that is the most that it may ever see of them.

    It is no change that an organizer's form could be behind of: the version stays. Joins the caller's transaction.
    """
    changed: dict[PublicDetail, list[int]] = defaultdict(list)
    for touchpoint in touchpoints:
        shown = touchpoint.series.shown
        if touchpoint.held_as is None or (touchpoint.ends_at > now and touchpoint.held_as is not shown):
            changed[shown].append(touchpoint.id)
            set_committed_value(touchpoint, "held_as", shown)
    for shown, ids in changed.items():
        statement = update(Touchpoint).where(Touchpoint.id.in_(ids)).values(held_as=shown)
        session.execute(statement.execution_options(synchronize_session=False))


def hide_calls(session: Session, rows: Sequence[Publication], *, site: Site, now: datetime) -> None:
    """Take these publications away, with all that the public has of them: pages, changes, announcements, mails.

    A call that feeds have shown stays in them for a while as an entry without words, cancelled under the same UID, with
    the time that they know: calendars delete what they see cancelled. Joins the caller's transaction.
    """
    if not rows:
        return
    ids = [row.touchpoint_id for row in rows]
    forget_announcements(session, ids, now=now)
    session.execute(delete(PublicChange).where(PublicChange.touchpoint_id.in_(ids)))
    leave_archive(session, ids)
    for row in rows:
        if row.status.in_feed and row.value.get("day_known", True):
            session.add(_last_word(row, site=site, now=now))
        session.delete(row)
    session.flush()


def hidden_calls(session: Session, touchpoint_ids: Sequence[int]) -> dict[int, HiddenCall]:
    """What is kept of those of these calls that were public once and are not."""
    query = select(HiddenCall).where(HiddenCall.touchpoint_id.in_(touchpoint_ids))
    return {row.touchpoint_id: row for row in session.scalars(query)}


def revision_of(hidden: HiddenCall) -> Revision:
    """Where the call goes on from if it is shown again."""
    return Revision(
        PublicStatus.CANCELLED, hidden.sequence, hidden.created_at, hidden.last_modified, cancelled_at=hidden.hidden_at
    )


def _last_word(row: Publication, *, site: Site, now: datetime) -> HiddenCall:
    known = Revision(row.status, row.sequence, row.created_at, row.last_modified, row.cancelled_at)
    revision = next_revision(known, PublicStatus.CANCELLED, now=now)
    value = read_value(row.value)
    uid = value.uid if value else f"{row.uid}@{site.uid_domain}"
    return HiddenCall(
        touchpoint_id=row.touchpoint_id,
        uid=uid,
        series_slug=row.series_slug,
        starts_at=row.starts_at,
        hidden_at=now,
        sequence=revision.sequence,
        created_at=revision.created_at,
        last_modified=revision.last_modified,
        vevent=hidden_event(uid, revision, row.starts_at, row.ends_at, url=site.url("/members")),
    )
