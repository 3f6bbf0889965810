"""The public calendar: a month as a table or as a list of its days, with the calendars of sister communities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.localtime import in_zone
from app.domain.month import Month
from app.domain.publication import PublicSeries, PublicTouchpoint
from app.extensions import db
from app.services.changes import ago
from app.services.queries import calendar as queries
from app.services.queries import public as public_queries
from app.services.queries import sister_calendars
from app.services.queries.moves import moved_from
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.guards import public
from app.web.public import blueprint
from app.web.public.month_days import CalendarMonth, Move, Switch, T, undated_in, weeks_of
from app.web.public.showing import show

_CHOICES = ("series", "sister")
_MOST_CHOICES = 40  # slugs in an address; more is no choice of ours


@blueprint.get("/calendar")
@public
def calendar() -> Response:
    """The calls of a month as a table of its weeks."""
    return _answer("pages/public/calendar.html", "partials/calendar/month.html")


@blueprint.get("/calendar/agenda")
@public
def calendar_agenda() -> Response:
    """The calls of a month as a list of its days."""
    return _answer("pages/public/calendar.html", "partials/calendar/agenda.html")


@blueprint.app_context_processor
def _for_the_calendar() -> dict[str, Any]:
    return {"calendar_address": calendar_address, "ago": ago}


def _answer(page: str, partial: str) -> Response:
    found = _read_month()
    is_listed = not set(request.args) - {"month"} and (found.count > 0 or "month" not in request.args)
    response = show(page, partial, also=("partials/calendar/said.html",), calendar=found, is_listed=is_listed)
    if not is_listed:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def calendar_address(endpoint: str, month: Month | None, day: str = "") -> str:
    """This view or its other with what is chosen, of another month; None for the present one."""
    chosen: dict[str, Any] = {name: request.args.getlist(name)[:_MOST_CHOICES] for name in _CHOICES}
    return url_for(
        f"public.{endpoint}",
        month=str(month) if month else None,
        tz=request.args.get("tz"),
        _anchor=day or None,
        **chosen,
    )


def _read_month() -> CalendarMonth:
    session, zone = db.session(), visitor_zone()
    first, last = queries.month_bounds(session, now=now())
    month = _asked_month(zone)
    if not first <= month <= last:
        raise NotFound("The calendar has no such month.")
    start, end = month.instants
    calls = queries.calls_between(session, start, end)
    series = _series_switches(calls)
    sisters = _switches("sister", sister_calendars.shown_calendars(session, now=now()))
    on = {switch.of.slug for switch in series if switch.is_on}
    shown = {switch.of.slug: switch.of for switch in sisters if switch.is_on}
    calls = tuple(call for call in calls if call.series.slug in on)
    events = sister_calendars.coming_occurrences(session, start=start, end=end) if shown else ()
    home = zone or (calls[0].time_zone if calls else "UTC")
    return CalendarMonth(
        month=month,
        today=in_zone(now(), home).date(),
        home=home,
        weeks=weeks_of(
            month,
            calls,
            [(event, shown[event.calendar]) for event in events if event.calendar in shown],
            zone=zone,
            zone_of_events=home,
        ),
        series=series,
        sisters=sisters,
        undated=undated_in(month, calls),
        moved=tuple(Move(key, was) for key, was in moved_from(session, [call.key for call in calls]).items()),
        earlier=month.after(-1) if month > first else None,
        later=month.after(1) if month < last else None,
    )


def _asked_month(zone: str | None) -> Month:
    """The month of the address; without one the present, where the visitor is. Raises NotFound for what is none."""
    text = request.args.get("month", "")
    month = Month.read(text) if text else Month.of(in_zone(now(), zone or "UTC").date())
    if month is None:
        raise NotFound("The calendar has no such month.")
    return month


def _series_switches(calls: Sequence[PublicTouchpoint]) -> tuple[Switch[PublicSeries], ...]:
    """The series that go on, in the organizers' order, then those that have ended and met in this month."""
    known: dict[str, PublicSeries] = {
        card.series.slug: card.series for card in public_queries.list_series(db.session(), now=now())
    }
    for call in calls:
        known.setdefault(call.series.slug, call.series)
    return _switches("series", tuple(known.values()))


def _switches(name: str, things: Sequence[T]) -> tuple[Switch[T], ...]:
    """All are on until the address names some, or none by an empty word."""
    named = set(request.args.getlist(name)[:_MOST_CHOICES]) if name in request.args else None
    return tuple(Switch(thing, is_on=named is None or thing.slug in named) for thing in things)
