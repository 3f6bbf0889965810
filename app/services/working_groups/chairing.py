"""Chairs say for themselves how they are named: asked by mail, answered by its link, changed at any time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput, RuleViolation
from app.domain.group_forms import chair_problems
from app.domain.site import Site
from app.domain.working_groups import NAMINGS
from app.models import Chair, WorkingGroup
from app.models.base import random_link_key
from app.services.auditing import Actor, record
from app.services.locking import lock_row
from app.services.notifying.chairs import notify_chair_asked
from app.services.working_groups.publishing import publish_groups
from app.services.working_groups.unnaming import identity_of_chair, take_names_out_of_groups

ASKED_AGAIN_AFTER = timedelta(days=1)


def ask_chair(session: Session, chair: Chair, *, by: Actor, site: Site, now: datetime) -> None:
    """Ask the chair how they may be named; until they answer they are "a chair". Joins the caller's transaction.

    An earlier link opens nothing any more. Without an address nobody is asked, and nobody is named.
    """
    chair.naming, chair.chosen_at, chair.asked_at = None, None, None
    chair.link_key = random_link_key()
    if chair.email:
        chair.asked_at = now
        notify_chair_asked(session, chair, site=site, now=now)
        record(session, "working_group_chair.asked", chair, by=by, now=now, group=chair.group_id)


def ask_chair_again(session: Session, chair: Chair, *, by: Actor, site: Site, now: datetime) -> None:
    """Mail the question once more. Raises RuleViolation for who has answered, has no address, or was asked today."""
    lock_row(session, chair)
    if chair.naming is not None or not chair.email:
        raise RuleViolation("This chair has answered, or has no address to be asked at.")
    if chair.asked_at and now < chair.asked_at + ASKED_AGAIN_AFTER:
        raise RuleViolation("This chair was asked less than a day ago. Give them time.")
    chair.asked_at = now
    notify_chair_asked(session, chair, site=site, now=now)
    record(session, "working_group_chair.asked", chair, by=by, now=now, group=chair.group_id)
    session.commit()


def choose_naming(
    session: Session, chair: Chair, *, name: str, affiliation: str, naming: Attribution | None, by: Actor, now: datetime
) -> None:
    """The chair says who they are and how much of it is public; the page follows at once. The texts are cleaned.

    Where they give another name, the one before it leaves the texts of groups for good: no row keeps it back any more.
    Raises InvalidInput (name, affiliation, naming).
    """
    lock_row(session, chair)
    problems = chair_problems(name=name, affiliation=affiliation)
    if naming not in NAMINGS:
        problems["naming"] = "Choose how you are named."
    elif naming is Attribution.AFFILIATION and not affiliation:
        problems["naming"] = "Give your organisation, or choose another way."
    if problems:
        raise InvalidInput(problems)
    before = identity_of_chair(chair)
    chair.name, chair.affiliation, chair.naming, chair.chosen_at = name, affiliation, naming, now
    _touch(chair.group)
    if name != before.name:
        take_names_out_of_groups(session, [before], by=by, now=now)
    record(session, "working_group_chair.naming_chosen", chair, by=by, now=now, group=chair.group_id)
    publish_groups(session, now=now)
    session.commit()


def leave_unnamed_as_chair(session: Session, address: str, *, by: Actor, now: datetime) -> int:
    """Name the chair who reads `address` in no group, and say in how many that changes something. Joins."""
    query = select(Chair).where(Chair.email == address, Chair.naming.is_distinct_from(Attribution.NONE))
    chairs = session.scalars(query.order_by(Chair.id).with_for_update(of=Chair)).all()
    for chair in chairs:
        chair.naming, chair.chosen_at = Attribution.NONE, now
        _touch(chair.group)
        record(session, "working_group_chair.naming_chosen", chair, by=by, now=now, group=chair.group_id)
    if chairs:
        publish_groups(session, now=now)
    return len(chairs)


def leave_the_chair(session: Session, chair: Chair, *, by: Actor, now: datetime) -> None:
    """The chair is none any more: their row goes, with it their name in texts, and the page says nothing of them."""
    lock_row(session, chair)
    group, gone = chair.group, identity_of_chair(chair)
    record(session, "working_group_chair.left", chair, by=by, now=now, group=group.id)
    group.chairs.remove(chair)
    _touch(group)
    take_names_out_of_groups(session, [gone], by=by, now=now)
    publish_groups(session, now=now)
    session.commit()


def _touch(group: WorkingGroup) -> None:
    """A form that shows what was before must not be saved over it."""
    flag_modified(group, "position")
