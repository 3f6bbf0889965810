"""Publishing: what the tables say of a call becomes what the world may see of it. The only writer of publications."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.attribution import SpeakerFacts
from app.domain.disclosure import (
    CallFacts,
    TalkFacts,
    members_touchpoint,
    public_series,
    public_talk,
    public_touchpoint,
)
from app.domain.notice import Notice, RuleScope, notice_of_scope
from app.domain.publication import Audience, PublicDetail, PublicSeries, PublicTalk, PublicTouchpoint
from app.domain.revision import Revision, next_revision
from app.domain.site import Site
from app.domain.states import TalkState, TouchpointState
from app.domain.wording import Wording
from app.feeds.ical import vevent
from app.models import HiddenCall, NoticeWording, Publication, Series, Touchpoint
from app.services.announcing import note_changes
from app.services.cross_sharing import named_in, naming, other_calls
from app.services.hiding import hidden_calls, hide_calls, note_how_held, revision_of, shown_of
from app.services.member_entries import write_member_entries
from app.services.public_history import read_value, remember_changes
from app.services.recalling import recall_mails
from app.services.searching import enter_calls
from app.services.talk_facts import awaited_on, read_talks, talk_facts
from app.services.wording import in_force, read_versions
from app.services.working_groups.updates import keep_groups

log = logging.getLogger(__name__)
_ANEW = {"populate_existing": True}


def publish_touchpoint(session: Session, touchpoint: Touchpoint, *, site: Site, now: datetime) -> Publication | None:
    """Bring the touchpoint's publication up to date with the tables; None where nothing of it is public. Joins.

    Where nothing public changed nothing is written: SEQUENCE, LAST-MODIFIED and bytes stay as they are.
    """
    return next(iter(publish_touchpoints(session, [touchpoint], site=site, now=now)), None)


def publish_series(session: Session, series: Series, *, with_past: bool = False, site: Site, now: datetime) -> int:
    """Publish anew the calls of `series` that are not over, and say how many; `with_past` all of them, since the public
    may see more or less of it. Joins the caller's transaction.
    """
    query = select(Touchpoint).where(Touchpoint.series_id == series.id).order_by(Touchpoint.starts_at)
    calls = [touchpoint for touchpoint in session.scalars(query) if with_past or touchpoint.ends_at > now]
    publish_touchpoints(session, calls, site=site, now=now)
    return len(calls)


def publish_coming(session: Session, *, site: Site, now: datetime) -> int:
    """Publish anew the calls that have not begun, since the wording of notices changed, and say how many. Joins."""
    query = select(Touchpoint).where(Touchpoint.starts_at > now).order_by(Touchpoint.starts_at)
    coming = session.scalars(query).all()
    publish_touchpoints(session, coming, site=site, now=now)
    return len(coming)


def publish_touchpoints(
    session: Session, touchpoints: Sequence[Touchpoint], *, site: Site, now: datetime
) -> list[Publication]:
    """Like `publish_touchpoint` for many, in a number of queries that does not grow; what is not public is left out.

    Calls that share a talk with these are published with them. Each is locked and read anew: what two transactions
    change at one moment, the second publishes whole.
    """
    before = _locked_rows(session, touchpoints)
    for_members = {each.key for each in touchpoints if each.series.audience is Audience.MEMBERS}
    named = named_in(before.values()) | naming(session, for_members)
    rows, sharing_now = _publish_all(session, touchpoints, before, site=site, now=now)
    others = (named | sharing_now) - {touchpoint.key for touchpoint in touchpoints}
    if others:
        sharing = session.scalars(select(Touchpoint).where(Touchpoint.key.in_(others)).order_by(Touchpoint.id)).all()
        _publish_all(session, sharing, _locked_rows(session, sharing), site=site, now=now)
    return rows


def preview(
    *, title: str, abstract: str, speakers: Iterable[SpeakerFacts], minutes: int, detail: PublicDetail, recorded: bool
) -> PublicTalk:
    """The talk exactly as the public would see it where that much is public, from values that need not be saved.

    `recorded` means that the part may be recorded and every speaker agreed.
    """
    return public_talk(
        title=title, abstract=abstract, speakers=speakers, minutes=minutes, detail=detail, recorded=recorded
    )


def preview_notice(wording: Wording) -> Notice:
    """The notice beside a preview, in this wording: of our calls in general."""
    return notice_of_scope(RuleScope.PARTS, wording=wording)


def preview_touchpoint(
    touchpoint: Touchpoint, *, talks: Iterable[TalkFacts], wording: Wording, site: Site
) -> PublicTouchpoint:
    """The call exactly as the public would see it with these talks, which need be neither confirmed nor saved.

    Where the public sees nothing, as members would. `wording` is that of its notice (services/wording.py says which
    governs a call).
    """
    series = series_in_public(touchpoint.series)
    facts = _call_facts(touchpoint, tuple(talks), series, uid=_uid(touchpoint, site), wording=wording)
    return _seen(facts)


def notice_with(touchpoint: Touchpoint, *, talks: Iterable[TalkFacts], wording: Wording) -> Notice:
    """The notice of the call as it would be with these talks."""
    series = series_in_public(touchpoint.series)
    return _seen(_call_facts(touchpoint, tuple(talks), series, uid="", wording=wording)).notice


def notice_on_call(touchpoint: Touchpoint, *, talks: Iterable[TalkFacts], wording: Wording) -> Notice:
    """The notice for those who come, which names each part of a members-only call too."""
    series = series_in_public(touchpoint.series)
    facts = _call_facts(touchpoint, tuple(talks), series, uid="", wording=wording)
    return members_touchpoint(facts, before=None).notice


def _seen(facts: CallFacts) -> PublicTouchpoint:
    hidden = facts.series.detail is PublicDetail.NOTHING
    return members_touchpoint(facts, before=None) if hidden else public_touchpoint(facts, before=None)


def series_in_public(series: Series, *, shown: PublicDetail | None = None) -> PublicSeries:
    """The series as the public sees it; as a call of it shows it that shows less, `shown`."""
    detail = shown or series.shown
    return public_series(
        slug=series.slug,
        name=series.name,
        short_name=series.short_name,
        audience=Audience.OPEN if detail is PublicDetail.EVERYTHING else Audience.MEMBERS,
        detail=detail,
        hue=series.hue,
        shape=series.shape,
        role_address=series.role_address,
    )


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
) -> tuple[list[Publication], set[str]]:
    """The publications, and the keys of the public calls that share a talk with these calls, whatever these say."""
    standing = read_talks(session, [touchpoint.id for touchpoint in touchpoints])
    talks = {key: [talk for talk in members if talk.state is TalkState.CONFIRMED] for key, members in standing.items()}
    also = other_calls(session, chain.from_iterable(talks.values()))
    facts = {key: tuple(talk_facts(talk, also=also[talk.id]) for talk in members) for key, members in talks.items()}
    before = {touchpoint_id: row.value for touchpoint_id, row in rows.items()}
    statuses = {touchpoint_id: row.status for touchpoint_id, row in rows.items()}
    versions = read_versions(session)
    note_how_held(session, touchpoints, now=now)
    kept = hidden_calls(session, [touchpoint.id for touchpoint in touchpoints if touchpoint.id not in rows])
    calls, published, secret = [], [], []
    for touchpoint in touchpoints:
        row, hidden = rows.get(touchpoint.id), kept.get(touchpoint.id)
        call = _call_facts(
            touchpoint,
            facts.get(touchpoint.id, ()),
            series_in_public(touchpoint.series, shown=shown_of(touchpoint, now=now)),
            uid=_known_uid(touchpoint, row or hidden, site),
            wording=_governing(touchpoint, row, versions, now=now),
            awaited=awaited_on(standing.get(touchpoint.id, ())),
        )
        calls.append((touchpoint, call))
        if call.series.detail is not PublicDetail.NOTHING:
            published.append(_publish(session, touchpoint, call, row, hidden, site=site, now=now))
        elif row is not None:
            secret.append(row)
    hide_calls(session, secret, site=site, now=now)
    keep_groups(session, published)
    remember_changes(session, published, before=before, settle=site.settle, now=now)
    recall_mails(session, published, before=before, now=now)
    note_changes(session, published, before=before, settle=site.settle, now=now)
    write_member_entries(session, calls, before=statuses, site=site, now=now)
    enter_calls(session, [row.touchpoint_id for row in published])
    return published, {occasion.key for occasions in also.values() for occasion in occasions}


def _publish(
    session: Session,
    touchpoint: Touchpoint,
    facts: CallFacts,
    row: Publication | None,
    hidden: HiddenCall | None,
    *,
    site: Site,
    now: datetime,
) -> Publication:
    known = _revision(row) if row else revision_of(hidden) if hidden else None
    value = public_touchpoint(facts, before=known.status if known else None)
    if row is not None and _shows(row, value, site=site):
        return row
    if row is None:
        row = Publication(touchpoint_id=touchpoint.id, key=touchpoint.key, uid=touchpoint.uid)
        session.add(row)
    if hidden is not None:
        session.delete(hidden)
    revision = next_revision(known, value.status, now=now)
    if known is not None and row.vevent and row.vevent == _bytes(value, known, site=site):
        revision = known  # pages say more or less than before, and no calendar would learn anything
    _write(row, value, revision, site=site)
    row.changed_at = now
    return row


def _governing(
    touchpoint: Touchpoint, row: Publication | None, versions: Sequence[NoticeWording], *, now: datetime
) -> Wording:
    """The present wording until a call begins. From then on it keeps the one under which people came."""
    before = read_value(row.value) if row is not None and touchpoint.starts_at <= now else None
    return before.wording if before is not None else in_force(versions, at=min(touchpoint.starts_at, now))


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
    if not value.in_feed:
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


def _known_uid(touchpoint: Touchpoint, row: Publication | HiddenCall | None, site: Site) -> str:
    """Once published, it stays."""
    known = row.uid if isinstance(row, HiddenCall) else row.value.get("uid") if row else ""
    return known or _uid(touchpoint, site)


def _call_facts(
    touchpoint: Touchpoint,
    talks: tuple[TalkFacts, ...],
    series: PublicSeries,
    *,
    uid: str,
    wording: Wording,
    awaited: tuple[SpeakerFacts, ...] = (),
) -> CallFacts:
    return CallFacts(
        key=touchpoint.key,
        uid=uid,
        series=series,
        starts_at=touchpoint.starts_at,
        minutes=touchpoint.minutes,
        time_zone=touchpoint.time_zone,
        skipped=touchpoint.state is TouchpointState.SKIPPED,
        reason=touchpoint.reason,
        segments=tuple(segment.value() for segment in touchpoint.segments),
        talks=talks,
        wording=wording,
        awaited=awaited,
        day_known=touchpoint.day_known,
    )
