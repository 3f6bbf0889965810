"""Imports: a run is planned, applied and perhaps undone; each of its rows says what became of one thing in the file."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.imports.values import MAX_KEY, MAX_SUMMARY, ImportKind, Outcome
from app.domain.states import ImportState
from app.models.base import Base, random_key
from app.models.person import Person
from app.models.types import Instant, Words


class ImportRun(Base):
    """One file on its way in. `digest` is the SHA-256 of its bytes.

    `source` is the text of a table while its columns can be mapped, emptied when it is applied; `settings` how it was
    read. `done` of `total` rows are behind it, while it is applied or undone. `note` says why it failed.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(16), unique=True, default=random_key)
    kind: Mapped[ImportKind] = mapped_column(Words(ImportKind))
    state: Mapped[ImportState] = mapped_column(Words(ImportState), default=ImportState.PREVIEWED, index=True)
    file_name: Mapped[str] = mapped_column(String(120), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    source: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=1)

    started_by: Mapped[Person | None] = relationship()
    rows: Mapped[list[ImportRow]] = relationship(
        order_by="ImportRow.position", cascade="all, delete-orphan", passive_deletes=True, back_populates="run"
    )

    __table_args__ = ({"sqlite_autoincrement": True},)
    __mapper_args__ = {"version_id_col": version}


class ImportRow(Base):
    """One thing in the file. `payload` is what it says, emptied once that is written; `fingerprint` knows it again.

    `made` are the rows of ours that it made or changed, `before` what stood in a changed one; `kept` says why undo left
    them.
    """

    __tablename__ = "import_row"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(MAX_KEY))
    place: Mapped[str] = mapped_column(String(120), default="")
    outcome: Mapped[Outcome] = mapped_column(Words(Outcome))
    reason: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(String(MAX_SUMMARY), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    kept: Mapped[str] = mapped_column(Text, default="")

    run: Mapped[ImportRun] = relationship(back_populates="rows")

    __table_args__ = (Index(None, "run_id", "position", unique=True), Index(None, "key"))
