"""Members-only series choose what is public of them; the ways into a call are more than one address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SECRETS = {"passcode": 120, "dial_in": 500, "registration": 500}
_KNOWN = ("status", "starts_at", "ends_at", "created_at", "cancelled_at", "value")
_HELD_AS = (
    "UPDATE touchpoint SET held_as = (SELECT CASE audience WHEN 'open' THEN 'everything' ELSE 'title_and_time' END "
    "FROM series WHERE series.id = touchpoint.series_id)"
)


def upgrade() -> None:
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_detail", sa.String(24), nullable=False, server_default="title_and_time"))
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_as", sa.String(24), nullable=True))
    op.execute(_HELD_AS)
    with op.batch_alter_table("join_link", schema=None) as batch_op:
        for name, length in _SECRETS.items():
            batch_op.add_column(sa.Column(name, sa.String(length), nullable=False, server_default=""))
    _extend_member_entries()
    op.create_table(
        "hidden_call",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(255), nullable=False),
        sa.Column("series_slug", sa.String(40), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_modified", sa.DateTime(), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["touchpoint.id"],
            name=op.f("fk_hidden_call_touchpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("touchpoint_id", name=op.f("pk_hidden_call")),
        sa.UniqueConstraint("uid", name=op.f("uq_hidden_call_uid")),
    )
    op.create_index(op.f("ix_hidden_call_hidden_at"), "hidden_call", ["hidden_at"])


def _extend_member_entries() -> None:
    """They have been made from publications so far: what they lack is there. The next change writes them whole."""
    with op.batch_alter_table("member_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("status", sa.String(24), nullable=True))
        for name in ("starts_at", "ends_at", "created_at", "cancelled_at"):
            batch_op.add_column(sa.Column(name, sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("value", sa.JSON(), nullable=True))
    for name in _KNOWN:
        op.execute(
            f"UPDATE member_entry SET {name} = (SELECT {name} FROM publication "
            "WHERE publication.touchpoint_id = member_entry.touchpoint_id)"
        )
    op.execute("DELETE FROM member_entry WHERE status IS NULL")
    with op.batch_alter_table("member_entry", schema=None) as batch_op:
        batch_op.alter_column("status", existing_type=sa.String(24), nullable=False)
        for name in ("starts_at", "ends_at", "created_at"):
            batch_op.alter_column(name, existing_type=sa.DateTime(), nullable=False)
        batch_op.alter_column("value", existing_type=sa.JSON(), nullable=False)
        batch_op.create_index(op.f("ix_member_entry_starts_at"), ["starts_at"])


def downgrade() -> None:
    op.drop_table("hidden_call")
    with op.batch_alter_table("member_entry", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_member_entry_starts_at"))
        for name in _KNOWN:
            batch_op.drop_column(name)
    op.execute("DELETE FROM member_entry WHERE length(vevent) = 0")
    with op.batch_alter_table("join_link", schema=None) as batch_op:
        for name in _SECRETS:
            batch_op.drop_column(name)
    with op.batch_alter_table("touchpoint", schema=None) as batch_op:
        batch_op.drop_column("held_as")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_column("public_detail")
