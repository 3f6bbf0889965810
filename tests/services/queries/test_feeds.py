"""Feeds are stored bytes in order: which calls are in, and that serving them takes one query."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from app.domain.errors import NotFound
from app.domain.states import TalkState, TouchpointState, move_to
from app.models import Publication
from app.services.publishing import publish_touchpoint
from app.services.queries.feeds import ALL, feed_name, read_call_file, read_feed
from tests.calendars import octet_problems, property_names, read_with_ical, read_with_icalendar
from tests.cast import make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def series(session):
    return make_series(session)


@pytest.fixture
def publish(session, site, now):
    """Publish a call of this title at this wall time."""

    def publish(series, local_start, title="Upstream first", *, state=TalkState.CONFIRMED):
        touchpoint = make_touchpoint(session, series, local_start)
        make_talk(session, make_proposal(session, title), touchpoint, state=state)
        publish_touchpoint(session, touchpoint, site=site, now=now)
        session.flush()
        return touchpoint

    return publish


def cancel(session, touchpoint, *, site, now):
    move_to(touchpoint, TouchpointState.SKIPPED)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.flush()


def titles(file):
    return [entry.summary for entry in read_with_ical(file.body)]


def test_a_feed_has_the_confirmed_calls_in_the_order_of_time(session, series, publish, site, now):
    publish(series, datetime(2027, 1, 7, 14, 0), "Second")
    publish(series, datetime(2026, 12, 10, 14, 0), "First")
    publish(series, datetime(2026, 12, 24, 14, 0), "Canary", state=TalkState.INVITED)
    file = read_feed(session, ALL, site=site, now=now)
    assert titles(file) == ["Thursday: First", "Thursday: Second"]
    assert read_with_icalendar(file.body) == read_with_ical(file.body)
    assert octet_problems(file.body) == []
    assert b"Canary" not in file.body


def test_the_feed_of_a_series_has_no_other_calls(session, series, publish, site, now):
    friday = make_series(session, "friday", name="General", hue="plum")
    publish(series, datetime(2026, 12, 10, 14, 0), "Thursday's")
    publish(friday, datetime(2026, 12, 11, 17, 30), "Friday's")
    assert titles(read_feed(session, "friday", site=site, now=now)) == ["Friday: Friday's"]
    assert titles(read_feed(session, ALL, site=site, now=now)) == ["Thursday: Thursday's", "Friday: Friday's"]
    assert b"NAME:Touchpoints: General\r\n" in read_feed(session, "friday", site=site, now=now).body
    assert b"COLOR:mediumvioletred\r\n" in read_feed(session, "friday", site=site, now=now).body


def test_a_series_without_calls_has_an_empty_calendar(session, series, site, now):
    file = read_feed(session, "thursday", site=site, now=now)
    assert (titles(file), file.last_modified) == ([], None)
    assert "LAST-MODIFIED" not in property_names(file.body)


@pytest.mark.parametrize("slug", ["", "nothing", "ALL", "thursday/"])
def test_an_unknown_series_has_no_feed(session, series, site, now, slug):
    with pytest.raises(NotFound):
        read_feed(session, slug, site=site, now=now)


def test_held_calls_leave_after_ninety_days_and_cancelled_ones_after_thirty(session, series, publish, site, now):
    publish(series, datetime(2026, 8, 24, 14, 0), "91 days ago")
    publish(series, datetime(2026, 8, 26, 14, 0), "89 days ago")
    long_off = publish(series, datetime(2026, 10, 23, 14, 0), "cancelled, 31 days ago")
    just_off = publish(series, datetime(2026, 10, 25, 14, 0), "cancelled, 29 days ago")
    for touchpoint in (long_off, just_off):
        cancel(session, touchpoint, site=site, now=now)
    for slug in (ALL, "thursday"):
        file = read_feed(session, slug, site=site, now=now)
        assert titles(file) == ["Thursday: 89 days ago", "Cancelled: Thursday"]
        (*_, last) = read_with_ical(file.body)
        assert (last.status, last.uid.split("@")[0]) == ("CANCELLED", just_off.uid)


def test_the_same_data_gives_the_same_bytes_and_a_change_gives_others(session, series, publish, site, now):
    touchpoint = publish(series, datetime(2026, 12, 10, 14, 0))
    first = read_feed(session, ALL, site=site, now=now)
    assert read_feed(session, ALL, site=site, now=now + timedelta(hours=5)) == first
    cancel(session, touchpoint, site=site, now=now + timedelta(hours=1))
    second = read_feed(session, ALL, site=site, now=now)
    assert second.etag != first.etag
    assert (first.last_modified, second.last_modified) == (now, now + timedelta(hours=1))


@pytest.mark.parametrize("slug", [ALL, "thursday"])
def test_a_broken_row_is_left_out_and_named_in_the_log(session, series, publish, site, now, slug, caplog):
    bad = publish(series, datetime(2026, 12, 10, 14, 0), "Broken")
    publish(series, datetime(2026, 12, 24, 14, 0), "Whole")
    session.get(Publication, bad.id).vevent = b"BEGIN:VEVENT\r\n"
    with caplog.at_level(logging.ERROR):
        assert titles(read_feed(session, slug, site=site, now=now)) == ["Thursday: Whole"]
    assert caplog.messages == [f"feed leaves out broken publications: touchpoints=[{bad.id}]"]


@pytest.mark.parametrize("slug", [ALL, "thursday"])
def test_a_feed_takes_few_queries_however_many_calls_it_has(session, series, publish, site, now, slug):
    for day in range(1, 6):
        publish(series, datetime(2026, 12, day, 14, 0))
    session.commit()
    statements = []
    event.listen(session.bind, "before_cursor_execute", lambda *args: statements.append(args[2]))
    read_feed(session, slug, site=site, now=now)
    assert len([text for text in statements if text.startswith("SELECT")]) == (4 if slug == ALL else 5)


def test_one_call_is_a_file_of_its_own(session, series, publish):
    touchpoint = publish(series, datetime(2026, 12, 10, 14, 0))
    file = read_call_file(session, touchpoint.key)
    assert titles(file) == ["Thursday: Upstream first"]
    assert octet_problems(file.body) == []


def test_a_planned_unknown_or_broken_call_has_no_file(session, series, publish):
    planned = publish(series, datetime(2026, 12, 10, 14, 0), state=TalkState.HOLD)
    broken = publish(series, datetime(2026, 12, 24, 14, 0))
    session.get(Publication, broken.id).vevent = b""
    for key in (planned.key, "unknown", broken.key):
        with pytest.raises(NotFound):
            read_call_file(session, key)


def test_a_feed_is_named_after_its_series(session, series):
    assert (feed_name(session, ALL), feed_name(session, "thursday"), feed_name(session, "x")) == ("", series.name, None)
