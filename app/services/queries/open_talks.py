"""The talks of the open data: the archive says which, publications say what of them is public."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from app.domain.archive import MarkKind
from app.domain.errors import NotFound
from app.domain.people import RoleCategory
from app.domain.searching import Search, read_search
from app.domain.text import clean_line
from app.models import ArchiveEntry, ArchiveMark, Publication, Topic
from app.services.queries.open_data import OpenCall, OpenTalk, Part, Position, going_on, value_of
from app.services.searching import is_found

NO_SEARCH = read_search("")


@dataclass(frozen=True)
class WantedTalks:
    """Which talks are asked for: those of a series, on a topic, in which somebody of this role category speaks, of a
    working group, on calls that begin at or after `since` and before `until`, that a search finds.

    None asks for all.
    """

    series: str | None = None
    topic: str | None = None
    role: RoleCategory | None = None
    working_group: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: Search = NO_SEARCH
    newest_first: bool = False


def list_talks(session: Session, wanted: WantedTalks, *, after: Position | None = None, most: int) -> Part[OpenTalk]:
    """At most `most` of the talks that are wanted, in the order of their call's start, from `after` on."""
    query = select(ArchiveEntry).where(*_talk_conditions(session, wanted))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    order = (ArchiveEntry.starts_at, ArchiveEntry.key)
    rows = session.scalars(going_on(query, order, after, newest_first=wanted.newest_first).limit(most + 1)).all()
    shown = rows[:most]
    onward = Position(shown[-1].starts_at, shown[-1].key) if len(rows) > most else None
    return Part(_talks(session, shown), total, onward)


def find_talk(session: Session, key: str) -> OpenTalk:
    """The talk of this key, wherever it moved. Raises NotFound."""
    found = _talks(session, session.scalars(select(ArchiveEntry).where(ArchiveEntry.key == key)).all())
    if not found:
        raise NotFound("There is no such talk.")
    return found[0]


def _talk_conditions(session: Session, wanted: WantedTalks) -> list[ColumnElement[bool]]:
    names = {
        MarkKind.SERIES: wanted.series,
        MarkKind.TOPIC: wanted.topic and _topic_name(session, wanted.topic),
        MarkKind.ROLE: wanted.role,
        MarkKind.GROUP: wanted.working_group,
    }
    found = [_has_mark(kind, word) for kind, word in names.items() if word is not None]
    if wanted.since is not None:
        found.append(ArchiveEntry.starts_at >= wanted.since)
    if wanted.until is not None:
        found.append(ArchiveEntry.starts_at < wanted.until)
    if wanted.search.has_words:
        found.append(is_found(session, wanted.search))
    elif wanted.search.typed:
        found.append(false())  # signs alone are in no text
    return found


def _has_mark(kind: MarkKind, word: str) -> ColumnElement[bool]:
    marked = select(ArchiveMark.entry_id).where(ArchiveMark.kind == kind, ArchiveMark.word == word)
    return ArchiveEntry.id.in_(marked)


def _topic_name(session: Session, slug: str) -> str:
    """The name by which talks have the topic; empty, which none has, for an unknown one."""
    return clean_line(session.scalar(select(Topic.name).where(Topic.slug == slug)) or "")


def _talks(session: Session, entries: Sequence[ArchiveEntry]) -> tuple[OpenTalk, ...]:
    """The talks of these entries, as their publications say them."""
    ids = {entry.touchpoint_id for entry in entries}
    calls: dict[int, OpenCall] = {}
    for row in session.scalars(select(Publication).where(Publication.touchpoint_id.in_(ids))):
        if value := value_of(row):
            calls[row.touchpoint_id] = OpenCall(value, row.changed_at)
    return tuple(
        talk
        for entry in entries
        if (call := calls.get(entry.touchpoint_id))
        for talk in call.talks
        if talk.talk.key == entry.key
    )
