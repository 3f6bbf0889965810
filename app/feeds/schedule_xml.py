"""A schedule as XML, in the frab / c3voc form that Giggity and the like read."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from app.domain.text import clean_line, clean_text
from app.feeds.schedule import LANGUAGE, Schedule, ScheduleDay, ScheduleEvent, ScheduleLink


def schedule_xml(schedule: Schedule) -> bytes:
    """The file. Same values, same bytes."""
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", {"name": "touchpoints"})
    _add(root, "version", schedule.version)
    root.append(_conference(schedule))
    for day in schedule.days:
        root.append(_day(day))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'.encode()


def _conference(schedule: Schedule) -> ET.Element:
    element = ET.Element("conference")
    _add(element, "acronym", schedule.acronym)
    _add(element, "title", clean_line(schedule.head.title))
    _add(element, "start", schedule.days[0].date.isoformat())
    _add(element, "end", schedule.days[-1].date.isoformat())
    _add(element, "days", str(len(schedule.days)))
    _add(element, "timeslot_duration", "00:05")
    _add(element, "base_url", schedule.head.site)
    _add(element, "time_zone_name", schedule.time_zone)
    return element


def _day(day: ScheduleDay) -> ET.Element:
    element = ET.Element(
        "day",
        {
            "index": str(day.index),
            "date": day.date.isoformat(),
            "start": day.starts_at.isoformat(),
            "end": day.ends_at.isoformat(),
        },
    )
    for room, events in day.rooms:
        held = ET.SubElement(element, "room", {"name": clean_line(room)})
        held.extend(_event(event) for event in events)
    return element


def _event(event: ScheduleEvent) -> ET.Element:
    element = ET.Element("event", {"guid": str(event.guid), "id": str(event.number)})
    _add(element, "date", event.starts_at.isoformat())
    _add(element, "start", f"{event.starts_at:%H:%M}")
    _add(element, "duration", clock(event.minutes))
    _add(element, "room", clean_line(event.room))
    _add(element, "slug", event.slug)
    _add(element, "url", event.url)
    _add(element, "title", clean_line(event.title))
    _add(element, "subtitle", "")
    _add(element, "track", clean_line(event.track))
    _add(element, "type", event.kind.value)
    _add(element, "language", LANGUAGE)
    _add(element, "abstract", clean_text(event.abstract))
    _add(element, "description", clean_text("\n".join(event.notice)))
    recording = ET.SubElement(element, "recording")
    _add(recording, "license", "")  # nobody has said one
    _add(recording, "optout", "false" if event.recorded else "true")
    persons = ET.SubElement(element, "persons")
    for person in event.persons:
        _add(persons, "person", clean_line(person.name)).set("id", str(person.number))
    _link_all(element, "link", event.links)
    _link_all(element, "attachment", event.slides)
    return element


def clock(minutes: int) -> str:
    """A length as the formats write it: "01:00"."""
    hours, rest = divmod(minutes, 60)
    return f"{hours:02}:{rest:02}"


def _link_all(parent: ET.Element, name: str, links: tuple[ScheduleLink, ...]) -> None:
    element = ET.SubElement(parent, f"{name}s")
    for link in links:
        _add(element, name, clean_line(link.title)).set("href", link.url)


def _add(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child
