"""Names leave working groups: whoever takes a name back elsewhere, or is erased, stands in no text of a group."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.group_forms import MAX_NAME
from app.domain.mentions import Identity, MentionKind, find_mentions, without_mentions
from app.domain.text import MAX_LINE
from app.models import Chair, WorkingGroup
from app.services.auditing import Actor, record
from app.services.working_groups.publishing import publish_groups


def take_names_out_of_groups(session: Session, people: Collection[Identity], *, by: Actor, now: datetime) -> int:
    """Say in neutral words where a group's texts name one of `people`, for good, and say in how many groups.

    Not in a group that they chair: there their own choice as its chair holds. Organisations stand for themselves; an
    address that names somebody is emptied. Joins the caller's transaction.
    """
    changed = 0
    query = select(WorkingGroup).order_by(WorkingGroup.id).options(selectinload(WorkingGroup.chairs))
    for group in session.scalars(query).all() if people else ():
        chairs = {chair.name.casefold() for chair in group.chairs}
        if _take_out(group, [one for one in people if one.name.casefold() not in chairs]):
            record(session, "working_group.name_taken_out", group, by=by, now=now)
            changed += 1
    if changed:
        publish_groups(session, now=now)
    return changed


def erase_chairs(session: Session, addresses: Sequence[str], *, by: Actor, now: datetime) -> tuple[Identity, ...]:
    """Delete the chairs with one of these addresses, and say by what texts could name them. Joins."""
    chairs = session.scalars(select(Chair).where(Chair.email.in_(addresses)).order_by(Chair.id)).all()
    known = tuple(replace(identity_of_chair(chair), emails=tuple(addresses)) for chair in chairs)
    for chair in chairs:
        record(session, "working_group_chair.erased", chair, by=by, now=now, group=chair.group_id)
        session.delete(chair)
    session.flush()
    session.expire_all()
    if chairs:
        publish_groups(session, now=now)
    return known


def identity_of_chair(chair: Chair) -> Identity:
    """By what texts could name the chair, as the row says it now."""
    return Identity(name=chair.name, emails=(chair.email,) if chair.email else (), stand_in="a chair")


def _take_out(group: WorkingGroup, people: Sequence[Identity]) -> bool:
    words = {
        "name": _without(group.name, people)[:MAX_NAME],
        "scope": _without(group.scope, people),
        "notes": _without(group.notes, people),
        "rhythm": _without(group.rhythm, people)[:MAX_LINE],
        "repository": _unless_named(group.repository, people),
        "calendar": _unless_named(group.calendar, people),
        "channels": [
            {"label": _without(each["label"], people), "address": each["address"]}
            for each in group.channels
            if _unless_named(each["address"], people)
        ],
    }
    said = {name: value for name, value in words.items() if getattr(group, name) != value}
    for name, value in said.items():
        setattr(group, name, value)
    return bool(said)


def _without(text: str, people: Sequence[Identity]) -> str:
    found = [each for each in find_mentions(text, people) if each.kind is not MentionKind.AFFILIATION]
    return without_mentions(text, found) if found else text


def _unless_named(address: str, people: Sequence[Identity]) -> str:
    return address if _without(address, people) == address else ""
