"""The record of past calls: what it says is taken as it stands, what it does not say is said to be missing."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime

import pytest

from app.domain.attribution import Attribution
from app.domain.history import MalformedHistory, PastSpeaker, Skipped, read_history
from app.domain.publication import Audience
from tests.past_calls import RECORD


@pytest.fixture
def record():
    return deepcopy(RECORD)


def session(record, key):
    return next(entry for entry in record["sessions"] if entry["id"] == key)


def call(record, key):
    return next(each for each in read_history(record).calls if each.key == key)


def test_what_cannot_stand_in_the_archive_is_named_with_the_reason(record):
    history = read_history(record)

    assert [each.key for each in history.calls] == ["web-1", "web-2", "web-month", "apac-1", "fri-1", "thu-1", "thu-2"]
    assert history.skipped == (
        Skipped("web-year", "Sometime", "no month is known: 2023"),
        Skipped("thu-3", "Never", "it was not held: dropped"),
    )
    assert history.others == {"slot": 2, "in-person-event": 1}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"status": None}, "it was not held: no status"),
        ({"title": "x" * 121}, "its title has 121 characters, at most 120 fit"),
        ({"title": "Call, passcode 445566"}, "its title holds a join link or a passcode"),
    ],
)
def test_other_reasons_are_named_too(record, change, why):
    session(record, "web-1").update(change)

    assert [each.why for each in read_history(record).skipped if each.key == "web-1"] == [why]


@pytest.mark.parametrize(
    ("key", "starts_at", "minutes", "zone"),
    [
        ("web-1", datetime(2021, 8, 4, 15, tzinfo=UTC), 60, "UTC"),
        ("apac-1", datetime(2022, 4, 25, 12, tzinfo=UTC), 30, "UTC"),
        ("fri-1", datetime(2024, 4, 12, 15, 30, tzinfo=UTC), 60, "Europe/Madrid"),
        ("thu-1", datetime(2025, 5, 29, 12, tzinfo=UTC), 60, "UTC"),
    ],
)
def test_calls_have_the_instants_that_the_record_says(record, key, starts_at, minutes, zone):
    found = call(record, key)

    assert (found.starts_at, found.minutes, found.zone) == (starts_at, minutes, zone)


def test_what_was_not_written_is_noted(record):
    assert {each.key: each.notes for each in read_history(record).calls} == {
        "web-1": ("start 15:00 UTC from the series' rule as written", "no length is known: 60 minutes"),
        "web-2": ("start 15:00 UTC from the series' rule as written", "no length is known: 60 minutes"),
        "web-month": (
            "no day is known, and pages say none: 2023-02",
            "start 15:00 UTC from the series' rule as written",
            "no length is known: 60 minutes",
        ),
        "apac-1": (
            "day inferred (last-Monday rule)",
            "held (assumed: no notes seen)",
            "no start is known: midday UTC",
        ),
        "fri-1": (),
        "thu-1": (
            "2 talks kept as one under the call's title",
            "GMT read as UTC",
            "no length is known: 60 minutes",
        ),
        "thu-2": (
            "no title is known: named after its series and day",
            "no start is known: midday UTC",
            "no length is known: 60 minutes",
        ),
    }


def test_midday_is_in_the_zone_that_is_known(record):
    session(record, "fri-1").update(start_as_written="late")

    assert call(record, "fri-1").notes[0] == "no start is known: midday Europe/Madrid"


def test_an_end_before_the_start_says_nothing(record):
    session(record, "fri-1").update(start_as_written="17:30", end_as_written="4:00 pm")

    assert call(record, "fri-1").minutes == 60


def test_a_call_without_a_title_gets_an_honest_one(record):
    assert call(record, "thu-2").title == "Touchpoint EMEA APAC, 3 July 2025"


def test_series_carry_their_label_their_rule_and_who_they_were_for(record):
    found = {each.series.key: each.series for each in read_history(record).calls}

    assert [(each.name, each.rule, each.audience) for each in found.values()] == [
        ("OSPOlogy Webinar", "2021-2023: first Wednesday, 15:00pm UTC", Audience.OPEN),
        ("APAC Sync", "2022: last Monday, 8AM UTC; 7:00 AM UTC elsewhere", Audience.OPEN),
        ("Touchpoint Friday (General Member)", "", Audience.MEMBERS),
        ("Touchpoint EMEA APAC", "", Audience.OPEN),
    ]


def test_a_series_that_was_once_for_members_alone_is_for_members_alone(record):
    record["sessions"].append({**session(record, "fri-1"), "id": "fri-2", "date": "2024-05-10", "audience": "public"})

    assert call(record, "fri-2").series.audience is Audience.MEMBERS


@pytest.mark.parametrize(
    ("name", "affiliation", "attribution"),
    [
        ("Sam", "Kestrel", Attribution.NAME_AND_AFFILIATION),
        ("Sam", "", Attribution.NAME),
        ("", "Kestrel", Attribution.AFFILIATION),
        ("", "", Attribution.NONE),
    ],
)
def test_a_speaker_is_named_as_published(name, affiliation, attribution):
    assert PastSpeaker(name, affiliation).attribution is attribution


def test_a_recording_had_a_speaker_even_where_the_record_names_nobody(record):
    assert call(record, "web-2").speakers == (PastSpeaker("", ""),)
    assert call(record, "apac-1").speakers == ()


def test_addresses_that_are_none_are_left_out(record):
    session(record, "web-2")["recording_url"] = "The video is cooking up!"

    assert (call(record, "web-2").recording_url, call(record, "web-2").speakers) == ("", ())


def test_ways_into_calls_are_left_out_of_the_archive(record):
    kept = [segment.title for segment in call(record, "thu-1").segments]
    secret = {"recording_url": "https://zoom.us/j/1?pwd=x", "slides_url": "https://zoom.us/meeting/register/x"}
    session(record, "thu-1").update(secret)
    session(record, "thu-1")["agenda"] = [
        *session(record, "thu-1").get("agenda", []),
        "Meeting ID: 900 0000 0000 (5 mins)",
    ]
    found = call(record, "thu-1")
    assert (found.recording_url, found.slides_url) == ("", "")
    assert [segment.title for segment in found.segments] == kept


def test_the_day_of_the_proposal_is_kept_where_it_is_known(record):
    assert (call(record, "web-1").submitted, call(record, "web-2").submitted) == (date(2021, 7, 1), None)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "The file is not an object."),
        ({}, "The file.sessions is not a list."),
        ({"sessions": {}}, "The file.sessions is not a list."),
        ({"sessions": [1]}, "The file.sessions[0] is not an object."),
        ({"sessions": [{}]}, "The file.sessions[0].kind is not a text."),
        ({"sessions": [], "series": [{"id": 5}]}, "The file.series[0].id is not a text."),
        ({"sessions": [], "series": "x"}, "The file.series is not a list."),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_place(data, sentence):
    with pytest.raises(MalformedHistory) as refused:
        read_history(data)

    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"id": None}, "The file.sessions[0].id is not a text."),
        ({"id": " "}, "The file.sessions[0].id is not a text."),
        ({"id": "x" * 81}, "The file.sessions[0].id is longer than 80 characters."),
        ({"id": "web-2"}, "The file.sessions[1].id is the second “web-2”."),
        ({"series": None}, "The file.sessions[0].series is not a text."),
        ({"date": "2021-02-30"}, "The file.sessions[0].date is no date: “2021-02-30”."),
        ({"date": "August 2021"}, "The file.sessions[0].date is no date: “August 2021”."),
        ({"cfp_submitted": "soon"}, "The file.sessions[0].cfp_submitted is no date: “soon”."),
        ({"title": 5}, "The file.sessions[0].title is not null or a text."),
        ({"speakers": "Sam"}, "The file.sessions[0].speakers is not a list."),
        ({"speakers": ["Sam"]}, "The file.sessions[0].speakers[0] is not an object."),
        ({"speakers": [{"name": ["Sam"]}]}, "The file.sessions[0].speakers[0].name is not null or a text."),
        ({"agenda": [5]}, "The file.sessions[0].agenda is not a list of texts."),
    ],
)
def test_a_malformed_entry_is_refused_with_its_place(record, change, sentence):
    record["sessions"][0].update(change)

    with pytest.raises(MalformedHistory) as refused:
        read_history(record)

    assert str(refused.value) == sentence


def test_a_call_of_which_the_month_is_known_stands_on_the_day_that_its_rule_gives(record):
    session(record, "web-month").update(title=None, date_precision="approximate (planned)")
    found = call(record, "web-month")
    assert (found.wall, found.day_known, found.title) == (
        *(datetime(2023, 2, 1, 15, 0), False),
        "OSPOlogy Webinar, February 2023",
    )
    assert found.notes[1] == "no day is known, and pages say none: 2023-02, approximate (planned)"
    assert all(each.day_known for each in read_history(record).calls if each.key != "web-month")
