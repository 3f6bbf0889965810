"""A month as its days: the community's calls and the events of sister calendars, each on the dates that it touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from app.domain.localtime import in_zone
from app.domain.month import Month, days_of
from app.domain.publication import PublicSeries, PublicStatus, PublicTouchpoint
from app.domain.sister_calendars import PublicSisterCalendar, PublicSisterEvent

T = TypeVar("T", PublicSeries, PublicSisterCalendar)
MOST_EVENTS = 4
"""Events of others in one cell of the month; the day of the agenda has the rest."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class EventOnDay:
    """An event of a sister calendar on one of its dates: the `number`th of `dates`, from 1."""

    event: PublicSisterEvent
    calendar: PublicSisterCalendar
    number: int
    dates: int

    @property
    def shows_time(self) -> bool:
        """Whether its time is said here: on its first date, unless it is for whole days."""
        return self.number == 1 and not self.event.all_day


@dataclass(frozen=True)
class Day:
    """One date of the month, or of a neighbour to fill the week (`is_outside`, always empty)."""

    date: date
    calls: tuple[PublicTouchpoint, ...] = ()
    events: tuple[EventOnDay, ...] = ()
    is_outside: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.calls and not self.events

    @property
    def first_events(self) -> tuple[EventOnDay, ...]:
        """What a cell has room for: one more than the usual is shown rather than counted."""
        return self.events if len(self.events) <= MOST_EVENTS + 1 else self.events[:MOST_EVENTS]

    @property
    def more(self) -> int:
        return len(self.events) - len(self.first_events)


@dataclass(frozen=True)
class Switch(Generic[T]):
    """A series or a sister calendar that can be shown or not."""

    of: T
    is_on: bool


@dataclass(frozen=True)
class Move:
    """The call of this key was to begin at `was` before it moved."""

    key: str
    was: datetime


@dataclass(frozen=True)
class CalendarMonth:
    """All that the calendar shows of one month. `earlier` and `later` are None at the ends of its range.

    `home` is the zone of what has none of its own: the visitor's,
    or else that of the first call. `undated` are the calls of the month whose day is not known.
    """

    month: Month
    today: date
    home: str
    weeks: tuple[tuple[Day, ...], ...]
    series: tuple[Switch[PublicSeries], ...]
    sisters: tuple[Switch[PublicSisterCalendar], ...]
    moved: tuple[Move, ...]
    undated: tuple[PublicTouchpoint, ...]
    earlier: Month | None
    later: Month | None

    @property
    def days(self) -> tuple[Day, ...]:
        """The dates on which something is."""
        return tuple(day for week in self.weeks for day in week if not day.is_empty)

    def moved_from(self, call: PublicTouchpoint) -> datetime | None:
        """From when the call came, if it was moved lately and takes place."""
        is_on = not call.skipped and call.status is not PublicStatus.CANCELLED
        return next((move.was for move in self.moved if move.key == call.key), None) if is_on else None

    @property
    def count(self) -> int:
        return len({call.key for day in self.days for call in day.calls}) + len(self.undated)


def undated_in(month: Month, calls: Iterable[PublicTouchpoint]) -> tuple[PublicTouchpoint, ...]:
    """Those of the calls that were held some day in this month, and nobody knows which."""
    return tuple(
        call for call in calls if not call.day_known and in_zone(call.starts_at, call.time_zone).date() in month
    )


def weeks_of(
    month: Month,
    calls: Iterable[PublicTouchpoint],
    events: Iterable[tuple[PublicSisterEvent, PublicSisterCalendar]],
    *,
    zone: str | None,
    zone_of_events: str,
) -> tuple[tuple[Day, ...], ...]:
    """The weeks of the month with what is on: calls on the visitor's dates, or on their series' where no zone is known.

    A call whose day is not known stands on none (`undated_in`). An event of whole days stands on its own dates, in
    whatever zone.
    """
    ours: dict[date, list[PublicTouchpoint]] = defaultdict(list)
    theirs: dict[date, list[EventOnDay]] = defaultdict(list)
    for call in calls:
        if call.day_known:
            ours[in_zone(call.starts_at, zone or call.time_zone).date()].append(call)
    for event, calendar in events:
        held = "UTC" if event.all_day else zone_of_events
        dates = days_of(in_zone(event.starts_at, held), in_zone(event.ends_at, held))
        if event.ends_at - event.starts_at < _A_DAY:  # an evening that goes on after midnight is no second day
            dates = dates[:1]
        for number, day in enumerate(dates, 1):
            theirs[day].append(EventOnDay(event, calendar, number, len(dates)))
    for found in theirs.values():
        found.sort(key=lambda each: (not each.event.all_day and each.number == 1, each.event.starts_at))
    return tuple(
        tuple(
            Day(day, tuple(ours[day]), tuple(theirs[day])) if day in month else Day(day, is_outside=True)
            for day in week
        )
        for week in month.weeks
    )
