"""What speakers allow is kept each time they say so, slides apart; and what they took back has a receipt.

Slides are asked for from now on: until every speaker of a talk has said yes, none are shown. Whoever spoke alone and
gave slides has said so by giving them; so has the record of the past, whose slides were public.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

confirmation = sa.table(
    "confirmation",
    sa.column("id", sa.Integer),
    sa.column("talk_id", sa.Integer),
    sa.column("speaker_id", sa.Integer),
    sa.column("attribution", sa.String),
    sa.column("recording_consent", sa.Boolean),
    sa.column("slides_consent", sa.Boolean),
    sa.column("answered_at", sa.DateTime),
    sa.column("on_behalf_by_id", sa.Integer),
    sa.column("on_behalf_note", sa.Text),
)
speaker = sa.table(
    "speaker",
    sa.column("id", sa.Integer),
    sa.column("consent_at", sa.DateTime),
    sa.column("consent_wording", sa.String),
)
talk = sa.table(
    "talk", sa.column("id", sa.Integer), sa.column("created_at", sa.DateTime), sa.column("slides_url", sa.String)
)
consent = sa.table(
    "consent",
    sa.column("confirmation_id", sa.Integer),
    sa.column("attribution", sa.String),
    sa.column("recording", sa.Boolean),
    sa.column("slides", sa.Boolean),
    sa.column("wording", sa.String),
    sa.column("channel", sa.String),
    sa.column("given_at", sa.DateTime),
    sa.column("reason", sa.Text),
)


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("confirmation_id", sa.Integer(), nullable=False),
        sa.Column("attribution", sa.String(length=24), nullable=True),
        sa.Column("recording", sa.Boolean(), nullable=True),
        sa.Column("slides", sa.Boolean(), nullable=True),
        sa.Column("wording", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=24), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmation_id"],
            ["confirmation.id"],
            name=op.f("fk_consent_confirmation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_consent_person_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_confirmation_id"), "consent", ["confirmation_id"])
    op.create_table(
        "retraction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("confirmation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["confirmation_id"],
            ["confirmation.id"],
            name=op.f("fk_retraction_confirmation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retraction")),
        sa.UniqueConstraint("key", name=op.f("uq_retraction_key")),
    )
    op.create_index(op.f("ix_retraction_confirmation_id"), "retraction", ["confirmation_id"])
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("slides_consent", sa.Boolean(), nullable=True))
    _keep_slides()
    _keep_answers()


def downgrade() -> None:
    op.drop_table("retraction")
    op.drop_table("consent")
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_column("slides_consent")


def _keep_slides() -> None:
    """Slides that were given for one's own talk, or that the record of the past has."""
    other = confirmation.alias()
    alone = ~sa.exists().where(other.c.talk_id == confirmation.c.talk_id, other.c.id != confirmation.c.id)
    recorded = (confirmation.c.on_behalf_by_id.is_(None)) & (confirmation.c.on_behalf_note != "")
    given = sa.select(talk.c.id).where(talk.c.slides_url != "")
    op.execute(
        sa.update(confirmation).where(confirmation.c.talk_id.in_(given), alone | recorded).values(slides_consent=True)
    )


def _keep_answers() -> None:
    """What was answered until now, as far as the tables say when and how."""
    channel = sa.case(
        (confirmation.c.on_behalf_by_id.is_not(None), "organizer"),
        (confirmation.c.on_behalf_note != "", "import"),
        else_="link",
    )
    answers = (
        sa.select(
            confirmation.c.id,
            confirmation.c.attribution,
            confirmation.c.recording_consent,
            confirmation.c.slides_consent,
            speaker.c.consent_wording,
            channel,
            sa.func.coalesce(confirmation.c.answered_at, speaker.c.consent_at, talk.c.created_at),
            sa.literal(""),
        )
        .select_from(confirmation)
        .join(speaker, speaker.c.id == confirmation.c.speaker_id)
        .join(talk, talk.c.id == confirmation.c.talk_id)
        .where(confirmation.c.answered_at.is_not(None) | (confirmation.c.on_behalf_note != ""))
        .where(confirmation.c.attribution.is_not(None) | confirmation.c.recording_consent.is_not(None))
        .order_by(confirmation.c.id)
    )
    op.execute(sa.insert(consent).from_select([column.name for column in consent.c], answers))
