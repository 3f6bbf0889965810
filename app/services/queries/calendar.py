"""What the pages of the public calendar and of one call's times show: publications between two instants."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.month import Month
from app.domain.publication import PublicStatus, PublicTouchpoint
from app.models import Publication
from app.services.public_history import read_value

AHEAD = 12
"""The calendar goes on for so many months, also where nothing is planned."""
_LONGEST = timedelta(days=1)  # no call lasts longer


def month_bounds(session: Session, *, now: datetime) -> tuple[Month, Month]:
    """The first and the last month that the calendar shows: from the first call to a year ahead, or the last call."""
    query = select(func.min(Publication.starts_at), func.max(Publication.starts_at))
    of_calls = [Month.of(moment.date()) for moment in session.execute(query).one() if moment is not None]
    present = Month.of(now.date())
    return min([present, *of_calls]), max([present.after(AHEAD), *of_calls])


def calls_between(session: Session, start: datetime, end: datetime) -> tuple[PublicTouchpoint, ...]:
    """The calls that are on between these instants, in order: also those that are cancelled or skipped."""
    query = select(Publication).where(
        Publication.starts_at < end, Publication.starts_at > start - _LONGEST, Publication.ends_at > start
    )
    return _values(session.scalars(query.order_by(Publication.starts_at, Publication.uid)))


def calls_of_series(session: Session, slug: str, *, after: datetime, until: datetime) -> tuple[PublicTouchpoint, ...]:
    """The calls of one series that take place and end after the one instant and begin before the other."""
    query = (
        select(Publication)
        .where(Publication.series_slug == slug, Publication.ends_at > after, Publication.starts_at < until)
        .order_by(Publication.starts_at, Publication.uid)
    )
    return tuple(call for call in _values(session.scalars(query)) if is_on(call))


def is_on(call: PublicTouchpoint) -> bool:
    """Whether the call takes place, or took place."""
    return not call.skipped and call.status is not PublicStatus.CANCELLED


def _values(rows: Iterable[Publication]) -> tuple[PublicTouchpoint, ...]:
    """The rows' values; a broken one is left out, as on every page."""
    return tuple(value for row in rows if (value := read_value(row.value)) is not None)
