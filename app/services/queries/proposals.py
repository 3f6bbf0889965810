"""The volunteer's view of their proposals: what happened, who must act next and by when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.site import Site
from app.domain.states import ProposalState
from app.models import Confirmation, Person, Proposal, Speaker, Talk, Touchpoint
from app.services import links
from app.services.proposing import decision_is_out, is_given
from app.services.queries.proposal_choices import DateChoice
from app.services.queries.timeline import Step, timeline

_ON_ITS_WAY = frozenset({ProposalState.UNCONFIRMED, ProposalState.SUBMITTED, ProposalState.ACCEPTED})


@dataclass(frozen=True)
class ProposalPage:
    """One proposal for its volunteer. `state` is what they may know: an undoable decision is not out yet.

    `may_preview`: it may come to stand on a calendar. Once it does, its public page says what speakers chose there.
    """

    proposal: Proposal
    state: ProposalState
    steps: Sequence[Step]
    may_edit: bool
    may_withdraw: bool
    may_preview: bool


@dataclass(frozen=True)
class MyProposal:
    """A line of the list. `path` opens it; `speaking`: somebody else proposed it with this person as a speaker."""

    title: str
    state: ProposalState
    path: str
    speaking: bool
    now: Step | None
    date: DateChoice | None
    updated_at: datetime


def read_proposal(session: Session, proposal: Proposal, *, site: Site, now: datetime) -> ProposalPage:
    """The page of one proposal."""
    return _page(proposal, _talks(session, [proposal.id])[proposal.id], site=site, now=now)


def read_mine(session: Session, person: Person, *, site: Site, now: datetime) -> list[MyProposal]:
    """The person's proposals and drafts, those that wait for their address to be confirmed, and those they speak in.

    The newest change is first.
    """
    own = or_(
        Proposal.owner_id == person.id,
        and_(Proposal.email == person.email, Proposal.state == ProposalState.UNCONFIRMED),
    )
    speaking = and_(
        Proposal.speakers.any(Speaker.email == person.email),
        Proposal.state.not_in((ProposalState.DRAFT, ProposalState.UNCONFIRMED)),
    )
    query = select(Proposal).where(or_(own, speaking)).order_by(Proposal.updated_at.desc(), Proposal.id.desc())
    proposals = session.scalars(query).all()
    talks = _talks(session, [proposal.id for proposal in proposals])
    return [_line(proposal, talks[proposal.id], person, site=site, now=now) for proposal in proposals]


def _page(proposal: Proposal, talks: Sequence[Talk], *, site: Site, now: datetime) -> ProposalPage:
    state = proposal.state if decision_is_out(proposal, site=site, now=now) else ProposalState.SUBMITTED
    steps = timeline(proposal, state, talks, site=site, now=now)
    given = sum(is_given(talk, now=now) for talk in talks)
    return ProposalPage(
        proposal=proposal,
        state=state,
        steps=steps,
        may_edit=state in {ProposalState.UNCONFIRMED, ProposalState.SUBMITTED},
        may_withdraw=state is not ProposalState.WITHDRAWN and given < proposal.preference.talks,
        may_preview=state in _ON_ITS_WAY and not any(step.public for step in steps),
    )


def _line(proposal: Proposal, talks: Sequence[Talk], person: Person, *, site: Site, now: datetime) -> MyProposal:
    page = _page(proposal, talks, site=site, now=now)
    speaking = proposal.owner_id != person.id and page.state is not ProposalState.UNCONFIRMED
    return MyProposal(
        title=proposal.title,
        state=page.state,
        path=_own_confirmation(talks, person, site=site) if speaking else _own_path(proposal, site=site),
        speaking=speaking,
        now=next((step for step in page.steps if step.status == "now"), None),
        date=next((step.date for step in page.steps if step.date), None),
        updated_at=proposal.updated_at,
    )


def _own_path(proposal: Proposal, *, site: Site) -> str:
    match proposal.state:
        case ProposalState.DRAFT:
            return links.draft_path(proposal, site=site)
        case ProposalState.UNCONFIRMED:
            return links.address_path(proposal, site=site)
        case _:
            return links.proposal_path(proposal, site=site)


def _own_confirmation(talks: Iterable[Talk], person: Person, *, site: Site) -> str:
    """The page on which the person answers for the first talk they were asked about; empty while there is none."""
    for talk in talks:
        for confirmation in talk.confirmations if talk.invited_at else ():
            if confirmation.speaker.email == person.email:
                return links.confirmation_path(confirmation, site=site)
    return ""


def _talks(session: Session, proposal_ids: Sequence[int]) -> defaultdict[int, list[Talk]]:
    """The talks by proposal, in the order of their dates; those that have none come last."""
    query = (
        select(Talk)
        .where(Talk.proposal_id.in_(proposal_ids))
        .options(
            joinedload(Talk.touchpoint).lazyload(Touchpoint.segments),
            selectinload(Talk.confirmations).lazyload(Confirmation.calendar_reply),
        )
    )
    talks: defaultdict[int, list[Talk]] = defaultdict(list)
    for talk in sorted(session.scalars(query), key=_by_date):
        talks[talk.proposal_id].append(talk)
    return talks


def _by_date(talk: Talk) -> tuple[bool, datetime, int]:
    return (talk.touchpoint is None, talk.touchpoint.starts_at if talk.touchpoint else talk.created_at, talk.id)
