"""What pages show of working groups: the public as they were published, organizers with their chairs' answers."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from app.domain.errors import NotFound
from app.domain.publication import PublicSegment, PublicTalk, PublicTouchpoint
from app.domain.states import WorkingGroupState
from app.domain.working_groups import PublicWorkingGroup
from app.models import Chair, Proposal, Publication, PublishedGroup, Talk, TouchpointSegment, WorkingGroup

log = logging.getLogger(__name__)
MOST_UPDATES = 50
"""Of a group's past calls, the newest so many are shown on its page."""


@dataclass(frozen=True)
class GroupUpdate:
    """What a call has of one group: talks, parts of its agenda, or both."""

    call: PublicTouchpoint
    talks: tuple[PublicTalk, ...]
    parts: tuple[PublicSegment, ...]


@dataclass(frozen=True)
class GroupUpdates:
    """A group's calls: `coming` soonest first, `past` newest first."""

    coming: tuple[GroupUpdate, ...]
    past: tuple[GroupUpdate, ...]


@dataclass(frozen=True)
class GroupRow:
    """A group in the organizers' list. `unheard` chairs have not said how they are named."""

    group: WorkingGroup
    chairs: tuple[Chair, ...]

    @property
    def unheard(self) -> int:
        return sum(chair.naming is None for chair in self.chairs)


def list_public_groups(session: Session) -> tuple[PublicWorkingGroup, ...]:
    """Every published group, archived ones too, in the organizers' order. One that cannot be read is left out."""
    rows = session.scalars(select(PublishedGroup).order_by(PublishedGroup.position, PublishedGroup.group_id))
    return tuple(_values(rows))


def find_public_group(session: Session, slug: str) -> PublicWorkingGroup:
    """The published group at this address. Raises NotFound."""
    found = next(_values(session.scalars(select(PublishedGroup).where(PublishedGroup.slug == slug))), None)
    if found is None:
        raise NotFound("There is no such working group.")
    return found


def updates_of(session: Session, slug: str, *, now: datetime) -> GroupUpdates:
    """The calls whose publication has something of the group. The tables say where to look, publications what is so.

    A talk or a part that belongs to it stands here only as far as it is public.
    """
    group = select(WorkingGroup.id).where(WorkingGroup.slug == slug).scalar_subquery()
    parts = select(TouchpointSegment.touchpoint_id).where(TouchpointSegment.working_group_id == group)
    talks = select(Talk.touchpoint_id).join(Proposal, Talk.proposal_id == Proposal.id)
    told = talks.where(Proposal.working_group_id == group, Talk.touchpoint_id.is_not(None))
    theirs = or_(Publication.touchpoint_id.in_(parts), Publication.touchpoint_id.in_(told))
    query = select(Publication).where(theirs)
    coming = query.where(Publication.ends_at > now).order_by(Publication.starts_at, Publication.uid)
    past = query.where(Publication.ends_at <= now).order_by(Publication.starts_at.desc(), Publication.uid)
    return GroupUpdates(
        coming=_updates(session.scalars(coming.limit(MOST_UPDATES)), slug),
        past=_updates(session.scalars(past.limit(MOST_UPDATES)), slug),
    )


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


def _updates(rows: Iterable[Publication], slug: str) -> tuple[GroupUpdate, ...]:
    found = (_update(row, slug) for row in rows)
    return tuple(update for update in found if update is not None)


def _update(row: Publication, slug: str) -> GroupUpdate | None:
    try:
        call = PublicTouchpoint.from_json(row.value)
    except (KeyError, TypeError, AttributeError, ValueError):
        log.exception("publication cannot be read: touchpoint=%s", row.touchpoint_id)
        return None
    talks = tuple(talk for talk in call.talks if talk.working_group == slug)
    parts = tuple(part for part in call.agenda if part.working_group == slug)
    return GroupUpdate(call, talks, parts) if talks or parts else None


def _values(rows: Iterable[PublishedGroup]) -> Iterator[PublicWorkingGroup]:
    for row in rows:
        try:
            yield PublicWorkingGroup.from_json(row.value)
        except (KeyError, TypeError, ValueError):
            log.exception("published group cannot be read: group=%s", row.group_id)
