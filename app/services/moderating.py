"""Who moderates a call, and who takes its notes. A move of the call is mailed to the moderator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.domain.site import Site
from app.domain.text import clean_line
from app.models import Person, Touchpoint
from app.services.addresses import require_address
from app.services.auditing import Actor, record
from app.services.locking import lock_touchpoints
from app.services.notifying.moderators import notify_moderating
from app.services.notifying.notes import notify_scribe
from app.services.versions import expect_version


def possible_moderators(session: Session) -> Sequence[Person]:
    """Members and organizers, by name."""
    query = select(Person).where(Person.role.in_((Role.MEMBER, Role.ORGANIZER)))
    return session.scalars(query.order_by(func.lower(Person.name), Person.email)).all()


def appoint_moderator(
    session: Session,
    touchpoint: Touchpoint,
    person_id: int | None,
    *,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Let that person moderate the call, or nobody for None. A new moderator is told by mail, unless they chose so.

    Raises InvalidInput (moderator), Conflict.
    """
    lock_touchpoints(session, [touchpoint])
    expect_version(touchpoint, version)
    chosen = {person.id: person for person in possible_moderators(session)}
    if person_id is not None and person_id not in chosen:
        raise InvalidInput({"moderator": "Choose a member or an organizer."})
    moderator = chosen[person_id] if person_id is not None else None
    is_news = moderator is not None and moderator is not touchpoint.moderator and moderator is not by.person
    touchpoint.moderator = moderator
    record(session, "touchpoint.moderator_appointed", touchpoint, by=by, now=now, person=person_id)
    if moderator is not None and is_news and touchpoint.ends_at > now:
        notify_moderating(session, touchpoint, moderator, site=site, now=now)
    session.commit()


def appoint_scribe(
    session: Session, touchpoint: Touchpoint, email: str, *, version: int, by: Actor, site: Site, now: datetime
) -> Person | None:
    """Let whoever has this address take the notes, or nobody for an empty one. A new scribe is told by mail.

    Anybody with an account can be scribe. Raises InvalidInput (scribe), Conflict.
    """
    lock_touchpoints(session, [touchpoint])
    expect_version(touchpoint, version)
    scribe = _account_of(session, clean_line(email))
    if scribe is not touchpoint.scribe:
        touchpoint.scribe = scribe
        record(session, "touchpoint.scribe_appointed", touchpoint, by=by, now=now, person=scribe.id if scribe else None)
        if scribe is not None:
            notify_scribe(session, touchpoint, scribe, site=site, now=now)
    session.commit()
    return scribe


def _account_of(session: Session, email: str) -> Person | None:
    """Whoever signs in with this address; None for an empty one."""
    if not email:
        return None
    address = require_address(email, field="scribe")
    person = session.scalar(select(Person).where(Person.email == address))
    if person is None:
        raise InvalidInput({"scribe": "Nobody with this address has signed in yet. Add them on the page People first."})
    return person
