"""Nora follows the calls by e-mail: from the form to the one click that ends it, over real pages and real SMTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.people import Role
from app.models import AuditEvent, OutboxMessage, Subscription
from app.queue import announce
from app.services import publishing, scheduling
from app.services.topics import add_topic
from tests.cast import make_person, make_series, make_touchpoint
from tests.journeys.desk import Desk
from tests.journeys.post import Letter, Post
from tests.journeys.scanner import everything
from tests.journeys.window import Window

NORA = "nora@example.org"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
THURSDAY = "Thursday 3 December 2026, 14:00–15:00 Madrid (CET)"
FRIDAY = "Friday 4 December 2026, 15:00–16:00 Madrid (CET)"


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def base_url():
    """RFC 8058 demands https: only such an address is promised to need one click."""
    return "https://localhost"


@pytest.fixture
def desk(session, site, clock):
    organizers = tuple(make_person(session, name, role=Role.ORGANIZER) for name in ("Olu Organizer", "Ines Organizer"))
    desk = Desk(session, site, clock, organizers)
    add_topic(session, "Culture", by=desk.by, now=clock.now)
    return desk


@pytest.fixture
def call(session, desk, site, clock):
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14, 0))
    publishing.publish_touchpoint(session, call, site=site, now=clock.now)
    session.commit()
    return call


@pytest.fixture
def arrive(app: Flask, post: Post, clock, session) -> Callable[..., list[Letter]]:
    """Lets the settle time pass; what arrives for Nora by it."""

    def arrive(after: timedelta = 5 * MINUTE) -> list[Letter]:
        session.commit()
        clock.advance(after)
        with app.app_context():
            announce()
        return [letter for letter in post.deliver() if letter.to == NORA]

    return arrive


def subscribe(app: Flask, post: Post, window: Window) -> None:
    """By the form that stands behind the button of the subscribe page, and by the button behind the mailed link."""
    app.config["PREFERRED_URL_SCHEME"] = "https"  # of the test's own clients
    window.open("/subscribe?feed=thursday").follow("By e-mail")
    window.press("Send me the question", {"email": NORA, "time_zone": "Asia/Tokyo"})
    assert window.heading == "Look into your mail"
    [question] = post.deliver()
    assert (question.kind, question.to) == ("subscribe", NORA)
    assert "List-Unsubscribe" not in question.message
    link = question.link("/subscribe/confirm/")
    assert window.open(link).heading == "Calls by e-mail: is that right?"
    assert post.deliver() == []
    assert "You are subscribed." in window.press("Yes, write to me").said


def test_nora_hears_of_a_call_until_she_does_not_want_to(app, post, new_window, desk, call, arrive, session, clock):
    session.commit()
    subscribe(app, post, new_window())

    proposal = desk.accept(
        "Half a person runs an OSPO", (("Sam Speaker", "Kestrel"),), topic="culture", minutes=20, recorded=False
    )
    desk.invite(proposal, call)
    assert arrive() == [], "an invitation is not public"
    desk.answer(desk.talk_on(call))
    [published] = arrive()
    assert published.message["Subject"] == "New call on Thursday 3 December: Half a person runs an OSPO"
    assert f"Thursday 3 December 2026, 22:00–23:00 Tokyo (JST)\n           {THURSDAY}\n" in published.text

    act = {"by": desk.by, "site": desk.site}
    to = datetime(2026, 12, 4, 15, 0)
    scheduling.move_touchpoint(session, call, to=to, version=call.version, now=clock.now, **act)
    [off] = arrive()
    in_tokyo = "Thursday 3 December 2026, 22:00–23:00 Tokyo (JST)"
    assert (off.kind, f"Was:       {in_tokyo}\n           {THURSDAY}\n" in off.text) == ("call_cancelled", True)
    assert "Another date is planned, and not confirmed yet." in off.text
    desk.answer(desk.talk_on(call))
    [moved] = arrive()
    assert f"For the call\n  was: {THURSDAY}\n  now: {FRIDAY}\n" in moved.text

    [reminder] = arrive(after=call.starts_at - DAY - clock.now)
    assert (reminder.kind, FRIDAY in reminder.text) == ("call_tomorrow", True)
    assert arrive() == []

    session.refresh(call)
    scheduling.skip_touchpoint(session, call, reason="The speaker is ill.", version=call.version, now=clock.now, **act)
    [cancelled] = arrive()
    assert (cancelled.kind, "Why:       The speaker is ill." in cancelled.text) == ("call_cancelled", True)

    for letter in (published, off, moved, reminder, cancelled):
        assert one_click_address(letter) == f"https://localhost{letter.link('/subscribe/off/')}"
    before = everything(session)
    assert {new_window().open(link).status for letter in (published, cancelled) for link in letter.links} == {200}
    assert everything(session) == before, "scanners open every link"
    leave_by_one_click(app, cancelled)
    scheduling.restore_touchpoint(session, call, version=call.version, now=clock.now, **act)
    assert arrive() == []
    assert all_that_is_known_of(NORA, session) == []


def one_click_address(letter: Letter) -> str:
    """Where a mail program sends its one click, as the headers say it: each on one line, as signatures need it."""
    raw = letter.message.as_bytes().split(b"\n\n", 1)[0]
    assert b"\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n" in raw.replace(b"\r", b"")
    headers = letter.message["Precedence"], letter.message["Auto-Submitted"]
    assert headers == ("bulk", "auto-generated")
    return str(letter.message["List-Unsubscribe"]).strip("<>")


def leave_by_one_click(app: Flask, letter: Letter) -> None:
    """The mail program posts, with nothing but the address."""
    program = app.test_client(use_cookies=False)
    answer = program.post(letter.link("/subscribe/off/"), data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.headers.getlist("Set-Cookie"), answer.headers.get("Location")) == (200, [], None)


def all_that_is_known_of(address: str, session) -> list[object]:
    session.commit()
    mails = session.scalars(select(OutboxMessage.id).where(OutboxMessage.recipient == address)).all()
    follows = session.scalars(select(Subscription.id).where(Subscription.email == address)).all()
    said = [event for event in session.scalars(select(AuditEvent)) if address in str(event.detail)]
    return [*mails, *follows, *said]
