"""The numbers that are for everybody: counted from publications and what is made of them, and from nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.archive import Has, MarkKind
from app.domain.attribution import PublicText
from app.domain.cities import COMMUNITY_CITIES, City
from app.domain.disclosure import organizers_words
from app.domain.insights import A_YEAR, Share, comfortable_share, group_small
from app.domain.people import RoleCategory
from app.domain.publication import PublicSeries
from app.domain.revision import PublicStatus
from app.models import ArchiveEntry, ArchiveMark, Publication, Series
from app.services.hiding import is_public
from app.services.publishing import series_in_public
from app.services.queries.feeds import is_dated


@dataclass(frozen=True)
class SeriesYears:
    """How many calls of a series were held in each year in which there were some, oldest first."""

    series: PublicSeries
    years: tuple[tuple[int, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.years)


@dataclass(frozen=True)
class Numbers:
    """What the public page shows. In `roles` small groups stand together, under None."""

    calls: int
    talks: int
    series: tuple[SeriesYears, ...]
    topics: tuple[tuple[PublicText, int], ...]
    roles: tuple[tuple[RoleCategory | None, int], ...]
    recordings: Share
    hours: tuple[tuple[City, Share], ...]


def read_numbers(session: Session, *, now: datetime) -> Numbers:
    """Of the calls that were held with a talk; the hours are those of the last twelve months and of what is planned."""
    held = _held_by_year(session, now=now)
    marks = _count_marks(session, now=now)
    talks = session.scalar(select(func.count()).select_from(ArchiveEntry).where(ArchiveEntry.ends_at <= now)) or 0
    topics = sorted(marks[MarkKind.TOPIC].items(), key=lambda item: (-item[1], item[0]))
    return Numbers(
        calls=sum(each.total for each in held),
        talks=talks,
        series=held,
        topics=tuple((organizers_words(topic), count) for topic, count in topics),
        roles=tuple((RoleCategory(role) if role else None, count) for role, count in group_small(marks[MarkKind.ROLE])),
        recordings=Share(marks[MarkKind.HAS][Has.RECORDING.value], talks),
        hours=_hours(session, now=now),
    )


def _held_by_year(session: Session, *, now: datetime) -> tuple[SeriesYears, ...]:
    query = select(Publication.series_slug, Publication.starts_at).where(
        Publication.status == PublicStatus.CONFIRMED, Publication.ends_at <= now
    )
    counts = Counter((slug, starts_at.year) for slug, starts_at in session.execute(query))
    known = session.scalars(select(Series).where(is_public()).order_by(Series.position, Series.id))
    rows = (
        SeriesYears(
            series_in_public(series),
            tuple(sorted((year, count) for (slug, year), count in counts.items() if slug == series.slug)),
        )
        for series in known
    )
    return tuple(row for row in rows if row.years)


def _count_marks(session: Session, *, now: datetime) -> dict[MarkKind, Counter[str]]:
    query = (
        select(ArchiveMark.kind, ArchiveMark.word, func.count())
        .join(ArchiveEntry, ArchiveEntry.id == ArchiveMark.entry_id)
        .where(ArchiveEntry.ends_at <= now, ArchiveMark.kind.in_((MarkKind.TOPIC, MarkKind.ROLE, MarkKind.HAS)))
        .group_by(ArchiveMark.kind, ArchiveMark.word)
    )
    counts: dict[MarkKind, Counter[str]] = {kind: Counter() for kind in MarkKind}
    for kind, word, count in session.execute(query):
        counts[kind][word] = count
    return counts


def _hours(session: Session, *, now: datetime) -> tuple[tuple[City, Share], ...]:
    """Calls whose day is not known say nothing about hours."""
    query = select(Publication.starts_at, Publication.ends_at).where(
        Publication.status != PublicStatus.CANCELLED,
        Publication.starts_at > now - A_YEAR,
        is_dated(Publication),
    )
    calls = [(starts_at, ends_at) for starts_at, ends_at in session.execute(query)]
    return tuple((place, comfortable_share(calls, place.zone)) for place in COMMUNITY_CITIES)
