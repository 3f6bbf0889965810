"""Series as organizers keep them: the form, cadence rules, exceptions, the agenda template, the join link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.domain.agenda import STANDARD_AGENDA, Segment
from app.domain.cadence import HORIZON, Rule, occurrences, to_rrule
from app.domain.errors import InvalidInput, RuleViolation
from app.domain.localtime import NoSuchWallTime, in_zone, to_utc
from app.domain.secret import WayIn
from app.domain.series import (
    MAX_CALL,
    PartDraft,
    RuleDraft,
    SeriesDraft,
    read_agenda,
    read_rule,
    reason_problem,
    series_problems,
    way_in_problems,
)
from app.domain.site import Site
from app.models import CadenceException, CadenceRule, JoinLink, SegmentTemplate, Series, Touchpoint
from app.services.addresses import is_address
from app.services.auditing import Actor, record
from app.services.entries import update_entries
from app.services.farewells import keep_farewell
from app.services.locking import lock_row
from app.services.member_entries import rewrite_member_entries
from app.services.publishing import publish_series
from app.services.versions import expect_version
from app.services.working_groups.publishing import all_chairs, group_refs


def create_series(session: Session, draft: SeriesDraft, *, by: Actor, now: datetime) -> Series:
    """Begin a series with the standard agenda; without a cadence it has no dates yet. Raises InvalidInput."""
    _check(session, draft, None)
    place = session.scalar(select(func.max(Series.position)))
    series = Series(position=0 if place is None else place + 1, template=_template_rows(STANDARD_AGENDA))
    _write(series, draft)
    session.add(series)
    record(session, "series.created", series, by=by, now=now)
    session.commit()
    return series


def save_series(
    session: Session, series: Series, draft: SeriesDraft, *, version: int, by: Actor, site: Site, now: datetime
) -> None:
    """Change what a series says of itself; the calls to come are published anew, entries in calendars too.

    Where the public sees more or less of it from now on, the past ones are as well.

    Raises InvalidInput, Conflict.
    """
    expect_version(series, version)
    _check(session, draft, series)
    was_ended_on, was_shown = series.ended_on, series.shown
    _write(series, draft)
    record(session, "series.changed", series, by=by, now=now)
    keep_farewell(session, series, was_ended_on=was_ended_on, site=site, now=now)
    publish_series(session, series, with_past=series.shown is not was_shown, site=site, now=now)
    update_entries(session, series, site=site, now=now)
    session.commit()


def read_new_rule(series: Series, draft: RuleDraft, *, now: datetime) -> Rule:
    """The rule of the form, if the series can live by it; writes nothing. Raises InvalidInput.

    Refused are a rule whose calls are too short for the agenda template, and one with a start that the clocks skip on
    a date of the next 24 months.
    """
    rule = read_rule(draft, today=now.date())
    needed = sum(part.minutes for part in series.template)
    if needed > rule.minutes:
        raise InvalidInput({"minutes": f"The agenda template takes {needed} minutes: shorten it first."})
    today = in_zone(now, rule.zone).date()
    excepted = {exception.date for exception in series.exceptions}
    for occurrence in occurrences([rule], after=today, until=today + HORIZON):
        try:
            to_utc(occurrence.wall, rule.zone)
        except NoSuchWallTime as gap:
            if occurrence.date not in excepted:
                raise InvalidInput({"start": str(gap)}) from gap
    return rule


def add_rule(
    session: Session, series: Series, draft: RuleDraft, *, version: int, by: Actor, now: datetime
) -> CadenceRule:
    """Let a rule hold from its date until the next rule's; one from the same date is replaced.

    Touchpoints that are open stay as they are. Raises InvalidInput, Conflict.
    """
    expect_version(series, version)
    rule = read_new_rule(series, draft, now=now)
    row = next((row for row in series.rules if row.valid_from == rule.valid_from), None)
    if row is None:
        row = CadenceRule(valid_from=rule.valid_from)
        series.rules.append(row)
    row.rrule, row.start_time = to_rrule(rule.cadence), rule.start
    row.minutes, row.time_zone = rule.minutes, rule.zone
    _touch(series)
    record(session, "series.rule_added", series, by=by, now=now, valid_from=rule.valid_from.isoformat())
    session.commit()
    return row


def remove_rule(session: Session, rule: CadenceRule, *, by: Actor, now: datetime) -> None:
    """Take back a rule; the one before it holds on. Touchpoints that are open stay as they are.

    Raises RuleViolation for a rule that has begun: it is history, and a new rule replaces it from its own date on.
    """
    if rule.valid_from <= in_zone(now, rule.time_zone).date():
        raise RuleViolation("This rule has begun. Add one that replaces it from a date on.")
    series = rule.series
    series.rules.remove(rule)
    _touch(series)
    record(session, "series.rule_removed", series, by=by, now=now, valid_from=rule.valid_from.isoformat())
    session.commit()


def add_exception(
    session: Session, series: Series, *, day: date | None, reason: str, by: Actor, now: datetime
) -> CadenceException:
    """Open no touchpoint on a date that the cadence gives. Raises InvalidInput."""
    problems = {"day": problem} if (problem := _exception_problem(session, series, day, now=now)) else {}
    if problem := reason_problem(reason):
        problems["reason"] = problem
    if problems or day is None:
        raise InvalidInput(problems)
    exception = CadenceException(date=day, reason=reason)
    series.exceptions.append(exception)
    _touch(series)
    record(session, "series.exception_added", series, by=by, now=now, date=day.isoformat())
    session.commit()
    return exception


def remove_exception(session: Session, series: Series, *, day: date, by: Actor, now: datetime) -> None:
    """Let the cadence give that date again; nothing happens when it already does."""
    found = [exception for exception in series.exceptions if exception.date == day]
    for exception in found:
        series.exceptions.remove(exception)
        _touch(series)
        record(session, "series.exception_removed", series, by=by, now=now, date=day.isoformat())
    session.commit()


def template_minutes(series: Series, *, today: date) -> int:
    """How long the agenda template may be: the shortest call of the rules that hold today or later."""
    lasting = [
        rule.minutes
        for rule, following in zip(series.rules, [*series.rules[1:], None], strict=False)
        if following is None or following.valid_from > today
    ]
    return min(lasting, default=MAX_CALL)


def save_template(
    session: Session, series: Series, parts: Sequence[PartDraft], *, version: int, by: Actor, now: datetime
) -> None:
    """Let new touchpoints of the series begin with this agenda. Raises InvalidInput, Conflict."""
    expect_version(series, version)
    groups, chairs = group_refs(session), all_chairs(session)
    segments = read_agenda(parts, minutes=template_minutes(series, today=now.date()), groups=groups, chairs=chairs)
    series.template = _template_rows(segments)
    _touch(series)
    record(session, "series.template_saved", series, by=by, now=now, parts=len(segments))
    session.commit()


def save_join_link(
    session: Session,
    owner: Series | Touchpoint,
    way_in: WayIn,
    *,
    version: int | None = None,
    by: Actor,
    site: Site,
    now: datetime,
) -> None:
    """Keep the way into a series' calls, or into one call; an empty one takes it away. Raises InvalidInput, Conflict.

    `version` is the owner's, of the page on which it was typed; None where nobody saw the one before. Members' own
    calendars have the new one at once; speakers who have confirmed are mailed it.
    """
    if version is not None:
        lock_row(session, owner)
        expect_version(owner, version)
    if problems := way_in_problems(way_in):
        raise InvalidInput(problems)
    row = find_join_link(session, owner)
    if row is None and way_in:
        row = JoinLink(series_id=owner.id) if isinstance(owner, Series) else JoinLink(touchpoint_id=owner.id)
        session.add(row)
    if row is not None and way_in:
        row.url, row.passcode = way_in.address, way_in.passcode
        row.dial_in, row.registration = way_in.dial_in, way_in.registration
    elif row is not None:
        session.delete(row)
    flag_modified(owner, "position" if isinstance(owner, Series) else "state")  # raises its version: pages are stale
    record(session, f"{owner.__tablename__}.join_link_saved", owner, by=by, now=now)
    series_id = owner.id if isinstance(owner, Series) else owner.series_id
    rewrite_member_entries(session, series_id=series_id, site=site, now=now)
    update_entries(session, owner, site=site, now=now)
    session.commit()


def find_join_link(session: Session, owner: Series | Touchpoint) -> JoinLink | None:
    """The row of the owner's own join link."""
    column = JoinLink.series_id if isinstance(owner, Series) else JoinLink.touchpoint_id
    return session.scalar(select(JoinLink).where(column == owner.id))


def _check(session: Session, draft: SeriesDraft, series: Series | None) -> None:
    problems = series_problems(draft, is_address=is_address)
    if "slug" not in problems and (problem := _slug_taken(session, draft.slug, series)):
        problems["slug"] = problem
    if problems:
        raise InvalidInput(problems)


def _slug_taken(session: Session, slug: str, series: Series | None) -> str | None:
    if series is not None and series.slug == slug:
        return None
    if session.scalar(select(Series.id).where(Series.slug == slug)):
        return "Another series has this short address."
    if series is not None and session.scalar(select(Touchpoint.id).where(Touchpoint.series_id == series.id).limit(1)):
        return f"It stays “{series.slug}”: calendars are subscribed to that address."
    return None


def _write(series: Series, draft: SeriesDraft) -> None:
    for field in fields(draft):
        setattr(series, field.name, getattr(draft, field.name))


def _template_rows(segments: Sequence[Segment]) -> list[SegmentTemplate]:
    return [SegmentTemplate.of(segment, position=position) for position, segment in enumerate(segments)]


def _touch(series: Series) -> None:
    """A change to its rules, exceptions or template is a change to the series: raise its version."""
    flag_modified(series, "position")


def _exception_problem(session: Session, series: Series, day: date | None, *, now: datetime) -> str | None:
    if day is None or not now.date() <= day <= now.date() + HORIZON:
        return "Give a date of the next two years."
    rules = [rule.value() for rule in series.rules]
    if not occurrences(rules, after=day - timedelta(days=1), until=day):
        return "The cadence gives no call on that day."
    if any(exception.date == day for exception in series.exceptions):
        return "That date is an exception already."
    opened = select(Touchpoint.id).where(Touchpoint.series_id == series.id, Touchpoint.rule_date == day)
    if session.scalar(opened):
        return "A touchpoint stands there already. Skip it on its own page, so that everyone is told."
    return None
