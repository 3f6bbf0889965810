"""Feeds by topic, of changes and of one's own; series that ended and where they went."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

publication = sa.table("publication", sa.column("touchpoint_id", sa.Integer), sa.column("value", sa.Text))
topic = sa.table("topic", sa.column("slug", sa.String), sa.column("name", sa.String))
publication_topic = sa.table(
    "publication_topic", sa.column("touchpoint_id", sa.Integer), sa.column("slug", sa.String)
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "personal_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_personal_feed_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_personal_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_personal_feed_token_hash")),
    )
    op.create_index(op.f("ix_personal_feed_person_id"), "personal_feed", ["person_id"], unique=False)
    op.create_table(
        "member_entry",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("last_modified", sa.DateTime(), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=False),
        _of_touchpoint("member_entry"),
        sa.PrimaryKeyConstraint("touchpoint_id", name=op.f("pk_member_entry")),
    )
    op.create_table(
        "public_change",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("was_starts_at", sa.DateTime(), nullable=True),
        sa.Column("was_minutes", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        _of_touchpoint("public_change"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_public_change")),
    )
    op.create_index(op.f("ix_public_change_updated_at"), "public_change", ["updated_at"], unique=False)
    op.create_index(op.f("ix_public_change_touchpoint_id_updated_at"), "public_change", ["touchpoint_id", "updated_at"])
    op.create_table(
        "publication_topic",
        sa.Column("touchpoint_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        _of_touchpoint("publication_topic"),
        sa.PrimaryKeyConstraint("touchpoint_id", "slug", name=op.f("pk_publication_topic")),
    )
    op.create_index(op.f("ix_publication_topic_slug"), "publication_topic", ["slug"], unique=False)
    op.create_table(
        "farewell",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_modified", sa.DateTime(), nullable=False),
        sa.Column("vevent", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_farewell_series_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_farewell")),
        sa.UniqueConstraint("uid", name=op.f("uq_farewell_uid")),
    )
    op.add_column("series", sa.Column("moved_to", sa.String(length=500), nullable=False, server_default=""))
    _note_topics()


def downgrade() -> None:
    op.drop_column("series", "moved_to")
    for name in ("farewell", "publication_topic", "public_change", "member_entry", "personal_feed"):
        op.drop_table(name)


def _of_touchpoint(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["touchpoint_id"], ["touchpoint.id"], name=op.f(f"fk_{table}_touchpoint_id"), ondelete="CASCADE"
    )


def _note_topics() -> None:
    """What is public already has its topics by name; by slug they are the addresses of feeds."""
    connection = op.get_bind()
    slugs = {" ".join(name.split()): slug for slug, name in connection.execute(sa.select(topic.c.slug, topic.c.name))}
    stored = sa.select(publication.c.touchpoint_id, sa.cast(publication.c.value, sa.Text))
    found = {
        (touchpoint_id, slugs[name])
        for touchpoint_id, value in connection.execute(stored)
        for talk in json.loads(value).get("talks", ())
        for name in talk.get("topics", ())
        if name in slugs
    }
    if found:
        rows = [{"touchpoint_id": touchpoint_id, "slug": slug} for touchpoint_id, slug in sorted(found)]
        op.bulk_insert(publication_topic, rows)
