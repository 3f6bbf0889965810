"""The five topics of the community's form, for a new installation; organizers change them as they like."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TOPICS = (
    ("ospo-strategy", "OSPO strategy"),
    ("compliance-and-security", "Compliance and security"),
    ("community-and-innersource", "Community and InnerSource"),
    ("value-and-sustainability", "Value and sustainability"),
    ("emerging-trends", "Emerging trends"),
)
topic = sa.table(
    "topic", sa.column("slug", sa.String), sa.column("name", sa.String), sa.column("position", sa.Integer),
    sa.column("retired", sa.Boolean),
)  # fmt: skip


def upgrade() -> None:
    if op.get_bind().scalar(sa.select(sa.func.count()).select_from(topic)):
        return
    rows = [
        {"slug": slug, "name": name, "position": position, "retired": False}
        for position, (slug, name) in enumerate(TOPICS)
    ]
    op.bulk_insert(topic, rows)


def downgrade() -> None:
    """Topics are the organizers' own by now: they stay."""
