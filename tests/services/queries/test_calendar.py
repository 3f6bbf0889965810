from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.month import Month
from app.domain.people import Role
from app.domain.states import TalkState, TouchpointState
from app.models import Publication, Talk
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from app.services.queries.calendar import calls_between, calls_of_series, is_on, month_bounds, moved_from
from app.services.scheduling import move_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def publish(session, site, now):
    def publish(series, start, *, state=TouchpointState.OPEN):
        call = make_touchpoint(session, series, start)
        call.state = state
        make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
        publish_touchpoint(session, call, site=site, now=now)
        session.commit()
        return call

    return publish


def test_an_empty_calendar_goes_on_for_a_year(session, now):
    assert month_bounds(session, now=now) == (Month(2026, 11), Month(2027, 11))


def test_the_calendar_reaches_from_the_first_call_to_the_last(session, publish, now):
    series = make_series(session)
    publish(series, datetime(2021, 8, 4, 14))
    publish(series, datetime(2028, 1, 6, 14))
    assert month_bounds(session, now=now) == (Month(2021, 8), Month(2028, 1))


def test_calls_between_two_instants_are_those_that_are_on_then(session, publish):
    series = make_series(session)
    early, call, late = (publish(series, datetime(2026, 12, day, 14)) for day in (1, 2, 3))
    at = call.starts_at
    assert [each.key for each in calls_between(session, at + timedelta(minutes=30), late.starts_at)] == [call.key]
    assert [each.key for each in calls_between(session, early.starts_at, late.ends_at)] == [
        each.key for each in (early, call, late)
    ]


def test_a_publication_that_cannot_be_read_takes_no_page_down(session, publish):
    call = publish(make_series(session), datetime(2026, 12, 1, 14))
    session.get(Publication, call.id).value = {"nonsense": True}
    session.commit()
    assert calls_between(session, call.starts_at, call.ends_at) == ()


def test_the_calls_of_a_series_are_those_that_take_place(session, publish, now):
    ours, other = make_series(session), make_series(session, "friday")
    call = publish(ours, datetime(2026, 12, 1, 14))
    publish(ours, datetime(2026, 12, 2, 14), state=TouchpointState.SKIPPED)
    publish(ours, datetime(2028, 12, 2, 14))
    publish(ours, datetime(2026, 11, 2, 14))
    publish(other, datetime(2026, 12, 3, 17))
    found = calls_of_series(session, "thursday", after=now, until=now + timedelta(days=365))
    assert [(each.key, is_on(each)) for each in found] == [(call.key, True)]


def test_a_moved_call_says_from_when_it_came(session, publish, site, now):
    call, stays = (publish(make_series(session, slug), datetime(2026, 12, 10, 14)) for slug in ("thursday", "friday"))
    was, by = call.starts_at, Actor.signed_in(make_person(session, "Olu", role=Role.ORGANIZER))
    move_touchpoint(session, call, to=datetime(2026, 12, 17, 15), version=call.version, by=by, site=site, now=now)
    session.scalars(select(Talk).where(Talk.touchpoint_id == call.id)).one().state = TalkState.CONFIRMED
    publish_touchpoint(session, call, site=site, now=now + timedelta(days=1))
    session.commit()
    calls = calls_between(session, was, call.ends_at)
    assert {each.key for each in calls} == {call.key, stays.key}
    assert moved_from(session, calls, now=now + timedelta(days=1)) == {call.key: was}
    assert moved_from(session, calls, now=now + timedelta(days=99)) == {}
