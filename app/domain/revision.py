"""What a change does to a publication: its status, SEQUENCE and times (RFC 5545 3.8.7.4, RFC 5546 2.1.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class PublicStatus(StrEnum):
    """PLANNED is not in any feed; CANCELLED once was, and stays there as cancelled."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"

    @property
    def in_feed(self) -> bool:
        return self is not PublicStatus.PLANNED


@dataclass(frozen=True)
class Revision:
    """The state of a publication that calendars compare. Instants are aware UTC, to the second."""

    status: PublicStatus
    sequence: int
    created_at: datetime
    last_modified: datetime
    cancelled_at: datetime | None


def next_status(before: PublicStatus | None, *, takes_place: bool) -> PublicStatus:
    """The status of a call that has a confirmed talk and is not skipped (`takes_place`), or has not.

    What was once in a feed never just vanishes from it: it is cancelled.
    """
    if takes_place:
        return PublicStatus.CONFIRMED
    return PublicStatus.CANCELLED if before is not None and before.in_feed else PublicStatus.PLANNED


def next_revision(before: Revision | None, status: PublicStatus, *, now: datetime) -> Revision:
    """The revision after something public changed.

    SEQUENCE stays 0 until the call has been in a feed: nobody could have seen a lower one. Times never go back.
    """
    if before is None:
        return Revision(status, 0, now, now, None)
    cancelled_at = (before.cancelled_at or now) if status is PublicStatus.CANCELLED else None
    return replace(
        before,
        status=status,
        sequence=before.sequence + before.status.in_feed,
        last_modified=max(now, before.last_modified),
        cancelled_at=cancelled_at,
    )
