"""From facts to public values: the one place that decides what of a call leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.agenda import Segment, SegmentKind, slot_minutes
from app.domain.attribution import PublicText, SpeakerFacts, public_name, withholds
from app.domain.notice import RuleScope, rule_scope
from app.domain.publication import Audience, PublicOccasion, PublicSegment, PublicSeries, PublicTalk, PublicTouchpoint
from app.domain.revision import PublicStatus, next_status
from app.domain.running_order import running_order, segment_starts
from app.domain.text import clean_line, clean_text, is_web_address
from app.domain.wording import STANDARD, Wording

_NOTHING = PublicText("")


@dataclass(frozen=True)
class TalkFacts:
    """What we know of a confirmed talk. `consented`: every speaker agreed to a recording of it."""

    title: str
    abstract: str
    speakers: tuple[SpeakerFacts, ...]
    minutes: int
    consented: bool
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    recording_url: str = ""
    slides_url: str = ""
    also: tuple[PublicOccasion, ...] = ()


@dataclass(frozen=True)
class CallFacts:
    """What we know of a call. `talks` are the confirmed ones, in order; `uid` is whole, as calendars know it.

    `wording` is the one of the notice that governs it.
    """

    key: str
    uid: str
    series: PublicSeries
    starts_at: datetime
    minutes: int
    time_zone: str
    skipped: bool
    reason: str
    segments: tuple[Segment, ...]
    talks: tuple[TalkFacts, ...]
    wording: Wording = STANDARD


def organizers_words(text: str) -> PublicText:
    """What organizers or the operator wrote for everybody: of a series, a topic, the community. Never of a speaker."""
    return PublicText(clean_text(text))


def public_series(
    *, slug: str, name: str, short_name: str, audience: Audience, hue: str, shape: str, role_address: str
) -> PublicSeries:
    """The series as the public sees it."""
    return PublicSeries(
        slug=slug,
        name=PublicText(clean_line(name)),
        short_name=PublicText(clean_line(short_name) or clean_line(name)),
        audience=audience,
        hue=hue,
        shape=shape,
        role_address=clean_line(role_address),
    )


def public_occasion(*, key: str, series: str, starts_at: datetime, minutes: int, time_zone: str) -> PublicOccasion:
    """Another call on which a talk is held; `series` is its short name."""
    return PublicOccasion(key, PublicText(clean_line(series)), starts_at, minutes, time_zone)


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

    A members-only call shows titles only. Links and slides carry names and employers: they are shown when no speaker
    withholds one. A recording is shown when the talk was `recorded`, which every speaker agreed to.
    """
    if audience is Audience.MEMBERS:
        return PublicTalk(PublicText(clean_line(title)), _NOTHING, (), minutes, recorded=False)
    people = tuple(speakers)
    open_speakers = not any(withholds(speaker) for speaker in people)
    return PublicTalk(
        title=PublicText(clean_line(title)),
        abstract=PublicText(clean_text(abstract)),
        speakers=tuple(PublicText(clean_line(public_name(speaker))) for speaker in people),
        minutes=minutes,
        recorded=recorded,
        topics=tuple(PublicText(clean_line(topic)) for topic in topics),
        links=tuple(address for link in links if (address := _address(link))) if open_speakers else (),
        recording_url=_address(recording_url) if recorded else _NOTHING,
        slides_url=_address(slides_url) if open_speakers else _NOTHING,
    )


def public_touchpoint(facts: CallFacts, *, before: PublicStatus | None) -> PublicTouchpoint:
    """The call in public. `before` is its status until now, None when it was never published."""
    status = next_status(before, takes_place=bool(facts.talks) and not facts.skipped)
    is_open = facts.series.audience is Audience.OPEN
    scope = rule_scope(facts.segments)
    talks = _talks(facts, scope=scope) if status is PublicStatus.CONFIRMED else ()
    has_agenda = is_open and status is not PublicStatus.CANCELLED and not facts.skipped
    taken = sum(talk.minutes for talk in talks)
    return PublicTouchpoint(
        key=facts.key,
        uid=facts.uid,
        series=facts.series,
        status=status,
        starts_at=facts.starts_at,
        minutes=facts.minutes,
        time_zone=facts.time_zone,
        skipped=facts.skipped,
        reason=PublicText(clean_line(facts.reason)) if facts.skipped else _NOTHING,
        talks=talks,
        agenda=_agenda(facts.segments, talks, scope=scope) if has_agenda else (),
        free_minutes=0 if facts.skipped else max(0, slot_minutes(facts.segments) - taken),
        rule_scope=scope,
        wording=facts.wording,
    )


def _talks(facts: CallFacts, *, scope: RuleScope) -> tuple[PublicTalk, ...]:
    is_open = facts.series.audience is Audience.OPEN
    places = running_order(facts.segments, [talk.minutes for talk in facts.talks])
    shown = []
    for talk, place in zip(facts.talks, places, strict=True):
        may_record = place is not None and may_be_recorded(facts.segments[place.segment], scope)
        public = public_talk(
            title=talk.title,
            abstract=talk.abstract,
            speakers=talk.speakers,
            minutes=talk.minutes,
            recorded=may_record and talk.consented,
            audience=facts.series.audience,
            topics=talk.topics,
            links=talk.links,
            recording_url=talk.recording_url,
            slides_url=talk.slides_url,
        )
        if is_open:
            public = replace(public, starts=place.starts if place else None, also=talk.also)
        shown.append(public)
    return tuple(shown)


def _agenda(segments: Sequence[Segment], talks: Sequence[PublicTalk], *, scope: RuleScope) -> tuple[PublicSegment, ...]:
    consents: dict[int, list[bool]] = {}
    for talk, place in zip(talks, running_order(segments, [talk.minutes for talk in talks]), strict=True):
        consents.setdefault(place.segment if place else -1, []).append(talk.recorded)
    return tuple(
        PublicSegment(
            kind=segment.kind,
            title=PublicText(clean_line(segment.title) or segment.kind.label),
            starts=starts,
            minutes=segment.minutes,
            recorded=may_be_recorded(segment, scope)
            and (segment.kind is not SegmentKind.TALK or all(consents.get(number, [False]))),
            under_rule=segment.under_rule,
        )
        for number, (segment, starts) in enumerate(zip(segments, segment_starts(segments), strict=True))
    )


def may_be_recorded(segment: Segment, scope: RuleScope) -> bool:
    """Nothing of a call that is under the Rule as a whole is recorded, and no part in confidence.

    A talk also needs the consent of each of its speakers.
    """
    return segment.recorded and scope is not RuleScope.WHOLE and not segment.in_confidence


def _address(value: str) -> PublicText:
    return PublicText(value) if is_web_address(value) else _NOTHING
