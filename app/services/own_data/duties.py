"""What somebody did here for the community, and what the audit trail knows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.site import Site
from app.models import (
    AuditEvent,
    BoardMove,
    Chair,
    Confirmation,
    Consent,
    ImportRun,
    Material,
    NotesAuthor,
    NotesDecision,
    NoticeWording,
    Person,
    PersonalFeed,
    Proposal,
    PublishedNotes,
    Review,
    Speaker,
    Subscription,
    Talk,
    Touchpoint,
    WorkingGroup,
)
from app.services.own_data.holders import Holder, is_sent_by, is_speaker
from app.services.own_data.sections import Record, Section


@dataclass(frozen=True)
class _Duty:
    """A column that says who did something, with the row's number and when, if the row knows."""

    what: str
    who: InstrumentedAttribute[Any]
    number: InstrumentedAttribute[Any]
    at: InstrumentedAttribute[Any] | None = None

    @property
    def column(self) -> str:
        return f"{self.who.class_.__tablename__}.{self.who.key}"


_DUTIES = (
    _Duty("decided on a proposal", Proposal.decided_by_id, Proposal.id, Proposal.decided_at),
    _Duty("let names be shown in a blind review", Proposal.names_shown_by_id, Proposal.id, Proposal.names_shown_at),
    _Duty("confirmed for a speaker", Confirmation.on_behalf_by_id, Confirmation.id, Confirmation.answered_at),
    _Duty("was signed in when naming was chosen", Consent.person_id, Consent.id, Consent.given_at),
    _Duty("moved a talk on the board", BoardMove.organizer_id, BoardMove.id, BoardMove.moved_at),
    _Duty("moderates a call", Touchpoint.moderator_id, Touchpoint.id, Touchpoint.starts_at),
    _Duty("is the scribe of a call", Touchpoint.scribe_id, Touchpoint.id, Touchpoint.starts_at),
    _Duty("sees to a recording or slides", Material.owner_id, Material.talk_id, Material.changed_at),
    _Duty("wrote in the notes of a call", NotesAuthor.person_id, NotesAuthor.touchpoint_id),
    _Duty("said that a hit in notes is nobody", NotesDecision.person_id, NotesDecision.id, NotesDecision.decided_at),
    _Duty(
        *("published the notes of a call", PublishedNotes.published_by_id),
        *(PublishedNotes.touchpoint_id, PublishedNotes.published_at),
    ),
    _Duty("imported a file", ImportRun.started_by_id, ImportRun.id, ImportRun.created_at),
    _Duty("wrote a wording of the notice", NoticeWording.author_id, NoticeWording.number, NoticeWording.made_at),
)


def _reviews(session: Session, holder: Holder, _site: Site) -> list[Record]:
    rows = session.scalars(select(Review).where(Review.organizer_id == holder.person_id).order_by(Review.id.desc()))
    return [
        {"proposal": row.proposal_id, "vote": row.vote.value, "comment": row.comment, "written_at": row.updated_at}
        for row in rows
    ]


def _duties(session: Session, holder: Holder, _site: Site) -> list[Record]:
    found: list[Record] = []
    for duty in _DUTIES:
        columns = (duty.number, duty.at) if duty.at is not None else (duty.number,)
        rows = session.execute(select(*columns).where(duty.who == holder.person_id).order_by(duty.number.desc()))
        found += [{"what": duty.what, "number": row[0], "at": row[1] if duty.at is not None else None} for row in rows]
    return found


def _trail(session: Session, holder: Holder, _site: Site) -> list[Record]:
    since = _rows_about(session, holder)
    about = [and_(AuditEvent.subject == table, AuditEvent.subject_id.in_(numbers)) for table, numbers in since.items()]
    by_them = AuditEvent.person_id == holder.person_id
    rows = session.scalars(select(AuditEvent).where(or_(by_them, *about)).order_by(AuditEvent.id.desc()))
    return [
        {
            "at": row.at,
            "action": row.action,
            "door": row.actor,
            "by_you": row.person_id == holder.person_id,
            "subject": row.subject,
            "subject_number": row.subject_id,
        }
        for row in rows
        if row.person_id == holder.person_id or row.at >= since[row.subject][row.subject_id]
    ]


def _rows_about(session: Session, holder: Holder) -> Mapping[str, Mapping[int, datetime]]:
    """The numbers of the rows that are about them, and since when: a number may have been another row's before."""
    mine, spoken = is_sent_by(holder), is_speaker(holder)
    proposals = select(Proposal.id, Proposal.created_at)
    talks = select(Talk.id, Talk.created_at).join(Proposal, Talk.proposal_id == Proposal.id)
    speakers = select(Speaker.id, Proposal.created_at).join(Proposal, Speaker.proposal_id == Proposal.id)
    answers = (
        select(Confirmation.id, Talk.created_at)
        .join(Talk, Confirmation.talk_id == Talk.id)
        .join(Speaker, Confirmation.speaker_id == Speaker.id)
    )
    feeds = select(PersonalFeed.id, PersonalFeed.created_at).where(PersonalFeed.person_id == holder.person_id)
    chairs = (
        select(Chair.id, WorkingGroup.created_at)
        .join(WorkingGroup, Chair.group_id == WorkingGroup.id)
        .where(Chair.email.in_(holder.addresses))
    )
    found = {
        "person": select(Person.id, Person.created_at).where(Person.id == holder.person_id),
        "proposal": proposals.where(mine),
        "talk": talks.where(mine),
        "speaker": speakers.where(spoken),
        "confirmation": answers.where(spoken),
        "personal_feed": feeds,
        "working_group_chair": chairs,
        "subscription": select(Subscription.id, Subscription.asked_since).where(
            Subscription.email.in_(holder.addresses)
        ),
    }
    return {table: dict(session.execute(query).all()) for table, query in found.items()}


DUTIES = (
    Section(
        "reviews",
        "Votes and comments that you wrote",
        "On other people’s proposals, by number.",
        frozenset({"review.organizer_id"}),
        _reviews,
    ),
    Section(
        "duties",
        "What you did for the calls",
        "That it was you, and when.",
        frozenset(duty.column for duty in _DUTIES),
        _duties,
    ),
    Section(
        "audit",
        "Audit trail",
        "What was done by you, and to what is yours. It holds numbers and no words.",
        frozenset({"audit_event.person_id"}),
        _trail,
    ),
)
