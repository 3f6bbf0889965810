"""The weekly mail: what changed since the last one and what is coming, one batch of subscribers at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.database import read_only
from app.domain.publication import PublicTouchpoint
from app.domain.revision import PublicStatus
from app.domain.site import Site
from app.domain.subscriptions import LOOK_AHEAD, Step, last_digest_time
from app.mail.messages.subscriptions import Call
from app.mail.values import Mail
from app.models import Announcement, Publication, Subscription
from app.services.announcing import steps_of
from app.services.following import BATCH, Follower, read_followers, still_follow
from app.services.locking import nobody_publishes
from app.services.notifying.readers import house_of
from app.services.notifying.subscribers import change_in_words, digest_mail
from app.services.outbox import queue_mail
from app.services.outbox.bulk import Rows, compose_mails, queue_composed
from app.services.public_history import read_value
from app.services.telling import read_steps


@dataclass(frozen=True)
class Week:
    """What there is to tell, for everybody: calls in today's public words with their steps, and the calls to come."""

    changed: Sequence[tuple[Sequence[Step], PublicTouchpoint]]
    coming: Sequence[PublicTouchpoint]
    touchpoints: frozenset[int]


@dataclass(frozen=True)
class Batch:
    """Composed mails by `dedup`, whom each is for, and everybody whose week it was, by id with their version."""

    rows: Rows
    readers: Mapping[str, int]
    versions: Mapping[int, int]
    week: Week


def digest_next(session: Session, *, site: Site, now: datetime, batch: int = BATCH) -> bool:
    """Queue this week's mail to the next `batch` subscribers who want it; False when all have it. Commits.

    Whoever has nothing to read gets no mail. While a change is on its way to those who hear at once, it waits: what a
    weekly mail says of a call has been announced.
    """
    session.commit()
    with read_only():
        work = _prepare(session, site=site, now=now, batch=batch)
        session.rollback()
    if work is None:
        return False
    if not nobody_publishes(session, work.week.touchpoints) or _week(session, now=now) != work.week:
        session.commit()
        return True  # somebody may have taken back a name that these mails tell: they are written anew
    here = still_follow(session, work.versions)
    queue_composed(session, [values for dedup, values in work.rows.items() if work.readers[dedup] in here])
    session.execute(
        update(Subscription)
        .where(Subscription.id.in_(here))
        .values(digested_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()
    return True


def mail_what_waited(session: Session, subscription: Subscription, *, site: Site, now: datetime) -> None:
    """Queue what waited for the weekly mail of somebody who wants none any more. Joins the caller's transaction."""
    for follower in read_followers(session, Subscription.id == subscription.id, batch=1):
        mail = _mail(follower, replace(_week(session, now=now), coming=()), site=site, now=now)
        if mail is not None:
            queue_mail(session, mail, dedup=f"digest:{now:%Y%m%dT%H%M%S}:{subscription.key}", site=site, now=now)


def _prepare(session: Session, *, site: Site, now: datetime, batch: int) -> Batch | None:
    monday = last_digest_time(now)
    followers = read_followers(session, Subscription.weekly, Subscription.digested_at < monday, batch=batch)
    if not followers:
        return None
    week = _week(session, now=now)
    if _is_something_on_its_way(session):  # asked last: what was read may belong to it
        return None
    mails, readers = {}, {}
    for follower in followers:
        mail = _mail(follower, week, site=site, now=now)
        if mail is not None:
            dedup = f"digest:{monday:%Y%m%d}:{follower.subscription.key}"
            mails[dedup], readers[dedup] = mail, follower.subscription.id
    versions = {each.subscription.id: each.subscription.version for each in followers}
    return Batch(compose_mails(mails, site=site, now=now), readers, versions, week)


def _is_something_on_its_way(session: Session) -> bool:
    waiting = select(func.count()).select_from(Announcement)
    return bool(session.scalar(waiting.where(Announcement.done_at.is_(None), Announcement.reminds_of.is_(None))))


def _week(session: Session, *, now: datetime) -> Week:
    steps = steps_of(session)
    soon = (Publication.starts_at <= now + LOOK_AHEAD) & (Publication.starts_at > now)
    rows = session.scalars(
        select(Publication)
        .where(soon | Publication.touchpoint_id.in_(steps))
        .order_by(Publication.starts_at, Publication.uid)
    ).all()
    present = {row.touchpoint_id: value for row in rows if (value := read_value(row.value))}
    coming = [
        call
        for call in present.values()
        if call.status is PublicStatus.CONFIRMED and now < call.starts_at <= now + LOOK_AHEAD
    ]
    changed = [(read_steps(steps[key]), call) for key, call in present.items() if key in steps]
    return Week(changed, coming, frozenset(present))


def _mail(follower: Follower, week: Week, *, site: Site, now: datetime) -> Mail | None:
    changes = []
    for steps, present in week.changed:
        news = follower.unheard(steps)
        event = follower.event(news, present, now=now)
        if event is not None:
            changes.append(change_in_words(event, news[0].before, present, site=site))
    house = house_of(site)
    coming = [Call.of(call, house=house) for call in week.coming if follower.cares(call)]
    return digest_mail(follower.subscription, changes, coming, site=site) if changes or coming else None
