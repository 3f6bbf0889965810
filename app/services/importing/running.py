"""Going on with imports: what a worker does with long ones, what becomes of one that breaks, what is forgotten."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.domain.errors import Conflict
from app.domain.imports.values import PREVIEW_KEPT, UNDO_KEPT
from app.domain.retention import Retention, months_before
from app.domain.site import Site
from app.domain.states import ImportState, move_to
from app.models import ImportRow, ImportRun
from app.services.auditing import SYSTEM, Actor, record
from app.services.importing.applying import apply_next
from app.services.importing.undoing import undo_next
from app.services.locking import lock_row
from app.services.versions import expect_version

log = logging.getLogger(__name__)
_RUNS = (ImportState.APPLYING, ImportState.UNDOING)
_NOT_WRITTEN = (ImportState.MAPPING, ImportState.PREVIEWED)


def continue_imports(session: Session, *, site: Site, clock: Callable[[], datetime], batches: int = 1_000) -> bool:
    """Go on with every run that was begun, at most so many batches; returns whether there may be more to do.

    One that breaks is marked as failed, with what it has written: an organizer applies the rest, or undoes it.
    """
    for number in session.scalars(select(ImportRun.id).where(ImportRun.state.in_(_RUNS)).order_by(ImportRun.id)).all():
        is_more = True
        while is_more:
            if not batches:
                return True
            batches -= 1
            is_more = _go_on(session, number, site=site, now=clock())
    return False


def discard_import(session: Session, run: ImportRun, *, version: int, by: Actor, now: datetime) -> None:
    """Delete a dry run that was not applied, with all that it says.

    Raises Conflict for a stale version, and when somebody else has applied it.
    """
    lock_row(session, run)
    expect_version(run, version)
    if run.state not in _NOT_WRITTEN:
        raise Conflict("Somebody else has applied this import already.")
    record(session, "import.discarded", run, by=by, now=now)
    session.delete(run)
    session.commit()


def forget_imports(session: Session, *, retention: Retention, now: datetime) -> int:
    """Delete dry runs that nobody applied, what undo needed when it is too late for it, and at last the runs.

    Commits. Returns how many runs are gone.
    """
    late = or_(ImportRun.applied_at < now - UNDO_KEPT, ImportRun.undone_at < now - UNDO_KEPT)
    old = select(ImportRun.id).where(late, ImportRun.state.not_in(_RUNS))
    said = or_(ImportRow.summary != "", ImportRow.reason != "", ImportRow.kept != "")
    nothing = {"summary": "", "reason": "", "kept": "", "payload": {}, "before": {}}
    session.execute(update(ImportRow).where(ImportRow.run_id.in_(old), said).values(nothing))
    stale = (ImportRun.state.in_(_NOT_WRITTEN), ImportRun.created_at < now - PREVIEW_KEPT)
    gone = len(session.scalars(delete(ImportRun).where(*stale).returning(ImportRun.id)).all())
    over = delete(ImportRun).where(ImportRun.created_at < months_before(now, retention.audit_months))
    gone += len(session.scalars(over.returning(ImportRun.id)).all())
    session.commit()
    return gone


def _go_on(session: Session, number: int, *, site: Site, now: datetime) -> bool:
    try:
        run = session.get(ImportRun, number, populate_existing=True)
        if run is None:
            return False
        step = apply_next if run.state is ImportState.APPLYING else undo_next
        return step(session, run, by=SYSTEM, site=site, now=now)
    except Exception:
        log.exception("import %s broke", number)
        session.rollback()
        _give_up(session, number, now=now)
        return False


def _give_up(session: Session, number: int, *, now: datetime) -> None:
    run = session.get_one(ImportRun, number, populate_existing=True)
    lock_row(session, run)
    move_to(run, ImportState.FAILED)
    run.note = "Something went wrong in our own house; the log says what. The rows that are done below stand."
    record(session, "import.failed", run, by=SYSTEM, now=now, rows=run.done)
    session.commit()
