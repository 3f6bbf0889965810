"""What a journey has led to: all that anybody may read, the feeds, and the calendar entries that came by mail."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from icalendar import Calendar

from tests.calendars import ReadEvent, octet_problems, read_with_ical, read_with_icalendar
from tests.journeys.post import Letter
from tests.journeys.window import Window

_PAGES = ("/", "/schedule", "/learning", "/subscribe")
_FEEDS = ("/calendar/all.ics", "/calendar/thursday.ics", "/calendar/friday.ics")


class Entry(NamedTuple):
    """What a mailed calendar entry asks of its reader's calendar."""

    uid: str
    method: str
    status: str
    partstat: str
    start: datetime


def calendar_entry(letter: Letter) -> Entry:
    """The one entry that came with the letter; it is for its reader alone."""
    calendar = Calendar.from_ical(letter.calendar)
    [event] = calendar.walk("VEVENT")
    attendee = event["ATTENDEE"]
    assert attendee == f"mailto:{letter.to}"
    words = (str(text) for text in (event["UID"], calendar["METHOD"], event["STATUS"], attendee.params["PARTSTAT"]))
    return Entry(*words, start=event["DTSTART"].dt)


def feed(window: Window, slug: str) -> list[ReadEvent]:
    """The events of a feed as a subscriber gets them. Both readers must agree on them."""
    return events_of(window.read(f"/calendar/{slug}.ics"))


def call_file(window: Window) -> list[ReadEvent]:
    """The file of the call whose page the window shows."""
    return events_of(window.read(f"{window.address}.ics"))


def events_of(body: bytes) -> list[ReadEvent]:
    """The events in a calendar that is sound in every octet and the same to two independent readers."""
    events = read_with_icalendar(body)
    assert (octet_problems(body), read_with_ical(body)) == ([], events)
    return events


def public_view(window: Window) -> str:
    """All that anybody can read without signing in and without a mail: the pages, every call, the feeds unfolded."""
    calls = {str(link["href"]) for link in window.open("/schedule").page.select("a[href^='/touchpoints/']")}
    pages = [window.read(address) for address in (*_PAGES, *sorted(calls))]
    feeds = [window.read(address).replace(b"\r\n ", b"") for address in _FEEDS]
    return b"".join((*pages, *feeds)).decode()
