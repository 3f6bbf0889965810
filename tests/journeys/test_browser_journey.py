"""The main job in real Chromium, with scripts and without: from a phone to the feed, over pages fit for everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from app.domain.people import Role
from tests.browser.board_page import BoardPage
from tests.calendars import read_with_ical
from tests.cast import make_person, make_series, make_touchpoint
from tests.drafts import make_topics
from tests.journeys.pages import (
    TITLE,
    Walk,
    confirm_more_strictly,
    move_by_choice,
    vote_and_accept,
    write_proposal,
)
from tests.journeys.post import kinds

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FRIDAY = datetime(2026, 12, 11, 16, 30, tzinfo=UTC)  # 17:30 in Madrid


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture(autouse=True)
def calls(session):
    """Two Thursdays and the Friday between them; Olu decides alone."""
    make_topics(session)
    make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    thursdays = make_series(session)
    fridays = make_series(session, "friday", name="General Member", hue="plum", shape="square")
    days = ((thursdays, 10, 14, 0), (thursdays, 17, 14, 0), (fridays, 11, 17, 30))
    calls = [make_touchpoint(session, series, datetime(2026, 12, *wall)) for series, *wall in days]
    places = [f"#slot-{call.id}" for call in calls]
    session.commit()  # and nothing is read after it: on SQLite the server could not write
    return places


@pytest.fixture
def new_walk(new_page, violations):
    def new_walk(*, scripts=True, **options):
        return Walk(new_page(reduced_motion="reduce", **options), violations, scripts=scripts)

    return new_walk


def test_from_a_phone_to_the_feed(new_walk, post, calls, clock, live_server):
    vera, olu = new_walk(**PHONE), new_walk()
    propose(vera, post)
    sign_in(olu, post)
    vote_and_accept(olu)
    first, second, friday = calls
    board = BoardPage(olu.page).open()
    olu.arrive("Scheduling board")

    board.drag(TITLE, first)
    board.wait_for_word("is on Thu 10 Dec")
    board.press(TITLE, "Alt+ArrowRight")
    board.wait_for_word("is on Thu 17 Dec")
    board.handle(TITLE).click()
    olu.page.get_by_role("dialog").wait_for()
    olu.arrive("Scheduling board")
    move_by_choice(olu, "11 Dec")
    board.wait_for_word("is on Fri 11 Dec")
    assert [board.titles(place) for place in (first, second, friday)] == [[], [], [TITLE]]

    invite(olu, clock, post)
    vera.open(post.last("invited", "vera@example.org").link("/confirm/"))
    confirm_more_strictly(vera)
    read_the_result(vera, post, live_server)


def test_from_a_phone_to_the_feed_without_scripts(new_walk, post, calls, clock, live_server):
    vera, olu = new_walk(scripts=False, **PHONE), new_walk(scripts=False)
    propose(vera, post)
    sign_in(olu, post)
    vote_and_accept(olu)
    board = BoardPage(olu.page)
    for date, said in (("10 Dec", "is on Thu 10 Dec."), ("11 Dec", "is on Fri 11 Dec.")):
        olu.open("/board").arrive("Scheduling board")
        board.handle(TITLE).click()
        olu.arrive("Move this talk")
        move_by_choice(olu, date)
        expect(olu.page.locator(".flashes")).to_contain_text(said)

    invite(olu, clock, post)
    vera.open(post.last("invited", "vera@example.org").link("/confirm/"))
    confirm_more_strictly(vera)
    read_the_result(vera, post, live_server)


def propose(vera, post):
    vera.open("/").arrive("Practitioners comparing notes on open source")
    vera.open("/propose").arrive("Propose a talk")
    write_proposal(vera)
    vera.click("Send proposal").arrive("Look into your mail")
    [letter] = post.deliver()
    vera.open(letter.link("/propose/confirm/")).arrive("Send your proposal")
    vera.click("Send to the organizers").arrive(TITLE)
    assert kinds(post.deliver()) == [("received", "vera@example.org")]


def sign_in(olu, post):
    olu.open("/sign-in").arrive("Sign in")
    olu.page.get_by_label("E-mail address").fill("olu@example.org")
    olu.click("Mail me a link").arrive("Look into your mail")
    [letter] = post.deliver()
    olu.open(letter.link("/sign-in/")).arrive("Sign in")
    olu.page.locator("main").get_by_role("button", name="Sign in").click()
    expect(olu.page.get_by_role("link", name="Board").first).to_be_visible()


def invite(olu, clock, post):
    """From the card's menu; the mails leave once nobody can undo it any more."""
    board = BoardPage(olu.page)
    board.card(TITLE).locator("summary").click()
    olu.click("Invite to confirm")
    expect(board.card(TITLE)).to_contain_text("Awaiting speaker")
    clock.advance(timedelta(minutes=5))
    assert kinds(post.deliver()) == [("accepted", "vera@example.org"), ("invited", "vera@example.org")]


def read_the_result(vera, post, live_server):
    """On the schedule, on the call's page, in Vera's mail, and in the feed, read by a library that did not write it."""
    vera.open("/schedule").arrive("Coming up").follow(TITLE)
    expect(vera.page.locator("main")).to_contain_text("Vera Volunteer")
    vera.arrive(TITLE)
    assert kinds(post.deliver()) == [("confirmed", "vera@example.org")]
    [event] = read_with_ical(fetch(f"{live_server}/calendar/all.ics"))
    assert (event.start, event.end - event.start) == (FRIDAY, timedelta(hours=1))
    assert (event.summary, event.status) == (f"Friday: {TITLE}", "CONFIRMED")
    assert f"{TITLE}\nVera Volunteer\nThis talk is recorded.\n" in event.description
    assert "Open forum, 20 min: under the Rule, not recorded." in event.description
    assert "Fjordbank" not in event.description


def fetch(address):
    """What a calendar program gets, over a connection of its own."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    body = answer.read()
    connection.close()
    return body
