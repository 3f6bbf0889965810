"""From a calendar's bytes to its occurrences within a window. It runs in a child process (`app.fetching.child`) alone.

Events with one UID belong together (a rule and its overrides) and are read by themselves: whatever is wrong with them
leaves the others alone.
"""

from __future__ import annotations

import html
import re
import signal
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any
from zoneinfo import available_timezones

import recurring_ical_events
from icalendar import Calendar, Component
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from app.domain.join_links import holds_join_link
from app.domain.sister_calendars import (
    LONGEST_EVENT,
    MAX_UID,
    MAX_URL,
    Expansion,
    LeftOut,
    Noted,
    Occurrence,
    shown_title,
)
from app.domain.text import clean_line, is_web_address
from app.fetching.failures import FetchFailed
from app.fetching.splitting import RawCalendar, RawEvent, split_calendar

MOST_EVENTS, MOST_OCCURRENCES, MOST_TIMES_A_DAY = 5000, 2000, 4
LONGEST = LONGEST_EVENT
A_SERIES, EVERYTHING = 1.0, 8.0
"""Seconds of CPU for what one UID stands for, and for all of them: the process has ten."""
_DAILY_OR_LESS = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")


@dataclass(frozen=True)
class Window:
    """What is on between `start` and `end` counts."""

    start: datetime
    end: datetime


class _TooSlow(BaseException):
    """The time of a series is over. No handler of a library takes it for an error of its own."""


def expand(data: bytes, window: Window) -> Expansion:
    """Every occurrence within the window, in order. Raises FetchFailed for more events than anybody reads."""
    calendar = split_calendar(data)
    first, last = window.start - LONGEST - timedelta(days=2), window.end + timedelta(days=2)
    coming = [event for event in calendar.events if not event.is_beyond(f"{first:%Y%m%d}", f"{last:%Y%m%d}")]
    if len(coming) > MOST_EVENTS:
        raise FetchFailed(f"It holds {len(coming):,} events that are not over; {MOST_EVENTS:,} are the most.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parsers warn of what they guess; what matters is noted
        return _Reading(calendar, window).read(coming)


class _Reading:
    """What is gathered while one calendar is read."""

    def __init__(self, calendar: RawCalendar, window: Window) -> None:
        self.window = window
        self.left_out: Counter[LeftOut] = Counter()
        self.noted: Counter[Noted] = Counter()
        self.found: list[Occurrence] = []
        self.zones = _learn_zones(calendar.zones)
        self.own_zone = known_zone(calendar.own_zone)
        self.until = process_time() + EVERYTHING

    def read(self, events: Iterable[RawEvent]) -> Expansion:
        for group in _by_uid(events):
            if reason := _refusal(group):
                self.left_out[reason] += 1
            elif process_time() > self.until:
                self.left_out[LeftOut.TOO_SLOW] += 1
            else:
                self._read_group(group)
            if len(self.found) > 10 * MOST_OCCURRENCES:
                self._prune()
        self._prune()
        return Expansion(tuple(self.found), dict(+self.left_out), dict(+self.noted))

    def _read_group(self, group: list[RawEvent]) -> None:
        try:
            with _time_for_a_series():
                self.found.extend(self._occurrences(group))
        except _TooSlow:
            self.left_out[LeftOut.TOO_SLOW] += 1
        except Exception:  # noqa: BLE001 (whatever two libraries raise for what strangers wrote)
            if len(group) == 1:
                self.left_out[LeftOut.UNREADABLE] += 1
                return
            for event in group:
                self._read_group([event])

    def _occurrences(self, group: list[RawEvent]) -> list[Occurrence]:
        calendar = Calendar.from_ical(self._as_calendar(group))
        parts = recurring_ical_events.of(calendar, skip_bad_series=False).between(self.window.start, self.window.end)
        cancelled = sum(_says(part, "CANCELLED") for part in parts)
        found = [_occurrence(part) for part in parts if not _says(part, "CANCELLED")]
        short = [occurrence for occurrence in found if occurrence.ends_at - occurrence.starts_at <= LONGEST]
        self.left_out.update({LeftOut.CANCELLED: cancelled, LeftOut.TOO_LONG: len(found) - len(short)})
        if short:
            self._note(group, short)
        return short

    def _as_calendar(self, group: list[RawEvent]) -> bytes:
        """A calendar of these events alone. Bytes: icalendar takes some short texts for the names of files."""
        head = ["BEGIN:VCALENDAR", "VERSION:2.0"] + ([f"X-WR-TIMEZONE:{self.own_zone}"] if self.own_zone else [])
        body = [line for event in group for line in ("BEGIN:VEVENT", *map(str, event.lines), "END:VEVENT")]
        return "\r\n".join([*head, *body, "END:VCALENDAR", ""]).encode()

    def _note(self, group: list[RawEvent], found: list[Occurrence]) -> None:
        starts = [line for event in group for line in event.lines if line.name == "DTSTART"]
        if any(line.tzid and line.tzid not in self.zones and not known_zone(line.tzid) for line in starts):
            self.noted[Noted.UNKNOWN_ZONE] += 1
        if not self.own_zone and any("T" in line.value and not line.tzid and line.value[-1] != "Z" for line in starts):
            self.noted[Noted.FLOATING] += 1
        if any(not (event.first("DTEND") or event.first("DURATION")) for event in group) and not found[0].all_day:
            self.noted[Noted.NO_END] += 1
        if not found[0].title:
            self.noted[Noted.NO_TITLE] += 1

    def _prune(self) -> None:
        self.found.sort(key=lambda occurrence: (occurrence.starts_at, occurrence.uid))
        if over := len(self.found) - MOST_OCCURRENCES:
            self.left_out[LeftOut.TOO_MANY] += max(0, over)
        del self.found[MOST_OCCURRENCES:]


def known_zone(name: str) -> str:
    """The IANA zone that `name` means: itself, behind a vendor's path, or by its Windows name; else nothing."""
    plain = name.strip().strip('"')
    parts = plain.strip("/").split("/")
    behind = ("/".join(parts[start:]) for start in range(len(parts)))
    return next((each for each in behind if each in _ZONES), WINDOWS_TO_OLSON.get(plain, ""))


_ZONES = available_timezones()


def _learn_zones(zones: Iterable[list[str]]) -> frozenset[str]:
    """Let the parser know zones that the file itself describes, and return their names."""
    known = set()
    for lines in zones:
        text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])
        try:
            with _time_for_a_series():
                known |= {str(zone.tz_name) for zone in Calendar.from_ical(text.encode()).timezones}
        except (_TooSlow, Exception):  # noqa: BLE001, S112 (events in such a zone are noted)
            continue
    return frozenset(known)


def _by_uid(events: Iterable[RawEvent]) -> Iterator[list[RawEvent]]:
    """Rules with their overrides; an event without a UID stands for itself."""
    groups: dict[object, list[RawEvent]] = {}
    for event in events:
        groups.setdefault(event.first("UID").strip() or id(event), []).append(event)
    return iter(groups.values())


def _refusal(group: list[RawEvent]) -> LeftOut | None:
    """Why nobody starts to work these out."""
    for event in group:
        rule = event.rule()
        if event.first("RRULE") and not _is_daily_or_less(rule):
            return LeftOut.SUB_DAILY
        if event.first("DURATION") and _is_long(event.first("DURATION")):
            return LeftOut.TOO_LONG
    if all(event.first("STATUS").strip().upper() == "CANCELLED" for event in group):
        return LeftOut.CANCELLED
    return None


def _is_daily_or_less(rule: dict[str, str]) -> bool:
    times = 1
    for part in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= rule.get(part, "").count(",") + 1
    return rule.get("FREQ") in _DAILY_OR_LESS and times <= MOST_TIMES_A_DAY


def _is_long(text: str) -> bool:
    found = _DURATION.fullmatch(text.strip())
    if not found or any(len(part or "") > 9 for part in found.groups()):
        return True
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    return ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds > LONGEST.total_seconds()


def _says(part: Component, status: str) -> bool:
    return str(part.get("STATUS", "")).strip().upper() == status


def _occurrence(part: Any) -> Occurrence:
    starts = part["DTSTART"].dt
    ends = part["DTEND"].dt if "DTEND" in part else starts
    url = clean_line(str(part.get("URL", "")))
    begin = _instant(starts)
    return Occurrence(
        uid=clean_line(str(part.get("UID", "")))[:MAX_UID],
        title=shown_title(html.unescape(_TAG.sub("", str(part.get("SUMMARY", ""))))),
        url=url if len(url) <= MAX_URL and is_web_address(url) and not holds_join_link(url) else "",
        starts_at=begin,
        ends_at=max(begin, _instant(ends)),
        all_day=not isinstance(starts, datetime),
        tentative=_says(part, "TENTATIVE"),
    )


def _instant(when: date | datetime) -> datetime:
    """Aware UTC: of a day its midnight, of a time without a zone the same time in UTC."""
    if not isinstance(when, datetime):
        return datetime.combine(when, time(), UTC)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


@contextmanager
def _time_for_a_series() -> Iterator[None]:
    """Inside, a second of CPU; then _TooSlow."""

    def stop(_number: int, _frame: Any) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, A_SERIES)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
