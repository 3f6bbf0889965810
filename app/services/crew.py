"""Who runs a call: the organizers, its moderator, its scribe. Nobody else learns that its pages are there."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.people import Role
from app.models import Person, Touchpoint


def runs_call(person: Person, touchpoint: Touchpoint) -> bool:
    """Whether this person may see what is for those who run the call: its run sheet, and how to join."""
    return person.role is Role.ORGANIZER or person.id in (touchpoint.moderator_id, touchpoint.scribe_id)


def find_call_to_run(session: Session, key: str, *, person: Person) -> Touchpoint:
    """The call of this key. Raises NotFound, also for a call that this person does not run."""
    touchpoint = session.scalar(select(Touchpoint).where(Touchpoint.key == key))
    if touchpoint is None or not runs_call(person, touchpoint):
        raise NotFound("There is no such call.")
    return touchpoint
