"""A season of calls as a conference schedule: what the frab / c3voc formats have in common. Values in, values out.

A series is a room, a talk is an event. A call without public talks is one event by itself, so that nobody misses it.
What does not take place is left out, as readers of these files expect: they call an event that is gone cancelled. So
is a call of which only the month is known: these files have no way to say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from app.domain.attribution import PublicText
from app.domain.localtime import in_zone
from app.domain.publication import PublicStatus, PublicTalk, PublicTouchpoint

LANGUAGE = "en"
_NOTHING = PublicText("")
_LARGEST = 2**31 - 1  # readers keep the number of an event in 32 bits


class EventKind(StrEnum):
    TALK = "talk"
    MEETING = "meeting"


@dataclass(frozen=True)
class ScheduleHead:
    """What the file says of itself. `slug` is plain: small letters, digits and underscores. `site` is the address of
    the installation, without a slash at the end, `url` that of the page that shows the same."""

    slug: str
    title: PublicText
    year: int
    site: str
    url: str
    changed_at: datetime | None


@dataclass(frozen=True)
class SchedulePerson:
    """A speaker as attributed for this event. Number and UUID come from the event and the place in its list alone: they
    say nothing of who it is, and the same person has others in the next event."""

    guid: UUID
    number: int
    name: PublicText


@dataclass(frozen=True)
class ScheduleLink:
    """An address, public or our own, and what it is."""

    url: str
    title: PublicText


@dataclass(frozen=True)
class ScheduleEvent:
    """A talk, or a call without one. `starts_at` is aware, on the clock of the file; a `guid` survives every move."""

    guid: UUID
    number: int
    starts_at: datetime
    minutes: int
    room: PublicText
    slug: str
    url: str
    title: PublicText
    track: PublicText
    kind: EventKind
    abstract: PublicText
    notice: tuple[PublicText, ...]
    persons: tuple[SchedulePerson, ...]
    links: tuple[ScheduleLink, ...]
    slides: tuple[ScheduleLink, ...]
    recorded: bool


@dataclass(frozen=True)
class ScheduleDay:
    """A day with calls on the clock of the file; `rooms` in the order of their first event."""

    index: int
    date: date
    starts_at: datetime
    ends_at: datetime
    rooms: tuple[tuple[PublicText, tuple[ScheduleEvent, ...]], ...]


@dataclass(frozen=True)
class Schedule:
    head: ScheduleHead
    time_zone: str
    days: tuple[ScheduleDay, ...]

    @property
    def version(self) -> str:
        """When anything in it last changed."""
        changed = self.head.changed_at
        return f"{changed:%Y-%m-%d %H:%M:%S}" if changed else f"{self.head.year}"

    @property
    def acronym(self) -> str:
        return f"{self.head.slug}_{self.head.year}"

    @property
    def rooms(self) -> tuple[PublicText, ...]:
        """Every room, in the order in which they come first."""
        return tuple(dict.fromkeys(room for day in self.days for room, _ in day.rooms))


def schedule(head: ScheduleHead, calls: Iterable[PublicTouchpoint], *, namespace: str) -> Schedule:
    """The schedule of `calls`. `namespace` is of the installation, and stays where its address changes.

    Its clock is that of the calls if they share one, and UTC otherwise: the formats have one for all.
    """
    shown = [call for call in calls if _has_a_time(call)]
    zones = {call.time_zone for call in shown}
    zone = zones.pop() if len(zones) == 1 else "UTC"
    events = _numbered(event for call in shown for event in _events(call, zone, site=head.site, namespace=namespace))
    ordered = sorted(events, key=lambda event: (event.starts_at, str(event.guid)))
    days = [list(found) for _, found in groupby(ordered, key=lambda event: event.starts_at.date())]
    named = tuple(_day(index, members, zone) for index, members in enumerate(days, 1))
    return Schedule(head, zone, named or (_empty_day(head.year, zone),))


def _has_a_time(call: PublicTouchpoint) -> bool:
    return call.status is not PublicStatus.CANCELLED and not call.skipped and call.day_known


def guid_of(what: str, *, namespace: str) -> UUID:
    """The same for the same thing, in every file and after every move."""
    return uuid5(NAMESPACE_URL, f"tag:{namespace},2026:{what}")


def _events(call: PublicTouchpoint, zone: str, *, site: str, namespace: str) -> Iterator[ScheduleEvent]:
    titled = [talk for talk in call.talks if talk.title]
    if not titled:
        yield _meeting(call, zone, site=site, namespace=namespace)
    for place, talk in enumerate(titled):
        yield _talk(call, talk, place, zone, site=site, namespace=namespace)


def _meeting(call: PublicTouchpoint, zone: str, *, site: str, namespace: str) -> ScheduleEvent:
    guid = guid_of(f"call:{call.uid}", namespace=namespace)
    starts_at = in_zone(call.starts_at, zone)
    return ScheduleEvent(
        guid=guid,
        number=_number(guid),
        starts_at=starts_at,
        minutes=call.minutes,
        room=call.series.name,
        slug=_slug(call, starts_at, guid),
        url=f"{site}/touchpoints/{call.key}",
        title=call.heading,
        track=_NOTHING,
        kind=EventKind.MEETING,
        abstract=_NOTHING,
        notice=call.notice.lines,
        persons=(),
        links=(),
        slides=(),
        recorded=False,
    )


def _talk(
    call: PublicTouchpoint, talk: PublicTalk, place: int, zone: str, *, site: str, namespace: str
) -> ScheduleEvent:
    guid = guid_of(f"talk:{talk.key}" if talk.key else f"call:{call.uid}:{place}", namespace=namespace)
    starts_at = in_zone(call.starts_at + timedelta(minutes=talk.starts or 0), zone)
    return ScheduleEvent(
        guid=guid,
        number=_number(guid),
        starts_at=starts_at,
        minutes=talk.minutes,
        room=call.series.name,
        slug=_slug(call, starts_at, guid),
        url=f"{site}/learning/{talk.key}" if talk.key else f"{site}/touchpoints/{call.key}",
        title=talk.title,
        track=talk.topics[0] if talk.topics else _NOTHING,
        kind=EventKind.TALK,
        abstract=talk.abstract,
        notice=call.notice.lines,
        persons=tuple(_person(guid, at, name) for at, name in enumerate(talk.speakers, 1)),
        links=_links(call, talk, site=site),
        slides=(ScheduleLink(talk.slides_url, PublicText("Slides")),) if talk.slides_url else (),
        recorded=talk.recorded,
    )


def _person(event: UUID, place: int, name: PublicText) -> SchedulePerson:
    guid = uuid5(event, f"speaker:{place}")
    return SchedulePerson(guid, _number(guid), name)


def _links(call: PublicTouchpoint, talk: PublicTalk, *, site: str) -> tuple[ScheduleLink, ...]:
    found = [ScheduleLink(f"{site}/touchpoints/{call.key}", PublicText("The call"))]
    if talk.recording_url:
        found.append(ScheduleLink(talk.recording_url, PublicText("Recording")))
    return (*found, *(ScheduleLink(link, link) for link in talk.links))


def _slug(call: PublicTouchpoint, starts_at: datetime, guid: UUID) -> str:
    """Readable, and no other event's: series, day, and the beginning of the UUID. Titles may hold names."""
    series = re.sub(r"[^a-z0-9]+", "-", call.series.slug.lower())
    return f"{series}-{starts_at:%Y-%m-%d}-{guid.hex[:12]}"


def _number(guid: UUID) -> int:
    return guid.int % _LARGEST + 1


def _numbered(events: Iterable[ScheduleEvent]) -> list[ScheduleEvent]:
    """The events, each with a number that none before it has."""
    taken: set[int] = set()
    found = []
    for event in events:
        number = event.number
        while number in taken:
            number = number % _LARGEST + 1
        taken.add(number)
        found.append(replace(event, number=number))
    return found


def _day(index: int, events: Sequence[ScheduleEvent], zone: str) -> ScheduleDay:
    rooms = dict.fromkeys(event.room for event in events)
    held = tuple((room, tuple(event for event in events if event.room == room)) for room in rooms)
    return ScheduleDay(index, events[0].starts_at.date(), *_bounds(events[0].starts_at.date(), zone), held)


def _empty_day(year: int, zone: str) -> ScheduleDay:
    """The formats want one day at least."""
    first = date(year, 1, 1)
    return ScheduleDay(1, first, *_bounds(first, zone), ())


def _bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    clock = ZoneInfo(zone)
    return datetime.combine(day, time.min, clock), datetime.combine(day, time(23, 59, 59), clock)
