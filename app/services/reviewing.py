"""Reviewing: organizers vote on a proposal, and one of them accepts or declines it by the majority's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, InvalidInput, NotAllowed, RuleViolation
from app.domain.people import Role
from app.domain.reviews import Ground, Tally, Vote, tally
from app.domain.site import Site
from app.domain.states import ON_THE_BOARD, MailState, ProposalState, move_to
from app.domain.text import MAX_TEXT, clean_text
from app.mail.values import Mail
from app.models import OutboxMessage, Person, Proposal, Review, Talk
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


@dataclass(frozen=True)
class Decision:
    """What an organizer decides: ACCEPTED or DECLINED, on which ground, with which words to the volunteer."""

    verdict: ProposalState
    message: str
    ground: Ground


def decide(
    session: Session, proposal: Proposal, decision: Decision, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Accept or decline the proposal. The volunteer is told, in the organizer's words, after the settle time.

    Raises RuleViolation on the ground of a majority that there is not, InvalidInput without a reason to decline,
    NotAllowed on a proposal of one's own, Conflict for a stale version.
    """
    message, tallied = _checked(session, proposal, decision, version=version, by=by)
    move_to(proposal, decision.verdict)
    proposal.decided_at, proposal.decided_by, proposal.decision_reason = now, by.person, message
    action = f"proposal.{decision.verdict.value}"
    record(session, action, proposal, by=by, now=now, yes=tallied.yes, no=tallied.no, ground=decision.ground.value)
    notify = notifying.notify_accepted if decision.verdict is ProposalState.ACCEPTED else notifying.notify_declined
    notify(session, proposal, site=site, now=now)
    session.commit()


def preview_decision(
    session: Session, proposal: Proposal, decision: Decision, *, version: int, by: Actor, site: Site
) -> Mail:
    """The mail that the decision would send. Writes nothing, and refuses whatever `decide` would refuse."""
    message, _ = _checked(session, proposal, decision, version=version, by=by)
    return notifying.decision_mail(proposal, verdict=decision.verdict, reason=message, site=site)


def can_undo(session: Session, proposal: Proposal) -> bool:
    """Whether the decision's mail still waits, so that `undo_decision` can take it back, or there is nobody to mail."""
    if not proposal.email:
        return proposal.state in {ProposalState.ACCEPTED, ProposalState.DECLINED} and proposal.decided_at is not None
    waiting = select(func.count()).where(
        OutboxMessage.proposal_id == proposal.id,
        OutboxMessage.kind.in_(DECISION_MAILS),
        OutboxMessage.state == MailState.PENDING,
    )
    return bool(session.scalar(waiting))


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
    if not outbox.cancel_pending(session, DECISION_MAILS, proposal=proposal) and proposal.email:
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


def _checked(session: Session, proposal: Proposal, decision: Decision, *, version: int, by: Actor) -> tuple[str, Tally]:
    """The decision's words, cleaned, and the votes that it stands on."""
    expect_version(proposal, version)
    organizer, tallied = _organizer(by), count_votes(session, proposal)
    if proposal.state is not ProposalState.SUBMITTED:
        raise RuleViolation(f"This proposal is {proposal.state.value}: there is nothing to decide.")
    if is_own(proposal, organizer) and tallied.electorate:
        raise NotAllowed("You cannot decide on a proposal of your own.")
    accepting = decision.verdict is ProposalState.ACCEPTED
    message = _limited(decision.message, field="message")
    if not accepting and not message:
        raise InvalidInput({"message": "Say why, in words that the volunteer will read."})
    if decision.ground is Ground.MAJORITY and not (tallied.accepts if accepting else tallied.declines):
        word = Vote.YES if accepting else Vote.NO
        raise InvalidInput(
            {
                "verdict": f"This needs {tallied.needed} votes of {word.value} from the {tallied.electorate} who may "
                "vote. Without them, only the steering committee can settle it."
            }
        )
    return message, tallied


def _limited(text: str, *, field: str) -> str:
    cleaned = clean_text(text)
    if len(cleaned) > MAX_TEXT:
        raise InvalidInput({field: f"At most {MAX_TEXT} characters; these are {len(cleaned)}."})
    return cleaned
