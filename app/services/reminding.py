"""Speakers of confirmed talks: reminded before their date as the series says, thanked two days after.

Moderators are reminded of their call the day before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.reminders import MOST_DAYS, THANKS_AFTER, are_thanks_due, due_reminder, read_days
from app.domain.site import Site
from app.domain.states import TalkState, TouchpointState
from app.models import Person, Series, Talk, Touchpoint
from app.services import notifying
from app.services.auditing import SYSTEM, Actor, record
from app.services.versions import expect_version

_THANKED_WITHIN, _A_DAY = timedelta(days=14), timedelta(days=1)


def remind_speakers(session: Session, *, site: Site, now: datetime) -> int:
    """Mail what is due to the speakers of talks to come; returns how many mails. Commits; a second run mails nothing.

    Each step goes out once for each date of a talk, and none that was due before the talk was confirmed.
    """
    soon = Touchpoint.starts_at.between(now, now + timedelta(days=MOST_DAYS + 1))
    mailed = 0
    for talk, call in _confirmed(session, soon):
        days = due_reminder(
            call.series.reminder_days,
            starts_at=call.starts_at,
            zone=call.time_zone,
            confirmed_at=talk.confirmed_at or call.starts_at,  # unknown in a record of the past
            now=now,
        )
        if days is not None and (count := notifying.notify_upcoming(session, talk, step=days, site=site, now=now)):
            record(session, "talk.speakers_reminded", talk, by=SYSTEM, now=now, days=days, mails=count)
            mailed += count
    session.commit()
    return mailed


def thank_speakers(session: Session, *, site: Site, now: datetime) -> int:
    """Thank the speakers of talks given two days ago; returns how many mails. Commits, and repeats nothing."""
    lately = Touchpoint.starts_at.between(now - _THANKED_WITHIN, now - THANKS_AFTER)
    mailed = 0
    for talk, call in _confirmed(session, lately):
        due = are_thanks_due(ends_at=call.ends_at, now=now)
        if due and (count := notifying.notify_thanked(session, talk, site=site, now=now)):
            record(session, "talk.speakers_thanked", talk, by=SYSTEM, now=now, mails=count)
            mailed += count
    session.commit()
    return mailed


def remind_moderators(session: Session, *, site: Site, now: datetime) -> int:
    """Mail the moderators of calls that begin within a day; returns how many mails. Commits, and repeats nothing."""
    soon = Touchpoint.starts_at > now, Touchpoint.starts_at <= now + _A_DAY
    query = select(Touchpoint, Person).join(Person, Person.id == Touchpoint.moderator_id)
    rows = session.execute(query.where(Touchpoint.state == TouchpointState.OPEN, *soon).order_by(Touchpoint.id)).all()
    mailed = sum(notifying.notify_moderating_soon(session, call, person, site=site, now=now) for call, person in rows)
    session.commit()
    return mailed


def save_reminder_days(session: Session, series: Series, text: str, *, version: int, by: Actor, now: datetime) -> None:
    """Let the series remind on the days before its calls that `text` lists. Raises InvalidInput, Conflict."""
    expect_version(series, version)
    series.reminder_days = read_days(text)
    record(session, "series.reminders_saved", series, by=by, now=now, days=series.reminder_days)
    session.commit()


def _confirmed(session: Session, when: ColumnElement[bool]) -> Sequence[tuple[Talk, Touchpoint]]:
    """Confirmed talks on calls that take place, with their calls; those that somebody changes just now come later."""
    query = (
        select(Talk, Touchpoint)
        .join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
        .where(Talk.state == TalkState.CONFIRMED, Touchpoint.state == TouchpointState.OPEN, when)
        .order_by(Talk.id)
        .with_for_update(of=Talk, skip_locked=True)
    )
    return [(talk, call) for talk, call in session.execute(query).all()]
