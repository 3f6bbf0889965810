"""From facts to public values: the one place that decides what of a call leaves the house."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.agenda import Segment, SegmentKind, slot_minutes
from app.domain.attribution import Attribution, PublicText, SpeakerFacts, public_name, reveals, withholds
from app.domain.join_links import holds_join_link
from app.domain.notice import RuleScope, rule_scope
from app.domain.people import RoleCategory
from app.domain.publication import (
    Audience,
    PublicDetail,
    PublicOccasion,
    PublicSegment,
    PublicSeries,
    PublicTalk,
    PublicTouchpoint,
    public_detail,
)
from app.domain.revision import PublicStatus, next_status
from app.domain.running_order import running_order, segment_starts
from app.domain.text import clean_line, clean_text, is_web_address
from app.domain.withholding import kept_words
from app.domain.wording import STANDARD, Wording
from app.domain.working_groups import GroupRef

_NOTHING = PublicText("")


@dataclass(frozen=True)
class TalkFacts:
    """What we know of a confirmed talk. `consented`: every speaker agreed to a recording of it,
    `slides_agreed` to showing the slides."""

    title: str
    abstract: str
    speakers: tuple[SpeakerFacts, ...]
    minutes: int
    consented: bool
    topics: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    recording_url: str = ""
    slides_url: str = ""
    slides_agreed: bool = False
    also: tuple[PublicOccasion, ...] = ()
    key: str = ""
    working_group: GroupRef | None = None


@dataclass(frozen=True)
class CallFacts:
    """What we know of a call. `talks` are the confirmed ones, in order; `uid` is whole, as calendars know it.

    `wording` is the one of the notice that governs it. `awaited` speak in what is not confirmed yet, and have agreed to
    nothing.
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
    awaited: tuple[SpeakerFacts, ...] = ()
    day_known: bool = True


def organizers_words(text: str) -> PublicText:
    """What organizers or the operator wrote for everybody: of a series, a topic, the community. Never of a speaker."""
    return PublicText(clean_text(text))


def public_series(
    *,
    slug: str,
    name: str,
    short_name: str,
    audience: Audience,
    hue: str,
    shape: str,
    role_address: str,
    detail: PublicDetail = PublicDetail.TITLE_AND_TIME,
) -> PublicSeries:
    """The series as the public sees it; `detail` is what it shows as one for members only."""
    return PublicSeries(
        slug=slug,
        name=PublicText(clean_line(name)),
        short_name=PublicText(clean_line(short_name) or clean_line(name)),
        audience=audience,
        hue=hue,
        shape=shape,
        role_address=clean_line(role_address),
        detail=public_detail(audience, detail),
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
    detail: PublicDetail,
    topics: Iterable[str] = (),
    links: Iterable[str] = (),
    recording_url: str = "",
    slides_url: str = "",
    key: str = "",
    working_group: GroupRef | None = None,
) -> PublicTalk:
    """The talk as public pages and feeds may show it where `detail` of its call is public.

    A members-only call shows titles at most, and names nobody in them. Links and slides carry names and employers: they
    are shown when no speaker withholds one. A recording is shown when the talk was `recorded`, which every speaker
    agreed to. What title and abstract say against a speaker's choice is said in neutral words, and a topic that says it
    is left out, and so is a group. Of roles only those are told that a speaker lets be known.
    """
    people = tuple(speakers)
    if detail is not PublicDetail.EVERYTHING:
        shown = title if detail is PublicDetail.TITLE_AND_TIME else ""
        unnamed = [replace(speaker, attribution=Attribution.NONE, agreed=frozenset()) for speaker in people]
        heading = PublicText(kept_words(clean_line(shown), unnamed))
        return PublicTalk(heading, _NOTHING, (), minutes, recorded=False, key=key)
    open_speakers = not any(withholds(speaker) for speaker in people)
    return PublicTalk(
        title=PublicText(kept_words(clean_line(title), people)),
        abstract=PublicText(kept_words(clean_text(abstract), people)),
        speakers=tuple(PublicText(clean_line(public_name(speaker))) for speaker in people),
        minutes=minutes,
        recorded=recorded,
        topics=tuple(PublicText(clean_line(topic)) for topic in topics if kept_words(topic, people) == topic),
        links=tuple(address for link in links if (address := _address(link))) if open_speakers else (),
        recording_url=_address(recording_url) if recorded else _NOTHING,
        slides_url=_address(slides_url) if open_speakers else _NOTHING,
        key=key,
        roles=tuple(
            role for role in RoleCategory if role in {each.role_category for each in people if reveals(each, "role")}
        ),
        working_group=_group(working_group, people),
    )


def public_touchpoint(facts: CallFacts, *, before: PublicStatus | None) -> PublicTouchpoint:
    """The call in public. `before` is its status until now, None when it was never published.

    Raises ValueError for a call of which nothing is public.
    """
    if facts.series.detail is PublicDetail.NOTHING:
        raise ValueError("nothing of this call is public")
    return _touchpoint(facts, facts.series.detail, before=before)


def members_touchpoint(facts: CallFacts, *, before: PublicStatus | None) -> PublicTouchpoint:
    """The call as members see it: whole, with speakers as they are named for it, whatever the public sees."""
    return _touchpoint(facts, PublicDetail.EVERYTHING, before=before)


def _touchpoint(facts: CallFacts, detail: PublicDetail, *, before: PublicStatus | None) -> PublicTouchpoint:
    status = next_status(before, takes_place=bool(facts.talks) and not facts.skipped)
    scope = rule_scope(facts.segments)
    has_words = detail.shows_more_than(PublicDetail.TIME)
    talks = _talks(facts, detail, scope=scope) if has_words and status is PublicStatus.CONFIRMED else ()
    has_agenda = detail is PublicDetail.EVERYTHING and status is not PublicStatus.CANCELLED and not facts.skipped
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
        reason=PublicText(kept_words(clean_line(facts.reason), _all_concerned(facts)))
        if has_words and facts.skipped
        else _NOTHING,
        talks=talks,
        agenda=_agenda(facts, talks, scope=scope) if has_agenda else (),
        free_minutes=0 if facts.skipped or not has_words else max(0, slot_minutes(facts.segments) - taken),
        rule_scope=scope,
        wording=facts.wording,
        day_known=facts.day_known,
    )


def _talks(facts: CallFacts, detail: PublicDetail, *, scope: RuleScope) -> tuple[PublicTalk, ...]:
    """`also` stands in public alone: members have each of their calls as an entry of its own."""
    in_public = facts.series.detail is PublicDetail.EVERYTHING
    places = running_order(facts.segments, [talk.minutes for talk in facts.talks])
    everybody = _everybody(facts)
    shown = []
    for talk, place in zip(facts.talks, places, strict=True):
        may_record = place is not None and may_be_recorded(facts.segments[place.segment], scope)
        public = public_talk(
            title=kept_words(talk.title, everybody),
            abstract=kept_words(talk.abstract, everybody),
            speakers=talk.speakers,
            minutes=talk.minutes,
            recorded=may_record and talk.consented,
            detail=detail,
            topics=talk.topics,
            links=talk.links,
            recording_url=talk.recording_url,
            slides_url=talk.slides_url if talk.slides_agreed else "",
            key=talk.key,
            working_group=talk.working_group,
        )
        if detail is PublicDetail.EVERYTHING:
            starts = place.starts if place else None
            public = replace(public, starts=starts, also=talk.also if in_public else ())
        shown.append(public)
    return tuple(shown)


def _everybody(facts: CallFacts) -> tuple[SpeakerFacts, ...]:
    """Whoever speaks on the call: no text of it says what one of them withholds, whoever wrote it."""
    return tuple(speaker for talk in facts.talks for speaker in talk.speakers)


def _all_concerned(facts: CallFacts) -> tuple[SpeakerFacts, ...]:
    """Whom what organizers write of the call could name: also who has not answered; whoever has, by their answer."""
    everybody = _everybody(facts)
    answered = {email for speaker in everybody for email in speaker.emails}
    return (*everybody, *(speaker for speaker in facts.awaited if answered.isdisjoint(speaker.emails)))


def _agenda(facts: CallFacts, talks: Sequence[PublicTalk], *, scope: RuleScope) -> tuple[PublicSegment, ...]:
    segments, everybody = facts.segments, _all_concerned(facts)
    consents: dict[int, list[bool]] = {}
    for talk, place in zip(talks, running_order(segments, [talk.minutes for talk in talks]), strict=True):
        consents.setdefault(place.segment if place else -1, []).append(talk.recorded)
    return tuple(
        PublicSegment(
            kind=segment.kind,
            title=PublicText(kept_words(clean_line(segment.title), everybody) or segment.kind.label),
            starts=starts,
            minutes=segment.minutes,
            recorded=may_be_recorded(segment, scope)
            and (segment.kind is not SegmentKind.TALK or all(consents.get(number, [False]))),
            under_rule=segment.under_rule,
            working_group=_group(segment.working_group, everybody),
        )
        for number, (segment, starts) in enumerate(zip(segments, segment_starts(segments), strict=True))
    )


def recordable(segments: Sequence[Segment]) -> tuple[bool, ...]:
    """For each part for talks whether a talk in it may be recorded, if its speakers agree."""
    scope = rule_scope(segments)
    return tuple(may_be_recorded(segment, scope) for segment in segments if segment.kind is SegmentKind.TALK)


def may_be_recorded(segment: Segment, scope: RuleScope) -> bool:
    """Nothing of a call that is under the Rule as a whole is recorded, and no part in confidence.

    A talk also needs the consent of each of its speakers.
    """
    return segment.recorded and scope is not RuleScope.WHOLE and not segment.in_confidence


def _group(group: GroupRef | None, people: Iterable[SpeakerFacts]) -> str:
    """The group's slug, unless its name says what one of `people` keeps back."""
    return group.slug if group and kept_words(group.name, people) == group.name else ""


def _address(value: str) -> PublicText:
    """The address if the public may have it: forms refuse a way into a call, and what was kept before them is here."""
    return PublicText(value) if is_web_address(value) and not holds_join_link(value) else _NOTHING
