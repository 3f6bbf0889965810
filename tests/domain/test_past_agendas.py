"""Agendas of past calls: parts with minutes where the record says them, else the call as one part."""

from __future__ import annotations

import pytest

from app.domain.agenda import Segment, SegmentKind
from app.domain.past_agendas import Recorded, read_past_agenda

STANDARD = [
    "Welcome (5 mins)",
    "Guest Presentation (15 mins + 5 mins Q&A)",
    "Working Group Updates (15 mins)",
    "Open Forum under Chatham House Rules (20 mins)",
]


def read(lines, *, minutes=60, audience="public", recorded=Recorded.NO):
    return read_past_agenda(lines, minutes=minutes, audience=audience, recorded=recorded)


def test_the_lines_of_a_call_become_its_parts():
    assert read(STANDARD, recorded=Recorded.YES) == (
        Segment(SegmentKind.WELCOME, "Welcome", 5, recorded=False, under_rule=False),
        Segment(SegmentKind.TALK, "Guest Presentation", 20, recorded=True, under_rule=False),
        Segment(SegmentKind.UPDATES, "Working Group Updates", 15, recorded=False, under_rule=False),
        Segment(SegmentKind.FORUM, "Open Forum under Chatham House Rules", 20, recorded=False, under_rule=True),
    )


def test_a_range_counts_with_its_lower_end():
    assert [part.minutes for part in read(["WG updates (5-7 mins)", "Talk 2 (15 min)", "Chat (20-25 mins)"])] == [
        5,
        15,
        20,
    ]


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Updates on EU policies", "Welcome (5 mins)"],
        ["Welcome (some mins)"],
        ["Welcome (30 mins)", "Forum (31 mins)"],
    ],
)
def test_what_the_record_does_not_say_with_minutes_is_one_part(lines):
    assert read(lines) == (Segment(SegmentKind.TALK, "The call", 60, recorded=False, under_rule=False),)


@pytest.mark.parametrize(
    ("audience", "under_rule"),
    [
        ("public", (False, False)),
        ("public, Chatham House Rule", (True, True)),
        ("public; open forum under Chatham House Rule", (False, True)),
    ],
)
def test_the_audience_says_what_was_under_the_rule(audience, under_rule):
    parts = read(["Talk (20 mins)", "Open Forum (20 mins)"], audience=audience)

    assert tuple(part.under_rule for part in parts) == under_rule
