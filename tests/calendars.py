"""Reading calendars back: three independent parsers, and a look at the octets that none of them takes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar
from playwright.sync_api import Page

_ICAL_JS = Path(__file__).resolve().parent.parent / "node_modules" / "ical.js" / "dist" / "ical.es5.min.cjs"
# What Thunderbird does with a subscribed calendar, less the drawing of it.
_READ = """([source, body]) => {
    const module = {exports: {}};
    new Function("module", "exports", source)(module, module.exports);
    const ICAL = module.exports;
    const calendar = new ICAL.Component(ICAL.parse(body));
    return calendar.getAllSubcomponents("vevent").map(part => {
        const event = new ICAL.Event(part);
        return {
            uid: event.uid,
            sequence: event.sequence,
            status: part.getFirstPropertyValue("status"),
            start: event.startDate.toJSDate().toISOString(),
            end: event.endDate.toJSDate().toISOString(),
            summary: event.summary,
            description: event.description,
        };
    });
}"""


@dataclass(frozen=True)
class ReadEvent:
    """What a subscriber's calendar knows of a call."""

    uid: str
    sequence: int
    status: str
    start: datetime
    end: datetime
    summary: str
    description: str


def read_with_icalendar(body: bytes) -> list[ReadEvent]:
    """The events of a feed, by the library that wrote it."""
    return [
        ReadEvent(
            uid=str(event["UID"]),
            sequence=int(event["SEQUENCE"]),
            status=str(event["STATUS"]),
            start=event["DTSTART"].dt,
            end=event["DTEND"].dt,
            summary=str(event["SUMMARY"]),
            description=str(event["DESCRIPTION"]),
        )
        for event in Calendar.from_ical(body).walk("VEVENT")
    ]


def read_with_ical(body: bytes) -> list[ReadEvent]:
    """The events of a feed, by a second and stricter library."""
    return [
        ReadEvent(
            uid=event.uid,
            sequence=event.sequence or 0,
            status=event.status.value,
            start=event.dtstart,
            end=event.dtend,
            summary=event.summary,
            description=event.description or "",
        )
        for event in IcsCalendarStream.calendar_from_ics(body.decode()).events
    ]


def read_with_ical_js(page: Page, body: bytes) -> list[ReadEvent]:
    """The events of a feed, by the library of Thunderbird, in a real browser."""
    found = page.evaluate(_READ, [_ICAL_JS.read_text(encoding="utf-8"), body.decode()])
    return [
        ReadEvent(
            **{**event, "start": datetime.fromisoformat(event["start"]), "end": datetime.fromisoformat(event["end"])}
        )
        for event in found
    ]


def octet_problems(body: bytes) -> list[str]:
    """What RFC 5545 section 3.1 forbids and readers may swallow: line ends and lengths, controls, broken UTF-8."""
    problems = []
    if not body.endswith(b"\r\n"):
        problems.append("the last line has no CRLF")
    for line in body.split(b"\r\n"):
        if len(line) > 75:
            problems.append(f"{len(line)} octets: {line!r}")
        if any(octet < 0x20 and octet != 0x09 for octet in line) or b"\x7f" in line:
            problems.append(f"a control: {line!r}")
        try:
            line.decode()
        except UnicodeDecodeError:
            problems.append(f"a character cut in two: {line!r}")
    return problems


def property_names(body: bytes) -> list[str]:
    """The names of all properties, unfolded, in the order written."""
    unfolded = body.replace(b"\r\n ", b"").replace(b"\r\n\t", b"")
    return [line.split(b":")[0].split(b";")[0].decode() for line in unfolded.split(b"\r\n") if line]
