"""Applying an import in batches, each a transaction: one that is killed goes on where it stopped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.errors import Conflict, HouseError, RuleViolation
from app.domain.imports.values import MAX_REASON, WRITES, Outcome
from app.domain.site import Site
from app.domain.states import ImportState, move_to
from app.models import ImportRow, ImportRun
from app.services.auditing import Actor, record
from app.services.importing import IMPORT_WAITS
from app.services.importing.importers import Context, Effect, importer_of
from app.services.importing.planning import item_of, judge_items
from app.services.locking import lock_row
from app.services.turns import wait_for_turn
from app.services.versions import expect_version

BATCH = 20
AT_ONCE = 40  # rows that a request writes itself; a longer run waits for a worker
_CHANGED = (
    "What is here has changed since this dry run, so nothing was written. The rows below say what would happen now; "
    "look again, then apply."
)


def apply_import(session: Session, run: ImportRun, *, version: int, by: Actor, site: Site, now: datetime) -> None:
    """Begin to write what the dry run shows; a short one is written when this returns, a long one by a worker.

    Raises Conflict when somebody else was faster, or when rows would do something else by now: they are judged anew and
    kept, so that the page shows them. RuleViolation where nothing would be written.
    """
    lock_row(session, run)
    expect_version(run, version)
    if run.state not in {ImportState.PREVIEWED, ImportState.FAILED}:
        raise Conflict("Somebody else has applied this import already.")
    if run.state is ImportState.PREVIEWED:
        _expect_as_shown(session, run, site=site)
    move_to(run, ImportState.APPLYING)
    run.source, run.note, run.done = "", "", sum(1 for row in run.rows if row.applied_at is not None)
    record(session, "import.applied", run, by=by, now=now, kind=run.kind.value, rows=run.total)
    go_on(session, run)
    session.commit()
    if run.total <= AT_ONCE:
        while apply_next(session, run, by=by, site=site, now=now):
            pass


def apply_next(session: Session, run: ImportRun, *, by: Actor, site: Site, now: datetime) -> bool:
    """Write the next rows of a run that is being applied, in one transaction; returns whether there may be more."""
    lock_row(session, run)
    if run.state is not ImportState.APPLYING:
        session.rollback()
        return False
    wait_for_turn(session, "imports")  # the keys of two files may be the same
    waiting = select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.applied_at.is_(None))
    rows = session.scalars(waiting.order_by(ImportRow.position).limit(BATCH)).all()
    context = Context(by, site, now, run=run.id, settings=run.settings)
    effects = _write_rows(session, run, rows, context=context)
    importer_of(run.kind).finish(session, effects, context=context)
    run.done += len(rows)
    if len(rows) < BATCH:
        move_to(run, ImportState.APPLIED)
        run.applied_at = now
        record(session, "import.finished", run, by=by, now=now, rows=run.done)
    session.commit()
    return run.state is ImportState.APPLYING


def go_on(session: Session, run: ImportRun) -> None:
    """Let a worker go on with a long run after the commit."""
    if run.total > AT_ONCE:
        session.info[IMPORT_WAITS] = True


def _expect_as_shown(session: Session, run: ImportRun, *, site: Site) -> None:
    """Judge the rows anew. Where one would do something else now, they are kept so, and the page shows them."""
    shown = [row.outcome for row in run.rows]
    verdicts = judge_items(session, [item_of(row) for row in run.rows], kind=run.kind, site=site)
    for row, verdict in zip(run.rows, verdicts, strict=True):
        row.outcome, row.reason = verdict.outcome, verdict.reason
    if [row.outcome for row in run.rows] != shown:
        run.note = _CHANGED
        session.commit()
        raise Conflict(_CHANGED)
    if not any(outcome in WRITES for outcome in shown):
        raise RuleViolation("No row would write anything: there is nothing to apply.")


def _write_rows(session: Session, run: ImportRun, rows: Sequence[ImportRow], *, context: Context) -> list[Effect]:
    """Write each row that is still new or changed at this moment; what it said is forgotten, what it made is kept."""
    verdicts = judge_items(session, [item_of(row) for row in rows], kind=run.kind, site=context.site)
    effects = []
    for row, verdict in zip(rows, verdicts, strict=True):
        row.outcome, row.reason = verdict.outcome, verdict.reason
        if verdict.outcome in WRITES:
            effects += _write_row(session, run, row, context=context)
        row.payload, row.applied_at = {}, context.now
    return effects


def _write_row(session: Session, run: ImportRun, row: ImportRow, *, context: Context) -> list[Effect]:
    try:
        with session.begin_nested():
            effect = importer_of(run.kind).write(session, item_of(row), context=context)
            session.flush()
    except HouseError as error:
        row.outcome, row.reason = Outcome.REFUSED, str(error)[:MAX_REASON]
        return []
    row.made, row.before = [made.as_json() for made in effect.made], dict(effect.before)
    return [effect]
