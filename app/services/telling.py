"""Telling: what is announced becomes one mail to everyone who asked for it, however and whenever the worker ends.

Each round tells one batch of subscribers: it reads and writes the mails while anybody may write, then takes a short
turn to put them into the outbox and to note how far it came, unless something changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from app.database import read_only
from app.domain.publication import PublicTouchpoint
from app.domain.site import Site
from app.domain.subscriptions import Event, Step
from app.mail.values import Mail
from app.models import Announcement, OutboxMessage, Publication, Subscription
from app.services.announcing import steps_of
from app.services.following import BATCH, Follower, read_followers, still_follow
from app.services.locking import nobody_publishes
from app.services.notifying.subscribers import announcement_mail
from app.services.outbox.bulk import Rows, compose_mails, queue_composed
from app.services.public_history import read_value


@dataclass(frozen=True)
class Round:
    """What one batch is to get: composed mails and whom each is for, by `dedup`.

    `seen` is what the mails rest on. `reached` is the last subscriber of the batch, None when there is none left.
    """

    announcement_id: int
    touchpoint_id: int
    seen: object
    reached: int | None = None
    rows: Rows = field(default_factory=dict)
    readers: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[int, int] = field(default_factory=dict)


def tell_next(session: Session, *, site: Site, now: datetime, batch: int = BATCH) -> bool:
    """Queue the mails of one due announcement to the next `batch` subscribers. False when nothing is due. Commits."""
    session.commit()
    with read_only():
        work = _prepare(session, site=site, now=now, batch=batch)
        session.rollback()
    if work is None:
        return False
    if nobody_publishes(session, [work.touchpoint_id]):
        row = session.get(Announcement, work.announcement_id, with_for_update=True, populate_existing=True)
        if row is not None and _rests_on(session, row) == work.seen:
            _finish(session, row, work, now=now)
    session.commit()
    return True


def read_steps(
    rows: Sequence[Announcement], *, also_told: Mapping[str, frozenset[int]] = MappingProxyType({})
) -> list[Step]:
    """The announced changes of one call as values; `also_told` has subscribers by the key of a change."""
    return [
        Step(
            read_value(row.before),
            PublicTouchpoint.from_json(row.after),
            row.urgent,
            row.reached,
            row.done_at,
            also_told.get(row.key, frozenset()),
        )
        for row in rows
    ]


def _prepare(session: Session, *, site: Site, now: datetime, batch: int) -> Round | None:
    row = _next_due(session, now=now)
    if row is None:
        return None
    work = Round(row.id, row.touchpoint_id, _rests_on(session, row))
    present = read_value(
        session.scalar(select(Publication.value).where(Publication.touchpoint_id == row.touchpoint_id))
    )
    if present is None or _is_overtaken(row, present):
        return work
    followers = read_followers(session, Subscription.id > row.reached, batch=batch)
    announced = [] if row.reminds_of else steps_of(session, [row.touchpoint_id])[row.touchpoint_id]
    told = _told(session, announced, followers)
    steps = read_steps(announced, also_told=told)
    mails, readers = {}, {}
    for follower in followers:
        knows = follower.interests.weekly or any(follower.subscription.id in those for those in told.values())
        mail = _mail(follower, steps, present, knows=knows, site=site, now=now)
        if mail is not None:
            dedup = _dedup(row, follower)
            mails[dedup], readers[dedup] = mail, follower.subscription.id
    return replace(
        work,
        reached=followers[-1].subscription.id if followers else None,
        rows=compose_mails(mails, site=site, now=now),
        readers=readers,
        versions={each.subscription.id: each.subscription.version for each in followers},
    )


def _dedup(row: Announcement, follower: Follower) -> str:
    return f"announcement:{row.key}:{follower.subscription.key}"


def _told(session: Session, rows: Sequence[Announcement], followers: Sequence[Follower]) -> dict[str, frozenset[int]]:
    """Who of the followers has a mail of each change, by its key."""
    mails = {_dedup(row, each): (row.key, each.subscription.id) for row in rows for each in followers}
    told: dict[str, set[int]] = {}
    for dedup in session.scalars(select(OutboxMessage.dedup).where(OutboxMessage.dedup.in_(mails))):
        key, subscriber = mails[dedup]
        told.setdefault(key, set()).add(subscriber)
    return {key: frozenset(subscribers) for key, subscribers in told.items()}


def _next_due(session: Session, *, now: datetime) -> Announcement | None:
    """What has been due longest. Where further steps of a call wait to be told, they tell of this one too."""
    later = aliased(Announcement)
    is_last = ~(
        select(later.id)
        .where(later.touchpoint_id == Announcement.touchpoint_id, later.id > Announcement.id)
        .where(later.reminds_of.is_(None), later.done_at.is_(None))
        .exists()
    )
    due = select(Announcement).where(Announcement.done_at.is_(None), Announcement.due_at <= now, is_last)
    return session.scalar(due.order_by(Announcement.due_at, Announcement.id).limit(1))


def _rests_on(session: Session, row: Announcement) -> object:
    """What must be as it was when mails were written, for them to be queued: the steps and the call's public words."""
    steps = steps_of(session, [row.touchpoint_id]).get(row.touchpoint_id, [])
    said = select(Publication.sequence, Publication.last_modified)
    return (
        (row.id, row.reached, row.done_at),
        [(step.id, step.reached, step.done_at, step.after) for step in steps],
        session.execute(said.where(Publication.touchpoint_id == row.touchpoint_id)).one_or_none(),
    )


def _is_overtaken(row: Announcement, present: PublicTouchpoint) -> bool:
    """Whether the call is not as announced any more: nobody needs to hear, or a later announcement tells of it."""
    after = PublicTouchpoint.from_json(row.after)
    return (present.status, present.starts_at) != (after.status, after.starts_at)


def _mail(
    follower: Follower, steps: Sequence[Step], present: PublicTouchpoint, *, knows: bool, site: Site, now: datetime
) -> Mail | None:
    """What the follower is told at once, if anything: of the steps that they have not heard of, or of tomorrow."""
    if not steps:
        wanted = follower.interests.day_before and present.starts_at > now and follower.cares(present)
        return announcement_mail(follower.subscription, Event.TOMORROW, None, present, site=site) if wanted else None
    news = follower.unheard(steps)
    event = follower.event(news, present, knows=knows, now=now)
    if event is None or not (any(step.urgent for step in news) or not follower.interests.weekly):
        return None
    return announcement_mail(follower.subscription, event, news[0].before, present, site=site)


def _finish(session: Session, row: Announcement, work: Round, *, now: datetime) -> None:
    """Queue the mails to those who are still there, and note how far it came."""
    here = still_follow(session, work.versions)
    queue_composed(session, [values for dedup, values in work.rows.items() if work.readers[dedup] in here])
    if work.reached is not None:
        row.reached = work.reached
        return
    row.done_at = now
    if row.reminds_of is None:
        earlier = Announcement.touchpoint_id == row.touchpoint_id, Announcement.id < row.id
        still_open = Announcement.reminds_of.is_(None), Announcement.done_at.is_(None)
        session.execute(update(Announcement).where(*earlier, *still_open).values(done_at=now))
