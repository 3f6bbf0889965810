"""Calendars of other communities: where they are, what became of fetching them, and the last good copy of their events.

`app/services/sister_calendars` is the only writer of both tables.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.secret import Secret
from app.models.base import Base
from app.models.types import Concealed, Instant


class SisterCalendar(Base):
    """One calendar that is fetched. Its address may hold a key: `address` shows itself to nobody.

    `asked_at` stands from the moment somebody wants it fetched until it was tried; `due_at` is when a worker tries,
    and while one does, when another may think that it died. `fetched_at` is when its owner last said what it holds,
    `expanded_at` when that was last read whole. `failures` counts tries in a row, since `failing_since`; `problem` says
    why in a sentence of ours. `left_out` and `noted` count events by the words of `domain.sister_calendars`.
    """

    __tablename__ = "sister_calendar"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    hue: Mapped[str] = mapped_column(String(16))
    shape: Mapped[str] = mapped_column(String(16))
    shown: Mapped[bool] = mapped_column(default=True)
    address: Mapped[Secret] = mapped_column(Concealed(1000))
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant, index=True)
    fetched_at: Mapped[datetime | None] = mapped_column(Instant)
    expanded_at: Mapped[datetime | None] = mapped_column(Instant)
    etag: Mapped[str] = mapped_column(String(500), default="")
    last_modified: Mapped[str] = mapped_column(String(100), default="")
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(Instant)
    problem: Mapped[str] = mapped_column(String(300), default="")
    left_out: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    noted: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class SisterOccurrence(Base):
    """One event of the last good copy: others' words, cleaned and cut. Of an event of whole days, both ends are
    midnights of UTC, and the last day is the one before `ends_at`."""

    __tablename__ = "sister_occurrence"

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("sister_calendar.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(255))
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(500), default="")
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    all_day: Mapped[bool] = mapped_column(default=False)
    tentative: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (Index(None, "calendar_id", "starts_at"), Index(None, "starts_at"))
