"""A call and a series as schema.org knows them, for whoever reads pages by program. Public values in, JSON out.

Who speaks stands in the description, as each chose to be named, and never as a person of its own: "someone from an
OSPO" is no Person, and what is taken back must not live on in an index of people.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.attribution import PublicText
from app.domain.localtime import in_zone
from app.domain.publication import Audience, PublicSeries, PublicStatus, PublicTalk, PublicTouchpoint

_SCHEMA = "https://schema.org"
_IN_SCRIPTS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
LinkedData = dict[str, Any]


@dataclass(frozen=True)
class Publisher:
    """Whose calls they are: the community's name, its front page, and the picture that stands for it."""

    name: PublicText
    home: str
    picture: str


def event(
    call: PublicTouchpoint, *, url: str, series_url: str, by: Publisher, was: datetime | None = None
) -> LinkedData:
    """The call whose page is `url`. `was` is when it would have begun before it was moved."""
    found: LinkedData = {
        "@context": _SCHEMA,
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": ": ".join(filter(None, (call.series.short_name, call.title))),
        "description": _description(call),
        **_dates(call),
        "eventStatus": f"{_SCHEMA}/{_status(call, was)}",
        "eventAttendanceMode": f"{_SCHEMA}/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url},
        "organizer": _organization(by),
        "superEvent": {"@type": "EventSeries", "name": call.series.name, "url": series_url},
        "image": [by.picture],
    }
    if was and not _is_off(call):
        found["previousStartDate"] = in_zone(was, call.time_zone).isoformat()
    return found | _audience(call.series)


def event_series(series: PublicSeries, description: PublicText, *, url: str, by: Publisher) -> LinkedData:
    """The series whose dates are on the page `url`."""
    said = {"description": description} if description else {}
    found = {"@context": _SCHEMA, "@type": "EventSeries", "@id": url, "url": url, "name": series.name, **said}
    return {
        **found,
        "eventAttendanceMode": f"{_SCHEMA}/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": url},
        "organizer": _organization(by),
        "image": [by.picture],
    } | _audience(series)


def in_script(value: LinkedData) -> str:
    """The value as JSON that may stand in a script element: no text in it ends the element or begins another."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPTS)


def _dates(call: PublicTouchpoint) -> dict[str, str]:
    """From when until when; the month alone (ISO 8601 allows that) where the day is not known."""
    start = in_zone(call.starts_at, call.time_zone)
    if not call.day_known:
        return {"startDate": f"{start:%Y-%m}"}
    return {"startDate": start.isoformat(), "endDate": in_zone(call.ends_at, call.time_zone).isoformat()}


def _is_off(call: PublicTouchpoint) -> bool:
    return call.skipped or call.status is PublicStatus.CANCELLED


def _status(call: PublicTouchpoint, was: datetime | None) -> str:
    if _is_off(call):
        return "EventCancelled"
    return "EventRescheduled" if was else "EventScheduled"


def _description(call: PublicTouchpoint) -> str:
    return "\n\n".join([*(_told(talk) for talk in call.talks), call.notice.rule])


def _told(talk: PublicTalk) -> str:
    heading = f"{talk.title}, with {'; '.join(talk.speakers)}" if talk.speakers else talk.title
    return "\n".join(filter(None, (heading, talk.abstract)))


def _organization(by: Publisher) -> LinkedData:
    return {"@type": "Organization", "name": by.name, "url": by.home}


def _audience(series: PublicSeries) -> LinkedData:
    if series.audience is Audience.OPEN:
        return {"isAccessibleForFree": True}
    return {"audience": {"@type": "Audience", "audienceType": "Members"}}
