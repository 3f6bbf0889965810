"""Organizers who act at the same moment: exactly what fits is written, and everybody else is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.domain.people import Role
from app.domain.states import ON_THE_BOARD, ProposalState, TalkState
from app.models import Person, Proposal, Talk, Touchpoint
from app.services import inviting, placing
from app.services.auditing import Actor
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

ORGANIZERS = 6


@pytest.fixture
def organizers(session):
    return [make_person(session, f"Org{number}", role=Role.ORGANIZER).id for number in range(ORGANIZERS)]


@pytest.fixture
def calls(session):
    series = make_series(session)
    days = (datetime(2026, 12, 10, 14), datetime(2027, 1, 14, 14))
    return [make_touchpoint(session, series, day, talk_minutes=45).id for day in days]


@pytest.fixture
def at_once(session, site, now):
    """Runs `act(session, number, organizer)` in a thread each, all at one moment; returns what each came to.

    Whatever `read` loads is loaded before anybody acts, as on pages that were opened before.
    """

    def at_once(organizers, read: Callable, act: Callable) -> list[str]:
        session.commit()
        engine, ready = session.get_bind(), threading.Barrier(len(organizers))

        def one(number: int) -> str:
            with Session(engine, expire_on_commit=False) as own:
                organizer, seen = own.get(Person, organizers[number]), read(own, number)
                own.commit()
                ready.wait(timeout=30)
                try:
                    act(own, seen, by=Actor.signed_in(organizer), site=site, now=now)
                except Conflict:
                    own.rollback()
                    return "told"
                return "done"

        with ThreadPoolExecutor(len(organizers)) as pool:
            return sorted(pool.map(one, range(len(organizers))))

    return at_once


def talks(session):
    session.expire_all()
    query = select(Talk).where(Talk.state.in_(ON_THE_BOARD)).order_by(Talk.touchpoint_id, Talk.position)
    return session.scalars(query).all()


def test_many_organizers_fill_one_slot_and_never_overfill_it(session, organizers, calls, at_once):
    proposals = [make_proposal(session, state=ProposalState.ACCEPTED, minutes=20).id for _ in organizers]

    def read(own, number):
        return own.get(Proposal, proposals[number]), own.get(Touchpoint, calls[0])

    def act(own, seen, **room):
        proposal, call = seen
        placing.place_proposal(own, proposal, onto=call, version=proposal.version, **room)

    came_to = at_once(organizers, read, act)

    assert came_to == ["done"] * 2 + ["told"] * 4
    assert [talk.position for talk in talks(session)] == [0, 1]
    assert sum(talk.minutes for talk in talks(session)) == 40


def test_one_proposal_dropped_onto_two_calls_stands_on_one(session, organizers, calls, at_once):
    proposal_id = make_proposal(session, state=ProposalState.ACCEPTED, minutes=10).id

    def read(own, number):
        return own.get(Proposal, proposal_id), own.get(Touchpoint, calls[number % 2])

    def act(own, seen, **room):
        proposal, call = seen
        placing.place_proposal(own, proposal, onto=call, version=proposal.version, **room)

    assert at_once(organizers, read, act) == ["done"] + ["told"] * 5
    assert len(talks(session)) == 1


def test_one_talk_moved_by_many_is_moved_once(session, organizers, calls, at_once):
    first, second = (session.get(Touchpoint, call) for call in calls)
    talk_id = make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), first).id
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED, minutes=10), second)

    def read(own, number):
        return own.get(Talk, talk_id), own.get(Touchpoint, calls[1])

    def act(own, seen, **room):
        talk, call = seen
        placing.move_talk(own, talk, onto=call, position=0, version=talk.version, **room)

    assert at_once(organizers, read, act) == ["done"] + ["told"] * 5
    assert [(talk.touchpoint_id, talk.position) for talk in talks(session)] == [(calls[1], 0), (calls[1], 1)]


def test_talks_that_change_places_at_one_moment_end_in_one_order(session, organizers, calls, at_once):
    call = session.get(Touchpoint, calls[0])
    ids = [
        make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED, minutes=5), call, position=position).id
        for position in range(ORGANIZERS)
    ]

    def read(own, number):
        return own.get(Talk, ids[number]), own.get(Touchpoint, calls[0])

    def act(own, seen, **room):
        talk, touchpoint = seen
        placing.move_talk(own, talk, onto=touchpoint, position=0, version=talk.version, **room)

    assert at_once(organizers, read, act) == ["done"] * ORGANIZERS
    assert [talk.position for talk in talks(session)] == list(range(ORGANIZERS))


def test_two_invitations_at_one_moment_are_one(session, organizers, calls, at_once):
    call = session.get(Touchpoint, calls[0])
    talk_id = make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED), call).id

    def read(own, number):
        return own.get(Talk, talk_id)

    def act(own, talk, **room):
        inviting.invite_talk(own, talk, version=talk.version, **room)

    assert at_once(organizers, read, act) == ["done"] + ["told"] * 5
    assert [(talk.state, talk.sequence) for talk in talks(session)] == [(TalkState.INVITED, 0)]
