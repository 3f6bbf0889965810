"""Which working groups a call has something of in public."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "publication_group",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["touchpoint_id"],
            ["publication.touchpoint_id"],
            name=op.f("fk_publication_group_touchpoint_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("touchpoint_id", "slug", name=op.f("pk_publication_group")),
    )
    op.create_index(op.f("ix_publication_group_slug"), "publication_group", ["slug"], unique=False)


def downgrade() -> None:
    op.drop_table("publication_group")
