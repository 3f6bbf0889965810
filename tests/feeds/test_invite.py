"""A speaker's calendar entry: one UID from the first yes to the last no, readable by two independent parsers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from app.feeds.invite import Entry, cancel, request

STARTS = datetime(2026, 12, 3, 13, 0, tzinfo=UTC)
ENTRY = Entry(
    uid="2b0e3f0a-0000-4000-8000-000000000001@touchpoints.example.org",
    sequence=3,
    stamp=datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=60),
    summary="Europe Chapter and OSPOlogy: Upstream first",
    organizer="thursday@example.org",
    organizer_name="Europe Chapter and OSPOlogy",
    attendee="sam@example.org",
    attendee_name="Sam Speaker",
)
URL = "https://touchpoints.example.org/touchpoints/abc"
ATTACK = (
    "Upstream\r\nATTENDEE:mailto:nora@example.net\r\nEND:VEVENT\rX-ATTACK:1\x0bX-ATTACK:2\u2028X-ATTACK:3\x00\ud800"
)


def asked(entry=ENTRY, *, description="All of it.", location="", accepted=True) -> bytes:
    return request(entry, description=description, url=URL, location=location, accepted=accepted)


def event_of(data: bytes):
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    return event


def test_a_confirmed_speaker_gets_the_call_as_accepted():
    calendar = Calendar.from_ical(asked(location="https://meet.example.org/secret"))
    event = event_of(asked(location="https://meet.example.org/secret"))
    assert calendar["METHOD"] == "REQUEST"
    assert {name: str(event[name]) for name in ("UID", "SUMMARY", "DESCRIPTION", "URL", "STATUS", "LOCATION")} == {
        "UID": ENTRY.uid,
        "SUMMARY": ENTRY.summary,
        "DESCRIPTION": "All of it.",
        "URL": URL,
        "STATUS": "CONFIRMED",
        "LOCATION": "https://meet.example.org/secret",
    }
    assert (event["SEQUENCE"], event["DTSTART"].dt, event["DTEND"].dt) == (3, STARTS, STARTS + timedelta(hours=1))
    assert event["DTSTAMP"].dt == ENTRY.stamp


def test_it_has_one_organizer_and_one_attendee_who_is_asked_nothing_by_mail():
    event = event_of(asked())
    assert (str(event["ORGANIZER"]), event["ORGANIZER"].params["CN"]) == (
        "mailto:thursday@example.org",
        ENTRY.organizer_name,
    )
    assert str(event["ATTENDEE"]) == "mailto:sam@example.org"
    assert dict(event["ATTENDEE"].params) == {
        "CN": "Sam Speaker",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }


def test_a_moved_call_is_tentative_until_the_speaker_says_yes():
    event = event_of(asked(accepted=False))
    assert (event["STATUS"], event["ATTENDEE"].params["PARTSTAT"]) == ("TENTATIVE", "NEEDS-ACTION")
    assert "LOCATION" not in event


def test_without_somebody_to_invite_it_is_an_entry_to_add():
    nobody = replace(ENTRY, attendee="", attendee_name="")
    for data, method in ((asked(nobody), "PUBLISH"), (cancel(nobody), "CANCEL")):
        event = event_of(data)
        assert Calendar.from_ical(data)["METHOD"] == method
        assert (str(event["UID"]), str(event["ORGANIZER"])) == (ENTRY.uid, "mailto:thursday@example.org")
        assert "ATTENDEE" not in event
        assert IcsCalendarStream.calendar_from_ics(data.decode()).events[0].uid == ENTRY.uid


def test_a_cancellation_names_the_same_entry():
    data = cancel(replace(ENTRY, sequence=4))
    event = event_of(data)
    assert Calendar.from_ical(data)["METHOD"] == "CANCEL"
    assert (str(event["UID"]), event["SEQUENCE"], event["STATUS"]) == (ENTRY.uid, 4, "CANCELLED")
    assert (str(event["ORGANIZER"]), str(event["ATTENDEE"])) == (
        "mailto:thursday@example.org",
        "mailto:sam@example.org",
    )
    assert event["SUMMARY"] == f"Cancelled: {ENTRY.summary}"
    assert event["DTSTART"].dt == STARTS


@pytest.mark.parametrize("data", [asked(), asked(accepted=False), cancel(ENTRY)])
def test_another_parser_reads_the_same(data):
    (event,) = IcsCalendarStream.calendar_from_ics(data.decode()).events
    assert (event.uid, event.sequence, event.dtstart) == (ENTRY.uid, ENTRY.sequence, STARTS)


def test_a_speaker_without_a_name_has_none():
    assert "CN" not in event_of(asked(replace(ENTRY, attendee_name="")))["ATTENDEE"].params


def test_no_words_add_a_line():
    data = asked(
        replace(ENTRY, summary=ATTACK, attendee_name=ATTACK, organizer_name=ATTACK), description=ATTACK, location=ATTACK
    )
    names = {line.partition(b":")[0].partition(b";")[0] for line in data.replace(b"\r\n ", b"").split(b"\r\n")}
    assert b"X-ATTACK" not in names
    assert data.replace(b"\r\n", b"").count(b"\r") == data.replace(b"\r\n", b"").count(b"\n") == 0
    event = event_of(data)
    assert str(event["ATTENDEE"]) == "mailto:sam@example.org"
    assert len([line for line in data.split(b"\r\n") if line.startswith(b"ATTENDEE")]) == 1


def test_lines_are_short_and_end_as_they_must():
    data = asked(description="W\N{LATIN SMALL LETTER O WITH DIAERESIS}rter " * 60)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.endswith(b"END:VCALENDAR\r\n")


def test_the_same_values_are_the_same_bytes():
    assert asked() == asked()
