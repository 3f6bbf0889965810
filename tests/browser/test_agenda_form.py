"""The form of an agenda in real Chromium: what is under the Rule offers no recording, but a talk does."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect

from app.domain.people import Role
from tests.cast import make_person, make_series, make_touchpoint


@pytest.fixture
def engine_name():
    return "sqlite"


def test_a_part_under_the_rule_cannot_be_ticked_as_recorded_unless_it_is_a_talk(session, sign_in, page, live_server):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    visitor = sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))
    session.commit()
    cookie = visitor.client.get_cookie("touchpoints")
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server}])
    page.goto(f"/touchpoints/{call.key}/agenda")

    forum_tape, welcome_tape = page.locator("#part-3-recorded"), page.locator("#part-0-recorded")
    expect(forum_tape).to_be_disabled()
    expect(welcome_tape).to_be_checked()
    page.locator("#part-0-under_rule").check()
    expect(welcome_tape).to_be_disabled()
    expect(welcome_tape).not_to_be_checked()
    page.locator("#part-3-kind").select_option("talk")
    expect(forum_tape).to_be_enabled()
