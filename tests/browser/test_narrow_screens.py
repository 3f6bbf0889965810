"""What organizers see on the narrowest phone: nothing leaves the screen, and nothing that decides is cut off."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.people import Role
from app.domain.states import ProposalState
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_touchpoint

NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def phone(session, sign_in, new_page, live_server):
    """Olu's phone."""
    series = make_series(session)
    make_touchpoint(session, series, datetime(2026, 12, 3, 14))
    speaker = make_speaker("Jonas Lindqvist", affiliation="The railways of the Nordic countries")
    make_proposal(session, "Upstream first", state=ProposalState.ACCEPTED, speakers=(speaker,))
    visitor = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    page = new_page(**NARROW)
    cookie = visitor.client.get_cookie("touchpoints")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
    return page


@pytest.mark.parametrize("path", ["/board", "/pool", "/series", "/series/thursday", "/topics", "/people", "/mail"])
def test_no_page_scrolls_sideways(phone, path):
    phone.goto(path)
    assert phone.evaluate("document.documentElement.scrollWidth") == 320


def test_a_card_names_the_whole_organisation_and_the_role(phone):
    phone.goto("/board")
    who = phone.locator(".card-who").first
    assert who.evaluate("line => line.scrollWidth - line.clientWidth") == 0
    last = who.locator(".role").last.bounding_box()
    assert last["x"] + last["width"] < 320


def test_the_time_zone_is_there_without_scripts(new_page):
    page = new_page(**NARROW, java_script_enabled=False)
    page.goto("/schedule")
    assert page.locator("summary.zone > .icon").is_visible()
    assert page.locator("main").evaluate("() => document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("path", ["/schedule", "/calendar", "/learning", "/working-groups"])
def test_text_of_twice_the_size_leaves_nothing_off_the_screen(session, new_page, path):
    """Half of the width at the usual size is what a phone has for text of twice the size: 195 px for 390."""
    make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    session.commit()
    page = new_page(viewport={"width": 195, "height": 640}, has_touch=True)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == 195


def test_every_place_is_reached_from_the_bar_of_a_phone(new_page):
    page = new_page(**NARROW)
    page.goto("/")
    bar = page.get_by_role("navigation", name="Main")
    last = bar.get_by_text("More").bounding_box()
    assert last["x"] + last["width"] <= 320
    bar.get_by_text("More").click()
    bar.get_by_role("link", name="Contributor space").click()
    page.wait_for_url("**/working-groups")
