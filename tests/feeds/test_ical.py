"""Feeds in octets and as two parsers read them, whatever people have typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from app.domain.agenda import Segment, SegmentKind
from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.disclosure import CallFacts, TalkFacts, public_series, public_touchpoint
from app.domain.people import RoleCategory
from app.domain.publication import Audience, PublicStatus, PublicTouchpoint
from app.domain.revision import Revision
from app.domain.text import clean_line, clean_text
from app.feeds.ical import FeedHead, feed, is_vevent, single, vevent
from app.feeds.words import description
from tests.calendars import octet_problems, property_names, read_with_ical, read_with_icalendar

START = datetime(2026, 12, 10, 13, 0, tzinfo=UTC)
BORN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
URL = "https://touchpoints.example/touchpoints/k234567890"
HEAD = FeedHead(
    name="Example Group: Thursday, all; of it",
    description="Calls,\nand talks",
    url="https://touchpoints.example/schedule",
    source="https://touchpoints.example/calendar/thursday.ics",
    hue="plum",
)
VEVENT = [
    *("BEGIN", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "CATEGORIES", "CLASS", "CREATED"),
    *("DESCRIPTION", "LAST-MODIFIED", "ORGANIZER", "STATUS", "TRANSP", "URL", "END"),
]
NASTY = [
    "plain",
    "commas, semicolons; back\\slashes \\n \\, and \"quotes\" 'too': colon",
    "two\r\nlines\rand\nmore\x0b\x0c\x85\u2028\u2029end",
    "family 👩‍👩‍👧‍👦 and flags 🇪🇸🇯🇵 " * 5,
    "שלום עולם مرحبا \u202eevil",
    "漢字" * 100,
    "<b>&amp;</b> <script>alert(1)</script>",
    "lone \ud800 surrogate, NUL \x00, DEL \x7f, BOM \ufeff",
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:forged\r\nATTENDEE:mailto:a@b",
    "x\\nEND:VEVENT",
    "x\u2028END:VEVENT\u2028ATTENDEE:mailto:a@b",
    "^n^^^' caret",
    "",
]
ANY_TEXT = st.one_of(st.sampled_from(NASTY), st.text(alphabet=st.characters(exclude_categories=()), max_size=120))


def call(text: str = "Upstream first", *, status: PublicStatus = PublicStatus.CONFIRMED) -> PublicTouchpoint:
    """A call in which every text that a person can type is `text`."""
    series = public_series(
        slug="thursday",
        name=text,
        short_name=text,
        audience=Audience.OPEN,
        hue="plum",
        shape="square",
        role_address=f"{text}thursday@example.org",
    )
    facts = CallFacts(
        key="k234567890",
        uid="7d3c@touchpoints.example",
        series=series,
        starts_at=START,
        minutes=60,
        time_zone="Europe/Madrid",
        skipped=status is PublicStatus.CANCELLED,
        reason=text,
        segments=(
            Segment(SegmentKind.TALK, text, 40, recorded=True, under_rule=False),
            Segment(SegmentKind.FORUM, text, 20, recorded=False, under_rule=True),
        ),
        talks=(
            TalkFacts(
                title=text,
                abstract=text,
                speakers=(SpeakerFacts(text, text, RoleCategory.OSPO, Attribution.NAME_AND_AFFILIATION),),
                minutes=20,
                consented=True,
                topics=(text,),
            ),
        ),
    )
    return public_touchpoint(facts, before=status)


def confirmed(sequence: int = 0) -> Revision:
    return Revision(PublicStatus.CONFIRMED, sequence, BORN, BORN + timedelta(hours=sequence), None)


@given(ANY_TEXT)
def test_a_feed_reads_back_the_same_in_two_parsers_whatever_was_typed(text):
    touchpoint = call(text)
    body = feed(
        replace(HEAD, name=text, description=text), [vevent(touchpoint, confirmed(), url=URL)], last_modified=BORN
    )
    assert octet_problems(body) == []
    assert [name for name in property_names(body) if name in ("UID", "ATTENDEE")] == ["UID"]
    (event,) = read_with_icalendar(body)
    assert read_with_ical(body) == [event]
    words = clean_line(text)
    assert event.description == clean_text(description(touchpoint, url=URL))
    assert event.summary == clean_line(": ".join(filter(None, (words, touchpoint.title))))
    assert (event.uid, event.start, event.end) == ("7d3c@touchpoints.example", START, START + timedelta(hours=1))


def test_a_vevent_has_every_property_once_and_no_attendee():
    assert property_names(vevent(call(), confirmed(), url=URL)) == VEVENT


def test_a_confirmed_call_in_every_octet():
    event = vevent(call(), confirmed(sequence=2), url=URL)
    said = (
        "Held in part under the Chatham House Rule. You may use what you hear\\, but not reveal who said it\\, who "
        "took part\\, or which organisations they belong to.\\nUpstream first\\, 40 min: recorded\\, not under the "
        "Rule.\\nUpstream first\\, 20 min: under the Rule\\, not recorded."
        "\\n\\nThursday 10 December 2026\\, 14:00–15:00 Madrid\\n\\nAgenda\\n14:00 Upstream first\\, 40 min (recorded)"
        "\\n    14:00 Upstream first\\, 20 min\\n14:40 Upstream first\\, 20 min (Chatham House Rule)\\n\\n"
        "Upstream first\\nUpstream first\\, Upstream first\\nThis talk is recorded.\\nUpstream first\\n\\n"
        "Details: https://touchpoints.example/touchpoints/k234567890"
    )
    assert event.decode().replace("\r\n ", "").split("\r\n") == [
        "BEGIN:VEVENT",
        "SUMMARY:Upstream first: Upstream first",
        "DTSTART:20261210T130000Z",
        "DTEND:20261210T140000Z",
        "DTSTAMP:20261123T110000Z",
        "UID:7d3c@touchpoints.example",
        "SEQUENCE:2",
        "CATEGORIES:Upstream first",
        "CLASS:PUBLIC",
        "CREATED:20261123T090000Z",
        f"DESCRIPTION:{said}",
        "LAST-MODIFIED:20261123T110000Z",
        'ORGANIZER;CN="Upstream first":mailto:Upstream firstthursday@example.org',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://touchpoints.example/touchpoints/k234567890",
        "END:VEVENT",
        "",
    ]


def test_a_cancelled_call_says_so_and_frees_the_time():
    revision = Revision(PublicStatus.CANCELLED, 1, BORN, BORN, BORN)
    body = single(vevent(call("Thursday", status=PublicStatus.CANCELLED), revision, url=URL))
    (event,) = read_with_icalendar(body)
    assert (event.status, event.sequence, event.summary) == ("CANCELLED", 1, "Cancelled: Thursday")
    assert event.description.endswith(f"This call does not take place. Thursday\n\nDetails: {URL}")
    assert b"\r\nTRANSP:TRANSPARENT\r\n" in body


def test_the_header_says_all_that_calendars_ask_for():
    body = feed(HEAD, [], last_modified=BORN)
    assert octet_problems(body) == []
    assert body.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Touchpoints//Touchpoints 1//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "DESCRIPTION:Calls\\, and talks",
        "X-WR-CALDESC:Calls\\, and talks",
        "NAME:Example Group: Thursday\\, all\\; of it",
        "X-WR-CALNAME:Example Group: Thursday\\, all\\; of it",
        "COLOR:mediumvioletred",
        "LAST-MODIFIED:20261123T090000Z",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://touchpoints.example/calendar/thursday.ics",
        "URL:https://touchpoints.example/schedule",
        "X-PUBLISHED-TTL:PT6H",
        "END:VCALENDAR",
        "",
    ]


def test_a_feed_without_hue_and_events_has_no_colour_and_no_last_modified():
    names = property_names(feed(replace(HEAD, hue=""), [], last_modified=None))
    assert "COLOR" not in names
    assert "LAST-MODIFIED" not in names
    assert "UID" not in names


def test_a_feed_is_its_events_joined_as_they_are():
    first = vevent(call("One"), confirmed(), url=URL)
    second = vevent(call("Two"), confirmed(), url=URL)
    body = feed(HEAD, [first, second], last_modified=BORN)
    assert first + second + b"END:VCALENDAR\r\n" == body[body.index(b"BEGIN:VEVENT") :]


@pytest.mark.parametrize("bad", [b"", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"nonsense"])
def test_one_bad_row_does_not_take_the_feed_down(bad):
    good = vevent(call(), confirmed(), url=URL)
    assert not is_vevent(bad)
    assert not is_vevent(good + good)
    assert feed(HEAD, [bad, good], last_modified=BORN) == feed(HEAD, [good], last_modified=BORN)


def test_a_single_call_is_no_subscription():
    body = single(vevent(call(), confirmed(), url=URL))
    assert Calendar.from_ical(body)["METHOD"] == "PUBLISH"
    assert not {"REFRESH-INTERVAL", "SOURCE", "NAME"} & set(property_names(body))


def test_a_thousand_events_are_joined_and_not_made_anew():
    good = vevent(call(), confirmed(), url=URL)
    assert feed(HEAD, [good] * 1000, last_modified=BORN).count(good) == 1000
