"""The time-zone table of a call: when it is in the community's cities, where the visitor is, and wherever they ask."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotFound
from app.domain.localtime import in_zone, known_zone
from app.domain.publication import PublicTouchpoint
from app.extensions import db
from app.services.queries import calendar as queries
from app.services.queries.public import find_call
from app.web.clock import now
from app.web.context import visitor_zone
from app.web.guards import public
from app.web.public import blueprint
from app.web.public.call_times import MOST_ADDED, YEAR, CallTimes, differences_of, places_of, times_of, year_of
from app.web.public.showing import show

_LONGEST = 64  # letters in the name of a zone


@blueprint.get("/touchpoints/<key>/times")
@public
def times(key: str) -> Response:
    """One call on the clocks of many places, and the weeks of the year ahead in which they differ."""
    call = find_call(db.session(), key)
    if not call.day_known:
        raise NotFound("When this call was is not known to the day.")
    return show("pages/public/times.html", "partials/calendar/times.html", it=_read_times(call))


def _read_times(call: PublicTouchpoint) -> CallTimes:
    places = places_of(call, visitor=visitor_zone(), added=_added())
    shown = times_of(call, places)
    if call.ends_at <= now() or not queries.is_on(call):
        return CallTimes(call, shown)
    calls = queries.calls_of_series(db.session(), call.series.slug, after=now(), until=now() + YEAR)
    today = in_zone(now(), call.time_zone).date()
    return CallTimes(
        call,
        shown,
        differences=differences_of(call, places, calls, today=today),
        year=year_of(call, places, today=today),
    )


def _added() -> list[str]:
    """The zones that the address adds; what is none is left out."""
    asked = request.args.getlist("zone")[: 2 * MOST_ADDED]
    return [zone for zone in asked if len(zone) <= _LONGEST and known_zone(zone)]


@blueprint.app_context_processor
def _for_times() -> dict[str, Any]:
    return {"times_without": times_without}


def times_without(key: str, zone: str) -> str:
    """The address of this table without one of the zones that were added."""
    rest = [each for each in _added() if each != zone]
    return url_for("public.times", key=key, zone=rest, tz=request.args.get("tz"))
