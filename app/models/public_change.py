"""What became of calls in public: their changes, the topics they had, and the last word of a series that ended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.public_changes import ChangeKind
from app.models.base import Base, random_key, random_uid
from app.models.types import Instant, Words


class PublicChange(Base):
    """One step of a publication. It holds times and no words: titles are those that are public today."""

    __tablename__ = "public_change"

    key: Mapped[str] = mapped_column(String(16), primary_key=True, default=random_key)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind] = mapped_column(Words(ChangeKind))
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant, index=True)
    was_starts_at: Mapped[datetime | None] = mapped_column(Instant)
    was_minutes: Mapped[int | None]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]

    __table_args__ = (Index(None, "touchpoint_id", "updated_at"),)


class PublicationTopic(Base):
    """A topic, by slug, that a call had in public. It stays when the talk goes: no feed loses a call without a word."""

    __tablename__ = "publication_topic"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)


class HiddenCall(Base):
    """What calendars are told of a call that was public and is not any more: an entry without words, cancelled.

    It is in the feeds for a while; the row stays while the call is hidden, so that SEQUENCE goes on from it.
    """

    __tablename__ = "hidden_call"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    series_slug: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    hidden_at: Mapped[datetime] = mapped_column(Instant, index=True)
    sequence: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_modified: Mapped[datetime] = mapped_column(Instant)
    vevent: Mapped[bytes] = mapped_column(LargeBinary)


class Farewell(Base):
    """The last event of a series that ended: when, and where it went. Taken back, it stands as cancelled."""

    __tablename__ = "farewell"

    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), primary_key=True)
    uid: Mapped[str] = mapped_column(String(64), unique=True, default=random_uid)
    day: Mapped[date]
    cancelled: Mapped[bool] = mapped_column(default=False)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_modified: Mapped[datetime] = mapped_column(Instant)
    vevent: Mapped[bytes] = mapped_column(LargeBinary)
