"""Recordings and slides that talks of the past still lack: who sees to them, their address once they are there, or why
there will be none."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import Conflict, InvalidInput
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.materials import MAX_REASON, MaterialKind
from app.domain.site import Site
from app.domain.text import clean_line, is_web_address
from app.models import Material, Talk
from app.services.auditing import Actor, record
from app.services.locking import lock_row, lock_touchpoints
from app.services.moderating import possible_moderators
from app.services.publishing import publish_touchpoint

NOT_AN_ADDRESS = "Write the whole address, beginning with https:// or http://, at most 500 characters."


def bring_material(
    session: Session, talk: Talk, kind: MaterialKind, url: str, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Keep the address of the recording or slides; the archive shows it where the speakers agreed to that.

    Raises InvalidInput (url), Conflict when somebody said something else of it since it was read.
    """
    material = _claim(session, talk, kind, version, now=now)
    address = clean_line(url)
    if not is_web_address(address):
        raise InvalidInput({"url": NOT_AN_ADDRESS})
    if holds_join_link(address):
        raise InvalidInput({"url": WHY_NOT})
    setattr(talk, f"{kind.value}_url", address)
    material.none_reason, material.changed_at = "", now
    record(session, "material.brought", talk, by=by, now=now, kind=kind.value)
    if talk.touchpoint is not None:
        publish_touchpoint(session, talk.touchpoint, site=site, now=now)
    session.commit()


def assign_material(
    session: Session, talk: Talk, kind: MaterialKind, person_id: int | None, *, version: int, by: Actor, now: datetime
) -> Material:
    """Let that member or organizer see to it; None: whoever ran the call. Raises InvalidInput (owner), Conflict."""
    if person_id is not None and person_id not in {person.id for person in possible_moderators(session)}:
        raise InvalidInput({"owner": "Choose a member or an organizer."})
    material = _claim(session, talk, kind, version, now=now)
    material.owner_id, material.changed_at = person_id, now
    record(session, "material.assigned", talk, by=by, now=now, kind=kind.value, owner=person_id)
    session.commit()
    return material


def give_up_material(
    session: Session, talk: Talk, kind: MaterialKind, reason: str, *, version: int, by: Actor, now: datetime
) -> None:
    """Say that there will be none, and why: nobody waits for it any more. Raises InvalidInput (reason), Conflict."""
    material, why = _claim(session, talk, kind, version, now=now), clean_line(reason)
    if not why:
        raise InvalidInput({"reason": "Say why, for whoever asks later."})
    if len(why) > MAX_REASON:
        raise InvalidInput({"reason": f"At most {MAX_REASON} characters; these are {len(why)}."})
    material.none_reason, material.changed_at = why, now
    record(session, "material.given_up", talk, by=by, now=now, kind=kind.value)
    session.commit()


def await_material(session: Session, talk: Talk, kind: MaterialKind, *, version: int, by: Actor, now: datetime) -> None:
    """Wait for it again after all. Raises Conflict."""
    material = _claim(session, talk, kind, version, now=now)
    material.none_reason, material.changed_at = "", now
    record(session, "material.awaited", talk, by=by, now=now, kind=kind.value)
    session.commit()


def _claim(session: Session, talk: Talk, kind: MaterialKind, version: int, *, now: datetime) -> Material:
    """The row, made where there is none, while nobody else has the talk; in the order in which everybody locks."""
    if talk.touchpoint is not None:
        lock_touchpoints(session, [talk.touchpoint])
    lock_row(session, talk)
    material = session.get(Material, (talk.id, kind), populate_existing=True)
    if (material.version if material else 0) != version:
        raise Conflict("Somebody else said something of this meanwhile. Nothing of yours was written; look again.")
    if material is None:
        material = Material(talk_id=talk.id, kind=kind, none_reason="", changed_at=now)
        session.add(material)
    return material
