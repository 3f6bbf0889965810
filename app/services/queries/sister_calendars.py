"""Sister calendars as everybody sees them: their events between two instants, and their faces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.sister_calendars import (
    PublicSisterCalendar,
    PublicSisterEvent,
    public_calendar,
    public_event,
)
from app.models import SisterCalendar, SisterOccurrence


def coming_occurrences(session: Session, *, start: datetime, end: datetime) -> tuple[PublicSisterEvent, ...]:
    """The events of the calendars that are shown in public and are on between `start` and `end`, in order."""
    query = (
        select(SisterOccurrence, SisterCalendar.slug)
        .join(SisterCalendar)
        .where(SisterCalendar.shown, SisterOccurrence.starts_at < end, SisterOccurrence.ends_at >= start)
        .order_by(SisterOccurrence.starts_at, SisterOccurrence.id)
    )
    return tuple(
        public_event(
            slug,
            title=row.title,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            all_day=row.all_day,
            url=row.url,
            tentative=row.tentative,
        )
        for row, slug in session.execute(query)
    )


def shown_calendars(session: Session, *, now: datetime) -> tuple[PublicSisterCalendar, ...]:
    """The calendars that are shown in public, by name."""
    query = select(SisterCalendar).where(SisterCalendar.shown).order_by(SisterCalendar.name, SisterCalendar.id)
    return tuple(
        public_calendar(row.slug, name=row.name, hue=row.hue, shape=row.shape, fetched_at=row.fetched_at, now=now)
        for row in session.scalars(query)
    )
