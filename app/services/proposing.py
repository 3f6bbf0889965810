"""Proposing: a proposal is sent, its address is confirmed; it may be edited until decided, and always withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.attribution import Attribution, is_stricter_or_same
from app.domain.errors import InvalidInput, NotFound, RuleViolation
from app.domain.people import Role
from app.domain.proposals import (
    MAX_OPEN,
    Problems,
    ProposalDraft,
    choice_problems,
    content_problems,
    sending_problems,
)
from app.domain.site import Site
from app.domain.states import ON_THE_BOARD, ProposalState, TalkState, move_to
from app.mail.values import Occasion
from app.models import Person, Proposal, Speaker, Talk, Touchpoint
from app.models.base import random_link_key
from app.services import notifying, outbox
from app.services.addresses import is_address, require_address
from app.services.auditing import Actor, record
from app.services.board_moves import occasion_of
from app.services.board_places import forget_speakers
from app.services.drafting import expect_patience, find_by_form_key
from app.services.locking import lock_row, lock_touchpoints
from app.services.people import find_or_make_person
from app.services.proposal_content import draft_of, normalised, says_the_same, touch, with_own_choices, write_content
from app.services.publishing import publish_touchpoints
from app.services.turns import wait_for_turn
from app.services.versions import expect_version

# By a withdrawal:
OVERTAKEN = (
    *("received", "accepted", "declined"),
    *("invited", "reminded", "confirmed", "moved", "updated", "upcoming", "rescheduled"),
)
_KNOWN = ON_THE_BOARD - {TalkState.HOLD}  # dates that the speakers have heard of


def submit_proposal(
    session: Session, draft: ProposalDraft, *, form_key: str, by: Actor, site: Site, now: datetime
) -> Proposal:
    """Send a proposal. It is submitted at once from an address that its sender has proven, else when that is confirmed.

    `form_key` is the form's one-time key: the same form makes one proposal, however often and fast it is sent. Sent
    again with a correction before its address is confirmed, it is corrected, and mailed again if the address was.
    Raises InvalidInput; TooMany when the address has had its share of mails; RuleViolation for too many open proposals.
    """
    draft = with_own_choices(normalised(draft, email=draft.email))
    if problems := sending_problems(draft, is_address=is_address):
        raise InvalidInput(problems)
    try:
        return _submit(session, draft, form_key=form_key, by=by, site=site, now=now)
    except IntegrityError:  # the same form, sent twice at once: the other was faster
        session.rollback()
        return _submit(session, draft, form_key=form_key, by=by, site=site, now=now)


def confirm_address(
    session: Session, proposal: Proposal, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """The holder of the proposal's address says yes: it is submitted, and theirs. Once is enough.

    Raises Conflict when its sender changed it since it was read, RuleViolation when that address has too many open
    proposals.
    """
    lock_row(session, proposal)
    if proposal.state is not ProposalState.UNCONFIRMED:
        return
    expect_version(proposal, version)
    own = next((speaker for speaker in proposal.speakers if speaker.email == proposal.email), None)
    name = own.name if own else ""
    owner = find_or_make_person(session, proposal.email, name=name, now=now)
    _submit_for(session, proposal, owner, by=by, site=site, now=now)
    session.commit()


def ask_to_confirm_again(
    session: Session, *, form_key: str, email: str, by: Actor, site: Site, now: datetime
) -> Proposal:
    """Mail the link that proves the address once more: to `email`, which may correct a mistyped one.

    The link to another address dies. Raises NotFound unless the form's proposal waits for its address, InvalidInput
    (email), TooMany when the address has had its share of mails.
    """
    proposal = find_by_form_key(session, form_key)
    if proposal is None or proposal.state is not ProposalState.UNCONFIRMED:
        raise NotFound("There is no address to confirm (any more).")
    address = require_address(email)
    if address != proposal.email:
        for speaker in proposal.speakers:
            speaker.email = address if speaker.email == proposal.email else speaker.email
        proposal.email, proposal.link_key = address, random_link_key()
    expect_patience(session, address, now=now)
    touch(proposal, now=now)
    record(session, "proposal.asked_again", proposal, by=by, now=now)
    notifying.notify_verify(session, proposal, site=site, now=now)
    session.commit()
    return proposal


def edit_proposal(
    session: Session, proposal: Proposal, draft: ProposalDraft, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Correct a proposal that is not decided yet. Its address stays.

    An organizer may make naming and recording stricter, never looser, and may leave both open for a new speaker.
    Raises Conflict for a stale version, RuleViolation when it may not be edited (any more), InvalidInput.
    """
    expect_version(proposal, version)
    expect_editable(proposal, site=site, now=now)
    draft = normalised(draft, email=proposal.email)
    if _is_foreign_organizer(proposal, by):
        problems = _without_choices(content_problems(draft, is_address=is_address), draft)
        problems |= _loosened(draft, proposal.speakers)
    else:
        draft = with_own_choices(draft, proposal.speakers)
        problems = content_problems(draft, is_address=is_address)
    if problems:
        raise InvalidInput(problems)
    write_content(session, proposal, draft, now=now)
    record(session, "proposal.edited", proposal, by=by, now=now)
    session.commit()


def expect_editable(proposal: Proposal, *, site: Site, now: datetime) -> None:
    """Raises RuleViolation, with what to do instead, unless the proposal may be edited."""
    if proposal.state in {ProposalState.UNCONFIRMED, ProposalState.SUBMITTED}:
        return
    if not decision_is_out(proposal, site=site, now=now):
        raise RuleViolation("The organizers have this proposal in their hands just now. Try again in ten minutes.")
    raise RuleViolation(
        {
            ProposalState.ACCEPTED: (
                "This proposal is accepted, so its text no longer changes here. When you are invited to a date, "
                f"the page to confirm lets you correct it; until then, write to {site.reply_to}."
            ),
            ProposalState.DECLINED: "This proposal was declined. You are welcome to send a new one.",
            ProposalState.WITHDRAWN: "This proposal was withdrawn. You are welcome to send a new one.",
            ProposalState.DRAFT: "This is a draft. Continue it from its own link.",
        }[proposal.state]
    )


def decision_is_out(proposal: Proposal, *, site: Site, now: datetime) -> bool:
    """Whether the volunteer may know the decision: until its mail may leave, an organizer can still undo it."""
    return proposal.decided_at is None or now >= proposal.decided_at + site.settle


def withdraw_proposal(session: Session, proposal: Proposal, *, by: Actor, site: Site, now: datetime) -> None:
    """Take the proposal back, and its talks off every coming call. A public call says at once that it is cancelled.

    Organizers and co-speakers are told; mails that still wait to tell of it are taken back. Once is enough.
    Raises RuleViolation when the talk has been given, and no other is to come.
    """
    lock_row(session, proposal)
    if proposal.state is ProposalState.WITHDRAWN:
        return
    was = take_back(session, proposal, by=by, site=site, now=now)
    if proposal.submitted_at is not None:  # else nobody has heard of it
        notifying.notify_withdrawn(session, proposal, was=was, site=site, now=now)
    session.commit()


def take_back(session: Session, proposal: Proposal, *, by: Actor, site: Site, now: datetime) -> dict[Talk, Occasion]:
    """Withdraw a proposal that the caller holds, without its mails; returns the talks with a date that people knew.

    Joins the caller's transaction. Raises as `withdraw_proposal` does.
    """
    talks = _locked_talks(session, proposal)
    coming = [talk for talk in talks if not is_given(talk, now=now)]
    if len(talks) - len(coming) >= proposal.preference.talks:
        raise RuleViolation(f"This talk has been given. To change what the archive says, write to {site.reply_to}.")
    outbox.cancel_pending(session, OVERTAKEN, proposal=proposal)
    move_to(proposal, ProposalState.WITHDRAWN)
    proposal.withdrawn_at = proposal.updated_at = now
    record(session, "proposal.withdrawn", proposal, by=by, now=now)
    was = {talk: occasion_of(talk.touchpoint) for talk in coming if talk.touchpoint and talk.state in _KNOWN}
    left = [_take_off(session, talk, by=by, now=now) for talk in coming]
    publish_touchpoints(session, [touchpoint for touchpoint in left if touchpoint is not None], site=site, now=now)
    return was


def is_given(talk: Talk, *, now: datetime) -> bool:
    """Whether the call on which the talk stood is over."""
    return talk.state is TalkState.CONFIRMED and talk.touchpoint is not None and talk.touchpoint.ends_at <= now


def _locked_talks(session: Session, proposal: Proposal) -> Sequence[Talk]:
    """The proposal's talks, locked after their calls, as everybody does who answers for them or moves them."""
    own = select(Talk).where(Talk.proposal_id == proposal.id)
    calls = select(Touchpoint).where(Touchpoint.id.in_(own.with_only_columns(Talk.touchpoint_id)))
    lock_touchpoints(session, session.scalars(calls).all())
    anew = own.order_by(Talk.id).with_for_update(of=Talk).execution_options(populate_existing=True)
    return session.scalars(anew).all()


def _take_off(session: Session, talk: Talk, *, by: Actor, now: datetime) -> Touchpoint | None:
    """Withdraw the talk; returns the touchpoint that it leaves. Joins the caller's transaction."""
    touchpoint = talk.touchpoint
    move_to(talk, TalkState.WITHDRAWN)
    talk.touchpoint = talk.position = None
    if touchpoint is not None:
        forget_speakers(touchpoint, talk)
        touchpoint.placements += 1
    record(session, "talk.withdrawn", talk, by=by, now=now, touchpoint=touchpoint.id if touchpoint else None)
    return touchpoint


def _submit(session: Session, draft: ProposalDraft, *, form_key: str, by: Actor, site: Site, now: datetime) -> Proposal:
    proposal = find_by_form_key(session, form_key) or Proposal(
        form_key=form_key, created_at=now, state=ProposalState.DRAFT, email=""
    )
    if proposal.state not in {ProposalState.DRAFT, ProposalState.UNCONFIRMED}:
        return proposal
    if proposal.state is ProposalState.UNCONFIRMED and says_the_same(draft_of(proposal), draft):
        return proposal
    asked_before = proposal.email if proposal.state is ProposalState.UNCONFIRMED else ""
    with session.no_autoflush:
        write_content(session, proposal, draft, now=now)
    proposal.email, proposal.form = draft.email, {}
    session.add(proposal)
    if by.person is not None and by.person.email == draft.email:
        _submit_for(session, proposal, by.person, by=by, site=site, now=now)
    elif asked_before != draft.email:
        _ask_to_confirm(session, proposal, by=by, site=site, now=now)
    session.commit()
    return proposal


def _submit_for(session: Session, proposal: Proposal, owner: Person, *, by: Actor, site: Site, now: datetime) -> None:
    """Into the pool, as `owner`'s. Joins the caller's transaction."""
    wait_for_turn(session, "proposals", owner.email)
    states = (ProposalState.SUBMITTED, ProposalState.ACCEPTED)
    waiting = select(func.count()).where(Proposal.owner_id == owner.id, Proposal.state.in_(states))
    if (session.scalar(waiting) or 0) >= MAX_OPEN:
        raise RuleViolation(
            f"You have {MAX_OPEN} open proposals, which is as many as we can look after. Withdraw one, then send this."
        )
    proposal.owner, proposal.submitted_at, proposal.updated_at = owner, now, now
    move_to(proposal, ProposalState.SUBMITTED)
    record(session, "proposal.submitted", proposal, by=by, now=now)
    notifying.notify_received(session, proposal, site=site, now=now)


def _ask_to_confirm(session: Session, proposal: Proposal, *, by: Actor, site: Site, now: datetime) -> None:
    """Mail the link that proves the address; every earlier link to the proposal dies. Joins the transaction."""
    expect_patience(session, proposal.email, now=now)
    proposal.owner, proposal.link_key = None, random_link_key()
    move_to(proposal, ProposalState.UNCONFIRMED)
    record(session, "proposal.sent", proposal, by=by, now=now)
    notifying.notify_verify(session, proposal, site=site, now=now)


def _is_foreign_organizer(proposal: Proposal, by: Actor) -> bool:
    return by.person is not None and by.person.role is Role.ORGANIZER and by.person.id != proposal.owner_id


def _without_choices(problems: Problems, draft: ProposalDraft) -> Problems:
    open_choices = {field for speaker in draft.speakers for field in choice_problems(speaker)}
    return {field: problem for field, problem in problems.items() if field not in open_choices}


def _loosened(draft: ProposalDraft, speakers: Sequence[Speaker]) -> Problems:
    """The choices in `draft` that reveal more than the speakers themselves allowed."""
    known = {speaker.id: speaker for speaker in speakers}
    problems: Problems = {}
    for speaker in draft.speakers:
        before = known.get(speaker.id) if speaker.id else None
        allowed = (before.attribution if before else None) or Attribution.NONE
        if speaker.attribution is not None and not is_stricter_or_same(speaker.attribution, allowed):
            problems[speaker.field("attribution")] = (
                f"Only the speaker can allow more than \u201c{allowed.label}\u201d."
            )
        if speaker.recording_consent and not (before and before.recording_consent):
            problems[speaker.field("recording")] = "Only the speaker can agree to be recorded."
    return problems
