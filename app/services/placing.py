"""Placing: an accepted proposal onto a touchpoint, from one to another, and back to the inbox.

No two organizers win one place: who places first locks the row of the touchpoint, and each placing raises its version.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.errors import RuleViolation
from app.domain.site import Site
from app.domain.states import ON_THE_BOARD, ConfirmationState, ProposalState, TalkState, move_to
from app.models import Confirmation, Proposal, Talk, Touchpoint
from app.services import board_moves, inviting, notifying
from app.services.auditing import Actor, record
from app.services.board_places import expect_room, put, take_off
from app.services.changes import expect_unchanged
from app.services.locking import lock_row, lock_touchpoints
from app.services.publishing import publish_touchpoints

_TAKEN_OFF = (
    "The organizers have taken it off this date. Your proposal stays accepted; they will offer you another date."
)


def place_proposal(
    session: Session,
    proposal: Proposal,
    *,
    onto: Touchpoint,
    position: int | None = None,
    version: int,
    shown: int | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> Talk:
    """Put an accepted proposal on a touchpoint as a hold, last or at `position`. The speakers hear nothing.

    A talk that was released before is continued with its UID; its speakers start from what they chose in the proposal.
    Raises RuleViolation with the board's words where `placement.problem` finds a reason, Conflict for a stale
    version and when the touchpoint was filled since the version of it that the page had `shown`.
    """
    lock_row(session, proposal)
    expect_unchanged(session, proposal, version, now=now)
    if proposal.state is not ProposalState.ACCEPTED:
        raise RuleViolation(f"Only an accepted proposal can be placed; this one is {proposal.state.value}.")
    changed = lock_touchpoints(session, [onto])
    expect_room(session, proposal, talk=None, onto=onto, changed=changed, shown=shown, now=now)
    flag_modified(proposal, "state")  # raises its version: it may not be placed twice from one page
    talk = _released_or_new(session, proposal, now=now)
    before = board_moves.snapshot(talk)
    talk.minutes = proposal.minutes
    talk.invited_at = talk.answer_by = talk.reminded_at = talk.confirmed_at = None
    _start_answers_anew(talk)
    move_to(talk, TalkState.HOLD)
    put(session, talk, onto, position=position)
    record(session, "talk.placed", talk, by=by, now=now, touchpoint=onto.id)
    publish_touchpoints(session, [onto], site=site, now=now)
    board_moves.remember(session, talk, before, by=by, now=now)
    session.commit()
    return talk


def move_talk(
    session: Session,
    talk: Talk,
    *,
    onto: Touchpoint,
    position: int | None = None,
    version: int,
    shown: int | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Move a talk to another position, or to another touchpoint (last there when `position` is None).

    On another touchpoint a hold stays a hold; of any other talk every speaker is asked again and told of the old and
    the new date, and the old date is not public any more. Raises as `place_proposal` does.
    """
    was = _claim_talk(session, talk, onto=onto, version=version, shown=shown, now=now)
    before = board_moves.snapshot(talk)
    if was is onto:
        put(session, talk, onto, position=position)
        record(session, "talk.ordered", talk, by=by, now=now, touchpoint=onto.id)
        board_moves.remember(session, talk, before, by=by, now=now)
    else:
        told = board_moves.take_questions_back(session, talk)
        put(session, talk, onto, position=position)
        record(session, "talk.moved", talk, by=by, now=now, touchpoint=onto.id, was=was.id)
        asks = talk.state is not TalkState.HOLD
        mails = inviting.ask_again(session, talk, was=told.knew, by=by, site=site, now=now) if asks else ""
        if mails == "moved":
            notifying.notify_rescheduled(session, talk, was=was, onto=onto, site=site, now=now)
        else:
            notifying.correct_rescheduled(session, talk, site=site, now=now)
        board_moves.remember(session, talk, before, told=told, mails=mails, by=by, now=now)
    publish_touchpoints(session, [was] if was is onto else [was, onto], site=site, now=now)
    session.commit()


def release_talk(session: Session, talk: Talk, *, version: int, by: Actor, site: Site, now: datetime) -> None:
    """Take a talk off the board: its proposal is in the inbox again, its row keeps the UID for the next date.

    Speakers who know the date are told that it is off. Raises as `move_talk` does.
    """
    was = _claim_talk(session, talk, version=version, now=now)
    before = board_moves.snapshot(talk)
    told = board_moves.take_questions_back(session, talk)
    move_to(talk, TalkState.RELEASED)
    take_off(session, talk)
    record(session, "talk.released", talk, by=by, now=now, touchpoint=was.id)
    if told.knew is not None:
        notifying.notify_cancelled(session, talk, was=told.knew, reason=_TAKEN_OFF, site=site, now=now)
    for confirmation in talk.confirmations:
        move_to(confirmation, ConfirmationState.WAITING)
    board_moves.remember(session, talk, before, told=told, mails="cancelled" if told.knew else "", by=by, now=now)
    publish_touchpoints(session, [was], site=site, now=now)
    session.commit()


def _claim_talk(
    session: Session,
    talk: Talk,
    *,
    version: int,
    now: datetime,
    onto: Touchpoint | None = None,
    shown: int | None = None,
) -> Touchpoint:
    """Lock the talk with the touchpoint that it leaves and the one that it comes to; returns the former."""
    expect_unchanged(session, talk, version, now=now)
    was = talk.touchpoint
    if was is None or talk.state not in ON_THE_BOARD:
        raise RuleViolation("This talk is not on the board.")
    if was.starts_at <= now:
        raise RuleViolation("This call has begun or is over: its talks stay where they are.")
    changed = lock_touchpoints(session, [was, onto] if onto else [was])
    lock_row(session, talk)
    expect_unchanged(session, talk, version, now=now)
    if onto is not None and onto is not was:
        expect_room(session, talk.proposal, talk=talk, onto=onto, changed=changed, shown=shown, now=now)
    return was


def _released_or_new(session: Session, proposal: Proposal, *, now: datetime) -> Talk:
    query = select(Talk).where(Talk.proposal_id == proposal.id, Talk.state == TalkState.RELEASED)
    released = session.scalars(query.order_by(Talk.id).limit(1)).first()
    if released is not None:
        return released
    talk = Talk(proposal=proposal, minutes=proposal.minutes, state=TalkState.RELEASED, created_at=now)
    session.add(talk)
    session.flush()
    return talk


def _start_answers_anew(talk: Talk) -> None:
    """A confirmation for each speaker of today, with what they chose in the proposal; no answer yet."""
    known = {confirmation.speaker_id: confirmation for confirmation in talk.confirmations}
    for speaker in talk.proposal.speakers:
        confirmation = known.get(speaker.id)
        if confirmation is None:
            confirmation = Confirmation(speaker=speaker, state=ConfirmationState.WAITING)
            talk.confirmations.append(confirmation)
        move_to(confirmation, ConfirmationState.WAITING)
        confirmation.attribution, confirmation.recording_consent = speaker.attribution, speaker.recording_consent
        confirmation.slides_consent, confirmation.agreed_sentences = None, []
        confirmation.answered_at, confirmation.words, confirmation.wishes = None, "", []
        confirmation.on_behalf_by, confirmation.on_behalf_note = None, ""
