"""The feed of changes as a file: what became of calls in public, in today's public words."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.domain.publication import PublicTouchpoint
from app.domain.site import Site
from app.feeds.atom import AtomEntry, AtomHead, atom
from app.feeds.words import change_text, change_title, changes_title, farewell_summary, farewell_text
from app.models import Farewell, Publication, PublicChange, Series
from app.services.hiding import is_public
from app.services.public_history import CHANGES_KEPT, read_value
from app.services.publishing import series_in_public
from app.services.queries.feeds import ALL, ATOM, CalendarFile, feed_name, file_of

log = logging.getLogger(__name__)
MOST = 100
"""Changes in one feed: readers ask often enough to miss none."""


def read_changes(session: Session, slug: str, *, site: Site, now: datetime) -> CalendarFile:
    """The changes of the last 90 days of the series `slug`, or of every series for ALL, newest first. Raises NotFound.

    A change holds no words of its own: what a speaker takes back is gone here, too.
    """
    name = feed_name(session, slug)
    if name is None:
        raise NotFound("There is no such feed.")
    entries = [*_changes(session, slug, site=site, now=now), *_farewells(session, slug, site=site, now=now)]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    shown, community = entries[:MOST], organizers_words(site.community)
    head = AtomHead(
        id=_tag(site, f"changes:{slug}"),
        title=changes_title(community, name),
        author=community,
        source=site.url(f"/calendar/{slug}.atom"),
        url=site.url("/schedule"),
    )
    newest = max((entry.updated for entry in shown), default=None)
    until = min((entry.updated + CHANGES_KEPT for entry in shown), default=None)
    return file_of(atom(head, shown), newest, until=until, content_type=ATOM)


def _changes(session: Session, slug: str, *, site: Site, now: datetime) -> list[AtomEntry]:
    query = (
        select(PublicChange, Publication.value)
        .join(Publication, Publication.touchpoint_id == PublicChange.touchpoint_id)
        .where(PublicChange.updated_at >= now - CHANGES_KEPT)
        .order_by(PublicChange.updated_at.desc(), PublicChange.key)
        .limit(MOST)
    )
    if slug != ALL:
        query = query.where(Publication.series_slug == slug)
    entries = []
    for change, stored in session.execute(query):
        call = read_value(stored)
        if call is None:
            log.error("the feed of changes leaves out a broken publication: touchpoint=%s", change.touchpoint_id)
        else:
            entries.append(_entry(change, call, site=site))
    return entries


def _entry(change: PublicChange, call: PublicTouchpoint, *, site: Site) -> AtomEntry:
    was = (change.was_starts_at, change.was_minutes) if change.was_starts_at and change.was_minutes else None
    return AtomEntry(
        id=_tag(site, f"change:{change.key}"),
        kind=change.kind.value,
        title=change_title(change.kind, call),
        text=change_text(change.kind, call, was=was, then=(change.starts_at, change.minutes)),
        url=site.url(f"/touchpoints/{call.key}"),
        published=change.created_at,
        updated=change.updated_at,
    )


def _farewells(session: Session, slug: str, *, site: Site, now: datetime) -> list[AtomEntry]:
    query = select(Farewell, Series).join(Series, Series.id == Farewell.series_id)
    query = query.where(Farewell.cancelled.is_(False), Farewell.last_modified >= now - CHANGES_KEPT, is_public())
    if slug != ALL:
        query = query.where(Series.slug == slug)
    return [_farewell(row, series, site=site) for row, series in session.execute(query)]


def _farewell(row: Farewell, series: Series, *, site: Site) -> AtomEntry:
    shown = series_in_public(series)
    return AtomEntry(
        id=_tag(site, f"farewell:{row.uid}"),
        kind="ended",
        title=farewell_summary(shown, moved_to=series.moved_to),
        text=farewell_text(shown, last_day=series.ended_on or row.day, moved_to=series.moved_to),
        url=series.moved_to or site.url("/schedule"),
        published=row.created_at,
        updated=row.last_modified,
    )


def _tag(site: Site, name: str) -> str:
    """An identifier that stays when the site's address changes (RFC 4151)."""
    return f"tag:{site.uid_domain},2026:{name}"
