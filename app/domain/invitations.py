"""By when speakers answer an invitation, when they are reminded, and when a talk without an answer is at risk."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.domain.states import TalkState

TIME_TO_ANSWER = timedelta(days=7)
LAST_DAYS = timedelta(days=3)


def answer_by(now: datetime, starts_at: datetime) -> datetime:
    """A week from now, or half of the time that is left when the call is near: never after the call has begun."""
    return now + min(TIME_TO_ANSWER, max(timedelta(0), starts_at - now) / 2)


def is_reminder_due(*, invited_at: datetime | None, answer_by: datetime | None, now: datetime) -> bool:
    """Whether it is three days before the deadline, but not before half of the time to answer is gone."""
    if invited_at is None or answer_by is None:
        return False
    return max(answer_by - LAST_DAYS, invited_at + (answer_by - invited_at) / 2) <= now


def is_at_risk(state: TalkState, *, answer_by: datetime | None, reminded_at: datetime | None, now: datetime) -> bool:
    """Whether the speakers were asked and reminded, or their time is over, and not all have answered."""
    overdue = answer_by is not None and answer_by <= now
    return state is TalkState.INVITED and (reminded_at is not None or overdue)
