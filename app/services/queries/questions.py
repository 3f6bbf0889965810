"""Read models of the question box: where anybody asks, and where moderators read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.mentions import Mention, find_mentions, without_mentions
from app.domain.publication import Audience, PublicTouchpoint
from app.domain.states import NotesState, QuestionState, TouchpointState
from app.models import MemberEntry, Notes, Person, Publication, Question, Touchpoint
from app.services.identities import everyone_known
from app.services.public_history import read_value
from app.services.questions import expect_moderator, find_call_to_ask, takes_questions

_BETWEEN = "\n\x00\n"  # no name goes on beyond it, and no question holds it
_ORDER = (QuestionState.NEW, QuestionState.ACCEPTED, QuestionState.DISMISSED)


@dataclass(frozen=True)
class AskedCall:
    """A call as whoever asks sees it. `is_open` while its questions are taken."""

    call: PublicTouchpoint
    is_open: bool


@dataclass(frozen=True)
class QuestionRow:
    """A question for its moderator: whom it names, and how it reads without them."""

    question: Question
    names: tuple[Mention, ...]
    neutral: str


@dataclass(frozen=True)
class Waiting:
    """A call about which organizers have something to do or to wait for; `state` None means that there are no notes."""

    touchpoint: Touchpoint
    state: NotesState | None
    questions: int


def read_asked_call(session: Session, key: str, *, asker: Person | None, now: datetime) -> AskedCall:
    """The call for which somebody asks. Raises NotFound, also for calls that are not for the asker."""
    touchpoint = find_call_to_ask(session, key, asker=asker)
    of_members = touchpoint.series.audience is Audience.MEMBERS  # who asks is one, and the public may see nothing of it
    row = session.get(MemberEntry, touchpoint.id) if of_members else session.get(Publication, touchpoint.id)
    call = read_value(row.value) if row else None
    if call is None:
        raise NotFound("There is no such call.")
    return AskedCall(call, takes_questions(touchpoint, now=now))


def read_questions(session: Session, touchpoint: Touchpoint, *, person: Person) -> list[QuestionRow]:
    """The questions of a call for its moderator: new ones first. Raises NotFound for everybody else."""
    expect_moderator(touchpoint, person)
    rows = session.scalars(select(Question).where(Question.touchpoint_id == touchpoint.id)).all()
    rows = sorted(rows, key=lambda row: (_ORDER.index(row.state), row.asked_on, row.key))
    named = _names_in([row.text for row in rows], session, touchpoint) if rows else []
    return [QuestionRow(row, names, without_mentions(row.text, names)) for row, names in zip(rows, named, strict=True)]


def read_waiting(session: Session, *, now: datetime) -> list[Waiting]:
    """The calls with notes that are not published, and those to come with new questions; the newest first."""
    new = (
        select(Question.touchpoint_id, func.count().label("count"))
        .where(Question.state == QuestionState.NEW)
        .group_by(Question.touchpoint_id)
        .subquery()
    )
    query = (
        select(Touchpoint, Notes.state, new.c.count)
        .outerjoin(Notes, Notes.touchpoint_id == Touchpoint.id)
        .outerjoin(new, new.c.touchpoint_id == Touchpoint.id)
        .where(
            Notes.state.in_((NotesState.DRAFT, NotesState.READY))
            | (new.c.count.is_not(None) & (Touchpoint.starts_at > now))
        )
        .where(Touchpoint.state == TouchpointState.OPEN)
        .order_by(Touchpoint.starts_at.desc(), Touchpoint.id)
    )
    return [Waiting(touchpoint, state, count or 0) for touchpoint, state, count in session.execute(query)]


def count_notes_and_questions(session: Session, *, now: datetime) -> int:
    """How many notes wait for a second person, and how many questions of calls to come for a moderator."""
    ready = select(func.count()).select_from(Notes).where(Notes.state == NotesState.READY)
    coming = select(Touchpoint.id).where(Touchpoint.starts_at > now)
    new = select(func.count()).where(Question.state == QuestionState.NEW, Question.touchpoint_id.in_(coming))
    return session.scalar(select(ready.scalar_subquery() + new.scalar_subquery())) or 0


def _names_in(texts: Sequence[str], session: Session, touchpoint: Touchpoint) -> list[tuple[Mention, ...]]:
    """Whom each text names: all are searched at once, since to know everybody is what costs."""
    found = find_mentions(_BETWEEN.join(texts), everyone_known(session, touchpoint))
    named, begin = [], 0
    for text in texts:
        end = begin + len(text)
        here = (mention for mention in found if begin <= mention.start < end)
        named.append(
            tuple(
                Mention(each.start - begin, each.end - begin, each.words, each.kind, each.replacement) for each in here
            )
        )
        begin = end + len(_BETWEEN)
    return named
