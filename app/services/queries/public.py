"""What the public pages show: publications, and the series as facts; nothing of people, proposals or holds."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.attribution import PublicText
from app.domain.cadence import Rule, from_rrule
from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.domain.publication import PublicSeries, PublicTouchpoint
from app.domain.revision import PublicStatus
from app.models import CadenceRule, Publication, Series
from app.services.hiding import is_public
from app.services.publishing import series_in_public

log = logging.getLogger(__name__)
_NOTHING = PublicText("")
COMING_PER_PAGE, PAST_PER_PAGE = 24, 50
_LONGEST = timedelta(days=1)  # no call lasts longer: lets the index on starts_at find those that are not over


@dataclass(frozen=True)
class SeriesCard:
    """A series as the public pages explain it. `rhythm` is its present cadence in words, empty without one.

    `ended_on` is its last day, also one to come; `moved_to` the address where it goes on after that.
    """

    series: PublicSeries
    description: PublicText
    rhythm: PublicText
    minutes: int
    ended_on: date | None = None
    moved_to: PublicText = _NOTHING


@dataclass(frozen=True)
class Page:
    """One page of calls: `number` and `pages` count from 1."""

    calls: tuple[PublicTouchpoint, ...]
    number: int
    pages: int


def list_series(session: Session, *, now: datetime) -> tuple[SeriesCard, ...]:
    """The series that have not ended, in the organizers' order."""
    query = select(Series).where(is_public()).order_by(Series.position, Series.id).options(selectinload(Series.rules))
    return tuple(card_of(series, now) for series in session.scalars(query) if not _ended(series, now))


def find_ended_series(session: Session, slug: str, *, now: datetime) -> SeriesCard:
    """A series that has ended, at the address that people know. Raises NotFound for one that goes on, too."""
    query = select(Series).where(Series.slug == slug, is_public()).options(selectinload(Series.rules))
    series = session.scalar(query)
    if series is None or not _ended(series, now):
        raise NotFound("There is no such series.")
    return card_of(series, now)


def coming_calls(
    session: Session, *, series: str | None = None, page: int = 1, size: int = COMING_PER_PAGE, now: datetime
) -> Page:
    """The calls that are not over, soonest first, `size` to a page; of one series if its slug is given."""
    query = select(Publication).where(Publication.ends_at > now, Publication.starts_at > now - _LONGEST)
    return _page(
        session,
        query.where(Publication.series_slug == series) if series else query,
        by=(Publication.starts_at.asc(), Publication.uid.asc()),
        number=page,
        size=size,
    )


def next_call(session: Session, *, now: datetime) -> PublicTouchpoint | None:
    """The next call with a confirmed talk, or else the next that is planned."""
    query = (
        select(Publication)
        .where(Publication.ends_at > now, Publication.starts_at > now - _LONGEST)
        .order_by(Publication.starts_at, Publication.uid)
    )
    with_talk = session.scalars(query.where(Publication.status == PublicStatus.CONFIRMED).limit(1))
    planned = session.scalars(query.where(Publication.status == PublicStatus.PLANNED).limit(COMING_PER_PAGE))
    found = (*_values(with_talk), *(call for call in _values(planned) if not call.skipped))
    return found[0] if found else None


def past_calls(session: Session, *, page: int = 1, now: datetime) -> Page:
    """The calls that were held with a talk, newest first."""
    query = select(Publication).where(Publication.ends_at <= now, Publication.status == PublicStatus.CONFIRMED)
    return _page(
        session,
        query,
        by=(Publication.starts_at.desc(), Publication.uid.asc()),
        number=page,
        size=PAST_PER_PAGE,
    )


def find_call(session: Session, key: str) -> PublicTouchpoint:
    """The call of this key. Raises NotFound."""
    found = _values(session.scalars(select(Publication).where(Publication.key == key)))
    if not found:
        raise NotFound("There is no such call.")
    return found[0]


def _page(
    session: Session, query: Select[Publication], *, by: tuple[ColumnElement[Any], ...], number: int, size: int
) -> Page:
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(1, number), pages)
    rows = session.scalars(query.order_by(*by).offset((number - 1) * size).limit(size))
    return Page(_values(rows), number, pages)


def _values(rows: Iterable[Publication]) -> tuple[PublicTouchpoint, ...]:
    """The rows' values; a broken one is left out, so that it never takes a page down."""
    values = []
    for row in rows:
        try:
            values.append(PublicTouchpoint.from_json(row.value))
        except (KeyError, TypeError, AttributeError, ValueError):
            log.exception("publication cannot be read: touchpoint=%s", row.touchpoint_id)
    return tuple(values)


def _ended(series: Series, now: datetime) -> bool:
    return series.ended_on is not None and series.ended_on < now.date()


def card_of(series: Series, now: datetime) -> SeriesCard:
    """The series as public pages and open data explain it; its rules are loaded."""
    rules = series.rules
    present = next((rule for rule in reversed(rules) if rule.valid_from <= now.date()), rules[0] if rules else None)
    return SeriesCard(
        series=series_in_public(series),
        description=organizers_words(series.description),
        rhythm=organizers_words(_in_words(present) if present else ""),
        minutes=present.minutes if present else 0,
        ended_on=series.ended_on,
        moved_to=organizers_words(series.moved_to),
    )


def _in_words(row: CadenceRule) -> str:
    return Rule(row.valid_from, from_rrule(row.rrule), row.start_time, row.minutes, row.time_zone).in_words
