"""The question box: what is kept, from whom, until when, and who reads it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import inspect, select

from app.domain.errors import Conflict, Gone, InvalidInput, NotFound, TooMany
from app.domain.people import Role
from app.domain.publication import Audience
from app.domain.questions import MOST_WAITING, NamesIn
from app.domain.states import ConfirmationState, NotesState, QuestionState, TalkState, TouchpointState
from app.models import AuditEvent, Notes, Question, Talk
from app.services.auditing import Actor
from app.services.publishing import publish_touchpoint
from app.services.queries.confirming import read_confirm_page
from app.services.queries.questions import (
    count_notes_and_questions,
    read_asked_call,
    read_questions,
    read_waiting,
)
from app.services.questions import accepted_questions, ask_question, decide_question, forget_questions
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint


@pytest.fixture
def call(session, site, now):
    """To come in ten days, with Sam's talk; Sam is named in public."""
    call = make_touchpoint(session, make_series(session), datetime(2026, 12, 3, 14))
    make_talk(session, make_proposal(session), call, state=TalkState.CONFIRMED)
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    return call


@pytest.fixture
def olu(session):
    return Actor.signed_in(make_person(session, "Olu Okafor", role=Role.ORGANIZER))


def ask(session, call, text, now, *, names=None, asker=None):
    ask_question(session, call.key, text, names=names, asker=asker, now=now)


def test_a_question_is_its_words_and_a_day(session, call, now):
    before = session.scalars(select(AuditEvent.id)).all()
    ask(session, call, "Who pays?", now + timedelta(hours=5, minutes=7))
    [question] = session.scalars(select(Question))
    values = {column.key: getattr(question, column.key) for column in inspect(Question).columns}
    assert values == {
        "key": question.key,
        "touchpoint_id": call.id,
        "state": QuestionState.NEW,
        "text": "Who pays?",
        "asked_on": date(2026, 11, 23),
        "version": 1,
    }
    assert len(question.key) == 10  # random: it has no order
    assert session.scalars(select(AuditEvent.id)).all() == before  # an event would keep the moment


def test_the_asker_is_hinted_at_people_whom_the_public_knows_of_alone(session, call, now):
    make_person(session, "Lou Linden")
    session.commit()
    ask(session, call, "Does Lou Linden agree?", now)  # else the form would say who is in our tables
    with pytest.raises(InvalidInput) as refused:
        ask(session, call, "Does Sam Speaker agree?", now)
    assert refused.value.errors == {"names": "Your question names “Sam Speaker”: shall it be left out?"}
    ask(session, call, "Does Sam Speaker agree?", now, names=NamesIn.LEFT_OUT)
    assert sorted(session.scalars(select(Question.text))) == ["Does Lou Linden agree?", "Does a speaker agree?"]


def test_questions_are_closed_once_the_call_begins_or_does_not_take_place(session, call, now):
    with pytest.raises(Gone):
        ask(session, call, "Who pays?", call.starts_at)
    call.state = TouchpointState.SKIPPED
    with pytest.raises(Gone):
        ask(session, call, "Who pays?", now)
    assert not read_asked_call(session, call.key, asker=None, now=now).is_open


def test_members_alone_ask_for_their_calls(session, call, site, now):
    call.series.audience = Audience.MEMBERS
    publish_touchpoint(session, call, site=site, now=now)
    session.commit()
    mira, vera = make_person(session, "Mira Marsh", role=Role.MEMBER), make_person(session, "Vera Volunteer")
    ask(session, call, "Does Sam Speaker agree?", now, asker=mira)  # the public knows of no speaker here
    assert read_asked_call(session, call.key, asker=mira, now=now).is_open
    for stranger in (None, vera):
        with pytest.raises(NotFound):
            ask(session, call, "Who pays?", now, asker=stranger)
    with pytest.raises(NotFound):
        read_asked_call(session, "nosuchcall", asker=mira, now=now)


def test_a_call_that_was_never_published_has_no_box(session, call, now):
    other = make_touchpoint(session, call.series, datetime(2026, 12, 10, 14))
    with pytest.raises(NotFound):
        read_asked_call(session, other.key, asker=None, now=now)


def test_no_more_questions_wait_than_somebody_can_read(session, call, now):
    session.add_all(Question(touchpoint_id=call.id, text="Why?", asked_on=now.date()) for _ in range(MOST_WAITING))
    session.commit()
    with pytest.raises(TooMany):
        ask(session, call, "Who pays?", now)


def test_moderators_put_questions_into_neutral_words_and_accept_or_dismiss_them(session, call, olu, now):
    make_person(session, "Lou Linden")
    for text in ("Does Lou Linden agree?", "Who pays?"):
        ask(session, call, text, now)
    rows = read_questions(session, call, person=olu.person)
    by_text = {row.question.text: row for row in rows}
    named = by_text["Does Lou Linden agree?"]
    assert ([each.words for each in named.names], named.neutral) == (["Lou Linden"], "Does an OSPO member agree?")
    assert by_text["Who pays?"].names == ()

    def decide(row, state, text="", version=1):
        decide_question(session, call, row.question.key, text=text, state=state, version=version, by=olu, now=now)

    decide(named, QuestionState.ACCEPTED, named.neutral)
    decide(by_text["Who pays?"], QuestionState.DISMISSED)
    assert accepted_questions(session, call) == ("Does an OSPO member agree?",)
    [talk] = session.scalars(select(Talk))
    [answer] = talk.confirmations
    assert read_confirm_page(session, answer, now=now).questions == ("Does an OSPO member agree?",)
    answer.state = ConfirmationState.ASKED
    assert read_confirm_page(session, answer, now=now).questions == ()
    with pytest.raises(Conflict):
        decide(named, QuestionState.DISMISSED)
    with pytest.raises(InvalidInput):
        decide(by_text["Who pays?"], QuestionState.ACCEPTED, " ", version=2)
    assert [row.question.state for row in read_questions(session, call, person=olu.person)] == [
        QuestionState.ACCEPTED,
        QuestionState.DISMISSED,
    ]


def test_nobody_else_reads_or_decides(session, call, olu, now):
    ask(session, call, "Who pays?", now)
    mira = make_person(session, "Mira Marsh", role=Role.MEMBER)
    with pytest.raises(NotFound):
        read_questions(session, call, person=mira)
    call.moderator = mira
    session.flush()
    [row] = read_questions(session, call, person=mira)
    other = make_touchpoint(session, call.series, datetime(2026, 12, 10, 14))
    for key in (row.question.key, "nosuchone1"):
        with pytest.raises(NotFound):
            decide_question(session, other, key, text="", state=QuestionState.DISMISSED, version=1, by=olu, now=now)
    assert read_questions(session, other, person=olu.person) == []


def test_organizers_are_told_what_waits(session, call, olu, now):
    held = make_touchpoint(session, call.series, datetime(2026, 11, 19, 14))
    session.add(Notes(touchpoint_id=held.id, state=NotesState.READY, text="", created_at=now, updated_at=now))
    ask(session, call, "Who pays?", now)
    assert [(each.touchpoint, each.state, each.questions) for each in read_waiting(session, now=now)] == [
        (call, None, 1),
        (held, NotesState.READY, 0),
    ]
    assert count_notes_and_questions(session, now=now) == 2
    assert count_notes_and_questions(session, now=call.starts_at) == 1  # questions of a call that is over wait no more


def test_questions_are_forgotten_30_days_after_the_call(session, call, now):
    ask(session, call, "Who pays?", now)
    assert forget_questions(session, now=call.starts_at + timedelta(days=30)) == 0
    assert forget_questions(session, now=call.starts_at + timedelta(days=30, seconds=1)) == 1
    assert session.scalars(select(Question)).all() == []
