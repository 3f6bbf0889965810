"""Working groups, the people who chair them, and what the public sees of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.attribution import Attribution
from app.domain.states import WorkingGroupState
from app.domain.working_groups import GroupRef
from app.models.base import Base, random_link_key
from app.models.types import Instant, Words


class WorkingGroup(Base):
    """A group of the community as organizers keep it. `channels` are label and address; `notes` an address or a text.

    The public reads its `PublishedGroup`. It is never deleted: an archived one keeps its page and its updates.
    """

    __tablename__ = "working_group"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    scope: Mapped[str] = mapped_column(Text, default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    repository: Mapped[str] = mapped_column(String(500), default="")
    channels: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    calendar: Mapped[str] = mapped_column(String(500), default="")
    rhythm: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[WorkingGroupState] = mapped_column(Words(WorkingGroupState), default=WorkingGroupState.ACTIVE)
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    chairs: Mapped[list[Chair]] = relationship(
        order_by="Chair.position", cascade="all, delete-orphan", back_populates="group"
    )

    __mapper_args__ = {"version_id_col": version}

    def ref(self) -> GroupRef:
        return GroupRef(self.id, self.slug, self.name)


class Chair(Base):
    """Who chairs a group, as organizers typed it; public only as the chair allowed by the mailed link.

    `naming` is None until they chose: they are "a chair" in public. Another name, affiliation or address is asked anew.
    """

    __tablename__ = "working_group_chair"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    link_key: Mapped[str] = mapped_column(String(32), default=random_link_key)
    name: Mapped[str] = mapped_column(String(120))
    affiliation: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    naming: Mapped[Attribution | None] = mapped_column(Words(Attribution))
    asked_at: Mapped[datetime | None] = mapped_column(Instant)
    chosen_at: Mapped[datetime | None] = mapped_column(Instant)

    group: Mapped[WorkingGroup] = relationship(back_populates="chairs")

    __table_args__ = ({"sqlite_autoincrement": True},)  # signed links know it by number


class PublishedGroup(Base):
    """What the public sees of a group: `value` is a PublicWorkingGroup's JSON, written by publishing_groups alone."""

    __tablename__ = "published_group"

    group_id: Mapped[int] = mapped_column(ForeignKey("working_group.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    last_modified: Mapped[datetime] = mapped_column(Instant)


class PublicationGroup(Base):
    """That a call's publication has something of a group, by slug: an index of what is public, and gone with it."""

    __tablename__ = "publication_group"

    touchpoint_id: Mapped[int] = mapped_column(
        ForeignKey("publication.touchpoint_id", ondelete="CASCADE"), primary_key=True
    )
    slug: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
