"""What the open data is made of: publications and other finished public values, filtered, in pages that go on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from app.domain.agenda import SegmentKind
from app.domain.attribution import PublicText
from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.domain.localtime import in_zone
from app.domain.publication import PublicTalk, PublicTouchpoint
from app.domain.revision import PublicStatus
from app.models import ArchiveEntry, Publication, PublicationTopic, Series, Topic
from app.services.hiding import is_public
from app.services.public_history import read_value
from app.services.queries.moves import moved_from
from app.services.queries.public import SeriesCard, card_of
from app.services.queries.published_notes import with_public_notes

log = logging.getLogger(__name__)
Item = TypeVar("Item")
Row = TypeVar("Row", Publication, ArchiveEntry)


@dataclass(frozen=True)
class Position:
    """Where a list goes on: after this call or talk, by start and UID or key, whatever comes or goes."""

    starts_at: datetime
    name: str


@dataclass(frozen=True)
class Part(Generic[Item]):
    """A part of a list; `total` counts the whole one, `onward` says where the next part begins, if there is one."""

    items: tuple[Item, ...]
    total: int
    onward: Position | None = None


@dataclass(frozen=True)
class OpenSegment:
    """A part of an agenda, with the instant at which it begins; None where the day is not known."""

    kind: SegmentKind
    title: PublicText
    starts_at: datetime | None
    minutes: int
    recorded: bool
    under_rule: bool
    working_group: str


@dataclass(frozen=True)
class OpenTalk:
    """A talk and the call on which it is held; `changed_at` is when anything of the call last changed."""

    talk: PublicTalk
    call: PublicTouchpoint
    changed_at: datetime

    @property
    def on(self) -> OpenCall:
        """The call, without what only its own page says."""
        return OpenCall(self.call, self.changed_at)

    @property
    def starts_at(self) -> datetime | None:
        starts = self.talk.starts
        return None if starts is None else instant_in(self.call, starts)

    @property
    def local_starts_at(self) -> datetime | None:
        return in_zone(self.starts_at, self.call.time_zone) if self.starts_at else None


@dataclass(frozen=True)
class OpenCall:
    """A call as open data has it. `changed_at` is when anything of `call` last changed, `moved_from` where it stood
    before, if that was announced lately; `has_notes` for everybody. Nothing says an instant of a call whose day is not
    known."""

    call: PublicTouchpoint
    changed_at: datetime
    moved_from: datetime | None = None
    has_notes: bool = False

    @property
    def date(self) -> str:
        """The day on the series' own calendar, "2023-06-07"; where it is not known the month, "2023-06"."""
        return f"{in_zone(self.call.starts_at, self.call.time_zone):{'%Y-%m-%d' if self.call.day_known else '%Y-%m'}}"

    @property
    def starts_at(self) -> datetime | None:
        return instant_in(self.call, 0)

    @property
    def ends_at(self) -> datetime | None:
        return instant_in(self.call, self.call.minutes)

    @property
    def local_starts_at(self) -> datetime | None:
        return in_zone(self.starts_at, self.call.time_zone) if self.starts_at else None

    @property
    def local_ends_at(self) -> datetime | None:
        return in_zone(self.ends_at, self.call.time_zone) if self.ends_at else None

    @property
    def talks(self) -> tuple[OpenTalk, ...]:
        return tuple(OpenTalk(talk, self.call, self.changed_at) for talk in self.call.talks)

    @property
    def agenda(self) -> tuple[OpenSegment, ...]:
        return tuple(
            OpenSegment(
                kind=part.kind,
                title=part.title,
                starts_at=instant_in(self.call, part.starts),
                minutes=part.minutes,
                recorded=part.recorded,
                under_rule=part.under_rule,
                working_group=part.working_group,
            )
            for part in self.call.agenda
        )


def instant_in(call: PublicTouchpoint, minutes: int) -> datetime | None:
    """So long after the call's start; None where nobody knows its day."""
    return call.starts_at + timedelta(minutes=minutes) if call.day_known else None


@dataclass(frozen=True)
class Season:
    """The calls from `year` on, in the order of their start; of one series where there is a `card`. `changed_at` is
    when anything of them last changed."""

    year: int
    card: SeriesCard | None
    calls: tuple[PublicTouchpoint, ...]
    changed_at: datetime | None


@dataclass(frozen=True)
class OpenTopic:
    """A topic. A retired one is not offered any more and stays on the talks that have it."""

    slug: str
    name: PublicText
    retired: bool


@dataclass(frozen=True)
class Wanted:
    """Which calls are asked for: those of a series, that begin at or after `since` and before `until`, that have this
    status, and of which something changed at or after `changed_since`. None asks for all."""

    series: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    status: PublicStatus | None = None
    changed_since: datetime | None = None
    newest_first: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        found = []
        if self.series is not None:
            found.append(Publication.series_slug == self.series)
        if self.since is not None:
            found.append(Publication.starts_at >= self.since)
        if self.until is not None:
            found.append(Publication.starts_at < self.until)
        if self.status is not None:
            found.append(Publication.status == self.status)
        if self.changed_since is not None:
            found.append(Publication.changed_at >= self.changed_since)
        return found


def list_all_series(session: Session, *, now: datetime) -> tuple[SeriesCard, ...]:
    """Every series that the public may know of, those that ended too, in the organizers' order."""
    return tuple(card_of(series, now) for series in session.scalars(_series().order_by(Series.position, Series.id)))


def find_series(session: Session, slug: str, *, now: datetime) -> SeriesCard:
    """The series of this slug. Raises NotFound."""
    series = session.scalar(_series().where(Series.slug == slug))
    if series is None:
        raise NotFound("There is no such series.")
    return card_of(series, now)


def list_calls(session: Session, wanted: Wanted, *, after: Position | None = None, most: int) -> Part[OpenCall]:
    """At most `most` of the calls that are wanted, in the order of their start, from `after` on."""
    query = select(Publication).where(*wanted.conditions())
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = (Publication.starts_at, Publication.uid)
    rows = session.scalars(going_on(query, order, after, newest_first=wanted.newest_first).limit(most + 1)).all()
    shown = rows[:most]
    onward = Position(shown[-1].starts_at, shown[-1].uid) if len(rows) > most else None
    return Part(_calls(session, shown), total, onward)


def find_call(session: Session, key: str) -> OpenCall:
    """The call of this key. Raises NotFound."""
    found = _calls(session, session.scalars(select(Publication).where(Publication.key == key)).all())
    if not found:
        raise NotFound("There is no such call.")
    return found[0]


def read_season(session: Session, *, series: str | None, year: int | None, now: datetime) -> Season:
    """The calls of a year, by the clock of UTC; without a `year` those of the present one and all that are planned
    after it. Of one series, if its slug is given. Raises NotFound for an unknown one."""
    card = find_series(session, series, now=now) if series is not None else None
    first = year or now.year
    query = select(Publication).where(Publication.starts_at >= datetime(first, 1, 1, tzinfo=UTC))
    if year is not None:
        query = query.where(Publication.starts_at < datetime(year + 1, 1, 1, tzinfo=UTC))
    if series is not None:
        query = query.where(Publication.series_slug == series)
    rows = session.scalars(query.order_by(Publication.starts_at, Publication.uid)).all()
    calls = tuple(value for row in rows if (value := value_of(row)))
    return Season(first, card, calls, max((row.changed_at for row in rows), default=None))


def list_topics(session: Session) -> tuple[OpenTopic, ...]:
    """The topics that are offered, or that a call has had in public."""
    return tuple(_topic(row) for row in session.scalars(_topics().order_by(Topic.position, Topic.id)))


def find_topic(session: Session, slug: str) -> OpenTopic:
    """The topic of this slug. Raises NotFound."""
    row = session.scalar(_topics().where(Topic.slug == slug))
    if row is None:
        raise NotFound("There is no such topic.")
    return _topic(row)


def going_on(
    query: Select[Row],
    order: tuple[InstrumentedAttribute[datetime], InstrumentedAttribute[str]],
    after: Position | None,
    *,
    newest_first: bool,
) -> Select[Row]:
    """The query in this order, from `after` on: by the index, and without counting what is before."""
    start, name = order
    if after is not None:
        here = tuple_(literal(after.starts_at, start.type), literal(after.name))
        query = query.where(tuple_(start, name) < here if newest_first else tuple_(start, name) > here)
    return query.order_by(start.desc(), name.desc()) if newest_first else query.order_by(start, name)


def _calls(session: Session, rows: Sequence[Publication]) -> tuple[OpenCall, ...]:
    """The rows as values, in three queries; one that cannot be read is left out, so that it takes no list down."""
    moves = moved_from(session, [row.key for row in rows])
    read = [(row, value) for row in rows if (value := value_of(row)) is not None]
    noted = with_public_notes(session, [value for _, value in read])
    return tuple(
        OpenCall(
            value,
            changed_at=row.changed_at,
            moved_from=moves.get(row.key),
            has_notes=value.key in noted,
        )
        for row, value in read
    )


def value_of(row: Publication) -> PublicTouchpoint | None:
    """What the publication says; None, with a line in the log, where it cannot be read."""
    value = read_value(row.value)
    if value is None:
        log.error("open data leaves out a broken publication: touchpoint=%s", row.touchpoint_id)
    return value


def _series() -> Select[Series]:
    return select(Series).where(is_public()).options(selectinload(Series.rules))


def _topics() -> Select[Topic]:
    return select(Topic).where(or_(Topic.retired.is_(False), Topic.slug.in_(select(PublicationTopic.slug))))


def _topic(row: Topic) -> OpenTopic:
    return OpenTopic(row.slug, organizers_words(row.name), retired=row.retired)
