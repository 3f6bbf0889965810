"""Undoing: what an organizer did last on the board, put back exactly as it stood."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import Conflict, RuleViolation
from app.domain.site import Site
from app.domain.states import TalkState
from app.models import BoardMove, Person, Talk, Touchpoint
from app.services import board_moves, inviting, notifying, outbox
from app.services.auditing import Actor, record
from app.services.board_places import expect_room, put, take_off
from app.services.changes import who_did_what
from app.services.locking import lock_row, lock_touchpoints
from app.services.publishing import publish_touchpoints


def undo_last_move(session: Session, organizer: Person, *, site: Site, now: datetime) -> Sequence[Talk]:
    """Put what the organizer moved or invited last back exactly as it stood, and take its mails back.

    Returns the talks. Raises RuleViolation when there is nothing to undo (any more), Conflict when a mail has left,
    somebody has changed the talk since, or its old place is taken: then nothing is undone.
    """
    moves = board_moves.last_moves(session, organizer, now=now)
    if not moves:
        raise RuleViolation("There is nothing to undo.")
    for move in moves:
        _undo(session, move, by=Actor.signed_in(organizer), site=site, now=now)
    session.commit()
    return [move.talk for move in moves]


def _undo(session: Session, move: BoardMove, *, by: Actor, site: Site, now: datetime) -> None:
    talk, before = move.talk, move.before
    both = dict.fromkeys((talk.touchpoint, _old_place(session, move)))
    places = [touchpoint for touchpoint in both if touchpoint is not None]
    lock_touchpoints(session, places)
    lock_row(session, talk)
    if talk.version != move.version_after or board_moves.answers(talk) != before["answers_after"]:
        raise Conflict(f"This cannot be undone any more. {who_did_what(session, talk, now=now)}")
    _take_mails_back(session, move)
    _put_back(session, move, now=now)
    move.undone_at = now
    record(session, "talk.move_undone", talk, by=by, now=now, touchpoint=talk.touchpoint_id)
    notifying.return_to_newest_entry(session, talk)
    if before["taken_back"] and talk.state is TalkState.INVITED:
        inviting.tell(session, talk, knew=board_moves.known_before(move), site=site, now=now)
    notifying.correct_rescheduled(session, talk, site=site, now=now)
    board_moves.follow(session, move)
    publish_touchpoints(session, places, site=site, now=now)


def _take_mails_back(session: Session, move: BoardMove) -> None:
    kind, queued = move.before["mails"], move.before["queued"]
    if kind and len(outbox.cancel_pending(session, board_moves.kinds_of(kind), talk=move.talk)) < queued:
        raise Conflict("This cannot be undone any more: the mail to the speakers has left.")


def _put_back(session: Session, move: BoardMove, *, now: datetime) -> None:
    talk, old = move.talk, _old_place(session, move)
    if old is not None and old is not talk.touchpoint:
        expect_room(session, talk.proposal, talk=talk, onto=old, changed={old.id}, now=now)
    board_moves.restore(talk, move.before)
    if old is None:
        take_off(session, talk)
    else:
        put(session, talk, old, position=move.before["position"])


def _old_place(session: Session, move: BoardMove) -> Touchpoint | None:
    touchpoint_id = move.before["touchpoint"]
    return None if touchpoint_id is None else session.get(Touchpoint, touchpoint_id)
