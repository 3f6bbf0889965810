"""The parts of a call's file as segments of an agenda; the community's usual hour where there are none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.agenda import STANDARD_AGENDA, SegmentKind
from app.domain.agendas.calls import branches, minutes_of, without_minutes
from app.domain.agendas.values import CallFile, Part
from app.domain.join_links import holds_join_link
from app.domain.text import MAX_LINE, clean_line

_KINDS = (
    ("welcome", SegmentKind.WELCOME),
    ("update", SegmentKind.UPDATES),
    ("news", SegmentKind.NEWS),
    ("presentation", SegmentKind.TALK),
    ("talk", SegmentKind.TALK),
    ("demo", SegmentKind.TALK),
)
_RULE = re.compile(r"[\s,–-]*\bunder (?:the )?chatham house rules?\b", re.IGNORECASE)
_BY = re.compile(r"\s+by\s+.*")  # who welcomes and who reports is on no agenda of ours
WHOLE = "The call"


def segments_of(call: CallFile | None, *, minutes: int, recorded: bool) -> list[list[object]]:
    """The segments as [kind, title, minutes, recorded, under the Rule], as plain JSON.

    The parts must have minutes and fit into the call: else it is the usual hour, or one part for other lengths.
    """
    found = [_segment(part, below, recorded=recorded) for part, below in branches(call.parts if call else ())]
    known = [each for each in found if each is not None]
    if known and len(known) == len(found) and sum(int(str(each[2])) for each in known) <= minutes:
        return known
    if minutes == sum(segment.minutes for segment in STANDARD_AGENDA):
        return [
            [each.kind.value, each.title, each.minutes, each.recorded and recorded, each.under_rule]
            for each in STANDARD_AGENDA
        ]
    return [[SegmentKind.TALK.value, WHOLE, minutes, recorded, False]]


def _segment(part: Part, below: Sequence[Part], *, recorded: bool) -> list[object] | None:
    span = minutes_of(part, below)
    if span is None or span[0] < 1:
        return None
    kind = next((kind for word, kind in _KINDS if word in part.lines[0].text.lower()), SegmentKind.FORUM)
    under_rule = "chatham" in part.text.lower()
    return [kind.value, _title(part, kind), span[0], recorded and kind is SegmentKind.TALK, under_rule]


def _title(part: Part, kind: SegmentKind) -> str:
    """The name of the part: without minutes, without who does it, and without the title of a talk in it."""
    text = without_minutes(part.lines[0].text).partition(":")[0]
    title = clean_line(_BY.sub("", _RULE.sub("", text)))[:MAX_LINE].strip(" ,–-")
    return kind.label if not title or holds_join_link(title) else title
