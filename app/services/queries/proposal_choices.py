"""What the proposal form offers: topics, series, working groups, coming dates and their weekdays, from the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, lazyload

from app.domain.localtime import in_zone
from app.domain.proposals import ProposalDraft, SeriesPreference
from app.domain.publication import Audience, PublicDetail
from app.domain.states import TouchpointState
from app.models import Series, Topic, Touchpoint
from app.services.hiding import is_public
from app.services.queries.contributor_space import list_public_groups

OFFERED = 16
"""Coming dates shown, at most: about four months of two series."""


@dataclass(frozen=True)
class TopicChoice:
    slug: str
    name: str


@dataclass(frozen=True)
class GroupChoice:
    """A working group as the public knows it."""

    slug: str
    name: str


@dataclass(frozen=True)
class SeriesChoice:
    slug: str
    name: str
    short_name: str
    hue: str
    shape: str
    audience: Audience
    detail: PublicDetail


@dataclass(frozen=True)
class DateChoice:
    """A coming call. `starts_at` is aware UTC, `time_zone` the series' own."""

    key: str
    series: SeriesChoice
    starts_at: datetime
    minutes: int
    time_zone: str

    @property
    def weekday(self) -> int:
        """The ISO weekday on the series' own clock."""
        return in_zone(self.starts_at, self.time_zone).isoweekday()


@dataclass(frozen=True)
class Choices:
    """What can be chosen, and what was chosen before although it is no longer offered."""

    topics: tuple[TopicChoice, ...]
    series: tuple[SeriesChoice, ...]
    dates: tuple[DateChoice, ...]
    weekdays: tuple[int, ...]
    groups: tuple[GroupChoice, ...] = ()

    def detail(self, draft: ProposalDraft) -> PublicDetail:
        """The most that can become public of the proposal, given the series it is for."""
        eligible = [
            series.detail
            for series in self.series
            if draft.preference is not SeriesPreference.ONE or series.slug == draft.series
        ]
        return next((detail for detail in PublicDetail if detail in eligible), PublicDetail.EVERYTHING)


def read_choices(session: Session, *, chosen: ProposalDraft, now: datetime) -> Choices:
    """What the form offers at `now`; what `chosen` holds stays on offer."""
    dates = _dates(session, chosen, now=now)
    weekdays = {date.weekday for date in dates} | (set(chosen.away_weekdays) & set(range(1, 8)))
    return Choices(
        topics=_topics(session, chosen),
        series=_series(session, chosen, now=now),
        dates=dates,
        weekdays=tuple(sorted(weekdays)),
        groups=_groups(session, chosen),
    )


def _topics(session: Session, chosen: ProposalDraft) -> tuple[TopicChoice, ...]:
    offered = or_(Topic.retired.is_(False), Topic.slug.in_(chosen.topics))
    rows = session.execute(select(Topic.slug, Topic.name).where(offered).order_by(Topic.position, Topic.id))
    return tuple(TopicChoice(slug, name) for slug, name in rows)


def _series(session: Session, chosen: ProposalDraft, *, now: datetime) -> tuple[SeriesChoice, ...]:
    going_on = or_(Series.ended_on.is_(None), Series.ended_on >= now.date(), Series.slug == chosen.series)
    rows = session.scalars(select(Series).where(going_on, is_public()).order_by(Series.position, Series.id))
    return tuple(series_choice(series) for series in rows)


def _groups(session: Session, chosen: ProposalDraft) -> tuple[GroupChoice, ...]:
    return tuple(
        GroupChoice(group.slug, group.name)
        for group in list_public_groups(session)
        if not group.is_archived or group.slug == chosen.working_group
    )


def _dates(session: Session, chosen: ProposalDraft, *, now: datetime) -> tuple[DateChoice, ...]:
    bare = select(Touchpoint).options(lazyload(Touchpoint.segments)).order_by(Touchpoint.starts_at, Touchpoint.id)
    open_ones = bare.join(Series).where(is_public(), Touchpoint.state == TouchpointState.OPEN)
    coming = open_ones.where(Touchpoint.starts_at > now).limit(OFFERED)
    dates = [date_choice(touchpoint) for touchpoint in session.scalars(coming)]
    missing = set(chosen.away) - {date.key for date in dates}
    before = [date_choice(touchpoint) for touchpoint in session.scalars(bare.where(Touchpoint.key.in_(missing)))]
    return (*before, *dates)


def date_choice(touchpoint: Touchpoint) -> DateChoice:
    """The call as a form or a timeline shows it."""
    series = series_choice(touchpoint.series)
    return DateChoice(touchpoint.key, series, touchpoint.starts_at, touchpoint.minutes, touchpoint.time_zone)


def series_choice(series: Series) -> SeriesChoice:
    """The series as a form or a timeline shows it."""
    return SeriesChoice(
        slug=series.slug,
        name=series.name,
        short_name=series.short_name,
        hue=series.hue,
        shape=series.shape,
        audience=series.audience,
        detail=series.shown,
    )
