"""The audit trail: who did what to which row, when; ids only, never names, addresses or titles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from app.models import AuditEvent, Base, Person


class Door(StrEnum):
    """How an actor came in."""

    SIGNED_IN = "signed-in"
    LINK = "link"
    SYSTEM = "system"
    COMMAND = "command"
    VISITOR = "visitor"
    MAIL = "mail"


@dataclass(frozen=True)
class Actor:
    """Who acts: a signed-in person, the holder of a mailed link, the system, the command line, a visitor, or
    a mail that came in."""

    door: Door
    person: Person | None = None

    @classmethod
    def signed_in(cls, person: Person) -> Actor:
        return cls(Door.SIGNED_IN, person)


LINK, SYSTEM, COMMAND, VISITOR, MAIL = (
    Actor(door) for door in (Door.LINK, Door.SYSTEM, Door.COMMAND, Door.VISITOR, Door.MAIL)
)


def record(session: Session, action: str, subject: Base, *, by: Actor, now: datetime, **detail: Any) -> None:
    """Add an audit event in the transaction of the change. `action` is "<thing>.<past verb>", as in "talk.invited".

    `detail` holds ids, states and counts only. Flushes, so that a new subject has its id.
    """
    session.flush()
    subject_id = subject.__mapper__.primary_key_from_instance(subject)[0]
    session.add(
        AuditEvent(
            at=now,
            actor=by.door.value,
            person_id=by.person.id if by.person else None,
            action=action,
            subject=subject.__tablename__,
            subject_id=subject_id,
            detail=detail,
        )
    )
