"""Subscriptions to calls by e-mail, and the announcements that go to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, random_key, random_link_key
from app.models.types import Instant


class Subscription(Base):
    """One address that asked to be told. It is shown to nobody but whoever reads its mail, and deleted by leaving.

    Until `confirmed_at` it gets nothing but the question. `stopped_at`: its mail came back. `series` and `topics` are
    slugs. `asked_at` dates the last question, `asked_times` counts those of the hour since `asked_since`.
    """

    __tablename__ = "subscription"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    link_key: Mapped[str] = mapped_column(String(32), default=random_link_key)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    all_calls: Mapped[bool] = mapped_column(default=True)
    series: Mapped[list[str]] = mapped_column(JSON, default=list)
    topics: Mapped[list[str]] = mapped_column(JSON, default=list)
    weekly: Mapped[bool] = mapped_column(default=False)
    day_before: Mapped[bool] = mapped_column(default=True)
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_since: Mapped[datetime] = mapped_column(Instant)
    asked_times: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    digested_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}


class Announcement(Base):
    """A change of one call that subscribers are told of, or with `reminds_of` (its start) the reminder of it.

    `before` and `after` are publications' values without words. It is due after the settle time; until then further
    changes are taken into it. `reached` is the last subscription that was told or passed over, `done_at` when all were;
    -1 when mails were taken back from the first on.
    `urgent`: whoever reads a weekly mail is told at once, too.
    """

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"))
    reminds_of: Mapped[datetime | None] = mapped_column(Instant)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)
    reached: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None] = mapped_column(Instant)

    __table_args__ = (UniqueConstraint("touchpoint_id", "reminds_of"), Index(None, "done_at", "due_at"))
