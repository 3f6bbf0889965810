"""Sister calendars as organizers keep them: added, changed, fetched soon, removed. Nothing is fetched here."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.errors import InvalidInput, RuleViolation
from app.domain.series import Problems
from app.domain.sister_calendars import SisterDraft, draft_problems, slug_from
from app.domain.site import Site
from app.models import SisterCalendar, SisterOccurrence
from app.services.auditing import Actor, record
from app.services.versions import expect_version

ASKED = "sister_calendars.asked"
"""In `session.info` once a calendar shall be fetched soon: whoever wires the queue rings after the commit."""
MOST_CALENDARS = 20


def add_calendar(session: Session, draft: SisterDraft, *, by: Actor, site: Site, now: datetime) -> SisterCalendar:
    """Keep a calendar and have it fetched soon. Raises InvalidInput, RuleViolation."""
    _check(session, draft, None, site=site)
    taken = session.scalars(select(SisterCalendar.slug)).all()
    if len(taken) >= MOST_CALENDARS:
        raise RuleViolation(f"There are {MOST_CALENDARS} sister calendars already. Remove one first.")
    calendar = SisterCalendar(slug=slug_from(draft.name, taken), address=draft.address, asked_at=now, due_at=now)
    _write(calendar, draft)
    session.add(calendar)
    record(session, "sister_calendar.added", calendar, by=by, now=now, shown=draft.shown)
    session.info[ASKED] = True
    session.commit()
    return calendar


def save_calendar(
    session: Session,
    calendar: SisterCalendar,
    draft: SisterDraft,
    *,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Write what the form says; another address is fetched soon. Raises InvalidInput, Conflict.

    With another address, the events of the former one are gone at once: they are of another calendar.
    """
    expect_version(calendar, version)
    _check(session, draft, calendar, site=site)
    _write(calendar, draft)
    moves = bool(draft.address) and draft.address != calendar.address
    if moves:
        _begin_anew(session, calendar, draft, now=now)
    record(session, "sister_calendar.saved", calendar, by=by, now=now, shown=draft.shown, moves=moves)
    session.commit()


def ask_for_it_now(session: Session, calendar: SisterCalendar, *, by: Actor, now: datetime) -> None:
    """Have it fetched soon, and whole: whoever asks may not believe "not changed". No form gets stale by it."""
    whole = {"asked_at": now, "due_at": now, "etag": "", "last_modified": ""}
    session.execute(update(SisterCalendar).where(SisterCalendar.id == calendar.id).values(whole))
    record(session, "sister_calendar.asked_for", calendar, by=by, now=now)
    session.info[ASKED] = True
    session.commit()


def remove_calendar(session: Session, calendar: SisterCalendar, *, by: Actor, now: datetime) -> None:
    """Forget it, its address and its events."""
    record(session, "sister_calendar.removed", calendar, by=by, now=now)
    session.execute(delete(SisterOccurrence).where(SisterOccurrence.calendar_id == calendar.id))
    session.delete(calendar)
    session.commit()


def _begin_anew(session: Session, calendar: SisterCalendar, draft: SisterDraft, *, now: datetime) -> None:
    session.execute(delete(SisterOccurrence).where(SisterOccurrence.calendar_id == calendar.id))
    calendar.address, calendar.asked_at, calendar.due_at = draft.address, now, now
    calendar.fetched_at = calendar.expanded_at = calendar.failing_since = None
    calendar.etag = calendar.last_modified = calendar.problem = ""
    calendar.failures, calendar.left_out, calendar.noted = 0, {}, {}
    session.info[ASKED] = True


def _check(session: Session, draft: SisterDraft, calendar: SisterCalendar | None, *, site: Site) -> None:
    problems = draft_problems(draft, hosts=site.sister_hosts, is_new=calendar is None)
    problems = _taken(session, draft, calendar) | problems
    if problems:
        raise InvalidInput(problems)


def _taken(session: Session, draft: SisterDraft, calendar: SisterCalendar | None) -> Problems:
    """Of two calendars with one name nobody knows which is which; one address twice is a mistake."""
    others = [row for row in session.scalars(select(SisterCalendar)) if row is not calendar]
    problems: Problems = {}
    if any(row.name.casefold() == draft.name.casefold() for row in others):
        problems["name"] = "Another sister calendar has this name."
    if draft.address and any(row.address == draft.address for row in others):
        problems["address"] = "Another sister calendar has this address."
    return problems


def _write(calendar: SisterCalendar, draft: SisterDraft) -> None:
    calendar.name, calendar.hue, calendar.shape, calendar.shown = draft.name, draft.hue, draft.shape, draft.shown
