"""Talks: proposals placed on touchpoints; the speakers' confirmations; the board's moves, for Undo."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.attribution import Attribution
from app.domain.states import ConfirmationState, TalkState
from app.models.base import Base, random_key, random_uid
from app.models.person import Person
from app.models.proposal import Proposal, Speaker
from app.models.touchpoint import Touchpoint
from app.models.types import Instant, Words

if TYPE_CHECKING:
    from app.models.consent import Consent
    from app.models.received import CalendarReply


class Talk(Base):
    """A proposal on one touchpoint. Its UID is that of the speakers' calendar entry and survives every move.

    A talk taken off the board keeps its row (state RELEASED, no touchpoint), so that the next placing continues it.
    (touchpoint, position) is unique: the backstop against two organizers winning one place.
    """

    __tablename__ = "talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    uid: Mapped[str] = mapped_column(String(64), unique=True, default=random_uid)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    touchpoint_id: Mapped[int | None] = mapped_column(ForeignKey("touchpoint.id"))
    position: Mapped[int | None]
    state: Mapped[TalkState] = mapped_column(Words(TalkState), default=TalkState.HOLD)
    minutes: Mapped[int]
    sequence: Mapped[int] = mapped_column(default=0)
    invited_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_by: Mapped[datetime | None] = mapped_column(Instant)
    reminded_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    recording_url: Mapped[str] = mapped_column(String(500), default="")
    slides_url: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    proposal: Mapped[Proposal] = relationship()
    touchpoint: Mapped[Touchpoint | None] = relationship()
    confirmations: Mapped[list[Confirmation]] = relationship(
        cascade="all, delete-orphan", back_populates="talk", lazy="selectin", order_by="Confirmation.id"
    )

    __table_args__ = (UniqueConstraint("touchpoint_id", "position"),)
    __mapper_args__ = {"version_id_col": version}


class Confirmation(Base):
    """One speaker's answer for one talk, with the naming and the consents to recording and slides that hold for it.

    None is "not chosen". Each time these three are chosen a `Consent` says when and how. `agreed_sentences` are
    those of title and abstract that may say what the naming keeps back: the speaker's word for them, as they stood.
    """

    __tablename__ = "confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id", ondelete="CASCADE"), index=True)
    speaker_id: Mapped[int] = mapped_column(ForeignKey("speaker.id", ondelete="CASCADE"), index=True)
    state: Mapped[ConfirmationState] = mapped_column(Words(ConfirmationState), default=ConfirmationState.WAITING)
    attribution: Mapped[Attribution | None] = mapped_column(Words(Attribution))
    recording_consent: Mapped[bool | None]
    slides_consent: Mapped[bool | None]
    agreed_sentences: Mapped[list[str]] = mapped_column(JSON, default=list)
    words: Mapped[str] = mapped_column(Text, default="")  # the speaker's own, when they ask for another date
    wishes: Mapped[list[int]] = mapped_column(JSON, default=list)  # ids of the touchpoints they could do instead
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    on_behalf_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_note: Mapped[str] = mapped_column(Text, default="")

    talk: Mapped[Talk] = relationship(back_populates="confirmations")
    speaker: Mapped[Speaker] = relationship(lazy="joined")
    on_behalf_by: Mapped[Person | None] = relationship()
    consents: Mapped[list[Consent]] = relationship(
        back_populates="confirmation", cascade="all, delete-orphan", passive_deletes=True, order_by="Consent.id"
    )
    calendar_reply: Mapped[CalendarReply | None] = relationship(
        back_populates="confirmation", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )

    __table_args__ = (UniqueConstraint("talk_id", "speaker_id"),)


class BoardMove(Base):
    """A move on the board: who, when, and all that Undo needs to put the talk back as it stood (`before`, JSON)."""

    __tablename__ = "board_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    organizer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id", ondelete="CASCADE"))
    moved_at: Mapped[datetime] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    version_after: Mapped[int]  # the talk's version when the move was done: another value means that it moved on

    organizer: Mapped[Person] = relationship()
    talk: Mapped[Talk] = relationship()
