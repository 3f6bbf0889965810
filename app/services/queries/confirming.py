"""What a speaker's confirm page shows: the talk and its date, the others' answers, the dates it could have instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.attribution import Attribution, PublicText, SpeakerFacts, public_name
from app.domain.disclosure import recordable
from app.domain.errors import NotFound
from app.domain.notice import Notice
from app.domain.placement import Candidate, Place, SpeakerPlace, problem
from app.domain.publication import PublicDetail, PublicTalk
from app.domain.states import TAKES_MINUTES, ConfirmationState, TalkState, TouchpointState
from app.domain.withholding import Finding, betraying, findings_in
from app.models import BouncingAddress, Confirmation, ReceivedMessage, Talk, Touchpoint
from app.services import publishing
from app.services.answering import has_accepted, in_words
from app.services.confirming import ANSWERABLE
from app.services.queries.received import bouncing_among, letters_about
from app.services.questions import accepted_questions
from app.services.talk_facts import facts_of, talk_facts
from app.services.wording import governing_wording

OFFERED = 12
"""Dates offered instead, at most."""


@dataclass(frozen=True)
class ConfirmPage:
    """One speaker's view of one talk. `waiting` is false when the talk asks nothing (any more).

    `calendar_said_yes`: they have accepted the present date in their calendar, which is not this answer.
    `questions`: what people asked for the call in advance, for whoever has confirmed.
    """

    confirmation: Confirmation
    waiting: bool
    calendar_said_yes: bool
    over: bool
    free: Sequence[Touchpoint]
    preview: PublicTalk
    notice: Notice
    questions: tuple[str, ...] = ()

    @property
    def talk(self) -> Talk:
        return self.confirmation.talk

    @property
    def others(self) -> list[Confirmation]:
        """The co-speakers' answers."""
        return [other for other in self.talk.confirmations if other.id != self.confirmation.id]

    def named(self, other: Confirmation) -> PublicText:
        """A co-speaker as everybody may know them: a mailed link goes through more hands than its reader's."""
        return public_name(facts_of(other.speaker, other.attribution))


@dataclass(frozen=True)
class TalkPage:
    """One talk for an organizer. `answerable` says whether a speaker may still be confirmed on their behalf.

    `letters` are the messages that came in about each confirmation, by its id; `bouncing` the speakers' addresses from
    which mail came back.
    """

    talk: Talk
    answerable: bool
    wishes: dict[int, Touchpoint]
    preview: PublicTalk
    notice: Notice
    letters: dict[int, list[ReceivedMessage]]
    bouncing: dict[str, BouncingAddress]
    findings: dict[str, tuple[Finding, ...]]

    def calendar_of(self, answer: Confirmation) -> str:
        """What the speaker's calendar says about the present date, if that matters still."""
        return in_words(answer)


def read_talk_page(session: Session, key: str, *, now: datetime) -> TalkPage:
    """The talk with this key. Raises NotFound."""
    talk = session.scalar(select(Talk).where(Talk.key == key).options(joinedload(Talk.touchpoint)))
    if talk is None:
        raise NotFound("There is no such talk.")
    wished = {wish for confirmation in talk.confirmations for wish in confirmation.wishes}
    touchpoints = session.scalars(select(Touchpoint).where(Touchpoint.id.in_(wished)))
    coming = talk.touchpoint is not None and talk.touchpoint.ends_at > now
    shown = _preview(talk, {each.speaker_id: each.attribution for each in talk.confirmations})
    return TalkPage(
        talk=talk,
        answerable=coming and talk.state in ANSWERABLE | {TalkState.HOLD},
        wishes={touchpoint.id: touchpoint for touchpoint in touchpoints},
        preview=shown,
        notice=notice_for(session, talk, shown),
        letters=letters_about(session, talk.confirmations),
        bouncing=bouncing_among(session, [each.speaker.email or "" for each in talk.confirmations]),
        findings=_findings(talk),
    )


def read_confirm_page(session: Session, confirmation: Confirmation, *, now: datetime) -> ConfirmPage:
    """The page as the speaker's stored choices make it."""
    talk = confirmation.talk
    over = talk.touchpoint is not None and talk.touchpoint.ends_at <= now
    waiting = talk.touchpoint is not None and talk.state in ANSWERABLE and not over
    proposal = talk.proposal
    shown = preview_answer(
        confirmation,
        title=proposal.title,
        abstract=proposal.abstract,
        attribution=confirmation.attribution,
        recording_consent=confirmation.recording_consent,
    )
    return ConfirmPage(
        confirmation=confirmation,
        waiting=waiting,
        calendar_said_yes=waiting and has_accepted(confirmation),
        over=over,
        free=free_touchpoints(session, talk, now=now) if waiting else (),
        preview=shown,
        notice=notice_for(session, talk, shown),
        questions=_questions(session, confirmation),
    )


def _questions(session: Session, confirmation: Confirmation) -> tuple[str, ...]:
    call = confirmation.talk.touchpoint
    if call is None or confirmation.state is not ConfirmationState.CONFIRMED:
        return ()
    return accepted_questions(session, call)


def preview_answer(
    confirmation: Confirmation,
    *,
    title: str,
    abstract: str,
    attribution: Attribution | None,
    recording_consent: bool | None,
    words_stand: bool | None = None,
) -> PublicTalk:
    """The talk as the public would see it if this speaker answered so and every co-speaker as they have chosen.

    `words_stand`: the text may say what they withhold; None where that is as they have said before.
    """
    own = confirmation.speaker_id
    levels = {each.speaker_id: each.attribution for each in confirmation.talk.confirmations} | {own: attribution}
    consents = {each.speaker_id: each.recording_consent for each in confirmation.talk.confirmations}
    agreed = {each.speaker_id: each.agreed_sentences for each in confirmation.talk.confirmations}
    if words_stand is not None:
        speaker, *others = _people(confirmation, attribution)
        agreed[own] = betraying((title, abstract), speaker, others) if words_stand else []
    return _preview(
        confirmation.talk, levels, consents | {own: recording_consent}, agreed=agreed, title=title, abstract=abstract
    )


def findings_of(
    confirmation: Confirmation, *, title: str, abstract: str, attribution: Attribution | None
) -> dict[str, tuple[Finding, ...]]:
    """What title, abstract and links say against the will of this speaker (place 0) and of the others, by field."""
    texts = {"title": title, "abstract": abstract, "links": "\n".join(confirmation.talk.proposal.links)}
    return findings_in(texts, _people(confirmation, attribution))


def _findings(talk: Talk) -> dict[str, tuple[Finding, ...]]:
    """What the talk's text says against the naming that its speakers have chosen, by field."""
    chosen = [each for each in talk.confirmations if each.attribution is not None]
    people = [facts_of(each.speaker, each.attribution, agreed=each.agreed_sentences) for each in chosen]
    return findings_in({"title": talk.proposal.title, "abstract": talk.proposal.abstract}, people)


def _people(confirmation: Confirmation, attribution: Attribution | None) -> list[SpeakerFacts]:
    """The speaker at this level, then the others as they have chosen to be named."""
    answers = [confirmation, *(each for each in confirmation.talk.confirmations if each is not confirmation)]
    return [
        facts_of(each.speaker, attribution if each is confirmation else each.attribution, agreed=each.agreed_sentences)
        for each in answers
    ]


def notice_for(session: Session, talk: Talk, shown: PublicTalk) -> Notice:
    """The notice of the call on which the talk stands, once it is public as `shown`; without a date, of any call."""
    touchpoint = talk.touchpoint
    wording = governing_wording(session, touchpoint)
    if touchpoint is None:
        return publishing.preview_notice(wording)
    on_it = select(Talk).where(Talk.touchpoint_id == touchpoint.id).order_by(Talk.position, Talk.id)
    public = [each for each in session.scalars(on_it) if each is talk or each.state is TalkState.CONFIRMED]
    facts = {each.id: talk_facts(each) for each in public}
    facts[talk.id] = replace(facts[talk.id], title=shown.title, consented=shown.recorded)
    return publishing.notice_with(touchpoint, talks=facts.values(), wording=wording)


def free_touchpoints(session: Session, talk: Talk, *, now: datetime) -> list[Touchpoint]:
    """The coming touchpoints of the talk's series on which it would fit, its present one apart."""
    touchpoint = talk.touchpoint
    if touchpoint is None:
        return []
    coming = session.scalars(
        select(Touchpoint)
        .where(
            Touchpoint.series_id == touchpoint.series_id,
            Touchpoint.starts_at > now,
            Touchpoint.state == TouchpointState.OPEN,
            Touchpoint.id != touchpoint.id,
        )
        .options(joinedload(Touchpoint.series))
        .order_by(Touchpoint.starts_at)
        .limit(4 * OFFERED)
    ).all()
    used = _used_minutes(session, [each.id for each in coming])
    candidate = _candidate(talk)
    fitting = [each for each in coming if problem(candidate, _place(each, used.get(each.id, 0)), now=now) is None]
    return fitting[:OFFERED]


def _preview(
    talk: Talk,
    levels: dict[int, Attribution | None],
    consents: dict[int, bool | None] | None = None,
    *,
    agreed: dict[int, list[str]] | None = None,
    title: str | None = None,
    abstract: str | None = None,
) -> PublicTalk:
    """The talk in public with its speakers at these levels; who has no confirmation does not speak in it."""
    proposal = talk.proposal
    given = {each.speaker_id: each.recording_consent for each in talk.confirmations} if consents is None else consents
    words = agreed or {each.speaker_id: each.agreed_sentences for each in talk.confirmations}
    return publishing.preview(
        title=proposal.title if title is None else title,
        abstract=proposal.abstract if abstract is None else abstract,
        speakers=[
            facts_of(speaker, levels[speaker.id], agreed=words[speaker.id])
            for speaker in proposal.speakers
            if speaker.id in levels
        ],
        minutes=talk.minutes,
        detail=talk.touchpoint.series.shown if talk.touchpoint else PublicDetail.EVERYTHING,
        recorded=all(given.values()) and _may_be_recorded(talk),
    )


def _candidate(talk: Talk) -> Candidate:
    proposal = talk.proposal
    return Candidate(
        proposal_id=proposal.id,
        minutes=talk.minutes,
        speakers=tuple(SpeakerPlace(speaker.time_zone, speaker.affiliation) for speaker in proposal.speakers),
        preference=proposal.preference,
        away_on=frozenset(touchpoint.id for touchpoint in proposal.away_touchpoints),
        away_weekdays=frozenset(proposal.away_weekdays),
        here=talk.touchpoint_id,
    )


def _place(touchpoint: Touchpoint, used: int) -> Place:
    return Place(
        id=touchpoint.id,
        series_id=touchpoint.series_id,
        starts_at=touchpoint.starts_at,
        time_zone=touchpoint.time_zone,
        state=touchpoint.state,
        slot_minutes=touchpoint.slot_minutes,
        used=used,
    )


def _used_minutes(session: Session, touchpoint_ids: Iterable[int]) -> dict[int, int]:
    counted = session.execute(
        select(Talk.touchpoint_id, func.sum(Talk.minutes))
        .where(Talk.touchpoint_id.in_(touchpoint_ids), Talk.state.in_(TAKES_MINUTES))
        .group_by(Talk.touchpoint_id)
    )
    return {touchpoint_id: minutes for touchpoint_id, minutes in counted if touchpoint_id is not None}


def _may_be_recorded(talk: Talk) -> bool:
    """Whether the parts for talks of its call may be recorded at all."""
    slots = recordable([segment.value() for segment in talk.touchpoint.segments]) if talk.touchpoint else ()
    return bool(slots) and all(slots)
