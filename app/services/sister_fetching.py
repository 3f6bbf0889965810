"""The worker's part of sister calendars: the next one that is due is fetched, read and kept. Never within a request."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from app.domain.secret import Secret
from app.domain.sister_calendars import LOOK_AHEAD, LOOK_BACK, READ_WHOLE_AFTER, Expansion, Occurrence, next_try
from app.fetching.expansion import expand_apart
from app.fetching.failures import FetchFailed
from app.fetching.https import Answer, fetch
from app.fetching.reach import Reach
from app.models import SisterCalendar, SisterOccurrence
from app.services.auditing import SYSTEM, record

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)
"""Longer than a fetch and a reading take together: after it, whoever fetched has died."""
_KEPT = tuple(Occurrence.__dataclass_fields__)


@dataclass(frozen=True)
class _Claim:
    """One calendar in our hands until `lease`: its `due_at`, as long as nobody else wants something of it."""

    calendar_id: int
    address: Secret
    etag: str
    last_modified: str
    lease: datetime


def fetch_next(
    sessions: sessionmaker[Session], *, reach: Reach, clock: Callable[[], datetime], spread: Callable[[], float]
) -> bool:
    """Fetch the calendar that has been due longest; returns whether one was. Commits; nothing is locked meanwhile.

    What went wrong is kept beside the last good copy. A result that came too late, since somebody has changed the
    address, asked anew or removed the calendar, is dropped. `spread` gives a number from 0 to 1.
    """
    with sessions() as session:
        claim = _claim(session, now=clock())
    if claim is None:
        return False
    outcome = _ask(claim, reach=reach, now=clock())
    with sessions() as session:
        _keep(session, claim, outcome, now=clock(), spread=spread())
    return True


def _claim(session: Session, *, now: datetime) -> _Claim | None:
    due = select(SisterCalendar).where(SisterCalendar.due_at <= now).order_by(SisterCalendar.due_at, SisterCalendar.id)
    row = session.scalars(due.limit(1)).first()
    if row is None:
        return None
    is_fresh = row.expanded_at is not None and now - row.expanded_at < READ_WHOLE_AFTER
    claim = _Claim(
        row.id,
        row.address,
        row.etag if is_fresh else "",
        row.last_modified if is_fresh else "",
        lease=now + LEASE,
    )
    taken = _if_still(claim, row.due_at).values(due_at=claim.lease)
    is_ours = _count(session, taken) == 1
    session.commit()
    return claim if is_ours else None


def _ask(claim: _Claim, *, reach: Reach, now: datetime) -> tuple[Answer, Expansion | None] | FetchFailed:
    """What the owner says, read by a child process if it is news."""
    try:
        answer = fetch(claim.address, reach=reach, etag=claim.etag, last_modified=claim.last_modified)
        if answer.body is None:
            return answer, None
        return answer, expand_apart(answer.body, start=now - LOOK_BACK, end=now + LOOK_AHEAD)
    except FetchFailed as failure:
        return failure


def _keep(
    session: Session,
    claim: _Claim,
    outcome: tuple[Answer, Expansion | None] | FetchFailed,
    *,
    now: datetime,
    spread: float,
) -> None:
    row = session.get(SisterCalendar, claim.calendar_id)
    if row is None:
        return
    is_failure = isinstance(outcome, FetchFailed)
    failures = row.failures + 1 if is_failure else 0
    news = _failed(row, outcome, now=now) if isinstance(outcome, FetchFailed) else _answered(*outcome, now=now)
    news |= {"failures": failures, "asked_at": None, "due_at": next_try(now=now, failures=failures, spread=spread)}
    if _count(session, _if_still(claim, claim.lease).values(news)) != 1:
        session.rollback()
        return
    if isinstance(outcome, FetchFailed):
        log.info("sister calendar %d was not fetched: %s", claim.calendar_id, outcome)
        if failures == 1:
            record(session, "sister_calendar.failed", row, by=SYSTEM, now=now)
    elif (expansion := outcome[1]) is not None and _replace(session, claim.calendar_id, expansion):
        record(session, "sister_calendar.changed", row, by=SYSTEM, now=now, events=len(expansion.occurrences))
    session.commit()


def _failed(row: SisterCalendar, failure: FetchFailed, *, now: datetime) -> dict[str, Any]:
    return {"problem": str(failure), "failing_since": row.failing_since or now}


def _answered(answer: Answer, expansion: Expansion | None, *, now: datetime) -> dict[str, Any]:
    news: dict[str, Any] = {"problem": "", "failing_since": None, "fetched_at": now}
    if expansion is not None:
        news |= {"expanded_at": now, "etag": answer.etag, "last_modified": answer.last_modified}
        news |= {"left_out": expansion.left_out, "noted": expansion.noted}
    return news


def _replace(session: Session, calendar_id: int, expansion: Expansion) -> bool:
    """Let the copy be what was read now; returns whether that is another one. Joins the caller's transaction."""
    kept = select(SisterOccurrence).where(SisterOccurrence.calendar_id == calendar_id).order_by(SisterOccurrence.id)
    before = [tuple(getattr(row, name) for name in _KEPT) for row in session.scalars(kept)]
    if before == [tuple(getattr(each, name) for name in _KEPT) for each in expansion.occurrences]:
        return False
    session.execute(delete(SisterOccurrence).where(SisterOccurrence.calendar_id == calendar_id))
    rows = [{"calendar_id": calendar_id, **asdict(each)} for each in expansion.occurrences]
    if rows:
        session.execute(insert(SisterOccurrence), rows)
    return True


def _if_still(claim: _Claim, due_at: datetime) -> Any:
    """An UPDATE of the claimed row, if nobody has moved its time since. It leaves the version alone: no form is stale
    because a worker has done its work."""
    return update(SisterCalendar).where(SisterCalendar.id == claim.calendar_id, SisterCalendar.due_at == due_at)


def _count(session: Session, statement: Any) -> int:
    result: Any = session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
