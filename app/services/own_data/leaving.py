"""What becomes of each proposal and talk when somebody goes: given ones stay unnamed, others are withdrawn or go on.

Every function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.domain.states import ConfirmationState, MailState, ProposalState, TalkState, move_to
from app.mail.values import Occasion, Reader
from app.models import OutboxMessage, Person, Proposal, Speaker, Talk, Touchpoint
from app.models.base import random_link_key
from app.services import notifying
from app.services.auditing import Actor, record
from app.services.entries import update_entries
from app.services.locking import lock_touchpoints
from app.services.notifying.readers import reader_of, volunteer_of
from app.services.own_data.holders import Holder, is_sent_by, is_speaker
from app.services.own_data.traces import Traces
from app.services.own_data.unnaming import (
    forget_choices,
    neutralise,
    neutralise_call,
    release,
    remove,
    unname,
)
from app.services.proposing import is_given, take_back
from app.services.publishing import publish_touchpoints

_OPEN = frozenset({ProposalState.SUBMITTED, ProposalState.ACCEPTED})


class Fate(Enum):
    """What becomes of a proposal."""

    STAYS_UNNAMED = auto()  # it was given: the archive keeps it, by "a speaker"
    GOES_ON = auto()  # others give it
    ENDS = auto()


@dataclass
class Share:
    """The person's part in one proposal: `own` are their rows as a speaker, `others` those of everybody else."""

    proposal: Proposal
    talks: Sequence[Talk]
    own: list[Speaker]
    others: list[Speaker]
    is_sender: bool
    fate: Fate
    calls: list[Touchpoint] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What became of one proposal, in words without the person. `readers` are those who have to do with it still.

    `was` are the dates that people knew and that are free now; `was_sent`: organizers had heard of it.
    """

    title: str
    fate: Fate
    was_sent: bool
    is_withdrawn: bool
    was: tuple[Occasion, ...]
    readers: tuple[Reader, ...]


def shares_of(session: Session, holder: Holder, *, now: datetime) -> list[Share]:
    """The person's proposals and those they speak in, locked with their calls and talks, in the order of the house."""
    theirs = select(Speaker.proposal_id).where(is_speaker(holder))
    sent = set(session.scalars(select(Proposal.id).where(is_sent_by(holder))))
    anew = {"populate_existing": True}
    query = select(Proposal).where(or_(Proposal.id.in_(sent), Proposal.id.in_(theirs))).order_by(Proposal.id)
    proposals = session.scalars(query.with_for_update(of=Proposal), execution_options=anew).all()
    talks = select(Talk).where(Talk.proposal_id.in_([proposal.id for proposal in proposals])).order_by(Talk.id)
    called = select(Touchpoint).where(Touchpoint.id.in_(talks.with_only_columns(Talk.touchpoint_id).order_by(None)))
    lock_touchpoints(session, session.scalars(called).all())
    locked = session.scalars(talks.with_for_update(of=Talk), execution_options=anew).all()
    by_proposal: dict[int, list[Talk]] = {proposal.id: [] for proposal in proposals}
    for talk in locked:
        by_proposal[talk.proposal_id].append(talk)
    return [
        _share(proposal, by_proposal[proposal.id], holder, is_sender=proposal.id in sent, now=now)
        for proposal in proposals
    ]


def leave(
    session: Session, shares: Sequence[Share], traces: Traces, *, by: Actor, site: Site, now: datetime
) -> list[Outcome]:
    """Take the person out of each proposal and talk, end what nobody else gives, and publish their calls anew."""
    calls = {call.id: call for share in shares for call in share.calls}
    outcomes = [_settle(session, share, traces, by=by, site=site, now=now) for share in shares]
    for call in calls.values():
        neutralise_call(call, traces)
    publish_touchpoints(session, list(calls.values()), site=site, now=now)
    for share in shares:
        if share.fate is Fate.ENDS:
            forget_proposal(session, share.proposal)
        else:
            update_entries(session, share.proposal, site=site, now=now)
    return outcomes


def forget_proposal(session: Session, proposal: Proposal) -> None:
    """Delete a proposal that is on no call, with its speakers, reviews and answers, and the mails that told of it.

    Mails that have not left still leave: they say that it is over.
    """
    session.flush()
    over = OutboxMessage.state.not_in((MailState.PENDING, MailState.LEASED))
    session.execute(delete(OutboxMessage).where(OutboxMessage.proposal_id == proposal.id, over))
    session.execute(delete(Talk).where(Talk.proposal_id == proposal.id))
    session.execute(delete(Proposal).where(Proposal.id == proposal.id))


def _share(proposal: Proposal, talks: Sequence[Talk], holder: Holder, *, is_sender: bool, now: datetime) -> Share:
    own = [speaker for speaker in proposal.speakers if speaker.email in holder.addresses]
    others = [speaker for speaker in proposal.speakers if speaker not in own]
    fate = _fate(proposal, talks, others, is_sender=is_sender, now=now)
    calls = [talk.touchpoint for talk in talks if talk.touchpoint is not None]
    return Share(proposal, talks, own, others, is_sender, fate, calls=calls)


def _fate(
    proposal: Proposal, talks: Sequence[Talk], others: Sequence[Speaker], *, is_sender: bool, now: datetime
) -> Fate:
    if any(is_given(talk, now=now) for talk in talks):
        return Fate.STAYS_UNNAMED
    if not is_sender:
        return Fate.GOES_ON if others else Fate.ENDS
    return Fate.GOES_ON if proposal.state in _OPEN and _has_heir(others) else Fate.ENDS


def _settle(session: Session, share: Share, traces: Traces, *, by: Actor, site: Site, now: datetime) -> Outcome:
    _take_out(session, share, traces, by=by, now=now)
    if share.is_sender:
        _hand_over(session, share)
    was: Mapping[Talk, Occasion] | None = None
    if share.proposal.state in _OPEN:
        if share.fate is Fate.GOES_ON or _has_heir(share.others):
            _go_on(session, share, by=by, site=site, now=now)
        else:
            was = _end(session, share, by=by, site=site, now=now)
    return Outcome(
        title=share.proposal.title,
        fate=share.fate,
        was_sent=share.proposal.submitted_at is not None,
        is_withdrawn=was is not None,
        was=tuple(sorted((was or {}).values(), key=lambda occasion: occasion.starts_at)),
        readers=_readers(share),
    )


def _readers(share: Share) -> tuple[Reader, ...]:
    """The other speakers, and whoever sent it."""
    found = {reader.address: reader for speaker in share.others if (reader := reader_of(speaker))}
    if share.proposal.email and share.proposal.email not in found:
        found[share.proposal.email] = volunteer_of(share.proposal)
    return tuple(found.values())


def _has_heir(others: Sequence[Speaker]) -> bool:
    """Whether one of the other speakers can be written to."""
    return any(speaker.email for speaker in others)


def _take_out(session: Session, share: Share, traces: Traces, *, by: Actor, now: datetime) -> None:
    left = traces.beside(share.others)
    neutralise(session, share.proposal, share.talks, left, keeps=bool(share.others), is_sender=share.is_sender)
    share.proposal.updated_at = now
    for speaker in share.own:
        forget_choices(session, speaker, share.talks)
        record(session, "speaker.erased", speaker, by=by, now=now, proposal=share.proposal.id)
        if share.fate is Fate.STAYS_UNNAMED:
            unname(speaker, share.talks)
            release(speaker, [talk for talk in share.talks if not is_given(talk, now=now)])
        else:
            remove(session, speaker, share.talks)


def _hand_over(session: Session, share: Share) -> None:
    """The proposal is the next speaker's who has an address, or nobody's; the links to it that were mailed die."""
    heir = next((speaker.email for speaker in share.others if speaker.email), None)
    share.proposal.email, share.proposal.link_key = heir or "", random_link_key()
    share.proposal.owner = session.scalar(select(Person).where(Person.email == heir)) if heir else None


def _end(session: Session, share: Share, *, by: Actor, site: Site, now: datetime) -> Mapping[Talk, Occasion] | None:
    """Withdraw what is not given yet; returns the dates that are free now, or None where all of it is given."""
    given = sum(is_given(talk, now=now) for talk in share.talks)
    if given >= share.proposal.preference.talks:
        return None
    return take_back(session, share.proposal, by=by, site=site, now=now)


def _go_on(session: Session, share: Share, *, by: Actor, site: Site, now: datetime) -> None:
    """A talk whose other speakers have all said yes waits for nobody any more."""
    for talk in share.talks:
        answered = all(each.state is ConfirmationState.CONFIRMED for each in talk.confirmations)
        if talk.state is TalkState.INVITED and talk.confirmations and answered:
            move_to(talk, TalkState.CONFIRMED)
            talk.confirmed_at = now
            record(session, "talk.confirmed", talk, by=by, now=now, touchpoint=talk.touchpoint_id)
            notifying.notify_confirmed(session, talk, site=site, now=now)
