"""Feeds as files: the stored events of publications, ordered, with what HTTP needs to revalidate them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, and_, func, literal, not_, or_, select, true
from sqlalchemy.orm import Session

from app.domain.attribution import PublicText
from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.domain.revision import PublicStatus
from app.domain.site import Site
from app.feeds.ical import FeedHead, feed, is_vevent, single
from app.feeds.words import feed_text, feed_title
from app.models import (
    Farewell,
    FeedRevision,
    HiddenCall,
    MemberEntry,
    Publication,
    PublicationTopic,
    Series,
    Topic,
    Touchpoint,
)
from app.services.hiding import is_public
from app.services.wording import present_wording

log = logging.getLogger(__name__)
ALL = "all"
"""The slug of the feed with every series."""
HELD_FOR, CANCELLED_FOR = timedelta(days=90), timedelta(days=30)
HIDDEN_FOR = timedelta(days=30)
"""How long after its start a call stays in the feeds: Apple's calendars keep cancelled ones, struck through."""
CALENDAR, ATOM = "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8"
_EVENT = (
    Publication.touchpoint_id,
    Publication.starts_at,
    Publication.status,
    Publication.vevent,
    Publication.last_modified,
)
_ORDER = (Publication.starts_at, Publication.uid)


@dataclass(frozen=True)
class CalendarFile:
    """Bytes to serve, their strong validator (without quotes), and the newest change in them, if there is an event.

    Without any write they hold up to and including `until`: then a call leaves the window. None: for ever.
    """

    body: bytes
    etag: str
    last_modified: datetime | None
    until: datetime | None = None
    content_type: str = CALENDAR


@dataclass(frozen=True)
class Event:
    """One finished event; the last instant at which it is in the feed, None for one that stays."""

    vevent: bytes
    last_modified: datetime
    until: datetime | None


@dataclass(frozen=True)
class BrokenCall:
    """A call that no feed can show, as organizers find it."""

    key: str
    starts_at: datetime
    series: str


def read_feed(session: Session, slug: str, *, site: Site, now: datetime) -> CalendarFile:
    """The feed of the series `slug`, or of every series for ALL. Raises NotFound for an unknown one.

    It begins 90 days back and has no end; cancelled calls leave it 30 days after their start. The last event of a
    series that ended stays in its feed for good. For 30 days a series that was hidden says of the calls that calendars
    know that they are public no more, and not its name; then it is as unknown as one that never was.
    """
    query = select(*_EVENT).where(in_window(now)).order_by(*_ORDER)
    if slug == ALL:
        known = read_events(session.execute(query).all())
        events = [*known, *_hidden(session, true(), now=now), *_farewells(session, now=now)]
        return calendar_file(events, _head(session, ALL, None, site=site))
    gone = _hidden(session, HiddenCall.series_slug == slug, now=now)
    named = select(Series.id, Series.name, Series.hue).where(Series.slug == slug, is_public())
    series = session.execute(named).one_or_none()
    if series is None and gone:
        return calendar_file(gone, _head(session, slug, organizers_words("not public any more"), site=site))
    if series is None:
        raise NotFound("There is no such calendar.")
    rows = session.execute(query.where(Publication.series_slug == slug)).all()
    events = [*read_events(rows), *gone, *_farewells(session, of=series.id)]
    return calendar_file(events, _head(session, slug, organizers_words(series.name), site=site, hue=series.hue))


def read_topic_feed(session: Session, slug: str, *, site: Site, now: datetime) -> CalendarFile:
    """The feed of the calls that have, or had, a public talk on this topic. Raises NotFound.

    A call that lost the talk stays, as what it is now: no feed loses one without a word.
    """
    name = topic_name(session, slug)
    if name is None:
        raise NotFound("There is no such calendar.")
    on_it = select(PublicationTopic.touchpoint_id).where(PublicationTopic.slug == slug)
    query = select(*_EVENT).where(in_window(now), Publication.touchpoint_id.in_(on_it)).order_by(*_ORDER)
    head = _head(session, f"topics/{slug}", name, site=site)
    events = [
        *read_events(session.execute(query).all()),
        *_hidden(session, HiddenCall.touchpoint_id.in_(on_it), now=now),
    ]
    return calendar_file(events, head)


def read_call_file(session: Session, key: str) -> CalendarFile:
    """One call as a file to import. Raises NotFound for one that was never confirmed, or whose day nobody knows."""
    query = select(Publication.vevent, Publication.last_modified).where(
        Publication.key == key, Publication.status != PublicStatus.PLANNED, is_dated(Publication)
    )
    row = session.execute(query).one_or_none()
    if row is None or not is_vevent(row.vevent):
        raise NotFound("There is no such call.")
    return file_of(single(row.vevent), row.last_modified)


def list_broken_calls(session: Session, *, now: datetime) -> tuple[BrokenCall, ...]:
    """The calls that feeds should show and leave out, since what is stored of them is no event: organizers see them."""
    head, foot = (literal(part, LargeBinary) for part in (b"BEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\n"))
    length = func.length(Publication.vevent)
    begins = func.substr(Publication.vevent, 1, 14) == head
    ends = func.substr(Publication.vevent, length - 13, 14) == foot
    query = (
        select(Touchpoint.key, Touchpoint.starts_at, Series.short_name)
        .join(Publication, Publication.touchpoint_id == Touchpoint.id)
        .join(Series, Series.id == Touchpoint.series_id)
        .where(in_window(now), or_(length < 28, not_(and_(begins, ends))))
        .order_by(*_ORDER)
    )
    return tuple(BrokenCall(*row) for row in session.execute(query))


def feed_name(session: Session, slug: str) -> PublicText | None:
    """The name of the series of this feed, "" for ALL, None for an unknown or hidden one."""
    name = "" if slug == ALL else session.scalar(select(Series.name).where(Series.slug == slug, is_public()))
    return None if name is None else organizers_words(name)


def topic_name(session: Session, slug: str) -> PublicText | None:
    """The name of the topic of this feed, None for an unknown one."""
    name = session.scalar(select(Topic.name).where(Topic.slug == slug))
    return None if name is None else organizers_words(name)


def list_feed_topics(session: Session) -> list[tuple[str, PublicText]]:
    """The topics that are offered, or that a call has had in public, by slug and name: each has a feed."""
    public = select(PublicationTopic.slug)
    query = select(Topic.slug, Topic.name).where(or_(Topic.retired.is_(False), Topic.slug.in_(public)))
    rows = session.execute(query.order_by(Topic.position, Topic.id)).all()
    return [(row.slug, organizers_words(row.name)) for row in rows]


def read_mark(session: Session) -> int | None:
    """What changes with every change of what feeds show. None: nothing was ever written that they could show."""
    return session.scalar(select(FeedRevision.mark).where(FeedRevision.id == 1))


def in_window(now: datetime, of: type[Publication] | type[MemberEntry] = Publication) -> ColumnElement[bool]:
    """Which publications the feeds hold, and which members' entries."""
    recently = and_(of.status == PublicStatus.CANCELLED, of.starts_at >= now - CANCELLED_FOR)
    return and_(of.starts_at >= now - HELD_FOR, or_(of.status == PublicStatus.CONFIRMED, recently), is_dated(of))


def is_dated(of: type[Publication] | type[MemberEntry]) -> ColumnElement[bool]:
    """Whether the day of the call is known; what an earlier release published does not say so, and it was."""
    dated: ColumnElement[bool] = of.value["day_known"].as_boolean().is_not(False)
    return dated


def read_events(rows: Sequence[Any]) -> list[Event]:
    """The finished events of rows like `_EVENT`; what is none is left out and logged, so that it takes no feed down."""
    bad = [row.touchpoint_id for row in rows if not is_vevent(row.vevent)]
    if bad:
        log.error("feed leaves out broken publications: touchpoints=%s", bad)
    return [Event(row.vevent, row.last_modified, _leaves_after(row)) for row in rows if is_vevent(row.vevent)]


def calendar_file(events: Sequence[Event], head: FeedHead) -> CalendarFile:
    """The feed of these events, in the order given."""
    newest = max((event.last_modified for event in events), default=None)
    body = feed(head, [event.vevent for event in events], last_modified=newest)
    return file_of(body, newest, until=min((event.until for event in events if event.until), default=None))


def file_of(
    body: bytes, last_modified: datetime | None, *, until: datetime | None = None, content_type: str = CALENDAR
) -> CalendarFile:
    return CalendarFile(body, hashlib.sha256(body).hexdigest()[:32], last_modified, until, content_type)


def _farewells(session: Session, *, of: int | None = None, now: datetime | None = None) -> list[Event]:
    """The last event of the series `of`, for good; or those of all series, up to 90 days after their day."""
    query = select(Farewell).join(Series).where(is_public()).order_by(Farewell.day, Farewell.uid)
    query = query.where(Farewell.day >= (now - HELD_FOR).date()) if now else query.where(Farewell.series_id == of)
    return [
        Event(row.vevent, row.last_modified, _end_of(row.day) + HELD_FOR if now else None)
        for row in session.scalars(query)
        if is_vevent(row.vevent)
    ]


def _hidden(session: Session, which: ColumnElement[bool], *, now: datetime) -> list[Event]:
    """What calendars are told, for 30 days, of calls that were in these feeds and are public no more."""
    recent = HiddenCall.hidden_at >= now - HIDDEN_FOR, HiddenCall.starts_at >= now - HELD_FOR
    query = select(HiddenCall).where(which, *recent).order_by(HiddenCall.starts_at, HiddenCall.uid)
    return [
        Event(row.vevent, row.last_modified, min(row.hidden_at + HIDDEN_FOR, row.starts_at + HELD_FOR))
        for row in session.scalars(query)
    ]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)


def _leaves_after(row: Any) -> datetime:
    starts_at: datetime = row.starts_at
    return starts_at + (CANCELLED_FOR if row.status is PublicStatus.CANCELLED else HELD_FOR)


def _head(session: Session, slug: str, of: PublicText | None, *, site: Site, hue: str = "") -> FeedHead:
    return FeedHead(
        name=feed_title(organizers_words(site.community), of),
        description=feed_text(present_wording(session)),
        url=site.url("/schedule"),
        source=site.url(f"/calendar/{slug}.ics"),
        hue=hue,
    )
