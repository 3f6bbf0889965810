"""Published notes for their readers: whoever looks at a call's page, and members. Of people it reads nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import PublicText
from app.domain.errors import NotFound
from app.domain.notes import NotesAudience, PublicNotes, published_text
from app.domain.publication import PublicTouchpoint
from app.models import PublishedNotes, Touchpoint
from app.services.notes_audience import audience_of

_FOR_MEMBERS = frozenset({NotesAudience.MEMBERS, NotesAudience.PUBLIC})


def public_notes(session: Session, key: str) -> PublicNotes | None:
    """The notes of the call as everybody may read them; None where there are none for everybody."""
    return next((notes for _, notes in _read(session, {NotesAudience.PUBLIC}, keys=[key])), None)


def texts_of_public_notes(session: Session, calls: Iterable[PublicTouchpoint]) -> dict[str, PublicText]:
    """The notes for everybody of those of `calls` that have them, by the calls' keys."""
    found = _read(session, {NotesAudience.PUBLIC}, keys=[call.key for call in calls])
    return {touchpoint.key: notes.text for touchpoint, notes in found}


def with_public_notes(session: Session, calls: Iterable[PublicTouchpoint]) -> frozenset[str]:
    """The keys of those of `calls` that have notes for everybody."""
    return frozenset(texts_of_public_notes(session, calls))


def list_member_notes(session: Session) -> list[Touchpoint]:
    """The calls whose notes members may read, the newest first."""
    return [touchpoint for touchpoint, _ in _read(session, _FOR_MEMBERS)]


def read_member_notes(session: Session, key: str) -> tuple[Touchpoint, PublicNotes]:
    """The call of this key and its notes, for members. Raises NotFound."""
    for found in _read(session, _FOR_MEMBERS, keys=[key]):
        return found
    raise NotFound("There are no notes of this call.")


def _read(
    session: Session, audiences: Collection[NotesAudience], *, keys: Collection[str] | None = None
) -> list[tuple[Touchpoint, PublicNotes]]:
    query = (
        select(Touchpoint, PublishedNotes)
        .join(PublishedNotes, PublishedNotes.touchpoint_id == Touchpoint.id)
        .order_by(Touchpoint.starts_at.desc(), Touchpoint.id)
    )
    if keys is not None:
        query = query.where(Touchpoint.key.in_(keys))
    rows = ((touchpoint, row, audience_of(touchpoint, row.audience)) for touchpoint, row in session.execute(query))
    return [
        (touchpoint, PublicNotes(published_text(row.text), row.published_at, audience))
        for touchpoint, row, audience in rows
        if audience in audiences
    ]
