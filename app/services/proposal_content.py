"""Between a draft and the rows of a proposal: what the form said is written, what the rows hold is read back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.consent import consent_wording
from app.domain.errors import InvalidInput
from app.domain.proposals import ProposalDraft, SeriesPreference, SpeakerDraft
from app.domain.publication import PublicDetail
from app.domain.states import WorkingGroupState
from app.models import Proposal, Series, Speaker, Topic, Touchpoint, WorkingGroup
from app.services.addresses import normal_address
from app.services.wording import present_wording


def normalised(draft: ProposalDraft, *, email: str) -> ProposalDraft:
    """`draft` from the address `email`, all addresses in their one spelling; the first speaker's is `email` if empty.

    What is no address stays as it was typed.
    """
    email = normal_address(email) or email
    addresses = [speaker.email or (email if place == 0 else "") for place, speaker in enumerate(draft.speakers)]
    speakers = tuple(
        replace(speaker, email=normal_address(address) or address)
        for speaker, address in zip(draft.speakers, addresses, strict=True)
    )
    return replace(draft, email=email, speakers=speakers)


def with_own_choices(draft: ProposalDraft, known: Iterable[Speaker] = ()) -> ProposalDraft:
    """The normalised `draft`, in which nobody says for another how they are named and recorded.

    What the `known` speakers of the proposal have chosen stays.
    """
    chosen = {speaker.id: (speaker.attribution, speaker.recording_consent) for speaker in known}
    speakers = []
    for place, speaker in enumerate(draft.speakers):
        level, recording = chosen.get(speaker.id or 0, (None, None))
        own = draft.is_sender(place)
        speakers.append(speaker if own else replace(speaker, attribution=level, recording_consent=recording))
    return replace(draft, speakers=tuple(speakers))


def draft_of(proposal: Proposal) -> ProposalDraft:
    """What the proposal says, as the form would have it. Its speakers are numbered from 0."""
    return ProposalDraft(
        title=proposal.title,
        abstract=proposal.abstract,
        benefit=proposal.benefit,
        format=proposal.format,
        minutes=proposal.minutes,
        level=proposal.level,
        topics=tuple(topic.slug for topic in proposal.topics),
        preference=proposal.preference,
        series=proposal.preferred_series.slug if proposal.preferred_series else "",
        away_weekdays=tuple(proposal.away_weekdays),
        away=tuple(touchpoint.key for touchpoint in proposal.away_touchpoints),
        speakers=tuple(_speaker_draft(number, speaker) for number, speaker in enumerate(proposal.speakers)),
        links=tuple(proposal.links),
        private_note=proposal.private_note,
        working_group=proposal.working_group.slug if proposal.working_group else "",
        email=proposal.email,
        acknowledged=True,
    )


def says_the_same(one: ProposalDraft, other: ProposalDraft) -> bool:
    """Whether both say the same of the same people, however their forms number the speakers and order the choices."""
    return _comparable(one) == _comparable(other)


def write_content(session: Session, proposal: Proposal, draft: ProposalDraft, *, now: datetime) -> None:
    """Write a checked and normalised `draft` onto `proposal`. Joins the caller's transaction.

    A speaker whose naming or recording changed has consented anew, at `now`, to the present wording.
    Raises InvalidInput for topics, series, groups and touchpoints that are not there to be chosen.
    """
    topics, series = _topics(session, proposal, draft.topics), _series(session, proposal, draft)
    away, wording = _touchpoints(session, draft.away), consent_wording(present_wording(session).version)
    for name in ("title", "abstract", "benefit", "format", "minutes", "level", "private_note", "preference"):
        setattr(proposal, name, getattr(draft, name))
    proposal.working_group = _working_group(session, proposal, draft.working_group)
    proposal.topics, proposal.preferred_series, proposal.away_touchpoints = topics, series, away
    proposal.away_weekdays, proposal.links = list(draft.away_weekdays), list(draft.links)
    _write_speakers(proposal, draft.speakers, wording=wording, now=now)
    touch(proposal, now=now)


def touch(proposal: Proposal, *, now: datetime) -> None:
    """Give the proposal a new version, even within one second or when only a speaker changed."""
    proposal.updated_at = now
    if proposal.id:
        flag_modified(proposal, "updated_at")


def _write_speakers(proposal: Proposal, drafts: Iterable[SpeakerDraft], *, wording: str, now: datetime) -> None:
    """Known speakers keep their row and with it their links; an id of another proposal's speaker is a new speaker."""
    known = {speaker.id: speaker for speaker in proposal.speakers}
    speakers = []
    for position, draft in enumerate(drafts):
        speaker = known.pop(draft.id, None) if draft.id else None
        speaker = speaker or Speaker(attribution=None, recording_consent=None)
        _write_speaker(speaker, draft, wording=wording, now=now)
        speaker.position = position
        speakers.append(speaker)
    proposal.speakers = speakers


def _write_speaker(speaker: Speaker, draft: SpeakerDraft, *, wording: str, now: datetime) -> None:
    for name in ("name", "pronouns", "affiliation", "bio", "time_zone", "role_category"):
        setattr(speaker, name, getattr(draft, name))
    speaker.email = draft.email or None
    chosen = (draft.attribution, draft.recording_consent)
    if chosen != (speaker.attribution, speaker.recording_consent):
        speaker.attribution, speaker.recording_consent = chosen
        speaker.consent_at, speaker.consent_wording = now, wording


def _topics(session: Session, proposal: Proposal, slugs: tuple[str, ...]) -> list[Topic]:
    """The topics by slug; a retired one only where it is on the proposal already."""
    found = session.scalars(select(Topic).where(Topic.slug.in_(slugs)).order_by(Topic.position, Topic.id)).all()
    offered = [topic for topic in found if not topic.retired or topic in proposal.topics]
    if len(offered) != len(slugs):
        raise InvalidInput({"topics": "Choose among the topics shown."})
    return offered


def _working_group(session: Session, proposal: Proposal, slug: str) -> WorkingGroup | None:
    """The group that the talk tells of, or None; an archived one only where it was chosen before."""
    if not slug:
        return None
    group = session.scalar(select(WorkingGroup).where(WorkingGroup.slug == slug))
    if group is None or (group.state is WorkingGroupState.ARCHIVED and group.id != proposal.working_group_id):
        raise InvalidInput({"working_group": "Choose among the working groups shown."})
    return group


def _series(session: Session, proposal: Proposal, draft: ProposalDraft) -> Series | None:
    """The one series that the proposal is for, or None; one that ended or is hidden only where it was chosen before.

    Whoever guesses the name of a hidden one is told what they are told of one that is not there.
    """
    if draft.preference is not SeriesPreference.ONE:
        return None
    series = session.scalar(select(Series).where(Series.slug == draft.series))
    if series is None or (not _is_offered(series) and series.id != proposal.preferred_series_id):
        raise InvalidInput({"preference": "Choose among the calls shown."})
    return series


def _is_offered(series: Series) -> bool:
    return series.ended_on is None and series.shown is not PublicDetail.NOTHING


def _touchpoints(session: Session, keys: tuple[str, ...]) -> list[Touchpoint]:
    found = session.scalars(select(Touchpoint).where(Touchpoint.key.in_(keys)).order_by(Touchpoint.starts_at)).all()
    if len(found) != len(keys):
        raise InvalidInput({"away": "Choose among the dates shown."})
    return list(found)


def _speaker_draft(number: int, speaker: Speaker) -> SpeakerDraft:
    return SpeakerDraft(
        number=number,
        id=speaker.id,
        name=speaker.name,
        email=speaker.email or "",
        pronouns=speaker.pronouns,
        affiliation=speaker.affiliation,
        role_category=speaker.role_category,
        bio=speaker.bio,
        time_zone=speaker.time_zone,
        attribution=speaker.attribution,
        recording_consent=speaker.recording_consent,
    )


def _comparable(draft: ProposalDraft) -> ProposalDraft:
    speakers = tuple(replace(speaker, number=place, id=None) for place, speaker in enumerate(draft.speakers))
    return replace(
        draft,
        speakers=speakers,
        topics=tuple(sorted(draft.topics)),
        away=tuple(sorted(draft.away)),
        series=draft.series if draft.preference is SeriesPreference.ONE else "",
        acknowledged=True,
    )
