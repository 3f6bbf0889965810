"""Mail that came in, what calendars answered, and addresses to which mail does not arrive."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.received import CalendarAnswer, ReceivedKind
from app.models.base import Base
from app.models.outbox import OutboxMessage
from app.models.talk import Confirmation
from app.models.types import Instant, Words


class ReceivedMessage(Base):
    """One message as it came, stored before it is understood. `fingerprint` is unique: none is taken twice.

    `settled_at` is empty while it waits for an organizer; `note` says in words what was made of it and why.
    """

    __tablename__ = "received"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[ReceivedKind] = mapped_column(Words(ReceivedKind), default=ReceivedKind.OTHER)
    sender: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[bytes] = mapped_column(LargeBinary)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"), index=True)
    confirmation_id: Mapped[int | None] = mapped_column(ForeignKey("confirmation.id", ondelete="SET NULL"), index=True)
    received_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)

    outbox: Mapped[OutboxMessage | None] = relationship()
    confirmation: Mapped[Confirmation | None] = relationship()

    __table_args__ = (Index(None, "settled_at", "received_at"),)


class CalendarReply(Base):
    """The last thing that a speaker's calendar answered for one talk. It flags; it confirms and frees nothing.

    `sequence` is the talk's when they answered: once it has risen, the answer was about another date.
    """

    __tablename__ = "calendar_reply"

    confirmation_id: Mapped[int] = mapped_column(ForeignKey("confirmation.id", ondelete="CASCADE"), primary_key=True)
    answer: Mapped[CalendarAnswer] = mapped_column(Words(CalendarAnswer))
    sequence: Mapped[int]
    stamp: Mapped[datetime] = mapped_column(Instant)
    words: Mapped[str] = mapped_column(Text, default="")
    proposed: Mapped[str] = mapped_column(String(200), default="")
    received_at: Mapped[datetime] = mapped_column(Instant)

    confirmation: Mapped[Confirmation] = relationship(back_populates="calendar_reply")


class BouncingAddress(Base):
    """An address from which mail came back for good. `stopped_at` is set while no mail leaves to it."""

    __tablename__ = "bouncing_address"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    bounces: Mapped[int] = mapped_column(default=0)
    words: Mapped[str] = mapped_column(Text, default="")
    bounced_at: Mapped[datetime] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
