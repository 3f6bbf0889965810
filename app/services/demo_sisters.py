"""Two sister calendars for the demo: a last good copy as a worker would have kept it, and no network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.demo_sisters import SISTERS, DemoEvent
from app.domain.localtime import to_utc
from app.domain.secret import Secret
from app.models import SisterCalendar, SisterOccurrence

_SINCE, _UNTIL = timedelta(weeks=4), timedelta(weeks=26)
_FETCHED = timedelta(hours=2)
_NEVER = timedelta(days=365)


def add_sisters(session: Session, *, now: datetime) -> None:
    """Keep both calendars with their events around `now`. Nobody fetches them: their hosts do not exist. Commits."""
    for sister in SISTERS:
        calendar = SisterCalendar(
            slug=sister.slug,
            name=sister.name,
            hue=sister.hue,
            shape=sister.shape,
            address=Secret(f"https://{sister.slug}.example.org/calendar/public/basic.ics"),
            due_at=now + _NEVER,
            fetched_at=now - _FETCHED,
            expanded_at=now - _FETCHED,
        )
        session.add(calendar)
        session.flush()
        rows = [row for number, event in enumerate(sister.events) for row in _times(event, number, now=now)]
        for row in sorted(rows, key=lambda row: row.starts_at):
            row.calendar_id = calendar.id
            session.add(row)
    session.commit()


def _times(event: DemoEvent, number: int, *, now: datetime) -> Iterator[SisterOccurrence]:
    """The event on its weekday, every so many weeks of the calendar's count, so that a later demo shows the same."""
    day = (now - _SINCE).date()
    day += timedelta(days=(event.weekday - day.isoweekday()) % 7)
    while day <= (now + _UNTIL).date():
        if day.isocalendar().week % event.weeks == 0:
            starts_at = to_utc(datetime.combine(day, event.start), event.zone)
            yield SisterOccurrence(
                uid=f"demo-{number}@example.org",
                title=event.title,
                url=event.url,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=event.minutes),
                tentative=event.tentative,
            )
        day += timedelta(days=7)
