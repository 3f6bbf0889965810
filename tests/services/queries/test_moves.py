"""A call that was moved says from when, on whichever way the move came about."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import TalkState
from app.models import Talk
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from app.services.queries import open_data
from app.services.queries.moves import moved_from
from app.services.scheduling import move_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def call(session, site, now):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    return call


def test_a_call_that_waits_for_its_speakers_after_its_move_and_takes_place_was_moved(session, call, site, now):
    was, by = call.starts_at, Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))
    move_touchpoint(session, call, to=datetime(2026, 12, 17, 15), version=call.version, by=by, site=site, now=now)
    session.scalars(select(Talk)).one().state = TalkState.CONFIRMED
    publish_touchpoint(session, call, site=site, now=now + timedelta(days=1))
    assert moved_from(session, [call.key]) == {call.key: was}
    assert open_data.find_call(session, call.key).moved_from == was


def test_a_call_that_stays_comes_from_nowhere_and_one_that_came_back_from_where_it_was(session, call, site, now):
    assert moved_from(session, [call.key]) == {}
    start, starts_at = call.local_start, call.starts_at
    for days in (1, 0):
        call.local_start, call.starts_at = start + timedelta(days=days), starts_at + timedelta(days=days)
        publish_touchpoint(session, call, site=site, now=now + timedelta(days=2 - days))
    assert moved_from(session, [call.key]) == {call.key: starts_at + timedelta(days=1)}
    assert moved_from(session, []) == {}
