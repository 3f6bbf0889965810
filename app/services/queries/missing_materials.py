"""What organizers see of recordings and slides that are still missing: of which talk, since when, whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.disclosure import recordable
from app.domain.errors import NotFound
from app.domain.materials import MaterialKind, days_missing
from app.domain.proposals import TalkFormat
from app.domain.states import TalkState, TouchpointState
from app.models import BoardMove, Material, Person, Proposal, Talk, Touchpoint

NOBODY = "nobody"
"""Whose what nobody sees to is, in an address."""


@dataclass(frozen=True)
class Missing:
    """One recording or slides. `days` is how long its call is over.

    `owner` is who was asked to see to it (`is_assigned`), or else the moderator of the call, or else who put the talk
    on its date; None where there is nobody left. `none_reason` is why there will be none, empty while it is awaited.
    `version` is 0 until somebody said something of it.
    """

    talk: Talk
    call: Touchpoint
    kind: MaterialKind
    days: int
    owner: Person | None
    is_assigned: bool
    none_reason: str
    version: int


def read_missing(
    session: Session, *, kind: MaterialKind | None = None, owner: str = "", given_up: bool = False, now: datetime
) -> list[Missing]:
    """What is missing, the longest first; with `given_up` what there will be none of. `owner` is a person's number,
    NOBODY, or "" for everybody's.
    """
    found = _missing(session, _held_talks(session, now=now), now=now)
    return [
        each
        for each in sorted(found, key=lambda each: (each.call.starts_at, each.talk.position or 0, each.kind))
        if kind in (None, each.kind)
        and bool(each.none_reason) is given_up
        and owner in ("", str(each.owner.id) if each.owner else NOBODY)
    ]


def find_missing(session: Session, key: str, kind: MaterialKind, *, now: datetime) -> Missing:
    """The one of this talk. Raises NotFound, also once it is there."""
    talks = _held_talks(session, now=now, key=key)
    found = next((each for each in _missing(session, talks, now=now) if each.kind is kind), None)
    if found is None:
        raise NotFound("Nothing is missing there.")
    return found


def _held_talks(session: Session, *, now: datetime, key: str = "") -> list[Talk]:
    """The confirmed talks of the past that lack something. What was imported with the record is nobody's to bring."""
    query = (
        select(Talk)
        .join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
        .where(
            Talk.state == TalkState.CONFIRMED,
            Touchpoint.state == TouchpointState.OPEN,
            Touchpoint.starts_at <= now,
            Touchpoint.import_key.is_(None),
            or_(Talk.recording_url == "", Talk.slides_url == ""),
        )
        .options(
            joinedload(Talk.touchpoint).options(joinedload(Touchpoint.moderator), selectinload(Touchpoint.segments)),
            joinedload(Talk.proposal).selectinload(Proposal.speakers),
            selectinload(Talk.confirmations),
        )
    )
    talks = session.scalars(query.where(Talk.key == key) if key else query)
    return [talk for talk in talks if talk.touchpoint is not None and talk.touchpoint.ends_at <= now]


def _missing(session: Session, talks: Iterable[Talk], *, now: datetime) -> list[Missing]:
    held = list(talks)
    ids = [talk.id for talk in held]
    rows = session.scalars(select(Material).where(Material.talk_id.in_(ids)).options(joinedload(Material.owner)))
    decided = {(row.talk_id, row.kind): row for row in rows}
    placed = _who_placed(session, ids)
    make = partial(_one, decided=decided, placed=placed, now=now)
    return [
        make(talk, talk.touchpoint, kind)
        for talk in held
        if talk.touchpoint
        for kind in _awaited(talk, talk.touchpoint)
    ]


def _one(
    talk: Talk,
    call: Touchpoint,
    kind: MaterialKind,
    *,
    decided: Mapping[tuple[int, MaterialKind], Material],
    placed: Mapping[int, Person],
    now: datetime,
) -> Missing:
    row = decided.get((talk.id, kind))
    assigned = row.owner if row else None
    return Missing(
        talk=talk,
        call=call,
        kind=kind,
        days=days_missing(call.ends_at, now=now),
        owner=assigned or call.moderator or placed.get(talk.id),
        is_assigned=assigned is not None,
        none_reason=row.none_reason if row else "",
        version=row.version if row else 0,
    )


def _awaited(talk: Talk, call: Touchpoint) -> Iterator[MaterialKind]:
    """A recording where the part was recorded and every speaker agreed; slides of whatever is no mere discussion,
    unless a speaker keeps them back."""
    answers = talk.confirmations
    may_record = any(recordable([segment.value() for segment in call.segments]))
    if not talk.recording_url and may_record and answers and all(each.recording_consent for each in answers):
        yield MaterialKind.RECORDING
    is_refused = any(each.slides_consent is False for each in answers)
    if not talk.slides_url and not is_refused and talk.proposal.format is not TalkFormat.DISCUSSION:
        yield MaterialKind.SLIDES


def _who_placed(session: Session, talk_ids: list[int]) -> dict[int, Person]:
    """Who put each talk where it stands: the last to move it."""
    query = (
        select(BoardMove)
        .where(BoardMove.talk_id.in_(talk_ids), BoardMove.undone_at.is_(None))
        .options(joinedload(BoardMove.organizer))
        .order_by(BoardMove.id)
    )
    return {move.talk_id: move.organizer for move in session.scalars(query)}
