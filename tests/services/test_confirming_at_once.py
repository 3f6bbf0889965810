"""Speakers who answer at the same moment: every answer counts, and no name comes back that was just taken out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.confirming import Answer
from app.domain.errors import RuleViolation
from app.domain.states import ProposalState, TalkState
from app.models import Confirmation, Proposal, Publication, Talk
from app.services import confirming, proposing, publishing
from app.services.auditing import LINK
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

ABSTRACT = "The audience sees how fixes go upstream."


@pytest.fixture
def call(session, site, now):
    touchpoint = make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=40)
    publishing.publish_touchpoint(session, touchpoint, site=site, now=now)
    return touchpoint


@pytest.fixture
def at_once(session, site, now):
    """Runs each of `acts` in a thread and a session of its own, all at one moment; returns what each came to."""

    def at_once(*acts: Callable) -> list[str]:
        session.commit()
        engine, ready = session.get_bind(), threading.Barrier(len(acts))

        def one(act: Callable) -> str:
            with Session(engine) as own:
                ready.wait(timeout=30)
                try:
                    act(own, by=LINK, site=site, now=now)
                except RuleViolation:
                    return "refused"
                return "done"

        with ThreadPoolExecutor(len(acts)) as pool:
            came_to = list(pool.map(one, acts))
        session.expire_all()
        return came_to

    return at_once


def make(session, call, *names, title="Upstream first at a railway operator", state=TalkState.INVITED, position=0):
    speakers = tuple(make_speaker(name) for name in names)
    proposal = make_proposal(session, title, state=ProposalState.ACCEPTED, speakers=speakers)
    return make_talk(session, proposal, call, state=state, position=position)


def yes(confirmation, level, *, title="Upstream first at a railway operator"):
    confirmation_id = confirmation.id

    def act(own, **room):
        answer = Answer(title, ABSTRACT, level, recording_consent=False)
        confirming.confirm_talk(own, own.get(Confirmation, confirmation_id), answer, **room)

    return act


def published(session, call):
    return [talk["speakers"] for talk in session.get(Publication, call.id).value["talks"]]


def test_the_last_two_speakers_of_a_talk_confirm_at_one_moment(session, call, at_once):
    talk = make(session, call, "Sam Speaker", "Kim Speaker")
    first, second = talk.confirmations

    assert at_once(yes(first, Attribution.NAME), yes(second, Attribution.NAME)) == ["done", "done"]

    assert session.get(Talk, talk.id).state is TalkState.CONFIRMED
    assert published(session, call) == [["Sam Speaker", "Kim Speaker"]]


@pytest.mark.parametrize("attempt", range(4))
def test_a_name_that_is_taken_out_does_not_come_back_with_a_neighbours_answer(session, call, at_once, attempt):
    one = make(session, call, "Sam Speaker", state=TalkState.CONFIRMED)
    other = make(session, call, "Kim Speaker", title="Another talk", state=TalkState.CONFIRMED, position=1)

    came_to = at_once(
        yes(one.confirmations[0], Attribution.NONE),
        yes(other.confirmations[0], Attribution.NAME, title=f"A better title {attempt}"),
    )

    assert came_to == ["done", "done"]
    assert published(session, call) == [["A speaker"], ["Kim Speaker"]]


@pytest.mark.parametrize("attempt", range(4))
def test_a_talk_that_is_withdrawn_while_it_is_confirmed_is_not_public(session, call, at_once, attempt):
    talk = make(session, call, "Sam Speaker")
    proposal_id = talk.proposal.id

    def withdraw(own, **room):
        proposing.withdraw_proposal(own, own.get(Proposal, proposal_id), **room)

    confirmed, withdrawn = at_once(yes(talk.confirmations[0], Attribution.NAME), withdraw)

    assert (confirmed in {"done", "refused"}, withdrawn) == (True, "done"), attempt
    assert session.get(Talk, talk.id).state is TalkState.WITHDRAWN
    assert published(session, call) == []
