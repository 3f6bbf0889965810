"""One call on the clocks of several places, and what the coming year's changes of clocks make of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.domain.cities import COMMUNITY_CITIES
from app.domain.clock_differences import ClockPeriod, brief_periods, clock_periods
from app.domain.localtime import city, in_zone, is_night, offset
from app.domain.publication import PublicTouchpoint

MOST_ADDED = 8
YEAR = timedelta(days=365)
_NAMES = {place.zone: place.name for place in COMMUNITY_CITIES}


@dataclass(frozen=True)
class Place:
    """A place to show the call in. One can be the visitor's and the series' own at once."""

    zone: str
    is_visitors: bool = False
    is_home: bool = False
    is_added: bool = False

    @property
    def name(self) -> str:
        return _name(self.zone)


@dataclass(frozen=True)
class PlaceTime:
    """When the call is there. `shift` is in days, against the series' own date."""

    place: Place
    starts: datetime
    ends: datetime
    shift: int

    @property
    def offset(self) -> str:
        return offset(self.starts, self.place.zone)

    @property
    def is_night(self) -> bool:
        return is_night(self.starts, self.place.zone)


@dataclass(frozen=True)
class Difference:
    """Weeks in which the call is at another time than usual somewhere, and the calls known in them."""

    period: ClockPeriod
    calls: tuple[PublicTouchpoint, ...]

    @property
    def place(self) -> str:
        return _name(self.period.zone)


@dataclass(frozen=True)
class PlaceYear:
    """The times of the call there in the coming year, but for the weeks that are `Difference`s; more than one."""

    periods: tuple[ClockPeriod, ...]

    @property
    def place(self) -> str:
        return _name(self.periods[0].zone)


@dataclass(frozen=True)
class CallTimes:
    """Everything of the page. `start` is the wall clock that the call keeps at home; empty `year` where it is over."""

    call: PublicTouchpoint
    times: tuple[PlaceTime, ...]
    differences: tuple[Difference, ...] = ()
    year: tuple[PlaceYear, ...] = ()

    @property
    def start(self) -> datetime:
        return in_zone(self.call.starts_at, self.call.time_zone)


def places_of(call: PublicTouchpoint, *, visitor: str | None, added: Iterable[str]) -> tuple[Place, ...]:
    """The visitor's place, the series' own, the community's cities, those that were added; each zone once."""
    zones = [visitor] if visitor else []
    known = list(dict.fromkeys([*zones, call.time_zone, *_NAMES]))
    asked = [zone for zone in dict.fromkeys(added) if zone not in known][:MOST_ADDED]
    return tuple(
        Place(
            zone,
            is_visitors=zone == visitor,
            is_home=zone == call.time_zone,
            is_added=zone in asked,
        )
        for zone in (*known, *asked)
    )


def times_of(call: PublicTouchpoint, places: Iterable[Place]) -> tuple[PlaceTime, ...]:
    own = in_zone(call.starts_at, call.time_zone).date()
    return tuple(_time(call, place, own) for place in places)


def differences_of(
    call: PublicTouchpoint, places: Sequence[Place], calls: Sequence[PublicTouchpoint], *, today: date
) -> tuple[Difference, ...]:
    """The weeks of the coming year in which the clocks of these places differ from home by more or less than usual."""
    start, zones = in_zone(call.starts_at, call.time_zone).time(), tuple(place.zone for place in places)
    found = brief_periods(start, call.time_zone, zones, today, today + YEAR)
    return tuple(Difference(period, _calls_in(period, calls)) for period in found)


def year_of(call: PublicTouchpoint, places: Iterable[Place], *, today: date) -> tuple[PlaceYear, ...]:
    """The lasting times of the coming year, of the places where there is more than one."""
    start = in_zone(call.starts_at, call.time_zone).time()
    years = []
    for place in places:
        periods = clock_periods(start, call.time_zone, place.zone, today, today + YEAR)
        lasting = tuple(period for period in periods if not period.brief)
        if len({(period.local, period.shift) for period in lasting}) > 1:
            years.append(PlaceYear(lasting))
    return tuple(years)


def _time(call: PublicTouchpoint, place: Place, own: date) -> PlaceTime:
    starts, ends = in_zone(call.starts_at, place.zone), in_zone(call.ends_at, place.zone)
    return PlaceTime(place, starts, ends, shift=(starts.date() - own).days)


def _name(zone: str) -> str:
    """The community's word for it, or the city in the zone's name."""
    return _NAMES.get(zone) or city(zone)


def _calls_in(period: ClockPeriod, calls: Iterable[PublicTouchpoint]) -> tuple[PublicTouchpoint, ...]:
    return tuple(
        call for call in calls if period.first <= in_zone(call.starts_at, call.time_zone).date() <= period.last
    )
