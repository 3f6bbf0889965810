"""The worker fetches what is due, keeps the last good copy, says what is wrong, and drops what came too late."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import sessionmaker

from app.models import AuditEvent, SisterCalendar, SisterOccurrence
from app.services.auditing import SYSTEM
from app.services.sister_calendars import ask_for_it_now
from app.services.sister_fetching import LEASE, fetch_next
from tests.cast import make_sister, make_sister_event
from tests.fixtures.calendar_server import CALENDAR, Says

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def fetch(session, calendar_server, clock):
    sessions = sessionmaker(session.get_bind())

    def fetch_once():
        session.commit()
        try:
            return fetch_next(sessions, reach=calendar_server.reach, clock=clock, spread=lambda: 0.0)
        finally:
            session.expire_all()

    return fetch_once


@pytest.fixture
def calendar(session, calendar_server, now):
    return make_sister(
        session, address=calendar_server.at("/c.ics"), asked_at=now, due_at=now, fetched_at=None, expanded_at=None
    )


def kept(session):
    return [(row.uid, row.title) for row in session.scalars(select(SisterOccurrence).order_by(SisterOccurrence.id))]


def audited(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


TELCO = [("one@calendar.test", "Telco call")]


def test_what_is_due_is_fetched_read_and_kept(session, fetch, calendar, calendar_server, now):
    calendar_server.says["/c.ics"] = Says(headers={"ETag": '"a"', "Last-Modified": "Mon"})
    version = calendar.version

    assert fetch() is True

    assert kept(session) == TELCO
    assert (calendar.fetched_at, calendar.expanded_at, calendar.asked_at) == (now, now, None)
    assert (calendar.due_at, calendar.etag, calendar.last_modified) == (now + 6 * HOUR, '"a"', "Mon")
    assert (calendar.version, audited(session)) == (version, ["sister_calendar.changed"])
    assert fetch() is False


def test_what_is_not_due_waits(session, fetch, calendar, now):
    calendar.due_at = now + timedelta(seconds=1)
    assert fetch() is False


def test_no_change_keeps_the_copy_and_tells_nobody(session, fetch, calendar, calendar_server, clock):
    calendar_server.says["/c.ics"] = Says(headers={"ETag": '"a"'})
    fetch()
    clock.now += 6 * HOUR
    calendar_server.says["/c.ics"] = Says(b"", 304)
    fetch()
    assert (kept(session), calendar.fetched_at, calendar.etag) == (TELCO, clock.now, '"a"')
    assert calendar_server.heard[-1][1]["If-None-Match"] == '"a"'

    clock.now += 6 * HOUR
    calendar_server.says["/c.ics"] = Says()  # the same again, whole
    fetch()
    assert (kept(session), audited(session)) == (TELCO, ["sister_calendar.changed"])


def test_after_a_week_the_copy_is_read_anew_whatever_the_owner_says(session, fetch, calendar, calendar_server, now):
    calendar.etag, calendar.last_modified, calendar.expanded_at = '"a"', "Mon", now - 7 * DAY
    calendar_server.says["/c.ics"] = Says()
    fetch()
    assert "If-None-Match" not in calendar_server.heard[0][1]
    assert calendar.expanded_at == now


def test_a_failure_keeps_the_last_good_copy_and_says_why(session, fetch, calendar, calendar_server, clock, caplog):
    caplog.set_level(logging.INFO)
    calendar_server.says["/c.ics"] = Says()
    fetch()
    good = clock.now
    calendar_server.says["/c.ics"] = Says(status=404)
    for wait in (6 * HOUR, HOUR / 4):
        clock.now += wait
        fetch()

    assert (kept(session), calendar.fetched_at, calendar.failures) == (TELCO, good, 2)
    assert calendar.problem == "There is no calendar at this address any more (404)."
    assert (calendar.failing_since, calendar.due_at) == (good + 6 * HOUR, clock.now + HOUR / 2)
    assert audited(session) == ["sister_calendar.changed", "sister_calendar.failed"]
    assert "c.ics" not in caplog.text
    assert "(404)" in caplog.text

    clock.now += HOUR / 2
    calendar_server.says["/c.ics"] = Says(CALENDAR.replace(b"Telco", b"Monthly"))
    fetch()
    assert (kept(session), calendar.problem) == ([("one@calendar.test", "Monthly call")], "")
    assert (calendar.failures, calendar.failing_since) == (0, None)


def test_a_calendar_without_events_is_a_good_copy(session, fetch, calendar, calendar_server, now):
    make_sister_event(session, calendar, "Over", now)
    calendar_server.says["/c.ics"] = Says(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n")
    fetch()
    assert (kept(session), calendar.problem, calendar.fetched_at) == ([], "", now)


def test_what_was_left_out_and_noted_is_kept_as_numbers(session, fetch, calendar, calendar_server):
    bomb = b"BEGIN:VEVENT\r\nUID:b\r\nDTSTART:20261201T000000\r\nRRULE:FREQ=SECONDLY\r\nEND:VEVENT\r\n"
    hasty = b"BEGIN:VEVENT\r\nUID:h\r\nDTSTART:20261201T000000Z\r\nSUMMARY:Hasty\r\nEND:VEVENT\r\n"
    calendar_server.says["/c.ics"] = Says(CALENDAR.replace(b"END:VCALENDAR", bomb + hasty + b"END:VCALENDAR"))
    fetch()
    assert (calendar.left_out, calendar.noted) == ({"sub_daily": 1}, {"no_end": 1})


def test_a_result_for_a_former_address_is_dropped(session, fetch, calendar, calendar_server, now):
    sessions, pk = sessionmaker(session.get_bind()), calendar.id

    def meanwhile(handler):
        with sessions() as other:
            row = other.get(SisterCalendar, pk)
            ask_for_it_now(other, row, by=SYSTEM, now=now)
        Says()(handler)

    calendar_server.says["/c.ics"] = meanwhile
    assert fetch() is True
    assert (kept(session), calendar.asked_at, calendar.due_at, calendar.fetched_at) == ([], now, now, None)


def test_a_calendar_that_was_removed_meanwhile_stays_removed(session, fetch, calendar, calendar_server):
    sessions, pk = sessionmaker(session.get_bind()), calendar.id

    def meanwhile(handler):
        with sessions.begin() as other:
            other.delete(other.get(SisterCalendar, pk))
        Says()(handler)

    calendar_server.says["/c.ics"] = meanwhile
    assert fetch() is True
    assert kept(session) == []


def test_a_worker_that_died_leaves_it_to_the_next(session, fetch, calendar, calendar_server, clock):
    class Killed(BaseException):
        pass

    def killed(_host, _port):
        raise Killed

    sessions = sessionmaker(session.get_bind())
    session.commit()
    with pytest.raises(Killed):
        fetch_next(sessions, reach=calendar_server.reach_with(resolve=killed), clock=clock, spread=lambda: 0.0)
    calendar_server.says["/c.ics"] = Says()
    assert fetch() is False  # it is in other hands, as far as anybody knows
    clock.now += LEASE
    assert fetch() is True
    assert kept(session) == TELCO


def test_two_workers_do_not_take_the_same(session, calendar, calendar_server, clock):
    sessions = sessionmaker(session.get_bind())
    session.commit()
    inner = []

    def meanwhile(handler):
        inner.append(fetch_next(sessions, reach=calendar_server.reach, clock=clock, spread=lambda: 0.0))
        Says()(handler)

    calendar_server.says["/c.ics"] = meanwhile
    assert fetch_next(sessions, reach=calendar_server.reach, clock=clock, spread=lambda: 0.0) is True
    assert (inner, len(calendar_server.heard)) == ([False], 1)
