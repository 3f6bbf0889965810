"""The calls of the Markdown agendas: whole years, and what comes next; publications and nothing else."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.localtime import in_zone
from app.domain.publication import PublicTouchpoint
from app.feeds.markdown.files import year_of
from app.models import Publication
from app.services.public_history import read_value

_A_DAY = timedelta(days=1)
COMING = 10
"""Calls in the newsletter and in the table of the next ones."""


def list_years(session: Session) -> tuple[int, ...]:
    """The years that have a call, on the series' own calendars; the newest first."""
    rows = session.execute(select(Publication.starts_at, Publication.value["time_zone"].as_string()))
    return tuple(sorted({in_zone(starts_at, zone).year for starts_at, zone in rows}, reverse=True))


def calls_of_year(session: Session, year: int) -> tuple[PublicTouchpoint, ...]:
    """The calls of this year on the series' own calendars, in order. A publication that cannot be read is left out."""
    if not MINYEAR < year < MAXYEAR:
        return ()
    begins, ends = datetime(year, 1, 1, tzinfo=UTC) - _A_DAY, datetime(year + 1, 1, 1, tzinfo=UTC) + _A_DAY
    query = select(Publication).where(Publication.starts_at.between(begins, ends))
    return tuple(call for call in _read(session, query) if year_of(call) == year)


def calls_from(session: Session, day: datetime, *, size: int = COMING) -> tuple[PublicTouchpoint, ...]:
    """The next calls, soonest first, those of the UTC day of `day` included, whatever its time of day."""
    midnight = day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return _read(session, select(Publication).where(Publication.starts_at >= midnight).limit(size))


def _read(session: Session, query: Select[Publication]) -> tuple[PublicTouchpoint, ...]:
    rows = session.scalars(query.order_by(Publication.starts_at, Publication.uid))
    return tuple(call for row in rows if (call := read_value(row.value)) is not None)
