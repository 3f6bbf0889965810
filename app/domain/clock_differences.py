"""What the clocks of the world make of a call that keeps its own: when it is elsewhere, and in which weeks it differs.

Countries change their clocks on different days: the same call is an hour earlier or later in New York for three weeks
each spring and one each autumn. All of it is read from the time zone data; no rule of any country stands here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

BRIEF = timedelta(weeks=8)
"""Clocks that differ from their usual distance for less than this do so since one country changed before the other."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ClockPeriod:
    """From `first` to `last`, dates at home, the call is at `local` on the clock of `zone`, `shift` days later there.

    `brief` periods are those between two changes of clocks that belong together; `usual` is the time before such a one.
    """

    zone: str
    first: date
    last: date
    local: time
    shift: int
    brief: bool = False
    usual: time | None = None


@lru_cache(maxsize=512)
def clock_periods(start: time, home: str, zone: str, first: date, last: date) -> tuple[ClockPeriod, ...]:
    """When a call at `start` on the clock of `home` is in `zone`, for the dates from `first` to `last`, in order.

    Neighbours differ in time or date; their dates touch. One period alone means that nothing changes.
    """
    around = _periods(start, home, zone, first - 2 * BRIEF, last + 2 * BRIEF)
    marked = [_marked(around, index) for index in range(len(around))]
    return tuple(
        replace(period, first=max(period.first, first), last=min(period.last, last))
        for period in marked
        if period.first <= last and period.last >= first
    )


def brief_periods(start: time, home: str, zones: tuple[str, ...], first: date, last: date) -> tuple[ClockPeriod, ...]:
    """The brief periods in all these zones, soonest first."""
    found = (period for zone in zones for period in clock_periods(start, home, zone, first, last) if period.brief)
    return tuple(sorted(found, key=lambda period: (period.first, period.last)))


def _periods(start: time, home: str, zone: str, first: date, last: date) -> list[ClockPeriod]:
    def elsewhere(day: date) -> tuple[time, int]:
        local = datetime.combine(day, start, ZoneInfo(home)).astimezone(ZoneInfo(zone))
        return local.time(), (local.date() - day).days

    periods = []
    for (local, shift), days in groupby(_dates(first, last), key=elsewhere):
        held = list(days)
        periods.append(ClockPeriod(zone, held[0], held[-1], local, shift))
    return periods


def _marked(periods: list[ClockPeriod], index: int) -> ClockPeriod:
    """The period as it is among its neighbours; the first and the last are cut, so that nothing is known of them."""
    period = periods[index]
    whole = 0 < index < len(periods) - 1
    if not whole or period.last - period.first >= BRIEF:
        return period
    before = next(one for one in reversed(periods[:index]) if one is periods[0] or one.last - one.first >= BRIEF)
    return replace(period, brief=True, usual=before.local)


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + _DAY * days for days in range((last - first).days + 1))
