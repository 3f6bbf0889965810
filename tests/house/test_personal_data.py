"""Every column that may say something of a person is in their own data, and gone when they are erased."""

from __future__ import annotations

import re

from sqlalchemy import Column

from app.models import Base
from app.services.own_data import ERASED, SECTIONS

_NAMES = re.compile(r"(^|_)(email|recipient|sender|affiliation|pronouns|bio|browser|comment|note|words)$")
_OF_ONE_PERSON = frozenset({"person", "speaker", "confirmation"})
"""Whatever points at one of these is about one person."""
_NOT_PERSONAL = {
    **dict.fromkeys(
        (f"archive_entry.{part}_words" for part in ("title", "named", "told", "noted")),
        "words of what is public: of a publication and of published notes, rewritten whenever these are",
    ),
    "import_run.note": "what the house made of an import, in its own words",
    "received.note": "what the house made of a message, in its own words",
}


def is_personal(column: Column[object]) -> bool:
    points_at = {key.column.table.name for key in column.foreign_keys}
    has_address = "email" in column.table.columns
    return bool(points_at & _OF_ONE_PERSON or _NAMES.search(column.name) or (has_address and column.name == "name"))


def personal_columns() -> set[str]:
    columns = {
        f"{table.name}.{c.name}" for table in Base.metadata.sorted_tables for c in table.columns if is_personal(c)
    }
    return columns - _NOT_PERSONAL.keys()


def known_columns() -> set[str]:
    return {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}


def test_everything_personal_is_in_the_export():
    covered = {column for section in SECTIONS for column in section.covers}
    assert personal_columns() - covered == set(), "say in app/services/own_data what this is (docs/own-data.md)"
    assert covered - known_columns() == set()


def test_everything_personal_is_erased():
    assert personal_columns() - ERASED.keys() == set(), "say in app/services/own_data/erased.py what becomes of this"
    assert ERASED.keys() - known_columns() == set()


def test_the_walk_finds_what_is_personal():
    """Or else nothing would be found missing."""
    assert {"person.email", "review.organizer_id", "outbox.recipient", "speaker.name"} <= personal_columns()
    assert "topic.name" not in personal_columns()
