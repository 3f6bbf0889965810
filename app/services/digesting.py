"""The weekly mail: what changed since the last one and what is coming, one batch of subscribers at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint
from app.domain.revision import PublicStatus
from app.domain.site import Site
from app.domain.subscriptions import (
    LOOK_AHEAD,
    Interests,
    concerns,
    event_between,
    is_over,
    is_urgent,
    last_digest_time,
)
from app.mail.messages.subscriptions import Call, Change
from app.mail.values import Mail
from app.models import Announcement, Publication, Subscription
from app.services.announcing import BATCH, topic_names, wanted
from app.services.notifying.readers import house_of
from app.services.notifying.subscribers import change_in_words, digest_mail
from app.services.outbox import queue_mails


@dataclass(frozen=True)
class Announced:
    """A change that waited for the weekly mail. `present` is the call in today's public words."""

    at: datetime
    key: str
    before: PublicTouchpoint | None
    after: PublicTouchpoint
    present: PublicTouchpoint


@dataclass(frozen=True)
class Week:
    """What there is to tell, for everybody."""

    announced: Sequence[Announced]
    coming: Sequence[PublicTouchpoint]


def digest_next(session: Session, *, site: Site, now: datetime, batch: int = BATCH) -> bool:
    """Queue this week's mail to the next `batch` subscribers who want it; False when all have it. Commits.

    Whoever has nothing to read gets no mail.
    """
    monday = last_digest_time(now)
    subscriptions = session.scalars(
        select(Subscription)
        .where(Subscription.weekly, Subscription.digested_at < monday, Subscription.stopped_at.is_(None))
        .order_by(Subscription.id)
        .limit(batch)
        .with_for_update(skip_locked=True)
    ).all()
    if not subscriptions:
        session.commit()
        return False
    week, names = _week(session, now=now), topic_names(session)
    mails = {}
    for subscription in subscriptions:
        mail = _mail(subscription, wanted(subscription, names), week, site=site, now=now)
        if mail is not None:
            mails[f"digest:{monday:%Y%m%d}:{subscription.key}"] = mail
    had = [subscription.id for subscription in subscriptions]
    session.execute(update(Subscription).where(Subscription.id.in_(had)).values(digested_at=now))
    queue_mails(session, mails, site=site, now=now)
    session.commit()
    return True


def _week(session: Session, *, now: datetime) -> Week:
    done = session.scalars(
        select(Announcement)
        .where(Announcement.done_at.is_not(None), Announcement.reminds_of.is_(None))
        .order_by(Announcement.id)
    ).all()
    soon = (Publication.starts_at <= now + LOOK_AHEAD) & (Publication.starts_at > now)
    told = Publication.touchpoint_id.in_([row.touchpoint_id for row in done])
    rows = session.scalars(
        select(Publication).where(soon | told).order_by(Publication.starts_at, Publication.uid)
    ).all()
    present = {row.touchpoint_id: PublicTouchpoint.from_json(row.value) for row in rows}
    announced = []
    for row in done:
        before = PublicTouchpoint.from_json(row.before) if row.before else None
        after = PublicTouchpoint.from_json(row.after)
        if not is_urgent(before, after, now=row.due_at):
            announced.append(Announced(row.done_at or now, after.key, before, after, present[row.touchpoint_id]))
    coming = [
        call
        for call in present.values()
        if call.status is PublicStatus.CONFIRMED and now < call.starts_at <= now + LOOK_AHEAD
    ]
    return Week(announced, coming)


def _mail(subscription: Subscription, interests: Interests, week: Week, *, site: Site, now: datetime) -> Mail | None:
    since = subscription.digested_at or now
    changes = _changes([each for each in week.announced if each.at > since], interests, site=site, now=now)
    house = house_of(site)
    coming = [Call.of(call, house=house) for call in week.coming if concerns(interests, call)]
    return digest_mail(subscription, changes, coming, site=site) if changes or coming else None


def _changes(announced: Sequence[Announced], interests: Interests, *, site: Site, now: datetime) -> list[Change]:
    """The changes of each call as one: from how it was first to how it is now."""
    first: dict[str, PublicTouchpoint | None] = {}
    last: dict[str, Announced] = {}
    for each in announced:
        first.setdefault(each.key, each.before)
        last[each.key] = each
    changes = []
    for key, each in last.items():
        before = first[key]
        event = event_between(before, each.present)
        if event and concerns(interests, before, each.after) and not is_over(before, each.present, now=now):
            changes.append(change_in_words(event, before, each.present, site=site))
    return changes
