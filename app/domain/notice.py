"""The Chatham House notice: what the Rule asks, which parts of a call it covers, and what is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.agenda import Segment

WORDING = "2026-1"
"""Names the words below. Consent is stored with it: change the words and raise it together."""

RULE = (
    "When a meeting, or part thereof, is held under the Chatham House Rule, participants are free to use the "
    "information received, but neither the identity nor the affiliation of the speaker(s), nor that of any other "
    "participant, may be revealed."
)
"""The Rule itself (it is one: singular), in its wording of 2002."""

_ASKS = "You may use what you hear, but not reveal who said it, who took part, or which organisations they belong to."


class RuleScope(StrEnum):
    """How much of a call is held under the Rule."""

    WHOLE = "whole"
    PARTS = "parts"
    NONE = "none"


@dataclass(frozen=True)
class Notice:
    """What everybody must know before a call. `recording` is empty where the public is not told."""

    rule: str
    recording: str = ""

    def __str__(self) -> str:
        return f"{self.rule} {self.recording}".rstrip()


def rule_scope(segments: Sequence[Segment]) -> RuleScope:
    """How much of a call of these segments is held under the Rule; a call without an agenda is, as a whole."""
    if all(segment.under_rule for segment in segments):
        return RuleScope.WHOLE
    return RuleScope.PARTS if any(segment.under_rule for segment in segments) else RuleScope.NONE


def notice(scope: RuleScope, *, parts: Sequence[str], recorded: Sequence[str]) -> Notice:
    """The notice of a call with a public agenda. `parts` are the titles under the Rule, `recorded` what is recorded."""
    recording = f"Recorded: {_listed(recorded)}; nothing else." if recorded else "Nothing is recorded."
    return Notice(notice_of_scope(scope, parts=parts).rule, recording)


def notice_of_scope(scope: RuleScope, *, parts: Sequence[str] = ()) -> Notice:
    """The notice of a call whose agenda is not public: of the Rule alone."""
    match scope:
        case RuleScope.WHOLE:
            return Notice(f"Held under the Chatham House Rule. {_ASKS}")
        case RuleScope.PARTS:
            named = f": {_listed(parts)}" if parts else ""
            return Notice(f"Held in part under the Chatham House Rule{named}. {_ASKS}")
        case _:
            return Notice("No part of this call is held under the Chatham House Rule.")


def _listed(titles: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(titles))
