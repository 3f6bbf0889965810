"""How long a mailed proof and a sign-in last, and how often one may ask: the numbers, and when they are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

PROOF_LASTS = timedelta(minutes=10)  # ASVS 5.0, 6.5.5
LONGEST_OPERATOR_LINK = timedelta(hours=24)
CODE_DIGITS, CODE_ATTEMPTS = 6, 5
ASKED_PER_HOUR = 5  # mails to one address
SIGN_IN_LASTS, IDLE_LASTS = timedelta(days=30), timedelta(days=7)
SEEN_EVERY = timedelta(days=1)  # how exactly `seen_at` is kept: a reader costs one write a day
RECENT = timedelta(hours=1)  # a change of address wants a sign-in not older than this
KEPT = timedelta(days=30)  # ended sign-ins and used proofs, for the audit trail


class Purpose(StrEnum):
    """What a mailed link and code are good for; nothing else."""

    SIGN_IN = "sign-in"
    CHANGE_EMAIL = "change-email"


class HasTimes(Protocol):
    """A sign-in, as far as its end depends on the clock."""

    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None


def is_live(sign_in: HasTimes, *, now: datetime) -> bool:
    """Whether the sign-in still opens anything: not ended, not idle for too long, not too old."""
    return sign_in.ended_at is None and now < sign_in.expires_at and now < sign_in.seen_at + IDLE_LASTS


def is_recent(sign_in: HasTimes, *, now: datetime) -> bool:
    """Whether the person proved who they are so lately that they need not do it again (ASVS 5.0, 7.5.1)."""
    return now < sign_in.created_at + RECENT


def is_seen_late(sign_in: HasTimes, *, now: datetime) -> bool:
    """Whether the row's `seen_at` is so old that this use should be noted."""
    return now >= sign_in.seen_at + SEEN_EVERY
