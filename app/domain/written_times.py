"""Times as people wrote them down ("2:00" to "3:00 pm", "5:00 PM GMT") to wall clocks and IANA zones."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, time

_CLOCK = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*([ap]m)?", re.IGNORECASE)
_ZONES = {
    "UTC": "UTC",
    # The record says GMT in summer too, for calls that kept their UTC hour.
    "GMT": "UTC",
    # Central European time is the Madrid clock of the series' own rule.
    "CET": "Europe/Madrid",
    "CEST": "Europe/Madrid",
    "MADRID": "Europe/Madrid",
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
_DAY_IN_A_RULE = re.compile(rf"(?:\b({'|'.join(_PLACES)})\s+)?({'|'.join(_WEEKDAYS)})", re.IGNORECASE)
_IN_A_RULE = re.compile(rf"({_CLOCK.pattern})(?:\s*-\s*\d{{1,2}}:\d{{2}})?\s+({'|'.join(_ZONES)})\b", re.IGNORECASE)


def read_zone(text: str) -> str | None:
    """The IANA zone that the first word means: "CET then CEST" is Europe/Madrid. None where it is not known."""
    words = text.split()
    return _ZONES.get(words[0].upper()) if words else None


def read_start(text: str, *, end: str = "") -> time | None:
    """The wall clock of "12:00 PM", "8AM" or "15:00"; None where it cannot be read.

    One without am or pm is the latest that comes before `end`: "2:00" to "3:00 pm" is 14:00.
    """
    start = _read(text)
    until = _read(end)
    if start is None or until is None or _CLOCK.fullmatch(text.strip())[3]:  # type: ignore[index]
        return start
    candidates = [clock for clock in (start, _later_half(start)) if clock < until]
    return max(candidates, default=start)


def read_end(text: str) -> time | None:
    """The wall clock at which a call ended; None where it cannot be read."""
    return _read(text)


def read_rule_time(text: str) -> tuple[time, str] | None:
    """The one wall clock and zone that a rule names; None where it names none, or several that differ."""
    found = {(_read(match[1]), read_zone(match[5])) for match in _IN_A_RULE.finditer(text)}
    if len(found) != 1:
        return None
    clock, zone = found.pop()
    return (clock, zone) if clock and zone else None


def read_rule_day(text: str, *, year: int, month: int) -> date:
    """A day of that month on which the first rule in `text` may have held a call: its weekday, the first or the one it
    names ("last Monday"); without a weekday the month's first day. Nobody knows that it was this day.
    """
    match = _DAY_IN_A_RULE.search(text)
    if match is None:
        return date(year, month, 1)
    weekday = _WEEKDAYS.index(match[2].lower())
    first = 1 + (weekday - date(year, month, 1).weekday()) % 7
    days = range(first, monthrange(year, month)[1] + 1, 7)
    place = _PLACES.get((match[1] or "").lower(), 0)
    return date(year, month, days[place])


def _read(text: str) -> time | None:
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half == "pm" and hour < 12:
        hour += 12
    elif half == "am" and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _later_half(clock: time) -> time:
    return clock.replace(hour=clock.hour + 12) if clock.hour < 12 else clock
