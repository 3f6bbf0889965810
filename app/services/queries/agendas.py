"""The calls of the Markdown agendas: whole years, and what comes next; publications and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.domain.disclosure import organizers_words
from app.domain.errors import NotFound
from app.domain.localtime import in_zone
from app.domain.publication import PublicTouchpoint
from app.domain.site import Site
from app.feeds.markdown import MarkdownFile, agenda_files, coming_files
from app.feeds.markdown.coming import Address
from app.feeds.markdown.files import call_files, year_file, year_of
from app.models import Publication
from app.services.public_history import read_value
from app.services.queries.public import find_call

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


def agenda_files_of(session: Session, year: int, *, site: Site) -> tuple[MarkdownFile, ...]:
    """The folder of this year: its table and a file for each call; empty where there is no call."""
    return _files(calls_of_year(session, year), site)


def all_agenda_files(session: Session, *, site: Site, today: datetime) -> tuple[MarkdownFile, ...]:
    """The folders of every year, and what comes next from the UTC day of `today` on."""
    return (*_files(_read(session, select(Publication)), site), *coming_files_from(session, site=site, today=today))


def read_year_file(session: Session, year: int, *, site: Site) -> MarkdownFile:
    """The table of this year. Raises NotFound for a year without a call."""
    if not (calls := calls_of_year(session, year)):
        raise NotFound("There is no agenda of that year.")
    return year_file(year, calls, community=organizers_words(site.community))


def read_call_file(session: Session, key: str, *, site: Site) -> MarkdownFile:
    """The file of one call, by the name that it has among those of its year. Raises NotFound."""
    call = find_call(session, key)
    return call_files(calls_of_year(session, year_of(call)), url=_address(site))[key]


def coming_files_from(session: Session, *, site: Site, today: datetime) -> tuple[MarkdownFile, MarkdownFile]:
    """The paragraph for a newsletter, and the table of the next calls."""
    return coming_files(
        calls_from(session, today),
        url=_address(site),
        community=organizers_words(site.community),
        subscribe=site.url("/subscribe"),
        propose=site.url("/propose"),
    )


def _files(calls: Sequence[PublicTouchpoint], site: Site) -> tuple[MarkdownFile, ...]:
    return agenda_files(calls, url=_address(site), community=organizers_words(site.community))


def _address(site: Site) -> Address:
    return lambda call: site.url(f"/touchpoints/{call.key}")


def _read(session: Session, query: Select[Publication]) -> tuple[PublicTouchpoint, ...]:
    rows = session.scalars(query.order_by(Publication.starts_at, Publication.uid))
    return tuple(call for row in rows if (call := read_value(row.value)) is not None)
