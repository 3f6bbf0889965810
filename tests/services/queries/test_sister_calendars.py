"""What everybody sees of sister calendars, what organizers see of them, and what the board warns of."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.errors import NotFound
from app.domain.people import Role
from app.domain.placement import Fit
from app.domain.sister_calendars import PublicSisterEvent
from app.domain.states import ProposalState
from app.services.auditing import SYSTEM, record
from app.services.queries.board import Look, read_board, read_move
from app.services.queries.board_rows import read_revision
from app.services.queries.sister_calendars import coming_occurrences, shown_calendars
from app.services.queries.sister_states import find_calendar, list_states, read_clashes
from tests.cast import make_person, make_proposal, make_series, make_sister, make_sister_event, make_touchpoint

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def titles(session, start, end):
    return [each.title for each in coming_occurrences(session, start=start, end=end)]


def test_everybody_sees_what_is_on_in_calendars_that_are_shown(session, now):
    shown, hidden = make_sister(session, "OpenChain"), make_sister(session, "SPDX", shown=False)
    make_sister_event(session, shown, "Before", now - HOUR - timedelta(seconds=1))
    make_sister_event(session, shown, "Still on", now - HOUR / 2, url="https://a.example", tentative=True)
    make_sister_event(session, shown, "Later", now + 2 * HOUR)
    make_sister_event(session, hidden, "Not for the public", now)

    assert coming_occurrences(session, start=now, end=now + 2 * HOUR) == (
        PublicSisterEvent(
            calendar="openchain",
            title="Still on",
            starts_at=now - HOUR / 2,
            ends_at=now + HOUR / 2,
            all_day=False,
            url="https://a.example",
            tentative=True,
        ),
    )
    assert titles(session, now, now + 3 * HOUR) == ["Still on", "Later"]
    assert [(each.slug, each.is_stale) for each in shown_calendars(session, now=now)] == [("openchain", False)]
    assert shown_calendars(session, now=now + 2 * DAY)[0].is_stale


def test_organizers_see_how_each_does(session, now):
    good = make_sister(session, "OpenChain", left_out={"sub_daily": 2}, noted={"no_end": 1})
    make_sister(session, "SPDX", fetched_at=None, asked_at=now, shown=False)
    make_sister_event(session, good, "Over", now - 2 * HOUR)
    for day in range(5):
        make_sister_event(session, good, f"Event {day}", now + day * DAY)

    first, second = list_states(session, now=now)

    assert (first.calendar, first.coming, [each.title for each in first.next]) == (
        *(good, 5, ["Event 0", "Event 1", "Event 2"]),
    )
    assert (first.age, first.is_asked, first.address) == ("1 h ago", False, "calendar.google.com/…ic.ics")
    assert first.left_out == ((2, "repeating more than four times a day"),)
    assert first.noted == ((1, "without an end: shown at its start"),)
    assert (second.age, second.is_asked, second.is_stale, second.next) == ("", True, True, ())


def test_a_calendar_is_found_by_its_short_name(session):
    assert find_calendar(session, make_sister(session).slug).name == "OpenChain"
    with pytest.raises(NotFound):
        find_calendar(session, "nobody")


@pytest.fixture
def call(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=45)


def test_the_board_warns_of_what_is_on_during_a_call(session, call, now):
    sister = make_sister(session, "OpenChain", shown=False)
    make_sister_event(session, sister, "Telco call", call.starts_at + HOUR / 2)
    make_sister_event(session, sister, "All day", call.starts_at, all_day=True)
    make_sister_event(session, sister, "After it", call.ends_at)
    make_proposal(session, "Upstream first", state=ProposalState.ACCEPTED)

    board = read_board(session, Look(), organizer=make_person(session, "Olu", role=Role.ORGANIZER), now=now)

    assert board.slots[call.id].same_time == ("OpenChain: Telco call",)
    verdict = board.inbox[0].verdicts[call.id]
    assert (verdict.fit, verdict.words) == (Fit.WARN, "OpenChain: Telco call at the same time")
    move = read_move(session, "proposal", board.inbox[0].pk, now=now)
    assert move.choices[0][1][0].verdict.notes == ("OpenChain: Telco call at the same time",)


def test_a_board_without_calls_has_no_clash(session, now):
    assert read_clashes(session, []) == {}


def test_many_calls_and_events_take_one_question(session, call):
    series, sister = call.series, make_sister(session)
    calls = [make_touchpoint(session, series, datetime(2026, 12, 11, 14) + number * DAY) for number in range(30)]
    for each in calls:
        make_sister_event(session, sister, f"Call {each.id}", each.starts_at)
    session.flush()
    asked = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *args: asked.append(args[2]))

    assert len(read_clashes(session, calls)) == 30
    assert len(asked) == 1


def test_news_of_a_sister_calendar_make_an_open_board_look_again(session, now):
    before = read_revision(session, now=now)
    record(session, "sister_calendar.changed", make_sister(session), by=SYSTEM, now=now)
    assert read_revision(session, now=now) != before
