"""Talks, confirmations and the board's moves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("touchpoint_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=True),
        sa.Column("answer_by", sa.DateTime(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.Column("recording_url", sa.String(length=500), nullable=False),
        sa.Column("slides_url", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_talk_proposal_id")),
        sa.ForeignKeyConstraint(["touchpoint_id"], ["touchpoint.id"], name=op.f("fk_talk_touchpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
        sa.UniqueConstraint("key", name=op.f("uq_talk_key")),
        sa.UniqueConstraint("touchpoint_id", "position", name=op.f("uq_talk_touchpoint_id_position")),
        sa.UniqueConstraint("uid", name=op.f("uq_talk_uid")),
    )
    with op.batch_alter_table("talk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_talk_proposal_id"), ["proposal_id"], unique=False)
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("speaker_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("attribution", sa.String(length=24), nullable=True),
        sa.Column("recording_consent", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("on_behalf_by_id", sa.Integer(), nullable=True),
        sa.Column("on_behalf_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["on_behalf_by_id"], ["person.id"], name=op.f("fk_confirmation_on_behalf_by_id")),
        sa.ForeignKeyConstraint(
            ["speaker_id"], ["speaker.id"], name=op.f("fk_confirmation_speaker_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_confirmation_talk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmation")),
        sa.UniqueConstraint("talk_id", "speaker_id", name=op.f("uq_confirmation_talk_id_speaker_id")),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmation_speaker_id"), ["speaker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_confirmation_talk_id"), ["talk_id"], unique=False)
    op.create_table(
        "board_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organizer_id", sa.Integer(), nullable=False),
        sa.Column("talk_id", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("version_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organizer_id"], ["person.id"], name=op.f("fk_board_move_organizer_id")),
        sa.ForeignKeyConstraint(["talk_id"], ["talk.id"], name=op.f("fk_board_move_talk_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_move")),
    )
    with op.batch_alter_table("board_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_board_move_organizer_id"), ["organizer_id"], unique=False)


def downgrade() -> None:
    op.drop_table("board_move")
    op.drop_table("confirmation")
    op.drop_table("talk")
