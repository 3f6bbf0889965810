"""A mark in every column that is not public: whoever reads it names the column that leaked.

Columns and tables that are written tomorrow are marked too, until somebody says here that they are public or no words.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from app.extensions import db
from app.models.types import Instant, Words

PUBLIC = {
    *("series.name", "series.short_name", "series.description", "series.role_address", "series.moved_to"),
    *("topic.name", "touchpoint.reason", "cadence_exception.reason", "segment.title", "segment_template.title"),
    *("proposal.title", "proposal.abstract", "speaker.name", "speaker.affiliation"),  # the canaries' own words
    *("person.name", "person.affiliation"),  # no less: they are searched for as words of people
    "archive_mark.word",  # a copy of what publications say
    *("working_group_chair.name", "working_group_chair.affiliation"),
    *("talk.recording_url", "talk.slides_url"),  # the canaries' own, or shown as every speaker agreed
    "published_notes.text",
    *("working_group.name", "working_group.scope", "working_group.notes", "working_group.repository"),
    *("working_group.calendar", "working_group.rhythm"),
    *("sister_calendar.name", "sister_occurrence.title", "sister_occurrence.url"),  # as their owners publish them
}
NO_WORDS = {  # names of things, digests, places: by the column's name
    *("key", "uid", "slug", "link_key", "form_key", "import_key", "token_hash", "link_hash", "code_hash", "kind"),
    *("browser_hash", "time_zone", "hue", "shape", "rrule", "dedup", "message_id", "purpose", "lease_owner", "wording"),
    *("consent_wording", "fingerprint", "series_slug", "next_path", "actor", "action", "proposed", "place"),
    *("email", "recipient", "sender"),  # the canaries' own, who are mailed at them
}
_NOW = datetime(2026, 11, 1, tzinfo=UTC)


def marked() -> list[Column[Any]]:
    """Every column with words that are for few."""
    return [
        column
        for table in db.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, String) or type(column.type).__name__ == "Concealed"
        if column.name not in NO_WORDS and str(column) not in PUBLIC
    ]


def mark_columns(session: Session) -> None:
    """Append each column's mark to what stands in it, once."""
    for column in marked():
        words, mark = type_coerce(column, String), mark_of(column)
        unmarked = ~words.contains(mark)
        session.execute(update(column.table).where(unmarked).values({column.name: words.concat(mark)}))
    session.commit()


def fill_empty_tables(session: Session) -> None:
    """One row in each table that has none and has columns to mark."""
    having = {column.table for column in marked()}
    for table in (table for table in db.metadata.sorted_tables if table in having):
        if session.scalar(select(func.count()).select_from(table)) == 0:
            session.execute(insert(table).values(_row(session, table)))
    session.commit()


def unmarked_columns(session: Session) -> list[str]:
    """The columns that no row has marked: the suite would not see them leak."""
    return [
        str(column)
        for column in marked()
        if not session.scalar(
            select(func.count()).select_from(column.table).where(type_coerce(column, String).contains(mark_of(column)))
        )
    ]


def mark_of(column: Column[Any]) -> str:
    return f"zztaint{str(column).replace('.', '').replace('_', '')}zz"


def _row(session: Session, table: Table) -> dict[str, Any]:
    return {column.name: _value(session, column) for column in table.columns if not _fills_itself(column)}


def _fills_itself(column: Column[Any]) -> bool:
    numbers_itself = column is column.table.autoincrement_column
    return numbers_itself or (column.default is not None and not isinstance(column.type, String))


def _value(session: Session, column: Column[Any]) -> object:
    if column.foreign_keys:
        [foreign] = column.foreign_keys
        return session.scalar(select(foreign.column).limit(1))
    kinds: dict[type, object] = {
        Instant: _NOW,
        Boolean: False,
        Integer: 1,
        JSON: {},
        LargeBinary: b"",
        Date: date(2026, 11, 1),
    }
    if isinstance(column.type, Words):
        words: type[StrEnum] = column.type.enum
        return next(iter(words))
    for kind, value in kinds.items():
        if isinstance(column.type, kind):
            return value
    if str(column) in map(str, marked()):
        return literal(mark_of(column), String)
    if isinstance(column.type, String):
        return f"filled-{column.name}"
    return time(14, 0)
