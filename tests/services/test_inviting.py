"""Speakers are asked when an organizer says so, reminded once, and asked again after a move."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, RuleViolation
from app.domain.people import Role
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState, TouchpointState
from app.models import AuditEvent, OutboxMessage
from app.services import inviting
from app.services.auditing import Actor
from app.services.board_moves import occasion_of
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint

DAY = timedelta(days=1)


@pytest.fixture
def december(session):
    return make_touchpoint(session, make_series(session), datetime(2026, 12, 10, 14), talk_minutes=60)


@pytest.fixture
def proposal(session):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Tia Speaker"))
    return make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)


@pytest.fixture
def room(session, site, now):
    olu = make_person(session, "Olu Organizer", role=Role.ORGANIZER)
    return {"by": Actor.signed_in(olu), "site": site, "now": now}


def mails(session):
    query = select(OutboxMessage).where(OutboxMessage.state == MailState.PENDING).order_by(OutboxMessage.id)
    return [(mail.kind, mail.recipient) for mail in session.scalars(query)]


def actions(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def test_inviting_a_hold_asks_each_speaker(session, proposal, december, room, now):
    talk = make_talk(session, proposal, december)

    inviting.invite_talk(session, talk, version=talk.version, **room)

    assert (talk.state, talk.invited_at, talk.answer_by) == (TalkState.INVITED, now, now + 7 * DAY)
    assert [answer.state for answer in talk.confirmations] == [ConfirmationState.ASKED] * 2
    assert mails(session) == [("invited", "sam@example.org"), ("invited", "tia@example.org")]
    assert actions(session) == ["talk.invited"]


def test_a_declined_date_can_be_asked_for_again_of_those_who_have_not_confirmed(session, proposal, december, room):
    talk = make_talk(session, proposal, december, state=TalkState.DECLINED)
    talk.confirmations[0].state = ConfirmationState.CONFIRMED
    talk.confirmations[1].words = "Not that day"
    session.commit()

    inviting.invite_talk(session, talk, version=talk.version, **room)

    assert [(answer.state, answer.words) for answer in talk.confirmations] == [
        (ConfirmationState.CONFIRMED, ""),
        (ConfirmationState.ASKED, ""),
    ]
    assert mails(session) == [("invited", "tia@example.org")]


def test_a_declined_date_whose_minutes_were_given_away_is_not_asked_for_again(session, proposal, december, room):
    talk = make_talk(session, proposal, december, state=TalkState.DECLINED)
    make_talk(session, make_proposal(session, state=ProposalState.ACCEPTED, minutes=45), december, position=1)
    with pytest.raises(
        RuleViolation, match=r"^The minutes on Thu 10 Dec have been given away meanwhile: 5 too many\.$"
    ):
        inviting.invite_talk(session, talk, version=talk.version, **room)


@pytest.mark.parametrize("state", [TalkState.INVITED, TalkState.CONFIRMED])
def test_nobody_is_asked_twice(session, proposal, december, room, state):
    talk = make_talk(session, proposal, december, state=state)
    with pytest.raises(RuleViolation, match=r"^The speakers of this talk have been asked already\.$"):
        inviting.invite_talk(session, talk, version=talk.version, **room)
    assert mails(session) == []


def test_a_stale_invitation_is_refused(session, proposal, december, room):
    talk = make_talk(session, proposal, december)
    with pytest.raises(Conflict):
        inviting.invite_talk(session, talk, version=talk.version + 1, **room)


@pytest.mark.parametrize("late", [False, True])
def test_nobody_is_invited_to_a_call_that_is_skipped_or_has_begun(session, proposal, december, room, late):
    talk = make_talk(session, proposal, december)
    if late:
        room = {**room, "now": december.starts_at}
    else:
        december.state = TouchpointState.SKIPPED
    with pytest.raises(RuleViolation, match="skipped or over"):
        inviting.invite_talk(session, talk, version=talk.version, **room)


def test_a_talk_without_a_date_is_not_asked_for(session, proposal, december, room):
    talk = make_talk(session, proposal, december)
    talk.touchpoint = talk.position = None
    with pytest.raises(RuleViolation, match=r"^This talk is not on the board\.$"):
        inviting.ask_again(session, talk, **room)


def test_a_talk_without_any_address_is_confirmed_on_behalf_instead(session, proposal, december, room):
    for speaker in proposal.speakers:
        speaker.email = None
    talk = make_talk(session, proposal, december)
    with pytest.raises(RuleViolation, match="confirm on their behalf"):
        inviting.invite_talk(session, talk, version=talk.version, **room)


def test_all_holds_of_a_call_are_invited_at_once(session, december, room):
    talks = [
        make_talk(
            session,
            make_proposal(session, speakers=(make_speaker(f"S{number} Speaker"),), state=ProposalState.ACCEPTED),
            december,
            state=state,
            position=number,
        )
        for number, state in enumerate((TalkState.HOLD, TalkState.CONFIRMED, TalkState.HOLD))
    ]

    assert inviting.invite_touchpoint(session, december, **room) == 2

    assert [talk.state for talk in talks] == [TalkState.INVITED, TalkState.CONFIRMED, TalkState.INVITED]
    assert mails(session) == [("invited", "s0@example.org"), ("invited", "s2@example.org")]


def test_a_call_without_holds_has_nobody_to_invite(session, proposal, december, room):
    make_talk(session, proposal, december, state=TalkState.INVITED)
    with pytest.raises(RuleViolation, match="no hold on this call"):
        inviting.invite_touchpoint(session, december, **room)


def test_asking_again_tells_was_and_now_only_where_they_differ(session, proposal, december, room):
    talk = make_talk(session, proposal, december, state=TalkState.CONFIRMED)
    same, other = (
        occasion_of(december),
        occasion_of(make_touchpoint(session, december.series, datetime(2026, 12, 3, 14))),
    )

    assert inviting.ask_again(session, talk, **room) == "invited"
    assert inviting.ask_again(session, talk, was=same, **room) == "invited"
    assert inviting.ask_again(session, talk, was=other, **room) == "moved"

    assert (talk.state, talk.sequence) == (TalkState.INVITED, 0)
    assert actions(session) == ["talk.asked_again"] * 3


def test_those_who_have_not_answered_are_reminded_once(session, proposal, december, room, site, now):
    talk = make_talk(session, proposal, december)
    inviting.invite_talk(session, talk, version=talk.version, **room)
    talk.confirmations[0].state = ConfirmationState.CONFIRMED
    session.commit()

    assert inviting.remind_unanswered(session, site=site, now=now + 3 * DAY) == 0
    assert inviting.remind_unanswered(session, site=site, now=now + 4 * DAY) == 1
    assert inviting.remind_unanswered(session, site=site, now=now + 5 * DAY) == 0

    assert talk.reminded_at == now + 4 * DAY
    assert mails(session)[2:] == [("reminded", "tia@example.org")]


@pytest.mark.parametrize("state", [TalkState.HOLD, TalkState.CONFIRMED, TalkState.DECLINED])
def test_nobody_is_reminded_of_what_they_were_not_asked_or_have_answered(session, proposal, december, site, now, state):
    talk = make_talk(session, proposal, december, state=state)
    talk.answer_by = now + DAY
    session.commit()
    assert inviting.remind_unanswered(session, site=site, now=now + 2 * DAY) == 0


def test_nobody_is_reminded_of_a_call_that_is_skipped_or_over(session, proposal, december, site, now):
    make_talk(session, proposal, december, state=TalkState.INVITED)
    session.commit()
    assert inviting.remind_unanswered(session, site=site, now=december.starts_at) == 0
    december.state = TouchpointState.SKIPPED
    session.commit()
    assert inviting.remind_unanswered(session, site=site, now=now + 5 * DAY) == 0
