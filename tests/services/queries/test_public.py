"""What the public pages show: publications in order, page by page, and series as facts."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import event

from app.domain.errors import NotFound
from app.domain.publication import Audience
from app.domain.states import TalkState, TouchpointState
from app.models import CadenceRule, Publication
from app.services.publishing import publish_touchpoint
from app.services.queries import public
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def publish(session, site, now):
    def publish(series, local_start, title="", *, skipped=False):
        touchpoint = make_touchpoint(session, series, local_start)
        if title:
            make_talk(session, make_proposal(session, title), touchpoint, state=TalkState.CONFIRMED)
        if skipped:
            touchpoint.state = TouchpointState.SKIPPED
        publish_touchpoint(session, touchpoint, site=site, now=now)
        session.flush()
        return touchpoint

    return publish


def keys(page):
    return [call.key for call in page.calls]


def test_calls_to_come_stand_in_order_and_stay_until_they_are_over(session, series, publish, now):
    later = publish(series, datetime(2026, 12, 10, 14, 0), "Later")
    running = publish(series, datetime(2026, 11, 23, 9, 30))  # 08:30 UTC; it is 09:00 UTC
    publish(make_series(session, "friday"), datetime(2026, 11, 23, 8, 0))
    assert keys(public.coming_calls(session, now=now)) == [running.key, later.key]


def test_calls_to_come_of_one_series(session, series, publish, now):
    friday = make_series(session, "friday")
    publish(series, datetime(2026, 12, 10, 14, 0))
    call = publish(friday, datetime(2026, 12, 11, 17, 30))
    assert keys(public.coming_calls(session, series="friday", now=now)) == [call.key]


def test_calls_to_come_page_by_page(session, series, publish, now):
    calls = [publish(series, datetime(2026, 12, day, 14, 0)).key for day in (1, 2, 3)]
    first, second = (public.coming_calls(session, page=number, size=2, now=now) for number in (1, 2))
    assert (keys(first), first.number, first.pages) == (calls[:2], 1, 2)
    assert (keys(second), second.number, second.pages) == (calls[2:], 2, 2)
    assert public.coming_calls(session, page=99, size=2, now=now) == second
    assert public.coming_calls(session, page=-1, size=2, now=now) == first


def test_without_calls_there_is_one_empty_page(session, now):
    page = public.coming_calls(session, now=now)
    assert (page.calls, page.number, page.pages) == ((), 1, 1)


def test_the_next_call_is_the_next_with_a_talk(session, series, publish, now):
    publish(series, datetime(2026, 12, 1, 14, 0))
    publish(series, datetime(2026, 12, 10, 14, 0), "Talk")
    assert public.next_call(session, now=now).title == "Talk"


def test_the_next_call_is_a_planned_one_where_no_talk_is_confirmed(session, series, publish, now):
    publish(series, datetime(2026, 12, 1, 14, 0), skipped=True)
    planned = publish(series, datetime(2026, 12, 10, 14, 0))
    assert public.next_call(session, now=now).key == planned.key


def test_without_calls_there_is_no_next_one(session, now):
    assert public.next_call(session, now=now) is None


def test_past_calls_are_those_held_with_a_talk_newest_first(session, series, publish, now):
    old = publish(series, datetime(2025, 3, 6, 14, 0), "Old")
    new = publish(series, datetime(2026, 11, 5, 14, 0), "New")
    publish(series, datetime(2026, 10, 8, 14, 0))
    publish(series, datetime(2026, 12, 10, 14, 0), "To come")
    assert keys(public.past_calls(session, now=now)) == [new.key, old.key]


def test_a_call_is_found_by_its_key(session, series, publish):
    call = publish(series, datetime(2026, 12, 10, 14, 0), "Talk")
    assert public.find_call(session, call.key).title == "Talk"
    with pytest.raises(NotFound):
        public.find_call(session, "unknown")


def test_a_broken_value_is_left_out_and_named_in_the_log(session, series, publish, now, caplog):
    bad = publish(series, datetime(2026, 12, 10, 14, 0))
    good = publish(series, datetime(2026, 12, 24, 14, 0))
    session.get(Publication, bad.id).value = {"series": None}
    with caplog.at_level(logging.ERROR):
        assert keys(public.coming_calls(session, now=now)) == [good.key]
    assert caplog.messages == [f"publication cannot be read: touchpoint={bad.id}"]


def test_series_are_explained_by_their_present_rule(session, series, now):
    series.description = "For OSPO people in Europe."
    series.rules.append(
        CadenceRule(
            valid_from=date(2027, 1, 1),
            rrule="FREQ=MONTHLY;BYDAY=1TH",
            start_time=time(15, 0),
            minutes=45,
            time_zone="Europe/Madrid",
        )
    )
    session.flush()
    (card,) = public.list_series(session, now=now)
    assert (card.series.slug, card.rhythm, card.minutes) == ("thursday", "Every 2nd Thursday, 14:00 Madrid", 60)
    assert card.description == "For OSPO people in Europe."
    (later,) = public.list_series(session, now=now + timedelta(days=90))
    assert (later.rhythm, later.minutes) == ("1st Thursday, 15:00 Madrid", 45)
    (before,) = public.list_series(session, now=now - timedelta(days=900))
    assert before.rhythm == "Every 2nd Thursday, 14:00 Madrid"


def test_a_series_without_a_rule_has_no_rhythm(session, series, now):
    series.rules.clear()
    (card,) = public.list_series(session, now=now)
    assert (card.rhythm, card.minutes) == ("", 0)


def test_series_that_have_ended_are_not_offered(session, series, now):
    ended = make_series(session, "monday", audience=Audience.MEMBERS)
    ended.ended_on = date(2026, 11, 22)
    series.ended_on = date(2026, 11, 23)
    session.flush()
    assert [card.series.slug for card in public.list_series(session, now=now)] == ["thursday"]


def test_lists_take_as_many_queries_for_thirty_calls_as_for_one(session, series, publish, now):
    def statements():
        session.commit()
        seen = []

        def note(*_):
            seen.append(1)

        event.listen(session.bind, "before_cursor_execute", note)
        public.coming_calls(session, now=now)
        public.past_calls(session, now=now)
        public.list_series(session, now=now)
        event.remove(session.bind, "before_cursor_execute", note)
        return len(seen)

    publish(series, datetime(2026, 12, 1, 14, 0), "To come")
    publish(series, datetime(2026, 11, 1, 14, 0), "Held")
    one = statements()
    for day in range(2, 16):
        publish(series, datetime(2026, 12, day, 14, 0), "To come")
        publish(series, datetime(2026, 11, day, 14, 0), "Held")
    assert statements() == one
