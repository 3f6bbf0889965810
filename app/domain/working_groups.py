"""Working groups: who chairs one in public, what its texts leave out, and the value that leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from app.domain.attribution import Attribution, PublicText, SpeakerFacts, public_name, reveals
from app.domain.join_links import holds_join_link
from app.domain.mentions import Identity, find_mentions, hidden_identity, merged, without_mentions
from app.domain.people import RoleCategory
from app.domain.states import WorkingGroupState
from app.domain.text import clean_line, clean_text, is_web_address

NAMINGS = (Attribution.NAME_AND_AFFILIATION, Attribution.NAME, Attribution.AFFILIATION, Attribution.NONE)
"""What a chair chooses from; until then they are a chair and nothing more."""
A_CHAIR = PublicText("A chair")
_NOTHING = PublicText("")


@dataclass(frozen=True)
class GroupRef:
    """The group that a part of an agenda or a talk belongs to: its number, its address, its name as it was typed."""

    number: int
    slug: str
    name: str


@dataclass(frozen=True)
class ChairFacts:
    """What we know of a chair. `naming` is None until they chose. The address is never public, and tells who it is."""

    name: str
    affiliation: str
    naming: Attribution | None
    email: str = ""


@dataclass(frozen=True)
class GroupFacts:
    """What we know of a group. `notes` are an address or a text, `channels` pairs of label and address."""

    slug: str
    name: str
    scope: str
    notes: str
    repository: str
    channels: tuple[tuple[str, str], ...]
    chairs: tuple[ChairFacts, ...]
    calendar: str
    rhythm: str
    state: WorkingGroupState


@dataclass(frozen=True)
class PublicChannel:
    """Where a group talks: https or mailto."""

    label: PublicText
    address: PublicText


@dataclass(frozen=True)
class PublicWorkingGroup:
    """A group as the public sees it. Addresses are http(s) or empty; `chairs` as each agreed, in their order.

    `notes` is a text, or empty where `notes_url` says where they stand.
    """

    slug: str
    name: PublicText
    scope: PublicText
    notes: PublicText
    notes_url: PublicText
    repository: PublicText
    channels: tuple[PublicChannel, ...]
    chairs: tuple[PublicText, ...]
    calendar: PublicText
    rhythm: PublicText
    state: WorkingGroupState

    @property
    def is_archived(self) -> bool:
        return self.state is WorkingGroupState.ARCHIVED

    def to_json(self) -> dict[str, Any]:
        """The value as plain JSON; `from_json` is its inverse."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PublicWorkingGroup:
        """The value that `to_json` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        known = {field.name: stored[field.name] for field in fields(cls)}
        known["channels"] = tuple(PublicChannel(each["label"], each["address"]) for each in stored["channels"])
        known["chairs"] = tuple(stored["chairs"])
        known["state"] = WorkingGroupState(stored["state"])
        return cls(**known)


def public_working_group(facts: GroupFacts, *, elsewhere: Iterable[ChairFacts] = ()) -> PublicWorkingGroup:
    """The group in public. No text of it says what one of its chairs keeps back, and none of its addresses.

    `elsewhere` chair other groups: their names, where they keep them back, do not stand in this one's texts either.
    Their organisations may: those stand for themselves.
    """
    unsaid = _Unsaid.of(facts.chairs, elsewhere)
    is_address = is_web_address(facts.notes)
    return PublicWorkingGroup(
        slug=facts.slug,
        name=PublicText(unsaid.words(clean_line(facts.name))),
        scope=PublicText(unsaid.words(clean_text(facts.scope))),
        notes=_NOTHING if is_address else PublicText(unsaid.words(clean_text(facts.notes))),
        notes_url=unsaid.address(facts.notes) if is_address else _NOTHING,
        repository=unsaid.address(facts.repository),
        channels=tuple(
            PublicChannel(PublicText(unsaid.words(clean_line(label))), shown)
            for label, address in facts.channels
            if (shown := unsaid.address(address, mail=True))
        ),
        chairs=tuple(public_chair(chair) for chair in facts.chairs),
        calendar=unsaid.address(facts.calendar),
        rhythm=PublicText(unsaid.words(clean_line(facts.rhythm))),
        state=facts.state,
    )


def public_chair(chair: ChairFacts) -> PublicText:
    """The chair in public. Whoever has chosen nothing is not named: silence is never consent."""
    if chair.naming is None or not any(reveals(_facts(chair), field) for field in ("name", "affiliation")):
        return A_CHAIR
    said = PublicText(clean_line(public_name(_facts(chair))))
    return A_CHAIR if said == RoleCategory.OTHER.someone else said


def names_somebody(text: str, chairs: Iterable[ChairFacts]) -> bool:
    """Whether `text` names one of `chairs`, whatever they allow: it cannot be taken back where it stands."""
    people = [Identity(name=chair.name, emails=(chair.email,) if chair.email else ()) for chair in chairs]
    return bool(find_mentions(text, people))


@dataclass(frozen=True)
class _Unsaid:
    """What the texts of a group leave out: `hidden` is kept back, and `shown` may be said."""

    hidden: tuple[Identity, ...]
    shown: tuple[Identity, ...]

    @classmethod
    def of(cls, chairs: Sequence[ChairFacts], elsewhere: Iterable[ChairFacts]) -> _Unsaid:
        own = [_hidden(chair) for chair in chairs]
        named = {chair.name.casefold() for chair in chairs if reveals(_facts(chair), "name")}
        others = [_name_alone(_hidden(chair)) for chair in elsewhere if chair.name.casefold() not in named]
        return cls((*own, *others), tuple(_shown(chair) for chair in chairs))

    def words(self, text: str) -> str:
        allowed = find_mentions(text, self.shown)
        found = [
            mention
            for one in self.hidden
            for mention in find_mentions(text, [one])
            if not any(
                other.start <= mention.start and mention.end <= other.end and other.words != mention.words
                for other in allowed
            )
        ]
        return without_mentions(text, merged(found, text)) if found else text

    def address(self, value: str, *, mail: bool = False) -> PublicText:
        """The address if the public may have it: not where it is a way into a call, nor where it names somebody.

        An organisation's is its own: the group is its guest there, whoever chairs it.
        """
        sound = is_web_address(value) or (mail and value.startswith("mailto:"))
        named = find_mentions(value, [_name_alone(one) for one in self.hidden])
        return PublicText(value) if sound and not named and not holds_join_link(value) else _NOTHING


def _hidden(chair: ChairFacts) -> Identity:
    return replace(hidden_identity(_facts(chair)), stand_in="a chair")


def _name_alone(hidden: Identity) -> Identity:
    boxes = tuple(f"{box}@" for email in hidden.emails if (box := email.partition("@")[0]))
    return replace(hidden, affiliation="", emails=boxes)


def _shown(chair: ChairFacts) -> Identity:
    facts = _facts(chair)
    return Identity(
        name=chair.name if reveals(facts, "name") else "",
        affiliation=chair.affiliation if reveals(facts, "affiliation") else "",
    )


def _facts(chair: ChairFacts) -> SpeakerFacts:
    emails = (chair.email,) if chair.email else ()
    return SpeakerFacts(chair.name, chair.affiliation, RoleCategory.OTHER, chair.naming, emails=emails)
