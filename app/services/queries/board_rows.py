"""The rows of the board: each function asks the database one question, and loads all that hangs on the rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, lazyload, selectinload

from app.domain.cadence import Rule, from_rrule, rule_in_force
from app.domain.placement import REPEAT
from app.domain.proposals import SeriesPreference
from app.domain.publication import PublicStatus
from app.domain.states import ON_THE_BOARD, ProposalState, TouchpointState
from app.models import AuditEvent, Proposal, Publication, Series, Talk, Touchpoint
from app.services.board_facts import short_date
from app.services.changes import BOARD_SUBJECTS
from app.services.queries.board_cards import wished_by

EMPTY_WITHIN = timedelta(days=90)
_SEEN = (*BOARD_SUBJECTS, "sister_calendar")
_OF_PROPOSAL = (
    joinedload(Proposal.preferred_series),
    joinedload(Proposal.speakers),  # one or two: a second query with every id in it costs more than a row twice
    lazyload(Proposal.topics),
    selectinload(Proposal.away_touchpoints).options(lazyload(Touchpoint.series), lazyload(Touchpoint.segments)),
)


def read_series(session: Session) -> Sequence[Series]:
    """All series in their order, with their rules."""
    query = select(Series).order_by(Series.position, Series.id).options(selectinload(Series.rules))
    return session.scalars(query).all()


def has_ended(series: Series, *, now: datetime) -> bool:
    return series.ended_on is not None and series.ended_on < now.date()


def rhythm(series: Series, *, now: datetime) -> str:
    """The rule in force in words, or the first one that will be: "2nd Thursday, 14:00 Madrid"."""
    rules = [
        Rule(row.valid_from, from_rrule(row.rrule), row.start_time, row.minutes, row.time_zone) for row in series.rules
    ]
    rule = rule_in_force(rules, on=now.date()) or next(iter(rules), None)
    return rule.in_words if rule else ""


def first_month(session: Session, *, now: datetime) -> date:
    """The first day of the month of the next call, or of this month."""
    query = select(Touchpoint).where(Touchpoint.starts_at > now).order_by(Touchpoint.starts_at).limit(1)
    coming = session.scalars(query.options(lazyload(Touchpoint.series), lazyload(Touchpoint.segments))).first()
    return (coming.local_start if coming else now).date().replace(day=1)


def read_touchpoints(
    session: Session, *, since: date, until: date | None, ending_after: datetime | None
) -> Sequence[Touchpoint]:
    """The touchpoints on the days from `since` to before `until`, in order of time; only those not over by a moment."""
    query = select(Touchpoint).where(Touchpoint.local_start >= _midnight(since))
    if until is not None:
        query = query.where(Touchpoint.local_start < _midnight(until))
    found = session.scalars(query.order_by(Touchpoint.starts_at, Touchpoint.id)).all()
    return [touchpoint for touchpoint in found if ending_after is None or touchpoint.ends_at > ending_after]


def read_inbox(session: Session) -> Sequence[Proposal]:
    """The accepted proposals that have fewer places than they are for."""
    placed = (
        select(func.count())
        .where(Talk.proposal_id == Proposal.id, Talk.state.in_(ON_THE_BOARD))
        .correlate(Proposal)
        .scalar_subquery()
    )
    most = case((Proposal.preference == SeriesPreference.BOTH, SeriesPreference.BOTH.talks), else_=1)
    query = select(Proposal).where(Proposal.state == ProposalState.ACCEPTED, placed < most)
    return session.scalars(query.options(*_OF_PROPOSAL)).unique().all()


def read_talks(session: Session, touchpoints: Sequence[Touchpoint], waiting: Iterable[Proposal]) -> Sequence[Talk]:
    """The talks on these touchpoints and near them, and the other talks of the proposals there and of `waiting`."""
    there = [touchpoint.id for touchpoint in touchpoints]
    proposals = select(Talk.proposal_id).where(Talk.touchpoint_id.in_(there))
    wanted = [
        Talk.touchpoint_id.in_(there),
        Talk.proposal_id.in_(proposals),
        Talk.proposal_id.in_([proposal.id for proposal in waiting]),
    ]
    if touchpoints:
        near = touchpoints[0].starts_at - REPEAT, touchpoints[-1].starts_at + REPEAT
        wanted.append(Touchpoint.starts_at.between(*near))
    return session.scalars(_talks().where(or_(*wanted)).order_by(Talk.position, Talk.id)).unique().all()


def read_talk(session: Session, talk_id: int) -> Talk | None:
    """A talk that stands on the board, or None."""
    return session.scalars(_talks().where(Talk.id == talk_id)).unique().one_or_none()


def read_public_statuses(session: Session, touchpoints: Iterable[Touchpoint]) -> dict[int, PublicStatus]:
    """What subscribers see of each touchpoint; one that was never published is missing."""
    there = [touchpoint.id for touchpoint in touchpoints]
    query = select(Publication.touchpoint_id, Publication.status).where(Publication.touchpoint_id.in_(there))
    return dict(session.execute(query).all())


def read_wished_dates(session: Session, talks: Iterable[Talk]) -> dict[int, str]:
    """The dates, in words, of the touchpoints that speakers who declined could do instead."""
    wishes = {wish for talk in talks for wish in wished_by(talk)}
    query = select(Touchpoint).where(Touchpoint.id.in_(wishes))
    found = session.scalars(query.options(lazyload(Touchpoint.series), lazyload(Touchpoint.segments)))
    return {touchpoint.id: short_date(touchpoint) for touchpoint in found}


def count_empty_dates(session: Session, *, now: datetime) -> int:
    """The open calls within 90 days on which no talk stands."""
    occupied = select(Talk.id).where(Talk.touchpoint_id == Touchpoint.id, Talk.state.in_(ON_THE_BOARD)).exists()
    query = select(func.count()).where(
        Touchpoint.state == TouchpointState.OPEN,
        Touchpoint.starts_at.between(now, now + EMPTY_WITHIN),
        ~occupied,
    )
    return session.scalar(query) or 0


def read_revision(session: Session, *, now: datetime) -> str:
    """A word that changes with every change that the board shows, and every hour, since days and deadlines pass too."""
    query = select(func.count(AuditEvent.id), func.max(AuditEvent.id)).where(AuditEvent.subject.in_(_SEEN))
    count, latest = session.execute(query).one()
    return f"{count}-{latest or 0}-{now:%Y%m%d%H}"


def _talks() -> Select[Talk]:
    return (
        select(Talk)
        .join(Talk.touchpoint)
        .where(Talk.state.in_(ON_THE_BOARD))
        .options(
            contains_eager(Talk.touchpoint).options(lazyload(Touchpoint.series), lazyload(Touchpoint.segments)),
            joinedload(Talk.proposal).options(*_OF_PROPOSAL),
        )
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
