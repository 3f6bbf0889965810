"""The page of the notice's wording: tried on a coming call, saved as a version, refused with what was typed kept."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import pytest

from app.domain.people import Role
from app.domain.wording import STANDARD
from app.services import publishing
from app.services.wording import present_wording
from tests.cast import make_person, make_series, make_touchpoint

wall = datetime.fromisoformat
SENTENCES = {name: value for name, value in asdict(STANDARD).items() if name != "version"}
FORM = {**SENTENCES, "version": STANDARD.version, "reason": "", "action": "save"}
ASKS = "Use what you hear. Tell nobody who said it, who was there, or where they work."


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def calls(session, site, now):
    series = make_series(session)
    calls = [make_touchpoint(session, series, wall(f"2026-12-{day} 14:00")) for day in ("03", "17")]
    calls[1].segments[0].title = "Hello"
    publishing.publish_touchpoints(session, calls, site=site, now=now)
    session.commit()
    return calls


def test_only_organizers_see_the_wording(session, sign_in, visitor):
    member = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))
    assert visitor.get("/wording").status_code == 303
    assert (member.get("/wording").status_code, member.post("/wording", FORM).status_code) == (404, 404)


def test_the_form_has_the_present_words_and_the_next_call(browser, calls):
    page = browser.get("/wording").text
    assert "all 2 calls to come" in page
    assert "{part}, {minutes} min: {rule}, {recording}." in page
    assert "Open forum, 20 min: under the Rule, not recorded." in page
    assert "Thursday 3 December 2026, 14:00–15:00 Madrid" in page


def test_words_are_tried_on_the_chosen_call_without_being_saved(session, browser, calls):
    form = {**FORM, "welcome": "{part}: {recording}. {rule}. {nonsense}", "call": calls[1].key, "action": "preview"}
    page = browser.post("/wording", form)
    assert (page.status_code, "Hello: recorded. not under the Rule. </li>" in page.text) == (200, True)
    assert present_wording(session) == STANDARD
    partial = browser.post("/wording", form, headers={"HX-Request": "true"}).text
    assert partial.startswith('<div class="pv" id="wording-preview"')


def test_without_a_planned_call_there_is_still_a_form(browser):
    assert "No call is planned." in browser.get("/wording").text


def test_a_saved_wording_is_a_version_with_author_and_reason(session, browser, calls):
    answer = browser.post("/wording", {**FORM, "asks": ASKS, "reason": "Shorter <b>"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wording")
    assert present_wording(session).asks == ASKS
    page = browser.get("/wording").text
    assert "Version 1" in page
    assert "23 November 2026, by Olu Organizer: Shorter &lt;b&gt;" in page
    assert ASKS in browser.get(f"/touchpoints/{calls[0].key}").text


def test_a_mistake_keeps_what_was_typed_and_says_what_to_put_right(session, browser, calls):
    answer = browser.post("/wording", {**FORM, "whole": "The Chatham House Rules", "reason": "Because"})
    assert answer.status_code == 422
    assert "Error: The notice" in answer.text
    assert "It is one Rule: write “Chatham House Rule” or “the Rule”, not “House Rules”." in answer.text
    assert 'value="The Chatham House Rules"' in answer.text
    assert 'value="Because"' in answer.text
    assert present_wording(session) == STANDARD


def test_a_stale_form_shows_both_wordings_and_loses_nothing(session, browser):
    assert browser.post("/wording", {**FORM, "asks": ASKS}).status_code == 303
    mine = {**FORM, "welcome": "{part}: {recording}. {rule}. Hello.", "reason": "Friendlier"}
    answer = browser.post("/wording", mine)
    assert (answer.status_code, present_wording(session).asks) == (409, ASKS)
    assert f"<del>{ASKS}</del>" in answer.text
    assert "<ins>{part}: {recording}. {rule}. Hello.</ins>" in answer.text
    assert answer.text.count("<del>") == 2
    assert 'value="{part}: {recording}. {rule}. Hello."' in answer.text
    assert 'value="Friendlier"' in answer.text
    assert browser.post("/wording", {**mine, "version": present_wording(session).version}).status_code == 303
    assert f'value="{present_wording(session).version}"' in browser.get("/wording").text
    assert present_wording(session).asks == STANDARD.asks
