"""The number of a deleted mail is never given to another one: PostgreSQL does so by itself, SQLite when told."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rebuild(autoincrement=True)


def downgrade() -> None:
    _rebuild(autoincrement=False)


def _rebuild(*, autoincrement: bool) -> None:
    if op.get_context().dialect.name == "sqlite":
        with op.batch_alter_table(
            "outbox", schema=None, recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}
        ):
            pass  # the table is written anew with its rows and indexes, nothing else
