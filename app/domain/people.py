"""Who people are to the house: roles, role categories, and how a profile is checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import InvalidInput
from app.domain.localtime import known_zone
from app.domain.text import MAX_LINE, MAX_TEXT, clean_line, clean_text

MAX_NAME, MAX_PRONOUNS, MAX_AFFILIATION, MAX_BIO, MAX_ZONE = MAX_LINE, 40, MAX_LINE, MAX_TEXT, 64

NOT_NAMED = "Not named in the record"
"""What stands in the place of a speaker's name where the record of past calls has none: words, and nobody's name."""


class Role(StrEnum):
    """What a person may do. Each role includes the ones before it."""

    VOLUNTEER = "volunteer"
    MEMBER = "member"
    ORGANIZER = "organizer"

    @property
    def label(self) -> str:
        return self.value.capitalize()

    @property
    def includes(self) -> str:
        """What the role opens, in a few words for the person who gives it."""
        return _INCLUDES[self]


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


_INCLUDES = {
    Role.VOLUNTEER: "Proposes talks and follows them. Anyone who signs in.",
    Role.MEMBER: "Also sees the join links of the members' calls.",
    Role.ORGANIZER: "Also reviews, schedules, and manages series, people and mail.",
}
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


@dataclass(frozen=True)
class ProfileForm:
    """A profile as it was typed."""

    name: str = ""
    pronouns: str = ""
    affiliation: str = ""
    role_category: str = ""
    bio: str = ""
    time_zone: str = ""


@dataclass(frozen=True)
class Profile:
    """A profile that has been checked. `bio` is Markdown; an empty `time_zone` means that of the device."""

    name: str
    pronouns: str
    affiliation: str
    role_category: RoleCategory | None
    bio: str
    time_zone: str

    def as_form(self) -> ProfileForm:
        """The profile as the form shows it."""
        category = self.role_category.value if self.role_category else ""
        return ProfileForm(self.name, self.pronouns, self.affiliation, category, self.bio, self.time_zone)


def check_profile(form: ProfileForm) -> Profile:
    """`form` cleaned. Raises InvalidInput with a sentence for each field that must be corrected."""
    profile = Profile(
        name=clean_line(form.name),
        pronouns=clean_line(form.pronouns),
        affiliation=clean_line(form.affiliation),
        role_category=next((category for category in RoleCategory if category.value == form.role_category), None),
        bio=clean_text(form.bio),
        time_zone=clean_line(form.time_zone),
    )
    problems = _length_problems(profile)
    if not profile.name:
        problems = {"name": "Give your name, as other people should read it."} | problems
    if form.role_category and profile.role_category is None:
        problems["role_category"] = "Choose one of the categories."
    if not is_zone(profile.time_zone):
        problems["time_zone"] = "Choose a time zone from the list, such as Europe/Madrid."
    if problems:
        raise InvalidInput(problems)
    return profile


def check_name(name: str) -> str:
    """`name` cleaned; it may be empty. Raises InvalidInput when it is too long."""
    cleaned = clean_line(name)
    if problem := too_long(cleaned, MAX_NAME):
        raise InvalidInput({"name": problem})
    return cleaned


def is_zone(name: str) -> bool:
    """Whether `name` may stand in a profile: an IANA zone, or nothing."""
    return not name or (len(name) <= MAX_ZONE and known_zone(name))


def too_long(text: str, limit: int) -> str:
    """The sentence for a text above its limit; empty if it fits."""
    return f"At most {limit} characters; these are {len(text)}." if len(text) > limit else ""


def _length_problems(profile: Profile) -> dict[str, str]:
    limits = {
        "name": (profile.name, MAX_NAME),
        "pronouns": (profile.pronouns, MAX_PRONOUNS),
        "affiliation": (profile.affiliation, MAX_AFFILIATION),
        "bio": (profile.bio, MAX_BIO),
    }
    found = {field: too_long(text, limit) for field, (text, limit) in limits.items()}
    return {field: problem for field, problem in found.items() if problem}
