"""Undoing an import as one step: what it made goes, what it changed is as before, what was used since stays and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, RuleViolation
from app.domain.imports.values import MAX_REASON, UNDO_KEPT
from app.domain.site import Site
from app.domain.states import ImportState, move_to
from app.models import ImportRow, ImportRun
from app.services.auditing import Actor, record
from app.services.importing.applying import AT_ONCE, BATCH, go_on
from app.services.importing.importers import Context, Written, importer_of
from app.services.importing.planning import made_of
from app.services.locking import lock_row
from app.services.turns import wait_for_turn
from app.services.versions import expect_version


def undo_import(session: Session, run: ImportRun, *, version: int, by: Actor, site: Site, now: datetime) -> None:
    """Begin to take back what the run wrote; a short one is undone when this returns, a long one by a worker.

    Raises Conflict for a stale version or when somebody else was faster, RuleViolation when it is too late.
    """
    lock_row(session, run)
    expect_version(run, version)
    if run.state not in {ImportState.APPLIED, ImportState.FAILED}:
        raise Conflict("Somebody else has undone this import already.")
    if not can_undo(run, now=now):
        raise RuleViolation(f"It was applied more than {UNDO_KEPT.days} days ago: what undo needs is forgotten.")
    move_to(run, ImportState.UNDOING)
    run.note, run.done = "", sum(1 for row in run.rows if row.undone_at is not None or row.kept)
    record(session, "import.undone", run, by=by, now=now, kind=run.kind.value, rows=run.total)
    go_on(session, run)
    session.commit()
    if run.total <= AT_ONCE:
        while undo_next(session, run, by=by, site=site, now=now):
            pass


def can_undo(run: ImportRun, *, now: datetime) -> bool:
    """Whether what undo needs is still known."""
    began = run.applied_at or run.created_at
    return run.state in {ImportState.APPLIED, ImportState.FAILED} and now <= began + UNDO_KEPT


def undo_next(session: Session, run: ImportRun, *, by: Actor, site: Site, now: datetime) -> bool:
    """Take back the next rows, the last of the file first, in one transaction; returns whether there may be more."""
    lock_row(session, run)
    if run.state is not ImportState.UNDOING:
        session.rollback()
        return False
    wait_for_turn(session, "imports")
    waiting = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.undone_at.is_(None), ImportRow.kept == "")
    rows = session.scalars(waiting.order_by(ImportRow.position.desc()).limit(BATCH)).all()
    _undo_rows(session, run, rows, context=Context(by, site, now, run=run.id, settings=run.settings))
    run.done += len(rows)
    if len(rows) < BATCH:
        move_to(run, ImportState.UNDONE)
        run.undone_at = now
    session.commit()
    return run.state is ImportState.UNDOING


def _undo_rows(session: Session, run: ImportRun, rows: Sequence[ImportRow], *, context: Context) -> None:
    importer = importer_of(run.kind)
    for row in rows:
        if row.made:
            written = Written(row.key, row.outcome, made_of(row), row.before)
            row.kept = importer.undo(session, written, context=context)[:MAX_REASON]
            session.flush()
        if not row.kept:
            row.undone_at = context.now
        row.payload, row.before = {}, {}
