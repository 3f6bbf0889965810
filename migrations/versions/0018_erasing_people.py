"""People can be erased: their votes stay without a name, their number is never given again, and they are warned first.

PostgreSQL never gives a number again by itself, SQLite when told.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None, **_numbers(kept=True)) as batch_op:
        batch_op.add_column(sa.Column("warned_at", sa.DateTime(), nullable=True))
    _rebuild_proposals(kept=True)
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.alter_column("organizer_id", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM review WHERE organizer_id IS NULL")  # the older tables know no vote of nobody
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.alter_column("organizer_id", existing_type=sa.Integer(), nullable=False)
    _rebuild_proposals(kept=False)
    with op.batch_alter_table("person", schema=None, **_numbers(kept=False)) as batch_op:
        batch_op.drop_column("warned_at")


def _rebuild_proposals(*, kept: bool) -> None:
    if _is_sqlite():
        with op.batch_alter_table("proposal", schema=None, **_numbers(kept=kept)):
            pass  # the table is written anew with its rows and indexes, nothing else


def _numbers(*, kept: bool) -> dict[str, object]:
    return {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": kept}} if _is_sqlite() else {}


def _is_sqlite() -> bool:
    return op.get_context().dialect.name == "sqlite"
