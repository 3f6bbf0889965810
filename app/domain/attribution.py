"""The only way from people to public text: who a speaker is in public, by the level that they chose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from app.domain.people import RoleCategory

PublicText = NewType("PublicText", str)
"""Text that the world may read. Only this package makes it; feeds and public pages accept nothing else."""


class Attribution(StrEnum):
    """How a speaker may be named in public, from the most open to the strictest."""

    NAME_AND_AFFILIATION = "name_and_affiliation"
    NAME = "name"
    AFFILIATION = "affiliation"
    ROLE = "role"
    NONE = "none"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Attribution.NAME_AND_AFFILIATION: "Name and affiliation",
    Attribution.NAME: "Name only",
    Attribution.AFFILIATION: "Affiliation only",
    Attribution.ROLE: "Role only",
    Attribution.NONE: "No attribution",
}
UNNAMED = PublicText("A speaker")
_REVEALS: dict[Attribution, frozenset[str]] = {
    Attribution.NAME_AND_AFFILIATION: frozenset({"name", "affiliation", "role"}),
    Attribution.NAME: frozenset({"name", "role"}),
    Attribution.AFFILIATION: frozenset({"affiliation", "role"}),
    Attribution.ROLE: frozenset({"role"}),
    Attribution.NONE: frozenset(),
}


@dataclass(frozen=True)
class SpeakerFacts:
    """What we know of a speaker and the level that holds for one talk. `attribution` None means not chosen yet.

    `emails` and `handles` are never public: a text may tell by them who somebody is. `agreed` are the sentences that
    may say what the level keeps back, by the speaker's explicit word (domain/withholding.py).
    """

    name: str
    affiliation: str
    role_category: RoleCategory
    attribution: Attribution | None
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    agreed: frozenset[str] = frozenset()


def is_stricter_or_same(level: Attribution, than: Attribution) -> bool:
    """Whether `level` reveals nothing that `than` does not: what an organizer may choose for a speaker."""
    return _REVEALS[level] <= _REVEALS[than]


def at_most(level: Attribution) -> tuple[Attribution, ...]:
    """The levels that reveal no more than `level`, from the most open to the strictest."""
    return tuple(each for each in Attribution if is_stricter_or_same(each, level))


def withholds(speaker: SpeakerFacts) -> bool:
    """Whether the level keeps back a name or an affiliation that we know."""
    known = {"name": speaker.name.strip(), "affiliation": speaker.affiliation.strip()}
    return any(value and not reveals(speaker, field) for field, value in known.items())


def reveals(speaker: SpeakerFacts, field: str) -> bool:
    """Whether the level shows the speaker's "name", "affiliation" or "role". Silence shows nothing."""
    return field in _REVEALS[speaker.attribution or Attribution.NONE]


def public_name(speaker: SpeakerFacts) -> PublicText:
    """The speaker in public. Whoever has chosen nothing is not named: silence is never consent."""
    name, affiliation = speaker.name.strip(), speaker.affiliation.strip()
    match speaker.attribution:
        case Attribution.NAME_AND_AFFILIATION if name:
            return PublicText(f"{name}, {affiliation}" if affiliation else name)
        case Attribution.NAME if name:
            return PublicText(name)
        case Attribution.AFFILIATION if affiliation:
            return PublicText(f"Someone from {affiliation}")
        case Attribution.NAME_AND_AFFILIATION | Attribution.NAME | Attribution.AFFILIATION | Attribution.ROLE:
            return PublicText(speaker.role_category.someone)
        case _:
            return UNNAMED
