"""Publishing notes: a second person lets them out, anybody takes them back at once. The only writer of published notes.

Names leave them here as well, when a speaker takes one back or somebody is erased.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, NotAllowed, NotFound, RuleViolation
from app.domain.mentions import Identity
from app.domain.notes import NotesAudience, find_hits, published_text, replace_hits, text_to_publish, text_without
from app.domain.publication import Audience
from app.domain.states import NotesState, move_to
from app.models import Notes, NotesDecision, PublishedNotes, Question, Series, Touchpoint
from app.services.auditing import Actor, record
from app.services.locking import lock_row, lock_touchpoints
from app.services.notes import authors_since, decisions_on, hits_in, rights_of
from app.services.notes_audience import audience_of
from app.services.searching import enter_calls, enter_series
from app.services.versions import expect_version

_EVERY_AUTHOR = -1  # the version of a published text that nobody stands for any more: all its authors count again


def publish_notes(session: Session, touchpoint: Touchpoint, *, version: int, by: Actor, now: datetime) -> None:
    """Let out the notes exactly as `by` read them, in `version`, for whom the series says.

    Raises NotAllowed for whoever wrote or changed a word since the last publication; RuleViolation while they are not
    handed over, name somebody, are for nobody, or the call has not begun; Conflict, NotFound.
    """
    lock_touchpoints(session, [touchpoint])
    notes = session.get(Notes, touchpoint.id, populate_existing=True)
    if not rights_of(touchpoint, by.person).publish or notes is None:
        raise NotFound("There is no such page.")
    if by.person in authors_since(session, touchpoint):
        raise NotAllowed(
            "You wrote in these notes, so somebody else publishes them: the moderator, or an organizer who did not. "
            "Four eyes see the name that two overlook."
        )
    expect_version(notes, version)
    _expect_publishable(touchpoint, notes, now=now)
    hits, decided = hits_in(session, touchpoint, notes.text), decisions_on(session, touchpoint)
    row = PublishedNotes(
        touchpoint_id=touchpoint.id,
        audience=audience_of(touchpoint),
        text=text_to_publish(notes.text, hits, decided=decided),
        version=notes.version,
        published_at=now,
        published_by_id=by.person.id if by.person else None,
        masked_at=None,
    )
    session.merge(row)
    enter_calls(session, [touchpoint.id])
    move_to(notes, NotesState.PUBLISHED)
    record(session, "notes.published", touchpoint, by=by, now=now, version=row.version, audience=row.audience.value)
    session.commit()


def withdraw_notes(session: Session, touchpoint: Touchpoint, *, by: Actor, now: datetime) -> bool:
    """Take published notes back: at once, by any organizer. Returns whether any were out. The text stays a draft.

    Raises NotAllowed for others who may see the notes, NotFound for everybody else.
    """
    lock_touchpoints(session, [touchpoint])
    if not rights_of(touchpoint, by.person).withdraw:
        raise NotAllowed("Organizers take published notes back. Ask one of them.")
    gone = session.scalars(
        delete(PublishedNotes)
        .where(PublishedNotes.touchpoint_id == touchpoint.id)
        .returning(PublishedNotes.touchpoint_id)
    ).all()
    if gone:
        enter_calls(session, gone)
        _back_to_draft(session.get(Notes, touchpoint.id))
        record(session, "notes.withdrawn", touchpoint, by=by, now=now)
    session.commit()
    return bool(gone)


def mask_notes(session: Session, identities: Collection[Identity], *, by: Actor, now: datetime) -> int:
    """Take whoever is one of `identities` out of all published notes, and say of how many.

    Joins the caller's transaction. Also words that somebody had said are no person: that was said before these people
    asked. The drafts stay, and wait for a new decision about each such word and for a second person.
    """
    masked = []
    for row in session.scalars(select(PublishedNotes).order_by(PublishedNotes.touchpoint_id)).all():
        text = text_without(published_text(row.text), identities)
        if text == row.text:
            continue
        row.text, row.masked_at, row.version = text, now, _EVERY_AUTHOR
        _back_to_draft(session.get(Notes, row.touchpoint_id))
        record(session, "notes.masked", session.get_one(Touchpoint, row.touchpoint_id), by=by, now=now)
        masked.append(row.touchpoint_id)
    enter_calls(session, masked)
    decided = select(NotesDecision.touchpoint_id)
    for notes in session.scalars(select(Notes).where(Notes.touchpoint_id.in_(decided)).order_by(Notes.touchpoint_id)):
        _void_decisions(session, notes, identities)
    return len(masked)


def erase_from_notes(session: Session, identities: Collection[Identity], *, by: Actor, now: datetime) -> int:
    """Like `mask_notes`, and in drafts and in questions too: nobody will know these names any more.

    Returns in how many texts. Joins the caller's transaction.
    """
    erased = mask_notes(session, identities, by=by, now=now)
    for notes in session.scalars(select(Notes).order_by(Notes.touchpoint_id)).all():
        if hits := find_hits(notes.text, identities):
            notes.text, notes.updated_at = replace_hits(notes.text, hits), now
            _back_to_draft(notes)
            erased += 1
    for question in session.scalars(select(Question).order_by(Question.key)).all():
        if hits := find_hits(question.text, identities):
            question.text = replace_hits(question.text, hits)
            erased += 1
    return erased


def choose_notes_audience(
    session: Session, series: Series, audience: NotesAudience | None, *, version: int, by: Actor, now: datetime
) -> None:
    """Say for whom the notes of the series are. What is published already never gets more readers by this, only fewer.

    Raises InvalidInput (notes_audience), Conflict.
    """
    lock_row(session, series)
    expect_version(series, version)
    if audience is None:
        raise InvalidInput({"notes_audience": "Choose for whom the notes are."})
    if audience is NotesAudience.PUBLIC and series.audience is Audience.MEMBERS:
        raise InvalidInput({"notes_audience": "These calls are for members, and so are their notes."})
    series.notes_audience = audience
    enter_series(session, series.id)
    record(session, "series.notes_audience_chosen", series, by=by, now=now, audience=audience.value)
    session.commit()


def _expect_publishable(touchpoint: Touchpoint, notes: Notes, *, now: datetime) -> None:
    if notes.state is not NotesState.READY:
        raise RuleViolation("These notes are still being written: whoever writes them hands them over first.")
    if now < touchpoint.starts_at:
        raise RuleViolation("The call has not begun. Notes of it can be published afterwards.")
    if audience_of(touchpoint) is NotesAudience.NOBODY:
        raise RuleViolation("Say in the settings of the series for whom its notes are.")


def _void_decisions(session: Session, notes: Notes, identities: Collection[Identity]) -> None:
    """What was decided about these people's names is void, also where nothing is public yet: nobody may publish it."""
    places = [hit.place for hit in find_hits(notes.text, identities)]
    theirs = NotesDecision.touchpoint_id == notes.touchpoint_id, NotesDecision.place.in_(places)
    if session.scalars(delete(NotesDecision).where(*theirs).returning(NotesDecision.place)).all():
        _back_to_draft(notes)


def _back_to_draft(notes: Notes | None) -> None:
    if notes is not None:
        move_to(notes, NotesState.DRAFT)
