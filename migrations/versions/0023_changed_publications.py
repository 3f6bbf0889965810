"""Publications say when what they show last changed, also where no calendar learned of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(), nullable=True))
    op.execute("UPDATE publication SET changed_at = last_modified")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        # The release before, which may still serve, knows nothing of the column: its rows changed when they came.
        batch_op.alter_column("changed_at", existing_type=sa.DateTime(), nullable=False, server_default=_now())
        batch_op.create_index(batch_op.f("ix_publication_changed_at"), ["changed_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_changed_at"))
        batch_op.drop_column("changed_at")


def _now() -> sa.TextClause:
    """The engine's own clock in UTC, as instants are kept."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    return sa.text("CURRENT_TIMESTAMP" if is_sqlite else "timezone('utc', now())")
