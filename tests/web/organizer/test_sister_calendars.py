"""The pages of sister calendars: an address goes in and does not come out; what failed is said in plain words."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.models import SisterCalendar
from tests.cast import make_person, make_series, make_sister, make_sister_event, make_touchpoint

KEY = "private-0123456789abcdef"
ADDRESS = f"https://calendar.google.com/calendar/ical/abc/{KEY}/basic.ics"
FORM = {"name": "OpenChain", "address": ADDRESS, "hue": "amber", "shape": "diamond", "shown": "yes"}


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def kept(session):
    session.expire_all()
    return session.scalars(select(SisterCalendar)).all()


def test_only_organizers_see_them(session, sign_in, visitor):
    assert visitor.get("/sister-calendars").status_code == 303
    assert sign_in(make_person(session, "Mira Member", role=Role.MEMBER)).get("/sister-calendars").status_code == 404


def test_without_one_the_page_says_what_to_do(browser):
    page = browser.get("/sister-calendars").text
    assert "No sister calendars yet" in page
    assert "calendar.google.com, ics.teamup.com" in page


def test_a_new_calendar_is_shown_as_being_fetched(session, browser):
    assert browser.post("/sister-calendars", FORM | {"address": ADDRESS.replace("https", "webcal")}).status_code == 303

    page = browser.get("/sister-calendars").text
    assert "Being fetched for the first time." in page
    assert 'hx-trigger="every 3s"' in page
    assert KEY not in page
    assert "calendar.google.com/…ic.ics" in page
    (calendar,) = kept(session)
    assert (calendar.address.reveal(), calendar.shown, calendar.hue) == (ADDRESS, True, "amber")


def test_while_it_is_fetched_the_list_is_asked_for_alone(session, browser):
    make_sister(session)
    part = browser.get("/sister-calendars", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="sister-calendars"')
    assert "hx-trigger" not in part


def test_a_mistake_keeps_what_was_typed(session, browser):
    answer = browser.post("/sister-calendars", FORM | {"name": "", "address": "http://a.example/x"})
    assert answer.status_code == 422
    assert 'value="http://a.example/x"' in answer.text
    assert "Give the calendar a name" in answer.text
    assert kept(session) == []


def test_the_form_of_a_calendar_shows_no_address_and_keeps_it(session, browser):
    make_sister(session)
    page = browser.get("/sister-calendars/openchain/edit").text
    assert "ical/openchain" not in page
    assert 'value="OpenChain"' in page

    (calendar,) = kept(session)
    form = {"name": "Open Chain", "address": "", "hue": "red", "shape": "circle", "version": str(calendar.version)}
    assert browser.post("/sister-calendars/openchain/edit", form).status_code == 303
    (calendar,) = kept(session)
    assert (calendar.name, calendar.shown, "ical/openchain" in calendar.address.reveal()) == ("Open Chain", False, True)

    assert browser.post("/sister-calendars/openchain/edit", form | {"hue": "pink", "version": "2"}).status_code == 422
    stale = browser.post("/sister-calendars/openchain/edit", form | {"name": "Mine"})
    assert (stale.status_code, 'value="Mine"' in stale.text) == (409, True)
    assert "Somebody else saved meanwhile: Open Chain. Save again to keep yours." in stale.text
    same = browser.post("/sister-calendars/openchain/edit", form)
    assert (same.status_code, "What you typed still stands here." in same.text) == (409, True)


def test_what_failed_is_said_with_the_age_of_the_copy(session, browser, now):
    make_sister(
        session,
        problem="Its host does not answer.",
        failures=3,
        failing_since=now - timedelta(days=3),
        fetched_at=now - timedelta(days=4),
        left_out={"sub_daily": 1},
    )
    make_sister(session, "SPDX", problem="It is larger than 2 MB.", failures=1, fetched_at=None, failing_since=now)
    make_sister(session, "CHAOSS", fetched_at=now - timedelta(days=3))
    page = " ".join(browser.get("/sister-calendars").text.split())
    assert "Its host does not answer." in page
    assert "3 times in a row" in page
    assert "(4 days ago)" in page
    assert "There has been no good copy yet." in page
    assert "Fetched 3 days ago: that is old. Does the worker run?" in page
    assert "repeating more than four times a day" in page


def test_titles_of_others_are_text(session, browser, now):
    make_sister_event(session, make_sister(session), "<script>alert(1)</script> & more", now)
    page = browser.get("/sister-calendars").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page


def test_fetching_now_and_removing(session, browser, now):
    make_sister(session)
    assert browser.post("/sister-calendars/openchain/fetch", {}).status_code == 303
    assert kept(session)[0].asked_at == now
    assert "Being fetched." in browser.get("/sister-calendars").text

    assert browser.post("/sister-calendars/openchain/remove", {}).status_code == 303
    assert kept(session) == []
    assert browser.post("/sister-calendars/openchain/remove", {}).status_code == 404


def test_the_head_of_a_slot_says_what_is_on_at_the_same_time(session, browser):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=45)
    make_sister_event(session, make_sister(session), "Telco call", call.starts_at)
    assert "OpenChain: Telco call at the same time" in browser.get("/board").text


def test_everybody_sees_events_that_are_shown_and_no_address(session, visitor, now):
    make_sister_event(session, make_sister(session), "Telco call", now)
    make_sister_event(session, make_sister(session, "SPDX", shown=False), "Not for the public", now)
    page = visitor.get("/calendar?month=2026-11").text
    assert ("Telco call" in page, "Not for the public" in page, "SPDX" in page) == (True, False, False)
    assert "ical/" not in page
