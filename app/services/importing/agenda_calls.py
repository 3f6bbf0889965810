"""Rows of a call that an agenda tells of, from its payload and back. Every function joins the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.domain.agenda import Segment, SegmentKind, slot_minutes
from app.domain.consent import Channel
from app.domain.history import PastSpeaker
from app.domain.imports.topics import match_topics
from app.domain.localtime import to_utc
from app.domain.people import NOT_NAMED, RoleCategory
from app.domain.proposals import Level, SeriesPreference, TalkFormat
from app.domain.publication import Audience
from app.domain.series import HUES, MAX_SHORT_NAME, MAX_SLUG, SHAPES
from app.domain.site import Site
from app.domain.states import ConfirmationState, ProposalState, TalkState
from app.domain.text import MAX_LINE
from app.models import Confirmation, Consent, Proposal, Series, Speaker, Talk, Topic, Touchpoint, TouchpointSegment
from app.services.own_data.leaving import forget_proposal

QUIET = timedelta(days=90)
_OURS = "agenda:"
_AS_PUBLISHED = "Imported from the community's public agenda: named as published there."


def series_of(session: Session, said: Mapping[str, Any]) -> Series | None:
    """The series that agendas made before, or that has this name here."""
    query = select(Series).where(or_(Series.import_key == _key(said), Series.name == said["name"]))
    return session.scalars(query.order_by(Series.import_key.is_(None), Series.id)).first()


def add_series(session: Session, said: Mapping[str, Any], *, site: Site) -> Series:
    """A series without a cadence: organizers give it one when it goes on."""
    place = (session.scalar(select(func.max(Series.position))) or 0) + 1
    stem = said["key"][: MAX_SLUG - 4]
    taken = set(session.scalars(select(Series.slug).where(Series.slug.startswith(stem, autoescape=True))))
    series = Series(
        slug=next(slug for slug in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken),
        name=said["name"],
        short_name=said["name"][:MAX_SHORT_NAME],
        audience=Audience.OPEN,
        hue=HUES[place % len(HUES)],
        shape=SHAPES[place % len(SHAPES)],
        role_address=site.reply_to,
        position=place,
        import_key=_key(said),
    )
    session.add(series)
    return series


def end_quiet_series(session: Session, calls: Iterable[Touchpoint], *, new: Collection[int], now: datetime) -> None:
    """Series that agendas made and whose last call is long over have ended with it; a later one lets them go on.

    What an organizer gave a cadence, or ended later, is left alone.
    """
    for series in {call.series for call in calls}:
        days = select(func.max(Touchpoint.local_start)).where(Touchpoint.series_id == series.id)
        last = session.scalars(days).one().date()
        is_open_to_it = series.id in new or (series.ended_on is not None and series.ended_on < last)
        if is_open_to_it and (series.import_key or "").startswith(_OURS) and not series.rules:
            series.ended_on = last if last < (now - QUIET).date() else None


def free_series(session: Session, number: int) -> None:
    """Delete the series if nothing is in it any more."""
    used = or_(*(exists().where(column == number) for column in (Touchpoint.series_id, Proposal.preferred_series_id)))
    series = session.get(Series, number, populate_existing=True)
    if series is not None and not series.rules and not session.scalar(select(used)):
        session.delete(series)
        session.flush()


def talks_of(session: Session, touchpoint: Touchpoint) -> Sequence[Talk]:
    """The talks on the call, in order."""
    return session.scalars(select(Talk).where(Talk.touchpoint_id == touchpoint.id).order_by(Talk.position)).all()


def content_of(touchpoint: Touchpoint, talks: Sequence[Talk]) -> dict[str, Any]:
    """What stands in the call, in the shape of a payload."""
    segments = [segment.value() for segment in touchpoint.segments]
    return {
        "wall": touchpoint.local_start.isoformat(timespec="minutes"),
        "zone": touchpoint.time_zone,
        "minutes": touchpoint.minutes,
        "segments": [[each.kind.value, each.title, each.minutes, each.recorded, each.under_rule] for each in segments],
        "talk": _said(talks[0]) if talks else None,
    }


def fill_call(session: Session, touchpoint: Touchpoint, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write the payload onto the call: its time, its parts, its talk."""
    wall = datetime.fromisoformat(payload["wall"])
    touchpoint.local_start, touchpoint.time_zone, touchpoint.minutes = wall, payload["zone"], payload["minutes"]
    touchpoint.starts_at = to_utc(wall, payload["zone"])
    touchpoint.segments = [
        TouchpointSegment.of(_segment(each), position=position) for position, each in enumerate(payload["segments"])
    ]
    session.add(touchpoint)
    session.flush()
    talks = talks_of(session, touchpoint)
    said, talk = payload["talk"], talks[0] if talks else None
    if talk is not None and said is None:
        forget_proposal(session, talk.proposal)
    elif talk is None and said is not None:
        session.add(_new_talk(session, touchpoint, said, now=now))
    elif talk is not None:
        _write_talk(session, talk, said, is_held=touchpoint.starts_at <= now, now=now)
    session.flush()


def _key(said: Mapping[str, Any]) -> str:
    return f"{_OURS}{said['key']}"[:80]


def _segment(said: Sequence[Any]) -> Segment:
    kind, title, minutes, recorded, under_rule = said
    return Segment(SegmentKind(kind), title, minutes, recorded, under_rule)


def _new_talk(session: Session, touchpoint: Touchpoint, said: Mapping[str, Any], *, now: datetime) -> Talk:
    """Held, it is confirmed as it was published. Still to come, it is on hold: nobody has been asked."""
    is_held = touchpoint.starts_at <= now
    minutes = slot_minutes(_values(touchpoint)) or max(each.minutes for each in _values(touchpoint))
    proposal = Proposal(
        format=TalkFormat.PRESENTATION if said["speakers"] else TalkFormat.DISCUSSION,
        level=Level.INTRODUCTORY,
        minutes=minutes,
        preference=SeriesPreference.ONE,
        preferred_series=touchpoint.series,
        state=ProposalState.ACCEPTED,
        created_at=now,
        import_key=touchpoint.import_key,
    )
    talk = Talk(
        proposal=proposal,
        touchpoint=touchpoint,
        position=0,
        state=TalkState.CONFIRMED if is_held else TalkState.HOLD,
        minutes=minutes,
        created_at=now,
    )
    _write_talk(session, talk, said, is_held=is_held, now=now)
    return talk


def _write_talk(session: Session, talk: Talk, said: Mapping[str, Any], *, is_held: bool, now: datetime) -> None:
    """Speakers stay as they are where the same ones are named, with what they have chosen."""
    proposal = talk.proposal
    with session.no_autoflush:
        proposal.title, proposal.abstract, talk.recording_url = said["title"], said["abstract"], said["recording_url"]
        known = {topic.name: topic.slug for topic in session.scalars(select(Topic).where(Topic.retired.is_(False)))}
        slugs, _ = match_topics([tag.replace("-", " ") for tag in said["tags"]], known)
        proposal.topics = list(session.scalars(select(Topic).where(Topic.slug.in_(slugs)).order_by(Topic.position)))
        proposal.updated_at = now
        if _speakers_said(proposal) != said["speakers"]:
            talk.confirmations = []
            proposal.speakers = [_speaker(each, n, is_held=is_held) for n, each in enumerate(said["speakers"])]
            talk.confirmations = [_answer(talk, each, is_held=is_held, now=now) for each in proposal.speakers]


def _speaker(said: Mapping[str, str], position: int, *, is_held: bool) -> Speaker:
    """Somebody without an address of ours. How they are named was public on a past agenda; else they are asked."""
    past = PastSpeaker(said["name"], said["affiliation"])
    return Speaker(
        position=position,
        name=(past.name or NOT_NAMED)[:MAX_LINE],
        affiliation=past.affiliation[:MAX_LINE],
        role_category=RoleCategory.OTHER,
        attribution=past.attribution if is_held else None,
    )


def _answer(talk: Talk, speaker: Speaker, *, is_held: bool, now: datetime) -> Confirmation:
    """A recording that is public was agreed to; without one, nobody was asked."""
    if not is_held:
        return Confirmation(speaker=speaker)
    recording = True if talk.recording_url else None
    consent = Consent(attribution=speaker.attribution, recording=recording, channel=Channel.IMPORT, given_at=now)
    return Confirmation(
        speaker=speaker,
        state=ConfirmationState.CONFIRMED,
        attribution=speaker.attribution,
        recording_consent=recording,
        on_behalf_note=_AS_PUBLISHED,
        consents=[consent],
    )


def _said(talk: Talk) -> dict[str, Any]:
    return {
        "title": talk.proposal.title,
        "abstract": talk.proposal.abstract,
        "speakers": _speakers_said(talk.proposal),
        "recording_url": talk.recording_url,
        "tags": [topic.slug for topic in talk.proposal.topics],
    }


def _speakers_said(proposal: Proposal) -> list[dict[str, str]]:
    return [{"name": each.name, "affiliation": each.affiliation} for each in proposal.speakers]


def _values(touchpoint: Touchpoint) -> list[Segment]:
    return [segment.value() for segment in touchpoint.segments]
