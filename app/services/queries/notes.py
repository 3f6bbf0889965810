"""The page on which notes are written, checked for names and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.errors import NotFound
from app.domain.notes import Hit, NotesAudience, blank_notes, undecided
from app.domain.states import NotesState
from app.models import Notes, NotesDecision, Person, PublishedNotes, Touchpoint
from app.services.notes import Rights, authors_since, decisions_on, hits_in, rights_of
from app.services.notes_audience import audience_of
from app.services.notices import notice_of_call


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


def _blank(session: Session, touchpoint: Touchpoint) -> str:
    parts = [segment.title or segment.kind.label for segment in touchpoint.segments]
    return blank_notes(str(notice_of_call(session, touchpoint)), parts)
