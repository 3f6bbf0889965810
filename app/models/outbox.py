"""The outbox: each mail is a row, written in the transaction of the change that it tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import MailState
from app.models.base import Base
from app.models.types import Instant, Words


class OutboxMessage(Base):
    """One mail to one recipient, rendered when queued: what was promised is what is sent.

    `dedup` (event:recipient:kind:sequence) is unique, so a repeated click sends nothing twice. `message` holds the
    finished RFC 5322 bytes and is emptied 30 days after sending. `due_at` is when it may leave (settle time, retries).
    `entry_sequence` is the SEQUENCE of the calendar entry that it carries, if any. `tells` is what its reader knew
    before and knows by it: the next change tells the difference to that, however many were taken back between.
    `is_bulk` mails go to many: they leave when nothing else waits.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedup: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    is_bulk: Mapped[bool] = mapped_column(default=False)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    message: Mapped[bytes] = mapped_column(LargeBinary)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id", ondelete="SET NULL"), index=True)
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talk.id", ondelete="SET NULL"), index=True)
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id", ondelete="SET NULL"), index=True)
    entry_sequence: Mapped[int | None]
    tells: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    state: Mapped[MailState] = mapped_column(Words(MailState), default=MailState.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    lease_until: Mapped[datetime | None] = mapped_column(Instant)
    lease_owner: Mapped[str] = mapped_column(String(64), default="")
    last_error: Mapped[str] = mapped_column(Text, default="")
    sent_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (
        Index(None, "state", "is_bulk", "due_at", "id"),
        # The address that a mail comes back to holds its number: that of a deleted one is never given to another.
        {"sqlite_autoincrement": True},
    )
