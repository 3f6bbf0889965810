"""The demo's working groups: kept by the very use cases that organizers and chairs would use."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.agenda import SegmentKind
from app.domain.demo_groups import GROUPS
from app.domain.series import PartDraft
from app.domain.site import Site
from app.models import Series, Touchpoint
from app.services import scheduling
from app.services.auditing import LINK, Actor
from app.services.working_groups.chairing import choose_naming
from app.services.working_groups.keeping import add_group


def add_groups(session: Session, *, by: Actor, site: Site, now: datetime) -> None:
    """The groups, with what their chairs have answered."""
    for described in GROUPS:
        group = add_group(session, described.draft, by=by, site=site, now=now)
        for chair, naming in zip(group.chairs, described.answers, strict=True):
            if naming is not None:
                said = {"name": chair.name, "affiliation": chair.affiliation}
                choose_naming(session, chair, naming=naming, **said, by=LINK, now=now)


def give_updates(session: Session, *, on: str, by: Actor, site: Site, now: datetime) -> None:
    """Give groups the part for updates of calls of the series `on`, as far ahead as each is described to."""
    calls = session.scalars(
        select(Touchpoint)
        .join(Series)
        .where(Series.slug == on, Touchpoint.starts_at > now)
        .order_by(Touchpoint.starts_at)
    ).all()
    for described in GROUPS:
        if described.ahead is not None:
            call = calls[described.ahead]
            parts = [_part(place, call, described.draft.slug) for place in range(len(call.segments))]
            scheduling.save_agenda(session, call, parts, version=call.version, by=by, site=site, now=now)


def _part(place: int, call: Touchpoint, slug: str) -> PartDraft:
    part = call.segments[place].value()
    row = PartDraft(place, place, part.kind, part.title, part.minutes, part.recorded, part.under_rule)
    return replace(row, working_group=slug) if part.kind is SegmentKind.UPDATES else row
