"""Where talks stand in a call: in the segments that are for talks, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.agenda import Segment, SegmentKind


@dataclass(frozen=True)
class Place:
    """A talk's place: the number of its segment in the agenda, and its start in minutes from the call's."""

    segment: int
    starts: int


def segment_starts(segments: Sequence[Segment]) -> tuple[int, ...]:
    """The start of each segment, in minutes from the call's start."""
    return tuple(sum(segment.minutes for segment in segments[:number]) for number in range(len(segments)))


def running_order(segments: Sequence[Segment], talks: Sequence[int]) -> tuple[Place | None, ...]:
    """The place of each talk of these minutes, in order; None for all where the agenda has no segment for talks.

    A talk begins where the one before it ends, or in the next segment for talks when its own has too few minutes left;
    the last segment takes the rest.
    """
    starts = segment_starts(segments)
    rooms = [number for number, segment in enumerate(segments) if segment.kind is SegmentKind.TALK]
    if not rooms:
        return (None,) * len(talks)
    places, room, at = [], rooms.pop(0), 0
    at = starts[room]
    for minutes in talks:
        while rooms and at + minutes > starts[room] + segments[room].minutes:
            room = rooms.pop(0)
            at = starts[room]
        places.append(Place(room, at))
        at += minutes
    return tuple(places)
