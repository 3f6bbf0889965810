"""Reviewing: organizers vote on a proposal, and one of them accepts or declines it by the majority's word."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from app.domain.people import Role
from app.domain.reviews import Ground, Tally, Vote, tally
from app.domain.site import Site
from app.domain.states import ON_THE_BOARD, ProposalState, move_to
from app.domain.text import MAX_TEXT, clean_text
from app.models import Person, Proposal, Review, Talk
from app.services import notifying, outbox
from app.services.auditing import Actor, record
from app.services.versions import expect_version

DECISION_MAILS = ("accepted", "declined")


def is_own(proposal: Proposal, organizer: Person) -> bool:
    """Whether the organizer proposed it or is one of its speakers: then they neither vote nor decide."""
    addresses = {proposal.email, *(speaker.email for speaker in proposal.speakers)}
    return proposal.owner_id == organizer.id or organizer.email in addresses


def count_votes(session: Session, proposal: Proposal) -> Tally:
    """The votes of the present organizers who may vote on this proposal."""
    organizers = session.scalars(select(Person).where(Person.role == Role.ORGANIZER)).all()
    electorate = {person.id for person in organizers if not is_own(proposal, person)}
    reviews = session.scalars(select(Review).where(Review.proposal_id == proposal.id)).all()
    votes = [review.vote for review in reviews if review.organizer_id in electorate]
    return tally(votes, electorate=len(electorate))


def cast_vote(session: Session, proposal: Proposal, *, vote: Vote, comment: str, by: Actor, now: datetime) -> Review:
    """Write or change the organizer's vote and private comment.

    Raises NotAllowed on a proposal of their own, RuleViolation when it is not waiting for a decision (any more),
    InvalidInput for a comment that is too long.
    """
    organizer = _organizer(by)
    if is_own(proposal, organizer):
        raise NotAllowed("You cannot vote on a proposal of your own.")
    if proposal.state is not ProposalState.SUBMITTED:
        raise RuleViolation(f"Votes are closed: this proposal is {proposal.state.value}.")
    review = session.scalar(
        select(Review).where(Review.proposal_id == proposal.id, Review.organizer_id == organizer.id)
    )
    if review is None:
        review = Review(proposal_id=proposal.id, organizer_id=organizer.id, created_at=now)
        session.add(review)
    review.vote, review.comment, review.updated_at = vote, _limited(comment, field="comment"), now
    record(session, "proposal.reviewed", proposal, by=by, now=now, vote=vote.value)
    session.commit()
    return review


def accept_proposal(
    session: Session,
    proposal: Proposal,
    *,
    message: str,
    ground: Ground,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Accept: it may be placed on the board, and the volunteer is told, with `message` in the organizer's words.

    The mail waits for the settle time, so that `undo_decision` can take it back.
    Raises RuleViolation on the ground of a majority that there is not, NotAllowed on one's own, Conflict for a stale
    version.
    """
    expect_version(proposal, version)
    tallied = _may_decide(session, proposal, ground=ground, by=by, verdict=Vote.YES)
    _decide(proposal, ProposalState.ACCEPTED, reason=_limited(message, field="message"), by=by, now=now)
    record(session, "proposal.accepted", proposal, by=by, now=now, yes=tallied.yes, ground=ground.value)
    notifying.notify_accepted(session, proposal, site=site, now=now)
    session.commit()


def decline_proposal(
    session: Session,
    proposal: Proposal,
    *,
    message: str,
    ground: Ground,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Decline with a reason in the organizer's words, which goes to the volunteer. Raises as `accept_proposal` does,
    and InvalidInput without a reason.
    """
    expect_version(proposal, version)
    reason = _limited(message, field="message")
    if not reason:
        raise InvalidInput({"message": "Say why, in words that the volunteer will read."})
    tallied = _may_decide(session, proposal, ground=ground, by=by, verdict=Vote.NO)
    _decide(proposal, ProposalState.DECLINED, reason=reason, by=by, now=now)
    record(session, "proposal.declined", proposal, by=by, now=now, no=tallied.no, ground=ground.value)
    notifying.notify_declined(session, proposal, site=site, now=now)
    session.commit()


def undo_decision(session: Session, proposal: Proposal, *, version: int, by: Actor, now: datetime) -> None:
    """Take a decision back while its mail has not left.

    Raises Conflict when the mail has left or the version is stale, RuleViolation when there is nothing to undo or
    the proposal stands on the board.
    """
    expect_version(proposal, version)
    if proposal.state not in {ProposalState.ACCEPTED, ProposalState.DECLINED}:
        raise RuleViolation("There is no decision to undo.")
    placed = select(func.count()).where(Talk.proposal_id == proposal.id, Talk.state.in_(ON_THE_BOARD))
    if session.scalar(placed):
        raise RuleViolation("This proposal is on the board. Take it back to the inbox first.")
    if not outbox.cancel_pending(session, DECISION_MAILS, proposal=proposal):
        raise Conflict("The mail with the decision has left: it cannot be undone any more.")
    move_to(proposal, ProposalState.SUBMITTED)
    proposal.decided_at = proposal.decided_by = None
    proposal.decision_reason = ""
    record(session, "proposal.decision_undone", proposal, by=by, now=now)
    session.commit()


def _organizer(by: Actor) -> Person:
    if by.person is None or by.person.role is not Role.ORGANIZER:
        raise NotAllowed("Only organizers review proposals.")
    return by.person


def _may_decide(session: Session, proposal: Proposal, *, ground: Ground, by: Actor, verdict: Vote) -> Tally:
    organizer = _organizer(by)
    tallied = count_votes(session, proposal)
    if proposal.state is not ProposalState.SUBMITTED:
        raise RuleViolation(f"This proposal is {proposal.state.value}: there is nothing to decide.")
    if is_own(proposal, organizer) and tallied.electorate:
        raise NotAllowed("You cannot decide on a proposal of your own.")
    carried = tallied.accepts if verdict is Vote.YES else tallied.declines
    if ground is Ground.MAJORITY and not carried:
        raise RuleViolation(
            f"This needs {tallied.needed} votes of {verdict.value} from the {tallied.electorate} organizers who may vote. "
            "Without them, only the steering committee can settle it."
        )
    return tallied


def _decide(proposal: Proposal, state: ProposalState, *, reason: str, by: Actor, now: datetime) -> None:
    move_to(proposal, state)
    proposal.decided_at, proposal.decided_by, proposal.decision_reason = now, by.person, reason


def _limited(text: str, *, field: str) -> str:
    cleaned = clean_text(text)
    if len(cleaned) > MAX_TEXT:
        raise InvalidInput({field: f"At most {MAX_TEXT} characters; these are {len(cleaned)}."})
    return cleaned
