"""A call's agenda: segments with minutes, and the slot, the room for talks that they leave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.working_groups import GroupRef


class SegmentKind(StrEnum):
    WELCOME = "welcome"
    NEWS = "news"
    TALK = "talk"  # the slot: talks and their questions
    UPDATES = "updates"
    FORUM = "forum"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    SegmentKind.WELCOME: "Welcome",
    SegmentKind.NEWS: "News",
    SegmentKind.TALK: "Guest talk",
    SegmentKind.UPDATES: "Working-group updates",
    SegmentKind.FORUM: "Open forum",
}


IN_CONFIDENCE = "What is under the Rule cannot be recorded. A talk can, if its speakers agree."


@dataclass(frozen=True)
class Segment:
    """One part of a call. `recorded` means that it may be recorded; a talk also needs its speakers' consent.

    `working_group` is the group whose updates it is for.
    """

    kind: SegmentKind
    title: str
    minutes: int
    recorded: bool
    under_rule: bool
    working_group: GroupRef | None = None

    @property
    def heading(self) -> str:
        """Its title with the group's name, unless the title says it: "Working-group updates: OSPO Book"."""
        name = self.working_group.name if self.working_group else ""
        return self.title if name.casefold() in self.title.casefold() else f"{self.title}: {name}"

    @property
    def in_confidence(self) -> bool:
        """Whether it can never be recorded: people speak in it who, unlike a talk's speakers, are not asked."""
        return self.under_rule and self.kind is not SegmentKind.TALK

    @property
    def is_contradiction(self) -> bool:
        return self.recorded and self.in_confidence


STANDARD_AGENDA = (
    Segment(SegmentKind.WELCOME, "Welcome", 5, recorded=False, under_rule=False),
    Segment(SegmentKind.TALK, "Guest talk and questions", 20, recorded=True, under_rule=False),
    Segment(SegmentKind.UPDATES, "Working-group updates", 15, recorded=False, under_rule=False),
    Segment(SegmentKind.FORUM, "Open forum", 20, recorded=False, under_rule=True),
)
"""The community's usual hour: what a new series begins with."""


def slot_minutes(segments: Iterable[Segment]) -> int:
    """The guest minutes: the sum of the segments that are for talks."""
    return sum(segment.minutes for segment in segments if segment.kind is SegmentKind.TALK)


def agenda_problem(segments: Sequence[Segment], *, minutes: int) -> str | None:
    """Why these segments cannot be the agenda of a call of `minutes`, in the organizer's words, or None."""
    if not segments:
        return "An agenda needs at least one part."
    if any(segment.minutes < 1 for segment in segments):
        return "Each part needs at least one minute."
    if any(segment.is_contradiction for segment in segments):
        return IN_CONFIDENCE
    total = sum(segment.minutes for segment in segments)
    if total > minutes:
        return f"The parts take {total} minutes, the call only {minutes}."
    return None
