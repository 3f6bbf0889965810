"""What the world may see of a touchpoint: frozen, already anonymised values, and their stored form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.agenda import Segment, SegmentKind
from app.domain.attribution import PublicText
from app.domain.notice import Notice, Part, RuleScope, notice, notice_of_scope
from app.domain.people import RoleCategory
from app.domain.revision import PublicStatus
from app.domain.wording import FIRST, Wording, read_wording

__all__ = [
    "FORM",
    "Audience",
    "PublicDetail",
    "PublicOccasion",
    "PublicSegment",
    "PublicSeries",
    "PublicStatus",
    "PublicTalk",
    "PublicTouchpoint",
    "without_words",
]
_NOTHING = PublicText("")

FORM = 2
"""The form of stored values. It rises when values begin to say more: what has an earlier one is published anew."""


class Audience(StrEnum):
    OPEN = "open"
    MEMBERS = "members"


class PublicDetail(StrEnum):
    """How much of a call the public sees, from all to nothing. Calls that are open to everyone show everything."""

    EVERYTHING = "everything"
    TITLE_AND_TIME = "title_and_time"
    TIME = "time"
    NOTHING = "nothing"

    def shows_more_than(self, other: PublicDetail) -> bool:
        """Whether something is public at this level that is not at the other."""
        levels = list(PublicDetail)
        return levels.index(self) < levels.index(other)


MEMBERS_DETAILS = (PublicDetail.TITLE_AND_TIME, PublicDetail.TIME, PublicDetail.NOTHING)
"""What a members-only series may choose from."""


def public_detail(audience: Audience, chosen: PublicDetail) -> PublicDetail:
    """What the public sees of a series for `audience` that chose this level for its time as a members-only one."""
    return PublicDetail.EVERYTHING if audience is Audience.OPEN else chosen


@dataclass(frozen=True)
class PublicSeries:
    """A series as the public sees it. `role_address` is a mailbox of the series, never of a person.

    `detail` is how much of the call that it belongs to is public: what is over may show less than what is to come.
    """

    slug: str
    name: PublicText
    short_name: PublicText
    audience: Audience
    hue: str
    shape: str
    role_address: str
    detail: PublicDetail

    def __post_init__(self) -> None:
        if (self.audience is Audience.OPEN) != (self.detail is PublicDetail.EVERYTHING):
            raise ValueError(f"a series for {self.audience} does not show {self.detail}")


@dataclass(frozen=True)
class PublicOccasion:
    """Another call on which the same talk is held. `starts_at` is aware UTC."""

    key: str
    series: PublicText
    starts_at: datetime
    minutes: int
    time_zone: str


@dataclass(frozen=True)
class PublicTalk:
    """A confirmed talk. `speakers` are attributions, in the speakers' order; addresses are http(s) or empty.

    `starts` is in minutes from the call's start; None where it has no place in a public agenda. `also` are the other
    calls on which a cross-shared talk is held. `key` names the talk in addresses, wherever it moves. `roles` are the
    categories that its speakers let be known, each once, in the order of the categories: no list of who is which.
    `working_group` is the slug of the group whose work it tells of, empty without one.
    """

    title: PublicText
    abstract: PublicText
    speakers: tuple[PublicText, ...]
    minutes: int
    recorded: bool
    topics: tuple[PublicText, ...] = ()
    links: tuple[PublicText, ...] = ()
    recording_url: PublicText = _NOTHING
    slides_url: PublicText = _NOTHING
    starts: int | None = None
    also: tuple[PublicOccasion, ...] = ()
    key: str = ""
    roles: tuple[RoleCategory, ...] = ()
    working_group: str = ""


@dataclass(frozen=True)
class PublicSegment:
    """A part of the agenda. `starts` is in minutes from the call's start.

    A part for talks counts as recorded when it has talks and each of them is. `working_group` is the slug of the group
    whose part it is, empty without one.
    """

    kind: SegmentKind
    title: PublicText
    starts: int
    minutes: int
    recorded: bool
    under_rule: bool
    working_group: str = ""


@dataclass(frozen=True)
class PublicTouchpoint:
    """One call in public. Instants are aware UTC. `uid` is whole, as calendars know it.

    Where `day_known` is false, `starts_at` stands for its month on the clock of `time_zone` alone: whoever shows the
    call says no day and no time, and no calendar has it.

    A members-only series shows titles and time, or time alone; a call that does not take place has no talks and no
    agenda. What members see of such a series is the same kind of value, whole.
    """

    key: str
    uid: str
    series: PublicSeries
    status: PublicStatus
    starts_at: datetime
    minutes: int
    time_zone: str
    skipped: bool
    reason: PublicText
    talks: tuple[PublicTalk, ...]
    agenda: tuple[PublicSegment, ...]
    free_minutes: int
    rule_scope: RuleScope = RuleScope.WHOLE
    wording: Wording = FIRST
    day_known: bool = True

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def in_feed(self) -> bool:
        """Whether calendars have it: whatever was confirmed, on a day that is known."""
        return self.status.in_feed and self.day_known

    @property
    def title(self) -> PublicText:
        """The titles of its talks on one line, in order; empty without talks."""
        return PublicText(" / ".join(talk.title for talk in self.talks))

    @property
    def heading(self) -> PublicText:
        """What to call it where its title would stand."""
        is_kept = self.series.detail is PublicDetail.TIME and not self.title
        return self.title or PublicText("Members’ call" if is_kept else "Open agenda")

    @property
    def notice(self) -> Notice:
        """The Chatham House notice of this call, in the wording that governs it."""
        if not self.agenda:
            return notice_of_scope(self.rule_scope, wording=self.wording)
        return notice(self.rule_scope, [self._part(segment) for segment in self.agenda], wording=self.wording)

    def talks_in(self, segment: PublicSegment) -> tuple[PublicTalk, ...]:
        """The talks that begin in this part of the agenda."""
        if segment.kind is not SegmentKind.TALK:
            return ()
        rooms = [part.starts for part in self.agenda if part.kind is SegmentKind.TALK]
        until = next((starts for starts in rooms if starts > segment.starts), self.minutes)
        return tuple(talk for talk in self.talks if talk.starts is not None and segment.starts <= talk.starts < until)

    def _part(self, segment: PublicSegment) -> Part:
        """The part as the notice speaks of it: talks on their own, since each has its own consents."""
        whole = Segment(segment.kind, segment.title, segment.minutes, segment.recorded, segment.under_rule)
        talks = tuple(
            Segment(SegmentKind.TALK, talk.title, talk.minutes, talk.recorded, segment.under_rule)
            for talk in self.talks_in(segment)
        )
        return Part(whole, talks)

    def to_json(self) -> dict[str, Any]:
        """The value as plain JSON; `from_json` is its inverse."""
        value = {"form": FORM, **asdict(self)}
        for moment in (value, *(occasion for talk in value["talks"] for occasion in talk["also"])):
            moment["starts_at"] = moment["starts_at"].isoformat()
        return value

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PublicTouchpoint:
        """The value that `to_json` wrote, also an earlier release's.

        Raises KeyError, TypeError, AttributeError or ValueError for anything else.
        """
        known = _known(cls, stored)
        known["series"] = _series_from_json(stored["series"])
        known["status"] = PublicStatus(stored["status"])
        known["starts_at"] = datetime.fromisoformat(stored["starts_at"])
        known["talks"] = tuple(_talk_from_json(talk) for talk in stored["talks"])
        known["agenda"] = tuple(
            PublicSegment(**{**_known(PublicSegment, part), "kind": SegmentKind(part["kind"])})
            for part in stored["agenda"]
        )
        known["rule_scope"] = RuleScope(stored.get("rule_scope", RuleScope.WHOLE))
        if "wording" in stored:  # before, all notices were in our first words
            known["wording"] = read_wording(stored["wording"])
        return cls(**known)


def without_words(value: PublicTouchpoint) -> PublicTouchpoint:
    """The call by its time and topics, without anything that a speaker may take back later."""
    talks = tuple(
        PublicTalk(_NOTHING, _NOTHING, (), talk.minutes, recorded=False, topics=talk.topics) for talk in value.talks
    )
    return replace(value, talks=talks, agenda=())


def _series_from_json(stored: Mapping[str, Any]) -> PublicSeries:
    audience = Audience(stored["audience"])
    detail = PublicDetail(stored.get("detail") or public_detail(audience, PublicDetail.TITLE_AND_TIME))
    return PublicSeries(**{**_known(PublicSeries, stored), "audience": audience, "detail": detail})


def _talk_from_json(stored: Mapping[str, Any]) -> PublicTalk:
    lists = {name: tuple(stored[name]) for name in ("speakers", "topics", "links")}
    also = tuple(_occasion_from_json(occasion) for occasion in stored.get("also", ()))
    roles = tuple(RoleCategory(role) for role in stored.get("roles", ()))
    return PublicTalk(**{**_known(PublicTalk, stored), **lists, "also": also, "roles": roles})


def _occasion_from_json(stored: Mapping[str, Any]) -> PublicOccasion:
    starts_at = datetime.fromisoformat(stored["starts_at"])
    return PublicOccasion(**{**_known(PublicOccasion, stored), "starts_at": starts_at})


def _known(kind: type[Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in stored.items() if name in names}
