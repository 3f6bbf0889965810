"""Once a week, to each organizer: calls without a talk, invitations without an answer, mails that were given up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.cadence import rule_in_force
from app.domain.reminders import organizers_week
from app.domain.site import Site
from app.domain.states import ON_THE_BOARD, ConfirmationState, MailState, TalkState, TouchpointState
from app.mail.messages.organizing import Awaited, Unanswered, Week
from app.mail.reading import SUBSCRIBERS_KINDS
from app.models import OutboxMessage, Series, Talk, Touchpoint
from app.services import notifying
from app.services.board_moves import occasion_of
from app.services.queries.missing_materials import Missing, read_missing
from app.services.queries.sister_states import failing_for_long

LOOK_AHEAD = timedelta(weeks=6)
MOST_LINES = 20
"""Of each list in the mail; the board has the rest."""


def mail_organizers_week(session: Session, *, site: Site, now: datetime) -> int:
    """On Mondays from seven on the community's clock: one mail to each organizer; returns how many. Commits.

    A second run in the same week mails nothing, and neither does a week in which nothing waits.
    """
    week = organizers_week(now, community_zone(session, now=now))
    if week is None:
        return 0
    found = read_week(session, now=now)
    mailed = notifying.notify_week(session, found, week=week, site=site, now=now) if found.says_something else 0
    session.commit()
    return mailed


def community_zone(session: Session, *, now: datetime) -> str:
    """The zone of the first series that has a cadence; UTC before there is one."""
    query = select(Series).order_by(Series.position, Series.id).options(selectinload(Series.rules))
    for series in session.scalars(query):
        rules = [row.value() for row in series.rules]
        if rule := rule_in_force(rules, on=now.date()) or next(iter(rules), None):
            return rule.zone
    return "UTC"


def read_week(session: Session, *, now: datetime) -> Week:
    """What waits for the organizers, the nearest first."""
    empty, waiting = _empty_calls(session, now=now), _unanswered(session, now=now)
    missing = read_missing(session, now=now)
    return Week(
        empty=tuple(occasion_of(call) for call in empty[:MOST_LINES]),
        unanswered=tuple(_line(talk, call) for talk, call in waiting[:MOST_LINES]),
        parked=_count_parked(session),
        more=max(0, len(empty) - MOST_LINES) + max(0, len(waiting) - MOST_LINES),
        weeks=LOOK_AHEAD.days // 7,
        calendars=failing_for_long(session, now=now),
        awaited=tuple(_awaited(each) for each in missing[:MOST_LINES]),
        awaited_more=max(0, len(missing) - MOST_LINES),
    )


def _empty_calls(session: Session, *, now: datetime) -> Sequence[Touchpoint]:
    occupied = select(Talk.id).where(Talk.touchpoint_id == Touchpoint.id, Talk.state.in_(ON_THE_BOARD)).exists()
    query = select(Touchpoint).where(
        Touchpoint.state == TouchpointState.OPEN, Touchpoint.starts_at.between(now, now + LOOK_AHEAD), ~occupied
    )
    return session.scalars(query.order_by(Touchpoint.starts_at, Touchpoint.id)).all()


def _unanswered(session: Session, *, now: datetime) -> list[tuple[Talk, Touchpoint]]:
    query = (
        select(Talk, Touchpoint)
        .join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
        .where(Talk.state == TalkState.INVITED, Touchpoint.starts_at > now)
        .options(joinedload(Talk.proposal), selectinload(Talk.confirmations))
        .order_by(Touchpoint.starts_at, Talk.position, Talk.id)
    )
    return [(talk, call) for talk, call in session.execute(query).unique()]


def _line(talk: Talk, call: Touchpoint) -> Unanswered:
    asked = [each.speaker.name for each in talk.confirmations if each.state is ConfirmationState.ASKED]
    return Unanswered(talk.proposal.title, tuple(asked), occasion_of(call), talk.answer_by)


def _awaited(missing: Missing) -> Awaited:
    owner = missing.owner
    name = (owner.name or owner.email) if owner else ""
    return Awaited(missing.kind.label, missing.talk.proposal.title, missing.days, name)


def _count_parked(session: Session) -> int:
    """Mails that were given up. Those to subscribers are not the organizers' business."""
    parked = select(func.count()).where(
        OutboxMessage.state == MailState.PARKED, OutboxMessage.kind.not_in(SUBSCRIBERS_KINDS)
    )
    return session.scalar(parked) or 0
