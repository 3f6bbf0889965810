"""Places on the board: the lock on a touchpoint, the order of its talks, and the check that a talk may stand there.

Every function joins the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, RuleViolation
from app.domain.placement import problem
from app.domain.states import ON_THE_BOARD, TAKES_MINUTES
from app.domain.text import MAX_LINE
from app.models import Proposal, Talk, Touchpoint
from app.services.board_facts import candidate_of, place_of, short_date, used_minutes
from app.services.changes import ago, last_change
from app.services.locking import lock_touchpoints
from app.services.talk_facts import without_speakers


def expect_room(
    session: Session,
    proposal: Proposal,
    *,
    talk: Talk | None,
    onto: Touchpoint,
    changed: Container[int],
    shown: int | None = None,
    now: datetime,
) -> None:
    """Refuse the locked touchpoint `onto` where the proposal (or its `talk`) may not stand.

    Raises RuleViolation with the words of `placement.problem`; Conflict, with who did it, when it is among the
    `changed` ones or is not the version that the page had `shown`.
    """
    siblings = session.scalars(select(Talk).where(Talk.proposal_id == proposal.id)).all()
    place = place_of(onto, talks_on(session, onto))
    found = problem(candidate_of(proposal, talk=talk, talks=siblings), place, now=now)
    if found is None:
        return
    if onto.id in changed or shown not in (None, onto.version):
        change = last_change(session, of=onto)
        who, when = (change.who, ago(change.at, now)) if change else ("Somebody else", "meanwhile")
        raise Conflict(f"{who} changed {short_date(onto)} {when}, and now: {found.words}. Nothing was written.")
    raise RuleViolation(f"It cannot stand on {short_date(onto)}: {found.words}.")


def reclaim_minutes(session: Session, talk: Talk) -> None:
    """Let a declined talk take minutes of its touchpoint again, before it is asked for or confirmed after all.

    Locks the touchpoint; call it before the talk is written. A talk that takes its minutes already changes nothing.
    Raises RuleViolation when they have been given away.
    """
    touchpoint = talk.touchpoint
    if touchpoint is None or talk.state in TAKES_MINUTES:
        return
    lock_touchpoints(session, [touchpoint])
    others = used_minutes(other for other in talks_on(session, touchpoint) if other is not talk)
    over = talk.minutes + others - touchpoint.slot_minutes
    if over > 0:
        raise RuleViolation(f"The minutes on {short_date(touchpoint)} have been given away meanwhile: {over} too many.")
    touchpoint.placements += 1


def talks_on(session: Session, touchpoint: Touchpoint) -> Sequence[Talk]:
    """The talks that stand on the touchpoint, in their order."""
    query = select(Talk).where(Talk.touchpoint_id == touchpoint.id, Talk.state.in_(ON_THE_BOARD))
    return session.scalars(query.order_by(Talk.position, Talk.id)).all()


def put(session: Session, talk: Talk, touchpoint: Touchpoint, *, position: int | None) -> None:
    """Let the talk stand on the touchpoint, at `position` among its talks or last, and close the gap that it leaves."""
    left = talk.touchpoint if talk.touchpoint is not touchpoint else None
    talk.touchpoint, talk.position = touchpoint, None
    session.flush()  # the talk's own version rises; those of its neighbours must not
    others = [other.id for other in talks_on(session, touchpoint) if other is not talk]
    at = len(others) if position is None else max(0, min(position, len(others)))
    _number(session, touchpoint, [*others[:at], talk.id, *others[at:]])
    _leave(session, talk, left)


def take_off(session: Session, talk: Talk) -> None:
    """Take the talk off its touchpoint and close the gap. Its state must be off the board already."""
    left = talk.touchpoint
    talk.touchpoint = talk.position = None
    session.flush()
    _leave(session, talk, left)


def forget_speakers(left: Touchpoint, talk: Talk) -> None:
    """Take the talk's speakers out of the agenda that it leaves: their choice protects them there no longer."""
    for segment in left.segments:
        segment.title = without_speakers(segment.title, talk)[:MAX_LINE]


def _leave(session: Session, talk: Talk, left: Touchpoint | None) -> None:
    if left is not None:
        forget_speakers(left, talk)
        _number(session, left, [talk.id for talk in talks_on(session, left)])


def _number(session: Session, touchpoint: Touchpoint, order: Sequence[int]) -> None:
    """Give the talks their positions from 0, through NULL: (touchpoint, position) is unique at every moment.

    Raises the touchpoint's version, and not those of the talks: to be moved along is no change of theirs.
    """
    session.execute(update(Talk).where(Talk.touchpoint_id == touchpoint.id).values(position=None))
    for position, talk_id in enumerate(order):
        session.execute(update(Talk).where(Talk.id == talk_id).values(position=position))
    touchpoint.placements += 1
    session.flush()
