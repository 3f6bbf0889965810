"""Whose data: a person with all addresses that they have proven, or an address with which nobody has signed in yet."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.models import OutboxMessage, Person, Proposal, ReceivedMessage, Speaker
from app.services.addresses import require_address

_NOBODY = 0


@dataclass(frozen=True)
class Holder:
    """Somebody whom data are about. `addresses` are in the one spelling of the tables, the present one first."""

    person: Person | None
    addresses: tuple[str, ...]

    @property
    def person_id(self) -> int:
        """The person's number, or one that nobody has: None would be found wherever nobody is."""
        return self.person.id if self.person else _NOBODY


def holder_of(session: Session, person: Person) -> Holder:
    """The person, with the address of today and those from which they sent proposals before they changed it.

    A proposal becomes somebody's only when they have proven its address, and by nothing else: a draft may hold
    anybody's, so drafts tell nothing of whose an address is.
    """
    proven = select(Proposal.email).where(Proposal.owner_id == person.id, Proposal.submitted_at.is_not(None))
    held_by_others = select(Person.email).where(Person.id != person.id)
    former = session.scalars(proven.where(Proposal.email.not_in(held_by_others)).distinct()).all()
    return Holder(person, (person.email, *sorted({email for email in former if email} - {person.email})))


def holder_of_address(session: Session, text: str) -> Holder:
    """Whoever has this address, with an account or without one. Raises InvalidInput (email) for what is no address."""
    email = require_address(text)
    person = session.scalar(select(Person).where(Person.email == email))
    return holder_of(session, person) if person else Holder(None, (email,))


def holder_of_number(session: Session, number: int) -> Holder:
    """The person with this number, as the log names them. Raises NotFound."""
    person = session.get(Person, number)
    if person is None:
        raise NotFound("Nobody here has this number.")
    return holder_of(session, person)


def is_sent_by(holder: Holder) -> ColumnElement[bool]:
    """Which proposals and drafts are theirs."""
    of_address = and_(Proposal.email.in_(holder.addresses), Proposal.owner_id.is_(None))
    return or_(Proposal.owner_id == holder.person_id, of_address) if holder.person else of_address


def is_speaker(holder: Holder) -> ColumnElement[bool]:
    """Which rows of speakers are theirs, on their own proposals and on those of others."""
    return Speaker.email.in_(holder.addresses)


def is_mailed_to(holder: Holder) -> ColumnElement[bool]:
    """Which mails in the outbox are theirs."""
    return func.lower(OutboxMessage.recipient).in_(holder.addresses)


def is_received_from(holder: Holder) -> ColumnElement[bool]:
    """Which messages that came in they wrote, whether or not their program writes addresses as we do."""
    return func.lower(ReceivedMessage.sender).in_(holder.addresses)
