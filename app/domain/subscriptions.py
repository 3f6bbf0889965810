"""Calls by e-mail: what changed between two public values, who wants to hear of it, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import InvalidInput
from app.domain.publication import PublicTouchpoint
from app.domain.revision import PublicStatus

CONFIRM_WITHIN = timedelta(days=7)
ASKED_PER_HOUR = 3
URGENT_WITHIN = timedelta(hours=24)
_NO_TIME_TO_SETTLE = timedelta(hours=1)
ANNOUNCED_KEPT = timedelta(days=30)
DIGEST_HOUR = 6
"""UTC, on Mondays."""
LOOK_AHEAD = timedelta(days=14)
"""How far ahead a digest lists the calls to come."""


class Event(StrEnum):
    """What subscribers are told of a call. Other changes are on its page and in the feeds."""

    PUBLISHED = "published"
    MOVED = "moved"
    CANCELLED = "cancelled"
    RESTORED = "restored"  # it takes place after all
    TOMORROW = "tomorrow"


@dataclass(frozen=True)
class Interests:
    """What a subscriber asked for: series by slug, topics by name, at once or once a week, and the day before."""

    all_calls: bool
    series: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    weekly: bool = False
    day_before: bool = True


def check_interests(
    *,
    scope: str,
    series: Collection[str],
    topics: Collection[str],
    rhythm: str,
    day_before: str,
    known_series: Collection[str],
    known_topics: Collection[str],
) -> Interests:
    """The form's words as interests; what is not offered is left out, topics are slugs. Raises InvalidInput."""
    chosen_series, chosen_topics = frozenset(series) & set(known_series), frozenset(topics) & set(known_topics)
    problems = {}
    if scope not in {"all", "some"}:
        problems["scope"] = "Choose all calls, or some of them."
    elif scope == "some" and not chosen_series | chosen_topics:
        problems["series"] = "Choose at least one series or topic, or all calls."
    if rhythm not in {"once", "weekly"}:
        problems["rhythm"] = "Choose when we write: at once or once a week."
    if day_before not in {"yes", "no"}:
        problems["day_before"] = "Say whether you want a reminder the day before a call."
    if problems:
        raise InvalidInput(problems)
    if scope == "all":
        chosen_series = chosen_topics = frozenset()
    return Interests(scope == "all", chosen_series, chosen_topics, rhythm == "weekly", day_before == "yes")


def event_between(before: PublicTouchpoint | None, after: PublicTouchpoint) -> Event | None:
    """What became of a call. Where it was cancelled, `before` may be the last that was announced, with that status."""
    was_on = before is not None and before.status is PublicStatus.CONFIRMED
    if after.status is not PublicStatus.CONFIRMED:
        return Event.CANCELLED if was_on else None
    if before is None or before.status is PublicStatus.PLANNED:
        return Event.PUBLISHED
    if (before.starts_at, before.minutes) != (after.starts_at, after.minutes):
        return Event.MOVED
    return None if was_on else Event.RESTORED


def concerns(interests: Interests, *calls: PublicTouchpoint | None) -> bool:
    """Whether one of these values of a call is of a chosen series or topic."""
    if interests.all_calls:
        return True
    known = [call for call in calls if call is not None]
    topics = {str(topic) for call in known for talk in call.talks for topic in talk.topics}
    return bool(interests.series & {call.series.slug for call in known} or interests.topics & topics)


def is_over(before: PublicTouchpoint | None, after: PublicTouchpoint, *, now: datetime) -> bool:
    """Whether the call began on every date that is spoken of: nobody needs to hear of it any more."""
    return all(call.starts_at <= now for call in (before, after) if call is not None)


def is_urgent(before: PublicTouchpoint | None, after: PublicTouchpoint, *, now: datetime) -> bool:
    """Whether the call was or is within 24 hours: whoever waits for the weekly mail would hear of it too late."""
    return any(now < call.starts_at <= now + URGENT_WITHIN for call in (before, after) if call is not None)


def due_time(before: PublicTouchpoint | None, after: PublicTouchpoint, *, settle: timedelta, now: datetime) -> datetime:
    """When a change is announced: after the settle time, or at once where the call was or is within the hour."""
    is_near = any(now < call.starts_at <= now + _NO_TIME_TO_SETTLE for call in (before, after) if call is not None)
    return now if is_near else now + settle


def is_told_now(interests: Interests, event: Event, *, urgent: bool) -> bool:
    """Whether the mail leaves by itself: the reminder for whoever wants it, changes unless they can wait a week."""
    if event is Event.TOMORROW:
        return interests.day_before
    return urgent or not interests.weekly


def last_digest_time(now: datetime) -> datetime:
    """The latest Monday, 06:00 UTC, that is not after `now` (aware UTC)."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return monday if monday <= now else monday - timedelta(days=7)
