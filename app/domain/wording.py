"""The wording of the notice: a sentence for each part of a call, with places for what the call itself says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace

from app.domain.agenda import Segment, SegmentKind
from app.domain.attribution import PublicText
from app.domain.join_links import WHY_NOT, holds_join_link

MAX_SENTENCE, MAX_PHRASE, MAX_REASON = 300, 60, 300
PLACES = ("part", "minutes", "recording", "rule")
"""What a part's sentence can name in braces: its title, its minutes, and the two phrases that hold for it."""
_NEEDED = ("part", "recording", "rule")
_WHY_NEEDED = "each part says what it is, whether it is recorded, and whether the Rule holds"
_PLACE = re.compile(r"\{([^{}]*)\}")
_RULE_BY_NAME = re.compile(r"\bChatham House Rule\b", re.IGNORECASE)
_PLURAL = re.compile(r"\bRules\b|(?i:\b(?:House|the)\s+rules\b)")
_LEAST_RULE = 40  # characters: whoever reads the notice must learn what they may use and what not reveal


@dataclass(frozen=True)
class Wording:
    """One version of the notice. `version` names it, and consents that were given under it.

    `whole`, `in_part` and `without` say how much of a call is under the Rule, `asks` what the Rule asks. Each kind of
    part has a sentence with the places PLACES; the last four are the phrases for {recording} and {rule}.
    """

    version: str
    whole: PublicText
    in_part: PublicText
    without: PublicText
    asks: PublicText
    welcome: PublicText
    news: PublicText
    talk: PublicText
    updates: PublicText
    forum: PublicText
    recorded: PublicText
    not_recorded: PublicText
    under_rule: PublicText
    not_under_rule: PublicText

    def part(self, segment: Segment) -> PublicText:
        """The sentence of one part, filled in."""
        sentence: str = getattr(self, segment.kind.value)
        values = {
            "part": segment.title,
            "minutes": str(segment.minutes),
            "recording": self.recorded if segment.recorded else self.not_recorded,
            "rule": self.under_rule if segment.under_rule else self.not_under_rule,
        }
        return PublicText(_PLACE.sub(lambda place: values.get(place[1], ""), sentence))


FIELDS = tuple(field.name for field in fields(Wording) if field.name != "version")
OPENINGS = ("whole", "in_part", "without")
PARTS = tuple(kind.value for kind in SegmentKind)
PHRASES = ("recorded", "not_recorded", "under_rule", "not_under_rule")
_PART = "{part}, {minutes} min: {recording}, {rule}."
_STANDARD = {
    "version": "2026-2",
    "whole": "Held under the Chatham House Rule.",
    "in_part": "Held in part under the Chatham House Rule.",
    "without": "No part of this call is held under the Chatham House Rule.",
    "asks": (
        "You may use what you hear, but not reveal who said it, who took part, or which organisations they belong to."
    ),
    "welcome": _PART,
    "news": _PART,
    "talk": _PART,
    "updates": _PART,
    "forum": "{part}, {minutes} min: {rule}, {recording}.",
    "recorded": "recorded",
    "not_recorded": "not recorded",
    "under_rule": "under the Rule",
    "not_under_rule": "not under the Rule",
}


def read_wording(stored: Mapping[str, str]) -> Wording:
    """The wording of these sentences, by field, with its `version`; one that is missing is our own.

    Organizers write them for everybody, so they are public text.
    """
    return Wording(
        version=stored.get("version", _STANDARD["version"]),
        **{name: PublicText(stored.get(name, _STANDARD[name])) for name in FIELDS},
    )


STANDARD = read_wording(_STANDARD)
"""What an installation begins with. Organizers' own versions are numbers, so these words can have a name of ours."""

FIRST = replace(STANDARD, version="2026-1")
"""Our first words, which list what is recorded and have no sentence for a part: they stay with their calls."""


def wording_problems(sentences: Mapping[str, str]) -> dict[str, str]:
    """What must be put right before the cleaned `sentences` can be a wording: by field, in the order of the form."""
    problems = {}
    for name in FIELDS:
        if problem := _problem(name, sentences.get(name, "")):
            problems[name] = problem
    return problems


def reason_problem(reason: str) -> str | None:
    """Why `reason` cannot be kept with a version."""
    if len(reason) > MAX_REASON:
        return f"At most {MAX_REASON} characters; these are {len(reason)}."
    return WHY_NOT if holds_join_link(reason) else None


def _problem(name: str, sentence: str) -> str | None:
    limit = MAX_PHRASE if name in PHRASES else MAX_SENTENCE
    if not sentence:
        return _MISSING.get(name, "Write a few words." if name in PHRASES else "Write this sentence.")
    if len(sentence) > limit:
        return f"At most {limit} characters; these are {len(sentence)}."
    if holds_join_link(sentence):
        return WHY_NOT
    if plural := _PLURAL.search(sentence):
        return f"It is one Rule: write “Chatham House Rule” or “the Rule”, not “{plural[0]}”."
    return _place_problem(name, sentence) or _rule_problem(name, sentence)


def _place_problem(name: str, sentence: str) -> str | None:
    """Why its places in braces cannot be filled, or do not say enough."""
    offered = PLACES if name in PARTS else ()
    named = _PLACE.findall(sentence)
    unknown = next((place for place in named if place not in offered), None)
    if unknown is not None:
        known = f"only {_in_braces(PLACES)} can be filled in here" if offered else "nothing is filled in here"
        return f"“{{{unknown}}}” is not known: {known}."
    if set(_PLACE.sub("", sentence)) & set("{}"):
        return "A brace stands alone: write a place whole, like {part}." if offered else "Leave the braces out."
    missing = [place for place in _NEEDED if offered and place not in named]
    return f"Say {_in_braces(missing)} too: {_WHY_NEEDED}." if missing else None


def _rule_problem(name: str, sentence: str) -> str | None:
    if name in OPENINGS and not _RULE_BY_NAME.search(sentence):
        return "Name the “Chatham House Rule” here: it is what people look up."
    if name == "asks" and len(sentence) < _LEAST_RULE:
        return _MISSING["asks"]
    return None


def _in_braces(places: Iterable[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)


_MISSING = {
    "asks": "Say what the Rule asks: what people may use and what they may not reveal. No notice is without it."
}
