"""The archive's entries: each public talk by the words that it is found by. Public values alone, as published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.archive import MarkKind
from app.models.base import Base
from app.models.types import Instant, Words


class ArchiveEntry(Base):
    """One public talk, by the `key` that stays with it on every call. Goes with its publication.

    The words are folded (domain/searching.py): of its title, of whom and what it names, of its abstract, of the notes
    that everybody may read. The engine's own index follows these columns: a table `archive_words` and its triggers on
    SQLite, a generated column `found_by` on PostgreSQL. Only services/searching.py writes here (docs/adr/0080).
    """

    __tablename__ = "archive_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("publication.touchpoint_id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    title_words: Mapped[str] = mapped_column(Text)
    named_words: Mapped[str] = mapped_column(Text)
    told_words: Mapped[str] = mapped_column(Text)
    noted_words: Mapped[str] = mapped_column(Text)

    marks: Mapped[list[ArchiveMark]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True, order_by="(ArchiveMark.kind, ArchiveMark.word)"
    )

    __table_args__ = (Index(None, "starts_at", "key"),)


class ArchiveMark(Base):
    """What an entry is sorted by: its year, series, each topic, role category, working group, and what it has."""

    __tablename__ = "archive_mark"

    entry_id: Mapped[int] = mapped_column(ForeignKey("archive_entry.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[MarkKind] = mapped_column(Words(MarkKind), primary_key=True)
    word: Mapped[str] = mapped_column(String(120), primary_key=True)

    __table_args__ = (Index(None, "kind", "word", "entry_id"),)


ENGINES_OWN = frozenset({"archive_words", "found_by", "ix_archive_entry_found_by"})
"""What the migration makes of each engine's own search, and no model says: a table; a column with its index."""


def is_of_the_models(name: str | None, kind: str, _parents: object) -> bool:
    """For Alembic's comparison (`include_name`): whether the models should know of it."""
    is_part = kind == "table" and (name or "").startswith("archive_words_")
    return not is_part and name not in ENGINES_OWN
