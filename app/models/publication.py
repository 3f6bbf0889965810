"""Publications: what the world may see of each touchpoint, stored already anonymised."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.publication import PublicStatus
from app.models.base import Base
from app.models.types import Instant, Words


class Publication(Base):
    """The one door to the public. `value` is a PublicTouchpoint's JSON, `vevent` its finished bytes (empty: no feed).

    `sequence` and `last_modified` rise when calendars learn something, `changed_at` with each change of `value`.
    `cancelled_at` dates the present cancellation.
    """

    __tablename__ = "publication"

    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True)
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    series_slug: Mapped[str] = mapped_column(String(40))
    status: Mapped[PublicStatus] = mapped_column(Words(PublicStatus))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_modified: Mapped[datetime] = mapped_column(Instant, index=True)
    changed_at: Mapped[datetime] = mapped_column(Instant, index=True)
    cancelled_at: Mapped[datetime | None] = mapped_column(Instant)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    vevent: Mapped[bytes] = mapped_column(LargeBinary, default=b"")

    __table_args__ = (Index(None, "starts_at", "uid"), Index(None, "series_slug", "starts_at"))
