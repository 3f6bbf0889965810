"""The question box of a call: asked by anyone, kept without a trace of who asked, moderated, forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.errors import Gone, NotFound, TooMany
from app.domain.mentions import Identity
from app.domain.people import Role
from app.domain.publication import Audience, PublicDetail
from app.domain.questions import (
    KEPT,
    MOST_WAITING,
    NamesIn,
    check_question,
    may_still_ask,
    settled_question,
)
from app.domain.states import QuestionState, TouchpointState, move_to
from app.models import Person, Question, Touchpoint
from app.services.auditing import Actor, record
from app.services.identities import announced_on
from app.services.locking import lock_row
from app.services.versions import expect_version


def find_call_to_ask(session: Session, key: str, *, asker: Person | None) -> Touchpoint:
    """The call of this key, for questions. Raises NotFound, also for calls that are not for the asker."""
    touchpoint = session.scalar(select(Touchpoint).where(Touchpoint.key == key))
    inside = asker is not None and asker.role in (Role.MEMBER, Role.ORGANIZER)
    if touchpoint is None or (touchpoint.series.audience is Audience.MEMBERS and not inside):
        raise NotFound("There is no such call.")
    return touchpoint


def takes_questions(touchpoint: Touchpoint, *, now: datetime) -> bool:
    """Whether questions for the call are taken now."""
    takes_place = touchpoint.state is TouchpointState.OPEN
    return may_still_ask(touchpoint.starts_at, takes_place=takes_place, now=now)


def ask_question(
    session: Session, key: str, text: str, *, names: NamesIn | None, asker: Person | None, now: datetime
) -> None:
    """Keep the question and the day. Of who asked nothing is kept, and nothing is audited: an event has a moment.

    `asker` decides only whether the call is theirs. Raises InvalidInput (question, names), NotFound, Gone once the
    call has begun, TooMany while as many wait as anybody can read.
    """
    touchpoint = find_call_to_ask(session, key, asker=asker)
    if not takes_questions(touchpoint, now=now):
        raise Gone("Questions for this call are closed. Ask them in the call itself.")
    kept = settled_question(check_question(text), _announced(session, touchpoint), names)
    if count_new_questions(session, touchpoint) >= MOST_WAITING:
        raise TooMany("Many questions wait for this call already.")
    session.add(Question(touchpoint_id=touchpoint.id, text=kept, asked_on=now.date()))
    session.commit()


def decide_question(
    session: Session,
    touchpoint: Touchpoint,
    key: str,
    *,
    text: str,
    state: QuestionState,
    version: int,
    by: Actor,
    now: datetime,
) -> None:
    """Accept the question, in these words, or dismiss it. For the call's moderator and organizers.

    Raises InvalidInput (question), NotFound, Conflict, RuleViolation.
    """
    expect_moderator(touchpoint, by.person)
    question = session.get(Question, key)
    if question is None or question.touchpoint_id != touchpoint.id:
        raise NotFound("There is no such question. Perhaps its time was over.")
    lock_row(session, question)
    expect_version(question, version)
    if state is QuestionState.ACCEPTED:
        question.text = check_question(text)
    move_to(question, state)
    record(session, f"question.{state.value}", touchpoint, by=by, now=now)
    session.commit()


def accepted_questions(session: Session, touchpoint: Touchpoint) -> tuple[str, ...]:
    """What people asked in advance and a moderator accepted: for the run sheet, never for the public."""
    query = select(Question.text).where(
        Question.touchpoint_id == touchpoint.id, Question.state == QuestionState.ACCEPTED
    )
    return tuple(session.scalars(query.order_by(Question.asked_on, Question.key)))


def count_new_questions(session: Session, touchpoint: Touchpoint) -> int:
    """How many wait for a moderator."""
    waiting = select(func.count()).where(Question.touchpoint_id == touchpoint.id, Question.state == QuestionState.NEW)
    return session.scalar(waiting) or 0


def forget_questions(session: Session, *, now: datetime, keep: timedelta = KEPT) -> int:
    """Delete the questions of calls that began more than `keep` ago, whatever became of them. Commits."""
    old = select(Touchpoint.id).where(Touchpoint.starts_at < now - keep)
    gone = len(session.scalars(delete(Question).where(Question.touchpoint_id.in_(old)).returning(Question.key)).all())
    session.commit()
    return gone


def expect_moderator(touchpoint: Touchpoint, person: Person | None) -> None:
    """Raises NotFound unless the person moderates the call or is an organizer."""
    if person is None or not (person.role is Role.ORGANIZER or person.id == touchpoint.moderator_id):
        raise NotFound("There is no such page.")


def _announced(session: Session, touchpoint: Touchpoint) -> tuple[Identity, ...]:
    """The speakers whom the public knows of: of a call that does not show them, none."""
    return announced_on(session, touchpoint) if touchpoint.series.shown is PublicDetail.EVERYTHING else ()
