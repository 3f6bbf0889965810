"""Questions asked before a call: words and a day, and nothing of who asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.states import QuestionState
from app.models.base import Base, random_key
from app.models.types import Words


class Question(Base):
    """One question. Its key is random, so that no order of asking is kept; `asked_on` is a day of UTC."""

    __tablename__ = "question"

    key: Mapped[str] = mapped_column(String(16), primary_key=True, default=random_key)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), index=True)
    state: Mapped[QuestionState] = mapped_column(Words(QuestionState), default=QuestionState.NEW)
    text: Mapped[str] = mapped_column(Text)
    asked_on: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
