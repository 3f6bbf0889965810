"""No page asks the database more often because there is more to show."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select

from app.domain.notes import NotesAudience
from app.domain.people import Role
from app.domain.reviews import Vote
from app.domain.states import MailState, NotesState, ProposalState, TalkState
from app.extensions import db
from app.models import Notes, OutboxMessage, PublishedNotes, Question, Review, Topic, WorkingGroup
from app.services.publishing import publish_touchpoints
from app.services.working_groups.publishing import publish_groups
from tests.cast import (
    make_chair,
    make_group,
    make_person,
    make_proposal,
    make_series,
    make_sister,
    make_sister_event,
    make_speaker,
    make_talk,
    make_touchpoint,
)

FEW, MANY = 2, 30
PAGES = (
    "/",
    "/schedule",
    "/learning",
    "/subscribe",
    "/propose",
    "/my/proposals",
    "/pool",
    "/pool?state=accepted",
    "/pool/{proposal}",
    "/board",
    "/touchpoints/{call}",
    "/touchpoints/{call}/manage",
    "/touchpoints/new",
    "/series",
    "/series/series-0",
    "/topics",
    "/groups",
    "/working-groups",
    "/working-groups/group-number-0",
    "/sister-calendars",
    "/people",
    "/mail",
    "/notes",
    "/touchpoints/{call}/notes",
    "/touchpoints/{call}/questions/moderate",
    "/members/notes",
    "/calendar?month=2026-12",
    "/calendar/agenda?month=2026-12",
    "/numbers",
    "/insights",
)


@pytest.fixture
def engine_name():
    return "sqlite"


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def crowded(session, olu):
    """A call and a proposal on which everything gathers."""
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 24, 14, 0), talk_minutes=600)
    return call, make_proposal(session, "Much discussed")


@pytest.fixture
def grow(session, site, now, olu, crowded):
    """Adds the things numbered so: each is another series with its calls, talks, people, reviews and mails."""

    def grow(numbers):
        calls = [call for number in numbers for call in _add(session, number, olu, *crowded, now=now)]
        publish_groups(session, now=now)
        publish_touchpoints(session, [crowded[0], *calls], site=site, now=now)
        session.commit()

    return grow


def test_thirty_rows_take_the_queries_of_two(app, olu, crowded, grow, sign_in):
    call, proposal = crowded
    pages = [page.format(call=call.key, proposal=proposal.key) for page in PAGES]
    browser = sign_in(olu)
    grow(range(FEW))
    few = {page: _queries_and_rows(app, browser, page) for page in pages}
    grow(range(FEW, MANY))
    many = {page: _queries_and_rows(app, browser, page) for page in pages}

    grown = {page: sorted((Counter(many[page][0]) - Counter(few[page][0])).elements()) for page in pages}
    assert {page: queries for page, queries in grown.items() if queries} == {}
    assert [page for page in pages if many[page][1] < few[page][1] + 2] == [], "does not show what was added"


def _queries_and_rows(app, browser, page):
    """The statements behind the page, and how often it names one of the numbered things."""
    statements = []
    with app.app_context():
        engine = db.engine

    def note(_connection, _cursor, statement, *_others):
        statements.append(re.sub(r"\((?:\?, )*\?\)", "(?)", statement))  # however many ids are asked for at once

    event.listen(engine, "before_cursor_execute", note)
    answer = browser.get(page)
    event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, page
    return statements, answer.text.count("umber ")


def _add(session, number, olu, crowded_call, discussed, *, now):
    """One more of everything; returns the calls that are to be published."""
    series = make_series(session, f"series-{number}", name=f"Series number {number}")
    series.short_name = f"Number {number} calls"
    hours = timedelta(hours=number)
    coming = make_touchpoint(session, series, datetime(2026, 12, 2, 8, 0) + hours)
    past = make_touchpoint(session, series, datetime(2026, 11, 2, 8, 0) + hours)
    topic = Topic(slug=f"topic-{number}", name=f"Topic number {number}", position=number)
    session.add(topic)
    make_group(session, f"Group number {number}", position=number, chairs=[make_chair()])
    coming.segments[2].working_group = session.scalars(select(WorkingGroup).order_by(WorkingGroup.id)).first()
    for place, call in enumerate((coming, past, crowded_call)):
        talk = make_talk(session, _proposal(session, number, place, topic), call, state=TalkState.CONFIRMED,
                         position=number)  # fmt: skip
        talk.confirmations[0].wishes = [coming.id]
    make_proposal(session, f"Proposal number {number}", owner=olu, speakers=_pair(number))
    waiting = make_proposal(session, f"Waiting number {number}", state=ProposalState.ACCEPTED, speakers=_pair(number))
    waiting.topics.append(topic)
    reviewer = make_person(session, f"Person number {number}", email=f"person{number}@example.org", role=Role.ORGANIZER)
    reviewer.affiliation = f"Company number {number}"
    session.add(Review(proposal_id=discussed.id, organizer_id=reviewer.id, vote=Vote.YES, comment="", created_at=now,
                       updated_at=now))  # fmt: skip
    session.add(_mail(number, now=now))
    make_sister_event(session, make_sister(session, f"Sister number {number}"), "Their call", coming.starts_at)
    _add_notes(session, number, past, crowded_call, now=now)
    session.flush()
    return coming, past


def _add_notes(session, number, past, crowded_call, *, now):
    """Published notes that are being written anew, a line of them that names somebody, and a question that does."""
    members = past.series.notes_audience = NotesAudience.MEMBERS
    session.add_all((
        Notes(touchpoint_id=past.id, state=NotesState.READY, text="", created_at=now, updated_at=now),
        PublishedNotes(touchpoint_id=past.id, audience=members, text="Said.", version=1, published_at=now),
        Question(touchpoint_id=crowded_call.id, text=f"Does Person number {number} agree?", asked_on=now.date()),
    ))  # fmt: skip
    notes = session.get(Notes, crowded_call.id)
    if notes is None:
        notes = Notes(touchpoint_id=crowded_call.id, text="", created_at=now, updated_at=now)
        session.add(notes)
    notes.text += f"Person number {number} agreed.\n"


def _proposal(session, number, place, topic):
    title = f"Talk number {number} of {place}"
    proposal = make_proposal(session, title, state=ProposalState.ACCEPTED, speakers=_pair(number), minutes=10)
    proposal.topics.append(topic)
    return proposal


def _pair(number):
    return make_speaker(f"Sam{number} Speaker"), make_speaker(
        f"Kim{number} Speaker", affiliation=f"Firm number {number}"
    )


def _mail(number, *, now):
    return OutboxMessage(
        dedup=str(number),
        kind="received",
        recipient=f"person{number}@example.org",
        subject=f"Mail number {number} of many",
        message_id=f"<{number}@example.org>",
        message=b"",
        state=MailState.PARKED,
        created_at=now,
        due_at=now,
    )
