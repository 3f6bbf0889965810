"""Speakers' word for the sentences that name them; series whose proposals are reviewed without names."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agreed_sentences", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(sa.Column("blind_review", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("names_shown_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("names_shown_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("names_shown_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(
            batch_op.f("fk_proposal_names_shown_by_id"), "person", ["names_shown_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_proposal_names_shown_by_id"), type_="foreignkey")
        batch_op.drop_column("names_shown_reason")
        batch_op.drop_column("names_shown_by_id")
        batch_op.drop_column("names_shown_at")
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.drop_column("blind_review")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_column("agreed_sentences")
