"""The page “What subscribers see”, reached from each slot and card of the board by a plain link."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup

from app.domain.people import Role
from app.domain.states import TalkState, TouchpointState
from app.services.publishing import publish_touchpoint
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

wall = datetime.fromisoformat


@pytest.fixture
def engine_name():
    """What the pages ask of the database is promised on both engines beside the services."""
    return "sqlite"


@pytest.fixture
def call(session, site, now):
    touchpoint = make_touchpoint(session, make_series(session), wall("2026-12-03 14:00"))
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    return touchpoint


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


def words(page):
    return " ".join(BeautifulSoup(page.text, "html.parser").main.get_text(" ").split())


def test_only_organizers_see_it(session, call, sign_in, visitor):
    path = f"/touchpoints/{call.key}/subscribers"
    assert visitor.get(path).status_code == 303
    assert sign_in(make_person(session, "Mira Member", role=Role.MEMBER)).get(path).status_code == 404


def test_each_slot_and_card_of_the_board_leads_to_it(session, call, browser):
    make_talk(session, make_proposal(session), call)
    session.commit()
    board = BeautifulSoup(browser.get("/board").text, "html.parser")
    path = f"/touchpoints/{call.key}/subscribers"
    assert board.find(id=f"slot-{call.id}").find("header").find("a", href=path)
    assert board.find(id=f"slot-{call.id}").find("ul", class_="cards").find("a", href=path)


def test_what_is_not_public_yet_is_marked(session, call, browser, site, now):
    path = f"/touchpoints/{call.key}/subscribers"
    assert "Nothing stands on this call yet" in words(browser.get(path))
    talk = make_talk(session, make_proposal(session), call, state=TalkState.INVITED)
    session.commit()
    seen = words(browser.get(path))
    assert "One talk is not public yet. Marked below, it is shown as if every speaker confirmed" in seen
    assert "Until one talk is confirmed, no calendar has this call." in seen
    assert "Awaiting speaker Not public yet Upstream first at a railway operator Sam Speaker, Kestrel Works" in seen
    assert "In calendars Thursday: Upstream first at a railway operator Held in part under" in seen
    talk.state = TalkState.CONFIRMED
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    seen = words(browser.get(path))
    assert ("All of this is public." in seen, "Not public yet" in seen) == (True, False)
    talk.touchpoint, call.state, call.reason = None, TouchpointState.SKIPPED, "A holiday"
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    assert "This call does not take place. A holiday" in words(browser.get(path))
