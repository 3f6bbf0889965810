"""Who people are to the house: roles, role categories, and how a profile is checked."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a person may do. Each role includes the ones before it."""

    VOLUNTEER = "volunteer"
    MEMBER = "member"
    ORGANIZER = "organizer"


class RoleCategory(StrEnum):
    """Where a speaker stands in the community; shown in public at the attribution level "role only"."""

    INDEPENDENT = "independent"
    FOUNDATION = "foundation"
    OSPO = "ospo"
    STAKEHOLDER = "stakeholder"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The category as a form's choice says it."""
        return _LABELS[self]

    @property
    def short_label(self) -> str:
        """The category as a card says it, in a word or two."""
        return _SHORT_LABELS[self]

    @property
    def someone(self) -> str:
        """A person of this category without a name, at the start of a line: "An OSPO member"."""
        return _SOMEONE[self]


_LABELS = {
    RoleCategory.INDEPENDENT: "Independent maintainer or contributor",
    RoleCategory.FOUNDATION: "Foundation staff",
    RoleCategory.OSPO: "OSPO member",
    RoleCategory.STAKEHOLDER: "Organisation stakeholder",
    RoleCategory.OTHER: "Other",
}
_SHORT_LABELS = {
    RoleCategory.INDEPENDENT: "Maintainer",
    RoleCategory.FOUNDATION: "Foundation",
    RoleCategory.OSPO: "OSPO",
    RoleCategory.STAKEHOLDER: "Stakeholder",
    RoleCategory.OTHER: "Other",
}
_SOMEONE = {
    RoleCategory.INDEPENDENT: "An independent maintainer",
    RoleCategory.FOUNDATION: "A member of a foundation's staff",
    RoleCategory.OSPO: "An OSPO member",
    RoleCategory.STAKEHOLDER: "An organisation's stakeholder",
    RoleCategory.OTHER: "A community member",
}


def initials(name: str) -> str:
    """Up to two letters for an avatar; "?" when the name has none."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"
