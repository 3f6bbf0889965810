"""Which calls have something of a group in public: an index that is written with their publications."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint
from app.models import Publication, PublicationGroup
from app.services.public_history import read_value


def keep_groups(session: Session, published: Iterable[Publication]) -> None:
    """Bring the index up to what these publications say. Joins the caller's transaction."""
    values = {row.touchpoint_id: read_value(row.value) for row in published}
    wanted = {(number, slug) for number, value in values.items() if value for slug in _groups_of(value)}
    pair = tuple_(PublicationGroup.touchpoint_id, PublicationGroup.slug)
    here = select(PublicationGroup.touchpoint_id, PublicationGroup.slug)
    known = {(number, slug) for number, slug in session.execute(here.where(PublicationGroup.touchpoint_id.in_(values)))}
    session.flush()
    if gone := known - wanted:
        session.execute(delete(PublicationGroup).where(pair.in_(sorted(gone))))
    session.add_all(PublicationGroup(touchpoint_id=number, slug=slug) for number, slug in sorted(wanted - known))


def _groups_of(value: PublicTouchpoint) -> set[str]:
    return ({talk.working_group for talk in value.talks} | {part.working_group for part in value.agenda}) - {""}
