"""Mail that comes in: the messages, the answers of calendars, and addresses to which mail does not arrive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "received",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("sender", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=True),
        sa.Column("confirmation_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmation_id"], ["confirmation.id"], name=op.f("fk_received_confirmation_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name=op.f("fk_received_outbox_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_received_fingerprint")),
    )
    with op.batch_alter_table("received", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_received_outbox_id"), ["outbox_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_received_confirmation_id"), ["confirmation_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_received_settled_at_received_at"), ["settled_at", "received_at"], unique=False
        )
    op.create_table(
        "calendar_reply",
        sa.Column("confirmation_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=24), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("stamp", sa.DateTime(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("proposed", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmation_id"], ["confirmation.id"], name=op.f("fk_calendar_reply_confirmation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("confirmation_id", name=op.f("pk_calendar_reply")),
    )
    op.create_table(
        "bouncing_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("bounces", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("bounced_at", sa.DateTime(), nullable=False),
        sa.Column("stopped_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bouncing_address")),
        sa.UniqueConstraint("email", name=op.f("uq_bouncing_address_email")),
    )
    with op.batch_alter_table("bouncing_address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bouncing_address_stopped_at"), ["stopped_at"], unique=False)


def downgrade() -> None:
    op.execute("UPDATE outbox SET state = 'sent' WHERE state = 'bounced'")  # a word that older releases do not know
    op.drop_table("bouncing_address")
    op.drop_table("calendar_reply")
    op.drop_table("received")
