"""Agendas as items of an import: what is taken, what is assumed and said, what is refused and why."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain.agendas.linting import lint
from app.domain.agendas.people import WrittenSpeaker, read_speakers, same_words
from app.domain.agendas.taking import Assumptions, Clock, take
from tests.agendas import agenda, call, row, sources

WRITTEN = Assumptions()
USUAL = Assumptions(clock=Clock.USUAL)
HOUR = [
    ["welcome", "Welcome", 5, False, False],
    ["talk", "Guest talk and questions", 20, True, False],
    ["updates", "Working-group updates", 15, False, False],
    ["forum", "Open forum", 20, False, True],
]


def items(files, assumed=WRITTEN):
    read = sources(files)
    return take(read, lint(read, today=date(2025, 1, 1)), assumed=assumed)


def one(*rows, assumed=WRITTEN, **files):
    [item] = items(agenda(*rows, **files), assumed)
    return item


def test_a_row_and_its_file_are_one_call():
    recording = "[Watch](https://video.example/1)"
    item = one(row(recording=recording, tag="`Strategy`, `Wool`"), Feb_13=call(guest="Ada Miller, Head of Weavers"))
    assert (item.key, item.summary, item.refused, item.place) == (
        "agenda:2025-02-13:touchpoint-emea-apac",
        "13 Feb 2025, Touchpoint EMEA & APAC: Looms for all",
        "",
        "Agenda_2025/README.md, line 5",
    )
    assert item.notes == "12:00 GMT is 13:00 in Madrid. No length is said: 60 minutes."
    assert item.payload == {
        "series": {"key": "touchpoint-emea-apac", "name": "Touchpoint EMEA & APAC"},
        "wall": "2025-02-13T13:00",
        "zone": "Europe/Madrid",
        "minutes": 60,
        "segments": [
            ["welcome", "Welcome", 5, False, False],
            ["talk", "Guest talk", 20, True, False],
            ["forum", "Forum", 35, False, True],
        ],
        "talk": {
            "title": "Looms for all",
            "abstract": "How looms are shared.",
            "speakers": [{"name": "Ada Miller", "affiliation": "Head of Weavers"}],
            "recording_url": "https://video.example/1",
            "tags": ["strategy", "wool"],
        },
    }


@pytest.mark.parametrize("topic", ["[TBA]()", "[Open agenda](./Feb-13.md)"])
def test_a_placeholder_is_an_open_call(topic):
    item = one(row(topic=topic, speakers="Speaker, Organization", recording="TBA"))
    assert (item.summary, item.payload["talk"]) == ("13 Feb 2025, Touchpoint EMEA & APAC: open agenda", None)
    assert item.payload["segments"] == HOUR


def test_a_file_alone_is_a_call_too():
    [item] = items(
        {
            "2025/Feb-13.md": call(
                region="Weavers", time="14:00-14:45 Tokyo", guest="–", parts="- Forum (5 mins)\n- Hello"
            )
        }
    )
    assert (item.payload["wall"], item.payload["zone"], item.payload["minutes"]) == (
        "2025-02-13T14:00",
        "Asia/Tokyo",
        45,
    )
    assert (item.payload["series"]["name"], item.payload["talk"]["speakers"]) == ("Weavers Touchpoint", [])
    assert (item.payload["segments"], item.notes, item.place) == (
        [["talk", "The call", 45, False, False]],
        "",
        "2025/Feb-13.md, line 1",
    )


@pytest.mark.parametrize(
    ("assumed", "wall", "said"),
    [
        (Assumptions(), "2025-04-24T14:00", "12:00 GMT is 14:00 in Madrid, not the usual 13:00."),
        (USUAL, "2025-04-24T13:00", "12:00 GMT is taken as the usual 13:00 in Madrid."),
        (Assumptions("UTC"), "2025-04-24T12:00", "12:00 GMT is 12:00 in UTC."),
    ],
)
def test_what_gmt_means_is_asked_and_said(assumed, wall, said):
    item = items(agenda(row(), row("Thursday, April 24", topic="TBA")), assumed)[1]
    assert (item.payload["wall"], item.notes) == (wall, f"{said} No length is said: 60 minutes.")


def test_a_time_without_a_zone_has_the_assumed_one():
    [item] = items({"2025/Feb-13.md": call(time="14:00")})
    assert (item.payload["wall"], item.notes.partition(".")[0]) == ("2025-02-13T14:00", "No zone is said: Madrid")


def test_the_row_holds_where_the_file_is_wrong():
    text = call(day="Friday, February 13", time="18:00 PM GMT", region="EMEA & AMER")
    item = one(row(), Feb_13=text)
    assert (item.refused, item.payload["wall"]) == ("", "2025-02-13T13:00")
    assert item.notes == (
        "12:00 GMT is 13:00 in Madrid. No length is said: 60 minutes. The row holds, not the file: "
        "The weekday does not match the date; There is no such time; Table and file give different times; "
        "Table and file name different regions."
    )


def test_an_impossible_time_is_read_and_that_is_said():
    item = one(row(time="18:00 PM", topic="TBA"))
    assert item.payload["wall"] == "2025-02-13T19:00"
    assert "written in an impossible way and read as 18:00" in item.notes


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"day": "Friday, February 13"}, "13 February 2025 is a Thursday, not a Friday. (TP101)"),
        ({"day": "soon"}, "No day can be read for it."),
        ({"day": ""}, "No day can be read for it."),
        ({"day": "February 2025 (day not known)", "time": "not known"}, "Only its month is known."),
        ({"time": "noon"}, "No time can be read for it."),
        ({"time": "14:00 Nowhere"}, "The time zone “Nowhere” is not known."),
        (
            {"day": "March 30", "time": "02:30 Madrid"},
            "02:30 does not exist on 30 March 2025 in Madrid: the clocks go forward.",
        ),
        ({"topic": "[No call](x.md)"}, "It does not take place."),
        ({"topic": f"[{'a' * 121}](x.md)"}, "Its title has 121 characters, at most 120 fit."),
        ({"topic": "Join at https://meet.google.com/abc"}, "Its title holds a join link or a passcode."),
    ],
)
def test_a_doubtful_call_is_refused_with_the_reason(changes, why):
    item = one(row(**changes))
    assert (item.refused, item.payload) == (why, {})


def test_a_file_without_a_row_is_refused_for_its_own_faults():
    [item] = items({"2025/Feb-13.md": call(day="Friday, February 13")})
    assert item.refused == "13 February 2025 is a Thursday, not a Friday. (TP101)"
    [item] = items({"2025/call.md": call().replace("📅 **Date**: Thursday, February 13\n", "")})
    assert (item.summary, item.refused) == ("2025/call.md", "No day can be read for it.")
    [item] = items({"2025/call.md": call(day="February 2025 (day not known)")})
    assert item.refused == "Only its month is known."
    [item] = items({"2025/call.md": call().replace("⏰ **Time**: 12:00 PM GMT\n", "")})
    assert item.refused == "No time can be read for it."


def test_what_is_about_another_talk_or_holds_a_secret_is_no_abstract():
    shared = "Bo Li shows dyes."
    other = call(day="Thursday, February 27", topic="Dyes", guest="Bo Li", details=shared)
    rows = row(), row("Thursday, February 27", topic="[Dyes](Feb-27.md)", speakers="Bo Li")
    read = items(agenda(*rows, Feb_13=call(details=shared), Feb_27=other))
    assert [item.payload["talk"]["abstract"] for item in read] == ["", shared]
    secret = call(details="Join with the passcode 4711.")
    assert one(row(), Feb_13=secret).payload["talk"]["abstract"] == ""


def test_speakers_are_the_rows_where_the_file_names_others():
    item = one(row(tag="TBA"), Feb_13=call(guest="Bo Li"))
    assert item.payload["talk"]["speakers"] == [{"name": "Ada Miller", "affiliation": "Weavers"}]
    assert item.payload["talk"]["tags"] == []


def test_parts_lose_who_does_them_and_what_is_secret():
    parts = (
        "- Updates by Cy (10 mins)\n- Passcode: 4711 (5 mins)\n- : (5 mins)\n- News (1 min)\n"
        "- Forum, under Chatham House Rules (30 mins)"
    )
    segments = one(row(), Feb_13=call(parts=parts)).payload["segments"]
    assert segments == [
        ["updates", "Updates", 10, False, False],
        ["forum", "Open forum", 5, False, False],
        ["forum", "Open forum", 5, False, False],
        ["news", "News", 1, False, False],
        ["forum", "Forum", 30, False, True],
    ]


@pytest.mark.parametrize("parts", ["- Forum (0 mins)", "- Forum (61 mins)"])
def test_parts_that_do_not_fit_are_the_usual_hour(parts):
    segments = one(row(), Feb_13=call(parts=parts)).payload["segments"]
    assert [segment[2] for segment in segments] == [5, 20, 15, 20]
    assert not any(segment[3] for segment in segments)


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("Ada Miller, Weavers and Bo Li", [("Ada Miller", "Weavers"), ("Bo Li", "")]),
        ("Ada Miller, Wool and Sons", [("Ada Miller", "Wool and Sons")]),
        ("Ada; Bo, Dyers & Sons", [("Ada", ""), ("Bo", "Dyers and Sons")]),
        ("", []),
    ],
)
def test_speakers_are_read_as_written(text, speakers):
    assert read_speakers(text) == tuple(WrittenSpeaker(*each) for each in speakers)


def test_texts_without_letters_are_compared_by_their_signs():
    assert (same_words("🧵", "🧵"), same_words("🧵", "🧶"), same_words("É!", "e")) == (True, False, True)


def test_choices_have_words():
    assert [each.label for each in Clock] == ["As written", "At the usual local time"]
