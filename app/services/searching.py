"""The archive's entries and the search in them: one writer, and one way to ask, whatever the engine.

Each engine follows the entries with its own index: FTS5 on SQLite, tsvector on PostgreSQL (docs/adr/0080).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, insert, select, text
from sqlalchemy.orm import Session, selectinload

from app.domain.archive import Entry, archive_entries
from app.domain.notes import NotesAudience
from app.domain.publication import PublicStatus
from app.domain.searching import Search
from app.models import ArchiveEntry, ArchiveMark, Publication, PublishedNotes, Touchpoint
from app.services.notes_audience import audience_of
from app.services.public_history import read_value

_TITLE, _NAMED = ("title_words", "A"), ("named_words", "B")
_ALL = (_TITLE, _NAMED, ("told_words", "C"), ("noted_words", "D"))


class _Wanted(NamedTuple):
    entry: Entry
    touchpoint_id: int
    starts_at: datetime
    ends_at: datetime


def enter_calls(session: Session, touchpoint_ids: Collection[int]) -> None:
    """Bring the entries of these calls in line with their publications and published notes.

    Joins the caller's transaction, in which the touchpoints are locked. What is public no more is in no index any more
    either, not even among what an index has marked as deleted.
    """
    if not touchpoint_ids:
        return
    session.flush()
    wanted = _wanted(session, touchpoint_ids)
    here = ArchiveEntry.touchpoint_id.in_(touchpoint_ids) | ArchiveEntry.key.in_(wanted)
    rows = session.scalars(
        select(ArchiveEntry).where(here).options(selectinload(ArchiveEntry.marks)),
        execution_options={"populate_existing": True},
    ).all()
    known = {row.key: row for row in rows}
    loses_words = any(row.key not in wanted for row in rows)
    for row in rows:
        if row.key not in wanted:
            session.delete(row)
    for key, each in wanted.items():
        if key in known:
            loses_words |= _says_less(known[key], each.entry)
            _write(known[key], each)
    _add(session, [each for key, each in wanted.items() if key not in known])
    session.flush()
    if loses_words:
        _forget_words(session)


def enter_series(session: Session, series_id: int) -> None:
    """The same for all public calls of a series, since its notes have other readers. Joins the caller's transaction."""
    query = select(Publication.touchpoint_id).join(Touchpoint, Touchpoint.id == Publication.touchpoint_id)
    enter_calls(session, session.scalars(query.where(Touchpoint.series_id == series_id)).all())


def leave_archive(session: Session, touchpoint_ids: Collection[int]) -> None:
    """Take the entries of these calls away: nothing of them is public any more. Joins the caller's transaction."""
    gone = delete(ArchiveEntry).where(ArchiveEntry.touchpoint_id.in_(touchpoint_ids)).returning(ArchiveEntry.id)
    if session.scalars(gone).all():
        _forget_words(session)


def is_found(session: Session, search: Search) -> ColumnElement[bool]:
    """Which entries have all words of `search`, the last one also as the start of a word."""
    return ArchiveEntry.id.in_(_matches(session, search, _ALL))


def closeness(session: Session, search: Search) -> ColumnElement[int]:
    """How close an entry comes: 0 with all words in its title, 1 with names, topics and series, 2 elsewhere.

    The same on both engines, and no list changes its order because other entries came.
    """
    return case(
        (ArchiveEntry.id.in_(_matches(session, search, (_TITLE,))), 0),
        (ArchiveEntry.id.in_(_matches(session, search, (_TITLE, _NAMED))), 1),
        else_=2,
    )


def _matches(session: Session, search: Search, fields: Sequence[tuple[str, str]]) -> Select[int]:
    """The numbers of the entries that have all words in these fields. Words are letters and digits: nothing in them
    is an operator to an engine, which parts some of them ("1e5x") as it does in its index."""
    if _is_sqlite(session):
        words = [f'"{word}"' for word in search.whole] + ([f'"{search.start}" *'] if search.start else [])
        columns = " ".join(name for name, _ in fields)
        return _numbers(
            "rowid", "archive_words", "archive_words MATCH :found", f"{{{columns}}} : ({' AND '.join(words)})"
        )
    weights = "".join(weight for _, weight in fields)
    terms = [f"'{word}':{weights}" for word in search.whole]
    terms += [f"'{search.start}':*{weights}"] if search.start else []
    return _numbers("id", "archive_entry", "found_by @@ to_tsquery('simple', :found)", " & ".join(terms))


def _numbers(number: str, of: str, where: str, found: str) -> Select[int]:
    statement = select(text(number)).select_from(text(of))
    return statement.where(text(where).bindparams(bindparam("found", found, unique=True)))


def _wanted(session: Session, touchpoint_ids: Collection[int]) -> dict[str, _Wanted]:
    """What the archive should have of these calls, by the talks' keys."""
    query = select(Publication).where(
        Publication.touchpoint_id.in_(touchpoint_ids), Publication.status == PublicStatus.CONFIRMED
    )
    notes = _public_notes(session, touchpoint_ids)
    wanted = {}
    for row in session.scalars(query.order_by(Publication.touchpoint_id)):
        if value := read_value(row.value):
            for entry in archive_entries(value, notes=notes.get(row.touchpoint_id, "")):
                wanted[entry.key] = _Wanted(entry, row.touchpoint_id, row.starts_at, row.ends_at)
    return wanted


def _public_notes(session: Session, touchpoint_ids: Collection[int]) -> dict[int, str]:
    query = (
        select(Touchpoint, PublishedNotes)
        .join(PublishedNotes, PublishedNotes.touchpoint_id == Touchpoint.id)
        .where(PublishedNotes.touchpoint_id.in_(touchpoint_ids), PublishedNotes.audience == NotesAudience.PUBLIC)
    )
    return {
        touchpoint.id: row.text
        for touchpoint, row in session.execute(query)
        if audience_of(touchpoint, row.audience) is NotesAudience.PUBLIC
    }


def _add(session: Session, wanted: Sequence[_Wanted]) -> None:
    """New entries with their marks: two statements, however many they are."""
    if not wanted:
        return
    session.execute(insert(ArchiveEntry), [{"key": each.entry.key, **_columns(each)} for each in wanted])
    keys = [each.entry.key for each in wanted]
    rows = session.execute(select(ArchiveEntry.key, ArchiveEntry.id).where(ArchiveEntry.key.in_(keys)))
    numbers = {row.key: row.id for row in rows}
    marks = [(numbers[each.entry.key], *mark) for each in wanted for mark in each.entry.marks]
    session.execute(
        insert(ArchiveMark), [{"entry_id": number, "kind": kind, "word": word} for number, kind, word in marks]
    )


def _write(row: ArchiveEntry, wanted: _Wanted) -> None:
    """Only what is another: where nothing changed, nothing is written."""
    for name, value in _columns(wanted).items():
        if getattr(row, name) != value:
            setattr(row, name, value)
    marks = {(mark.kind, mark.word): mark for mark in row.marks}
    if marks.keys() != set(wanted.entry.marks):
        row.marks = [marks.get(mark) or ArchiveMark(kind=mark[0], word=mark[1]) for mark in wanted.entry.marks]


def _columns(wanted: _Wanted) -> dict[str, Any]:
    said = {name: getattr(wanted.entry, name) for name, _ in _ALL}
    return {**said, "touchpoint_id": wanted.touchpoint_id, "starts_at": wanted.starts_at, "ends_at": wanted.ends_at}


def _says_less(row: ArchiveEntry, entry: Entry) -> bool:
    return any(not set(getattr(row, name).split()) <= set(getattr(entry, name).split()) for name, _ in _ALL)


def _forget_words(session: Session) -> None:
    """FTS5 marks what is deleted, and forgets it when it merges: at once here. PostgreSQL keeps no words of its own
    beyond the row, whose old version it clears like any other."""
    if _is_sqlite(session):
        session.execute(text("INSERT INTO archive_words (archive_words) VALUES ('optimize')"))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
