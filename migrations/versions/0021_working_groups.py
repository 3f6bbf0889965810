"""Working groups and their chairs, what is public of them, and what of a call belongs to one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_INDEXED = ("proposal", "segment")


def upgrade() -> None:
    _create_groups()
    for table in (*_INDEXED, "segment_template"):
        with op.batch_alter_table(table, schema=None, **_numbers(table)) as batch_op:
            batch_op.add_column(sa.Column("working_group_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(
                op.f(f"fk_{table}_working_group_id"), "working_group", ["working_group_id"], ["id"], ondelete="SET NULL"
            )
            if table in _INDEXED:
                batch_op.create_index(op.f(f"ix_{table}_working_group_id"), ["working_group_id"], unique=False)


def downgrade() -> None:
    for table in (*_INDEXED, "segment_template"):
        with op.batch_alter_table(table, schema=None, **_numbers(table)) as batch_op:
            if table in _INDEXED:
                batch_op.drop_index(op.f(f"ix_{table}_working_group_id"))
            batch_op.drop_constraint(op.f(f"fk_{table}_working_group_id"), type_="foreignkey")
            batch_op.drop_column("working_group_id")
    for name in ("published_group", "working_group_chair", "working_group"):
        op.drop_table(name)


def _create_groups() -> None:
    op.create_table(
        "working_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("repository", sa.String(length=500), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("calendar", sa.String(length=500), nullable=False),
        sa.Column("rhythm", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_working_group_slug")),
    )
    op.create_table(
        "working_group_chair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("link_key", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("affiliation", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("naming", sa.String(length=24), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("chosen_at", sa.DateTime(), nullable=True),
        _of_group("working_group_chair"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_group_chair")),
        sqlite_autoincrement=True,
    )
    for column in ("group_id", "email"):
        op.create_index(op.f(f"ix_working_group_chair_{column}"), "working_group_chair", [column], unique=False)
    op.create_table(
        "published_group",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("last_modified", sa.DateTime(), nullable=False),
        _of_group("published_group"),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_published_group")),
        sa.UniqueConstraint("slug", name=op.f("uq_published_group_slug")),
    )


def _of_group(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["group_id"], ["working_group.id"], name=op.f(f"fk_{table}_group_id"), ondelete="CASCADE"
    )


def _numbers(table: str) -> dict[str, object]:
    """SQLite writes the table anew: proposals keep their rule that no number is given again."""
    kept = table == "proposal" and op.get_context().dialect.name == "sqlite"
    return {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}} if kept else {}
