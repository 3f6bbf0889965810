"""Secret calendar addresses of people, and the entries that only members' calendars hold."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.personal_feeds import FeedKind
from app.domain.publication import PublicStatus
from app.models.base import Base
from app.models.person import Person
from app.models.types import Instant, Words


class PersonalFeed(Base):
    """One secret address. It is shown once; the row keeps the SHA-256 of its token, and the day of its last use."""

    __tablename__ = "personal_feed"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    kind: Mapped[FeedKind] = mapped_column(Words(FeedKind))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    used_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    person: Mapped[Person] = relationship(lazy="joined")


class MemberEntry(Base):
    """A call of a members-only series as members may see it: the publication that only they can read.

    `value` is a PublicTouchpoint's JSON with abstracts and with speakers as they are named for it; `vevent` the event
    with the way in, empty until the call is confirmed. `sequence` rises with each change of the bytes: a new join link
    is no public change.
    """

    __tablename__ = "member_entry"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    status: Mapped[PublicStatus] = mapped_column(Words(PublicStatus))
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_modified: Mapped[datetime] = mapped_column(Instant)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    vevent: Mapped[bytes] = mapped_column(LargeBinary)
