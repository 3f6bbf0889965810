"""Notes of calls: the text that is worked on, who wrote in it, what was decided about it, and what is published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.notes import NotesAudience
from app.domain.states import NotesState
from app.models.base import Base
from app.models.person import Person
from app.models.types import Instant, Words


class Notes(Base):
    """The private text of one call's notes, Markdown; `version` counts its changes."""

    __tablename__ = "notes"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[NotesState] = mapped_column(Words(NotesState), default=NotesState.DRAFT, index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class NotesAuthor(Base):
    """Who wrote or changed a word of a call's notes; `version` is that of the last text they made."""

    __tablename__ = "notes_author"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True)
    version: Mapped[int]

    person: Mapped[Person] = relationship(lazy="joined")


class NotesDecision(Base):
    """That a hit in the notes is no person: who said so, of which version. `place` is a hash of its line, no words."""

    __tablename__ = "notes_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime] = mapped_column(Instant)

    person: Mapped[Person | None] = relationship(lazy="joined")

    __table_args__ = (UniqueConstraint("touchpoint_id", "place"),)


class PublishedNotes(Base):
    """The notes as their readers see them: checked, frozen, written by `services/publishing_notes` alone.

    `audience` is the one they were published for; `version` that of the text then; `masked_at` the last time that a
    name was taken out of them afterwards.
    """

    __tablename__ = "published_notes"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    audience: Mapped[NotesAudience] = mapped_column(Words(NotesAudience))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(Instant)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    masked_at: Mapped[datetime | None] = mapped_column(Instant)

    published_by: Mapped[Person | None] = relationship()
