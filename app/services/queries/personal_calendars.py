"""People's own calendars as files: members' calls with join links, and a speaker's own talks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.attribution import PublicText
from app.domain.disclosure import organizers_words
from app.domain.publication import PublicTouchpoint
from app.domain.secret import NO_WAY_IN
from app.domain.site import Site
from app.domain.states import ConfirmationState, TalkState, TouchpointState
from app.feeds.ical import FeedHead
from app.feeds.own_talks import OwnTalk, own_talks
from app.feeds.words import feed_title
from app.models import Confirmation, MemberEntry, Person, Publication, Speaker, Talk, Touchpoint
from app.services.join_links import ways_in
from app.services.public_history import read_value
from app.services.queries.feeds import HELD_FOR, CalendarFile, calendar_file, file_of, in_window, read_events
from app.services.talk_facts import told_title

_ASKED = (ConfirmationState.ASKED, ConfirmationState.CONFIRMED)
_STANDS = (TalkState.INVITED, TalkState.CONFIRMED)


def read_member_calendar(session: Session, *, site: Site, now: datetime) -> CalendarFile:
    """The calls of the members-only series with their join links: the same bytes for every member."""
    query = (
        select(
            MemberEntry.touchpoint_id,
            MemberEntry.vevent,
            MemberEntry.last_modified,
            MemberEntry.starts_at,
            MemberEntry.status,
        )
        .where(in_window(now, MemberEntry))
        .order_by(MemberEntry.starts_at, MemberEntry.touchpoint_id)
    )
    head = FeedHead(
        name=feed_title(organizers_words(site.community), PublicText("members’ calls")),
        description=PublicText("For one member alone: the join links in it are secret."),
        url=site.url("/members"),
    )
    return calendar_file(read_events(session.execute(query).all()), head)


def read_speaker_calendar(session: Session, person: Person, *, site: Site, now: datetime) -> CalendarFile:
    """The talks for which this person was asked or said yes, from 90 days back on, with join links.

    It is written anew only if something in it changed.
    """
    return _written(_speaker_head(site), tuple(_own_talks(session, person, site=site, now=now)))


@lru_cache(maxsize=256)
def _written(head: FeedHead, talks: tuple[OwnTalk, ...]) -> CalendarFile:
    newest = max((talk.last_modified for talk in talks), default=None)
    return file_of(own_talks(head, talks), newest)


def _speaker_head(site: Site) -> FeedHead:
    return FeedHead(
        name=feed_title(organizers_words(site.community), PublicText("my talks")),
        description=PublicText("For one speaker alone: the join links in it are secret."),
        url=site.url("/my/proposals"),
    )


def _own_talks(session: Session, person: Person, *, site: Site, now: datetime) -> list[OwnTalk]:
    """Two people of one name are two: whoever reads the address is the speaker."""
    mine = (
        select(Confirmation.talk_id)
        .join(Speaker, Speaker.id == Confirmation.speaker_id)
        .where(Speaker.email == person.email, Confirmation.state.in_(_ASKED))
    )
    query = (
        select(Talk, Publication, MemberEntry)
        .join(Touchpoint, Touchpoint.id == Talk.touchpoint_id)
        .outerjoin(Publication, Publication.touchpoint_id == Touchpoint.id)
        .outerjoin(MemberEntry, MemberEntry.touchpoint_id == Touchpoint.id)
        .where(Talk.id.in_(mine), Talk.state.in_(_STANDS), Touchpoint.state == TouchpointState.OPEN)
        .where(Touchpoint.starts_at >= now - HELD_FOR)
        .order_by(Touchpoint.starts_at, Talk.uid)
        .options(joinedload(Talk.touchpoint), joinedload(Talk.proposal))
    )
    rows: Sequence[Any] = session.execute(query).unique().all()  # an outer join: there may be no publication
    links = ways_in(session, [talk.touchpoint for talk, *_ in rows if talk.touchpoint is not None])
    return [
        OwnTalk(
            uid=f"{talk.uid}@{site.uid_domain}",
            sequence=talk.sequence,
            created_at=talk.created_at,
            last_modified=_last_modified(talk, entry if public is None else public),
            title=told_title(talk),
            is_sure=talk.state is TalkState.CONFIRMED,
            call=call,
            way_in=links.get(talk.touchpoint_id or 0, NO_WAY_IN),
            url=site.url(f"/touchpoints/{call.key}" if public is not None else "/my/proposals"),
        )
        for talk, public, entry in rows
        if (call := _seen(public, entry)) is not None
    ]


def _seen(public: Publication | None, entry: MemberEntry | None) -> PublicTouchpoint | None:
    """The call as the public sees it; where it sees nothing, as members do."""
    row = entry if public is None else public
    return None if row is None else read_value(row.value)


def _last_modified(talk: Talk, row: Publication | MemberEntry) -> datetime:
    """The newest of the times that are kept: DTSTAMP must not be the moment of asking."""
    answers = [confirmation.answered_at for confirmation in talk.confirmations]
    known = [talk.created_at, talk.invited_at, talk.confirmed_at, talk.proposal.updated_at, row.last_modified, *answers]
    return max(instant for instant in known if instant is not None)
