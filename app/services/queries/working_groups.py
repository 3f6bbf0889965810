"""What organizers see of working groups: the list with the chairs of each, and what parts and talks may belong to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import NotFound
from app.domain.states import WorkingGroupState
from app.models import Chair, WorkingGroup


@dataclass(frozen=True)
class GroupRow:
    """A group in the organizers' list, with its chairs in their order."""

    group: WorkingGroup
    chairs: tuple[Chair, ...]


def list_groups(session: Session) -> list[GroupRow]:
    """Every group for organizers, in their order."""
    query = select(WorkingGroup).order_by(WorkingGroup.position, WorkingGroup.id)
    groups = session.scalars(query.options(selectinload(WorkingGroup.chairs)))
    return [GroupRow(group, tuple(group.chairs)) for group in groups]


def find_group(session: Session, slug: str) -> WorkingGroup:
    """The group at this address, for organizers. Raises NotFound."""
    query = select(WorkingGroup).where(WorkingGroup.slug == slug).options(selectinload(WorkingGroup.chairs))
    group = session.scalar(query)
    if group is None:
        raise NotFound("There is no such working group.")
    return group


def group_choices(session: Session, *, chosen: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Slug and name of the groups that something new may belong to, in order; what is `chosen` stays on offer."""
    living = WorkingGroup.state != WorkingGroupState.ARCHIVED
    query = select(WorkingGroup.slug, WorkingGroup.name).where(or_(living, WorkingGroup.slug.in_(set(chosen))))
    return [(slug, name) for slug, name in session.execute(query.order_by(WorkingGroup.position, WorkingGroup.id))]
