"""Wall clock and IANA zone in, UTC instant out: the one place where local times become instants and words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import RuleViolation


class NoSuchWallTime(RuleViolation):
    """The clocks skip this wall time on this day (the gap of a change to summer time)."""


def known_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that we can compute with."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant of the naive `wall` clock time in `zone`, as an aware UTC datetime.

    A wall time that happens twice (clocks go back) means the first, fold=0.
    Raises NoSuchWallTime for one that never happens (clocks go forward).
    """
    local = wall.replace(tzinfo=ZoneInfo(zone), fold=0)
    instant = local.astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise NoSuchWallTime(f"{wall:%H:%M} does not exist on {wall:%-d %B %Y} in {city(zone)}: the clocks go forward.")
    return instant


def happens_twice(wall: datetime, zone: str) -> bool:
    """Whether the clocks of `zone` show the naive `wall` time twice that day, because they go back."""
    first, second = (wall.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def in_zone(instant: datetime, zone: str) -> datetime:
    """`instant` on the clock of `zone`, aware."""
    return instant.astimezone(ZoneInfo(zone))


def city(zone: str) -> str:
    """The zone's city for people: "Europe/Madrid" is "Madrid"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def abbreviation(instant: datetime, zone: str) -> str:
    """The zone's letters at that instant, or its offset where it has none: "CET", "UTC+5:30"."""
    name = in_zone(instant, zone).tzname() or ""
    return name if name.isalpha() else offset(instant, zone)


def offset(instant: datetime, zone: str) -> str:
    """How far the clocks there are ahead of UTC at that instant: "UTC+5:30", "UTC−3"."""
    ahead = int((in_zone(instant, zone).utcoffset() or timedelta()).total_seconds()) // 60
    hours, minutes = divmod(abs(ahead), 60)
    sign = "\N{MINUS SIGN}" if ahead < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def is_night(instant: datetime, zone: str) -> bool:
    """Whether it is between 22:00 and 07:00 there."""
    return not 7 <= in_zone(instant, zone).hour < 22


def when_in_words(starts_at: datetime, minutes: int, zone: str, day_known: bool = True) -> str:  # noqa: FBT001, FBT002 (a filter of templates)
    """The call's time in words: "Thursday 26 March 2026, 14:00-15:00 Madrid" (with an en dash).

    Where no day is known it is "March 2026, day not known".
    """
    start = in_zone(starts_at, zone)
    if not day_known:
        return f"{start:%B %Y}, day not known"
    end = in_zone(starts_at + timedelta(minutes=minutes), zone)
    return f"{start:%A %-d %B %Y}, {start:%H:%M}\N{EN DASH}{end:%H:%M} {city(zone)}"


def day_in_words(starts_at: datetime, zone: str, *, day_known: bool) -> str:
    """The call's date in words: "26 March 2026", or "March 2026" where no day is known."""
    return f"{in_zone(starts_at, zone):{'%-d ' if day_known else ''}%B %Y}"
