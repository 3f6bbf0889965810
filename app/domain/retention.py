"""How long things are kept that nobody needs for ever. The numbers are an installation's settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

WARNED_BEFORE = timedelta(days=30)
"""So long after the warning an unused account goes: time to sign in, and to be back from a holiday."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Months and days from the moment that a thing was last of use. Each is explained in docs/privacy.md."""

    proposals_months: int = 12  # declined or withdrawn ones, since they were
    accounts_months: int = 24  # since the person was last here
    speakers_months: int = 12  # what only the work on a talk needed of its speakers, since the talk
    mail_bodies_days: int = 30  # since they left
    mails_months: int = 24  # rows of the outbox: who got which mail when
    received_days: int = 90
    questions_days: int = 30  # since the call
    audit_months: int = 24


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; the last day of a month that is too short for it."""
    index = now.year * 12 + now.month - 1 - months
    year, month = divmod(index, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    following = datetime(year + month // 12, month % 12 + 1, 1)  # noqa: DTZ001 (a day of the calendar, no instant)
    return (following - timedelta(days=1)).day
