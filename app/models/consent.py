"""What speakers allowed, each time they said so; and the receipts of what they took back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.attribution import Attribution
from app.domain.consent import Channel
from app.models.base import Base, random_key
from app.models.talk import Confirmation
from app.models.types import Instant, Words


class Consent(Base):
    """What one speaker allows for one talk, as said at `given_at`. Rows are only ever added: the newest holds.

    `wording` is the version of the questions that were answered, `person_id` who was signed in, `reason` an
    organizer's private one for making it stricter.
    """

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(primary_key=True)
    confirmation_id: Mapped[int] = mapped_column(ForeignKey("confirmation.id", ondelete="CASCADE"), index=True)
    attribution: Mapped[Attribution | None] = mapped_column(Words(Attribution))
    recording: Mapped[bool | None]
    slides: Mapped[bool | None]
    wording: Mapped[str] = mapped_column(String(16), default="")
    channel: Mapped[Channel] = mapped_column(Words(Channel))
    given_at: Mapped[datetime] = mapped_column(Instant)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")

    confirmation: Mapped[Confirmation] = relationship(back_populates="consents")


class Retraction(Base):
    """The receipt of what one speaker took back, or an organizer for them: facts and counts, no names."""

    __tablename__ = "retraction"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    confirmation_id: Mapped[int] = mapped_column(ForeignKey("confirmation.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(Instant)
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON)

    confirmation: Mapped[Confirmation] = relationship()
