"""What the tables say of working groups becomes what the world may see of them. The only writer of published groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.attribution import PublicText
from app.domain.working_groups import ChairFacts, GroupFacts, GroupRef, PublicWorkingGroup, public_working_group
from app.models import Chair, PublishedGroup, WorkingGroup
from app.services.turns import wait_for_turn

_ANEW = {"populate_existing": True}


def publish_groups(session: Session, *, now: datetime) -> int:
    """Bring what is public of every group up to date with the tables, and say of how many it changed.

    All at once: whoever keeps a name back in one group is not named in the texts of another. There are few, and nobody
    else publishes them until this transaction ends. Joins the caller's transaction.
    """
    session.flush()
    wait_for_turn(session, "published_groups")
    query = select(WorkingGroup).order_by(WorkingGroup.id).options(selectinload(WorkingGroup.chairs))
    groups = session.scalars(query, execution_options=_ANEW).all()
    rows = {row.group_id: row for row in session.scalars(select(PublishedGroup), execution_options=_ANEW)}
    changed = [group for group in groups if not _shows(rows.get(group.id), group, value_of(group, beside=groups))]
    for group in changed:
        row = rows.get(group.id) or PublishedGroup(group_id=group.id)
        row.slug, row.position, row.last_modified = group.slug, group.position, now
        row.value = value_of(group, beside=groups).to_json()
        session.add(row)
    session.flush()
    return len(changed)


def public_group_name(session: Session, group: WorkingGroup) -> PublicText:
    """The group's name as everybody may know it: for a chair, who need not read there who else keeps a name back."""
    groups = session.scalars(select(WorkingGroup).options(selectinload(WorkingGroup.chairs))).all()
    return value_of(group, beside=groups).name


def value_of(group: WorkingGroup, *, beside: Sequence[WorkingGroup]) -> PublicWorkingGroup:
    """The group as the public sees it; `beside` are all groups, this one too."""
    others = [chair_facts(chair) for other in beside if other is not group for chair in other.chairs]
    return public_working_group(_facts(group), elsewhere=others)


def chair_facts(chair: Chair) -> ChairFacts:
    """What the tables say of a chair."""
    return ChairFacts(chair.name, chair.affiliation, chair.naming, chair.email or "")


def group_refs(session: Session) -> dict[str, GroupRef]:
    """Every group by its slug, in the organizers' order: what a part of an agenda or a talk may belong to."""
    query = select(WorkingGroup.id, WorkingGroup.slug, WorkingGroup.name)
    rows = session.execute(query.order_by(WorkingGroup.position, WorkingGroup.id))
    return {slug: GroupRef(number, slug, name) for number, slug, name in rows}


def all_chairs(session: Session) -> list[ChairFacts]:
    """The chairs of every group."""
    return [chair_facts(chair) for chair in session.scalars(select(Chair).order_by(Chair.id))]


def _facts(group: WorkingGroup) -> GroupFacts:
    return GroupFacts(
        slug=group.slug,
        name=group.name,
        scope=group.scope,
        notes=group.notes,
        repository=group.repository,
        channels=tuple((each["label"], each["address"]) for each in group.channels),
        chairs=tuple(chair_facts(chair) for chair in group.chairs),
        calendar=group.calendar,
        rhythm=group.rhythm,
        state=group.state,
    )


def _shows(row: PublishedGroup | None, group: WorkingGroup, value: PublicWorkingGroup) -> bool:
    """Whether the stored row says `value` already; one that cannot be read says nothing."""
    try:
        stored = PublicWorkingGroup.from_json(row.value) if row is not None else None
    except (KeyError, TypeError, ValueError):
        return False
    return row is not None and (row.position, stored) == (group.position, value)
