"""Blind review: a proposal that is offered to such a series has no names for organizers until it is decided (ADR 0071).

Until it is decided, and not until one's own vote: votes can be changed, and organizers talk. An organizer may show the
names of one proposal to all before, with a reason that stays with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput, NotAllowed, RuleViolation
from app.domain.mentions import Identity, find_mentions, hidden_identity, without_mentions
from app.domain.people import Role
from app.domain.proposals import SeriesPreference
from app.domain.states import ProposalState
from app.domain.text import MAX_TEXT, clean_text
from app.mail.values import Mail
from app.models import OutboxMessage, Proposal, Series
from app.services.auditing import Actor, record
from app.services.talk_facts import facts_of

_DECIDED = frozenset({ProposalState.ACCEPTED, ProposalState.DECLINED})  # some came without a date, by an import
HIDDEN_READER = "The volunteer"
WHY_NOT_EDITED = "This proposal is reviewed without names, and its form has them. Show the names first, with a reason."


def blind_series(session: Session) -> frozenset[int]:
    """The running series whose proposals are reviewed without names."""
    query = select(Series.id).where(Series.blind_review, Series.ended_on.is_(None))
    return frozenset(session.scalars(query))


def is_blind(proposal: Proposal, blind: frozenset[int]) -> bool:
    """Whether organizers read the proposal without names, where `blind` are the series that ask for it.

    One that is offered to several series is, if one of these asks for it. One withdrawn before a decision stays so.
    """
    offered_to_one = proposal.preference is SeriesPreference.ONE
    asked_for = proposal.preferred_series_id in blind if offered_to_one else bool(blind)
    undecided = proposal.state not in _DECIDED and proposal.decided_at is None
    return asked_for and undecided and proposal.names_shown_at is None


def blind_proposals(blind: frozenset[int]) -> ColumnElement[bool]:
    """`is_blind` as a condition on proposals, also those that have not been sent yet."""
    offered = or_(Proposal.preference != SeriesPreference.ONE, Proposal.preferred_series_id.in_(blind))
    undecided = and_(Proposal.state.not_in(_DECIDED), Proposal.decided_at.is_(None))
    return and_(offered if blind else false(), undecided, Proposal.names_shown_at.is_(None))


def unnamed_mails(session: Session) -> Select[int]:
    """The ids of the mails about proposals that are reviewed without names: nobody learns to whom they go."""
    proposals = select(Proposal.id).where(blind_proposals(blind_series(session)))
    return select(OutboxMessage.id).where(OutboxMessage.proposal_id.in_(proposals))


def show_names(session: Session, proposal: Proposal, *, reason: str, by: Actor, now: datetime) -> None:
    """End the blind review of one proposal before its decision, for all organizers.

    Raises NotAllowed for others than organizers, RuleViolation where names are shown already, InvalidInput without a
    reason.
    """
    if by.person is None or by.person.role is not Role.ORGANIZER:
        raise NotAllowed("Only organizers review proposals.")
    if not is_blind(proposal, blind_series(session)):
        raise RuleViolation("The names of this proposal are shown already.")
    words = clean_text(reason)
    if not words:
        raise InvalidInput({"reason": "Say why the names are needed. Every organizer reads it."})
    if len(words) > MAX_TEXT:
        raise InvalidInput({"reason": f"At most {MAX_TEXT} characters; these are {len(words)}."})
    proposal.names_shown_at, proposal.names_shown_by, proposal.names_shown_reason = now, by.person, words
    record(session, "proposal.names_shown", proposal, by=by, now=now)
    session.commit()


def unnamed(text: str, proposal: Proposal) -> str:
    """`text` with everybody who proposed it or speaks in it in neutral words."""
    return without_mentions(text, find_mentions(text, identities(proposal)))


def unnamed_mail(mail: Mail, proposal: Proposal) -> Mail:
    """The mail as an organizer may preview it who must not know whom it goes to."""
    subject, text = unnamed(mail.subject, proposal), unnamed(mail.text, proposal)
    return replace(mail, to=HIDDEN_READER, subject=subject, text=text, html="")


def identities(proposal: Proposal) -> Iterable[Identity]:
    """All by which the proposal's people could be recognised."""
    for speaker in proposal.speakers:
        yield hidden_identity(facts_of(speaker, Attribution.ROLE))
    if proposal.owner is not None:
        yield Identity(proposal.owner.name, proposal.owner.affiliation, (proposal.owner.email,), stand_in="a volunteer")
    yield Identity(emails=(proposal.email,), stand_in="a volunteer")
