"""The run sheet's clock in real Chromium: what is on, what is left, and what is said aloud only when it changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app.domain.people import Role
from app.domain.states import TalkState
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def sheet(session, sign_in, new_page, live_server):
    """The run sheet of a call that began five minutes ago by the server's clock; the phone's is a year behind."""
    call = make_touchpoint(session, make_series(session), datetime(2026, 11, 23, 9, 55))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    call.segments[0].recorded = call.segments[2].recorded = False
    visitor = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    session.commit()
    page = new_page(**NARROW)
    cookie = visitor.client.get_cookie("touchpoints")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
    page.clock.install(time=datetime(2025, 11, 23, 9, 0, tzinfo=UTC))
    page.goto(f"/touchpoints/{call.key}/run")
    return page


def test_the_clock_follows_the_call_and_speaks_at_a_change_of_part(sheet, violations):
    part, left, now_on = sheet.locator(".run-part"), sheet.locator(".run-left"), sheet.locator("tr[aria-current]")
    said = sheet.locator("[data-clock=said]")
    expect(part).to_have_text("Upstream first at a railway operator")
    expect(left).to_have_text("20 min left")
    expect(sheet.locator(".run-state")).to_have_text("Recorded")
    expect(sheet.locator(".run-next")).to_have_text("10:20 Working-group updates: Stop the recording.")
    expect(said).to_be_empty()

    sheet.clock.fast_forward("19:30")
    expect(left).to_have_text("less than a minute left")
    expect(said).to_be_empty()

    sheet.clock.fast_forward("00:31")
    expect(said).to_have_text("Working-group updates: Stop the recording.")
    expect(now_on.locator("h3")).to_have_text("Working-group updates")
    expect(left).to_have_text("15 min left")
    assert violations(sheet) == []
    assert sheet.evaluate("document.documentElement.scrollWidth") == 320

    sheet.clock.fast_forward("40:00")
    expect(part).to_have_text("The call is over")
    expect(said).to_have_text("The call is over")
    expect(now_on).to_have_count(0)
