"""The files that go to the community's repository: what they say, what they are called, what they never say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.domain.agenda import SegmentKind
from app.domain.attribution import PublicText
from app.domain.publication import Audience, PublicDetail, PublicSegment, PublicStatus
from app.feeds.markdown import agenda_files, coming_files, file_names
from tests.public_values import CALL, TALK

PARTS = (
    PublicSegment(SegmentKind.WELCOME, PublicText("Welcome"), 0, 5, recorded=False, under_rule=False),
    PublicSegment(SegmentKind.TALK, PublicText("Guest talk"), 5, 40, recorded=True, under_rule=False),
    PublicSegment(SegmentKind.FORUM, PublicText("Open forum"), 45, 15, recorded=False, under_rule=True),
)
HELD = replace(
    CALL,
    agenda=PARTS,
    talks=(replace(TALK, links=(), also=(), recording_url=PublicText("https://video.example/1")),),
)
FREE = replace(HELD, key="f", uid="f", talks=(), status=PublicStatus.PLANNED)
OFF = replace(FREE, status=PublicStatus.CANCELLED, agenda=(), reason=PublicText("A holiday"))
COMMUNITY = PublicText("OSPO calls")
PAGES = {"subscribe": "https://calls.example/subscribe", "propose": "https://calls.example/propose"}


def url(call):
    return f"https://calls.example/touchpoints/{call.key}"


def written(*calls):
    return {file.file: file.text for file in agenda_files(calls, url=url, community=COMMUNITY)}


def lines(text):
    return [line for line in text.splitlines() if line]


def test_a_call_is_a_row_and_a_file():
    files = written(HELD)
    assert lines(files["Agenda_2026/README.md"])[2:5] == [
        "| **Date** | **Series** | **Time** | **Speaker(s) or Moderator(s)** | **Topic** | **Tag** | **Recording** |",
        "| :--- | :--- | :--- | :--- | :--- | :--- | :--- |",
        (
            "| Thursday, December 10, 2026 | Series | 14:00 Europe/Madrid (13:00 UTC) | Sam; A speaker "
            "| [Upstream first](./Dec-10.md) | `Upstream` | [Recording](https://video.example/1) |"
        ),
    ]
    assert lines(files["Agenda_2026/Dec-10.md"]) == [
        "## Series",
        "- **Date**: Thursday, December 10, 2026",
        "- **Time**: 14:00–15:00 Europe/Madrid (13:00–14:00 UTC)",
        "- **Guest**: Sam; A speaker",
        "- **Topic**: Upstream first",
        "- **Tag**: `Upstream`",
        "### Local Times",
        "| New York | Madrid | Bengaluru | Tokyo |",
        "| :--- | :--- | :--- | :--- |",
        "| 08:00 | 14:00 | 18:30 | 22:00 |",
        "### How to Take Part",
        "[The page of this call](https://calls.example/touchpoints/k) has it for your calendar, and is always current.",
        "### Guest Presentation Details",
        "How.",
        "### Full Agenda",
        "- **Welcome** (5 mins)",
        "- **Guest talk** (40 mins)",
        "  - *Upstream first*, Sam; A speaker (20 mins, recorded)",
        "- **Open forum**, under the Chatham House Rule (15 mins)",
        "### Chatham House Rule",
        *HELD.notice.lines[:1],
        *(f"- {line}" for line in HELD.notice.parts),
        "### Recording and Slides",
        "- [Recording](https://video.example/1): Upstream first",
    ]


def test_a_free_call_a_cancelled_one_and_a_skipped_one_say_so():
    skipped = replace(FREE, key="s", uid="s", starts_at=FREE.starts_at + timedelta(days=14), skipped=True, agenda=())
    off = replace(OFF, key="o", uid="o", starts_at=OFF.starts_at + timedelta(days=7))
    files = written(FREE, off, skipped)
    rows = lines(files["Agenda_2026/README.md"])[4:7]
    assert [row.split(" | ")[3:5] for row in rows] == [
        ["–", "[Open agenda](./Dec-10.md)"],
        ["–", "[Cancelled](./Dec-17.md)"],
        ["–", "[No call](./Dec-24.md)"],
    ]
    assert lines(files["Agenda_2026/Dec-17.md"])[6:] == [
        "**This call does not take place.** A holiday",
        "### How to Take Part",
        "[The page of this call](https://calls.example/touchpoints/o) has it for your calendar, and is always current.",
    ]


def test_of_a_members_call_there_is_the_time_and_what_it_may_be_called():
    series = replace(CALL.series, audience=Audience.MEMBERS, detail=PublicDetail.TIME)
    hidden = replace(FREE, series=series, agenda=())
    titled = replace(hidden, series=replace(series, detail=PublicDetail.TITLE_AND_TIME), key="t", uid="t")
    titled = replace(titled, talks=(replace(TALK, speakers=(), abstract=PublicText(""), topics=(), links=()),))
    rows = lines(written(hidden, titled)["Agenda_2026/README.md"])[4:6]
    assert [row.split(" | ")[3:5] for row in rows] == [
        ["For members", "[Members’ call](./Dec-10.md)"],
        ["For members", "[Upstream first](./Dec-10-s.md)"],
    ]


def test_the_year_the_day_and_the_file_are_those_of_the_series_own_calendar():
    new_york = replace(HELD, starts_at=datetime(2027, 1, 1, 4, 30, tzinfo=UTC), time_zone="America/New_York")
    assert list(written(new_york)) == ["Agenda_2026/README.md", "Agenda_2026/Dec-31.md"]
    said = lines(written(new_york)["Agenda_2026/Dec-31.md"])
    assert said[1:3] == [
        "- **Date**: Thursday, December 31, 2026",
        r"- **Time**: 23:30–00:30 America/New\_York (Fri 04:30–05:30 UTC)",
    ]
    assert said[9] == "| 23:30 | Fri 05:30 | Fri 10:00 | Fri 13:30 |"


def test_calls_of_one_day_have_a_file_each():
    same = [
        replace(HELD, key=key, uid=key, starts_at=HELD.starts_at + timedelta(hours=n)) for n, key in enumerate("abc")
    ]
    assert file_names(same[::-1]) == {"a": "Dec-10.md", "b": "Dec-10-s.md", "c": "Dec-10-s-2.md"}


def test_the_order_in_which_calls_come_changes_no_byte():
    calls = [
        replace(HELD, key=key, uid=key, starts_at=HELD.starts_at + timedelta(days=n)) for n, key in enumerate("abc")
    ]
    assert written(*calls) == written(*calls[::-1])


def test_the_newsletter_and_the_table_stand_on_any_page():
    kept = replace(FREE, key="g", uid="g", starts_at=FREE.starts_at + timedelta(days=7))
    skipped = replace(FREE, key="s", uid="s", starts_at=FREE.starts_at + timedelta(days=14), skipped=True, agenda=())
    off = replace(OFF, key="o", uid="o", starts_at=OFF.starts_at - timedelta(days=1))
    letter, table = coming_files([off, HELD, kept, skipped], url=url, community=COMMUNITY, **PAGES)
    first = (
        "The next call of OSPO calls is on Thursday, December 10, 2026, at 14:00 Madrid (13:00 UTC): "
        "[Upstream first](https://calls.example/touchpoints/k), with Sam; A speaker. "
        "[Subscribe](https://calls.example/subscribe), and your calendar has every call, move and cancellation."
    )
    cancelled = "Series, [Cancelled](https://calls.example/touchpoints/o)"
    held = "Series, [Upstream first](https://calls.example/touchpoints/k), with Sam; A speaker"
    free = "[Thursday, December 17, 2026](https://calls.example/touchpoints/g)"
    assert lines(letter.text) == [
        first,
        f"- **Wednesday, December 9, 2026**, 14:00 Madrid (13:00 UTC): {cancelled}",
        f"- **Thursday, December 10, 2026**, 14:00 Madrid (13:00 UTC): {held}",
        f"- Free for a talk: {free}. [Propose one](https://calls.example/propose)",
    ]
    assert [line.split(" | ")[3] for line in lines(table.text)[2:]] == [
        "[Cancelled](https://calls.example/touchpoints/o)",
        "[Upstream first](https://calls.example/touchpoints/k)",
        "[Open agenda](https://calls.example/touchpoints/g)",
        "[No call](https://calls.example/touchpoints/s)",
    ]
    assert table.body == table.text.encode()


def test_without_calls_both_say_so():
    letter, table = coming_files([], url=url, community=COMMUNITY, **PAGES)
    assert letter.text.startswith("No calls of OSPO calls are planned yet. [Subscribe]")
    assert table.text == "No calls are planned yet.\n"


def test_several_talks_stand_under_their_own_names():
    second = replace(
        TALK, title=PublicText("Second"), recorded=False, starts=25, links=(PublicText("https://a.example"),)
    )
    text = written(replace(HELD, talks=(*HELD.talks, second)))["Agenda_2026/Dec-10.md"]
    assert "**Upstream first**\n\nHow.\n\n**Second**\n\nHow." in text
    assert text.endswith("\n- [https\\://a.example](https://a.example)\n")


def test_a_call_whose_day_is_not_known_has_its_month_and_no_time():
    sometime = replace(HELD, key="s", uid="s", starts_at=HELD.starts_at - timedelta(days=9), day_known=False)
    other = replace(sometime, key="t", uid="t", starts_at=HELD.starts_at + timedelta(days=2))
    files = written(HELD, sometime, other)
    assert list(files) == [
        "Agenda_2026/README.md",
        "Agenda_2026/Dec.md",
        "Agenda_2026/Dec-s.md",
        "Agenda_2026/Dec-10.md",
    ]
    assert "| December 2026 (day not known) | " in files["Agenda_2026/README.md"]
    text = files["Agenda_2026/Dec.md"]
    assert lines(text)[1:3] == ["- **Date**: December 2026 (day not known)", "- **Time**: not known"]
    assert "Local Times" not in text
    assert "calendar" not in text
