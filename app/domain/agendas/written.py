"""Dates and times as people write them in agendas, and what is wrong with them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from app.domain.localtime import NoSuchWallTime, city, known_zone, to_utc

_DAYS = {name.lower(): number for names in (calendar.day_name, calendar.day_abbr) for number, name in enumerate(names)}
_DAYS |= {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}
_MONTHS = {name.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if n}
_MONTHS["sept"] = 9
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,9})\.?\s*[-_ ]?\s*(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4}))?", re.IGNORECASE)
_DAY_FIRST = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([^\W\d_]{3,9})\.?(?:,?\s+(\d{4}))?", re.IGNORECASE
)
_MONTH_ALONE = re.compile(r"([^\W\d_]{3,9})\.?,?\s+(\d{4})\s*[,;]?\s*\(?day not known\)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})(?:[:.h](\d{2}))?\s*([ap])?\.?(?(3)m\b\.?)", re.IGNORECASE)
_RANGE = re.compile(r"\s*(?:-|\N{EN DASH}|\N{EM DASH}|to|until)\s*", re.IGNORECASE)
_LENGTH = re.compile(r"\b(\d{1,3})\s*min(?:ute)?s?\b", re.IGNORECASE)
_BESIDE = re.compile(r"\([^()]*?(\d{1,2}):(\d{2})[^()]*\b(?:UTC|GMT)\)")
_FIXED = frozenset({"gmt", "utc", "z"})
_CENTRAL_EUROPE = frozenset({"cet", "cest", "cet/cest"})
USUAL_MINUTES = 60


@dataclass(frozen=True)
class WrittenDate:
    """A date: `weekday` (0 for Monday) and `year` are None where they were not written."""

    weekday: int | None
    month: int
    day: int
    year: int | None

    def on(self, year: int | None) -> date | None:
        """The day, in `year` if none was written; None for a day that does not exist or without any year."""
        year = self.year or year
        try:
            return date(year, self.month, self.day) if year else None
        except ValueError:
            return None

    @property
    def in_words(self) -> str:
        return f"{self.day} {calendar.month_name[self.month]}"


@dataclass(frozen=True)
class WrittenTime:
    """A time of the day: `clock` is what is most likely meant. `impossible` marks one like "18:00 PM".

    `zone` is its label as written ("GMT", "Madrid"), or ""; `minutes` the length where an end or a length is written;
    `beside` what stands in parentheses as the same time in UTC.
    """

    clock: time
    zone: str
    impossible: bool
    twelve_hours: bool
    minutes: int | None
    beside: time | None

    @property
    def is_fixed(self) -> bool:
        """Whether it is told in GMT or UTC alone, which follow nobody's change of clocks."""
        return self.zone.lower() in _FIXED and self.beside is None

    @property
    def zones(self) -> tuple[str, ...]:
        """The IANA zones that the label may mean; none for no label or an unknown one."""
        return zones_of(self.zone)

    def starts_at(self, day: date) -> datetime | None:
        """The instant on that day (UTC), None where the zone is not known or its clocks skip the time.

        Where the label or the clock is ambiguous, what stands beside it decides.
        """
        meant = [instant for instant in self._instants(day) if instant.time() == self.beside]
        if meant:
            return meant[0]
        try:
            return to_utc(datetime.combine(day, self.clock), self.zones[0]) if self.zones else None
        except NoSuchWallTime:
            return None

    def in_utc(self, day: date) -> frozenset[time]:
        """What it may be in UTC on that day: several where the label or the clock is ambiguous."""
        return frozenset(instant.time() for instant in self._instants(day))

    def _instants(self, day: date) -> list[datetime]:
        wall = datetime.combine(day, self.clock)
        return [
            wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for zone in self.zones for fold in (0, 1)
        ]


def zones_of(label: str) -> tuple[str, ...]:
    """The IANA zones that "GMT", "CET", "Europe/Madrid" or "New York" may mean."""
    lowered = label.lower()
    if lowered in _FIXED:
        return ("UTC",)
    if lowered in _CENTRAL_EUROPE:
        return ("Europe/Madrid",)
    return (label,) if known_zone(label) else _zones_by_city().get(lowered, ())


@lru_cache
def _zones_by_city() -> dict[str, tuple[str, ...]]:
    """The zones by the name of their city: "west" is in Australia and in Brazil."""
    found: dict[str, tuple[str, ...]] = {}
    for zone in sorted(available_timezones()):
        name = city(zone).lower()
        found[name] = (*found.get(name, ()), zone)
    return found


def read_date(text: str) -> WrittenDate | None:
    """The date in `text`: "Thursday, April 10", "10 Apr 2025", "2025-04-10". None where there is none."""
    weekday = next((_DAYS[word.lower()] for word in _WORD.findall(text) if word.lower() in _DAYS), None)
    if match := _ISO.search(text):
        year, month, day = (int(group) for group in match.groups())
        return WrittenDate(weekday, month, day, year) if 1 <= month <= 12 else None
    for match in _MONTH_FIRST.finditer(text):
        if match[1].lower() in _MONTHS:
            return WrittenDate(weekday, _MONTHS[match[1].lower()], int(match[2]), _year(match[3]))
    for match in _DAY_FIRST.finditer(text):
        if match[2].lower() in _MONTHS:
            return WrittenDate(weekday, _MONTHS[match[2].lower()], int(match[1]), _year(match[3]))
    return None


def read_month(text: str) -> tuple[int, int] | None:
    """Year and month of "June 2023 (day not known)": whoever says so has forgotten nothing. None for anything else."""
    match = _MONTH_ALONE.fullmatch(text.strip())
    return (int(match[2]), _MONTHS[match[1].lower()]) if match and match[1].lower() in _MONTHS else None


def is_not_known(text: str) -> bool:
    """Whether the text says that the time is not known: whoever says so has forgotten nothing."""
    return text.strip().lower() == "not known"


def misspelt_weekday(text: str) -> str:
    """The first word of `text` that is neither a weekday nor a month though it stands where a weekday does; or ""."""
    first = _WORD.match(text)
    return first[0] if first and not {first[0].lower()} & (_DAYS.keys() | _MONTHS.keys()) else ""


def read_time(text: str, *, zone: str = "") -> WrittenTime | None:
    """The time in `text`: "12:00 PM GMT", "14:00–15:00 Madrid (13:00–14:00 UTC)", "18:00 PM". None where there is none.

    `zone` holds where the text itself names none.
    """
    start = _CLOCK.search(text)
    clock = _clock(start, half=start[3] or "") if start else None
    if start is None or clock is None:
        return None
    dash = _RANGE.match(text, start.end())
    end = _CLOCK.match(text, dash.end()) if dash else None
    rest = text[(end or start).end() :]
    beside = _BESIDE.search(rest)
    return WrittenTime(
        clock=clock,
        zone=_zone_label(rest) or zone,
        impossible=_is_impossible(start),
        twelve_hours=bool(start[3]),
        minutes=_minutes(clock, end, rest),
        beside=_time(int(beside[1]), int(beside[2])) if beside else None,
    )


def zone_in_header(text: str) -> str:
    """The label in parentheses of a column's head: "Time (GMT)" says "GMT"."""
    match = re.search(r"\(([^()]*)\)", text)
    return match[1].strip() if match else ""


def _year(text: str | None) -> int | None:
    return int(text) if text else None


def _clock(match: re.Match[str], *, half: str) -> time | None:
    """ "18:00 PM" is read as 18:00, "12:30 AM" as 00:30."""
    hour = int(match[1])
    if hour < 12 and half.lower() == "p":
        hour += 12
    elif hour == 12 and half.lower() == "a":
        hour = 0
    return _time(hour, int(match[2] or 0))


def _time(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _is_impossible(match: re.Match[str]) -> bool:
    return bool(match[3]) and not 1 <= int(match[1]) <= 12


def _zone_label(text: str) -> str:
    """What stands before any parenthesis, as "New York" or "GMT"; a length is none."""
    return _LENGTH.sub("", text.partition("(")[0]).strip(" ,.;|\N{EN DASH}-")


def _minutes(clock: time, end: re.Match[str] | None, rest: str) -> int | None:
    until = _clock(end, half=end[3] or "") if end else None
    if until is not None:
        day = date(2000, 1, 1)
        span = datetime.combine(day, until) - datetime.combine(day, clock)
        return int((span % timedelta(days=1)).total_seconds()) // 60 or None
    length = _LENGTH.search(rest)
    return int(length[1]) if length else None
