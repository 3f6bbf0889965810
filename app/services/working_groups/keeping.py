"""Working groups as organizers keep them: the form, their order, and whether one is archived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.attribution import Attribution
from app.domain.errors import InvalidInput
from app.domain.group_forms import ChairDraft, GroupDraft, group_problems
from app.domain.site import Site
from app.domain.states import WorkingGroupState, move_to
from app.models import Chair, Proposal, Talk, Touchpoint, TouchpointSegment, WorkingGroup
from app.services.addresses import is_address, normal_address
from app.services.auditing import Actor, record
from app.services.locking import lock_row, lock_touchpoints
from app.services.publishing import publish_touchpoints
from app.services.turns import wait_for_turn
from app.services.versions import expect_version
from app.services.working_groups.chairing import ask_chair
from app.services.working_groups.publishing import publish_groups
from app.services.working_groups.unnaming import identity_of_chair, take_names_out_of_groups

_NAMED = (Attribution.NAME_AND_AFFILIATION, Attribution.NAME)
_WORDS = ("name", "slug", "scope", "notes", "repository", "calendar", "rhythm")


def add_group(session: Session, draft: GroupDraft, *, by: Actor, site: Site, now: datetime) -> WorkingGroup:
    """Begin a group, after the others; its chairs are asked by mail how they may be named. Raises InvalidInput."""
    wait_for_turn(session, "working_groups")
    draft = _normalised(draft)
    _check(session, draft)
    last = session.scalar(select(func.max(WorkingGroup.position)))
    group = WorkingGroup(position=0 if last is None else last + 1, created_at=now, state=draft.state, chairs=[])
    _write(group, draft)
    session.add(group)
    record(session, "working_group.added", group, by=by, now=now)
    _write_chairs(session, group, draft.chairs, by=by, site=site, now=now)
    publish_groups(session, now=now)
    session.commit()
    return group


def save_group(
    session: Session, group: WorkingGroup, draft: GroupDraft, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Change what a group says of itself; chairs whose row says something new of them are asked anew.

    With another address or name its calls are published anew: they say whose updates they have.
    Raises InvalidInput, Conflict.
    """
    wait_for_turn(session, "working_groups")
    draft = _normalised(draft)
    calls = _calls_of(session, group) if (group.name, group.slug) != (draft.name, draft.slug) else []
    lock_touchpoints(session, calls)
    lock_row(session, group)
    expect_version(group, version)
    _check(session, draft, group=group)
    _write(group, draft)
    move_to(group, draft.state or group.state)
    flag_modified(group, "position")  # other chairs alone are a change of the group, too
    record(session, "working_group.saved", group, by=by, now=now, state=group.state.value)
    _write_chairs(session, group, draft.chairs, by=by, site=site, now=now)
    publish_touchpoints(session, calls, site=site, now=now)
    publish_groups(session, now=now)
    session.commit()


def archive_group(session: Session, group: WorkingGroup, *, version: int, by: Actor, now: datetime) -> None:
    """Fold the group away; its page and its updates stay. Raises Conflict."""
    _turn(session, group, WorkingGroupState.ARCHIVED, version=version, by=by, now=now)


def restore_group(session: Session, group: WorkingGroup, *, version: int, by: Actor, now: datetime) -> None:
    """Let an archived group be active again. Raises Conflict."""
    _turn(session, group, WorkingGroupState.ACTIVE, version=version, by=by, now=now)


def save_order(session: Session, places: Mapping[str, int], *, by: Actor, now: datetime) -> None:
    """Put the groups in the order of these places, by slug; those without one come last."""
    wait_for_turn(session, "working_groups")
    groups = session.scalars(select(WorkingGroup).order_by(WorkingGroup.position, WorkingGroup.id)).all()
    ordered = sorted(groups, key=lambda group: (group.slug not in places, places.get(group.slug, 0), group.position))
    for position, group in enumerate(ordered):
        if group.position != position:
            group.position = position
            record(session, "working_group.ordered", group, by=by, now=now, position=position)
    publish_groups(session, now=now)
    session.commit()


def _turn(
    session: Session, group: WorkingGroup, state: WorkingGroupState, *, version: int, by: Actor, now: datetime
) -> None:
    lock_row(session, group)
    expect_version(group, version)
    move_to(group, state)
    record(session, f"working_group.{state.value}", group, by=by, now=now)
    publish_groups(session, now=now)
    session.commit()


def _normalised(draft: GroupDraft) -> GroupDraft:
    """With addresses in their one spelling; what is none stays as it was typed."""
    chairs = [replace(chair, email=normal_address(chair.email) or chair.email) for chair in draft.chairs]
    return replace(draft, chairs=tuple(chairs))


def _check(session: Session, draft: GroupDraft, *, group: WorkingGroup | None = None) -> None:
    problems = group_problems(draft, is_address=is_address)
    others = select(WorkingGroup.name, WorkingGroup.slug).where(WorkingGroup.id != (group.id if group else 0))
    taken = session.execute(others).all()
    if draft.slug in {slug for _, slug in taken}:
        problems.setdefault("slug", "Another group has this address.")
    if draft.name.casefold() in {name.casefold() for name, _ in taken}:
        problems.setdefault("name", "Another group has this name.")
    if problems:
        raise InvalidInput(problems)


def _write(group: WorkingGroup, draft: GroupDraft) -> None:
    for name in _WORDS:
        setattr(group, name, getattr(draft, name))
    group.channels = [{"label": each.label, "address": each.address} for each in draft.channels]


def _write_chairs(
    session: Session, group: WorkingGroup, drafts: Iterable[ChairDraft], *, by: Actor, site: Site, now: datetime
) -> None:
    """Who is not in the form any more is gone. What somebody agreed to holds for these very words alone.

    A name that was kept back and stands in no row now leaves the texts for good: no row keeps it back any more.
    """
    known = {chair.id: chair for chair in group.chairs}
    unsaid = [identity_of_chair(chair) for chair in group.chairs if chair.naming not in _NAMED]
    kept: list[Chair] = []
    asked: list[Chair] = []
    for position, draft in enumerate(drafts):
        chair = known.pop(draft.chair or 0, None) or Chair(name="")
        said = (draft.name, draft.affiliation, draft.email or None)
        if (chair.name, chair.affiliation, chair.email) != said:
            chair.name, chair.affiliation, chair.email = said
            asked.append(chair)
        chair.position = position
        kept.append(chair)
    for gone in known.values():
        record(session, "working_group_chair.removed", gone, by=by, now=now, group=group.id)
    group.chairs[:] = kept
    session.flush()
    take_names_out_of_groups(session, unsaid, by=by, now=now)
    for chair in asked:
        ask_chair(session, chair, by=by, site=site, now=now)


def _calls_of(session: Session, group: WorkingGroup) -> list[Touchpoint]:
    """The calls that have something of the group."""
    parts = select(TouchpointSegment.touchpoint_id).where(TouchpointSegment.working_group_id == group.id)
    talks = select(Talk.touchpoint_id).join(Proposal, Talk.proposal_id == Proposal.id)
    told = talks.where(Proposal.working_group_id == group.id)
    query = select(Touchpoint).where(or_(Touchpoint.id.in_(parts), Touchpoint.id.in_(told)))
    return list(session.scalars(query.order_by(Touchpoint.id)))
