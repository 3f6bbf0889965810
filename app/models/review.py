"""Reviews: one organizer's vote and private comment on a proposal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.reviews import Vote
from app.models.base import Base
from app.models.person import Person
from app.models.types import Instant, Words


class Review(Base):
    """`organizer` is None once that person has been erased: the vote stays, without a name and without its comment."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    organizer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    vote: Mapped[Vote] = mapped_column(Words(Vote))
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    organizer: Mapped[Person | None] = relationship()

    __table_args__ = (UniqueConstraint("proposal_id", "organizer_id"),)
