"""The last event of a series that ended or moved house: its feed keeps answering, and says where it went."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.publication import PublicStatus
from app.domain.revision import Revision
from app.domain.site import Site
from app.feeds.ical import LastWord, farewell
from app.models import Farewell, Series
from app.models.base import random_uid
from app.services.publishing import series_in_public


def keep_farewell(session: Session, series: Series, *, was_ended_on: date | None, site: Site, now: datetime) -> None:
    """Write, change or take back the last event, as the series says. Joins the caller's transaction.

    It stands on the day after the last one, or today where that is past, so that subscribers see it. Taken back, it
    stays as cancelled. SEQUENCE rises with each change of what it says.
    """
    row = session.get(Farewell, series.id)
    if row is None:
        if series.ended_on is not None:
            session.add(_new(series, series.ended_on, site=site, now=now))
        return
    if series.ended_on is not None and series.ended_on != was_ended_on:
        row.day = _day(series.ended_on, now=now)
    row.cancelled = series.ended_on is None
    if _bytes(series, row, site=site) != row.vevent:
        row.sequence, row.last_modified = row.sequence + 1, max(now, row.last_modified)
        row.vevent = _bytes(series, row, site=site)


def _new(series: Series, ended_on: date, *, site: Site, now: datetime) -> Farewell:
    row = Farewell(
        series_id=series.id,
        uid=random_uid(),
        day=_day(ended_on, now=now),
        cancelled=False,
        sequence=0,
        created_at=now,
        last_modified=now,
    )
    row.vevent = _bytes(series, row, site=site)
    return row


def _day(ended_on: date, *, now: datetime) -> date:
    return max(ended_on + timedelta(days=1), now.date())


def _bytes(series: Series, row: Farewell, *, site: Site) -> bytes:
    status = PublicStatus.CANCELLED if row.cancelled else PublicStatus.CONFIRMED
    revision = Revision(status, row.sequence, row.created_at, row.last_modified, None)
    last = LastWord(
        uid=f"{row.uid}@{site.uid_domain}", day=row.day, last_day=series.ended_on or row.day, moved_to=series.moved_to
    )
    return farewell(series_in_public(series), last, revision, url=site.url("/schedule"))
