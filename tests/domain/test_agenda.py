"""Agendas: the slot that the segments leave for talks, and what cannot be an agenda."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.agenda import Segment, SegmentKind, agenda_problem, slot_minutes
from app.domain.working_groups import GroupRef


def part(kind: SegmentKind, minutes: int, *, recorded: bool = False, under_rule: bool = True) -> Segment:
    return Segment(kind, kind.label, minutes, recorded, under_rule)


STANDARD = [
    part(SegmentKind.WELCOME, 5),
    part(SegmentKind.TALK, 20, recorded=True),
    part(SegmentKind.UPDATES, 15),
    part(SegmentKind.FORUM, 20),
]


def test_the_slot_is_what_the_parts_for_talks_add_up_to():
    assert slot_minutes(STANDARD) == 20
    assert slot_minutes([*STANDARD, part(SegmentKind.TALK, 15)]) == 35
    assert slot_minutes([part(SegmentKind.FORUM, 40)]) == 0


def test_the_community_s_standard_hour_is_an_agenda():
    assert agenda_problem(STANDARD, minutes=60) is None


@pytest.mark.parametrize(
    ("segments", "problem"),
    [
        ([], "An agenda needs at least one part."),
        ([part(SegmentKind.WELCOME, 0)], "Each part needs at least one minute."),
        *(
            (
                [part(kind, 20, recorded=True)],
                "What is under the Rule cannot be recorded. A talk can, if its speakers agree.",
            )
            for kind in SegmentKind
            if kind is not SegmentKind.TALK
        ),
        ([*STANDARD, part(SegmentKind.NEWS, 1)], "The parts take 61 minutes, the call only 60."),
    ],
)
def test_what_cannot_be_an_agenda_is_said_in_the_organizer_s_words(segments, problem):
    assert agenda_problem(segments, minutes=60) == problem


def test_what_is_not_under_the_rule_may_be_recorded():
    assert agenda_problem([part(SegmentKind.FORUM, 20, recorded=True, under_rule=False)], minutes=60) is None


def test_a_part_for_a_group_is_called_by_it_once():
    part = Segment(SegmentKind.UPDATES, "Working-group updates", 15, recorded=False, under_rule=False)
    book = GroupRef(1, "ospo-book", "OSPO Book")
    titles = ("Working-group updates", "News of the OSPO book")
    assert part.heading == "Working-group updates"
    assert [replace(part, title=title, working_group=book).heading for title in titles] == [
        "Working-group updates: OSPO Book",
        "News of the OSPO book",
    ]
