"""Read models of notes: the page where they are written and published, and the published ones for their readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import NotFound
from app.domain.notes import Hit, NotesAudience, PublicNotes, blank_notes, published_text, undecided
from app.domain.publication import PublicTouchpoint
from app.domain.states import NotesState
from app.models import Notes, NotesDecision, Person, Publication, PublishedNotes, Touchpoint
from app.services.notes import Rights, audience_of, authors_since, decisions_on, hits_in, rights_of
from app.services.public_history import read_value

_FOR_MEMBERS = frozenset({NotesAudience.MEMBERS, NotesAudience.PUBLIC})


@dataclass(frozen=True)
class NotesPage:
    """The notes of a call for whoever writes or publishes them; `version` 0 means that nothing was saved yet.

    `hits` are about `text`; `decided` holds what was said about them, by place. `authors` wrote since the last
    publication. `audience` is for whom the notes would be, `readers` for whom those are that are `published`.
    """

    touchpoint: Touchpoint
    rights: Rights
    text: str
    version: int
    state: NotesState
    hits: tuple[Hit, ...]
    decided: dict[str, NotesDecision]
    authors: Sequence[Person]
    audience: NotesAudience
    published: PublishedNotes | None
    readers: NotesAudience

    @property
    def left(self) -> tuple[Hit, ...]:
        """The hits about which somebody must decide."""
        return undecided(self.hits, self.decided)

    def wrote(self, person: Person) -> bool:
        """Whether this person has to leave the publishing to somebody else."""
        return person in self.authors


def find_noted_call(session: Session, key: str) -> Touchpoint:
    """The call of this key. Raises NotFound."""
    touchpoint = session.scalar(select(Touchpoint).where(Touchpoint.key == key))
    if touchpoint is None:
        raise NotFound("There is no such page.")
    return touchpoint


def read_notes(session: Session, touchpoint: Touchpoint, *, person: Person) -> NotesPage:
    """The notes as this person may see them; the blank ones where there are none. Raises NotFound."""
    rights = rights_of(touchpoint, person)
    notes = session.get(Notes, touchpoint.id)
    text = notes.text if notes else _blank(session, touchpoint)
    published = session.get(PublishedNotes, touchpoint.id, options=[joinedload(PublishedNotes.published_by)])
    return NotesPage(
        touchpoint=touchpoint,
        rights=rights,
        text=text,
        version=notes.version if notes else 0,
        state=notes.state if notes else NotesState.DRAFT,
        hits=hits_in(session, touchpoint, text),
        decided=decisions_on(session, touchpoint),
        authors=authors_since(session, touchpoint),
        audience=audience_of(touchpoint),
        published=published,
        readers=audience_of(touchpoint, published.audience) if published else NotesAudience.NOBODY,
    )


def public_notes(session: Session, key: str) -> PublicNotes | None:
    """The notes of the call as everybody may read them; None where there are none for everybody."""
    return next((notes for _, notes in _read(session, {NotesAudience.PUBLIC}, keys=[key])), None)


def with_public_notes(session: Session, calls: Iterable[PublicTouchpoint]) -> frozenset[str]:
    """The keys of those of `calls` that have notes for everybody."""
    found = _read(session, {NotesAudience.PUBLIC}, keys=[call.key for call in calls])
    return frozenset(touchpoint.key for touchpoint, _ in found)


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


def _blank(session: Session, touchpoint: Touchpoint) -> str:
    publication = session.get(Publication, touchpoint.id)
    call = read_value(publication.value) if publication else None
    parts = [segment.title or segment.kind.label for segment in touchpoint.segments]
    return blank_notes(str(call.notice) if call else "", parts)
