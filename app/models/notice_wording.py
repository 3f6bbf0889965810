"""The wordings of the notice: each version that organizers wrote, kept for the calls that it governed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.wording import Wording, read_wording
from app.models.base import Base
from app.models.person import Person
from app.models.types import Instant


class NoticeWording(Base):
    """One version; rows are only ever added. `sentences` are a Wording's, by field; `reason` is for organizers."""

    __tablename__ = "notice_wording"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sentences: Mapped[dict[str, str]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(String(300), default="")

    author: Mapped[Person | None] = relationship()

    def value(self) -> Wording:
        return read_wording({**self.sentences, "version": str(self.number)})
