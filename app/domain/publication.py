"""What the world may see of a touchpoint: frozen, already anonymised values, and their stored form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.agenda import SegmentKind
from app.domain.attribution import PublicText, SpeakerFacts, public_name
from app.domain.text import clean_line, clean_text

_NOTHING = PublicText("")


class Audience(StrEnum):
    OPEN = "open"
    MEMBERS = "members"


class PublicStatus(StrEnum):
    """PLANNED is not in any feed; CANCELLED once was, and stays there as cancelled."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class PublicSeries:
    """A series as the public sees it. `role_address` is a mailbox of the series, never of a person."""

    slug: str
    name: PublicText
    short_name: PublicText
    audience: Audience
    hue: str
    shape: str
    role_address: str


@dataclass(frozen=True)
class PublicTalk:
    """A confirmed talk. `speakers` are attributions, in the speakers' order; addresses are http(s) or empty."""

    title: PublicText
    abstract: PublicText
    speakers: tuple[PublicText, ...]
    minutes: int
    recorded: bool
    topics: tuple[PublicText, ...] = ()
    links: tuple[PublicText, ...] = ()
    recording_url: PublicText = _NOTHING
    slides_url: PublicText = _NOTHING


@dataclass(frozen=True)
class PublicSegment:
    """A part of the agenda. `starts` is in minutes from the call's start."""

    kind: SegmentKind
    title: PublicText
    starts: int
    minutes: int
    recorded: bool
    under_rule: bool


@dataclass(frozen=True)
class PublicTouchpoint:
    """One call in public. Instants are aware UTC. A members-only series shows title and time and no more."""

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

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def to_json(self) -> dict[str, Any]:
        """The value as plain JSON; `from_json` is its inverse."""
        return {**asdict(self), "starts_at": self.starts_at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> PublicTouchpoint:
        """The value that `to_json` wrote."""
        series, fields = stored["series"], dict(stored)
        fields["series"] = PublicSeries(**{**series, "audience": Audience(series["audience"])})
        fields["status"] = PublicStatus(stored["status"])
        fields["starts_at"] = datetime.fromisoformat(stored["starts_at"])
        fields["talks"] = tuple(_talk_from_json(talk) for talk in stored["talks"])
        fields["agenda"] = tuple(
            PublicSegment(**{**part, "kind": SegmentKind(part["kind"])}) for part in stored["agenda"]
        )
        return cls(**fields)


def _talk_from_json(stored: Mapping[str, Any]) -> PublicTalk:
    lists = {name: tuple(stored[name]) for name in ("speakers", "topics", "links")}
    return PublicTalk(**{**stored, **lists})


def public_talk(
    *,
    title: str,
    abstract: str,
    speakers: Iterable[SpeakerFacts],
    minutes: int,
    recorded: bool,
    audience: Audience,
    topics: Iterable[str] = (),
    links: Iterable[str] = (),
    recording_url: str = "",
    slides_url: str = "",
) -> PublicTalk:
    """The talk as `audience`'s public page and feed may show it.

    A members-only call shows titles only: no abstract, speaker, link, slides or recording.
    """
    if audience is Audience.MEMBERS:
        return PublicTalk(PublicText(clean_line(title)), _NOTHING, (), minutes, recorded)
    return PublicTalk(
        title=PublicText(clean_line(title)),
        abstract=PublicText(clean_text(abstract)),
        speakers=tuple(PublicText(clean_line(public_name(speaker))) for speaker in speakers),
        minutes=minutes,
        recorded=recorded,
        topics=tuple(PublicText(clean_line(topic)) for topic in topics),
        links=tuple(PublicText(link) for link in links),
        recording_url=PublicText(recording_url),
        slides_url=PublicText(slides_url),
    )
