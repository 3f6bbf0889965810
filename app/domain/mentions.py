"""Free text betrays as well: whom a text names, and the text without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.attribution import SpeakerFacts

A_PARTICIPANT, THEIR_ORGANISATION = "a participant", "their organisation"


class MentionKind(StrEnum):
    NAME = "name"
    AFFILIATION = "affiliation"
    EMAIL = "email"
    HANDLE = "handle"


@dataclass(frozen=True)
class Identity:
    """What a person could be recognised by. Empty fields are not looked for.

    `stand_in` is what a text says in their place: "an OSPO member", "a speaker", "a participant".
    """

    name: str = ""
    affiliation: str = ""
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    stand_in: str = A_PARTICIPANT


@dataclass(frozen=True)
class Mention:
    """Where a text names somebody: `words` are text[start:end], as written."""

    start: int
    end: int
    words: str
    kind: MentionKind
    replacement: str


def find_mentions(text: str, identities: Iterable[Identity]) -> tuple[Mention, ...]:  # noqa: ARG001
    """Every place of `text` that names one of `identities`, in order, not overlapping."""
    return ()


def without_mentions(text: str, mentions: Iterable[Mention]) -> str:  # noqa: ARG001
    """`text` with each mention replaced by its neutral words."""
    return text


def hidden_identity(speaker: SpeakerFacts) -> Identity:  # noqa: ARG001
    """Only what the speaker's level keeps back; nothing for whoever may be named in full."""
    return Identity()
