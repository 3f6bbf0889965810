"""The board says when mail leaves, lets it leave now, and refuses what is stale."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import MailState, ProposalState, TalkState
from app.models import OutboxMessage
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def browser(session, sign_in):
    return sign_in(make_person(session, "Olu Organizer", role=Role.ORGANIZER))


@pytest.fixture
def january(session):
    return make_touchpoint(session, make_series(session), datetime(2027, 1, 14, 14))


@pytest.fixture
def talk(session, january, browser):
    december = make_touchpoint(session, january.series, datetime(2026, 12, 10, 14))
    talk = make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), december, state=TalkState.CONFIRMED)
    session.commit()
    browser.post(f"/board/move/talk-{talk.id}", {"to": str(january.id), "version": str(talk.version)})
    return talk


def seen_in(page):
    return re.search(r'name="seen" value="(\d+)"', page)[1]


def pending(session, now):
    rows = select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING, OutboxMessage.due_at > now)
    return len(session.scalars(rows).all())


def test_the_board_says_when_the_mail_leaves(talk, browser, clock):
    clock.advance(timedelta(minutes=1))
    page = browser.get("/board").text
    assert '<span class="num">4</span> min' in page
    assert "2 mails leave in" in page
    assert f'action="/board/send-now/talk-{talk.id}"' in page


def test_without_javascript_send_now_sends_and_comes_back(session, talk, browser, clock):
    seen = seen_in(browser.get("/board").text)
    answer = browser.post(f"/board/send-now/talk-{talk.id}", {"seen": seen})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/board#card-talk-{talk.id}")
    assert pending(session, clock.now) == 0
    page = browser.get("/board").text
    assert "2 mails leave now: “Upstream first at a railway operator”." in page
    assert "Send now" not in page


def test_what_has_left_cannot_be_sent_again(talk, browser):
    seen = seen_in(browser.get("/board").text)
    browser.post(f"/board/send-now/talk-{talk.id}", {"seen": seen})
    assert browser.post(f"/board/send-now/talk-{talk.id}", {"seen": seen}).status_code == 409


@pytest.mark.parametrize("seen", ["", "1x", "0"])
def test_a_page_that_saw_another_mail_sends_nothing(session, talk, browser, clock, seen):
    assert browser.post(f"/board/send-now/talk-{talk.id}", {"seen": seen}).status_code == 409
    assert pending(session, clock.now) == 2


def test_htmx_gets_the_board_with_the_reason(talk, browser):
    answer = browser.post(f"/board/send-now/talk-{talk.id}", {"seen": "0"}, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert 'id="board"' in answer.text
    assert "another mail waits" in answer.text


def test_a_call_or_a_talk_that_is_not_there_is_not_found(browser):
    assert [browser.post(f"/board/send-now/{kind}-4711", {}).status_code for kind in ("talk", "touchpoint")] == [
        404
    ] * 2


def test_a_moved_call_is_sent_now(session, january, browser, clock, talk):
    january.moderator = make_person(session, "Mira Member", role=Role.MEMBER)
    session.commit()
    clock.advance(timedelta(minutes=10))
    moved = {"day": "2027-01-15", "start": "14:00", "version": str(january.version)}
    assert browser.post(f"/touchpoints/{january.key}/move", moved).status_code == 303
    page = browser.get("/board").text
    rows = dict(re.findall(r'send-now/(\w+-\d+)"[^>]*>.*?name="seen" value="(\d+)"', page, re.DOTALL))
    assert sorted(rows) == [f"talk-{talk.id}", f"touchpoint-{january.id}"]
    answer = browser.post(f"/board/send-now/touchpoint-{january.id}", {"seen": rows[f"touchpoint-{january.id}"]})
    assert answer.headers["Location"] == f"/board#slot-{january.id}"
    assert "2 mails leave now: the call on Fri 15 Jan." in browser.get("/board").text


def test_the_strip_ages_by_itself_and_goes(talk, browser, clock):
    ask = {"headers": {"HX-Request": "true"}}
    clock.advance(timedelta(minutes=2))
    assert '<span class="num">3</span> min' in browser.get("/board/waiting?q=upstream", **ask).text
    clock.advance(timedelta(minutes=3))
    gone = browser.get("/board/waiting", **ask).text
    assert gone.split() == ["<div", 'id="board-waiting">', "</div>"]
    assert browser.get("/board/waiting?q=upstream").headers["Location"] == "/board?q=upstream"


def test_only_organizers_send(talk, sign_in, session, visitor):
    mira = sign_in(make_person(session, "Mira Member", role=Role.MEMBER))
    assert mira.post(f"/board/send-now/talk-{talk.id}", {"seen": "1"}).status_code == 404
    assert visitor.get("/board/waiting").status_code == 303
