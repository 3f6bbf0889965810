"""The Chatham House notice: what the Rule asks, which parts of a call it covers, and what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.agenda import Segment, SegmentKind
from app.domain.attribution import PublicText
from app.domain.wording import FIRST, Wording

RULE = (
    "When a meeting, or part thereof, is held under the Chatham House Rule, participants are free to use the "
    "information received, but neither the identity nor the affiliation of the speaker(s), nor that of any other "
    "participant, may be revealed."
)
"""The Rule itself (it is one: singular), in its wording of 2002."""


class RuleScope(StrEnum):
    """How much of a call is held under the Rule."""

    WHOLE = "whole"
    PARTS = "parts"
    NONE = "none"


@dataclass(frozen=True)
class Part:
    """A part of an agenda as it is held: `recorded` where it really is. `talks` begin in it, each a part of its own."""

    whole: Segment
    talks: tuple[Segment, ...] = ()

    @property
    def said(self) -> tuple[Segment, ...]:
        """What the notice speaks of: the part, or talk by talk where one is recorded and another is not."""
        return self.talks if len({talk.recorded for talk in self.talks}) > 1 else (self.whole,)


@dataclass(frozen=True)
class Notice:
    """What everybody must know before a call: what the Rule asks, and a sentence for each part that is public."""

    rule: PublicText
    parts: tuple[PublicText, ...] = ()

    @property
    def lines(self) -> tuple[PublicText, ...]:
        return (self.rule, *self.parts)

    def __str__(self) -> str:
        return " ".join(self.lines)


def rule_scope(segments: Sequence[Segment]) -> RuleScope:
    """How much of a call of these segments is held under the Rule; a call without an agenda is, as a whole."""
    if all(segment.under_rule for segment in segments):
        return RuleScope.WHOLE
    return RuleScope.PARTS if any(segment.under_rule for segment in segments) else RuleScope.NONE


def notice(scope: RuleScope, parts: Sequence[Part], *, wording: Wording) -> Notice:
    """The notice of a call with a public agenda."""
    if wording.version == FIRST.version:
        return _first_notice(scope, parts)
    sentences = tuple(wording.part(segment) for part in parts for segment in part.said)
    return Notice(notice_of_scope(scope, wording=wording).rule, sentences)


def notice_of_scope(scope: RuleScope, *, wording: Wording) -> Notice:
    """The notice of a call whose agenda is not public: of the Rule alone."""
    match scope:
        case RuleScope.WHOLE:
            return Notice(PublicText(f"{wording.whole} {wording.asks}"))
        case RuleScope.PARTS:
            return Notice(PublicText(f"{wording.in_part} {wording.asks}"))
        case _:
            return Notice(wording.without)


def _first_notice(scope: RuleScope, parts: Sequence[Part]) -> Notice:
    """In our first words: which parts are under the Rule, then what is recorded, talk by talk."""
    rule = notice_of_scope(scope, wording=FIRST).rule
    if scope is RuleScope.PARTS:
        named = _listed([part.whole.title for part in parts if part.whole.under_rule])
        rule = PublicText(f"{FIRST.in_part.rstrip('.')}: {named}. {FIRST.asks}")
    each = [talk for part in parts for talk in (part.talks if part.whole.kind is SegmentKind.TALK else (part.whole,))]
    recorded = [segment.title for segment in each if segment.recorded]
    said = f"Recorded: {_listed(recorded)}; nothing else." if recorded else "Nothing is recorded."
    return Notice(rule, (PublicText(said),))


def _listed(titles: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(titles))
