"""Proposals, their speakers and topics."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.attribution import Attribution
from app.domain.people import RoleCategory
from app.domain.proposals import Level, SeriesPreference, TalkFormat
from app.domain.states import ProposalState
from app.models.base import Base, random_key, random_link_key
from app.models.person import Person
from app.models.series import Series
from app.models.touchpoint import Touchpoint
from app.models.types import Instant, Words
from app.models.working_group import WorkingGroup

proposal_topic = Table(
    "proposal_topic",
    Base.metadata,
    Column("proposal_id", ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True),
    Column("topic_id", ForeignKey("topic.id"), primary_key=True),
)
proposal_away = Table(  # the touchpoints on which its speakers cannot
    "proposal_away",
    Base.metadata,
    Column("proposal_id", ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True),
    Column("touchpoint_id", ForeignKey("touchpoint.id", ondelete="CASCADE"), primary_key=True),
)


class Topic(Base):
    """A subject that organizers offer in the form. A retired one stays on the proposals that have it."""

    __tablename__ = "topic"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    retired: Mapped[bool] = mapped_column(default=False)


class Proposal(Base):
    """What a volunteer offers. It lives in one pool and has no date.

    `email` is where it came from; `owner` is set once that address is confirmed. `link_key` is part of each signed
    link to it. `form_key` is the form's one-time key: sending the same form twice makes one proposal.
    `away_weekdays` holds ISO weekdays, 1 for Monday. `names_shown_...` say who ended its blind review early, and why.
    """

    __tablename__ = "proposal"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    link_key: Mapped[str] = mapped_column(String(32), default=random_link_key)
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[ProposalState] = mapped_column(Words(ProposalState), default=ProposalState.DRAFT, index=True)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str] = mapped_column(String(120), default="")
    abstract: Mapped[str] = mapped_column(Text, default="")
    benefit: Mapped[str] = mapped_column(Text, default="")
    format: Mapped[TalkFormat] = mapped_column(Words(TalkFormat), default=TalkFormat.PRESENTATION)
    level: Mapped[Level] = mapped_column(Words(Level), default=Level.INTRODUCTORY)
    minutes: Mapped[int] = mapped_column(default=20)
    preference: Mapped[SeriesPreference] = mapped_column(Words(SeriesPreference), default=SeriesPreference.EITHER)
    preferred_series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id"))
    working_group_id: Mapped[int | None] = mapped_column(
        ForeignKey("working_group.id", ondelete="SET NULL"), index=True
    )
    away_weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    links: Mapped[list[str]] = mapped_column(JSON, default=list)
    private_note: Mapped[str] = mapped_column(Text, default="")
    form: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)  # a draft's fields, as typed
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    names_shown_at: Mapped[datetime | None] = mapped_column(Instant)
    names_shown_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    names_shown_reason: Mapped[str] = mapped_column(Text, default="")
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    import_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)
    names_shown_by: Mapped[Person | None] = relationship(foreign_keys=names_shown_by_id)
    preferred_series: Mapped[Series | None] = relationship()
    working_group: Mapped[WorkingGroup | None] = relationship()
    speakers: Mapped[list[Speaker]] = relationship(
        order_by="Speaker.position", cascade="all, delete-orphan", back_populates="proposal", lazy="selectin"
    )
    topics: Mapped[list[Topic]] = relationship(secondary=proposal_topic, order_by=Topic.position, lazy="selectin")
    away_touchpoints: Mapped[list[Touchpoint]] = relationship(secondary=proposal_away)

    __table_args__ = ({"sqlite_autoincrement": True},)  # signed links and the audit trail know it by number
    __mapper_args__ = {"version_id_col": version}


class Speaker(Base):
    """A person on a proposal, with the name, affiliation, role and attribution level that hold for it.

    `attribution` and `recording_consent` are None until chosen: nothing is ticked beforehand.
    """

    __tablename__ = "speaker"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    link_key: Mapped[str] = mapped_column(String(32), default=random_link_key)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    pronouns: Mapped[str] = mapped_column(String(40), default="")
    affiliation: Mapped[str] = mapped_column(String(120), default="")
    role_category: Mapped[RoleCategory] = mapped_column(Words(RoleCategory), default=RoleCategory.OTHER)
    bio: Mapped[str] = mapped_column(Text, default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")
    attribution: Mapped[Attribution | None] = mapped_column(Words(Attribution))
    recording_consent: Mapped[bool | None]
    consent_at: Mapped[datetime | None] = mapped_column(Instant)
    consent_wording: Mapped[str] = mapped_column(String(16), default="")

    proposal: Mapped[Proposal] = relationship(back_populates="speakers")
