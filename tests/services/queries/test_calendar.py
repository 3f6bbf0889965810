from datetime import datetime, timedelta

import pytest

from app.domain.month import Month
from app.domain.states import TalkState, TouchpointState
from app.models import Publication
from app.services.publishing import publish_touchpoint
from app.services.queries.calendar import calls_between, calls_of_series, is_on, month_bounds
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


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
