"""The run sheet: for those who run the call, on the clock of its publication, with names as they are said there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.attribution import Attribution
from app.domain.errors import NotFound
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.secret import Secret
from app.domain.states import QuestionState, TalkState, TouchpointState
from app.models import JoinLink, Question
from app.services.queries.run_sheet import read_run_sheet
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def call(session):
    return make_touchpoint(session, make_series(session), wall("2026-12-03 14:00"))


@pytest.fixture
def read(session, olu):
    return lambda call, *, person=olu, late=0: read_run_sheet(session, call.key, person=person, late=late)


def clock(sheet):
    return [(line.step.title, f"{line.starts_at:%H:%M}", f"{line.ends_at:%H:%M}") for line in sheet.lines]


def test_organizers_its_moderator_and_its_scribe_run_a_call_and_nobody_else(session, call, read):
    mira, sam, nora = (make_person(session, name, role=Role.MEMBER) for name in ("Mira", "Sam", "Nora"))
    call.moderator, call.scribe = mira, sam
    session.flush()

    assert [read(call, person=person).touchpoint for person in (mira, sam)] == [call, call]
    with pytest.raises(NotFound):
        read(call, person=nora)
    with pytest.raises(NotFound):
        read_run_sheet(session, "nothing", person=mira, late=0)


def test_a_talk_stands_on_the_clock_with_who_is_introduced_and_who_is_named_afterwards(session, call, read):
    sam = make_speaker("Sam Speaker")
    kim = make_speaker("Kim Hidden", affiliation="", attribution=Attribution.ROLE)
    sam.pronouns = "they/them"
    proposal = make_proposal(session, speakers=(sam, kim))
    make_talk(session, proposal, call, state=TalkState.CONFIRMED)

    sheet = read(call)

    assert clock(sheet) == [
        ("Welcome", "13:00", "13:05"),
        ("Upstream first at a railway operator", "13:05", "13:25"),
        ("Working-group updates", "13:25", "13:40"),
        ("Open forum", "13:40", "14:00"),
    ]
    talk = sheet.lines[1].talk
    assert talk.consented
    assert [(each.name, each.affiliation, each.pronouns, each.afterwards) for each in talk.speakers] == [
        ("Sam Speaker", "Kestrel Works", "they/them", "Sam Speaker, Kestrel Works"),
        ("Kim Hidden", "", "", "An OSPO member"),
    ]
    assert sheet.notice.parts[3] == "Open forum, 20 min: under the Rule, not recorded."


def test_talks_that_are_not_confirmed_have_no_place_on_the_clock(session, call, read):
    make_talk(session, make_proposal(session, title="Only asked so far"), call, state=TalkState.INVITED)
    make_talk(session, make_proposal(session, title="Said no"), call, state=TalkState.DECLINED, position=1)
    confirmed = make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED, position=2)
    confirmed.minutes = 10

    sheet = read(call)

    assert [row.title for row in sheet.waiting] == ["Only asked so far"]
    assert sheet.waiting[0].speakers[0].afterwards == "A speaker"
    assert clock(sheet)[1] == ("Upstream first at a railway operator", "13:05", "13:15")


def test_confirmed_talks_without_a_part_for_them_are_not_lost(session, call, read):
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    call.segments = []
    sheet = read(call)
    assert (sheet.lines, [row.minutes for row in sheet.unplaced]) == ((), [20])


def test_the_clock_says_what_is_on_and_what_comes_next(call, read):
    sheet, at = read(call), call.starts_at
    assert (sheet.present(at - timedelta(seconds=1)), sheet.following(at - timedelta(seconds=1))) == (
        None,
        sheet.lines[0],
    )
    assert (sheet.present(at), sheet.following(at)) == (sheet.lines[0], sheet.lines[1])
    late = at + timedelta(minutes=59)
    assert (sheet.present(late), sheet.following(late)) == (sheet.lines[3], None)
    assert sheet.present(call.ends_at) is None


@pytest.mark.parametrize(("late", "begins"), [(5, "13:05"), (-3, "13:00"), (999, "14:00")])
def test_a_call_that_began_late_moves_its_clock(call, read, late, begins):
    sheet = read(call, late=late)
    assert clock(sheet)[0][1] == f"{sheet.starts_at:%H:%M}" == begins
    assert sheet.ends_at - sheet.starts_at == timedelta(hours=1)


def test_a_call_across_midnight_and_a_change_of_clocks_adds_instants(session, read):
    series = make_series(session)
    call = make_touchpoint(session, series, wall("2027-03-28 01:30"))
    assert clock(read(call)) == [
        ("Welcome", "00:30", "00:35"),
        ("Guest talk and questions", "00:35", "00:55"),
        ("Working-group updates", "00:55", "01:10"),
        ("Open forum", "01:10", "01:30"),
    ]


def test_the_way_in_and_accepted_questions_are_for_those_who_run_the_call(session, call, read, now):
    session.add(JoinLink(touchpoint_id=call.id, url=Secret("https://meet.example/1")))
    for state in QuestionState:
        session.add(Question(touchpoint_id=call.id, state=state, text=f"{state.value}?", asked_on=now.date()))
    session.flush()
    sheet = read(call)
    assert (sheet.way_in, sheet.questions) == ((("Join", "https://meet.example/1"),), ("accepted?",))


def test_a_members_only_call_names_its_parts_to_those_who_run_it(session, olu):
    series = make_series(session, "friday", audience=Audience.MEMBERS)
    call = make_touchpoint(session, series, wall("2026-12-04 17:30"))
    sheet = read_run_sheet(session, call.key, person=olu, late=0)
    assert (sheet.for_members, sheet.skipped, len(sheet.notice.parts)) == (True, False, 4)
    call.state = TouchpointState.SKIPPED
    assert read_run_sheet(session, call.key, person=olu, late=0).skipped
