"""Calendar entries for one speaker, sent by mail (iTIP, RFC 5546): asked for, changed, taken back.

The entry is that of the talk: its UID survives every move, so that a calendar shows one entry that moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress, vText

from app.domain.text import clean_line, clean_text
from app.feeds.ical import PRODID


@dataclass(frozen=True)
class Entry:
    """What both methods say. Instants are aware UTC, `uid` is whole, addresses are plain ASCII.

    `sequence` must be higher than that of any other content sent before (RFC 5546 2.1.4). ORGANIZER is the series'
    mailbox; the one ATTENDEE is the recipient: co-speakers get entries of their own. Without an `attendee` nobody is
    invited: the entry is one to add to a calendar (RFC 5546 3.2.1 and 4.1.3), which answers to nobody.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts_at: datetime
    ends_at: datetime
    summary: str
    organizer: str
    organizer_name: str
    attendee: str
    attendee_name: str


def request(entry: Entry, *, description: str, url: str, location: str = "", accepted: bool) -> bytes:
    """The entry as new or changed. `accepted`: the speaker said yes on our page; otherwise it stands as tentative.

    Its METHOD is REQUEST, or PUBLISH where nobody is invited.
    """
    event = _event(entry, "ACCEPTED" if accepted else "NEEDS-ACTION")
    event.add("SUMMARY", vText(clean_line(entry.summary)))
    event.add("DESCRIPTION", vText(clean_text(description)))
    event.add("URL", url)
    if location:
        event.add("LOCATION", vText(clean_line(location)))
    event.add("STATUS", "CONFIRMED" if accepted else "TENTATIVE")
    event.add("TRANSP", "OPAQUE")
    return _calendar("REQUEST" if entry.attendee else "PUBLISH", event)


def cancel(entry: Entry) -> bytes:
    """The entry taken back."""
    event = _event(entry, "NEEDS-ACTION")
    event.add("SUMMARY", vText(clean_line(f"Cancelled: {entry.summary}")))
    event.add("STATUS", "CANCELLED")
    event.add("TRANSP", "TRANSPARENT")
    return _calendar("CANCEL", event)


def _event(entry: Entry, answer: str) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("DTSTAMP", entry.stamp)
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTART", entry.starts_at)
    event.add("DTEND", entry.ends_at)
    event.add("ORGANIZER", _address(entry.organizer, entry.organizer_name))
    if entry.attendee:
        event.add("ATTENDEE", _attendee(entry, answer))
    return event


def _attendee(entry: Entry, answer: str) -> vCalAddress:
    """No answer is asked for by mail: the page is the truth, since it also asks about naming and recording."""
    attendee = _address(entry.attendee, entry.attendee_name)
    attendee.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": answer, "RSVP": "FALSE"})
    return attendee


def _address(address: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    if name := clean_line(name):
        found.params["CN"] = name
    return found


def _calendar(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODID)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
