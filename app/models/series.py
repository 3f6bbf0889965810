"""Series and what they are made of: cadence rules, exceptions, the agenda template, the secret join link."""

from __future__ import annotations

from datetime import date, time

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.agenda import SegmentKind
from app.domain.cadence import Rule, from_rrule
from app.domain.notes import NotesAudience
from app.domain.publication import Audience, PublicDetail, public_detail
from app.domain.reminders import USUAL_DAYS
from app.domain.secret import NO_SECRET, Secret, WayIn
from app.models.agenda_part import AgendaPart
from app.models.base import Base
from app.models.types import Concealed, Words
from app.models.working_group import WorkingGroup


class Series(Base):
    """A recurring call. Nothing in the code knows a weekday: the cadence rules are data."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(Text, default="")
    audience: Mapped[Audience] = mapped_column(Words(Audience), default=Audience.OPEN)
    public_detail: Mapped[PublicDetail] = mapped_column(Words(PublicDetail), default=PublicDetail.TITLE_AND_TIME)
    hue: Mapped[str] = mapped_column(String(16), default="blue")
    shape: Mapped[str] = mapped_column(String(16), default="circle")
    role_address: Mapped[str] = mapped_column(String(254))
    position: Mapped[int] = mapped_column(default=0)
    ended_on: Mapped[date | None]
    blind_review: Mapped[bool] = mapped_column(default=False)  # its proposals are reviewed without names
    reminder_days: Mapped[list[int]] = mapped_column(JSON, default=lambda: list(USUAL_DAYS))
    notes_audience: Mapped[NotesAudience] = mapped_column(Words(NotesAudience), default=NotesAudience.NOBODY)
    moved_to: Mapped[str] = mapped_column(String(500), default="")  # where it goes on, once it has ended here
    import_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    rules: Mapped[list[CadenceRule]] = relationship(
        order_by="CadenceRule.valid_from", cascade="all, delete-orphan", back_populates="series"
    )
    exceptions: Mapped[list[CadenceException]] = relationship(
        order_by="CadenceException.date", cascade="all, delete-orphan"
    )
    template: Mapped[list[SegmentTemplate]] = relationship(
        order_by="SegmentTemplate.position", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def shown(self) -> PublicDetail:
        """What the public sees of its calls; `public_detail` counts while the series is for members only."""
        return public_detail(self.audience, self.public_detail)


class CadenceRule(Base):
    """An RFC 5545 RRULE on the wall clock of an IANA zone, in force from `valid_from` until the next rule's date."""

    __tablename__ = "cadence_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    valid_from: Mapped[date]
    rrule: Mapped[str] = mapped_column(String(120))
    start_time: Mapped[time]
    minutes: Mapped[int]
    time_zone: Mapped[str] = mapped_column(String(64))

    series: Mapped[Series] = relationship(back_populates="rules")

    __table_args__ = (UniqueConstraint("series_id", "valid_from"),)

    def value(self) -> Rule:
        return Rule(self.valid_from, from_rrule(self.rrule), self.start_time, self.minutes, self.time_zone)


class CadenceException(Base):
    """A date of the rule on which no touchpoint is opened, with the reason."""

    __tablename__ = "cadence_exception"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"))
    date: Mapped[date]
    reason: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("series_id", "date"),)


class SegmentTemplate(AgendaPart, Base):
    """One part of the agenda that a new touchpoint of the series begins with."""

    __tablename__ = "segment_template"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[SegmentKind] = mapped_column(Words(SegmentKind))
    title: Mapped[str] = mapped_column(String(120))
    minutes: Mapped[int]
    recorded: Mapped[bool]
    under_rule: Mapped[bool]
    working_group_id: Mapped[int | None] = mapped_column(ForeignKey("working_group.id", ondelete="SET NULL"))

    working_group: Mapped[WorkingGroup | None] = relationship(lazy="joined")


class JoinLink(Base):
    """The secrets of a call, apart from all that is public: of a series, or of one touchpoint."""

    __tablename__ = "join_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="CASCADE"), unique=True)
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id", ondelete="CASCADE"), unique=True)
    url: Mapped[Secret] = mapped_column(Concealed(500), default=NO_SECRET)
    passcode: Mapped[Secret] = mapped_column(Concealed(120), default=NO_SECRET)
    dial_in: Mapped[Secret] = mapped_column(Concealed(500), default=NO_SECRET)
    registration: Mapped[Secret] = mapped_column(Concealed(500), default=NO_SECRET)

    def value(self) -> WayIn:
        return WayIn(self.url, self.passcode, self.dial_in, self.registration)
