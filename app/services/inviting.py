"""Inviting: the speakers of a hold are asked to confirm, reminded once, and asked again after a move."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import RuleViolation
from app.domain.invitations import answer_by, is_reminder_due
from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState, TouchpointState, move_to
from app.mail.values import Occasion
from app.models import Confirmation, Talk, Touchpoint
from app.services import board_moves, notifying
from app.services.auditing import SYSTEM, Actor, record
from app.services.board_places import reclaim_minutes
from app.services.changes import expect_unchanged
from app.services.locking import lock_row

_INVITABLE = frozenset({TalkState.HOLD, TalkState.DECLINED})


def invite_talk(session: Session, talk: Talk, *, version: int, by: Actor, site: Site, now: datetime) -> None:
    """Ask the speakers of a hold to confirm its date; for a declined talk, those who have not confirmed are asked anew.

    Raises Conflict for a stale version, RuleViolation where there is nobody to ask or nothing to ask for, and where
    the minutes of a declined talk have been given away.
    """
    reclaim_minutes(session, talk)
    lock_row(session, talk)
    expect_unchanged(session, talk, version, now=now)
    if talk.state not in _INVITABLE:
        raise RuleViolation("The speakers of this talk have been asked already.")
    _invite(session, talk, batch="", by=by, site=site, now=now)
    session.commit()


def invite_touchpoint(session: Session, touchpoint: Touchpoint, *, by: Actor, site: Site, now: datetime) -> int:
    """Invite all holds of a touchpoint at once; returns how many talks. One Undo takes them all back.

    Raises RuleViolation when there is no hold on it.
    """
    query = select(Talk).where(Talk.touchpoint_id == touchpoint.id, Talk.state == TalkState.HOLD)
    holds = session.scalars(query.order_by(Talk.position).with_for_update(of=Talk)).all()
    if not holds:
        raise RuleViolation("There is no hold on this call: nobody is left to invite.")
    batch = token_hex(8)
    for talk in holds:
        _invite(session, talk, batch=batch, by=by, site=site, now=now)
    session.commit()
    return len(holds)


def ask_again(
    session: Session, talk: Talk, *, was: Occasion | None = None, by: Actor, site: Site, now: datetime
) -> str:
    """Ask every speaker for the talk's present date, whatever they answered before. Joins the caller's transaction.

    Mails them too: `notify_moved` where `was`, the date they knew, is another one; `notify_invited` otherwise.
    Returns the kind of the mails.
    """
    _ask(talk, talk.confirmations, now=now)
    record(session, "talk.asked_again", talk, by=by, now=now, touchpoint=talk.touchpoint_id)
    return tell(session, talk, knew=was, site=site, now=now)


def tell(session: Session, talk: Talk, *, knew: Occasion | None, site: Site, now: datetime) -> str:
    """Mail the speakers who are asked; returns the kind of the mails. Joins the caller's transaction."""
    touchpoint = _present_touchpoint(talk)
    if knew is None or knew == board_moves.occasion_of(touchpoint):
        notifying.notify_invited(session, talk, site=site, now=now)
        return "invited"
    notifying.notify_moved(session, talk, was=knew, site=site, now=now)
    return "moved"


def remind_unanswered(session: Session, *, site: Site, now: datetime) -> int:
    """Remind once, by mail, the speakers of each talk whose time to answer is running out; returns how many talks."""
    asked = session.scalars(
        select(Talk)
        .join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
        .where(Talk.state == TalkState.INVITED, Talk.reminded_at.is_(None))
        .where(Touchpoint.state == TouchpointState.OPEN, Touchpoint.starts_at > now)
        .order_by(Talk.id)
        .with_for_update(of=Talk, skip_locked=True)
    ).all()
    due = [talk for talk in asked if is_reminder_due(invited_at=talk.invited_at, answer_by=talk.answer_by, now=now)]
    for talk in due:
        talk.reminded_at = now
        record(session, "talk.reminded", talk, by=SYSTEM, now=now)
        notifying.notify_reminded(session, talk, site=site, now=now)
    session.commit()
    return len(due)


def _invite(session: Session, talk: Talk, *, batch: str, by: Actor, site: Site, now: datetime) -> None:
    touchpoint = _present_touchpoint(talk)
    if touchpoint.state is TouchpointState.SKIPPED or touchpoint.starts_at <= now:
        raise RuleViolation("This call is skipped or over: nobody can be invited to it.")
    if not any(confirmation.speaker.email for confirmation in talk.confirmations):
        raise RuleViolation(
            "None of the speakers has an e-mail address. Ask them yourself and confirm on their behalf."
        )
    before = board_moves.snapshot(talk)
    open_answers = [answer for answer in talk.confirmations if answer.state is not ConfirmationState.CONFIRMED]
    _ask(talk, open_answers, now=now)
    record(session, "talk.invited", talk, by=by, now=now, touchpoint=touchpoint.id)
    mails = tell(session, talk, knew=None, site=site, now=now)
    board_moves.remember(session, talk, before, mails=mails, batch=batch, by=by, now=now)


def _ask(talk: Talk, confirmations: Iterable[Confirmation], *, now: datetime) -> None:
    """Put the question. The attribution that a speaker chose for this talk stays as the answer to start from."""
    move_to(talk, TalkState.INVITED)
    talk.invited_at, talk.answer_by = now, answer_by(now, _present_touchpoint(talk).starts_at)
    talk.reminded_at = talk.confirmed_at = None
    for confirmation in confirmations:
        move_to(confirmation, ConfirmationState.ASKED)
        confirmation.answered_at, confirmation.words, confirmation.wishes = None, "", []
        confirmation.on_behalf_by, confirmation.on_behalf_note = None, ""


def _present_touchpoint(talk: Talk) -> Touchpoint:
    if talk.touchpoint is None:
        raise RuleViolation("This talk is not on the board.")
    return talk.touchpoint
