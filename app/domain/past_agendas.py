"""The agenda of a past call from its lines ("Open Forum under Chatham House Rules (20 mins)")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum

from app.domain.agenda import Segment, SegmentKind

_LINE = re.compile(r"(.+?)\s*\(([^()]*\bmins?\b[^()]*)\)")
_NUMBER = re.compile(r"\d+")
_WORDS = (
    ("welcome", SegmentKind.WELCOME),
    ("presentation", SegmentKind.TALK),
    ("talk", SegmentKind.TALK),
    ("update", SegmentKind.UPDATES),
)


class Recorded(Enum):
    """Whether a recording of the call was published."""

    YES = True
    NO = False


def read_past_agenda(lines: Sequence[str], *, minutes: int, audience: str, recorded: Recorded) -> tuple[Segment, ...]:
    """The parts of a past call of `minutes`; one part for the whole call where `lines` do not say them with minutes.

    `audience` as written says what was under the Rule: "..., Chatham House Rule" the whole call, "open forum under ..."
    its forum. Only what was presented is marked as recorded.
    """
    under = audience.lower()
    whole = "chatham" in under and "open forum" not in under
    parts = [_read_line(line) for line in lines]
    known = [part for part in parts if part]
    if not known or len(known) < len(parts) or sum(part[2] for part in known) > minutes:
        known = [(SegmentKind.TALK, "The call", minutes, False)]
    return tuple(
        Segment(
            kind=kind,
            title=title,
            minutes=length,
            recorded=recorded is Recorded.YES and kind is SegmentKind.TALK,
            under_rule=whole or said or (kind is SegmentKind.FORUM and "open forum under" in under),
        )
        for kind, title, length, said in known
    )


def _read_line(line: str) -> tuple[SegmentKind, str, int, bool] | None:
    """Kind, title, minutes and whether the line itself names the Rule. "15 mins + 5 mins Q&A" are 20, "5-7 mins" 5."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        return None
    minutes = sum(int(numbers[0]) for part in match[2].split("+") if (numbers := _NUMBER.findall(part)))
    kind = next((kind for word, kind in _WORDS if word in match[1].lower()), SegmentKind.FORUM)
    return (kind, match[1], minutes, "chatham" in match[1].lower()) if minutes else None
