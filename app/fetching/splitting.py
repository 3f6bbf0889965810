"""A calendar's raw lines, as dirty as they come: its events with the properties that count, its zones, its own zone.

Nothing is understood here: what is long over, cancelled rules and words that nobody is shown are gone before a parser
has any work with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_ZONES, MOST_ZONE_LINES, DEEPEST = 200, 2000, 20
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[^:"]*(?:"[^"]*"[^:"]*)*)?):(.*)', re.DOTALL)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_FENCES = ("BEGIN:", "END:")
_COUNT = frozenset(
    {"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE"}
    | {"SUMMARY", "STATUS", "URL"}
)
_ONCE = _COUNT - {"RRULE", "RDATE", "EXDATE"}


@dataclass(frozen=True)
class Line:
    """A content line without its folds. `parameters` begins with a semicolon or is empty."""

    name: str
    parameters: str
    value: str

    def __str__(self) -> str:
        return f"{self.name}{self.parameters}:{self.value}"

    @property
    def tzid(self) -> str:
        found = re.search(r';TZID="?([^";:]+)', self.parameters, re.IGNORECASE)
        return found.group(1) if found else ""


@dataclass
class RawEvent:
    """One VEVENT: its lines that count, in order; of a property that may stand once, the first."""

    lines: list[Line] = field(default_factory=list)

    def first(self, name: str) -> str:
        """The value of the property, or nothing."""
        return next((line.value for line in self.lines if line.name == name), "")

    def add(self, line: Line) -> None:
        if line.name in _COUNT and not (line.name in _ONCE and self.first(line.name)):
            self.lines.append(line)

    def rule(self) -> dict[str, str]:
        """The parts of the rule by name, in capitals; the strictest reader of them is the parser."""
        parts = (part.partition("=") for part in self.first("RRULE").upper().split(";"))
        return {name.strip(): value.strip() for name, _, value in parts}

    def is_beyond(self, first: str, last: str) -> bool:
        """Whether none of it can be on between two days, written 20261123: a guess on the safe side."""
        start, changes = self.first("DTSTART")[:8], self.first("RECURRENCE-ID")[:8]
        if not _is_day(start) or (changes and not _is_day(changes)):
            return False
        if self.first("RRULE") or self.first("RDATE"):
            until = self.rule().get("UNTIL", "")[:8]
            return start > last or (not self.first("RDATE") and _is_day(until) and until < first)
        days = (start, changes or start)
        return all(day < first for day in days) or all(day > last for day in days)


@dataclass
class RawCalendar:
    """The events in order, the VTIMEZONEs as text, and what X-WR-TIMEZONE says."""

    events: list[RawEvent] = field(default_factory=list)
    zones: list[list[str]] = field(default_factory=list)
    own_zone: str = ""


def split_calendar(data: bytes) -> RawCalendar:
    """`data` as its parts. Text that is not UTF-8 keeps what can be read; what is no line goes on the last one."""
    calendar, event = RawCalendar(), RawEvent()
    inside: list[str] = []
    zone: list[str] = []
    for line in read_lines(data):
        what = line.value.strip().upper()
        if line.name == "BEGIN":
            if what == "VEVENT":
                event, inside = RawEvent(), ["VCALENDAR"]
                calendar.events.append(event)
            if what == "VTIMEZONE":
                zone, inside = [], ["VCALENDAR"]
                calendar.zones.append(zone)
            if len(inside) < DEEPEST:
                inside.append(what)
        if "VTIMEZONE" in inside and len(calendar.zones) <= MOST_ZONES and len(zone) <= MOST_ZONE_LINES:
            zone.append(str(line))
        if inside[-1:] == ["VEVENT"]:
            event.add(line)
        elif inside[-1:] == ["VCALENDAR"] and line.name == "X-WR-TIMEZONE":
            calendar.own_zone = calendar.own_zone or line.value.strip()
        if line.name == "END" and what in inside:
            del inside[len(inside) - 1 - inside[::-1].index(what) :]
    return calendar


def read_lines(data: bytes) -> Iterator[Line]:
    """The content lines of RFC 5545 section 3.1, whatever ends and folds them."""
    text = data.decode("utf-8-sig", "replace")
    text = text if "\n" in text else text.replace("\r", "\n")
    whole: list[str] = []
    for raw in text.split("\n"):
        piece = _CONTROLS.sub(" ", raw.rstrip("\r"))
        is_folded = piece[:1] in {" ", "\t"}
        if whole and (is_folded or not _LINE.fullmatch(piece)):
            if whole[0].upper().startswith(_FENCES):
                continue  # nothing goes on after a fence, or an event would have no end
            whole.append(piece[1:] if is_folded else piece)
            continue
        yield from _as_line(whole)
        whole = [piece]
    yield from _as_line(whole)


def _as_line(pieces: list[str]) -> Iterator[Line]:
    if found := _LINE.fullmatch("".join(pieces)):
        yield Line(found.group(1).upper(), found.group(2), found.group(3))


def _is_day(text: str) -> bool:
    return len(text) == 8 and text.isascii() and text.isdigit()
