"""Notes of calls, published by a second person, and questions asked before a call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scribe_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_touchpoint_scribe_id"), "person", ["scribe_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("notes_audience", sa.String(length=24), nullable=False, server_default="nobody"))
    _create_notes()
    _create_what_is_kept_of_notes()
    op.create_table(
        "question",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("question", "touchpoint"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_touchpoint_id"), "question", ["touchpoint_id"], unique=False)


def downgrade() -> None:
    for name in ("question", "published_notes", "notes_decision", "notes_author", "notes"):
        op.drop_table(name)
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_column("notes_audience")
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_touchpoint_scribe_id"), type_="foreignkey")
        batch_op.drop_column("scribe_id")


def _create_notes() -> None:
    op.create_table(
        "notes",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("notes", "touchpoint"),
        sa.PrimaryKeyConstraint("touchpoint_id", name=op.f("pk_notes")),
    )
    op.create_index(op.f("ix_notes_state"), "notes", ["state"], unique=False)


def _create_what_is_kept_of_notes() -> None:
    op.create_table(
        "notes_author",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _of("notes_author", "touchpoint"),
        _of("notes_author", "person"),
        sa.PrimaryKeyConstraint("touchpoint_id", "person_id", name=op.f("pk_notes_author")),
    )
    op.create_index(op.f("ix_notes_author_person_id"), "notes_author", ["person_id"], unique=False)
    op.create_table(
        "notes_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        _of("notes_decision", "touchpoint"),
        _of("notes_decision", "person", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes_decision")),
        sa.UniqueConstraint("touchpoint_id", "place", name=op.f("uq_notes_decision_touchpoint_id_place")),
    )
    op.create_table(
        "published_notes",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("masked_at", sa.DateTime(), nullable=True),
        _of("published_notes", "touchpoint"),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["person.id"], name=op.f("fk_published_notes_published_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("touchpoint_id", name=op.f("pk_published_notes")),
    )


def _of(table: str, parent: str, *, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    column = f"{parent}_id"
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)
