"""What everybody sees of working groups: as they were published, with what publications of calls have of them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import NotFound
from app.domain.publication import PublicSegment, PublicTalk, PublicTouchpoint
from app.domain.working_groups import PublicWorkingGroup
from app.models import Publication, PublicationGroup, PublishedGroup
from app.services.public_history import read_value

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
    """The calls whose publication has something of the group."""
    theirs = select(PublicationGroup.touchpoint_id).where(PublicationGroup.slug == slug)
    query = select(Publication).where(Publication.touchpoint_id.in_(theirs))
    coming = query.where(Publication.ends_at > now).order_by(Publication.starts_at, Publication.uid)
    past = query.where(Publication.ends_at <= now).order_by(Publication.starts_at.desc(), Publication.uid)
    return GroupUpdates(
        coming=_updates(session.scalars(coming.limit(MOST_UPDATES)), slug),
        past=_updates(session.scalars(past.limit(MOST_UPDATES)), slug),
    )


def _updates(rows: Iterable[Publication], slug: str) -> tuple[GroupUpdate, ...]:
    found = (_update(row, slug) for row in rows)
    return tuple(update for update in found if update is not None)


def _update(row: Publication, slug: str) -> GroupUpdate | None:
    call = read_value(row.value)
    if call is None:
        log.error("publication cannot be read: touchpoint=%s", row.touchpoint_id)
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
