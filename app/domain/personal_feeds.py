"""Personal calendars: secret addresses that show one person more than the public sees."""

from __future__ import annotations

from enum import StrEnum

from app.domain.errors import InvalidInput
from app.domain.people import Role
from app.domain.permissions import Permission, may
from app.domain.text import clean_line

MAX_LABEL = 60
MOST_ADDRESSES = 5
"""How many live addresses one person may have: one for each of their calendars, and not a list that nobody oversees."""
_LABELS = {"member": "Members’ calls", "speaker": "My talks"}
_REVEALS = {
    "member": "Titles and times of the members-only calls, and the links to join them. It does not say who you are.",
    "speaker": "Your talks, also before they are public: titles, times, and the links to join those calls.",
}


class FeedKind(StrEnum):
    MEMBER = "member"  # the members-only series, with join links
    SPEAKER = "speaker"  # the person's own talks, with join links

    @property
    def label(self) -> str:
        return _LABELS[self.value]

    @property
    def reveals(self) -> str:
        """What whoever has the address learns from it, for the person who makes one."""
        return _REVEALS[self.value]


def may_have(role: Role, kind: FeedKind) -> bool:
    """Whether somebody of this role may have such an address, and whether one that they have still answers."""
    return may(role, Permission.SEE_JOIN_LINKS if kind is FeedKind.MEMBER else Permission.OWN_ACCOUNT)


def check_label(label: str) -> str:
    """What the person calls the address, cleaned; it may be empty. Raises InvalidInput (label)."""
    label = clean_line(label)
    if len(label) > MAX_LABEL:
        raise InvalidInput({"label": f"At most {MAX_LABEL} characters; these are {len(label)}."})
    return label
