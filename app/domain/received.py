"""What comes in by mail, by what is to be done about it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

LARGEST = 10_000_000
"""Bytes of a message that is kept whole."""
KEPT_OF_LARGER = 1_000_000
"""Bytes of the beginning that are kept of a larger one."""
KEPT = timedelta(days=90)
BOUNCES_KEPT = timedelta(days=365)
"""After the last one, what an address did is no reason for anything."""
BOUNCES_UNTIL_STOPPED = 2
"""So many permanent failures stop mail to an address: one may be a server's mistake."""


class ReceivedKind(StrEnum):
    """What a message turned out to be."""

    ANSWER = "answer"  # a calendar's reply of one of our speakers
    BOUNCE = "bounce"  # a mail server's report about a mail of ours
    AUTOMATIC = "automatic"  # out of office, or any machine: nobody need read it
    OTHER = "other"  # for an organizer to read

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ReceivedKind.ANSWER: "Answer of a calendar",
    ReceivedKind.BOUNCE: "Report of a mail server",
    ReceivedKind.AUTOMATIC: "Automatic answer",
    ReceivedKind.OTHER: "Message",
}


class CalendarAnswer(StrEnum):
    """What a speaker's calendar answered. It changes no date by itself."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"
    COUNTER = "counter"  # they propose another time

    @property
    def needs_somebody(self) -> bool:
        """Whether an organizer must look: the speaker may not come."""
        return self in {CalendarAnswer.DECLINED, CalendarAnswer.COUNTER}
