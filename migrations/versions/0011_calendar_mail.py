"""What a mail tells and which calendar entry it carries; reminders of each series; who moderates a call."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

outbox = sa.table(
    "outbox",
    sa.column("kind", sa.String),
    sa.column("talk_id", sa.Integer),
    sa.column("entry_sequence", sa.Integer),
)
talk = sa.table("talk", sa.column("id", sa.Integer), sa.column("sequence", sa.Integer))


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("touchpoint_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("entry_sequence", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("tells", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_touchpoint_id"), "touchpoint", ["touchpoint_id"], ["id"], ondelete="SET NULL"
        )
        batch_op.create_index(batch_op.f("ix_outbox_touchpoint_id"), ["touchpoint_id"], unique=False)
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reminder_days", sa.JSON(), nullable=False, server_default="[14, 3, 1]"))
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("moderator_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_touchpoint_moderator_id"), "person", ["moderator_id"], ["id"], ondelete="SET NULL"
        )
    _note_entries()


def downgrade() -> None:
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_touchpoint_moderator_id"), type_="foreignkey")
        batch_op.drop_column("moderator_id")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_column("reminder_days")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outbox_touchpoint_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_outbox_touchpoint_id"))
        batch_op.drop_column("tells")
        batch_op.drop_column("entry_sequence")
        batch_op.drop_column("touchpoint_id")


def _note_entries() -> None:
    """Speakers who have confirmed have an entry. No earlier mail carried a higher SEQUENCE than the talk has now."""
    highest = sa.select(talk.c.sequence).where(talk.c.id == outbox.c.talk_id).scalar_subquery()
    carries = (outbox.c.kind == "confirmed") & outbox.c.talk_id.is_not(None)
    op.execute(sa.update(outbox).where(carries).values(entry_sequence=highest))
