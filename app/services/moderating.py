"""Who moderates a call: a member or an organizer, whom a move of the call is mailed to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.models import Person, Touchpoint
from app.services.auditing import Actor, record
from app.services.locking import lock_touchpoints
from app.services.versions import expect_version


def possible_moderators(session: Session) -> Sequence[Person]:
    """Members and organizers, by name."""
    query = select(Person).where(Person.role.in_((Role.MEMBER, Role.ORGANIZER)))
    return session.scalars(query.order_by(func.lower(Person.name), Person.email)).all()


def appoint_moderator(
    session: Session, touchpoint: Touchpoint, person_id: int | None, *, version: int, by: Actor, now: datetime
) -> None:
    """Let that person moderate the call, or nobody for None. Raises InvalidInput (moderator), Conflict."""
    lock_touchpoints(session, [touchpoint])
    expect_version(touchpoint, version)
    chosen = {person.id: person for person in possible_moderators(session)}
    if person_id is not None and person_id not in chosen:
        raise InvalidInput({"moderator": "Choose a member or an organizer."})
    touchpoint.moderator = chosen[person_id] if person_id is not None else None
    record(session, "touchpoint.moderator_appointed", touchpoint, by=by, now=now, person=person_id)
    session.commit()
