"""Organizers vote, one of them decides by the majority's word, and the decision can be undone until its mail left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from app.domain.people import Role
from app.domain.reviews import Ground, Vote
from app.domain.states import MailState, ProposalState
from app.domain.text import MAX_TEXT
from app.models import AuditEvent, OutboxMessage, Review
from app.services import reviewing
from app.services.auditing import COMMAND, Actor
from app.services.reviewing import Decision
from tests.cast import make_person, make_proposal, make_series, make_talk, make_touchpoint

ACCEPT = Decision(ProposalState.ACCEPTED, "Welcome!", Ground.MAJORITY)
DECLINE = Decision(ProposalState.DECLINED, "We had this topic in May.", Ground.MAJORITY)


@pytest.fixture
def olu(session):
    return make_person(session, "Olu Organizer", role=Role.ORGANIZER)


@pytest.fixture
def ines(session):
    return make_person(session, "Ines Organizer", role=Role.ORGANIZER)


@pytest.fixture
def proposal(session):
    return make_proposal(session)


def cast(session, proposal, organizer, vote, now, comment=""):
    return reviewing.cast_vote(session, proposal, vote=vote, comment=comment, by=Actor.signed_in(organizer), now=now)


def decide(session, proposal, decision, organizer, site, now, version=None):
    version = proposal.version if version is None else version
    by = Actor.signed_in(organizer)
    reviewing.decide(session, proposal, decision, version=version, by=by, site=site, now=now)


def outbox(session):
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.kind, row.recipient, row.state) for row in rows]


def test_a_second_vote_replaces_the_first(session, proposal, olu, now):
    cast(session, proposal, olu, Vote.NO, now, "Too long")
    cast(session, proposal, olu, Vote.YES, now + timedelta(hours=1), "Short enough\x00 now")

    review = session.scalars(select(Review)).one()
    assert (review.vote, review.comment) == (Vote.YES, "Short enough now")
    assert (review.created_at, review.updated_at) == (now, now + timedelta(hours=1))


def test_nobody_votes_on_a_proposal_of_their_own(session, olu, now):
    own = make_proposal(session, email=olu.email)

    with pytest.raises(NotAllowed, match="of your own"):
        cast(session, own, olu, Vote.YES, now)
    assert session.scalars(select(Review)).all() == []


def test_a_volunteer_does_not_vote(session, proposal, now):
    with pytest.raises(NotAllowed, match="Only organizers"):
        cast(session, proposal, make_person(session, "Vera Volunteer"), Vote.YES, now)
    with pytest.raises(NotAllowed, match="Only organizers"):
        reviewing.cast_vote(session, proposal, vote=Vote.YES, comment="", by=COMMAND, now=now)


def test_votes_are_closed_after_the_decision(session, olu, now):
    accepted = make_proposal(session, state=ProposalState.ACCEPTED)

    with pytest.raises(RuleViolation, match="Votes are closed"):
        cast(session, accepted, olu, Vote.YES, now)


def test_a_comment_has_a_length(session, proposal, olu, now):
    with pytest.raises(InvalidInput) as error:
        cast(session, proposal, olu, Vote.YES, now, "x" * (MAX_TEXT + 1))
    assert error.value.errors == {"comment": "At most 2000 characters; these are 2001."}


def test_a_majority_accepts_and_the_volunteer_is_told_after_the_settle_time(session, proposal, olu, ines, site, now):
    cast(session, proposal, olu, Vote.YES, now)
    cast(session, proposal, ines, Vote.YES, now)

    decide(session, proposal, ACCEPT, olu, site, now)

    assert (proposal.state, proposal.decided_by, proposal.decided_at) == (ProposalState.ACCEPTED, olu, now)
    mail = session.scalars(select(OutboxMessage)).one()
    assert (mail.kind, mail.recipient, mail.due_at) == ("accepted", "vera@example.org", now + site.settle)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "proposal.accepted")).one()
    assert event.detail == {"yes": 2, "no": 0, "ground": "majority"}


def test_one_of_two_votes_is_no_majority(session, proposal, olu, ines, site, now):
    cast(session, proposal, olu, Vote.YES, now)

    with pytest.raises(InvalidInput) as error:
        decide(session, proposal, ACCEPT, olu, site, now)

    assert error.value.errors["verdict"].startswith("This needs 2 votes of yes from the 2 who may vote.")
    assert (proposal.state, outbox(session)) == (ProposalState.SUBMITTED, [])


def test_the_votes_of_former_organizers_do_not_count(session, proposal, olu, ines, site, now):
    cast(session, proposal, ines, Vote.YES, now)
    ines.role = Role.MEMBER

    counted = reviewing.count_votes(session, proposal)

    assert (counted.yes, counted.electorate) == (0, 1)


def test_the_steering_committee_settles_without_a_majority(session, proposal, olu, ines, site, now):
    decision = Decision(ProposalState.DECLINED, "The committee prefers a demo.", Ground.COMMITTEE)

    decide(session, proposal, decision, olu, site, now)

    assert (proposal.state, proposal.decision_reason) == (ProposalState.DECLINED, "The committee prefers a demo.")
    assert outbox(session) == [("declined", "vera@example.org", MailState.PENDING)]


def test_declining_needs_a_reason(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.NO, now)

    with pytest.raises(InvalidInput) as error:
        decide(session, proposal, Decision(ProposalState.DECLINED, "  ", Ground.MAJORITY), olu, site, now)
    assert error.value.errors == {"message": "Say why, in words that the volunteer will read."}


def test_nobody_decides_on_a_proposal_of_their_own_while_others_can(session, olu, ines, site, now):
    own = make_proposal(session, owner=olu, email="elsewhere@example.org")
    cast(session, own, ines, Vote.YES, now)

    with pytest.raises(NotAllowed, match="of your own"):
        decide(session, own, ACCEPT, olu, site, now)


def test_a_lone_organizer_may_decide_on_their_own_proposal_for_the_committee(session, olu, site, now):
    own = make_proposal(session, owner=olu, email=olu.email)

    decide(session, own, Decision(ProposalState.ACCEPTED, "", Ground.COMMITTEE), olu, site, now)

    assert own.state is ProposalState.ACCEPTED


def test_a_decision_on_a_changed_proposal_is_a_conflict(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.YES, now)

    with pytest.raises(Conflict):
        decide(session, proposal, ACCEPT, olu, site, now, version=proposal.version - 1)


def test_a_decided_proposal_is_not_decided_twice(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.YES, now)
    decide(session, proposal, ACCEPT, olu, site, now)

    with pytest.raises(RuleViolation, match="nothing to decide"):
        decide(session, proposal, ACCEPT, olu, site, now)


def test_the_preview_is_the_mail_that_leaves(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.NO, now)

    preview = reviewing.preview_decision(
        session, proposal, DECLINE, version=proposal.version, by=Actor.signed_in(olu), site=site
    )
    assert outbox(session) == []
    decide(session, proposal, DECLINE, olu, site, now)

    sent = session.scalars(select(OutboxMessage)).one()
    assert (sent.subject, sent.recipient) == (preview.subject, preview.to)
    assert "We had this topic in May." in preview.text


def test_a_decision_is_undone_while_its_mail_waits(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.YES, now)
    decide(session, proposal, ACCEPT, olu, site, now)
    assert reviewing.can_undo(session, proposal) is True

    reviewing.undo_decision(session, proposal, version=proposal.version, by=Actor.signed_in(olu), now=now)

    assert (proposal.state, proposal.decided_by, proposal.decision_reason) == (ProposalState.SUBMITTED, None, "")
    assert outbox(session) == [("accepted", "vera@example.org", MailState.CANCELLED)]
    assert reviewing.can_undo(session, proposal) is False


def test_a_decision_after_an_undone_one_sends_its_mail(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.YES, now)
    decide(session, proposal, ACCEPT, olu, site, now)
    reviewing.undo_decision(session, proposal, version=proposal.version, by=Actor.signed_in(olu), now=now)

    decide(session, proposal, ACCEPT, olu, site, now)

    states = [state for _, _, state in outbox(session)]
    assert states.count(MailState.PENDING) == 1


def test_a_decision_whose_mail_has_left_stays(session, proposal, olu, site, now):
    cast(session, proposal, olu, Vote.YES, now)
    decide(session, proposal, ACCEPT, olu, site, now)
    session.scalars(select(OutboxMessage)).one().state = MailState.SENT

    with pytest.raises(Conflict, match="has left"):
        reviewing.undo_decision(session, proposal, version=proposal.version, by=Actor.signed_in(olu), now=now)


def test_there_is_nothing_to_undo_before_a_decision(session, proposal, olu, now):
    with pytest.raises(RuleViolation, match="no decision"):
        reviewing.undo_decision(session, proposal, version=proposal.version, by=Actor.signed_in(olu), now=now)


def test_a_proposal_on_the_board_is_not_undone(session, olu, now):
    proposal = make_proposal(session, state=ProposalState.ACCEPTED)
    series = make_series(session)
    make_talk(session, proposal, make_touchpoint(session, series, (now + timedelta(days=17)).replace(tzinfo=None)))

    with pytest.raises(RuleViolation, match="on the board"):
        reviewing.undo_decision(session, proposal, version=proposal.version, by=Actor.signed_in(olu), now=now)
