"""When speakers are reminded of their date, thanked after it, and when organizers read what waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from app.domain.errors import InvalidInput
from app.domain.localtime import in_zone

USUAL_DAYS = (14, 3, 1)
"""Days before the call, the first reminder first."""
MOST_DAYS, MOST_REMINDERS = 60, 6
THANKS_AFTER = timedelta(days=2)
_LATE_REMINDER = timedelta(days=1)  # a worker that was away longer keeps silent: the next reminder says the same
_LATE_THANKS = timedelta(days=7)
_DIGEST_WEEKDAY, _DIGEST_HOUR = 0, 7


def read_days(text: str) -> list[int]:
    """The days before a call, typed as "14, 3, 1", the first reminder first; none for an empty text.

    Raises InvalidInput (reminder_days).
    """
    words = text.replace(",", " ").split()
    days = {int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 4}
    if len(days) != len(words) or any(not 1 <= day <= MOST_DAYS for day in days):
        problem = f"Write different numbers of days from 1 to {MOST_DAYS}, like 14, 3, 1; or nothing for no reminders."
        raise InvalidInput({"reminder_days": problem})
    if len(days) > MOST_REMINDERS:
        raise InvalidInput({"reminder_days": f"At most {MOST_REMINDERS} reminders."})
    return sorted(days, reverse=True)


def due_reminder(
    days: Iterable[int], *, starts_at: datetime, zone: str, confirmed_at: datetime, now: datetime
) -> int | None:
    """The days before the call of the reminder that is due now, or None.

    Each is due at the hour of the call on the wall clock of `zone`. One that was due before the talk was confirmed, or
    more than a day ago, is left out; of several the last one holds.
    """
    if now >= starts_at:
        return None
    for day in sorted(days):
        due = (in_zone(starts_at, zone) - timedelta(days=day)).astimezone(UTC)
        if confirmed_at <= due <= now <= due + _LATE_REMINDER:
            return day
    return None


def are_thanks_due(*, ends_at: datetime, now: datetime) -> bool:
    """Whether it is two days after the call, and not a week more."""
    return ends_at + THANKS_AFTER <= now < ends_at + THANKS_AFTER + _LATE_THANKS


def organizers_week(now: datetime, zone: str) -> str | None:
    """The ISO week whose digest is due now: on Mondays from seven on the clock of `zone`; None at other times."""
    local = in_zone(now, zone)
    if local.weekday() != _DIGEST_WEEKDAY or local.hour < _DIGEST_HOUR:
        return None
    return f"{local:%G-W%V}"
