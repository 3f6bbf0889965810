"""iCalendar bytes (RFC 5545, 7986) from values: one VEVENT per call, and feeds made by joining finished VEVENTs.

Same values, same bytes: nothing here reads a clock or makes up an identifier. Instants are UTC, so that no VTIMEZONE
can be wrong; the local time stands in words in the description.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from icalendar import Calendar, Event, vCalAddress, vText

from app.domain.attribution import PublicText
from app.domain.publication import PublicSeries, PublicStatus, PublicTouchpoint
from app.domain.revision import Revision
from app.domain.secret import NO_WAY_IN, WayIn
from app.domain.text import clean_line, clean_text
from app.feeds.words import description, farewell_summary, farewell_text, summary, with_way_in

PRODID = "-//Touchpoints//Touchpoints 1//EN"
REFRESH = timedelta(hours=6)
_BEGIN, _END, _FOOT = b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"END:VCALENDAR\r\n"
_CSS_COLOURS = {  # COLOR wants a CSS3 name (RFC 7986 5.9)
    "blue": "royalblue",
    "plum": "mediumvioletred",
    "teal": "teal",
    "amber": "darkgoldenrod",
    "green": "seagreen",
    "red": "firebrick",
}


class Stamps(Protocol):
    """What calendars compare of two states of one event."""

    @property
    def sequence(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def last_modified(self) -> datetime: ...


@dataclass(frozen=True)
class FeedHead:
    """What a subscribed calendar says of itself. `source` is its own address, `url` the page for people.

    A calendar whose address is a secret does not repeat it: its `source` is empty.
    """

    name: PublicText
    description: PublicText
    url: str
    source: str = ""
    hue: str = ""


@dataclass(frozen=True)
class LastWord:
    """When a series ended and where it went. `uid` is whole; `day` is the event's, after the `last_day` of calls."""

    uid: str
    day: date
    last_day: date
    moved_to: str = ""


def vevent(touchpoint: PublicTouchpoint, revision: Revision, *, url: str, way_in: WayIn = NO_WAY_IN) -> bytes:
    """The call as a VEVENT; `url` is its page. No ATTENDEE; ORGANIZER is the series' mailbox.

    `way_in` is for members' own calendars: whatever goes to the public leaves it out.
    """
    cancelled = touchpoint.status is PublicStatus.CANCELLED
    event = begun(touchpoint.uid, revision, touchpoint.starts_at, touchpoint.ends_at)
    event.add("SUMMARY", vText(clean_line(summary(touchpoint))))
    shown = NO_WAY_IN if cancelled else way_in
    event.add("DESCRIPTION", vText(clean_text(with_way_in(description(touchpoint, url=url), shown))))
    event.add("URL", url)
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if cancelled else "OPAQUE")
    event.add("CLASS", "PUBLIC")
    event.add("CATEGORIES", _categories(touchpoint))
    event.add("ORGANIZER", organizer(touchpoint.series))
    add_way_in(event, shown)
    return bytes(event.to_ical())


def begun(uid: str, revision: Stamps, start: date, end: date) -> Event:
    """A VEVENT with all that calendars compare, and when it is: two instants in UTC, or two days."""
    event = Event()
    event.add("UID", uid)
    event.add("DTSTAMP", revision.last_modified)
    event.add("CREATED", revision.created_at)
    event.add("LAST-MODIFIED", revision.last_modified)
    event.add("SEQUENCE", revision.sequence)
    event.add("DTSTART", start)
    event.add("DTEND", end)
    return event


def hidden_event(uid: str, revision: Revision, start: datetime, end: datetime, *, url: str) -> bytes:
    """What calendars hold of a call that is public no more: the time that they know, cancelled, and not a word of it.

    `url` is where members find their calls, whatever calls those are.
    """
    event = begun(uid, revision, start, end)
    event.add("SUMMARY", vText("Not public any more"))
    text = f"This entry is not public any more. Whoever it is for finds it in their own calendar.\n\nMembers: {url}"
    event.add("DESCRIPTION", vText(text))
    event.add("STATUS", "CANCELLED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PUBLIC")
    return bytes(event.to_ical())


def farewell(series: PublicSeries, last: LastWord, revision: Revision, *, url: str) -> bytes:
    """The last event of a series that ended: a whole day, which blocks nobody's time, and says where it went."""
    cancelled = revision.status is PublicStatus.CANCELLED
    title = farewell_summary(series, moved_to=last.moved_to)
    event = begun(last.uid, revision, last.day, last.day + timedelta(days=1))
    event.add("SUMMARY", vText(clean_line(f"Cancelled: {title}" if cancelled else title)))
    text = farewell_text(series, last_day=last.last_day, moved_to=last.moved_to)
    event.add("DESCRIPTION", vText("It goes on here." if cancelled else clean_text(text)))
    event.add("URL", last.moved_to or url)
    event.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PUBLIC")
    event.add("CATEGORIES", [series.name])
    event.add("ORGANIZER", organizer(series))
    return bytes(event.to_ical())


def feed(head: FeedHead, vevents: Iterable[bytes], *, last_modified: datetime | None) -> bytes:
    """A calendar to subscribe to: its header and the finished `vevents`, joined in the order given.

    A row that is no VEVENT is left out, so that one bad row never takes the feed down; see `is_vevent`.
    """
    calendar = _calendar()
    # vText: without it the library writes these raw, commas and line breaks included.
    for names, text in ((("NAME", "X-WR-CALNAME"), head.name), (("DESCRIPTION", "X-WR-CALDESC"), head.description)):
        for name in names:
            calendar.add(name, vText(clean_line(text)))
    calendar.add("URL", head.url)
    if head.source:
        calendar.add("SOURCE", head.source, parameters={"VALUE": "URI"})
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT6H")
    if head.hue in _CSS_COLOURS:
        calendar.add("COLOR", _CSS_COLOURS[head.hue])
    if last_modified:
        calendar.add("LAST-MODIFIED", last_modified)
    return _joined(calendar, vevents)


def single(event: bytes) -> bytes:
    """One call as a file to import."""
    return _joined(_calendar(), [event])


def is_vevent(data: bytes) -> bool:
    """Whether `data` is one finished VEVENT, as `vevent` writes it."""
    return data.startswith(_BEGIN) and data.endswith(b"\r\n" + _END) and data.count(_BEGIN) == 1


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    return calendar


def _joined(calendar: Calendar, vevents: Iterable[bytes]) -> bytes:
    head = bytes(calendar.to_ical()).removesuffix(_FOOT)
    return b"".join((head, *filter(is_vevent, vevents), _FOOT))


def add_way_in(event: Event, way_in: WayIn) -> None:
    """For members' and speakers' own calendars: the place, the conference (RFC 7986 5.11), which few know yet."""
    address = way_in.address.reveal()
    if address:
        event.add("LOCATION", vText(clean_line(address)))
        event.add("CONFERENCE", address, parameters={"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Join the call"})


def _categories(touchpoint: PublicTouchpoint) -> list[str]:
    topics = (topic for talk in touchpoint.talks for topic in talk.topics)
    return list(dict.fromkeys((touchpoint.series.name, *topics)))


def organizer(series: PublicSeries) -> vCalAddress:
    """The mailbox of the series, never a person."""
    address = vCalAddress(f"mailto:{clean_line(series.role_address)}")
    address.params["CN"] = series.name
    return address
