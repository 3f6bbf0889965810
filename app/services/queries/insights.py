"""How it goes, for organizers: counts over proposals, calls and talks, in a number of queries that never grows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.domain.agenda import SegmentKind
from app.domain.cities import COMMUNITY_CITIES, City
from app.domain.insights import (
    A_YEAR,
    Organisation,
    Share,
    Spread,
    Step,
    comfortable_share,
    count_organisations,
    in_steps,
    spread,
)
from app.domain.materials import MaterialKind
from app.domain.people import RoleCategory
from app.domain.states import ON_THE_BOARD, TAKES_MINUTES, ProposalState, TalkState, TouchpointState
from app.models import Confirmation, Material, Proposal, Series, Speaker, Talk, Touchpoint, TouchpointSegment

AHEAD = timedelta(days=90)
LOOK_BACK = timedelta(days=730)
AGES = (7, 14, 28, 56)
LEAD_TIMES = (14, 28, 56, 112)
MOST_LINES = 10


@dataclass(frozen=True)
class SeriesAhead:
    """The open calls of one series in the coming weeks, and how many of them have no talk."""

    name: str
    hue: str
    shape: str
    calls: int
    empty: int


@dataclass(frozen=True)
class CallLine:
    """One call in a list: its key, its series' short name, when, and where that clock is."""

    key: str
    series: str
    starts_at: datetime
    time_zone: str


@dataclass(frozen=True)
class TalkLine:
    """One talk in a list. `answer_by` is when its speakers were to answer, where they were asked."""

    key: str
    title: str
    call: CallLine
    answer_by: datetime | None = None


@dataclass(frozen=True)
class Listed:
    """How many there are, and the first of them."""

    count: int
    first: tuple[CallLine, ...] | tuple[TalkLine, ...]


@dataclass(frozen=True)
class Insights:
    """Everything on the page. `overdue` of the outstanding confirmations should have been answered by now."""

    proposals: Mapping[ProposalState, int]
    waiting: tuple[Step, ...]
    lead: Spread | None
    lead_steps: tuple[Step, ...]
    ahead: tuple[SeriesAhead, ...]
    empty: Listed
    outstanding: Listed
    overdue: int
    hours: tuple[tuple[City, Share], ...]
    roles: tuple[tuple[RoleCategory, int], ...]
    organisations: tuple[Organisation, ...]
    recordings: Listed


def read_insights(session: Session, *, now: datetime) -> Insights:
    """The figures of now: what is ahead for 90 days, what was within twelve months; lead times of two years."""
    lead = _lead_days(session, now=now)
    ahead, empty = _ahead(session, now=now)
    outstanding = _outstanding(session, now=now)
    roles, organisations = _speakers(session, now=now)
    recordings = _recordings_missing(session, now=now)
    return Insights(
        proposals=_proposals(session),
        waiting=in_steps(_waiting_days(session, now=now), AGES),
        lead=spread(lead),
        lead_steps=in_steps(lead, LEAD_TIMES),
        ahead=ahead,
        empty=Listed(len(empty), empty[:MOST_LINES]),
        outstanding=Listed(len(outstanding), outstanding[:MOST_LINES]),
        overdue=sum(line.answer_by is not None and line.answer_by <= now for line in outstanding),
        hours=_hours(session, now=now),
        roles=roles,
        organisations=organisations,
        recordings=Listed(len(recordings), recordings[:MOST_LINES]),
    )


def _proposals(session: Session) -> dict[ProposalState, int]:
    query = select(Proposal.state, func.count().label("talks")).where(Proposal.state != ProposalState.DRAFT)
    counted = {row.state: row.talks for row in session.execute(query.group_by(Proposal.state))}
    return {state: counted.get(state, 0) for state in ProposalState if state is not ProposalState.DRAFT}


def _waiting_days(session: Session, *, now: datetime) -> list[int]:
    query = select(Proposal.submitted_at).where(Proposal.state == ProposalState.SUBMITTED)
    return [(now - at).days for at in session.scalars(query) if at is not None]


def _lead_days(session: Session, *, now: datetime) -> list[int]:
    """From sending a proposal to its first confirmed call; the record of the past knows no date of sending."""
    query = (
        select(Proposal.submitted_at, func.min(Touchpoint.starts_at))
        .join(Talk, Talk.proposal_id == Proposal.id)
        .join(Touchpoint, Touchpoint.id == Talk.touchpoint_id)
        .where(
            Talk.state == TalkState.CONFIRMED,
            Touchpoint.day_known,
            Touchpoint.starts_at > now - LOOK_BACK,
            Proposal.submitted_at < Touchpoint.starts_at,
        )
        .group_by(Proposal.id, Proposal.submitted_at)
    )
    return [(starts_at - sent).days for sent, starts_at in session.execute(query) if sent is not None]


def _ahead(session: Session, *, now: datetime) -> tuple[tuple[SeriesAhead, ...], tuple[CallLine, ...]]:
    has_talk = select(Talk.id).where(Talk.touchpoint_id == Touchpoint.id, Talk.state.in_(ON_THE_BOARD)).exists()
    query = (
        select(*_CALL, Series.hue, Series.shape, has_talk.label("has_talk"))
        .join(Series)
        .where(Touchpoint.state == TouchpointState.OPEN, Touchpoint.starts_at.between(now, now + AHEAD))
        .order_by(Touchpoint.starts_at, Touchpoint.id)
    )
    calls: Counter[tuple[str, str, str]] = Counter()
    empty: Counter[tuple[str, str, str]] = Counter()
    lines = []
    for key, series, starts_at, time_zone, hue, shape, is_filled in session.execute(query):
        calls[series, hue, shape] += 1
        if not is_filled:
            empty[series, hue, shape] += 1
            lines.append(CallLine(key, series, starts_at, time_zone))
    by_series = tuple(SeriesAhead(*face, calls=count, empty=empty[face]) for face, count in sorted(calls.items()))
    return by_series, tuple(lines)


def _outstanding(session: Session, *, now: datetime) -> tuple[TalkLine, ...]:
    query = _talks().where(Talk.state == TalkState.INVITED, Touchpoint.starts_at > now)
    return _lines(session, query)


def _hours(session: Session, *, now: datetime) -> tuple[tuple[City, Share], ...]:
    """Calls whose day is not known say nothing about hours."""
    query = select(Touchpoint.starts_at, Touchpoint.minutes).where(
        Touchpoint.state == TouchpointState.OPEN,
        Touchpoint.starts_at.between(now - A_YEAR, now + AHEAD),
        Touchpoint.day_known,
    )
    calls = [(at, at + timedelta(minutes=minutes)) for at, minutes in session.execute(query)]
    return tuple((place, comfortable_share(calls, place.zone)) for place in COMMUNITY_CITIES)


def _speakers(
    session: Session, *, now: datetime
) -> tuple[tuple[tuple[RoleCategory, int], ...], tuple[Organisation, ...]]:
    """Talks of the last twelve months and those to come by role category, and by organisation: each once a talk."""
    query = (
        select(Talk.id, Speaker.role_category, Speaker.affiliation, Touchpoint.starts_at)
        .join(Touchpoint, Touchpoint.id == Talk.touchpoint_id)
        .join(Speaker, Speaker.proposal_id == Talk.proposal_id)
        .where(Talk.state.in_(TAKES_MINUTES), Touchpoint.starts_at > now - A_YEAR)
    )
    roles: dict[RoleCategory, set[int]] = defaultdict(set)
    organisations: dict[tuple[int, str], tuple[str, datetime]] = {}
    for talk, role, affiliation, starts_at in session.execute(query):
        roles[role].add(talk)
        organisations[talk, " ".join(affiliation.split()).casefold()] = (affiliation, starts_at)
    counted = tuple((role, len(roles[role])) for role in RoleCategory)
    return counted, count_organisations(organisations.values())


def _recordings_missing(session: Session, *, now: datetime) -> tuple[TalkLine, ...]:
    """Confirmed talks of the past that were to be recorded, to which every speaker agreed; the oldest first.

    Left out are those of which somebody said why there will be none.
    """
    answers = select(Confirmation.id).where(Confirmation.talk_id == Talk.id)
    refused = answers.where(Confirmation.recording_consent.is_not(True)).exists()
    part = select(TouchpointSegment.id).where(
        TouchpointSegment.touchpoint_id == Touchpoint.id,
        TouchpointSegment.kind == SegmentKind.TALK,
        TouchpointSegment.recorded,
    )
    given_up = select(Material.talk_id).where(
        Material.talk_id == Talk.id, Material.kind == MaterialKind.RECORDING, Material.none_reason != ""
    )
    query = _talks().where(
        Talk.state == TalkState.CONFIRMED,
        Talk.recording_url == "",
        Touchpoint.state == TouchpointState.OPEN,
        Touchpoint.starts_at <= now,
        answers.exists(),
        ~refused,
        part.exists(),
        ~given_up.exists(),
    )
    return _lines(session, query)


_CALL = (Touchpoint.key, Series.short_name, Touchpoint.starts_at, Touchpoint.time_zone)


def _talks() -> Select[str, str, datetime | None, str, str, datetime, str]:
    """Talks on calls, the soonest first, as `_lines` reads them."""
    return (
        select(Talk.key, Proposal.title, Talk.answer_by, *_CALL)
        .join(Proposal, Proposal.id == Talk.proposal_id)
        .join(Touchpoint, Touchpoint.id == Talk.touchpoint_id)
        .join(Series, Series.id == Touchpoint.series_id)
        .order_by(Touchpoint.starts_at, Talk.id)
    )


def _lines(session: Session, query: Select[str, str, datetime | None, str, str, datetime, str]) -> tuple[TalkLine, ...]:
    return tuple(
        TalkLine(talk, title, CallLine(call, series, starts_at, time_zone), answer_by)
        for talk, title, answer_by, call, series, starts_at, time_zone in session.execute(query)
    )
