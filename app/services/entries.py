"""Speakers' calendars follow what their entries say: the title, the join link, the series, who is named."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.domain.site import Site
from app.domain.states import TalkState
from app.models import Proposal, Series, Talk, Touchpoint
from app.services import notifying


def update_entries(session: Session, about: Proposal | Series | Touchpoint, *, site: Site, now: datetime) -> int:
    """Mail the speakers of the confirmed talks to come whose calendars say something else than the tables do now,
    or names somebody who took that back; returns how many mails.

    Joins the caller's transaction. A change of the date is none of its business: that asks the speakers again.
    """
    session.flush()
    talks = select(Talk).join(Touchpoint, Talk.touchpoint_id == Touchpoint.id)
    coming = talks.where(Talk.state == TalkState.CONFIRMED, Touchpoint.starts_at > now, _concerns(about))
    rows = session.scalars(coming.order_by(Talk.id).with_for_update(of=Talk)).all()
    return sum(notifying.notify_updated(session, talk, site=site, now=now) for talk in rows)


def _concerns(about: Proposal | Series | Touchpoint) -> ColumnElement[bool]:
    if isinstance(about, Proposal):
        return Talk.proposal_id == about.id
    if isinstance(about, Series):
        return Touchpoint.series_id == about.id
    return Touchpoint.id == about.id
