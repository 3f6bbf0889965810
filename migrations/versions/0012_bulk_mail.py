"""Mails to many wait behind all others, and whoever unsubscribes has theirs found and deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_bulk", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.drop_index(batch_op.f("ix_outbox_state_due_at"))
        batch_op.create_index(batch_op.f("ix_outbox_state_is_bulk_due_at_id"), ["state", "is_bulk", "due_at", "id"])
        batch_op.create_index(batch_op.f("ix_outbox_recipient"), ["recipient"])


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_recipient"))
        batch_op.drop_index(batch_op.f("ix_outbox_state_is_bulk_due_at_id"))
        batch_op.create_index(batch_op.f("ix_outbox_state_due_at"), ["state", "due_at"])
        batch_op.drop_column("is_bulk")
