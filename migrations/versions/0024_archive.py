"""The archive's entries, each engine's own index of their words, and who sees to recordings and slides."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.domain.archive import archive_entries
from app.domain.publication import PublicTouchpoint

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WORDS = ("title_words", "named_words", "told_words", "noted_words")


def upgrade() -> None:
    _create_entries()
    _create_materials()
    if op.get_bind().dialect.name == "sqlite":
        _create_index_of_sqlite()
    else:
        _create_index_of_postgresql()
    _fill()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE archive_words")
    for name in ("material", "archive_mark", "archive_entry"):
        op.drop_table(name)


def _create_entries() -> None:
    op.create_table(
        "archive_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in _WORDS),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["publication.touchpoint_id"],
            name=op.f("fk_archive_entry_touchpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_archive_entry_key")),
    )
    op.create_index(op.f("ix_archive_entry_touchpoint_id"), "archive_entry", ["touchpoint_id"], unique=False)
    op.create_index("ix_archive_entry_starts_at_key", "archive_entry", ["starts_at", "key"], unique=False)
    op.create_table(
        "archive_mark",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("word", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["archive_entry.id"], name=op.f("fk_archive_mark_entry_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "kind", "word", name=op.f("pk_archive_mark")),
    )
    op.create_index("ix_archive_mark_kind_word_entry_id", "archive_mark", ["kind", "word", "entry_id"], unique=False)


def _create_materials() -> None:
    op.create_table(
        "material",
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("none_reason", sa.String(length=200), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_material_owner_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_material_talk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("talk_id", "kind", name=op.f("pk_material")),
    )
    op.create_index(op.f("ix_material_owner_id"), "material", ["owner_id"], unique=False)


def _create_index_of_sqlite() -> None:
    """FTS5 over the columns of the entries, which it does not repeat; triggers keep it, whoever deletes a row."""
    columns, new, old = (", ".join(f"{owner}{name}" for name in _WORDS) for owner in ("", "new.", "old."))
    op.execute(
        f"CREATE VIRTUAL TABLE archive_words USING fts5({columns}, content='archive_entry', content_rowid='id', "
        "tokenize='unicode61 remove_diacritics 0')"
    )
    add = f"INSERT INTO archive_words (rowid, {columns}) VALUES (new.id, {new});"
    remove = f"INSERT INTO archive_words (archive_words, rowid, {columns}) VALUES ('delete', old.id, {old});"
    of_words = f"UPDATE OF {columns}"
    for name, event, body in (
        ("added", "INSERT", add),
        ("removed", "DELETE", remove),
        ("changed", of_words, f"{remove} {add}"),
    ):
        op.execute(f"CREATE TRIGGER archive_words_{name} AFTER {event} ON archive_entry BEGIN {body} END")


def _create_index_of_postgresql() -> None:
    weighed = " || ".join(
        f"setweight(to_tsvector('simple', {name}), '{weight}')" for name, weight in zip(_WORDS, "ABCD", strict=True)
    )
    op.execute(f"ALTER TABLE archive_entry ADD COLUMN found_by tsvector GENERATED ALWAYS AS ({weighed}) STORED")
    op.execute("CREATE INDEX ix_archive_entry_found_by ON archive_entry USING gin (found_by)")


def _fill() -> None:
    """From the publications that there are, in the words that this release searches by; notes follow with the worker's
    first start, which publishes anew what is older."""
    bind = op.get_bind()
    keys = _keys_of_talks(bind)
    rows = bind.execute(
        sa.text("SELECT touchpoint_id, starts_at, ends_at, value FROM publication WHERE status = 'confirmed'")
    ).all()
    entry, mark = (sa.table(name, *map(sa.column, columns)) for name, columns in _COLUMNS.items())
    for row in rows:
        value = json.loads(row.value) if isinstance(row.value, str) else row.value
        for found in _entries(bind, row.touchpoint_id, value, keys[row.touchpoint_id]):
            words = {name: getattr(found, name) for name in ("key", *_WORDS)}
            when = {"touchpoint_id": row.touchpoint_id, "starts_at": row.starts_at, "ends_at": row.ends_at}
            bind.execute(entry.insert().values(**words, **when))
            number = bind.scalar(sa.text("SELECT id FROM archive_entry WHERE key = :key"), {"key": found.key})
            for kind, word in found.marks:
                bind.execute(mark.insert().values(entry_id=number, kind=kind.value, word=word))


_COLUMNS = {
    "archive_entry": ("key", "touchpoint_id", "starts_at", "ends_at", *_WORDS),
    "archive_mark": ("entry_id", "kind", "word"),
}


def _keys_of_talks(bind: sa.Connection) -> Mapping[int, list[str]]:
    """The keys of the confirmed talks of each call, in the order in which they are published."""
    query = "SELECT touchpoint_id, key FROM talk WHERE state = 'confirmed' AND touchpoint_id IS NOT NULL"
    keys: dict[int, list[str]] = defaultdict(list)
    for touchpoint_id, key in bind.execute(sa.text(f"{query} ORDER BY position, id")):
        keys[touchpoint_id].append(key)
    return keys


def _entries(bind: sa.Connection, touchpoint_id: int, value: dict[str, Any], keys: list[str]) -> Iterator[Any]:
    """The entries of one call. A value of before talks had keys is given them, so that their pages are there."""
    try:
        talks = value["talks"]
        if len(talks) == len(keys) and not all(talk.get("key") for talk in talks):
            for talk, key in zip(talks, keys, strict=True):
                talk["key"] = key
            statement = sa.text("UPDATE publication SET value = :value WHERE touchpoint_id = :id")
            bind.execute(statement, {"value": json.dumps(value), "id": touchpoint_id})
        yield from archive_entries(PublicTouchpoint.from_json(value), notes="")
    except (KeyError, TypeError, AttributeError, ValueError):
        return  # what cannot be read is on no page either
