"""What became of a call in public, as the feed of changes says it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from app.domain.publication import PublicTouchpoint
from app.domain.revision import PublicStatus


class ChangeKind(StrEnum):
    PUBLISHED = "published"
    MOVED = "moved"
    CANCELLED = "cancelled"
    RESTORED = "restored"  # it takes place after all
    CORRECTED = "corrected"  # another text, agenda or naming


def change_between(before: PublicTouchpoint | None, after: PublicTouchpoint) -> ChangeKind | None:
    """What to call the step between two public values that differ; None where no feed shows the call.

    `before` is None for a call that was never published, or whose stored value cannot be read any more.
    """
    if not after.status.in_feed:
        return None
    if after.status is PublicStatus.CANCELLED:
        was_off = before is not None and before.status is PublicStatus.CANCELLED
        return ChangeKind.CORRECTED if was_off else ChangeKind.CANCELLED
    if before is None or not before.status.in_feed:
        return ChangeKind.PUBLISHED
    if before.status is PublicStatus.CANCELLED:
        return ChangeKind.RESTORED
    if (before.starts_at, before.minutes) != (after.starts_at, after.minutes):
        return ChangeKind.MOVED
    return ChangeKind.CORRECTED


def as_read(value: PublicTouchpoint) -> PublicTouchpoint:
    """The call as people read it: the key of a talk and what the archive sorts it by are no words to them.

    So a release that begins to publish these tells nobody that every call was corrected, and takes no mail back.
    """
    return replace(value, talks=tuple(replace(talk, key="", roles=()) for talk in value.talks))
