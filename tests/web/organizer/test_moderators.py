"""Organizers say on the page of a call who moderates it."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.domain.people import Role
from tests.cast import make_person, make_series, make_touchpoint


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def call(session):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14))
    session.commit()
    return call


def test_a_moderator_is_chosen_and_shown(session, call, browser):
    mira = make_person(session, "Mira Member", role=Role.MEMBER)
    session.commit()
    path = f"/touchpoints/{call.key}/moderator"
    assert browser.post(path, {"moderator": str(mira.id), "version": str(call.version)}).status_code == 303
    page = browser.get(f"/touchpoints/{call.key}/manage").text
    assert "Mira Member moderates this call." in page
    assert f'<option value="{mira.id}" selected>Mira Member</option>' in page
    session.refresh(call)
    assert browser.post(path, {"moderator": "", "version": str(call.version)}).status_code == 303
    assert "Nobody moderates this call." in browser.get(f"/touchpoints/{call.key}/manage").text


@pytest.mark.parametrize("typed", ["4711", "Mira"])
def test_nobody_else_is_offered(call, browser, typed):
    answer = browser.post(f"/touchpoints/{call.key}/moderator", {"moderator": typed, "version": str(call.version)})
    assert answer.status_code == 422
    assert "Choose a member or an organizer." in answer.text
