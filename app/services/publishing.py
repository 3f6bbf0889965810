"""Publishing: what the tables say of a call becomes what the world may see of it. The only writer of publications."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.attribution import SpeakerFacts
from app.domain.disclosure import CallFacts, TalkFacts, public_series, public_talk, public_touchpoint
from app.domain.notice import Notice, RuleScope, notice_of_scope
from app.domain.publication import Audience, PublicOccasion, PublicSeries, PublicTalk, PublicTouchpoint
from app.domain.revision import Revision, next_revision
from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState, TouchpointState
from app.domain.wording import Wording
from app.feeds.ical import vevent
from app.models import Confirmation, Proposal, Publication, Series, Speaker, Talk, Touchpoint
from app.services.announcing import note_changes
from app.services.cross_sharing import named_in, other_calls
from app.services.member_entries import write_member_entries
from app.services.public_history import read_value, remember_changes
from app.services.recalling import recall_mails
from app.services.wording import present_wording

log = logging.getLogger(__name__)
_ANEW = {"populate_existing": True}


def publish_touchpoint(session: Session, touchpoint: Touchpoint, *, site: Site, now: datetime) -> Publication:
    """Bring the touchpoint's publication up to date with the tables. Joins the caller's transaction.

    Where nothing public changed nothing is written: SEQUENCE, LAST-MODIFIED and bytes stay as they are.
    """
    return publish_touchpoints(session, [touchpoint], site=site, now=now)[0]


def publish_series(session: Session, series: Series, *, site: Site, now: datetime) -> int:
    """Publish anew the calls of `series` that are not over, since its name or audience changed.

    Returns how many calls that were. Joins the caller's transaction.
    """
    query = select(Touchpoint).where(Touchpoint.series_id == series.id).order_by(Touchpoint.starts_at)
    coming = [touchpoint for touchpoint in session.scalars(query) if touchpoint.ends_at > now]
    publish_touchpoints(session, coming, site=site, now=now)
    return len(coming)


def publish_coming(session: Session, *, site: Site, now: datetime) -> int:
    """Publish anew the calls that have not begun, since the wording of their notice changed.

    Returns how many those are. Joins the caller's transaction.
    """
    query = select(Touchpoint).where(Touchpoint.starts_at > now).order_by(Touchpoint.starts_at)
    coming = session.scalars(query).all()
    publish_touchpoints(session, coming, site=site, now=now)
    return len(coming)


def publish_touchpoints(
    session: Session, touchpoints: Sequence[Touchpoint], *, site: Site, now: datetime
) -> list[Publication]:
    """Like `publish_touchpoint` for many, in a number of queries that does not grow. Joins the caller's transaction.

    The calls that share a talk with these name them, and are published with them. Each is locked and read anew: what
    two transactions change at one moment, the second publishes whole.
    """
    before = _locked_rows(session, touchpoints)
    named = named_in(before.values())
    rows = _publish_all(session, touchpoints, before, site=site, now=now)
    others = (named | named_in(rows)) - {touchpoint.key for touchpoint in touchpoints}
    if others:
        sharing = session.scalars(select(Touchpoint).where(Touchpoint.key.in_(others)).order_by(Touchpoint.id)).all()
        _publish_all(session, sharing, _locked_rows(session, sharing), site=site, now=now)
    return rows


def preview(
    *, title: str, abstract: str, speakers: Iterable[SpeakerFacts], minutes: int, audience: Audience, recorded: bool
) -> PublicTalk:
    """The talk exactly as the public would see it, from values that need not be saved.

    `recorded` means that the part may be recorded and every speaker agreed.
    """
    return public_talk(
        title=title, abstract=abstract, speakers=speakers, minutes=minutes, audience=audience, recorded=recorded
    )


def preview_notice(wording: Wording) -> Notice:
    """The notice beside a preview, in this wording: of our calls in general."""
    return notice_of_scope(RuleScope.PARTS, wording=wording)


def preview_touchpoint(
    touchpoint: Touchpoint, *, talks: Iterable[TalkFacts], wording: Wording, site: Site
) -> PublicTouchpoint:
    """The call exactly as the public would see it with these talks, which need be neither confirmed nor saved.

    `wording` is that of its notice (services/wording.py says which governs a call).
    """
    facts = _call_facts(touchpoint, tuple(talks), uid=_uid(touchpoint, site), wording=wording)
    return public_touchpoint(facts, before=None)


def notice_with(touchpoint: Touchpoint, *, talks: Iterable[TalkFacts], wording: Wording) -> Notice:
    """The notice of the call as it would be with these talks, which need be neither confirmed nor saved."""
    return public_touchpoint(_call_facts(touchpoint, tuple(talks), uid="", wording=wording), before=None).notice


def series_in_public(series: Series) -> PublicSeries:
    """The series as the public sees it."""
    return public_series(
        slug=series.slug,
        name=series.name,
        short_name=series.short_name,
        audience=series.audience,
        hue=series.hue,
        shape=series.shape,
        role_address=series.role_address,
    )


def talk_facts(talk: Talk, *, also: tuple[PublicOccasion, ...] = ()) -> TalkFacts:
    """What the tables say of a talk, with the attribution and consent of its speakers' confirmations.

    `also` are the other calls on which it is held, as `other_calls` finds them.
    """
    proposal = talk.proposal
    answers = {confirmation.speaker_id: confirmation for confirmation in talk.confirmations}
    return TalkFacts(
        title=proposal.title,
        abstract=proposal.abstract,
        speakers=tuple(speaker_facts(speaker, answers.get(speaker.id)) for speaker in proposal.speakers),
        minutes=talk.minutes,
        consented=_all_consented(proposal, answers),
        topics=tuple(topic.name for topic in proposal.topics),
        links=tuple(proposal.links),
        recording_url=talk.recording_url,
        slides_url=talk.slides_url,
        also=also,
    )


def speaker_facts(speaker: Speaker, confirmation: Confirmation | None) -> SpeakerFacts:
    """The speaker for one talk, at the level of their confirmation; without one they have chosen nothing."""
    answered = confirmation is not None and confirmation.state is ConfirmationState.CONFIRMED
    return SpeakerFacts(
        name=speaker.name,
        affiliation=speaker.affiliation,
        role_category=speaker.role_category,
        attribution=confirmation.attribution if confirmation and answered else None,
    )


def _all_consented(proposal: Proposal, answers: dict[int, Confirmation]) -> bool:
    consents = [answers[speaker.id].recording_consent for speaker in proposal.speakers if speaker.id in answers]
    return len(consents) == len(proposal.speakers) > 0 and all(consents)


def _confirmed_talks(session: Session, touchpoint_ids: Sequence[int]) -> dict[int | None, list[Talk]]:
    query = (
        select(Talk)
        .where(Talk.touchpoint_id.in_(touchpoint_ids), Talk.state == TalkState.CONFIRMED)
        .order_by(Talk.position, Talk.id)
        .options(
            joinedload(Talk.proposal).options(selectinload(Proposal.speakers), selectinload(Proposal.topics)),
            selectinload(Talk.confirmations),
        )
    )
    talks: dict[int | None, list[Talk]] = defaultdict(list)
    for talk in session.scalars(query, execution_options=_ANEW):
        talks[talk.touchpoint_id].append(talk)
    return talks


def _locked_rows(session: Session, touchpoints: Sequence[Touchpoint]) -> dict[int, Publication]:
    """The publications of these touchpoints, which nobody else publishes until this transaction ends."""
    session.flush()
    ids = [touchpoint.id for touchpoint in touchpoints]
    locked = select(Touchpoint).where(Touchpoint.id.in_(ids)).order_by(Touchpoint.id).with_for_update(of=Touchpoint)
    session.scalars(locked, execution_options=_ANEW).all()
    query = select(Publication).where(Publication.touchpoint_id.in_(ids))
    return {row.touchpoint_id: row for row in session.scalars(query, execution_options=_ANEW)}


def _publish_all(
    session: Session, touchpoints: Sequence[Touchpoint], rows: dict[int, Publication], *, site: Site, now: datetime
) -> list[Publication]:
    talks = _confirmed_talks(session, [touchpoint.id for touchpoint in touchpoints])
    also = other_calls(session, chain.from_iterable(talks.values()))
    facts = {key: tuple(talk_facts(talk, also=also[talk.id]) for talk in members) for key, members in talks.items()}
    before = {touchpoint_id: row.value for touchpoint_id, row in rows.items()}
    present = present_wording(session)
    published = []
    for touchpoint in touchpoints:
        row = rows.get(touchpoint.id)
        wording = _governing(touchpoint, row, present, now=now)
        uid = _known_uid(touchpoint, row, site)
        call = _call_facts(touchpoint, facts.get(touchpoint.id, ()), uid=uid, wording=wording)
        published.append(_publish(session, touchpoint, call, row, site=site, now=now))
    remember_changes(session, published, before=before, settle=site.settle, now=now)
    recall_mails(session, published, before=before, now=now)
    note_changes(session, published, before=before, settle=site.settle, now=now)
    write_member_entries(session, published, site=site, now=now)
    return published


def _publish(
    session: Session,
    touchpoint: Touchpoint,
    facts: CallFacts,
    row: Publication | None,
    *,
    site: Site,
    now: datetime,
) -> Publication:
    value = public_touchpoint(facts, before=row.status if row else None)
    if row is None:
        row = Publication(touchpoint_id=touchpoint.id, key=touchpoint.key, uid=touchpoint.uid)
        session.add(row)
        revision = next_revision(None, value.status, now=now)
    elif _shows(row, value, site=site):
        return row
    else:
        revision = next_revision(_revision(row), value.status, now=now)
    _write(row, value, revision, site=site)
    return row


def _governing(touchpoint: Touchpoint, row: Publication | None, present: Wording, *, now: datetime) -> Wording:
    """The present wording until a call begins. From then on it keeps the one under which people came."""
    before = read_value(row.value) if row is not None and touchpoint.starts_at <= now else None
    return before.wording if before is not None else present


def _shows(row: Publication, value: PublicTouchpoint, *, site: Site) -> bool:
    """Whether the stored row already says `value`, in bytes too: a new release may word an entry anew."""
    try:
        stored = PublicTouchpoint.from_json(row.value)
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
    return stored == value and row.vevent == _bytes(value, _revision(row), site=site)


def _write(row: Publication, value: PublicTouchpoint, revision: Revision, *, site: Site) -> None:
    row.series_slug, row.starts_at, row.ends_at = value.series.slug, value.starts_at, value.ends_at
    row.status, row.sequence, row.cancelled_at = revision.status, revision.sequence, revision.cancelled_at
    row.created_at, row.last_modified = revision.created_at, revision.last_modified
    row.value, row.vevent = value.to_json(), _bytes(value, revision, site=site)


def _bytes(value: PublicTouchpoint, revision: Revision, *, site: Site) -> bytes:
    if not value.status.in_feed:
        return b""
    try:
        return vevent(value, revision, url=site.url(f"/touchpoints/{value.key}"))
    except Exception:  # whatever the serialiser minds: feeds leave the call out, and organizers are shown it
        log.exception("a call cannot be written as an event: key=%s", value.key)
        return b""


def _revision(row: Publication) -> Revision:
    return Revision(row.status, row.sequence, row.created_at, row.last_modified, row.cancelled_at)


def _uid(touchpoint: Touchpoint, site: Site) -> str:
    return f"{touchpoint.uid}@{site.uid_domain}"


def _known_uid(touchpoint: Touchpoint, row: Publication | None, site: Site) -> str:
    """Once published, it stays."""
    return (row.value.get("uid") if row else "") or _uid(touchpoint, site)


def _call_facts(touchpoint: Touchpoint, talks: tuple[TalkFacts, ...], *, uid: str, wording: Wording) -> CallFacts:
    return CallFacts(
        key=touchpoint.key,
        uid=uid,
        series=series_in_public(touchpoint.series),
        starts_at=touchpoint.starts_at,
        minutes=touchpoint.minutes,
        time_zone=touchpoint.time_zone,
        skipped=touchpoint.state is TouchpointState.SKIPPED,
        reason=touchpoint.reason,
        segments=tuple(segment.value() for segment in touchpoint.segments),
        talks=talks,
        wording=wording,
    )
