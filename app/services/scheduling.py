"""Touchpoints as organizers keep them: opened from the cadence, added, moved, skipped, restored, their agenda."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import flag_modified

from app.domain.agenda import Segment, agenda_problem, slot_minutes
from app.domain.cadence import HORIZON, Occurrence, Rule, occurrences, rule_in_force
from app.domain.errors import InvalidInput, RuleViolation
from app.domain.localtime import NoSuchWallTime, to_utc
from app.domain.series import MAX_CALL, MIN_CALL, PartDraft, read_agenda, reason_problem
from app.domain.site import Site
from app.domain.states import TAKES_MINUTES, ConfirmationState, TalkState, TouchpointState, move_to
from app.models import Series, Talk, Touchpoint, TouchpointSegment
from app.services import board_moves, notifying
from app.services.auditing import Actor, record
from app.services.board_places import take_off, talks_on
from app.services.inviting import ask_again
from app.services.locking import lock_touchpoints
from app.services.publishing import publish_touchpoint, publish_touchpoints
from app.services.talk_facts import people_in
from app.services.versions import expect_version
from app.services.working_groups.publishing import all_chairs, group_refs


def open_touchpoints(
    session: Session, *, until: date, by: Actor, site: Site, now: datetime, only: Series | None = None
) -> list[Touchpoint]:
    """Open what the cadence gives from now to the day `until`, in every series that goes on or in `only` one.

    Returns the new touchpoints in order of time; each begins with its series' agenda template. A date that was opened
    before, even if moved or skipped since, and one with an exception stay as they are: a second run changes nothing.
    Raises InvalidInput for a day that is past or more than 24 months away, and for a start that the clocks skip.
    """
    _check_until(until, now=now)
    opened = [
        touchpoint for series in _living(session, only) for touchpoint in _open(session, series, until=until, now=now)
    ]
    opened.sort(key=lambda touchpoint: touchpoint.starts_at)
    session.add_all(opened)
    for touchpoint in opened:
        record(session, "touchpoint.opened", touchpoint, by=by, now=now)
    publish_touchpoints(session, opened, site=site, now=now)
    session.commit()
    return opened


def add_touchpoint(
    session: Session, series: Series, *, at: datetime, minutes: int, by: Actor, site: Site, now: datetime
) -> Touchpoint:
    """Add a one-off call at the naive wall time `at` of the series' zone. Raises InvalidInput, RuleViolation.

    Where the cadence gives that very day, the call counts as opened from it.
    """
    rules = [rule.value() for rule in series.rules]
    if not rules:
        raise RuleViolation("Give the series a cadence first: it says in which time zone its calls are.")
    rule = rule_in_force(rules, on=at.date()) or rules[0]
    if problems := _length_problems(series, minutes) | _end_problems(series, at.date()):
        raise InvalidInput(problems)
    starts_at = _free_instant(session, series, at, rule.zone, now=now)
    touchpoint = _new(series, at, starts_at, rule, minutes, now=now)
    touchpoint.rule_date = _free_rule_date(session, series, rules, at.date())
    session.add(touchpoint)
    record(session, "touchpoint.added", touchpoint, by=by, now=now)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()
    return touchpoint


def move_touchpoint(
    session: Session, touchpoint: Touchpoint, *, to: datetime, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Move the call to `to`, naive wall time in its zone. Speakers who know its date are told and asked again.

    Raises Conflict, InvalidInput for a time that cannot be, RuleViolation for a call that is skipped or over.
    """
    _lock(session, touchpoint, version)
    _expect_coming(touchpoint, now=now)
    if touchpoint.state is TouchpointState.SKIPPED:
        raise RuleViolation("This call is skipped. Restore it first, then move it.")
    was = board_moves.occasion_of(touchpoint)
    starts_at = _free_instant(session, touchpoint.series, to, touchpoint.time_zone, now=now)
    asked = [talk for talk in talks_on(session, touchpoint) if talk.state is not TalkState.HOLD]
    known = [board_moves.take_questions_back(session, talk) for talk in asked]
    touchpoint.local_start, touchpoint.starts_at = to, starts_at
    record(session, "touchpoint.moved", touchpoint, by=by, now=now, was=was.starts_at.isoformat())
    for talk, told in zip(asked, known, strict=True):
        _ask_for_new_date(session, talk, told, by=by, site=site, now=now)
    notifying.notify_call_rescheduled(session, touchpoint, was=was, asked=asked, site=site, now=now)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()


def skip_touchpoint(
    session: Session, touchpoint: Touchpoint, *, reason: str, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Hold no call on that date, for a public reason. Its talks go back to the inbox; speakers who know of it are told.

    Raises Conflict, InvalidInput for the reason, RuleViolation for a call that is over.
    """
    _lock(session, touchpoint, version)
    _expect_coming(touchpoint, now=now)
    talks = talks_on(session, touchpoint)
    if problem := reason_problem(reason) or _naming_problem(reason, talks):
        raise InvalidInput({"reason": problem})
    move_to(touchpoint, TouchpointState.SKIPPED)
    touchpoint.reason = reason
    record(session, "touchpoint.skipped", touchpoint, by=by, now=now)
    for talk in talks:
        _release(session, talk, reason=reason, by=by, site=site, now=now)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()


def _naming_problem(reason: str, talks: Sequence[Talk]) -> str:
    """The reason stays public when the talks and their speakers' choices are gone from the call."""
    named = people_in(reason, talks)
    return f"This is public, and says who would have spoken: \u201c{named[0]}\u201d. Write it without." if named else ""


def restore_touchpoint(
    session: Session, touchpoint: Touchpoint, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Hold the call after all. Its former talks stay in the inbox. Raises Conflict, RuleViolation when it is past."""
    _lock(session, touchpoint, version)
    _expect_coming(touchpoint, now=now)
    move_to(touchpoint, TouchpointState.OPEN)
    touchpoint.reason = ""
    record(session, "touchpoint.restored", touchpoint, by=by, now=now)
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()


def save_agenda(
    session: Session,
    touchpoint: Touchpoint,
    parts: Sequence[PartDraft],
    *,
    version: int,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Change this one call's agenda. Raises Conflict; InvalidInput, also when its talks need more than the new slot."""
    _lock(session, touchpoint, version)
    groups, chairs = group_refs(session), all_chairs(session)
    segments = read_agenda(parts, minutes=touchpoint.minutes, groups=groups, chairs=chairs)
    used = sum(talk.minutes for talk in talks_on(session, touchpoint) if talk.state in TAKES_MINUTES)
    if (room := slot_minutes(segments)) < used:
        raise InvalidInput({"parts": f"Its talks take {used} minutes; this agenda leaves {room} for talks."})
    touchpoint.segments = _segment_rows(segments)
    touchpoint.placements += 1  # the board's view of it changed: raise its version
    record(session, "touchpoint.agenda_saved", touchpoint, by=by, now=now, parts=len(segments))
    publish_touchpoint(session, touchpoint, site=site, now=now)
    session.commit()


def _lock(session: Session, touchpoint: Touchpoint, version: int) -> None:
    lock_touchpoints(session, [touchpoint])
    expect_version(touchpoint, version)


def _expect_coming(touchpoint: Touchpoint, *, now: datetime) -> None:
    if touchpoint.ends_at <= now:
        raise RuleViolation("This call is over: its date stays as it was.")


def _check_until(until: date, *, now: datetime) -> None:
    if not now.date() <= until < now.date() + HORIZON:
        raise InvalidInput({"until": "Choose a day from today to 24 months ahead."})


def _living(session: Session, only: Series | None) -> Sequence[Series]:
    """The series in their order, locked, so that two openings at once do not open a date twice."""
    query = select(Series).order_by(Series.position, Series.id).with_for_update()
    if only is not None:
        query = query.where(Series.id == only.id)
    parts = (selectinload(Series.rules), selectinload(Series.exceptions), selectinload(Series.template))
    return session.scalars(query.options(*parts)).all()


def _open(session: Session, series: Series, *, until: date, now: datetime) -> Iterator[Touchpoint]:
    rows = session.execute(
        select(Touchpoint.rule_date, Touchpoint.starts_at).where(Touchpoint.series_id == series.id)
    ).all()
    closed = {exception.date for exception in series.exceptions} | {rule_date for rule_date, _ in rows}
    taken = {starts_at for _, starts_at in rows}
    last = min(until, series.ended_on or until)
    for occurrence in occurrences([rule.value() for rule in series.rules], after=_day_before(now.date()), until=last):
        if occurrence.date in closed:
            continue
        starts_at = _instant_of(occurrence, series)
        if starts_at > now and starts_at not in taken:
            touchpoint = _new(series, occurrence.wall, starts_at, occurrence.rule, occurrence.rule.minutes, now=now)
            touchpoint.rule_date = occurrence.date
            yield touchpoint


def _instant_of(occurrence: Occurrence, series: Series) -> datetime:
    try:
        return to_utc(occurrence.wall, occurrence.rule.zone)
    except NoSuchWallTime as gap:
        raise InvalidInput({"until": f"{series.short_name}: {gap} Make that date an exception first."}) from gap


def _new(series: Series, wall: datetime, starts_at: datetime, rule: Rule, minutes: int, *, now: datetime) -> Touchpoint:
    return Touchpoint(
        series=series,
        local_start=wall,
        time_zone=rule.zone,
        minutes=minutes,
        starts_at=starts_at,
        created_at=now,
        segments=_segment_rows([part.value() for part in series.template]),
    )


def _segment_rows(segments: Sequence[Segment]) -> list[TouchpointSegment]:
    return [TouchpointSegment.of(segment, position=position) for position, segment in enumerate(segments)]


def _length_problems(series: Series, minutes: int) -> dict[str, str]:
    if not MIN_CALL <= minutes <= MAX_CALL:
        return {"minutes": f"A call takes {MIN_CALL} to {MAX_CALL} minutes."}
    problem = agenda_problem([part.value() for part in series.template], minutes=minutes)
    return {"minutes": problem} if problem and series.template else {}


def _end_problems(series: Series, day: date) -> dict[str, str]:
    if series.ended_on is None or day <= series.ended_on:
        return {}
    return {"day": f"The series meets here until {series.ended_on:%-d %B %Y}: change its last day first."}


def _free_instant(session: Session, series: Series, wall: datetime, zone: str, *, now: datetime) -> datetime:
    """The instant of `wall`, if a call of the series can begin then. Raises InvalidInput."""
    try:
        starts_at = to_utc(wall, zone)
    except NoSuchWallTime as gap:
        raise InvalidInput({"start": str(gap)}) from gap
    if starts_at <= now:
        raise InvalidInput({"day": "That is in the past."})
    if starts_at > now + HORIZON:
        raise InvalidInput({"day": "Dates can be planned for at most 24 months ahead."})
    standing = select(Touchpoint.id).where(Touchpoint.series_id == series.id, Touchpoint.starts_at == starts_at)
    if session.scalar(standing):
        raise InvalidInput({"day": "A call of this series stands there already."})
    return starts_at


def _free_rule_date(session: Session, series: Series, rules: Sequence[Rule], day: date) -> date | None:
    given = occurrences(rules, after=_day_before(day), until=day)
    taken = select(Touchpoint.id).where(Touchpoint.series_id == series.id, Touchpoint.rule_date == day)
    return day if given and session.scalar(taken) is None else None


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _ask_for_new_date(
    session: Session, talk: Talk, told: board_moves.Told, *, by: Actor, site: Site, now: datetime
) -> None:
    before = board_moves.snapshot(talk)
    mails = ask_again(session, talk, was=told.knew, by=by, site=site, now=now)
    # Remembered for what the speakers knew. Undo on the board must refuse it, since it cannot bring the old time back:
    # the talk's version rises once more.
    board_moves.remember(session, talk, before, told=told, mails=mails, by=by, now=now)
    flag_modified(talk, "state")


def _release(session: Session, talk: Talk, *, reason: str, by: Actor, site: Site, now: datetime) -> None:
    """Take a talk off a skipped call, back to the inbox; its row keeps the UID for the next date."""
    was = talk.touchpoint_id
    told = board_moves.take_questions_back(session, talk)
    move_to(talk, TalkState.RELEASED)
    take_off(session, talk)
    record(session, "talk.released", talk, by=by, now=now, touchpoint=was)
    if told.knew is not None:
        notifying.notify_cancelled(session, talk, was=told.knew, reason=reason, site=site, now=now)
    for confirmation in talk.confirmations:
        move_to(confirmation, ConfirmationState.WAITING)
