"""What is forgotten of people in time: each kind in batches, each batch a transaction of its own.

Every function commits, repeats harmlessly, and goes on where one that was killed stopped. Each returns how many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.people import Role
from app.domain.retention import WARNED_BEFORE, Retention, months_before
from app.domain.signing_in import KEPT
from app.domain.site import Site
from app.domain.states import ON_THE_BOARD, MailState, ProposalState, TalkState
from app.models import (
    AuditEvent,
    CalendarReply,
    Confirmation,
    OutboxMessage,
    Person,
    PersonalFeed,
    Proposal,
    SignIn,
    Speaker,
    Talk,
    Touchpoint,
)
from app.services.auditing import SYSTEM, record
from app.services.notifying.own_data import notify_unused
from app.services.own_data.erasing import forget_person
from app.services.own_data.leaving import forget_proposal
from app.services.turns import wait_for_turn

BATCH = 100
_OVER = (MailState.SENT, MailState.BOUNCED, MailState.CANCELLED, MailState.PARKED)


def forget_proposals(session: Session, *, retention: Retention, now: datetime) -> int:
    """Delete declined and withdrawn proposals whole, unless a part of them was given."""
    cutoff = months_before(now, retention.proposals_months)
    ended = func.coalesce(Proposal.withdrawn_at, Proposal.decided_at, Proposal.updated_at) < cutoff
    unwanted = Proposal.state.in_((ProposalState.DECLINED, ProposalState.WITHDRAWN))
    on_a_call = exists().where(Talk.proposal_id == Proposal.id, Talk.touchpoint_id.is_not(None))
    old = select(Proposal).where(unwanted, ended, ~on_a_call).order_by(Proposal.id).limit(BATCH)

    def forget() -> int:
        proposals = session.scalars(old.with_for_update(of=Proposal, skip_locked=True)).all()
        for proposal in proposals:
            record(session, "proposal.forgotten", proposal, by=SYSTEM, now=now)
            forget_proposal(session, proposal)
        return len(proposals)

    return _in_batches(session, forget)


def warn_unused(session: Session, *, site: Site, now: datetime) -> int:
    """Mail whoever has not been here for so long that the account goes in 30 days."""
    unused = _people(_is_unused(site.retention, now=now), Person.warned_at.is_(None))

    def warn() -> int:
        people = session.scalars(unused).all()
        for person in people:
            person.warned_at = now
            notify_unused(session, person, goes_at=now + WARNED_BEFORE, site=site, now=now)
            record(session, "person.warned", person, by=SYSTEM, now=now)
        return len(people)

    return _in_batches(session, warn)


def forget_unused(session: Session, *, retention: Retention, now: datetime) -> int:
    """Delete the accounts whose holders were warned 30 days ago and have not been here since.

    Talks that they gave stay as they chose to be named: that is their consent, and no account is needed for it.
    """
    unused = _is_unused(retention, now=now)
    session.execute(update(Person).where(Person.warned_at.is_not(None), ~unused).values(warned_at=None))
    session.commit()
    over = _people(unused, Person.warned_at <= now - WARNED_BEFORE)

    def forget() -> int:
        people = session.scalars(over).all()
        for person in people:
            wait_for_turn(session, "person", person.email)
            forget_person(session, person, by=SYSTEM, now=now, action="person.forgotten")
        return len(people)

    return _in_batches(session, forget)


def forget_speakers_details(session: Session, *, retention: Retention, now: datetime) -> int:
    """Empty what only the work on a talk needed, so long after the last call of it: bios, zones, words, notes.

    Names, affiliations and choices stay with the talk, and the address by which its speaker can take them back.
    """
    cutoff = months_before(now, retention.speakers_months)
    on_a_call = select(Talk.proposal_id).join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
    held = on_a_call.where(Talk.state == TalkState.CONFIRMED, Touchpoint.starts_at < cutoff)
    later = on_a_call.where(Talk.state.in_(ON_THE_BOARD), Touchpoint.starts_at >= cutoff)
    done = and_(Proposal.id.in_(held), Proposal.id.not_in(later))
    said = or_(Speaker.bio != "", Speaker.pronouns != "", Speaker.time_zone != "")
    rest = select(Speaker.proposal_id).where(said)
    answered = select(Talk.proposal_id).join(Confirmation, Confirmation.talk_id == Talk.id)
    replies = answered.join(CalendarReply, CalendarReply.confirmation_id == Confirmation.id)
    words = answered.where(or_(Confirmation.words != "", Confirmation.on_behalf_note != ""))
    anything = or_(Proposal.private_note != "", *(Proposal.id.in_(found) for found in (rest, words, replies)))
    old = select(Proposal.id).where(done, anything).order_by(Proposal.id).limit(BATCH)

    def forget() -> int:
        ids = session.scalars(old).all()
        _forget_details(session, ids)
        return len(ids)

    return _in_batches(session, forget)


def forget_mails(session: Session, *, retention: Retention, now: datetime) -> int:
    """Delete the rows of old mails, but those about a talk to come: what its speakers know is read from them."""
    cutoff = months_before(now, retention.mails_months)
    left = func.coalesce(OutboxMessage.sent_at, OutboxMessage.due_at) < cutoff
    to_come = select(Talk.id).join(Touchpoint, Talk.touchpoint_id == Touchpoint.id).where(Touchpoint.starts_at > now)
    is_over = or_(OutboxMessage.talk_id.is_(None), OutboxMessage.talk_id.not_in(to_come))
    old = select(OutboxMessage.id).where(left, OutboxMessage.state.in_(_OVER), is_over)
    return _delete(session, OutboxMessage, old)


def forget_audit(session: Session, *, retention: Retention, now: datetime) -> int:
    """Delete the oldest events of the audit trail."""
    return _delete(
        session, AuditEvent, select(AuditEvent.id).where(AuditEvent.at < months_before(now, retention.audit_months))
    )


def forget_sign_ins(session: Session, *, now: datetime) -> int:
    """Delete sign-ins that ended 30 days ago; each person's newest stays, since it says when they were last here."""
    newer = aliased(SignIn)
    is_not_last = exists().where(newer.person_id == SignIn.person_id, newer.id > SignIn.id)
    ended = or_(SignIn.ended_at < now - KEPT, SignIn.expires_at < now - KEPT)
    return _delete(session, SignIn, select(SignIn.id).where(ended, is_not_last))


def _forget_details(session: Session, proposals: Sequence[int]) -> None:
    talks = select(Talk.id).where(Talk.proposal_id.in_(proposals))
    answers = select(Confirmation.id).where(Confirmation.talk_id.in_(talks))
    nothing = {"bio": "", "pronouns": "", "time_zone": ""}
    session.execute(update(Speaker).where(Speaker.proposal_id.in_(proposals)).values(nothing))
    session.execute(update(Proposal).where(Proposal.id.in_(proposals)).values(private_note=""))
    session.execute(update(Confirmation).where(Confirmation.id.in_(answers)).values(words="", on_behalf_note=""))
    session.execute(delete(CalendarReply).where(CalendarReply.confirmation_id.in_(answers)))


def _people(*which: ColumnElement[bool]) -> Select[Person]:
    return (
        select(Person)
        .where(Person.role != Role.ORGANIZER, *which)
        .order_by(Person.id)
        .limit(BATCH)
        .with_for_update(of=Person, skip_locked=True)
    )


def _is_unused(retention: Retention, *, now: datetime) -> ColumnElement[bool]:
    """For so long, in 30 days, nobody signed in or fetched a calendar, and nothing of theirs was under way.

    Whoever is unused today is tomorrow unless they come back: the warning and the end ask the same.
    """
    cutoff = months_before(now + WARNED_BEFORE, retention.accounts_months)
    signed_in = exists().where(SignIn.person_id == Person.id, SignIn.seen_at >= cutoff)
    fetched = exists().where(PersonalFeed.person_id == Person.id, PersonalFeed.used_on >= cutoff.date())
    offered = exists().where(
        Proposal.owner_id == Person.id, or_(Proposal.updated_at >= cutoff, Proposal.state == ProposalState.SUBMITTED)
    )
    speaks = exists().where(
        Speaker.email == Person.email,
        Talk.proposal_id == Speaker.proposal_id,
        Talk.touchpoint_id == Touchpoint.id,
        Touchpoint.starts_at >= cutoff,
    )
    runs = exists().where(
        or_(Touchpoint.moderator_id == Person.id, Touchpoint.scribe_id == Person.id), Touchpoint.starts_at >= cutoff
    )
    return and_(Person.created_at < cutoff, ~signed_in, ~fetched, ~offered, ~speaks, ~runs)


def _delete(session: Session, table: type[OutboxMessage] | type[AuditEvent] | type[SignIn], old: Select[int]) -> int:
    def forget() -> int:
        ids = session.scalars(old.order_by(table.id).limit(BATCH)).all()
        session.execute(delete(table).where(table.id.in_(ids)))
        return len(ids)

    return _in_batches(session, forget)


def _in_batches(session: Session, forget: Callable[[], int]) -> int:
    """Repeat `forget` until it finds no full batch; commit each."""
    total = 0
    while True:
        count = forget()
        session.commit()
        total += count
        if count < BATCH:
            return total
