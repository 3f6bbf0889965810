"""Imports as organizers see them: the runs, and the report of one, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer, joinedload

from app.domain.errors import NotFound
from app.domain.imports.values import WRITES, Outcome
from app.domain.states import ImportState
from app.models import AuditEvent, ImportRow, ImportRun, Person, Proposal, Touchpoint
from app.services.importing.undoing import can_undo

PAGE = 50


@dataclass(frozen=True)
class RunList:
    """One page of runs, the newest first, with how many rows of each outcome each has."""

    runs: Sequence[ImportRun]
    counts: Mapping[int, Mapping[Outcome, int]]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class RunReport:
    """A run with one page of those of its rows that match.

    `links` are what a row made, by the row's id: the table, "proposal" or "touchpoint", and the key there. `applied_by`
    is whoever applied it last.
    """

    run: ImportRun
    rows: Sequence[ImportRow]
    counts: Mapping[Outcome, int]
    kept: int
    links: Mapping[int, tuple[str, str]]
    applied_by: Person | None
    can_undo: bool
    matching: int
    page: int
    pages: int

    @property
    def would_write(self) -> int:
        return sum(self.counts.get(outcome, 0) for outcome in WRITES)

    @property
    def is_under_way(self) -> bool:
        return self.run.state in {ImportState.APPLYING, ImportState.UNDOING}


def read_runs(session: Session, *, page: int) -> RunList:
    """One page of the runs; the last page for a number beyond it."""
    total = session.scalar(select(func.count()).select_from(ImportRun)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(page, pages)
    query = select(ImportRun).options(joinedload(ImportRun.started_by), defer(ImportRun.source))
    runs = session.scalars(query.order_by(ImportRun.id.desc()).offset((page - 1) * PAGE).limit(PAGE)).all()
    counts: dict[int, dict[Outcome, int]] = {run.id: {} for run in runs}
    counted = select(ImportRow.run_id, ImportRow.outcome, func.count()).where(ImportRow.run_id.in_(counts))
    for number, outcome, count in session.execute(counted.group_by(ImportRow.run_id, ImportRow.outcome)):
        counts[number][outcome] = count
    return RunList(runs, counts, total, page, pages)


def find_run(session: Session, key: str) -> ImportRun:
    """The run with this key. Raises NotFound."""
    run = session.scalar(select(ImportRun).where(ImportRun.key == key))
    if run is None:
        raise NotFound("There is no such import.")
    return run


def read_run(session: Session, key: str, *, outcome: Outcome | None, page: int, now: datetime) -> RunReport:
    """The run with one page of its rows, all or those of one outcome. Raises NotFound."""
    run = find_run(session, key)
    counted = select(ImportRow.outcome, func.count()).where(ImportRow.run_id == run.id).group_by(ImportRow.outcome)
    counts = dict(session.execute(counted).all())
    kept = select(func.count()).where(ImportRow.run_id == run.id, ImportRow.kept != "")
    matching = counts.get(outcome, 0) if outcome else sum(counts.values())
    pages = max(1, -(-matching // PAGE))
    page = min(page, pages)
    rows = _rows(session, run, outcome=outcome, page=page)
    return RunReport(
        run=run,
        rows=rows,
        counts=counts,
        kept=session.scalar(kept) or 0,
        links=_links(session, rows),
        applied_by=_applied_by(session, run),
        can_undo=can_undo(run, now=now),
        matching=matching,
        page=page,
        pages=pages,
    )


def _rows(session: Session, run: ImportRun, *, outcome: Outcome | None, page: int) -> Sequence[ImportRow]:
    query = select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.position)
    if outcome:
        query = query.where(ImportRow.outcome == outcome)
    query = query.options(defer(ImportRow.payload), defer(ImportRow.before))
    return session.scalars(query.offset((page - 1) * PAGE).limit(PAGE)).all()


def _links(session: Session, rows: Sequence[ImportRow]) -> dict[int, tuple[str, str]]:
    """Of rows that are not undone, to the call or else to the proposal; what is gone has no link."""
    found: dict[int, tuple[str, str]] = {}
    for table in (Proposal, Touchpoint):
        name = table.__tablename__
        made = {row.id: each["id"] for row in rows if not row.undone_at for each in row.made if each["table"] == name}
        keys = dict(session.execute(select(table.id, table.key).where(table.id.in_(made.values()))).all())
        found |= {row: (name, keys[number]) for row, number in made.items() if number in keys}
    return found


def _applied_by(session: Session, run: ImportRun) -> Person | None:
    events = select(AuditEvent.person_id).where(
        AuditEvent.subject == "import_run", AuditEvent.subject_id == run.id, AuditEvent.action == "import.applied"
    )
    return session.scalar(
        select(Person).where(Person.id == events.order_by(AuditEvent.id.desc()).limit(1).scalar_subquery())
    )
