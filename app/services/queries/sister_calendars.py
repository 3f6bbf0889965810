"""Sister calendars as pages show them: their events between two instants, their faces, and what the board warns of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from app.domain.sister_calendars import (
    LONGEST_EVENT,
    PublicSisterCalendar,
    PublicSisterEvent,
    SisterTime,
    clashing,
    public_calendar,
    public_event,
)
from app.models import SisterCalendar, SisterOccurrence, Touchpoint


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


def read_clashes(session: Session, touchpoints: Sequence[Touchpoint]) -> Mapping[int, tuple[str, ...]]:
    """What is on in sister communities during each of these calls, in words, by the call's id; organizers read it.

    Calendars that are not shown in public count, too; events of whole days do not.
    """
    if not touchpoints:
        return {}
    first, last = (pick(call.starts_at for call in touchpoints) for pick in (min, max))
    query = (
        select(SisterCalendar.name, SisterOccurrence.title, SisterOccurrence.starts_at, SisterOccurrence.ends_at)
        .join(SisterCalendar)
        .where(
            not_(SisterOccurrence.all_day),
            SisterOccurrence.starts_at.between(first - LONGEST_EVENT, last + LONGEST_EVENT),
        )
        .order_by(SisterOccurrence.starts_at, SisterCalendar.name, SisterOccurrence.id)
    )
    events = [SisterTime(*row) for row in session.execute(query)]
    return clashing({call.id: (call.starts_at, call.ends_at) for call in touchpoints}, events)
