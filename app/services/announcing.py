"""Announcing: a change of what is public leaves a row, in its own transaction, from which the worker writes mails.

Rows of one call are steps, oldest first. A step that nobody has heard of yet takes further changes into it; later
changes are further steps, and each subscriber is told once of all the steps that they have not heard of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.publication import PublicTouchpoint, without_words
from app.domain.revision import PublicStatus
from app.domain.subscriptions import (
    URGENT_WITHIN,
    due_time,
    event_between,
    is_over,
    is_reminded_anew,
    is_urgent,
    reaches_more,
)
from app.models import Announcement, Publication
from app.services.public_history import read_value
from app.services.turns import wait_for_turn


def note_changes(
    session: Session,
    rows: Sequence[Publication],
    *,
    before: Mapping[int, dict[str, Any]],
    settle: timedelta,
    now: datetime,
) -> None:
    """Remember what subscribers must hear of; `before` has the values that were public, by touchpoint.

    Changes that come before the worker began are one step, or none where all is as it was. Joins the caller's
    transaction, in which the touchpoints are locked.
    """
    changed = {row.touchpoint_id: row for row in rows if _may_matter(row, before.get(row.touchpoint_id))}
    if not changed:
        return
    steps = steps_of(session, changed, locked=True)
    added = []
    for touchpoint_id, row in changed.items():
        was, value = read_value(before.get(touchpoint_id)), PublicTouchpoint.from_json(row.value)
        step = _note(session, steps.get(touchpoint_id, []), was, value, settle=settle, now=now)
        if step is not None:
            added.append({"touchpoint_id": touchpoint_id, **step})
    if added:
        session.execute(insert(Announcement), added)  # in one statement, whatever their number


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
    about = select(Announcement).where(Announcement.touchpoint_id.in_(rows))
    for known in session.scalars(about):
        row = rows.get(known.touchpoint_id)
        if row is not None and not _is_due_for_reminder(row.starts_at, known):
            del rows[known.touchpoint_id]
    values = {touchpoint_id: read_value(row.value) for touchpoint_id, row in rows.items()}
    reminders = [_reminder(touchpoint_id, value, now=now) for touchpoint_id, value in values.items() if value]
    session.add_all(reminders)
    session.commit()
    return len(reminders)


def steps_of(
    session: Session, touchpoint_ids: Collection[int] | None = None, *, locked: bool = False
) -> dict[int, list[Announcement]]:
    """The announced changes of these calls, or of all, oldest first, without reminders; `locked` against the worker."""
    query = select(Announcement).where(Announcement.reminds_of.is_(None)).order_by(Announcement.id)
    if touchpoint_ids is not None:
        query = query.where(Announcement.touchpoint_id.in_(tuple(touchpoint_ids)))
    query = query.execution_options(populate_existing=True)
    steps: dict[int, list[Announcement]] = {}
    for row in session.scalars(query.with_for_update() if locked else query):
        steps.setdefault(row.touchpoint_id, []).append(row)
    return steps


def _may_matter(row: Publication, before: dict[str, Any] | None) -> bool:
    """Whether a call that is or was in public has another value than before."""
    was = read_value(before)
    if before is not None and was is None:
        return False  # nobody can say what changed
    is_public = row.status.in_feed or (was is not None and was.status.in_feed)
    return is_public and row.value is not before


def _note(
    session: Session,
    steps: list[Announcement],
    before: PublicTouchpoint | None,
    after: PublicTouchpoint,
    *,
    settle: timedelta,
    now: datetime,
) -> dict[str, Any] | None:
    """Take the change into the last step, or answer the one to add. Those under way stay: they say who knows what."""
    under_way = [step for step in steps if step.done_at is None and step.reached]
    last = steps[-1] if steps else None
    if last is not None and last.done_at is None and not last.reached:
        started = read_value(last.before)
        if not under_way and not _is_news(started, after):
            session.delete(last)
            return None
        last.after = without_words(after).to_json()
        last.due_at = min(last.due_at, due_time(started, after, settle=settle, now=now))
        last.urgent = last.urgent or is_urgent(started, after, now=last.due_at)
        return None
    if before is not None and before.status is PublicStatus.CANCELLED:
        before = _as_announced(last)
    if not _is_news(before, after) or is_over(before, after, now=now):
        if under_way and steps[-1].done_at is None:
            steps[-1].after = without_words(after).to_json()  # what the others are still told of is this
        return None
    due_at = due_time(before, after, settle=settle, now=now)
    return {
        "before": without_words(before).to_json() if before else None,
        "after": without_words(after).to_json(),
        "urgent": is_urgent(before, after, now=due_at) or any(step.urgent for step in under_way),
        "created_at": now,
        "due_at": due_at,
    }


def _is_news(before: PublicTouchpoint | None, after: PublicTouchpoint) -> bool:
    """Whether there may be a subscriber who is to hear of it."""
    return event_between(before, after) is not None or reaches_more(before, after)


def _as_announced(last: Announcement | None) -> PublicTouchpoint | None:
    """A cancelled call as subscribers know it: with the date that they heard last, or not at all."""
    after = read_value(last.after) if last else None
    if last is None or after is None or after.status is PublicStatus.CONFIRMED:
        return after
    before = read_value(last.before)
    return replace(before or after, status=PublicStatus.CANCELLED)


def _is_due_for_reminder(starts_at: datetime, known: Announcement) -> bool:
    """Whether `known` leaves room for a reminder of a call at `starts_at`: no reminder of it, nor news of this day."""
    if known.reminds_of is not None:
        return is_reminded_anew(starts_at, reminded_of=known.reminds_of)
    return known.created_at <= starts_at - URGENT_WITHIN


def _reminder(touchpoint_id: int, value: PublicTouchpoint, *, now: datetime) -> Announcement:
    return Announcement(
        touchpoint_id=touchpoint_id,
        reminds_of=value.starts_at,
        after=without_words(value).to_json(),
        urgent=True,
        created_at=now,
        due_at=now,
    )
