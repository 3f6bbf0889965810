"""Times: impossible, unreadable, far from the others, in GMT over a change of clocks, in the night of their region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from statistics import median_low

from app.domain.agendas.findings import Finding, found, quoted
from app.domain.agendas.reading import call_day, call_region, call_time, row_day, row_time
from app.domain.agendas.regions import CITIES, regions_in
from app.domain.agendas.rules.setting import Setting
from app.domain.agendas.usual import SHIFTING, usual_start
from app.domain.agendas.values import Agenda, Written
from app.domain.agendas.written import WrittenTime, is_not_known
from app.domain.cities import City
from app.domain.localtime import in_zone, is_night

_FAR = 5 * 60  # minutes
_FEW = 3  # times that are too few to be usual


@dataclass(frozen=True)
class _Timed:
    """A time that stands somewhere. `regions` are those that the call is for; `group` the calls to compare with."""

    cell: Written
    day: date | None
    time: WrittenTime | None
    regions: tuple[str, ...]
    group: tuple[str, ...]
    in_table: bool

    @property
    def instant(self) -> datetime | None:
        """The instant, of a time in GMT on a known day; None for others."""
        if self.time is None or self.day is None or not self.time.is_fixed:
            return None
        return datetime.combine(self.day, self.time.clock, UTC)


def clocks(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Each time by itself."""
    for timed in _all(agenda):
        if timed.time is None:
            yield found("TP203", timed.cell.place, f"{quoted(timed.cell.text)} is no time: write “14:00” or “2:00 PM”.")
        else:
            yield from _impossible(timed.cell, timed.time)
            yield from _two_clocks(timed.cell, timed.time, timed.day)


def outliers(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Times with AM or PM that are hours away from those of the other calls of the region."""
    for alike in _groups(agenda):
        known = [each.time.clock for each in alike if each.time]
        usual = median_low(map(_minutes, known)) if len(known) > _FEW else 0
        for timed in alike if len(known) > _FEW else ():
            if timed.time and timed.time.twelve_hours and _apart(timed.time.clock, usual) >= _FAR:
                said = f"{quoted(timed.cell.text)} is hours away from the region's other calls, at about"
                yield found("TP202", timed.cell.place, f"{said} {_clock(usual)}. Is it AM or PM?")


def shifts(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Times in GMT that move the call on the clocks of its people: what they see, and what they usually see."""
    for alike in _groups(agenda):
        peers = [each for each in alike if each.in_table and each.instant] or alike
        starts = [each.instant for each in peers if each.instant]
        usual = {region: usual_start(starts, CITIES[region][0].zone) for region in SHIFTING if starts}
        for timed in alike:
            if timed.instant:
                seen = [_seen(timed.instant, usual[region], region) for region in SHIFTING if region in timed.regions]
                if any(moved for _, moved in seen):
                    said = " and ".join(words for words, _ in seen)
                    yield found("TP204", timed.cell.place, f"On this day it is {said}: {_why(timed.instant)}.")


def nights(agenda: Agenda, _setting: Setting) -> Iterator[Finding]:
    """Times in GMT at which everybody in a region that the call is for should be asleep."""
    for timed in _all(agenda):
        instant = timed.instant
        for region in timed.regions if instant else ():
            if instant and all(is_night(instant, city.zone) for city in CITIES[region]):
                told = " and ".join(_local(instant, city) for city in CITIES[region])
                yield found("TP205", timed.cell.place, f"For {region} this is at night: {told}.")


def _all(agenda: Agenda) -> list[_Timed]:
    rows = [
        _timed(cell, row_day(table, row), row_time(table, row), row.cell("region"), in_table=True)
        for table in agenda.tables
        for row in table.rows
        if (cell := row.cell("time")) and not is_not_known(cell.text)
    ]
    calls = [
        _timed(field, call_day(call), call_time(call), call_region(call), in_table=False)
        for call in agenda.calls
        if (field := call.field("time")) and not is_not_known(field.text)
    ]
    return rows + calls


def _groups(agenda: Agenda) -> list[list[_Timed]]:
    """The times of each year and region."""
    found: dict[tuple[str, ...], list[_Timed]] = defaultdict(list)
    for timed in _all(agenda):
        found[timed.group].append(timed)
    return list(found.values())


def _timed(
    cell: Written, day: date | None, written: WrittenTime | None, region: Written | None, *, in_table: bool
) -> _Timed:
    named = regions_in(region.text) if region else ()
    key = (str(day.year) if day else "", *(sorted(named) or [region.text.lower() if region else ""]))
    return _Timed(cell, day, written, named or SHIFTING, key, in_table)


def _impossible(cell: Written, written: WrittenTime) -> Iterator[Finding]:
    if written.impossible:
        as_twelve = f"{written.clock.hour % 12 or 12}:{written.clock:%M} {'PM' if written.clock.hour > 11 else 'AM'}"
        both = f"write {written.clock:%H:%M} or {as_twelve}"
        yield found("TP201", cell.place, f"{quoted(cell.text)} is no time that a clock shows: {both}.")


def _two_clocks(cell: Written, written: WrittenTime, day: date | None) -> Iterator[Finding]:
    if written.beside and day and written.zones and written.beside not in written.in_utc(day):
        right = min(written.in_utc(day))
        said = f"{written.clock:%H:%M} {written.zone} is {right:%H:%M} UTC on this day, not {written.beside:%H:%M}"
        yield found("TP206", cell.place, f"{said}.")


def _seen(instant: datetime, usual: datetime, region: str) -> tuple[str, bool]:
    """What the clocks of the region's first city show, and whether a change of clocks moved that."""
    city = CITIES[region][0]
    shown = in_zone(instant, city.zone)
    moved = shown.utcoffset() != usual.utcoffset() and abs(_minutes(shown.time()) - _minutes(usual.time())) == 60
    return f"{shown:%H:%M} in {city.name}" + (f" instead of {usual:%H:%M}" if moved else ""), moved


def _why(instant: datetime) -> str:
    europe, america = (bool(in_zone(instant, CITIES[region][0].zone).dst()) for region in SHIFTING)
    if europe == america:
        return "the clocks have changed, GMT has not"
    return "these are weeks in which the clocks of the US and of Europe differ"


def _local(instant: datetime, city: City) -> str:
    return f"{in_zone(instant, city.zone):%H:%M} in {city.name}"


def _apart(clock: time, usual: int) -> int:
    """Minutes between the two, around midnight if that is nearer."""
    apart = abs(_minutes(clock) - usual)
    return min(apart, 24 * 60 - apart)


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
