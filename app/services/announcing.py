"""Announcing: what changed in public becomes a mail to everyone who asked for it, once, however the worker ends.

A change leaves one row in its own transaction. The worker turns due rows into outbox rows, one batch of subscribers
and one commit at a time; the row remembers how far it came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import PublicText
from app.domain.publication import PublicTalk, PublicTouchpoint
from app.domain.revision import PublicStatus
from app.domain.site import Site
from app.domain.subscriptions import (
    URGENT_WITHIN,
    Event,
    Interests,
    concerns,
    due_time,
    event_between,
    is_over,
    is_told_now,
    is_urgent,
)
from app.domain.text import clean_line
from app.models import Announcement, Publication, Subscription, Topic
from app.services.notifying.subscribers import announcement_mail
from app.services.outbox import queue_mails
from app.services.subscribing import interests_of
from app.services.turns import wait_for_turn

BATCH = 50
"""Subscribers a transaction: on SQLite nobody else writes meanwhile."""


@dataclass(frozen=True)
class Told:
    """An announcement as it is mailed."""

    event: Event
    before: PublicTouchpoint | None
    after: PublicTouchpoint
    urgent: bool


def note_changes(
    session: Session,
    rows: Sequence[Publication],
    *,
    before: Mapping[int, dict[str, Any]],
    settle: timedelta,
    now: datetime,
) -> None:
    """Remember what subscribers must hear of; `before` has the values that were public, by touchpoint.

    Changes that come before the worker began are one announcement, or none where all is as it was. Joins the
    caller's transaction, in which the touchpoints are locked.
    """
    changed = {row.touchpoint_id: row for row in rows if _may_matter(row, before.get(row.touchpoint_id))}
    if not changed:
        return
    last = _last_announcements(session, changed)
    for touchpoint_id, row in changed.items():
        was = before.get(touchpoint_id)
        _note(
            session,
            row,
            last=last.get(touchpoint_id),
            before=_read(was) if was else None,
            settle=settle,
            now=now,
        )


def plan_reminders(session: Session, *, now: datetime) -> int:
    """One announcement for each confirmed call that begins within a day, unless subscribers just heard of it.

    Returns how many are new. Commits.
    """
    wait_for_turn(session, "reminders")
    coming = (
        select(Publication)
        .where(Publication.starts_at > now, Publication.starts_at <= now + URGENT_WITHIN)
        .where(Publication.status == PublicStatus.CONFIRMED)
    )
    rows = {row.touchpoint_id: row for row in session.scalars(coming)}
    known = session.execute(
        select(Announcement.touchpoint_id, Announcement.reminds_of, Announcement.created_at).where(
            Announcement.touchpoint_id.in_(rows)
        )
    )
    for touchpoint_id, reminds_of, created_at in known:
        row = rows.get(touchpoint_id)
        if row and (reminds_of == row.starts_at or (not reminds_of and created_at > row.starts_at - URGENT_WITHIN)):
            del rows[touchpoint_id]
    session.add_all(
        Announcement(
            touchpoint_id=row.touchpoint_id,
            reminds_of=row.starts_at,
            after=without_words(_read(row.value)).to_json(),
            created_at=now,
            due_at=now,
        )
        for row in rows.values()
    )
    session.commit()
    return len(rows)


def announce_next(session: Session, *, site: Site, now: datetime, batch: int = BATCH) -> bool:
    """Queue the mails of one due announcement to the next `batch` subscribers. False when nothing is due. Commits."""
    row = session.scalar(
        select(Announcement)
        .where(Announcement.done_at.is_(None), Announcement.due_at <= now)
        .order_by(Announcement.due_at, Announcement.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        session.commit()
        return False
    told = _told(session, row, now=now)
    reached = _tell(session, row, told, site=site, now=now, batch=batch) if told else None
    if reached is None:
        row.done_at = now
    else:
        row.reached = reached
    session.commit()
    return True


def topic_names(session: Session) -> dict[str, str]:
    """The topics' public names by slug."""
    return {slug: clean_line(name) for slug, name in session.execute(select(Topic.slug, Topic.name))}


def wanted(subscription: Subscription, names: Mapping[str, str]) -> Interests:
    """A subscriber's interests with topics by name, as publications have them."""
    interests = interests_of(subscription)
    return replace(interests, topics=frozenset(names[slug] for slug in interests.topics if slug in names))


def without_words(value: PublicTouchpoint) -> PublicTouchpoint:
    """What an announcement keeps of a call: its time and topics, and nothing that a speaker may take back later."""
    nothing = PublicText("")
    talks = tuple(
        PublicTalk(nothing, nothing, (), talk.minutes, recorded=False, topics=talk.topics) for talk in value.talks
    )
    return replace(value, talks=talks, agenda=())


def _may_matter(row: Publication, before: dict[str, Any] | None) -> bool:
    """Whether a call that is or was in public has another value than before."""
    is_public = row.status.in_feed or (before is not None and PublicStatus(before["status"]).in_feed)
    return is_public and row.value != before


def _last_announcements(session: Session, touchpoint_ids: Iterable[int]) -> dict[int, Announcement]:
    """The latest announcement of a change of each of these touchpoints, locked against the worker."""
    query = (
        select(Announcement)
        .where(Announcement.touchpoint_id.in_(tuple(touchpoint_ids)), Announcement.reminds_of.is_(None))
        .order_by(Announcement.id)
        .with_for_update()
    )
    found = session.scalars(query, execution_options={"populate_existing": True})
    return {row.touchpoint_id: row for row in found}


def _note(
    session: Session,
    row: Publication,
    *,
    last: Announcement | None,
    before: PublicTouchpoint | None,
    settle: timedelta,
    now: datetime,
) -> None:
    after = _read(row.value)
    stored = without_words(after).to_json()
    if last is not None and last.done_at is None and last.reached == 0:
        last.after = stored
        if event_between(_read(last.before) if last.before else None, after) is None:
            session.delete(last)
        return
    if before is not None and before.status is PublicStatus.CANCELLED:
        before = _as_announced(last)
    if event_between(before, after) is None or is_over(before, after, now=now):
        return
    session.add(
        Announcement(
            touchpoint_id=row.touchpoint_id,
            before=without_words(before).to_json() if before else None,
            after=stored,
            created_at=now,
            due_at=due_time(before, after, settle=settle, now=now),
        )
    )


def _as_announced(last: Announcement | None) -> PublicTouchpoint | None:
    """A cancelled call as subscribers know it: with the date that they heard last, or not at all."""
    if last is None:
        return None
    after = _read(last.after)
    if after.status is PublicStatus.CONFIRMED or not last.before:
        return after
    return replace(_read(last.before), status=PublicStatus.CANCELLED)


def _told(session: Session, row: Announcement, *, now: datetime) -> Told | None:
    """What is to be mailed, in today's words; None where nobody needs to hear of it any more.

    A call that changed again has an announcement of that.
    """
    before, after = _read(row.before) if row.before else None, _read(row.after)
    present = _read(
        session.scalars(select(Publication.value).where(Publication.touchpoint_id == row.touchpoint_id)).one()
    )
    if (present.status, present.starts_at) != (after.status, after.starts_at) or is_over(before, after, now=now):
        return None
    if row.reminds_of:
        return Told(Event.TOMORROW, None, present, urgent=True)
    event = event_between(before, after)
    return Told(event, before, present, is_urgent(before, after, now=row.due_at)) if event else None


def _tell(session: Session, row: Announcement, told: Told, *, site: Site, now: datetime, batch: int) -> int | None:
    """Queue one batch. Returns the last subscription that it reached, None when there is none left."""
    subscriptions = session.scalars(
        select(Subscription)
        .where(Subscription.id > row.reached, Subscription.confirmed_at <= now, Subscription.stopped_at.is_(None))
        .order_by(Subscription.id)
        .limit(batch)
    ).all()
    if not subscriptions:
        return None
    names = topic_names(session)
    mails = {
        f"announcement:{row.key}:{subscription.key}": announcement_mail(
            subscription, told.event, told.before, told.after, site=site
        )
        for subscription in subscriptions
        if _wants(wanted(subscription, names), told)
    }
    queue_mails(session, mails, site=site, now=now)
    return subscriptions[-1].id


def _wants(interests: Interests, told: Told) -> bool:
    return concerns(interests, told.before, told.after) and is_told_now(interests, told.event, urgent=told.urgent)


def _read(stored: Mapping[str, Any]) -> PublicTouchpoint:
    return PublicTouchpoint.from_json(stored)
