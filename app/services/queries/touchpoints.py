"""Read models of the organizers' pages for one touchpoint, and for new dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.cadence import Rule, occurrences, rule_in_force
from app.domain.errors import NotFound
from app.domain.localtime import in_zone
from app.domain.secret import NO_WAY_IN, WayIn
from app.domain.states import ON_THE_BOARD, TAKES_MINUTES, ConfirmationState, TalkState, TouchpointState
from app.models import Publication, Series, Talk, Touchpoint
from app.services.queries.series import has_ended, others_between
from app.services.series import find_join_link


@dataclass(frozen=True)
class TalkRow:
    """A talk on the call, with its speakers by name and how many of them have confirmed."""

    talk: Talk
    speakers: str
    confirmed: int
    asked: bool


@dataclass(frozen=True)
class TouchpointPage:
    """Everything that organizers see of one call; the ways in are secret.

    `told` are the talks whose speakers know the date: a move or a skip is mailed to them. `public` says whether the
    call stands in the public calendar. `series_way_in` is used where the call has no `way_in` of its own.
    """

    touchpoint: Touchpoint
    talks: list[TalkRow]
    used: int
    way_in: WayIn
    series_way_in: WayIn
    public: bool
    over: bool
    clashes: tuple[str, ...]

    @property
    def told(self) -> list[TalkRow]:
        return [row for row in self.talks if row.asked]

    @property
    def skipped(self) -> bool:
        return self.touchpoint.state is TouchpointState.SKIPPED


@dataclass(frozen=True)
class NewDates:
    """For each series that goes on: how many dates the cadence would open up to a day, and how its calls begin."""

    series: Series
    cadence: str
    count: int
    rule: Rule | None


def find_touchpoint(session: Session, key: str) -> Touchpoint:
    """The touchpoint of that key. Raises NotFound."""
    touchpoint = session.scalar(select(Touchpoint).where(Touchpoint.key == key))
    if touchpoint is None:
        raise NotFound("There is no such call.")
    return touchpoint


def read_touchpoint(session: Session, key: str, *, now: datetime) -> TouchpointPage:
    """One call with its talks. Raises NotFound."""
    touchpoint = find_touchpoint(session, key)
    query = (
        select(Talk)
        .where(Talk.touchpoint_id == touchpoint.id, Talk.state.in_(ON_THE_BOARD))
        .options(joinedload(Talk.proposal), selectinload(Talk.confirmations))
        .order_by(Talk.position, Talk.id)
    )
    talks = [_talk_row(talk) for talk in session.scalars(query)]
    own, general = find_join_link(session, touchpoint), find_join_link(session, touchpoint.series)
    publication = session.get(Publication, touchpoint.id)
    return TouchpointPage(
        touchpoint=touchpoint,
        talks=talks,
        used=sum(row.talk.minutes for row in talks if row.talk.state in TAKES_MINUTES),
        way_in=own.value() if own else NO_WAY_IN,
        series_way_in=general.value() if general else NO_WAY_IN,
        public=publication is not None and bool(publication.vevent),
        over=touchpoint.ends_at <= now,
        clashes=_clashes(session, touchpoint) if touchpoint.day_known else (),
    )


def read_new_dates(session: Session, *, until: date, now: datetime) -> list[NewDates]:
    """What opening up to the day `until` would add, series by series; nothing is written."""
    parts = (selectinload(Series.rules), selectinload(Series.exceptions))
    query = select(Series).options(*parts).order_by(Series.position, Series.id)
    living = [series for series in session.scalars(query) if not has_ended(series, today=now.date())]
    opened = select(Touchpoint.series_id, Touchpoint.rule_date).where(Touchpoint.rule_date >= now.date())
    standing = {(series_id, day) for series_id, day in session.execute(opened)}
    return [_new_dates(series, standing, until=until, now=now) for series in living]


def _new_dates(series: Series, standing: set[tuple[int, date | None]], *, until: date, now: datetime) -> NewDates:
    rules = [row.value() for row in series.rules]
    today = now.date()
    rule = rule_in_force(rules, on=today) or next(iter(rules), None)
    closed = {exception.date for exception in series.exceptions}
    given = occurrences(rules, after=today - timedelta(days=1), until=min(until, series.ended_on or until))
    fresh = [each for each in given if each.date not in closed and (series.id, each.date) not in standing]
    return NewDates(series, rule.in_words if rule else "", len(fresh), rule)


def _talk_row(talk: Talk) -> TalkRow:
    names = [confirmation.speaker.name for confirmation in talk.confirmations]
    confirmed = sum(confirmation.state is ConfirmationState.CONFIRMED for confirmation in talk.confirmations)
    return TalkRow(talk, ", ".join(names), confirmed, talk.state is not TalkState.HOLD)


def _clashes(session: Session, touchpoint: Touchpoint) -> tuple[str, ...]:
    """The short names of other series with an open call on the same day, by this call's clock."""
    day, own = timedelta(days=1), touchpoint.local_start.date()
    near = others_between(session, touchpoint.series, touchpoint.starts_at - day, touchpoint.starts_at + day)
    return tuple(name for name, at in near if in_zone(at, touchpoint.time_zone).date() == own)
