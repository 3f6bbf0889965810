"""What a volunteer offers: its words, its limits, and what must be put right before it can be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from app.domain.attribution import Attribution, SpeakerFacts
from app.domain.identity_words import addresses_in, handles_of
from app.domain.join_links import WHY_NOT, holds_join_link
from app.domain.localtime import known_zone
from app.domain.people import RoleCategory
from app.domain.text import MAX_LINE, MAX_TEXT, is_web_address

MIN_MINUTES, MAX_MINUTES = 10, 30
MIN_TITLE, MAX_TITLE = 8, 90
MAX_ABSTRACT, MAX_PRONOUNS = MAX_TEXT, 40
MAX_SPEAKERS, MAX_LINKS = 6, 5
MAX_OPEN = 10  # proposals of one address that wait or are accepted
MAX_MAILS_A_DAY = 10  # mails to an address that nobody has confirmed
DECIDED_WITHIN = timedelta(days=14)
UNSENT_KEPT = timedelta(days=60)  # drafts without an address, and proposals whose address is never confirmed
DRAFTS_KEPT = timedelta(days=365)  # drafts that can be continued from a mail


class TalkFormat(StrEnum):
    PRESENTATION = "presentation"
    DEMO = "demo"
    DISCUSSION = "discussion"

    @property
    def label(self) -> str:
        return {"presentation": "Presentation", "demo": "Demo", "discussion": "Open discussion"}[self.value]


class Level(StrEnum):
    INTRODUCTORY = "introductory"
    ADVANCED = "advanced"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class SeriesPreference(StrEnum):
    """Which series a proposal is for. `ONE` goes with the series it names; `BOTH` is cross-shared: a talk on each."""

    ONE = "one"
    EITHER = "either"
    BOTH = "both"

    @property
    def talks(self) -> int:
        """How many talks the proposal is for."""
        return 2 if self is SeriesPreference.BOTH else 1


@dataclass(frozen=True)
class SpeakerDraft:
    """A speaker as the form has them, cleaned. None is "not chosen" or unreadable.

    `number` names the speaker's fields in the form; `id` is the row that is being edited, None for a new speaker.
    """

    number: int
    id: int | None = None
    name: str = ""
    email: str = ""
    pronouns: str = ""
    affiliation: str = ""
    role_category: RoleCategory | None = None
    bio: str = ""
    time_zone: str = ""
    attribution: Attribution | None = None
    recording_consent: bool | None = None

    def field(self, name: str) -> str:
        """The name of a field of this speaker: "speaker-0-name"."""
        return f"speaker-{self.number}-{name}"

    def facts(self, attribution: Attribution | None) -> SpeakerFacts:
        """What the public name is made of, at the level `attribution`."""
        return SpeakerFacts(self.name, self.affiliation, self.role_category or RoleCategory.OTHER, attribution)


@dataclass(frozen=True)
class ProposalDraft:
    """A proposal as the form has it, cleaned. None is "not chosen" or unreadable.

    `topics`, `series` and `working_group` are slugs, `away` keys of touchpoints, `away_weekdays` ISO weekdays.
    """

    title: str = ""
    abstract: str = ""
    benefit: str = ""
    format: TalkFormat | None = None
    minutes: int | None = None
    level: Level | None = None
    topics: tuple[str, ...] = ()
    preference: SeriesPreference | None = None
    series: str = ""
    away_weekdays: tuple[int, ...] = ()
    away: tuple[str, ...] = ()
    speakers: tuple[SpeakerDraft, ...] = ()
    links: tuple[str, ...] = ()
    private_note: str = ""
    working_group: str = ""
    email: str = ""
    acknowledged: bool = False

    def facts(self) -> tuple[SpeakerFacts, ...]:
        """The speakers at the levels they have chosen, with all that a text could betray them by."""
        return tuple(self._facts_of(place, speaker) for place, speaker in enumerate(self.speakers))

    def is_sender(self, place: int) -> bool:
        """Whether the speaker at `place` is who sends the form, and so may choose: the others choose for themselves."""
        return place == 0 and self.speakers[place].email in {"", self.email}

    def _facts_of(self, place: int, speaker: SpeakerDraft) -> SpeakerFacts:
        email = speaker.email or ("" if place else self.email)
        addresses, alone = [*self.links, *addresses_in(speaker.bio)], len(self.speakers) == 1
        return replace(
            speaker.facts(speaker.attribution),
            emails=(email,) if email else (),
            handles=handles_of(addresses, name=speaker.name, alone=alone),
        )


IsAddress = Callable[[str], bool]
Problems = dict[str, str]


def sending_problems(draft: ProposalDraft, *, is_address: IsAddress) -> Problems:
    """What must be put right before `draft` can be sent: a sentence for each field, in the order of the form."""
    problems = content_problems(draft, is_address=is_address)
    if not is_address(draft.email):
        problems["email"] = "Give an e-mail address that we can write to, like vera@example.org."
    if not draft.acknowledged:
        problems["acknowledged"] = "Say that you know the Chatham House Rule."
    return problems


def content_problems(draft: ProposalDraft, *, is_address: IsAddress) -> Problems:
    """What is wrong with the proposal itself, in the order of the form."""
    return _word_problems(draft) | _kind_problems(draft) | _speaker_problems(draft, is_address) | _rest_problems(draft)


def choice_problems(speaker: SpeakerDraft) -> Problems:
    """What the speaker has not chosen yet: naming and recording are asked, never assumed."""
    problems: Problems = {}
    if speaker.attribution is None:
        problems[speaker.field("attribution")] = f"Choose how {speaker.name or 'this speaker'} may be named."
    if speaker.recording_consent is None:
        problems[speaker.field("recording")] = "Say whether the talk may be recorded."
    return problems


def hints(draft: ProposalDraft) -> Problems:
    """What to say beside a field while it is being written: advice that stops nobody, and what will be refused."""
    found = {name: WHY_NOT for name, text in _public_words(draft).items() if holds_join_link(text)}
    first = draft.abstract.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").lower().split("'")[0].split()[:1]
    if first and first[0] in {"i", "we", "my", "our"} and "abstract" not in found:
        found["abstract"] = (
            "Calendars read better in the third person: \u201cThe talk shows how\N{HORIZONTAL ELLIPSIS}\u201d "
            "It also keeps you unnamed, if you wish to be."
        )
    return found


def _public_words(draft: ProposalDraft) -> Problems:
    return {
        "title": draft.title,
        "abstract": draft.abstract,
        "benefit": draft.benefit,
        "links": "\n".join(draft.links),
        **{
            speaker.field(name): getattr(speaker, name)
            for speaker in draft.speakers
            for name in ("name", "affiliation")
        },
    }


def _word_problems(draft: ProposalDraft) -> Problems:
    problems: Problems = {}
    for name, text, limit, missing in (
        ("title", draft.title, MAX_TITLE, f"Give the talk a title of at least {MIN_TITLE} characters."),
        ("abstract", draft.abstract, MAX_ABSTRACT, "Say what people will take away."),
        ("benefit", draft.benefit, MAX_TEXT, "Say how it helps the ecosystem."),
    ):
        if len(text) < (MIN_TITLE if name == "title" else 1):
            problems[name] = missing
        elif problem := _too_long(text, limit) or _secret(text):
            problems[name] = problem
    return problems


def _kind_problems(draft: ProposalDraft) -> Problems:
    problems: Problems = {}
    if draft.format is None:
        problems["format"] = "Choose a format."
    if draft.minutes is None or not MIN_MINUTES <= draft.minutes <= MAX_MINUTES:
        problems["minutes"] = f"Say how long it takes: {MIN_MINUTES} to {MAX_MINUTES} minutes, as a whole number."
    if draft.level is None:
        problems["level"] = "Choose a level."
    if not draft.topics:
        problems["topics"] = "Choose at least one topic."
    if draft.preference is None or (draft.preference is SeriesPreference.ONE and not draft.series):
        problems["preference"] = "Choose which call it is for."
    if not set(draft.away_weekdays) <= set(range(1, 8)):
        problems["away_weekdays"] = "Choose among the days of the week."
    return problems


def _speaker_problems(draft: ProposalDraft, is_address: IsAddress) -> Problems:
    if not draft.speakers:
        return {"speakers": "Name at least one speaker."}
    if len(draft.speakers) > MAX_SPEAKERS:
        return {"speakers": f"At most {MAX_SPEAKERS} speakers."}
    problems: Problems = {}
    seen: set[str] = set()
    for place, speaker in enumerate(draft.speakers):
        problems |= _name_problems(speaker)
        if place or speaker.email not in {"", draft.email}:
            problems |= _reachable(speaker, seen, is_address)
        seen.add((speaker.email or draft.email).casefold())
        problems |= _detail_problems(speaker)
        problems |= choice_problems(speaker) if draft.is_sender(place) else {}
    return problems


def _name_problems(speaker: SpeakerDraft) -> Problems:
    if not speaker.name:
        return {speaker.field("name"): "Give the speaker's name. It is public only if they allow it."}
    problem = _too_long(speaker.name, MAX_LINE) or _secret(speaker.name)
    return {speaker.field("name"): problem} if problem else {}


def _reachable(speaker: SpeakerDraft, seen: set[str], is_address: IsAddress) -> Problems:
    """Only the first speaker may leave the address empty: it is then that of the form."""
    if not is_address(speaker.email):
        return {speaker.field("email"): "Give the speaker's e-mail address: each speaker is asked to confirm."}
    if speaker.email.casefold() in seen:
        return {speaker.field("email"): "Two speakers have this address. Each needs their own."}
    return {}


def _detail_problems(speaker: SpeakerDraft) -> Problems:
    problems: Problems = {}
    for name, limit in (("pronouns", MAX_PRONOUNS), ("affiliation", MAX_LINE), ("bio", MAX_TEXT)):
        if problem := _too_long(getattr(speaker, name), limit):
            problems[speaker.field(name)] = problem
    if holds_join_link(speaker.affiliation):
        problems[speaker.field("affiliation")] = WHY_NOT
    if speaker.role_category is None:
        problems[speaker.field("role")] = "Choose the speaker's place in the community."
    if speaker.time_zone and not known_zone(speaker.time_zone):
        problems[speaker.field("zone")] = "Choose a place from the list."
    return problems


def _rest_problems(draft: ProposalDraft) -> Problems:
    problems: Problems = {}
    if len(draft.links) > MAX_LINKS:
        problems["links"] = f"At most {MAX_LINKS} links; these are {len(draft.links)}."
    elif not all(is_web_address(link) for link in draft.links):
        problems["links"] = "Write each link whole, on a line of its own, beginning with https:// or http://."
    elif problem := _secret("\n".join(draft.links)):
        problems["links"] = problem
    if problem := _too_long(draft.private_note, MAX_TEXT):
        problems["private_note"] = problem
    return problems


def _too_long(text: str, limit: int) -> str | None:
    return f"At most {limit} characters; these are {len(text)}." if len(text) > limit else None


def _secret(text: str) -> str | None:
    return WHY_NOT if holds_join_link(text) else None
