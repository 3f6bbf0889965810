"""A working group as organizers write it: its form, and what must be put right in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.states import WorkingGroupState
from app.domain.text import MAX_LINE, MAX_TEXT, is_web_address
from app.domain.working_groups import ChairFacts, names_somebody

MAX_NAME, MAX_SLUG, MAX_LABEL = 80, 40, 40
MAX_CHANNELS = MAX_CHAIRS = 8
RESERVED_SLUGS = frozenset({"new"})  # /groups/new
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Problems = dict[str, str]
IsAddress = Callable[[str], bool]


@dataclass(frozen=True)
class ChannelDraft:
    """A row of the form, cleaned. `number` names its fields; a row without anything is none."""

    number: int
    label: str = ""
    address: str = ""

    def field(self, name: str) -> str:
        return f"channel-{self.number}-{name}"


@dataclass(frozen=True)
class ChairDraft:
    """A row of the form, cleaned. `chair` is the number of the row that it stands for; None for a new one."""

    number: int
    chair: int | None = None
    name: str = ""
    affiliation: str = ""
    email: str = ""

    def field(self, name: str) -> str:
        return f"chair-{self.number}-{name}"


@dataclass(frozen=True)
class GroupDraft:
    """A group as its form has it, cleaned. None is "not chosen"."""

    name: str = ""
    slug: str = ""
    scope: str = ""
    notes: str = ""
    repository: str = ""
    calendar: str = ""
    rhythm: str = ""
    state: WorkingGroupState | None = WorkingGroupState.ACTIVE
    channels: tuple[ChannelDraft, ...] = ()
    chairs: tuple[ChairDraft, ...] = ()


def group_problems(draft: GroupDraft, *, is_address: IsAddress) -> Problems:
    """What must be put right before the group can be saved: a sentence for each field, in the order of the form."""
    found: dict[str, str | None] = {
        "name": _text_problem(draft.name, MAX_NAME, "Give the group a name."),
        "slug": _slug_problem(draft),
        "scope": _text_problem(draft.scope, MAX_TEXT, "Say in a sentence or two what the group is for."),
        "state": None if draft.state else "Choose how the group is doing.",
        "rhythm": _text_problem(draft.rhythm, MAX_LINE),
        "calendar": _address_problem(draft.calendar),
        "repository": _address_problem(draft.repository),
        "notes": _text_problem(draft.notes, MAX_TEXT),
    }
    for channel in draft.channels:
        found[channel.field("label")] = _text_problem(channel.label, MAX_LABEL, "Say what this is, like Mailing list.")
        found[channel.field("address")] = _channel_problem(channel.address, is_address)
    for chair in draft.chairs:
        wrong = chair_problems(name=chair.name, affiliation=chair.affiliation)
        found |= {chair.field(name): problem for name, problem in wrong.items()}
        if chair.email and not is_address(chair.email):
            found[chair.field("email")] = "Write the address like name@example.org, or leave it empty."
    for name, rows, most in (("channels", draft.channels, MAX_CHANNELS), ("chairs", draft.chairs, MAX_CHAIRS)):
        if len(rows) > most:
            found[name] = f"At most {most} {name}; these are {len(rows)}."
    return {name: problem for name, problem in found.items() if problem}


def chair_problems(*, name: str, affiliation: str) -> Problems:
    """What is wrong with who a chair is, for organizers and for the chair."""
    found = {
        "name": _text_problem(name, MAX_LINE, "Give a name. It is public only if the chair says so."),
        "affiliation": _text_problem(affiliation, MAX_LINE),
    }
    return {field: problem for field, problem in found.items() if problem}


def _slug_problem(draft: GroupDraft) -> str | None:
    if len(draft.slug) > MAX_SLUG or not _SLUG.fullmatch(draft.slug):
        return "Use small letters, digits and single hyphens, like ospo-book."
    if draft.slug in RESERVED_SLUGS:
        return f"“{draft.slug}” is taken by the site itself: choose another."
    chairs = [ChairFacts(each.name, each.affiliation, None, each.email) for each in draft.chairs]
    if names_somebody(draft.slug.replace("-", " "), chairs):
        return "The address would name a chair for good: choose another."
    return None


def _text_problem(text: str, limit: int, missing: str = "") -> str | None:
    if not text:
        return missing or None
    if len(text) > limit:
        return f"At most {limit} characters; these are {len(text)}."
    return WHY_NOT if holds_join_link(text) else None


def _address_problem(address: str) -> str | None:
    if not address:
        return None
    if not is_web_address(address):
        return "Write the address whole, beginning with https://."
    return WHY_NOT if holds_join_link(address) else None


def _channel_problem(address: str, is_address: IsAddress) -> str | None:
    if address.startswith("mailto:"):
        return None if is_address(address.removeprefix("mailto:")) else "Write it like mailto:list@example.org."
    if not is_web_address(address):
        return "Write the address whole, beginning with https:// or mailto:."
    return WHY_NOT if holds_join_link(address) else None
