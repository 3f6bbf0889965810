"""Read models of the series pages: the list, one series, and a rule's next dates before it is saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from app.domain.cadence import HORIZON, Occurrence, Rule, next_occurrences, occurrences, rule_in_force
from app.domain.errors import NotFound
from app.domain.localtime import NoSuchWallTime, happens_twice, in_zone, to_utc
from app.domain.secret import NO_WAY_IN, WayIn
from app.domain.states import TouchpointState
from app.models import CadenceRule, Series, Touchpoint
from app.services.series import find_join_link


@dataclass(frozen=True)
class SeriesRow:
    """A series in the list. `cadence` is the rule in force, or the first to come, in words; "" without one."""

    series: Series
    cadence: str
    next: Touchpoint | None
    coming: int


@dataclass(frozen=True)
class RuleRow:
    """A rule with its last day (None: until further notice) and whether it holds today or has yet to begin."""

    row: CadenceRule
    words: str
    last: date | None
    holds: bool
    begins_later: bool


@dataclass(frozen=True)
class PlannedDate:
    """A date that the cadence gives. `starts_at` is None where the clocks skip the start.

    `clock_change` says that its UTC hour differs from that of the date before; `twice` that the start happens twice
    and the first is meant; `exception` is the reason why it is not opened; `clashes` are the short names of other
    series that meet on the same day; `opened` is the touchpoint that this date gave, wherever it stands now.
    """

    occurrence: Occurrence
    starts_at: datetime | None
    clock_change: bool
    twice: bool
    exception: str
    clashes: tuple[str, ...]
    opened: Touchpoint | None

    @property
    def day(self) -> date:
        return self.occurrence.date


@dataclass(frozen=True)
class RulePreview:
    """What a new rule would give, and the open calls after it begins that it does not give: they stay as they are."""

    rule: Rule
    replaces: bool
    planned: list[PlannedDate]
    left_over: list[Touchpoint]


@dataclass(frozen=True)
class SeriesPage:
    """Everything that organizers see of one series; `way_in` is secret."""

    series: Series
    rules: list[RuleRow]
    planned: list[PlannedDate]
    way_in: WayIn


def list_series(session: Session, *, now: datetime) -> list[SeriesRow]:
    """The series that go on, then those that have ended; each with its next call."""
    query = select(Series).options(selectinload(Series.rules)).order_by(Series.position, Series.id)
    coming = _coming(session, now=now)
    rows = [_row(series, coming, now=now) for series in session.scalars(query)]
    return sorted(rows, key=lambda row: has_ended(row.series, today=now.date()))


def find_series(session: Session, slug: str) -> Series:
    """The series at that address, with all that it is made of. Raises NotFound."""
    parts = (selectinload(Series.rules), selectinload(Series.exceptions), selectinload(Series.template))
    series = session.scalar(select(Series).where(Series.slug == slug).options(*parts))
    if series is None:
        raise NotFound("There is no such series.")
    return series


def read_series(session: Session, slug: str, *, now: datetime) -> SeriesPage:
    """One series with the next twelve dates of its cadence. Raises NotFound."""
    series = find_series(session, slug)
    rules = [row.value() for row in series.rules]
    link = find_join_link(session, series)
    return SeriesPage(
        series=series,
        rules=_rule_rows(series.rules, now=now),
        planned=plan(session, series, rules, after=now.date() - timedelta(days=1), now=now),
        way_in=link.value() if link else NO_WAY_IN,
    )


def preview_rule(session: Session, series: Series, rule: Rule, *, now: datetime) -> RulePreview:
    """The series' next twelve dates from the day on which `rule` begins, as they would be; nothing is written."""
    others = [row.value() for row in series.rules if row.valid_from != rule.valid_from]
    rules = sorted([*others, rule], key=lambda each: each.valid_from)
    yesterday = now.date() - timedelta(days=1)
    return RulePreview(
        rule=rule,
        replaces=len(others) < len(series.rules),
        planned=plan(session, series, rules, after=max(yesterday, rule.valid_from - timedelta(days=1)), now=now),
        left_over=_left_over(session, series, rules, begins=rule.valid_from, now=now),
    )


def plan(session: Session, series: Series, rules: Sequence[Rule], *, after: date, now: datetime) -> list[PlannedDate]:
    """The next twelve dates after the day `after` that are not past, each with what an organizer should know of it."""
    last = series.ended_on or date.max
    coming = [each for each in next_occurrences(rules, after=after, count=14) if _is_coming(each, now=now)]
    found = [occurrence for occurrence in coming[:12] if occurrence.date <= last]
    reasons = {exception.date: exception.reason for exception in series.exceptions}
    others = _others_on(session, series, found)
    opened = _opened(session, series, found)
    return [
        PlannedDate(
            occurrence=occurrence,
            starts_at=_instant(occurrence),
            clock_change=changed,
            twice=happens_twice(occurrence.wall, occurrence.rule.zone),
            exception=reasons.get(occurrence.date, ""),
            clashes=others.get(occurrence.date, ()),
            opened=opened.get(occurrence.date),
        )
        for occurrence, changed in zip(found, _clock_changes(found), strict=True)
    ]


def has_ended(series: Series, *, today: date) -> bool:
    """Whether the series' last day is past."""
    return series.ended_on is not None and series.ended_on < today


def others_between(session: Session, series: Series, first: datetime, last: datetime) -> list[tuple[str, datetime]]:
    """The open calls of other series between two instants, in order: the series' short name and the start.

    One whose day is not known is on no day of another.
    """
    query = (
        select(Series.short_name, Touchpoint.starts_at)
        .join(Touchpoint, Touchpoint.series_id == Series.id)
        .where(Touchpoint.series_id != series.id, Touchpoint.state == TouchpointState.OPEN, Touchpoint.day_known)
        .where(Touchpoint.starts_at.between(first, last))
    )
    return [(name, at) for name, at in session.execute(query.order_by(Touchpoint.starts_at, Touchpoint.id))]


def _coming(session: Session, *, now: datetime) -> dict[int, tuple[Touchpoint, int]]:
    """For each series its next open call and how many there are to come."""
    open_calls = (Touchpoint.state == TouchpointState.OPEN, Touchpoint.starts_at > now)
    rank = func.row_number().over(partition_by=Touchpoint.series_id, order_by=(Touchpoint.starts_at, Touchpoint.id))
    total = func.count().over(partition_by=Touchpoint.series_id)
    ranked = select(Touchpoint.id, rank.label("rank"), total.label("total")).where(*open_calls).subquery()
    query = select(Touchpoint, ranked.c.total).join(ranked, Touchpoint.id == ranked.c.id).where(ranked.c.rank == 1)
    return {touchpoint.series_id: (touchpoint, total) for touchpoint, total in session.execute(query)}


def _row(series: Series, coming: dict[int, tuple[Touchpoint, int]], *, now: datetime) -> SeriesRow:
    rules = [row.value() for row in series.rules]
    rule = rule_in_force(rules, on=now.date()) or next(iter(rules), None)
    touchpoint, total = coming.get(series.id, (None, 0))
    return SeriesRow(series, rule.in_words if rule else "", touchpoint, total)


def _rule_rows(rows: Sequence[CadenceRule], *, now: datetime) -> list[RuleRow]:
    """The rules, the latest first."""
    found = []
    for row, following in zip(rows, [*rows[1:], None], strict=False):
        today = in_zone(now, row.time_zone).date()
        last = following.valid_from - timedelta(days=1) if following else None
        holds = row.valid_from <= today and (last is None or today <= last)
        found.append(RuleRow(row, row.value().in_words, last, holds, row.valid_from > today))
    return found[::-1]


def _instant(occurrence: Occurrence) -> datetime | None:
    try:
        return to_utc(occurrence.wall, occurrence.rule.zone)
    except NoSuchWallTime:
        return None


def _is_coming(occurrence: Occurrence, *, now: datetime) -> bool:
    instant = _instant(occurrence)
    return instant is None or instant > now


def _clock_changes(found: Sequence[Occurrence]) -> list[bool]:
    """For each date whether its zone's clocks changed since the date before."""
    changes: list[bool] = []
    known: dict[str, timedelta | None] = {}
    for occurrence in found:
        zone, instant = occurrence.rule.zone, _instant(occurrence)
        offset = in_zone(instant, zone).utcoffset() if instant else known.get(zone)
        changes.append(zone in known and known[zone] != offset)
        known[zone] = offset
    return changes


def _others_on(session: Session, series: Series, found: Sequence[Occurrence]) -> dict[date, tuple[str, ...]]:
    """The short names of the other series with an open call on the same day, by the clock of the occurrence's zone."""
    if not found:
        return {}
    first, last = (datetime.combine(found[place].date, datetime.min.time(), UTC) for place in (0, -1))
    calls = others_between(session, series, first - timedelta(days=1), last + timedelta(days=2))
    return {
        each.date: tuple(name for name, at in calls if in_zone(at, each.rule.zone).date() == each.date)
        for each in found
    }


def _opened(session: Session, series: Series, found: Sequence[Occurrence]) -> dict[date, Touchpoint]:
    days = [occurrence.date for occurrence in found]
    query = select(Touchpoint).where(Touchpoint.series_id == series.id, Touchpoint.rule_date.in_(days))
    return {touchpoint.rule_date: touchpoint for touchpoint in session.scalars(query) if touchpoint.rule_date}


def _left_over(
    session: Session, series: Series, rules: Sequence[Rule], *, begins: date, now: datetime
) -> list[Touchpoint]:
    """Open calls to come that an earlier rule gave for days on which these rules give none."""
    query = select(Touchpoint).where(
        Touchpoint.series_id == series.id,
        Touchpoint.state == TouchpointState.OPEN,
        Touchpoint.starts_at > now,
        Touchpoint.rule_date >= begins,
    )
    calls = session.scalars(query.order_by(Touchpoint.starts_at)).all()
    yesterday = now.date() - timedelta(days=1)
    given = {each.date for each in occurrences(rules, after=yesterday, until=yesterday + HORIZON)}
    return [call for call in calls if call.rule_date not in given]
