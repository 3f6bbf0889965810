"""The calls of members-only series as members' own calendars have them: the public entry and how to join."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.publication import Audience, PublicTouchpoint
from app.domain.revision import Revision
from app.domain.site import Site
from app.feeds.ical import is_vevent, vevent
from app.models import MemberEntry, Publication, Touchpoint
from app.services.join_links import join_links_of
from app.services.public_history import read_value

_WINDOW = timedelta(days=90)


def write_member_entries(session: Session, rows: Sequence[Publication], *, site: Site, now: datetime) -> None:
    """Bring the entries of these calls up to date with their publications and join links. Joins the transaction.

    An entry begins with the first event of a members-only call, and stays if the series is opened to everyone: no
    calendar loses a call without a word. Its SEQUENCE rises with each change of what it says.
    """
    session.flush()
    query = select(MemberEntry).where(MemberEntry.touchpoint_id.in_([row.touchpoint_id for row in rows]))
    entries = {entry.touchpoint_id: entry for entry in session.scalars(query)}
    wanted = [row for row in rows if is_vevent(row.vevent) and (row.touchpoint_id in entries or _is_for_members(row))]
    if not wanted:
        return
    calls = session.scalars(select(Touchpoint).where(Touchpoint.id.in_([row.touchpoint_id for row in wanted])))
    links = join_links_of(session, calls)
    for row in wanted:
        link = links.get(row.touchpoint_id, "")
        _write(session, row, entries.get(row.touchpoint_id), link, site=site, now=now)


def catch_up_with_member_entries(session: Session, *, site: Site, now: datetime) -> int:
    """Write the entries that are missing since an earlier release published without them. Joins the transaction."""
    query = (
        select(Publication)
        .outerjoin(MemberEntry, MemberEntry.touchpoint_id == Publication.touchpoint_id)
        .where(MemberEntry.touchpoint_id.is_(None), Publication.starts_at >= now - _WINDOW)
        .order_by(Publication.touchpoint_id)
    )
    rows = [row for row in session.scalars(query) if is_vevent(row.vevent) and _is_for_members(row)]
    write_member_entries(session, rows, site=site, now=now)
    return len(rows)


def rewrite_member_entries(session: Session, *, series_id: int, site: Site, now: datetime) -> None:
    """After the join link of a series or of one of its calls changed. Joins the transaction."""
    query = (
        select(Publication)
        .join(Touchpoint, Touchpoint.id == Publication.touchpoint_id)
        .where(Touchpoint.series_id == series_id, Publication.ends_at > now)
        .order_by(Publication.touchpoint_id)
    )
    rows = [row for row in session.scalars(query) if read_value(row.value) is not None]
    write_member_entries(session, rows, site=site, now=now)


def _is_for_members(row: Publication) -> bool:
    value = read_value(row.value)
    return value is not None and value.series.audience is Audience.MEMBERS


def _write(
    session: Session, row: Publication, entry: MemberEntry | None, link: str, *, site: Site, now: datetime
) -> None:
    if entry is None:
        entry = MemberEntry(touchpoint_id=row.touchpoint_id, sequence=0, last_modified=now, created_at=row.created_at)
        _copy(row, entry)
        entry.vevent = _bytes(row, entry, link, site=site)
        session.add(entry)
        return
    _copy(row, entry)
    if _bytes(row, entry, link, site=site) != entry.vevent:
        entry.sequence, entry.last_modified = entry.sequence + 1, max(now, entry.last_modified)
        entry.vevent = _bytes(row, entry, link, site=site)


def _copy(row: Publication, entry: MemberEntry) -> None:
    entry.status, entry.starts_at, entry.ends_at = row.status, row.starts_at, row.ends_at
    entry.cancelled_at, entry.value = row.cancelled_at, row.value


def _bytes(row: Publication, entry: MemberEntry, link: str, *, site: Site) -> bytes:
    revision = Revision(row.status, entry.sequence, row.created_at, entry.last_modified, row.cancelled_at)
    url = site.url(f"/touchpoints/{row.key}")
    return vevent(PublicTouchpoint.from_json(row.value), revision, url=url, join_url=link)
