"""Olu words the notice anew: a subscriber's calendar, every page and every mail of a coming call say it, a past call
keeps its words, and Mira runs the call from its sheet.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from app.domain.people import Role
from app.domain.states import ProposalState, TalkState
from app.domain.wording import STANDARD
from app.mail.reading import read_message
from app.models import OutboxMessage
from app.services import inviting, links, moderating, reminding
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from tests.calendars import read_with_icalendar
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

wall = datetime.fromisoformat
FORM = {**asdict(STANDARD), "reason": "Kinder", "action": "save"}
ASKS = "Take every idea home, and leave at the door who said it, who was there and where they work."
FORUM = "In the {part} ({minutes} min) we are among ourselves: {rule}, {recording}."
SAID = "In the Open forum (20 min) we are among ourselves: under the Rule, not recorded."


@pytest.fixture
def engine_name():
    """Each step is promised on both engines beside its service."""
    return "sqlite"


@pytest.fixture
def calls(session, site, clock):
    """A call that is over, and one to come with a confirmed talk and one that waits."""
    series = make_series(session)
    past, coming = (make_touchpoint(session, series, wall(f"{day} 14:00")) for day in ("2026-11-12", "2026-12-03"))
    for call in (past, coming):
        make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED).confirmed_at = clock.now
    coming.segments[1].minutes, coming.minutes = 40, 80
    publish_touchpoint(session, past, site=site, now=past.starts_at - timedelta(days=30))
    publish_touchpoint(session, coming, site=site, now=clock.now)
    session.commit()
    return past, coming


def events(visitor):
    return {event.start: event for event in read_with_icalendar(visitor.get("/calendar/all.ics").data)}


def words(answer):
    assert answer.status_code == 200
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def mails(session):
    session.expire_all()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return {row.kind: " ".join(read_message(row.message).text.split()) for row in rows}


def test_the_words_of_the_notice_travel_to_every_call_that_has_not_begun(session, calls, visitor, sign_in, site, clock):
    past, coming = calls
    before = events(visitor)
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    window = sign_in(olu)

    assert window.post("/wording", {**FORM, "asks": ASKS, "forum": FORUM}).status_code == 303

    after = events(visitor)
    assert after[past.starts_at] == before[past.starts_at]
    assert after[coming.starts_at].sequence == before[coming.starts_at].sequence + 1
    said = after[coming.starts_at].description.split("\n")
    assert said[0] == f"Held in part under the Chatham House Rule. {ASKS}"
    assert said[4] == SAID
    assert SAID in words(visitor.get(f"/touchpoints/{coming.key}"))
    old_page = words(visitor.get(f"/touchpoints/{past.key}"))
    assert (STANDARD.asks in old_page, ASKS in old_page) == (True, False)

    proposal = make_proposal(
        session, "A second talk", state=ProposalState.ACCEPTED, speakers=(make_speaker("Kim Key"),)
    )
    waiting = make_talk(session, proposal, coming, position=1)
    by = Actor.signed_in(olu)
    inviting.invite_talk(session, waiting, version=waiting.version, by=by, site=site, now=clock.now)
    page = visitor.get(links.confirmation_path(waiting.confirmations[0], site=site))
    assert ASKS in words(page)
    assert SAID in words(page)
    assert ASKS in words(visitor.get("/propose"))
    clock.advance(timedelta(days=1))
    assert SAID in words(sign_in(olu).get(f"/touchpoints/{coming.key}/subscribers"))
    notes = sign_in(olu).get(f"/touchpoints/{coming.key}/notes").text
    assert ASKS in notes

    mira = make_person(session, "Mira Member", role=Role.MEMBER)
    session.commit()
    moderating.appoint_moderator(session, coming, mira.id, version=coming.version, by=by, site=site, now=clock.now)
    clock.now = coming.starts_at - timedelta(hours=20)
    reminding.remind_speakers(session, site=site, now=clock.now)
    reminding.remind_moderators(session, site=site, now=clock.now)
    letters = mails(session)
    for kind in ("invited", "upcoming", "moderating", "moderating_soon"):
        assert SAID in letters[kind], kind

    clock.now = coming.starts_at + timedelta(minutes=61)
    sheet = BeautifulSoup(sign_in(mira).get(f"/touchpoints/{coming.key}/run").text, "html.parser")
    clock_says = " ".join(sheet.find(id="run-clock").get_text(" ").split())
    assert clock_says == "Open forum until 15:20 Not recorded, under the Rule"
    row = " ".join(sheet.find("tr", {"data-step": "Open forum"}).get_text(" ").split())
    assert f"Stop the recording. The recording has stopped. From here the Chatham House Rule applies. {ASKS}" in row
    assert "A second talk, 20 min Not confirmed" in " ".join(sheet.get_text(" ").split())
