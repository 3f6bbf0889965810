"""Calls by e-mail: what changed between two public values, who wants to hear of it, and when."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import InvalidInput
from app.domain.publication import Audience, PublicTouchpoint
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


@dataclass(frozen=True)
class Step:
    """One announced change of a call. It is told to whoever hears at once up to subscriber `reached`, and to all
    when it is done, at `done_at`; who reads a weekly mail hears of it then, unless it is urgent.

    `also_told` are subscribers beyond `reached` who have it: others' mails of it were taken back.
    """

    before: PublicTouchpoint | None
    after: PublicTouchpoint
    urgent: bool
    reached: int
    done_at: datetime | None
    also_told: frozenset[int] = frozenset()


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


def reaches_more(before: PublicTouchpoint | None, after: PublicTouchpoint) -> bool:
    """Whether the call has a talk on a topic that it had none on: for whoever follows that, it is a new call."""
    return bool(_topics(after) - (_topics(before) if before else frozenset()))


def unheard(steps: Sequence[Step], *, subscriber: int, weekly: bool, since: datetime) -> Sequence[Step]:
    """The steps of one call, oldest first, of which a subscriber has no mail yet: one mail will tell of them together.

    `since` is their last weekly mail, or the moment from which they hear at all.
    """
    heard = 0
    for number, step in enumerate(steps, start=1):
        told = step.done_at is not None or step.reached >= subscriber or subscriber in step.also_told
        in_a_digest = step.done_at is not None and step.done_at <= since
        if in_a_digest or (told and (step.urgent or not weekly)):
            heard = number
    return steps[heard:]


def concerns(interests: Interests, *calls: PublicTouchpoint | None, is_member: bool) -> bool:
    """Whether one of these values of a call is of a chosen series or topic, and the last of them for this reader.

    Of members' calls only members hear.
    """
    if calls[-1] is not None and calls[-1].series.audience is Audience.MEMBERS and not is_member:
        return False
    if interests.all_calls:
        return True
    known = [call for call in calls if call is not None]
    topics = frozenset[str]().union(*map(_topics, known))
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


def is_reminded_anew(starts_at: datetime, *, reminded_of: datetime) -> bool:
    """Whether a call that was moved after its reminder has another the day before: not when it moved within a day."""
    return abs(starts_at - reminded_of) >= URGENT_WITHIN


def last_digest_time(now: datetime) -> datetime:
    """The latest Monday, 06:00 UTC, that is not after `now` (aware UTC)."""
    monday = (now - timedelta(days=now.weekday())).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return monday if monday <= now else monday - timedelta(days=7)


def _topics(call: PublicTouchpoint) -> frozenset[str]:
    return frozenset(str(topic) for talk in call.talks for topic in talk.topics)
