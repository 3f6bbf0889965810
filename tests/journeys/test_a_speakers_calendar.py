"""A talk of two speakers from the invitation to the thanks: every mail that leaves, with what it asks of a calendar."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.states import ConfirmationState, ProposalState
from app.extensions import db
from app.models import Talk, Touchpoint
from app.queue import remind
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_touchpoint

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
CHOSEN = {"attribution": "name_and_affiliation", "recording_consent": "yes"}
DECEMBER, JANUARY, FEBRUARY = "10 Dec", "14 Jan", "11 Feb"


@pytest.fixture
def mail_url(smtp_server):
    return smtp_server.url


@pytest.fixture
def calls(session):
    """Three calls of one series, moderated by Mira."""
    series, mira = make_series(session), make_person(session, "Mira Member", role=Role.MEMBER)
    made = {}
    for name, day in ((DECEMBER, (2026, 12, 10)), (JANUARY, (2027, 1, 14)), (FEBRUARY, (2027, 2, 11))):
        made[name] = make_touchpoint(session, series, datetime(*day, 14))
        made[name].moderator = mira
    session.commit()
    return made


@pytest.fixture
def proposal(session, calls):
    speakers = (make_speaker("Sam Speaker", zone="America/New_York"), make_speaker("Kim Speaker"))
    made = make_proposal(
        session,
        state=ProposalState.ACCEPTED,
        speakers=speakers,
        preference=SeriesPreference.EITHER,
        email="sam@example.org",
    )
    session.commit()
    return made


@pytest.fixture
def olu(session, sign_in):
    person = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    session.commit()
    return sign_in(person)


def story_of(letters):
    """(kind, reader, METHOD, SEQUENCE) of each letter."""
    return [(letter.kind, letter.to.partition("@")[0], *_entry(letter)) for letter in letters]


def _entry(letter):
    if not letter.calendar:
        return ("", None)
    calendar = Calendar.from_ical(letter.calendar)
    [event] = calendar.walk("VEVENT")
    return (str(calendar["METHOD"]), int(event["SEQUENCE"]))


class Clockwork:
    """The worker, which does what is due."""

    def __init__(self, app, post, clock):
        self.app, self.post, self.clock = app, post, clock

    def until(self, moment):
        """The letters that arrive until then, every few hours."""
        arrived = []
        while self.clock.now < moment:
            self.clock.now = min(self.clock.now + 5 * HOUR, moment)
            with self.app.app_context():
                remind()
                db.session.remove()
            arrived += self.post.deliver()
        return arrived


def say_yes(window, post, kind):
    for reader in ("sam@example.org", "kim@example.org"):
        window.open(post.last(kind, reader).link("/confirm/")).press("Confirm", CHOSEN)
        assert "You have confirmed." in window.said


def move(session, olu, proposal, onto):
    session.expire_all()
    talk = session.scalars(select(Talk).where(Talk.proposal_id == proposal.id)).one()
    answer = olu.post(f"/board/move/talk-{talk.id}", {"to": str(onto.id), "version": str(talk.version)})
    assert answer.status_code == 303


def test_a_talk_is_confirmed_moved_twice_sent_now_reminded_and_thanked(
    app, session, calls, proposal, olu, new_window, post, clock
):
    placed = {"to": str(calls[DECEMBER].id), "version": str(proposal.version)}
    assert olu.post(f"/board/move/proposal-{proposal.id}", placed).status_code == 303
    talk = session.scalars(select(Talk)).one()
    assert olu.post(f"/board/invite/{talk.id}", {"version": str(talk.version)}).status_code == 303
    clock.advance(5 * MINUTE)
    assert story_of(post.deliver()) == [("invited", "kim", "", None), ("invited", "sam", "", None)]

    speaker = new_window()
    say_yes(speaker, post, "invited")
    assert story_of(post.deliver()) == [("confirmed", "kim", "REQUEST", 0), ("confirmed", "sam", "REQUEST", 0)]

    # Moved twice while the mail waits: one mail, one step, from the date they know to the last one.
    move(session, olu, proposal, calls[JANUARY])
    clock.advance(2 * MINUTE)
    move(session, olu, proposal, calls[FEBRUARY])
    clock.advance(4 * MINUTE)
    assert post.deliver() == []
    board = olu.get("/board").text
    assert '4 mails leave in <span class="num">1</span> min' in board
    seen = re.search(r'name="seen" value="(\d+)"', board)[1]
    assert olu.post(f"/board/send-now/talk-{talk.id}", {"seen": seen}).status_code == 303
    assert story_of(post.deliver()) == [
        ("moved", "kim", "REQUEST", 1),
        ("moved", "sam", "REQUEST", 1),
        ("rescheduled", "mira", "", None),
        ("rescheduled", "olu", "", None),
    ]
    for kind, reader in (("moved", "sam"), ("moved", "kim"), ("rescheduled", "mira"), ("rescheduled", "olu")):
        text = post.last(kind, f"{reader}@example.org").text
        assert "was: Thursday 10 December 2026, 14:00\N{EN DASH}15:00 Madrid (CET)" in text
        assert "now: Thursday 11 February 2027, 14:00\N{EN DASH}15:00 Madrid (CET)" in text
        assert "January" not in text
    assert olu.post("/board/undo").status_code == 409  # the mail has left

    say_yes(speaker, post, "moved")
    assert story_of(post.deliver()) == [("confirmed", "kim", "REQUEST", 2), ("confirmed", "sam", "REQUEST", 2)]
    session.expire_all()
    assert {each.state for each in talk.confirmations} == {ConfirmationState.CONFIRMED}

    held = session.get(Touchpoint, calls[FEBRUARY].id)
    starts_at, ends_at = held.starts_at, held.ends_at
    session.rollback()
    clock.now = starts_at - 15 * DAY
    others = ("agenda", "moderating_soon")
    before = [each for each in Clockwork(app, post, clock).until(ends_at) if each.kind not in others]
    both = [("upcoming", "kim", "", None), ("upcoming", "sam", "", None)]
    assert story_of(before) == both * 3
    words = [days_in(letter) for letter in before if letter.to == "sam@example.org"]
    assert words == ["in 14 days", "in 3 days", "tomorrow"]

    after = [each for each in Clockwork(app, post, clock).until(ends_at + 12 * DAY) if each.kind != "agenda"]
    assert story_of(after) == [("thanked", "kim", "", None), ("thanked", "sam", "", None)]
    page = speaker.open(after[1].link("/materials/"))
    page.press("Save", {"slides_url": "https://slides.example.org/1", "slides": "yes", "recording": "no"})
    session.expire_all()
    sams = next(each for each in talk.confirmations if each.speaker.name == "Sam Speaker")
    assert (talk.slides_url, sams.recording_consent) == ("https://slides.example.org/1", False)


def days_in(letter):
    return re.search(r"Your talk is (.*?)\.", letter.text)[1]
