"""A schedule as JSON, in the c3voc form."""

from __future__ import annotations

import json
from typing import Any

from app.feeds.schedule import LANGUAGE, Schedule, ScheduleDay, ScheduleEvent, ScheduleLink, guid_of
from app.feeds.schedule_xml import clock


def schedule_json(schedule: Schedule, *, namespace: str) -> bytes:
    """The file. Same values, same bytes. `namespace` is the one that its events are named by."""
    conference = {
        "acronym": schedule.acronym,
        "title": schedule.head.title,
        "start": schedule.days[0].date.isoformat(),
        "end": schedule.days[-1].date.isoformat(),
        "daysCount": len(schedule.days),
        "timeslot_duration": "00:05",
        "time_zone_name": schedule.time_zone,
        "url": schedule.head.url,
        "rooms": [{"name": room, "guid": str(guid_of(f"room:{room}", namespace=namespace))} for room in schedule.rooms],
        "days": [_day(day) for day in schedule.days],
    }
    said = {
        "generator": {"name": "touchpoints"},
        "schedule": {"version": schedule.version, "base_url": schedule.head.site, "conference": conference},
    }
    return f"{json.dumps(said, ensure_ascii=False, indent=1)}\n".encode()


def _day(day: ScheduleDay) -> dict[str, Any]:
    return {
        "index": day.index,
        "date": day.date.isoformat(),
        "day_start": day.starts_at.isoformat(),
        "day_end": day.ends_at.isoformat(),
        "rooms": {room: [_event(event) for event in events] for room, events in day.rooms},
    }


def _event(event: ScheduleEvent) -> dict[str, Any]:
    return {
        "guid": str(event.guid),
        "id": event.number,
        "date": event.starts_at.isoformat(),
        "start": f"{event.starts_at:%H:%M}",
        "duration": clock(event.minutes),
        "room": event.room,
        "slug": event.slug,
        "url": event.url,
        "title": event.title,
        "subtitle": None,
        "track": event.track or None,
        "type": event.kind,
        "language": LANGUAGE,
        "abstract": event.abstract or None,
        "description": "\n".join(event.notice),
        "recording_license": "",
        "do_not_record": not event.recorded,
        "persons": [{"guid": str(person.guid), "id": person.number, "name": person.name} for person in event.persons],
        "links": _links(event.links),
        "attachments": _links(event.slides),
    }


def _links(links: tuple[ScheduleLink, ...]) -> list[dict[str, str]]:
    return [{"url": link.url, "title": link.title} for link in links]
