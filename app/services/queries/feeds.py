"""Calendar files: header, stored VEVENTs in order, footer; one query each, and nothing is serialised anew."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.notice import RuleScope, notice_of_scope
from app.domain.revision import PublicStatus
from app.domain.site import Site
from app.feeds.ical import FeedHead, feed, is_vevent, single
from app.models import FeedRevision, Publication, Series

log = logging.getLogger(__name__)
ALL = "all"
"""The slug of the feed with every series."""
HELD_FOR, CANCELLED_FOR = timedelta(days=90), timedelta(days=30)
"""How long after its start a call stays in the feeds: Apple's calendars keep cancelled ones, struck through."""
_EVENT = (
    Publication.touchpoint_id,
    Publication.starts_at,
    Publication.status,
    Publication.vevent,
    Publication.last_modified,
)


@dataclass(frozen=True)
class CalendarFile:
    """Bytes to serve, their strong validator (without quotes), and the newest change in them, if there is an event.

    Without any write they hold up to and including `until`: then a call leaves the window. None: for ever.
    """

    body: bytes
    etag: str
    last_modified: datetime | None
    until: datetime | None = None


def read_feed(session: Session, slug: str, *, site: Site, now: datetime) -> CalendarFile:
    """The feed of the series `slug`, or of every series for ALL. Raises NotFound for an unknown one.

    It begins 90 days back and has no end; cancelled calls leave it 30 days after their start.
    """
    if slug == ALL:
        query = select(*_EVENT).where(_in_window(now))
        rows = session.execute(query.order_by(Publication.starts_at, Publication.uid)).all()
        return _feed(rows, _head(ALL, f"{site.community}: all calls", site=site))
    joined = and_(Publication.series_slug == Series.slug, _in_window(now))
    series_query = (
        select(*_EVENT, Series.name, Series.hue)
        .select_from(Series)
        .outerjoin(Publication, joined)
        .where(Series.slug == slug)
        .order_by(Publication.starts_at, Publication.uid)
    )
    series_rows = session.execute(series_query).all()
    if not series_rows:
        raise NotFound("There is no such calendar.")
    name, hue = series_rows[0].name, series_rows[0].hue
    events = [row for row in series_rows if row.vevent is not None]
    return _feed(events, _head(slug, f"{site.community}: {name}", site=site, hue=hue))


def read_call_file(session: Session, key: str) -> CalendarFile:
    """One call as a file to import. Raises NotFound for a call that was never confirmed, too."""
    query = select(Publication.vevent, Publication.last_modified).where(
        Publication.key == key, Publication.status != PublicStatus.PLANNED
    )
    row = session.execute(query).one_or_none()
    if row is None or not is_vevent(row.vevent):
        raise NotFound("There is no such call.")
    return _file(single(row.vevent), row.last_modified)


def feed_name(session: Session, slug: str) -> str | None:
    """The name of the series of this feed, "" for ALL, None for an unknown one."""
    return "" if slug == ALL else session.scalar(select(Series.name).where(Series.slug == slug))


def read_mark(session: Session) -> int | None:
    """What changes with every change of what feeds show. None: nothing was ever written that they could show."""
    return session.scalar(select(FeedRevision.mark).where(FeedRevision.id == 1))


def _in_window(now: datetime) -> ColumnElement[bool]:
    recently = and_(Publication.status == PublicStatus.CANCELLED, Publication.starts_at >= now - CANCELLED_FOR)
    return and_(Publication.starts_at >= now - HELD_FOR, or_(Publication.status == PublicStatus.CONFIRMED, recently))


def _feed(rows: Sequence[Any], head: FeedHead) -> CalendarFile:
    good = [row for row in rows if is_vevent(row.vevent)]
    if len(good) < len(rows):
        bad = [row.touchpoint_id for row in rows if not is_vevent(row.vevent)]
        log.error("feed leaves out broken publications: touchpoints=%s", bad)
    newest = max((row.last_modified for row in good), default=None)
    body = feed(head, [row.vevent for row in good], last_modified=newest)
    return _file(body, newest, until=min(map(_leaves_after, rows), default=None))


def _leaves_after(row: Any) -> datetime:
    starts_at: datetime = row.starts_at
    return starts_at + (CANCELLED_FOR if row.status is PublicStatus.CANCELLED else HELD_FOR)


def _file(body: bytes, last_modified: datetime | None, *, until: datetime | None = None) -> CalendarFile:
    return CalendarFile(body, hashlib.sha256(body).hexdigest()[:32], last_modified, until)


def _head(slug: str, name: str, *, site: Site, hue: str = "") -> FeedHead:
    return FeedHead(
        name=name,
        description=f"Calls and their talks. {notice_of_scope(RuleScope.PARTS)}",
        url=site.url("/schedule"),
        source=site.url(f"/calendar/{slug}.ics"),
        hue=hue,
    )
