"""A proposal is withdrawn at any time: off every coming call at once, and everyone concerned hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import RuleViolation
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.publication import PublicStatus
from app.domain.states import MailState, ProposalState, TalkState
from app.models import AuditEvent, OutboxMessage, Publication
from app.services import notifying, publishing
from app.services.auditing import LINK
from app.services.proposing import is_given, withdraw_proposal
from tests.cast import make_person, make_proposal, make_series, make_speaker, make_talk, make_touchpoint


@pytest.fixture(autouse=True)
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def call(session, thursday):
    return make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))


@pytest.fixture
def held_call(session, thursday):
    return make_touchpoint(session, thursday, datetime(2026, 11, 19, 14, 0))


def accepted(session, **options):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker"))
    return make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers, **options)


def withdraw(session, proposal, site, now):
    withdraw_proposal(session, proposal, by=LINK, site=site, now=now)


def mails(session):
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.recipient, OutboxMessage.id))
    return [(row.kind, row.recipient) for row in rows if row.state is not MailState.CANCELLED]


def status(session, touchpoint):
    return session.get(Publication, touchpoint.id).status


def test_a_confirmed_talk_leaves_its_call_and_the_public_sees_it_cancelled(session, call, site, now):
    talk = make_talk(session, accepted(session), call, state=TalkState.CONFIRMED)
    publishing.publish_touchpoint(session, call, site=site, now=now)
    version = call.version
    withdraw(session, talk.proposal, site, now + timedelta(hours=1))

    assert (talk.state, talk.touchpoint, talk.position) == (TalkState.WITHDRAWN, None, None)
    assert (talk.proposal.state, talk.proposal.withdrawn_at) == (ProposalState.WITHDRAWN, now + timedelta(hours=1))
    assert status(session, call) is PublicStatus.CANCELLED
    assert call.version == version + 1, "an organizer who drags onto this call at the same time must see a conflict"
    actions = list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == ["proposal.withdrawn", "talk.withdrawn"]


def test_volunteer_speakers_and_organizers_are_told(session, call, site, now):
    talk = make_talk(session, accepted(session), call, state=TalkState.INVITED)
    withdraw(session, talk.proposal, site, now)

    assert mails(session) == [
        ("withdrawn", "kim@example.org"),
        ("withdrawn", "olu@example.org"),
        ("withdrawn", "sam@example.org"),
        ("withdrawn", "vera@example.org"),
    ]


def test_mails_that_tell_of_it_and_have_not_left_are_taken_back(session, site, now):
    proposal = accepted(session)
    notifying.notify_accepted(session, proposal, site=site, now=now)
    withdraw(session, proposal, site, now)

    accepted_mail = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "accepted")).one()
    assert accepted_mail.state is MailState.CANCELLED


def test_a_hold_that_no_speaker_knew_of_is_not_told_of(session, call, site, now):
    talk = make_talk(session, accepted(session), call)
    withdraw(session, talk.proposal, site, now)

    assert talk.state is TalkState.WITHDRAWN
    assert not any(b"10 December" in row.message for row in session.scalars(select(OutboxMessage)))


def test_a_talk_off_the_board_is_withdrawn_too(session, call, site, now):
    talk = make_talk(session, accepted(session), call)
    talk.state, talk.touchpoint, talk.position = TalkState.RELEASED, None, None
    withdraw(session, talk.proposal, site, now)

    assert talk.state is TalkState.WITHDRAWN


def test_nobody_is_told_of_a_proposal_that_nobody_had_heard_of(session, site, now):
    proposal = make_proposal(session, state=ProposalState.UNCONFIRMED)
    proposal.submitted_at = None
    session.flush()
    withdraw(session, proposal, site, now)

    assert (proposal.state, mails(session)) == (ProposalState.WITHDRAWN, [])


def test_withdrawing_once_is_enough(session, site, now):
    proposal = accepted(session)
    withdraw(session, proposal, site, now)
    told = mails(session)
    withdraw(session, proposal, site, now + timedelta(hours=1))

    assert (proposal.withdrawn_at, mails(session)) == (now, told)


def test_a_talk_that_was_given_stays_in_the_archive(session, held_call, site, now):
    talk = make_talk(session, accepted(session), held_call, state=TalkState.CONFIRMED)

    with pytest.raises(RuleViolation, match="has been given"):
        withdraw(session, talk.proposal, site, now)
    assert (talk.state, talk.proposal.state) == (TalkState.CONFIRMED, ProposalState.ACCEPTED)


def test_the_second_call_of_a_cross_shared_talk_is_withdrawn_and_the_first_stays(session, call, held_call, site, now):
    proposal = accepted(session, preference=SeriesPreference.BOTH)
    given = make_talk(session, proposal, held_call, state=TalkState.CONFIRMED)
    coming = make_talk(session, proposal, call, state=TalkState.INVITED)
    withdraw(session, proposal, site, now)

    assert (given.state, coming.state) == (TalkState.CONFIRMED, TalkState.WITHDRAWN)
    assert proposal.state is ProposalState.WITHDRAWN


def test_a_talk_is_given_when_its_call_is_over(session, call, held_call, now):
    proposal = accepted(session)
    given = make_talk(session, proposal, held_call, state=TalkState.CONFIRMED)
    never_confirmed = make_talk(session, accepted(session), held_call, state=TalkState.INVITED, position=1)
    coming = make_talk(session, proposal, call, state=TalkState.CONFIRMED)

    assert [is_given(talk, now=now) for talk in (given, never_confirmed, coming)] == [True, False, False]
    assert is_given(coming, now=call.ends_at)
    coming.touchpoint = coming.position = None
    assert not is_given(coming, now=now)
