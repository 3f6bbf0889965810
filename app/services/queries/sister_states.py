"""Sister calendars as organizers watch them: how each does, what it holds, and what is on during our calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, not_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.sister_calendars import (
    FAILS_FOR_LONG,
    LONGEST_EVENT,
    LeftOut,
    Noted,
    PublicSisterEvent,
    SisterTime,
    clashing,
    is_stale,
    masked,
    public_event,
)
from app.models import SisterCalendar, SisterOccurrence, Touchpoint
from app.services.changes import ago

NEXT = 3
"""So many coming events are shown of each."""


@dataclass(frozen=True)
class CalendarState:
    """One calendar: `address` is masked, `age` that of the copy in words, `next` are the first of `coming`."""

    calendar: SisterCalendar
    address: str
    coming: int
    next: tuple[PublicSisterEvent, ...]
    age: str
    is_stale: bool

    @property
    def is_asked(self) -> bool:
        """Whether somebody waits for it to be fetched."""
        return self.calendar.asked_at is not None

    @property
    def left_out(self) -> tuple[tuple[int, str], ...]:
        """What is not in the copy: how many events, and which."""
        return tuple((count, LeftOut(word).words) for word, count in sorted(self.calendar.left_out.items()))

    @property
    def noted(self) -> tuple[tuple[int, str], ...]:
        """What was read otherwise than it is written: how many events, and how."""
        return tuple((count, Noted(word).words) for word, count in sorted(self.calendar.noted.items()))


def list_states(session: Session, *, now: datetime) -> tuple[CalendarState, ...]:
    """Every sister calendar, by name."""
    rows = session.scalars(select(SisterCalendar).order_by(SisterCalendar.name, SisterCalendar.id)).all()
    counts = _count_coming(session, now=now)
    coming = _next_events(session, now=now)
    return tuple(
        CalendarState(
            calendar=row,
            address=masked(row.address),
            coming=counts.get(row.id, 0),
            next=tuple(_event(row, each) for each in coming if each.calendar_id == row.id),
            age=ago(row.fetched_at, now) if row.fetched_at else "",
            is_stale=is_stale(row.fetched_at, now=now),
        )
        for row in rows
    )


def find_calendar(session: Session, slug: str) -> SisterCalendar:
    """Raises NotFound."""
    found = session.scalar(select(SisterCalendar).where(SisterCalendar.slug == slug))
    if found is None:
        raise NotFound("There is no such calendar.")
    return found


def failing_for_long(session: Session, *, now: datetime) -> tuple[str, ...]:
    """The names of calendars that could not be fetched for a week."""
    since = SisterCalendar.failing_since <= now - FAILS_FOR_LONG
    return tuple(session.scalars(select(SisterCalendar.name).where(since).order_by(SisterCalendar.name)))


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


def _count_coming(session: Session, *, now: datetime) -> dict[int, int]:
    query = (
        select(SisterOccurrence.calendar_id, func.count())
        .where(SisterOccurrence.ends_at > now)
        .group_by(SisterOccurrence.calendar_id)
    )
    return dict(session.execute(query).all())


def _next_events(session: Session, *, now: datetime) -> Sequence[SisterOccurrence]:
    """The first few coming events of each calendar, in order."""
    place = func.row_number().over(
        partition_by=SisterOccurrence.calendar_id, order_by=(SisterOccurrence.starts_at, SisterOccurrence.id)
    )
    ranked = select(SisterOccurrence.id, place.label("place")).where(SisterOccurrence.ends_at > now).subquery()
    query = (
        select(SisterOccurrence)
        .join(ranked, SisterOccurrence.id == ranked.c.id)
        .where(ranked.c.place <= NEXT)
        .order_by(SisterOccurrence.starts_at, SisterOccurrence.id)
    )
    return session.scalars(query).all()


def _event(calendar: SisterCalendar, row: SisterOccurrence) -> PublicSisterEvent:
    return public_event(
        calendar.slug,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        all_day=row.all_day,
        url=row.url,
        tentative=row.tentative,
    )
