"""Organizers keep sister calendars: an address is a secret, a new one is fetched soon, a removed one leaves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, RuleViolation
from app.domain.people import Role
from app.domain.secret import Secret
from app.domain.sister_calendars import SisterDraft
from app.models import AuditEvent, SisterCalendar, SisterOccurrence
from app.services.auditing import Actor
from app.services.sister_calendars import (
    MOST_CALENDARS,
    add_calendar,
    ask_for_it_now,
    remove_calendar,
    save_calendar,
)
from tests.cast import make_person, make_sister, make_sister_event

GOOGLE = Secret("https://calendar.google.com/calendar/ical/abc/private-0123/basic.ics")
DRAFT = SisterDraft(name="OpenChain", address=GOOGLE, hue="amber", shape="diamond", shown=True)


@pytest.fixture
def by(session):
    return Actor.signed_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def events(session):
    return session.scalars(select(SisterOccurrence.title)).all()


def audited(session):
    return [(event.action, event.detail) for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]


def test_a_new_calendar_is_asked_for_at_once(session, by, site, now):
    calendar = add_calendar(session, DRAFT, by=by, site=site, now=now)

    assert (calendar.slug, calendar.address, calendar.asked_at, calendar.due_at) == ("openchain", GOOGLE, now, now)
    assert (calendar.hue, calendar.shape, calendar.shown, calendar.fetched_at) == ("amber", "diamond", True, None)
    assert audited(session) == [("sister_calendar.added", {"shown": True})]


def test_what_is_wrong_is_named_and_nothing_written(session, by, site, now):
    make_sister(session, "openchain", address=GOOGLE)
    for draft, fields in (
        (replace(DRAFT, address=Secret("http://x")), {"name", "address"}),
        (DRAFT, {"name", "address"}),
        (replace(DRAFT, name="SPDX"), {"address"}),
        (replace(DRAFT, name="SPDX", hue="pink", address=Secret("webcal://x")), {"address", "hue"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            add_calendar(session, draft, by=by, site=site, now=now)
        assert set(refused.value.errors) == fields
    nobody = replace(site, sister_hosts=())
    with pytest.raises(InvalidInput):
        add_calendar(
            session, replace(DRAFT, name="SPDX", address=Secret("https://groups.io/a")), by=by, site=nobody, now=now
        )
    assert session.scalars(select(SisterCalendar.name)).all() == ["openchain"]


def test_twenty_are_enough(session, by, site, now):
    for number in range(MOST_CALENDARS):
        make_sister(session, f"Calendar {number}")
    with pytest.raises(RuleViolation, match="20 sister calendars already"):
        add_calendar(session, DRAFT, by=by, site=site, now=now)


def test_another_look_keeps_address_events_and_times(session, by, site, now):
    calendar = make_sister(session, "OpenChain", address=GOOGLE)
    make_sister_event(session, calendar, "Telco call", now)
    due = calendar.due_at

    look = SisterDraft(name="Open Chain", hue="red", shape="circle", shown=False)
    save_calendar(session, calendar, look, version=calendar.version, by=by, site=site, now=now)

    assert (calendar.name, calendar.slug, calendar.hue, calendar.shape, calendar.shown) == (
        *("Open Chain", "openchain", "red", "circle", False),
    )
    assert (calendar.address, calendar.due_at, calendar.asked_at, events(session)) == (
        GOOGLE,
        due,
        None,
        ["Telco call"],
    )
    same = replace(look, address=GOOGLE)
    save_calendar(session, calendar, same, version=calendar.version, by=by, site=site, now=now)
    assert (calendar.asked_at, events(session)) == (None, ["Telco call"])


def test_another_address_is_another_calendar(session, by, site, now):
    calendar = make_sister(session, "OpenChain", etag="a", failures=3, failing_since=now, problem="x", noted={"y": 1})
    make_sister_event(session, calendar, "Telco call", now)

    save_calendar(session, calendar, DRAFT, version=calendar.version, by=by, site=site, now=now)

    assert (calendar.address, calendar.asked_at, calendar.due_at, events(session)) == (GOOGLE, now, now, [])
    assert (calendar.fetched_at, calendar.expanded_at, calendar.failing_since) == (None, None, None)
    assert (calendar.etag, calendar.failures, calendar.problem, calendar.noted) == ("", 0, "", {})
    assert audited(session) == [("sister_calendar.saved", {"shown": True, "moves": True})]


def test_a_stale_form_writes_nothing(session, by, site, now):
    calendar = make_sister(session)
    with pytest.raises(Conflict):
        save_calendar(session, calendar, DRAFT, version=calendar.version - 1, by=by, site=site, now=now)


def test_asking_for_it_now_makes_no_form_stale_and_wants_it_whole(session, by, now):
    calendar = make_sister(session, etag="a", last_modified="Mon")
    version = calendar.version

    ask_for_it_now(session, calendar, by=by, now=now)

    session.refresh(calendar)
    assert (calendar.asked_at, calendar.due_at, calendar.version) == (now, now, version)
    assert (calendar.etag, calendar.last_modified) == ("", "")


def test_a_removed_calendar_leaves_nothing(session, by, now):
    calendar, other = make_sister(session), make_sister(session, "SPDX")
    make_sister_event(session, calendar, "Telco call", now)
    make_sister_event(session, other, "General meeting", now + timedelta(hours=1))

    remove_calendar(session, calendar, by=by, now=now)

    assert session.scalars(select(SisterCalendar.name)).all() == ["SPDX"]
    assert events(session) == ["General meeting"]
    assert audited(session) == [("sister_calendar.removed", {})]


def test_a_row_that_is_printed_does_not_show_the_address(session):
    calendar = make_sister(session, address=GOOGLE)
    assert "private" not in f"{calendar.address} {calendar.address!r} {vars(calendar)}"
