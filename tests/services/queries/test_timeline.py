"""The timeline says what happened and who must act next, and no date before its speakers were asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.proposals import DECIDED_WITHIN, UNSENT_KEPT, SeriesPreference
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.services.queries.proposal_choices import date_choice
from app.services.queries.timeline import ORGANIZERS, YOU, Step, timeline
from tests.cast import make_proposal, make_series, make_speaker, make_talk, make_touchpoint

MAIL = "You get a mail when they offer you one."


@pytest.fixture
def thursday(session):
    return make_series(session)


@pytest.fixture
def call(session, thursday):
    return make_touchpoint(session, thursday, datetime(2026, 12, 10, 14, 0))


@pytest.fixture
def held_call(session, thursday):
    return make_touchpoint(session, thursday, datetime(2026, 11, 19, 14, 0))


@pytest.fixture
def accepted(session, now):
    speakers = (make_speaker("Sam Speaker"), make_speaker("Kim Speaker"))
    proposal = make_proposal(session, state=ProposalState.ACCEPTED, speakers=speakers)
    proposal.decided_at, proposal.decision_reason = now - timedelta(days=1), "Welcome!"
    return proposal


def steps(proposal, site, now, *talks):
    return timeline(proposal, proposal.state, talks, site=site, now=now)


def begun(proposal):
    return [
        Step("Sent", at=proposal.submitted_at),
        Step("Accepted", "good", at=proposal.decided_at, words="Welcome!"),
    ]


def test_a_draft_waits_for_its_writer(session, site, now):
    assert steps(make_proposal(session, state=ProposalState.DRAFT), site, now) == [
        Step("Finish it and send it", "now", who=YOU)
    ]


def test_an_unconfirmed_proposal_waits_for_its_address(session, site, now):
    proposal = make_proposal(session, state=ProposalState.UNCONFIRMED)

    assert steps(proposal, site, now) == [
        Step("Written", at=proposal.updated_at),
        Step("Confirm your address", "now", who=YOU, by_when=proposal.updated_at + UNSENT_KEPT),
        Step("The organizers read it and vote", "next"),
    ]


def test_a_submitted_proposal_waits_for_the_organizers(session, site, now):
    proposal = make_proposal(session)

    assert steps(proposal, site, now) == [
        Step("Sent", at=proposal.submitted_at),
        Step("The organizers read it and vote", "now", who=ORGANIZERS, by_when=proposal.submitted_at + DECIDED_WITHIN),
        Step("They offer you a date", "next"),
        Step("You confirm it, and the public calendar shows it", "next"),
    ]


def test_a_declined_proposal_says_why(session, site, now):
    proposal = make_proposal(session, state=ProposalState.DECLINED)
    proposal.decided_at, proposal.decision_reason = now, "We had this topic in May."

    assert steps(proposal, site, now) == [
        Step("Sent", at=proposal.submitted_at),
        Step("Declined", "bad", at=now, words="We had this topic in May."),
    ]


def test_a_hold_is_no_date_yet(session, accepted, call, site, now):
    hold = make_talk(session, accepted, call)

    waiting = [*begun(accepted), Step("Find a date", "now", who=ORGANIZERS, words=MAIL)]
    assert steps(accepted, site, now) == waiting
    assert steps(accepted, site, now, hold) == waiting


def test_an_invitation_that_can_still_be_taken_back_is_no_date_yet(session, accepted, call, site, now):
    talk = make_talk(session, accepted, call, state=TalkState.INVITED)

    assert steps(accepted, site, now + site.settle - timedelta(seconds=1), talk)[-1].title == "Find a date"
    assert steps(accepted, site, now + site.settle, talk)[-1].title == "Confirm the date"


def test_an_invitation_waits_for_the_speakers_who_have_not_answered(session, accepted, call, site, now):
    talk = make_talk(session, accepted, call, state=TalkState.INVITED)
    later = now + timedelta(hours=1)
    asked = [
        *begun(accepted),
        Step("Invited", at=now, date=date_choice(call)),
        Step(
            "Confirm the date",
            "now",
            who="Sam Speaker and Kim Speaker",
            by_when=talk.answer_by,
            words="The mail that we sent holds a link for it, to each speaker their own.",
        ),
    ]

    assert steps(accepted, site, later, talk) == asked
    talk.confirmations[0].state = ConfirmationState.CONFIRMED
    assert steps(accepted, site, later, talk)[-1].who == "Kim Speaker"


def test_a_confirmed_talk_shows_its_public_date(session, accepted, call, site, now):
    talk = make_talk(session, accepted, call, state=TalkState.CONFIRMED)
    talk.confirmed_at = now

    assert steps(accepted, site, now, talk) == [
        *begun(accepted),
        Step("Confirmed", "good", at=now, date=date_choice(call), public=True),
        Step("The call", "next", at=call.starts_at),
    ]


def test_a_talk_is_held_when_its_call_is_over(session, accepted, held_call, site, now):
    talk = make_talk(session, accepted, held_call, state=TalkState.CONFIRMED)

    assert steps(accepted, site, now, talk) == [
        *begun(accepted),
        Step("Held", "good", date=date_choice(held_call), public=True),
    ]


def test_another_date_is_asked_for_in_the_speakers_words(session, accepted, call, site, now):
    talk = make_talk(session, accepted, call, state=TalkState.DECLINED)
    talk.confirmations[0].words = "I am on a train."

    assert steps(accepted, site, now, talk) == [
        *begun(accepted),
        Step("Another date was asked for", "bad", words="I am on a train.", date=date_choice(call)),
        Step("Find another date", "now", who=ORGANIZERS, words=MAIL),
    ]


def test_a_cross_shared_proposal_waits_for_its_second_date(session, accepted, call, site, now):
    accepted.preference = SeriesPreference.BOTH
    talk = make_talk(session, accepted, call, state=TalkState.CONFIRMED)

    assert steps(accepted, site, now, talk)[-1] == Step(
        "Find a date on the other call", "now", who=ORGANIZERS, words=MAIL
    )


def test_a_withdrawn_proposal_keeps_what_was_held(session, accepted, held_call, call, site, now):
    accepted.state, accepted.withdrawn_at = ProposalState.WITHDRAWN, now
    given = make_talk(session, accepted, held_call, state=TalkState.CONFIRMED)

    assert steps(accepted, site, now, given) == [
        Step("Sent", at=accepted.submitted_at),
        Step("Held", "good", date=date_choice(held_call), public=True),
        Step("Withdrawn", "bad", at=now),
    ]
