"""The season as a conference schedule: valid by the format's rules, stable, and silent about who keeps back a name."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
import xmlschema

from app.domain.attribution import PublicText
from app.domain.publication import Audience, PublicDetail, PublicStatus
from app.feeds import schedule as schedules
from app.feeds.schedule import ScheduleHead, schedule
from app.feeds.schedule_json import schedule_json
from app.feeds.schedule_xml import schedule_xml
from tests.house.sources import ROOT
from tests.public_values import CALL

RULES = ROOT / "tests" / "fixtures" / "schedule"
XML_RULES = xmlschema.XMLSchema(RULES / "schedule.xsd")
JSON_RULES = jsonschema_rs.Draft202012Validator(
    json.loads((RULES / "schedule.schema.json").read_text()), validate_formats=True
)
HEAD = ScheduleHead(
    "touchpoints",
    PublicText("Example: all calls"),
    2026,
    "https://calls.example.org",
    "https://calls.example.org/schedule",
    datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
)
WEEK = timedelta(weeks=1)


def made(*calls, head=HEAD):
    return schedule(head, calls, namespace="calls.example.org")


def events(*calls):
    return [event for day in made(*calls).days for _, held in day.rooms for event in held]


def another(key, **changes):
    """Another call, with talks of its own."""
    talks = tuple(replace(talk, key=f"{talk.key}-{key}") for talk in CALL.talks)
    return replace(CALL, **{"key": key, "uid": f"{key}@example.org", "talks": talks, **changes})


OPEN = another("open", talks=(), status=PublicStatus.PLANNED, starts_at=CALL.starts_at + WEEK)
MEMBERS = another(
    "members",
    talks=(),
    starts_at=CALL.starts_at + 2 * WEEK,
    series=replace(
        CALL.series, audience=Audience.MEMBERS, detail=PublicDetail.TIME, name=PublicText("Members & Co. <1>")
    ),
    agenda=(),
)
BARE = another(
    "bare",
    starts_at=CALL.starts_at + 3 * WEEK,
    time_zone="America/New_York",
    talks=(replace(CALL.talks[0], key="", topics=(), links=(), speakers=(), starts=None, abstract=PublicText("")),),
)


@pytest.mark.parametrize("calls", [(), (CALL,), (CALL, OPEN, MEMBERS), (CALL, BARE)], ids=len)
def test_both_files_are_valid_by_the_rules_of_the_format(calls):
    found = made(*calls)
    assert list(XML_RULES.iter_errors(BytesIO(schedule_xml(found)))) == []
    said = json.loads(schedule_json(found, namespace="calls.example.org"))
    assert [error.message for error in JSON_RULES.iter_errors(said)] == []


def test_the_rules_refuse_what_is_wrong():
    """Or else the test before proves nothing."""
    xml = schedule_xml(made(CALL))
    for was, wrong in ((b'id="', b'id="-'), (b"<start>14:05<", b"<start>2 pm<"), (b"<track>", b"<tract>")):
        with pytest.raises((xmlschema.XMLSchemaValidationError, ET.ParseError, xmlschema.XMLSchemaException)):
            XML_RULES.validate(BytesIO(xml.replace(was, wrong)))
    said = json.loads(schedule_json(made(CALL), namespace="calls.example.org"))
    said["schedule"]["conference"]["days"][0]["rooms"]["Series"][0]["guid"] = "1"
    assert not JSON_RULES.is_valid(said)


def test_same_values_same_bytes():
    assert [schedule_xml(made(CALL, OPEN)), schedule_json(made(CALL, OPEN), namespace="x")] == [
        schedule_xml(made(CALL, OPEN)),
        schedule_json(made(CALL, OPEN), namespace="x"),
    ]


def test_a_talk_is_an_event_in_the_room_of_its_series_on_the_clock_of_the_series():
    first, second = events(CALL)
    assert [event.title for event in (first, second)] == ["Upstream first", "Second"]
    assert (first.room, first.kind, first.minutes, first.track) == ("Series", "talk", 20, "Upstream")
    assert [event.starts_at.isoformat() for event in (first, second)] == [
        "2026-12-10T14:05:00+01:00",
        "2026-12-10T14:25:00+01:00",
    ]
    assert [link.url for link in first.links] == ["https://calls.example.org/touchpoints/k", "https://example.org"]
    assert first.url == f"https://calls.example.org/learning/{CALL.talks[0].key}"


def test_a_call_without_a_public_talk_is_one_event():
    (open_call,) = events(OPEN)
    assert (open_call.title, open_call.kind, open_call.minutes) == ("Open agenda", "meeting", 60)
    assert (open_call.recorded, open_call.persons) == (False, ())
    assert [event.title for event in events(MEMBERS)] == ["Members’ call"]


def test_what_does_not_take_place_or_has_no_day_is_left_out():
    cancelled = another("off", status=PublicStatus.CANCELLED)
    called_off = replace(OPEN, skipped=True)
    sometime = another("sometime", day_known=False)
    assert events(cancelled, called_off, sometime) == []


def test_an_event_that_moves_stays_the_same_event():
    moved = replace(CALL, starts_at=CALL.starts_at + WEEK)
    assert [(event.guid, event.number) for event in events(moved)] == [
        (event.guid, event.number) for event in events(CALL)
    ]
    assert events(moved)[0].slug != events(CALL)[0].slug


def test_nobody_is_recognised_in_a_second_talk():
    """The same two speakers, one of whom keeps back who they are: no number or UUID stands in both talks."""
    persons = [person for event in events(CALL) for person in event.persons]
    assert [person.name for person in persons] == ["Sam", "A speaker"] * 2
    assert len({person.guid for person in persons} | {person.number for person in persons}) == 8


def test_a_number_that_is_taken_goes_to_the_next_one(monkeypatch):
    monkeypatch.setattr(schedules, "_LARGEST", 2)
    assert sorted(event.number for event in events(CALL)) == [1, 2]


def test_calls_on_several_clocks_are_told_in_utc():
    found = made(CALL, BARE)
    assert (found.time_zone, found.days[0].starts_at.isoformat()) == ("UTC", "2026-12-10T00:00:00+00:00")
    assert (made(CALL).time_zone, made(CALL).days[0].ends_at.isoformat()) == (
        "Europe/Madrid",
        "2026-12-10T23:59:59+01:00",
    )


def test_a_talk_may_be_recorded_when_everybody_agreed():
    silent = another("silent", talks=(replace(CALL.talks[0], recorded=False),))
    root = ET.fromstring(schedule_xml(made(silent)))
    assert [each.text for each in root.iter("optout")] == ["true"]
    assert [each.text for each in ET.fromstring(schedule_xml(made(CALL))).iter("optout")] == ["false", "false"]


def test_recording_and_slides_are_led_to():
    talk = replace(
        CALL.talks[0],
        recording_url=PublicText("https://video.example.org/1"),
        slides_url=PublicText("https://slides.example.org/1"),
    )
    (event,) = events(another("held", talks=(talk,)))
    assert [link.title for link in event.links] == ["The call", "Recording", "https://example.org"]
    assert [link.url for link in event.slides] == ["https://slides.example.org/1"]


def test_the_version_says_when_something_changed():
    assert made(CALL).version == "2026-11-01 08:30:00"
    assert made(head=replace(HEAD, changed_at=None)).version == "2026"
