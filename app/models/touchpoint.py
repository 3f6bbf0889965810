"""Touchpoints: dated calls of a series, and the parts of their agenda."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import DateTime, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.agenda import SegmentKind, slot_minutes
from app.domain.publication import PublicDetail
from app.domain.states import TouchpointState
from app.models.agenda_part import AgendaPart
from app.models.base import Base, random_key, random_uid
from app.models.person import Person
from app.models.series import Series
from app.models.types import Instant, Words
from app.models.working_group import WorkingGroup


class Touchpoint(Base):
    """One dated call. `local_start` (naive) and `time_zone` are the truth, `starts_at` (UTC) is derived from them.

    `rule_date` is the date its cadence rule gave, kept when it moves: a second opening never doubles it.
    `placements` counts changes to its talks, so that each raises `version`: the lock against two organizers.
    Where `day_known` is false the record has only the month of a call of the past, and pages say no more.
    `held_as` is what the public saw of its series while it was not over: later it is never shown more of it than that.
    """

    __tablename__ = "touchpoint"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    uid: Mapped[str] = mapped_column(String(64), unique=True, default=random_uid)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id"))
    local_start: Mapped[datetime] = mapped_column(DateTime)
    time_zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    state: Mapped[TouchpointState] = mapped_column(Words(TouchpointState), default=TouchpointState.OPEN)
    reason: Mapped[str] = mapped_column(String(200), default="")
    rule_date: Mapped[date | None]
    import_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    scribe_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    placements: Mapped[int] = mapped_column(default=0)
    day_known: Mapped[bool] = mapped_column(default=True, server_default=true())
    held_as: Mapped[PublicDetail | None] = mapped_column(Words(PublicDetail))
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    series: Mapped[Series] = relationship(lazy="joined")
    moderator: Mapped[Person | None] = relationship(foreign_keys=moderator_id)
    scribe: Mapped[Person | None] = relationship(foreign_keys=scribe_id)
    segments: Mapped[list[TouchpointSegment]] = relationship(
        order_by="TouchpointSegment.position", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (UniqueConstraint("series_id", "rule_date"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def slot_minutes(self) -> int:
        """The room for talks, in minutes."""
        return slot_minutes(segment.value() for segment in self.segments)


class TouchpointSegment(AgendaPart, Base):
    """One part of a touchpoint's agenda; a copy of the template, changed on its own from then on."""

    __tablename__ = "segment"

    id: Mapped[int] = mapped_column(primary_key=True)
    touchpoint_id: Mapped[int] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[SegmentKind] = mapped_column(Words(SegmentKind))
    title: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int]
    recorded: Mapped[bool]
    under_rule: Mapped[bool]
    working_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("working_group.id", ondelete="SET NULL"), index=True
    )

    working_group: Mapped[WorkingGroup | None] = relationship(lazy="joined")
